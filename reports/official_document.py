"""A document in the official form (GB/T 9704-2012) as docx: page, fonts, headings, page numbers, tables.

Here belongs the form. What a document says does not. Fonts are named, not embedded.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.harmless import visible

# GB/T 9704-2012, 5.2 and 7: the text area is 156 mm × 225 mm, 22 lines of 28 characters.
PAGE = {"page_width": 210, "page_height": 297, "top_margin": 37, "bottom_margin": 35, "left_margin": 28}
PAGE |= {"right_margin": 26, "footer_distance": 25}
LINE = Pt(28.95)
GRID = {"type": "lines", "linePitch": "579"}
NARROWER = "-5"  # twentieths of a point: 28 characters of 16 pt are a little wider than the text area
BODY, TITLE, HEADING, SUBHEADING, NUMBER = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
INDENT = Pt(32)  # two characters of the body
CELL_MARGIN = "45"  # twentieths of a point, left and right
TABLE_SIZE, TABLE_LINE = Pt(10.5), Pt(13)


class OfficialDocument:
    """Written from top to bottom, saved once. Control characters in any text are spelled out."""

    def __init__(self, title: str, created: datetime) -> None:
        self._document = Document()
        self._document.core_properties.title = title
        for name in ("created", "modified"):
            setattr(self._document.core_properties, name, created)
        self._document.core_properties.author = ""
        self._document.settings.odd_and_even_pages_header_footer = True
        style = self._document.styles["Normal"]
        style.font.size = SIZE_3
        _set_font(style.element.get_or_add_rPr(), BODY)
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), NARROWER)
        style.element.get_or_add_rPr().append(closer)
        section = self._document.sections[0]
        for name, millimetres in PAGE.items():
            setattr(section, name, Mm(millimetres))
        grid = section._sectPr.find(qn("w:docGrid"))
        for name, value in GRID.items():
            grid.set(qn(f"w:{name}"), value)
        _number_pages(section.footer, ALIGN.RIGHT)
        _number_pages(section.even_page_footer, ALIGN.LEFT)

    def mark(self, text: str) -> None:
        """The state of a copy that is not final, top left."""
        self._paragraph(text, HEADING, SIZE_3)

    def title(self, text: str) -> None:
        """Centred, with a blank line above and below."""
        self._paragraph("", BODY, SIZE_3)
        self._paragraph(text, TITLE, SIZE_2, align=ALIGN.CENTER, spacing=Pt(33))
        self._paragraph("", BODY, SIZE_3)

    def salutation(self, text: str) -> None:
        """Whom it is sent to, flush left."""
        self._paragraph(text, BODY, SIZE_3)

    def heading(self, text: str, level: int = 1) -> None:
        """`一、…` (level 1) or `（一）…` (level 2)."""
        self._paragraph(text, HEADING if level == 1 else SUBHEADING, SIZE_3, indent=INDENT, keep=True)

    def text(self, text: str) -> None:
        """A paragraph of the body, first line indented by two characters."""
        self._paragraph(text, BODY, SIZE_3, indent=INDENT)

    def attachments(self, names: Sequence[str]) -> None:
        """The list of attachments under the text."""
        self._paragraph("", BODY, SIZE_3, keep=True)
        for number, name in enumerate(names, 1):
            label = "附件：" if number == 1 else "　　　"
            told = f"{label}{number}. {name}" if len(names) > 1 else f"{label}{name}"
            self._paragraph(told, BODY, SIZE_3, INDENT, keep=True)

    def signature(self, issuer: str, day: str) -> None:
        """Issuer and date, right, four characters from the edge, kept together."""
        self._paragraph("", BODY, SIZE_3, keep=True)
        for text, keep in ((issuer, True), (day, False)):
            paragraph = self._paragraph(text, BODY, SIZE_3, align=ALIGN.RIGHT, keep=keep)
            paragraph.paragraph_format.right_indent = Pt(64)

    def attachment(self, number: str, title: str) -> None:
        """Begin an attachment on a new page: `附件1` top left, its title centred."""
        self._paragraph(number, HEADING, SIZE_3).paragraph_format.page_break_before = True
        self._paragraph(title, TITLE, SIZE_2, align=ALIGN.CENTER, spacing=Pt(33))
        self._paragraph("", BODY, SIZE_4)

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
        """A table across the text area; `widths` are shares. Its header stands on every page, no row is broken."""
        table = self._document.add_table(rows=1, cols=len(header), style="Table Grid")
        table.autofit = False
        table._tblPr.append(_margins(CELL_MARGIN))
        across = Mm(PAGE["page_width"] - PAGE["left_margin"] - PAGE["right_margin"])
        columns = [int(across * share / sum(widths)) for share in widths]
        for column, width in zip(table.columns, columns, strict=True):
            column.width = width
        _fill(table.rows[0], header, columns, HEADING)
        _mark_row(table.rows[0], "w:tblHeader")
        for row in rows:
            _fill(table.add_row(), row, columns, NUMBER)

    def note(self, text: str) -> None:
        """Small print under a table."""
        self._paragraph(text, NUMBER, TABLE_SIZE, spacing=Pt(16))

    def save(self, path: Path) -> None:
        """Write it: the same contents make the same bytes."""
        written = io.BytesIO()
        self._document.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)

    def _paragraph(
        self,
        text: str,
        font: str,
        size: Pt,
        indent: Pt | None = None,
        align: Any = ALIGN.LEFT,
        spacing: Pt = LINE,
        keep: bool = False,
    ) -> Any:
        paragraph = self._document.add_paragraph()
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, spacing
        layout.space_before = layout.space_after = Pt(0)
        layout.alignment, layout.keep_with_next = align, keep
        if indent is not None:
            layout.first_line_indent = indent
        _run(paragraph, text, font, size)
        return paragraph


def _run(paragraph: Any, text: str, font: str, size: Pt) -> Any:
    run = paragraph.add_run(visible(text))
    run.font.size = size
    _set_font(run._element.get_or_add_rPr(), font)
    return run


def _set_font(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)


def _number_pages(footer: Any, align: Any) -> None:
    """`— 1 —` in size 4, outside, one character from the edge (GB/T 9704, 7.5)."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.right_indent = layout.left_indent = SIZE_4
    _run(paragraph, "— ", NUMBER, SIZE_4)
    field = _run(paragraph, "", NUMBER, SIZE_4)
    for kind in ("begin", "instruction", "end"):
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.text = "PAGE"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        field._element.append(element)
    _run(paragraph, " —", NUMBER, SIZE_4)


def _fill(row: Any, texts: Sequence[str], widths: Sequence[int], font: str) -> None:
    _mark_row(row, "w:cantSplit")
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER
        layout = paragraph.paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, TABLE_LINE
        layout.space_before = layout.space_after = Pt(3)
        _run(paragraph, text, font, TABLE_SIZE)


def _margins(width: str) -> Any:
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), width)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
