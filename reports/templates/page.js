"use strict";
// Sorting, filtering and unfolding. The page says all it has to say without.
(() => {
  const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });

  // A cell's number, or its text where the column holds no numbers; null where nothing is known.
  function valueOf(cell) {
    const text = (cell.dataset.v ?? cell.textContent).trim();
    if (/^(|-|—|\/)$/.test(text)) return null;
    const number = /^[+-]?\d+(\.\d+)?/.exec(text);
    return number ? Number(number[0]) : text;
  }

  function compared(one, other) {
    return typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other);
  }

  // On a phone rows become cards and headings vanish: the same orders to choose from.
  function choosable(table, heads) {
    const label = document.getElementById("order").content.firstElementChild.cloneNode(true);
    const select = label.querySelector("select");
    heads.forEach((head, column) => {
      if ("still" in head.dataset) return;
      for (const direction of ["ascending", "descending"]) {
        const text = label.dataset[direction].replace("{name}", head.textContent.trim());
        select.append(new Option(text, `${column} ${direction}`));
      }
    });
    if (table.matches(".cards, .ranking")) (table.closest(".scroll") ?? table).before(label);
    return select;
  }

  function sortable(table) {
    const rows = [...table.querySelectorAll("tr[data-row]")];
    const homes = rows.map((row) => row.parentElement);
    const sorted = document.createElement("tbody");
    const heads = [...table.querySelectorAll("thead th")];
    const chosen = choosable(table, heads);

    function sort(column, direction) {
      chosen.value = direction === null ? "" : `${column} ${direction}`;
      for (const head of heads) head.removeAttribute("aria-sort");
      const titles = table.querySelectorAll("tbody > tr:not([data-row])");
      for (const title of titles) title.hidden = direction !== null;
      if (direction === null) {
        rows.forEach((row, at) => homes[at].append(row));
        sorted.remove();
        return;
      }
      heads[column].setAttribute("aria-sort", direction);
      const sign = direction === "ascending" ? 1 : -1;
      const values = new Map(rows.map((row) => [row, valueOf(row.cells[column])]));
      const ordered = [...rows].sort((a, b) => {
        const [one, other] = [values.get(a), values.get(b)];
        if (one === null || other === null) return (one === null) - (other === null);
        return sign * compared(one, other);
      });
      heads[0].closest("thead").after(sorted);
      sorted.append(...ordered);
    }

    chosen.addEventListener("change", () => {
      const [column, direction] = chosen.value.split(" ");
      sort(Number(column), direction ?? null);
    });
    heads.forEach((head, column) => {
      if ("still" in head.dataset) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
        sort(column, next === undefined ? "ascending" : next);
      });
    });
  }

  function filtering(bar) {
    const input = bar.querySelector("input");
    const selects = [...bar.querySelectorAll("select")];
    const said = bar.querySelector("output");

    function apply() {
      const wanted = input.value.trim().toLocaleLowerCase();
      let count = 0;
      for (const row of document.querySelectorAll(bar.dataset.rows)) {
        const fits = selects.every((one) => !one.value || row.dataset[one.dataset.key].split(" ").includes(one.value));
        row.hidden = !(fits && row.textContent.toLocaleLowerCase().includes(wanted));
        if (!row.hidden) count += 1;
      }
      const busy = wanted !== "" || selects.some((one) => one.value);
      said.textContent = busy ? said.dataset.said.replace("{n}", count) : "";
      for (const body of document.querySelectorAll(`${bar.dataset.rows.split(" ")[0]} tbody.section`)) {
        body.classList.toggle("empty", busy && !body.querySelector("tr[data-row]:not([hidden])"));
      }
      for (const pool of document.querySelectorAll("[data-pool]:not(tr)")) {
        if (bar.dataset.rows.startsWith("[data-pool]")) {
          pool.hidden = busy && !pool.querySelector("tr[data-row]:not([hidden])");
        }
      }
    }

    input.addEventListener("input", apply);
    for (const select of selects) select.addEventListener("change", apply);
    bar.hidden = false;
    apply();
  }

  // A link to an item shows what is behind its score.
  function unfold() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.matches("tr[data-row]") && target.querySelector("details");
    if (details) details.open = true;
  }

  for (const table of document.querySelectorAll("table.sortable")) sortable(table);
  for (const bar of document.querySelectorAll(".filter")) filtering(bar);
  for (const button of document.querySelectorAll("[data-unfold]")) {
    button.addEventListener("click", () => {
      const all = [...document.querySelectorAll(`${button.dataset.unfold} details`)];
      const open = all.some((one) => !one.open);
      for (const one of all) one.open = open;
    });
  }
  // What is folded away for the screen is not for paper.
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details.folded")) folded.open = true;
  });
  addEventListener("hashchange", unfold);
  unfold();
})();
