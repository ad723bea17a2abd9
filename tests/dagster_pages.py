"""Dagster's pages of an evaluated home in a real browser, looked at as an examiner does who may change nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from browsing import started
from playwright.sync_api import Page, expect, sync_playwright

GROUPS = ("definition", "intake", "accepted", "scores", "scorecards")
# Asks as the page itself would: same origin, with whatever the browser holds.
MUTATION = """async (address) => {
  const query = "mutation {setNuxSeen}";
  const headers = {"Content-Type": "application/json"};
  const answer = await fetch(address, {method: "POST", headers, body: JSON.stringify({query})});
  return await answer.json();
}"""


def see_lineage_and_tables(address: str, evaluation: str, first: list[str], cookies: list[Any]) -> None:
    """`address`: of the read-only pages; `first`: rank, unit and total that the table of the best begins with."""
    with sync_playwright() as playwright:
        context = started(playwright).new_context(viewport={"width": 1400, "height": 1000})
        context.add_cookies(cookies)
        page, faults, asked = context.new_page(), list[str](), list[str]()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("request", lambda request: asked.append(request.url.removeprefix("blob:")))
        expect.set_options(timeout=30_000)
        _the_graph_shows_the_groups(page, address)
        _an_asset_shows_its_neighbours(page, address)
        _its_metadata_is_a_table(page, address, evaluation, first)
        assert faults == []
        _nothing_can_be_changed(page, address)  # the browser complains of the answer that it gets
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}


def _the_graph_shows_the_groups(page: Page, address: str) -> None:
    page.goto(f"{address}/asset-groups")
    for group in GROUPS:
        expect(page.locator("svg").get_by_text(group, exact=True)).to_be_visible()


def _an_asset_shows_its_neighbours(page: Page, address: str) -> None:
    page.goto(f"{address}/assets/total_scores?view=lineage")
    for asset in ("indicator_scores", "total_scores", "township_scorecards", "department_scorecards"):
        expect(page.locator("svg").get_by_text(asset, exact=True)).to_be_visible()


def _its_metadata_is_a_table(page: Page, address: str, evaluation: str, first: list[str]) -> None:
    page.goto(f"{address}/assets/publication?partition={evaluation}")
    for label in ("概况", "名次靠前", "名次靠后", "与上一版相比"):
        expect(page.get_by_text(label, exact=True)).to_be_visible()
    best = page.get_by_role("row").filter(has=page.get_by_text("名次靠前", exact=True)).get_by_role("table")
    expect(best.get_by_role("columnheader").filter(has_text="单位")).to_be_visible()
    row = best.locator("tbody tr").first
    for text in first:
        expect(row.get_by_role("cell", name=text, exact=True)).to_be_visible()


def _nothing_can_be_changed(page: Page, address: str) -> None:
    expect(page.get_by_role("button", name="Materialize…")).to_be_disabled()
    told = page.evaluate(MUTATION, f"{address}/graphql")
    assert [error["message"] for error in told["errors"]] == ["This server is read-only."]
