"""A document in an official form as docx: titles, headings, paragraphs, tables, attachments, written top to bottom.

Here belongs how text is set. The page does not (`official_page`), nor what a document says. Text is put into the
package as it is: python-docx takes a hundred times as long for each paragraph. Fonts are named, not embedded.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from reports.harmless import visible
from reports.official_page import (
    BODY,
    HEADING,
    NOTICE,
    NUMBER,
    SUBHEADING,
    TITLE,
    WORDS_MADE_FOR,
    Form,
    empty_package,
)

CELL_MARGIN = 45  # twentieths of a point, left and right
NOTE_LINE = 16


class OfficialDocument:
    """Written from top to bottom, saved once. Control characters in any text are spelled out."""

    def __init__(self, title: str, created: datetime, form: Form = NOTICE) -> None:
        self._title, self._created, self._form = title, created, form
        self._body: list[str] = []

    def mark(self, text: str) -> None:
        """The state of a copy that is not final, top left."""
        self._paragraph(text, HEADING)

    def title(self, text: str, lines_around: int = 1) -> None:
        """Centred, with blank lines above and below."""
        blank = [""] * lines_around
        for line in blank:
            self._paragraph(line)
        self._paragraph(text, TITLE, self._form.title, align="center", spacing=self._form.title_line)
        for line in blank:
            self._paragraph(line)

    def centred(self, text: str) -> None:
        """A line under the title."""
        self._paragraph(text, SUBHEADING, self._form.body + 2, align="center", spacing=self._form.title_line)

    def salutation(self, text: str) -> None:
        """Whom it is sent to, flush left."""
        self._paragraph(text)

    def heading(self, text: str, level: int = 1) -> None:
        """`一、…` (level 1) or `（一）…` (level 2)."""
        font = HEADING if level == 1 else SUBHEADING
        self._paragraph(text, font, indent=2, keep=True, above=self._form.above_headings)

    def text(self, text: str, keep: bool = False) -> None:
        """A paragraph of the body, first line indented by two characters; `keep`: its end stays with what follows."""
        self._paragraph(text, indent=2, keep=keep)

    def attachments(self, names: Sequence[str]) -> None:
        """The list of attachments under the text, each name hanging from its beginning."""
        self._paragraph("", keep=True)
        for number, name in enumerate(names, 1):
            counted = f"{number}. " if len(names) > 1 else ""
            label, hanging = ("附件：", 3.0) if number == 1 else ("", 0.0)
            hanging += 1.25 if counted else 0
            self._paragraph(f"{label}{counted}{name}", keep=True, hanging=(6.25 if counted else 5.0, hanging))

    def signature(self, issuer: str, day: str) -> None:
        """Issuer and date, right, four characters from the edge, kept together."""
        self._paragraph("", keep=True)
        self._paragraph(issuer, align="right", keep=True, right=4)
        self._paragraph(day, align="right", right=4)

    def attachment(self, number: str, title: str) -> None:
        """Begin an attachment on a new page: `附件1` top left, its title centred."""
        self._paragraph(number, HEADING, new_page=True)
        self._paragraph(title, TITLE, self._form.title, align="center", spacing=self._form.title_line)
        self._paragraph("")

    def table(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float], left: Sequence[int] = ()
    ) -> None:
        """A table across the text area; `widths` are shares, `left` the columns that are not centred.

        Its header stands on every page, no row is broken.
        """
        columns = [int(self._form.across * share / sum(widths)) for share in widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
        sides = "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
        self._body.append(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{self._row(header, columns, HEADING, mark='<w:tblHeader/>')}"
        )
        self._body += [self._row(row, columns, NUMBER, left) for row in rows]
        self._body.append("</w:tbl>")

    def note(self, text: str) -> None:
        """Small print under a table."""
        self._paragraph(text, NUMBER, self._form.cell, spacing=NOTE_LINE)

    def save(self, path: Path) -> None:
        """Write it: the same contents make the same bytes."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name, part in empty_package(self._form):
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with target.open(entry, "w") as out:
                    for piece in self._pieces(name, part):
                        out.write(piece if isinstance(piece, bytes) else piece.encode())

    def _pieces(self, name: str, part: str | bytes) -> Iterable[str | bytes]:
        """What is written of one part of the empty document; of very many rows one after the other."""
        was_title, was_created = WORDS_MADE_FOR
        if name == "word/document.xml":
            before, mark, after = str(part).partition("<w:sectPr")
            return [before, *self._body, mark + after]
        if name == "docProps/core.xml":
            dated = str(part).replace(f"{was_created:%Y-%m-%dT%H}", f"{self._created:%Y-%m-%dT%H}")
            return [dated.replace(was_title, escape(visible(self._title)))]
        return [part]

    def _paragraph(
        self,
        text: str,
        font: str = BODY,
        size: float = 0,
        *,
        indent: float = 0,
        hanging: tuple[float, float] | None = None,
        right: float = 0,
        align: str = "left",
        spacing: float = 0,
        above: float = 0,
        keep: bool = False,
        new_page: bool = False,
    ) -> None:
        """`indent`, `hanging` (left edge, by how much the first line stands out) and `right` in characters."""
        body = self._form.body
        inwards = f' w:firstLine="{_twentieths(indent * body)}"' if indent else ""
        if hanging:
            inwards = f' w:left="{_twentieths(hanging[0] * body)}" w:hanging="{_twentieths(hanging[1] * body)}"'
        inwards += f' w:right="{_twentieths(right * body)}"' if right else ""
        layout = (
            ("<w:keepNext/>" if keep else "")
            + ("<w:pageBreakBefore/>" if new_page else "")
            + _spacing(spacing or self._form.line, above)
            + (f"<w:ind{inwards}/>" if inwards else "")
            + f'<w:jc w:val="{align}"/>'
        )
        self._body.append(f"<w:p><w:pPr>{layout}</w:pPr>{_run(text, font, size or body)}</w:p>")

    def _row(
        self, texts: Sequence[str], widths: Sequence[int], font: str, left: Sequence[int] = (), mark: str = ""
    ) -> str:
        form = self._form
        layout = f'<w:snapToGrid w:val="0"/>{_spacing(form.cell_line, form.cell_padding, form.cell_padding)}'
        sides = ["left" if place in left else "center" for place in range(len(texts))]
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr>{layout}<w:jc w:val="{side}"/></w:pPr>{_run(text, font, form.cell)}</w:p></w:tc>'
            for text, width, side in zip(texts, widths, sides, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{cells}</w:tr>"


def _spacing(line: float, above: float = 0, below: float = 0) -> str:
    around = f'w:before="{_twentieths(above)}" w:after="{_twentieths(below)}"'
    return f'<w:spacing {around} w:line="{_twentieths(line)}" w:lineRule="exact"/>'


def _run(text: str, font: str, size: float) -> str:
    if not text:
        return ""
    fonts = " ".join(f'w:{name}="{font}"' for name in ("ascii", "hAnsi", "eastAsia", "cs"))
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in visible(text).split("\n"))
    half = round(size * 2)
    look = f'<w:rFonts {fonts}/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    return f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r>"


def _twentieths(points: float) -> int:
    return round(points * 20)
