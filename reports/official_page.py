"""The package of an official document without its text: page, styles, footers with page numbers.

Here belongs what python-docx makes once for all documents of a form. Text is put in by `official_document`.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, TITLE, HEADING, SUBHEADING, NUMBER = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
SIZE_4 = Pt(14)
NARROWER = "-5"  # twentieths of a point: 28 characters of 16 pt are a little wider than the text area
GRID = "579"  # twentieths of a point from line to line: 22 lines on a page
STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "TableGrid", "NoList", "Footer", "FooterChar"}
UNUSED = {"thumbnail", "stylesWithEffects", "customXml", "numbering"}
WORDS_MADE_FOR = "〔标题〕", datetime(2000, 1, 1)


@dataclass(frozen=True)
class Form:
    """Millimetres of the margins, points of letters and lines."""

    top: float
    bottom: float
    left: float
    right: float
    body: float
    line: float
    title: float
    title_line: float
    cell: float
    cell_line: float
    numbered: bool
    cell_padding: float = 3
    above_headings: float = 0

    @property
    def across(self) -> int:
        """Width of the text area in twentieths of a point."""
        return round((210 - self.left - self.right) / 25.4 * 1440)


# GB/T 9704-2012, 5.2 and 7: the text area is 156 mm × 225 mm, 22 lines of 28 characters.
NOTICE = Form(37, 35, 28, 26, body=16, line=28.95, title=22, title_line=33, cell=10.5, cell_line=13, numbered=True)
# One page that a leader reads at a glance.
BRIEF = Form(
    22,
    18,
    26,
    26,
    12,
    18,
    title=18,
    title_line=26,
    cell=10,
    cell_line=13,
    numbered=False,
    cell_padding=2,
    above_headings=5,
)


@cache
def empty_package(form: Form) -> tuple[tuple[str, str | bytes], ...]:
    """Parts by name, in order; the title and the date of WORDS_MADE_FOR stand where a document's own belong."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = WORDS_MADE_FOR[0], ""
    properties.created = properties.modified = WORDS_MADE_FOR[1]
    style = document.styles["Normal"]
    style.font.size = Pt(form.body)
    _set_font(style.element.get_or_add_rPr(), BODY)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), NARROWER)
    style.element.get_or_add_rPr().append(closer)
    _leave_out_the_rest(document)
    _set_page(document, form)
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source:
        parts = [(name, source.read(name)) for name in source.namelist()]
    texts = ("word/document.xml", "docProps/core.xml")
    return tuple((name, data.decode() if name in texts else data) for name, data in parts)


def _leave_out_the_rest(document: Any) -> None:
    """Styles, parts and the picture that python-docx brings along and no document of ours uses."""
    for style in list(document.styles):
        if style.style_id not in STYLES:
            style.element.getparent().remove(style.element)
    for of in (document.part.package, document.part):
        for key in [key for key, related in of.rels.items() if related.reltype.rpartition("/")[2] in UNUSED]:
            del of.rels[key]
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_page(document: Any, form: Form) -> None:
    section = document.sections[0]
    lengths = {"page_width": 210, "page_height": 297, "footer_distance": 25}
    lengths |= {f"{side}_margin": getattr(form, side) for side in ("top", "bottom", "left", "right")}
    for name, millimetres in lengths.items():
        setattr(section, name, Mm(millimetres))
    grid = section._sectPr.find(qn("w:docGrid"))
    if not form.numbered:
        section._sectPr.remove(grid)
        return
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), GRID)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer, ALIGN.RIGHT)
    _number_pages(section.even_page_footer, ALIGN.LEFT)


def _number_pages(footer: Any, align: Any) -> None:
    """`— 1 —` in size 4, outside, one character from the edge (GB/T 9704, 7.5)."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.right_indent = layout.left_indent = SIZE_4
    _run(paragraph, "— ")
    field = _run(paragraph, "")
    for kind in ("begin", "instruction", "end"):
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.text = "PAGE"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        field._element.append(element)
    _run(paragraph, " —")


def _run(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    run.font.size = SIZE_4
    _set_font(run._element.get_or_add_rPr(), NUMBER)
    return run


def _set_font(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
