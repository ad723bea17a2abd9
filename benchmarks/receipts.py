"""What receipts cost: 1,000 small workbooks, half of them sent back marked, then the same again with nothing changed.

The measure beside it is openpyxl, which would have to load and save each returned workbook (and lose what it does not
know). Marking should cost no more than that, and a run in which nothing changed a tenth of the first at most.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

FILES, ROWS = 1_000, 20
HEADER = ["单位编码", "考核期", "指标编码", "数值"]


def workbook(number: int) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "数据"
    page.append(HEADER)
    for row in range(ROWS):
        page.append([f"T{row:03}", "2025", "grants", f"约{number}" if row == number % ROWS else row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    from reports.marked import marked_workbook
    from reports.receipt_rows import Row
    from reports.receipts import COUNTS, Receipt, receipt_page
    from resources.receipts import RECEIPT, keep

    sent = [workbook(number) for number in range(FILES)]
    refused = [
        [Row("退回", "数据", f"D{number % ROWS + 2}", f"约{number}", "不是一个确切的数。", "请只填一个数。")]
        * (number % 2)
        for number in range(FILES)
    ]

    def page(number: int) -> bytes:
        rows = refused[number]
        about = {"kind": "figures", "outcome": "accepted", "counts": dict.fromkeys(COUNTS, ROWS), "rows": rows}
        received = {"received_at": "2026-01-10T09:00:00", "due": "2026-01-15", "definition_digest": "0" * 64}
        who = {
            "title": "考核办法",
            "seq": number,
            "sender": "stats",
            "sender_name": "县统计局",
            "name": f"{number}.xlsx",
        }
        return receipt_page(
            Receipt(sha256="0" * 64, returned="a.xlsx" if rows else "", **who, **about, **received)
        ).encode()

    with tempfile.TemporaryDirectory() as folder:

        def receipts(marking: bool) -> None:
            for number in range(FILES):
                place = Path(folder) / str(number)
                if refused[number] and marking:
                    keep(place / "a.xlsx", marked_workbook(sent[number], refused[number], "核查结果"))
                keep(place / RECEIPT, page(number))

        first, again = seconds(lambda: receipts(True)), seconds(lambda: receipts(False))

    def load_and_save() -> None:
        for number in range(1, FILES, 2):
            openpyxl.load_workbook(io.BytesIO(sent[number])).save(io.BytesIO())

    library = seconds(load_and_save)
    print(
        f"{FILES} receipts, {FILES // 2} workbooks: {first:.2f} s; unchanged: {again:.2f} s (ratio {again / first:.2f})"
    )
    print(f"openpyxl loads and saves {FILES // 2} workbooks: {library:.2f} s (ours / openpyxl {first / library:.2f})")


if __name__ == "__main__":
    main()
