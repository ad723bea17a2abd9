"""The sheet `核查结果` that a returned workbook gets: every finding, with a link to its cell.

Here belongs what stands in that sheet and how it looks. Putting it into a workbook does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.marked_markup import escaped
from reports.marked_styles import Styles
from reports.receipt_rows import Row
from reports.workbook_sheet import LINE_HEIGHT, TALLEST_ROW
from reports.workbook_widths import lines_needed

SUMMARY = "核查结果"
MOST_ROWS = 100_000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEADERS = (("序号", 6), ("程度", 9), ("工作表", 12), ("单元格", 9), ("读到的内容", 20), ("问题", 44), ("怎么办", 44))
_LAST = "G"
_FIRST_ROW = 4
_CELL_LIMIT = 2_000
_EXPLANATION = (
    "标红并加了批注的单元格须改正，其余各条请核对。点单元格一栏可到该格。改好后保存本工作簿，放回报送文件夹重新报送；"
    "本表和批注不必删除，不会当作数据读取。"
)


def summary_sheet(rows: Sequence[Row], heading: str, sheets: set[str], styles: Styles) -> bytes:
    """The worksheet's part. `sheets` are the names of the workbook's sheets, to which links can go."""
    looks = {name: styles.look(name) for name in ("title", "line", "header", "text", "link")}
    shown = rows[:MOST_ROWS]
    lines = [
        _row(1, [heading], ["title"], looks, 28),
        _row(2, [_EXPLANATION], ["line"], looks, 30),
        _row(3, [header for header, _ in _HEADERS], ["header"] * len(_HEADERS), looks, 20),
    ]
    for number, row in enumerate(shown, start=1):
        texts = [str(number), row.degree, row.sheet, row.cell, row.raw, row.message, row.what_to_do]
        kinds = ["text", "text", "text", "link" if _target(row, sheets) else "text", "text", "text", "text"]
        height = LINE_HEIGHT * max(lines_needed(t[:500], w - 1) for t, (_, w) in zip(texts, _HEADERS, strict=True)) + 4
        lines.append(_row(_FIRST_ROW - 1 + number, texts, kinds, looks, min(height, TALLEST_ROW)))
    if len(rows) > MOST_ROWS:
        lines.append(
            _row(_FIRST_ROW + MOST_ROWS, [f"共 {len(rows)} 条，只列出前 {MOST_ROWS} 条。"], ["line"], looks, 20)
        )
    return _part("".join(lines), _links(shown, sheets)).encode()


def _part(lines: str, links: str) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, (_, width) in enumerate(_HEADERS, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
        '<sheetPr><tabColor rgb="FFFF0000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{_FIRST_ROW - 1}" topLeftCell="A{_FIRST_ROW}"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{lines}</sheetData>"
        f'<mergeCells count="2"><mergeCell ref="A1:{_LAST}1"/><mergeCell ref="A2:{_LAST}2"/></mergeCells>{links}'
        '<pageMargins left="0.6" right="0.6" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )


def _row(number: int, texts: list[str], kinds: list[str], looks: dict[str, int], height: float) -> str:
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" s="{looks[kind]}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escaped(text[:_CELL_LIMIT])}</t></is></c>"
        for at, (text, kind) in enumerate(zip(texts, kinds, strict=True))
    )
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{cells}</row>'


def _links(rows: Sequence[Row], sheets: set[str]) -> str:
    targets = [(number, _target(row, sheets)) for number, row in enumerate(rows, start=_FIRST_ROW)]
    links = "".join(
        f'<hyperlink ref="D{number}" location="{escaped(target)}" display="{escaped(target)}"/>'
        for number, target in targets
        if target
    )
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""


def _target(row: Row, sheets: set[str]) -> str:
    """The cell as a link within the workbook; "" where there is none to go to."""
    quoted = row.sheet.replace("'", "''")
    return f"'{quoted}'!{row.cell}" if row.cell and row.sheet in sheets else ""
