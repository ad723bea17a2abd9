"""青山县填好的填报表: the official forms, made as `kaohe templates` makes them and filled in as a clerk would.

Here belongs the way of values into the blanks of a form. What is filed is decided elsewhere. The blanks are
filled in the parts of the package itself, so that all else stays as it was and the same inputs make the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from evaluation.explanation_words import LEVELS
from evaluation.forms import labelled
from examples.qingshan_claims import Claim
from intake.packages import open_package
from intake.raw import RawSheet, column_letters
from intake.sheets import read_sheets
from reports.form import file_name, write_form
from reports.form_asked import Asked, period_words
from reports.form_matters import CHECKLISTS, CLAIMS, LEVEL_WORDS, MARKS, SELF_SCORES

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?(?:/>| t="s"><v>[0-9]+</v></c>)')
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet


@dataclass(frozen=True)
class Entry:
    """What is written into one blank; a `formula` has `text` as its stored result."""

    text: str
    formula: str = ""

    def markup(self, place: str, style: str) -> str:
        formula = f"<f>{escape(self.formula)}</f>" if self.formula else ""
        if _NUMBER.fullmatch(self.text):
            return f'<c r="{place}"{style}>{formula}<v>{self.text}</v></c>'
        text = f'<is><t xml:space="preserve">{escape(self.text)}</t></is>'
        return f'<c r="{place}"{style} t="inlineStr">{text}</c>'


@dataclass
class Answers:
    """What one office has to say: figures by unit, indicator and period, notes by unit, claims, marks, self-scores."""

    figures: dict[tuple[str, str, str], Entry] = field(default_factory=dict)
    notes: dict[tuple[str, str], str] = field(default_factory=dict)  # by unit and indicator
    claims: list[Claim] = field(default_factory=list)
    marks: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # by unit and item, a text per judge
    self_scores: dict[str, str] = field(default_factory=dict)


class Sheet:
    """A sheet of a form by what is printed in it."""

    def __init__(self, sheet: RawSheet) -> None:
        self.name = sheet.name
        self.rows: dict[int, dict[str, str]] = {number: {} for number in sheet.numbers}
        for index, column in sheet.columns.items():
            for position, text in zip(column.positions, column.texts, strict=True):
                self.rows[sheet.numbers[position]][column_letters(index)] = text

    def columns(self) -> dict[str, str]:
        """Columns by the texts of the header."""
        return {text: letters for letters, text in self.rows[3].items()}


def filled_form(asked: Asked, code: str, answers: Answers) -> tuple[str, bytes]:
    """Name and bytes of the form for a department or unit with everything filled in that it has a blank for."""
    recipient = next(one for one in asked.recipients() if one.code == code)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_form(path, asked, recipient)
        blank = path.read_bytes()
    sheets = [Sheet(sheet) for sheet in read_sheets(open_package(blank, "form.xlsx"))]
    entries = {
        f"xl/worksheets/sheet{at}.xml": dict(_entries(sheet, asked, code, answers))
        for at, sheet in enumerate(sheets, 1)
    }
    return file_name(asked, recipient, set()), _with_entries(blank, entries)


def _with_entries(blank: bytes, entries: Mapping[str, Mapping[str, Entry]]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(blank)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for info in old.infolist():
            data = old.read(info)
            if entries.get(info.filename):
                data = _filled(data.decode(), entries[info.filename]).encode()
            new.writestr(zipfile.ZipInfo(info.filename), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _filled(markup: str, entries: Mapping[str, Entry]) -> str:
    missing = set(entries)

    def cell(found: re.Match[str]) -> str:
        place, style = found[1], found[2] or ""
        missing.discard(place)
        return entries[place].markup(place, style) if place in entries else found[0]

    filled = _CELL.sub(cell, markup)
    if missing:
        raise ValueError(f"no blank at {sorted(missing)}")
    return filled


def _entries(sheet: Sheet, asked: Asked, code: str, answers: Answers) -> Iterator[tuple[str, Entry]]:
    """What goes into which cell of a sheet."""
    own = code if code in asked.units else ""
    if sheet.name in (CLAIMS, CHECKLISTS):
        yield from _claims(sheet, asked, answers.claims, own)
    elif sheet.name == MARKS:
        for row, texts in _rows(sheet, 4):
            marks = answers.marks.get((texts.get("A", ""), texts.get("C", "")), ())
            yield from ((f"{chr(ord('F') + at)}{row}", Entry(text)) for at, text in enumerate(marks))
    elif sheet.name == SELF_SCORES:
        for row, texts in _rows(sheet, 4):
            if texts.get("A", "") in answers.self_scores:
                yield f"F{row}", Entry(answers.self_scores[texts["A"]])
    elif sheet.name.startswith("数据"):
        in_list = "填报值" in sheet.columns()
        yield from _list(sheet, answers, own) if in_list else _matrix(sheet, answers)


def _rows(sheet: Sheet, first: int) -> Iterator[tuple[int, dict[str, str]]]:
    return ((number, texts) for number, texts in sheet.rows.items() if number >= first)


def _matrix(sheet: Sheet, answers: Answers) -> Iterator[tuple[str, Entry]]:
    """Units by indicators: codes in row 6, periods in row 4."""
    codes, periods = sheet.rows[6], sheet.rows[4]
    asked_for = {
        (code, periods[letters]): letters for letters, code in codes.items() if letters > "B" or len(letters) > 1
    }
    notes = next(letters for letters, text in sheet.rows[3].items() if text == "备注")
    rows = {texts["A"]: row for row, texts in _rows(sheet, 7) if "A" in texts}
    for (unit, code, period), entry in answers.figures.items():
        column = asked_for.get((code, period_words(period)))
        if column and unit in rows:
            yield f"{column}{rows[unit]}", entry
    told: dict[int, list[str]] = {}
    for (unit, code), note in answers.notes.items():
        if unit in rows and any(code == one for one, _ in asked_for):
            told.setdefault(rows[unit], []).append(note)
    yield from ((f"{notes}{row}", Entry("；".join(dict.fromkeys(texts)))) for row, texts in told.items())


def _list(sheet: Sheet, answers: Answers, own: str) -> Iterator[tuple[str, Entry]]:
    """A row per figure and period."""
    at = sheet.columns()
    for row, texts in _rows(sheet, 4):
        unit, code = own or texts.get(at.get("单位编码", ""), ""), texts.get(at["指标编码"], "")
        period = texts.get(at["考核期"], "")
        for (whom, which, when), entry in answers.figures.items():
            if (whom, which, period_words(when)) == (unit, code, period):
                yield f"{at['填报值']}{row}", entry
                if (whom, which) in answers.notes:
                    yield f"{at['备注']}{row}", Entry(answers.notes[whom, which])


def _claims(sheet: Sheet, asked: Asked, claims: Sequence[Claim], own: str) -> Iterator[tuple[str, Entry]]:
    """A row per claim, chosen from the lists as far as there are lists."""
    at = sheet.columns()
    offices = [one for one in asked.recipients() if not own or one.code == own]
    matters = {matter.code: matter for office in offices for matter in asked.matters(office)}
    own_kind = [claim for claim in claims if bool(matters[claim.item].pieces) == (sheet.name == CHECKLISTS)]
    for row, claim in enumerate(own_kind, 4):
        told = {
            "单位编码": labelled(asked.units[claim.unit].name, claim.unit),
            "事项编码": labelled(matters[claim.item].name, claim.item),
            "对象编号": claim.matter,
            "级别": claim.level
            and labelled(LEVEL_WORDS.get(claim.level, LEVELS.get(claim.level, (claim.level,))[0]), claim.level),
            "数量": claim.quantity,
            "日期": str((date.fromisoformat(claim.date) - _FIRST_DAY).days),
            "文件": claim.paper,
            "备注": claim.note,
        }
        yield from ((f"{at[word]}{row}", Entry(text)) for word, text in told.items() if text and word in at)
