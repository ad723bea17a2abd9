"""The sender's own workbook back: refused cells red and commented, one sheet more, everything else as it was.

Here belongs which parts of the package change. A library that loads and saves a workbook loses what it does not know
(pictures, shapes, rich text, form controls): so the parts are changed themselves, and only these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from reports.marked_comments import LIMIT, MARK, NO_COMMENTS, NO_DRAWING, commented, drawn
from reports.marked_markup import Unmarkable, escaped, spliced, tree, with_children
from reports.marked_package import OFFICE, WORKBOOK, Package
from reports.marked_sheet import Place, Sheet, place_of, shown_at
from reports.marked_styles import Styles
from reports.marked_summary import SUMMARY, summary_sheet
from reports.receipt_rows import Row

MOST_MARKS = 5_000
_TYPE = "application/vnd.openxmlformats-officedocument.{}"
_COMMENTS, _DRAWING = _TYPE.format("spreadsheetml.comments+xml"), _TYPE.format("vmlDrawing")
_WORKSHEET = _TYPE.format("spreadsheetml.worksheet+xml")


def marked_workbook(data: bytes, rows: Sequence[Row], heading: str) -> bytes:
    """The workbook with the rows that are to be mended marked at their cells, and all rows in `核查结果`.

    What an earlier return marked is taken off first. The same workbook and rows make the same bytes.

    Raises:
        Unmarkable: the package is built in a way that cannot be marked without risk.
    """
    package = Package(data)
    styles_part = package.target(WORKBOOK, "styles")
    if styles_part is None:
        raise Unmarkable("a workbook without styles")
    styles, sheets = Styles(package.read(styles_part)), _sheets(package)
    texts = _texts(rows)
    for name, part in sheets.items():
        if name != SUMMARY:
            _mark(package, part, texts.get(name, {}), styles)
    summary = summary_sheet(rows, heading, set(sheets), styles)
    package.write(sheets.get(SUMMARY) or _new_sheet(package), summary)
    package.write(styles_part, styles.result())
    return package.result()


def _sheets(package: Package) -> dict[str, str]:
    """Part names of worksheets by sheet name; of two with one name the first."""
    targets, sheets = package.targets(WORKBOOK), tree(package.read(WORKBOOK)).child("sheets")
    found: dict[str, str] = {}
    for sheet in sheets.children if sheets else ():
        identity = next((value for key, value in sheet.attributes.items() if key.endswith(":id")), "")
        kind, part = targets.get(identity, ("", ""))
        if kind == "worksheet":
            found.setdefault(sheet.attributes.get("name", ""), part)
    return found


def _texts(rows: Sequence[Row]) -> dict[str, dict[Place, str]]:
    """What is to be said by sheet and cell; several findings of one cell one below the other."""
    texts: dict[str, dict[Place, str]] = {}
    for row in islice((row for row in rows if row.to_mend), MOST_MARKS):
        place = place_of(row.cell)
        if place:
            told = f"{row.message}\n怎么办：{row.what_to_do}"
            own = texts.setdefault(row.sheet, {})
            own[place] = f"{own[place]}\n{told}" if place in own else MARK + told
    return texts


def _mark(package: Package, part: str, texts: Mapping[Place, str], styles: Styles) -> None:
    """One sheet: cells red, comments written, their boxes drawn."""
    comments, old = package.target(part, "comments"), b""
    if comments:
        old = package.read(comments)
    if not texts and MARK.encode() not in old:
        return
    content = package.read(part)
    shown = shown_at(content, texts)
    told: dict[Place, str] = {}
    for place, text in texts.items():
        told[shown[place]] = f"{told[shown[place]]}\n{text}"[:LIMIT] if shown[place] in told else text[:LIMIT]
    written, new, gone = commented(old or NO_COMMENTS, told)
    if comments is None:
        comments = _added(package, part, "comments", "xl/commentsKaohe{}.xml", _COMMENTS)
    package.write(comments, written)
    sheet = Sheet(content, told)
    known = package.targets(part).get(sheet.drawing)
    drawing = known[1] if known else ""
    identity = ""
    if not drawing:
        drawing = package.unused("xl/drawings/vmlDrawingKaohe{}.vml")
        package.declare(drawing, _DRAWING)
        identity = package.relate(part, "vmlDrawing", drawing)
    package.write(drawing, drawn(package.read(drawing) if known else NO_DRAWING, new, gone))
    package.write(part, sheet.marked(styles.red, identity))


def _added(package: Package, part: str, kind: str, form: str, content_type: str) -> str:
    name = package.unused(form)
    package.declare(name, content_type)
    package.relate(part, kind, name)
    return name


def _new_sheet(package: Package) -> str:
    """A worksheet more, behind all others, so that nothing that counts sheets points elsewhere."""
    name = package.unused("xl/worksheets/sheetKaohe{}.xml")
    package.declare(name, _WORKSHEET)
    identity = package.relate(WORKBOOK, "worksheet", name)
    content = package.read(WORKBOOK)
    sheets = tree(content).child("sheets")
    if sheets is None:
        raise Unmarkable("a workbook without sheets")
    numbers = [sheet.attributes.get("sheetId", "0") for sheet in sheets.children]
    number = max((int(one) for one in numbers if one.isdecimal()), default=0) + 1
    element = (
        f'<{sheets.prefix}sheet name="{escaped(SUMMARY)}" sheetId="{number}" xmlns:r="{OFFICE}" r:id="{identity}"/>'
    )
    package.write(WORKBOOK, spliced(content, with_children(content, sheets, [element.encode()])))
    return name
