"""What a version's papers cost: all of them for 60 units, and how that grows to 500.

The measure beside it is what xlsxwriter and Jinja2 alone need for as many cells: the workbook's cells written one by
one with a format, the texts of pages and documents rendered from one loop, nothing read, named or laid out. The whole
set should cost no more than twice that, and a unit among 500 no more than a unit among 60.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlsxwriter
from jinja2 import Environment

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

UNITS, MANY, ITEMS, ROUNDS = 60, 500, 40, 3
TEXT = re.compile(r">\s*[^<\s]")
ROW = 16
TEMPLATE = """<!doctype html><table>{% for row in rows %}<tr>{% for cell in row %}<td class="{{ look }}">{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</table>"""


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def papers(units: int) -> Callable[[Path], None]:
    """Writes the whole set for so many units; the edition is made beforehand."""
    from editions import long_edition

    from reports.folder import write_folder

    edition = long_edition(units, ITEMS)

    def write(folder: Path) -> None:
        write_folder(folder, edition, "首次发布")

    return write


def timed(write: Callable[[Path], None]) -> tuple[float, Path]:
    folder = Path(tempfile.mkdtemp(prefix="kaohe-"))
    return seconds(lambda: write(folder)), folder


def cells_of(folder: Path) -> tuple[int, list[int]]:
    """Cells of the workbook, and texts between tags of every page and document."""
    book = openpyxl.load_workbook(folder / "scorecards.xlsx", read_only=True)
    written = sum(1 for sheet in book for row in sheet.iter_rows() for cell in row)
    texts = [len(TEXT.findall(path.read_text(encoding="utf-8"))) for path in folder.rglob("*.html")]
    for path in folder.rglob("*.docx"):
        with zipfile.ZipFile(path) as package:
            texts.append(len(TEXT.findall(package.read("word/document.xml").decode())))
    return written, texts


def bare(written: int, texts: list[int]) -> None:
    """As many cells by the libraries alone, with texts as long as those of scorecards."""
    sample = ["完成目标的 98.4%，按比例扣 0.16 分", "县统计局", "9.84", "数据 D12"]
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        page, look = book.add_worksheet(), book.add_format({"border": 1, "text_wrap": True})
        for number in range(written):
            row, place = divmod(number, ROW)
            page.write_string(row, place, f"{sample[number % 4]}{number}", look)
    template = Environment(autoescape=True).from_string(TEMPLATE)
    for count in texts:
        cells = [f"{sample[number % 4]}{number}" for number in range(count)]
        rows = [cells[start : start + ROW] for start in range(0, count, ROW)]
        template.render(rows=rows, look="text").encode()


def main() -> None:
    few, many = papers(UNITS), papers(MANY)
    timed(few)  # imports and templates
    ours, alone = [], []
    for _ in range(ROUNDS):
        spent, folder = timed(few)
        written, texts = cells_of(folder)
        ours.append(spent)
        alone.append(seconds(lambda counts=(written, texts): bare(*counts)))
    large, _ = timed(many)
    set_of_60, rival = min(ours), min(alone)
    print(f"{UNITS} units: {written:,} cells of the workbook, {sum(texts):,} texts of {len(texts)} pages and documents")
    print(f"whole set {set_of_60:.2f} s; xlsxwriter and Jinja2 alone {rival:.2f} s: {set_of_60 / rival:.2f} times")
    print(f"{MANY} units {large:.2f} s: a unit costs {large / MANY / (set_of_60 / UNITS):.2f} times one of {UNITS}")


if __name__ == "__main__":
    main()
