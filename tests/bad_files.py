"""Files as offices send them, good and bad, made in memory: the material of the intake tests.

Here belongs the making of bytes, and the list of bad files with the cause that each must be given.
"""

import functools
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ["单位编码", "考核期", "指标编码", "数值"]
GOOD_ROWS = [["T001", "2025", "grants", 12], ["T002", "2025", "grants", 7]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def csv_bytes(*rows: Sequence[object], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "".join(delimiter.join(map(str, row)) + "\r\n" for row in rows).encode(encoding)


def workbook(*rows: Sequence[object], sheet: str = "数据", edit: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook of one sheet as openpyxl writes it; `edit` may change it before it is saved."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    for row in rows:
        page.append(list(row))
    if edit is not None:
        edit(page)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(parts: Mapping[str, bytes] | Sequence[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items() if isinstance(parts, Mapping) else parts:
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    return zipped({**parts_of(data), name: content})


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def header_xml(row: int = 1) -> str:
    cells = "".join(text_cell(f"{letter}{row}", name) for letter, name in zip("ABCD", HEADER, strict=True))
    return f'<row r="{row}">{cells}</row>'


def figure_xml(row: int, value_cell: str, unit: str = "T001") -> str:
    """A row of a good figure whose value is the cell given (its column is D)."""
    keys = text_cell(f"A{row}", unit) + text_cell(f"B{row}", "2025") + text_cell(f"C{row}", "grants")
    return f'<row r="{row}">{keys}{value_cell}</row>'


def xml_workbook(rows: str, *, before: str = "", after: str = "", formats: Sequence[str] = ()) -> bytes:
    """A workbook whose sheet is written by hand; style 1, 2 … are the number formats."""
    sheet = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": (
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
                '<sheet name="数据" sheetId="1" r:id="rId1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet"'
                ' Target="worksheets/sheet1.xml"/></Relationships>'
            ).encode(),
            "xl/styles.xml": _styles(formats),
            "xl/worksheets/sheet1.xml": sheet.encode(),
        }
    )


def _styles(formats: Sequence[str]) -> bytes:
    own = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(formats))
    used = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(formats)))
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{own}</numFmts><cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    ).encode()


class BadFile(NamedTuple):
    label: str
    name: str
    data: bytes
    code: str


@functools.cache
def shared_text_workbook() -> bytes:
    """The good workbook as spreadsheets write it: texts in a part of their own."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet("数据")
        for number, row in enumerate([HEADER, *GOOD_ROWS]):
            page.write_row(number, 0, row)
    return stream.getvalue()


@functools.cache
def good_workbook() -> bytes:
    return workbook(HEADER, *GOOD_ROWS)


def _corrupt_member() -> bytes:
    data = bytearray(zipped(parts_of(good_workbook()), zipfile.ZIP_STORED))
    at = data.index(b"T001")
    data[at] ^= 1
    return bytes(data)


def _with_stated_size(data: bytes, size: int) -> bytes:
    """The last member's size in the list of members is another than it has."""
    content = bytearray(data)
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = size.to_bytes(4, "little")
    return bytes(content)


def _lying_bomb() -> bytes:
    return _with_stated_size(with_part(good_workbook(), "xl/media/image1.png", bytes(30_000_000)), 100)


def _encrypted_member() -> bytes:
    data = bytearray(good_workbook())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _containers() -> Iterator[BadFile]:
    good = good_workbook()
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    doctype = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    yield BadFile("nothing", "a.xlsx", b"", "FILE_EMPTY")
    yield BadFile("half a zip", "a.xlsx", good[: len(good) // 2], "FILE_NOT_ZIP")
    yield BadFile("noise", "a.xlsx", bytes(range(256)) * 4, "FILE_NOT_ZIP")
    yield BadFile("a bit turned over", "a.xlsx", _corrupt_member(), "FILE_CORRUPT")
    yield BadFile("a bomb", "a.xlsx", with_part(good, "xl/bomb.xml", b"<" + bytes(30_000_000)), "ZIP_RATIO")
    yield BadFile("a bomb that states a small size", "a.xlsx", _lying_bomb(), "ZIP_RATIO")
    yield BadFile("a member longer than stated", "a.xlsx", _with_stated_size(good, 10), "FILE_CORRUPT")
    yield BadFile("too many members", "a.xlsx", zipped({f"a{n}": b"" for n in range(5_001)}), "ZIP_RATIO")
    yield BadFile("a way out", "a.xlsx", with_part(good, "../evil.xml", b"<a/>"), "ZIP_NAME")
    yield BadFile("an absolute name", "a.xlsx", with_part(good, "/etc/passwd", b"x"), "ZIP_NAME")
    twice = [*parts_of(good).items(), ("XL/Workbook.xml", b"<a/>")]
    yield BadFile("a member twice", "a.xlsx", zipped(twice), "ZIP_DUPLICATE_MEMBER")
    yield BadFile("a doctype", "a.xlsx", with_part(good, "xl/theme/theme1.xml", doctype), "XML_DTD")
    behind = with_part(good, "docProps/app.xml", b" " * 100 + b"<!DOCTYPE a><a/>")
    yield BadFile("a doctype behind spaces", "a.xlsx", behind, "XML_DTD")
    wide = with_part(good, "docProps/app.xml", doctype.decode().encode("utf-16"))
    yield BadFile("a doctype in UTF-16", "a.xlsx", wide, "XML_DTD")
    yield BadFile("a macro", "a.xlsx", with_part(good, "xl/vbaProject.bin", b"\xcc\x61"), "MACRO")
    yield BadFile("an encrypted member", "a.xlsx", _encrypted_member(), "ENCRYPTED")
    encrypted = compound + "EncryptedPackage".encode("utf-16-le")
    yield BadFile("a password", "a.xlsx", encrypted, "ENCRYPTED")
    yield BadFile("an old workbook", "a.xls", compound + "Workbook".encode("utf-16-le"), "OLD_XLS")
    yield BadFile("an old one renamed", "a.xlsx", compound + "Book".encode("utf-16-le"), "OLD_XLS")
    yield BadFile("an old one cut off", "a.et", compound, "OLD_XLS")
    yield BadFile("an old letter as xls", "a.xls", compound + "WordDocument".encode("utf-16-le"), "TYPE_MISMATCH")
    yield BadFile("a web page as xls", "a.xls", b"<html><table></table></html>", "TYPE_MISMATCH")
    yield BadFile("a csv as xlsx", "a.xlsx", csv_bytes(HEADER), "TYPE_MISMATCH")
    yield BadFile("a workbook as csv", "a.csv", good, "TYPE_MISMATCH")
    yield BadFile("a workbook as letter", "a.docx", good, "TYPE_MISMATCH")
    yield BadFile("a workbook as zip", "a.zip", good, "TYPE_MISMATCH")
    yield BadFile("a pdf as xlsx", "a.xlsx", b"%PDF-1.7", "TYPE_MISMATCH")
    word = zipped({"word/document.xml": b"<a/>"})
    yield BadFile("a letter", "a.docx", word, "TYPE")
    yield BadFile("a letter as xlsx", "a.xlsx", word, "TYPE_MISMATCH")
    yield BadFile("a pdf beside the folder", "a.pdf", b"%PDF-1.7", "TYPE")
    yield BadFile("a program as evidence", "佐证/a.pdf", b"MZ\0\0", "TYPE")
    yield BadFile("a stray cell", "a.xlsx", _stray_cell(), "EXTENT")
    yield BadFile("no sheet part", "a.xlsx", _without("xl/worksheets/sheet1.xml"), "FILE_CORRUPT")
    yield BadFile("a broken sheet", "a.xlsx", _broken_sheet(), "FILE_CORRUPT")


def _stray_cell() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return xml_workbook(header_xml() + figure_xml(2, '<c r="D2"><v>1</v></c>') + far)


def _without(part: str) -> bytes:
    return zipped({name: content for name, content in parts_of(good_workbook()).items() if name != part})


def _broken_sheet() -> bytes:
    sheet = parts_of(good_workbook())["xl/worksheets/sheet1.xml"]
    return with_part(good_workbook(), "xl/worksheets/sheet1.xml", sheet[: len(sheet) // 2])


def _sheets() -> Iterator[BadFile]:
    title = ["青山县科技指标"]
    yield BadFile("no header", "a.xlsx", workbook(*GOOD_ROWS), "HEADER")
    yield BadFile("two headers", "a.xlsx", workbook(HEADER, HEADER, *GOOD_ROWS), "HEADER")
    rows = [["T001", "2025", "grants", n] for n in range(40)]
    yield BadFile("a header far below", "a.xlsx", workbook(HEADER, *rows, HEADER, *GOOD_ROWS), "HEADER")
    yield BadFile("no values", "a.xlsx", workbook(title, HEADER[:3], ["T001", "2025", "grants"]), "MISSING_COLUMN")
    yield BadFile(
        "values twice", "a.xlsx", workbook([*HEADER, "value"], ["T001", "2025", "grants", 1, 2]), "DUPLICATE_COLUMN"
    )
    yield BadFile("empty", "a.xlsx", workbook(), "EMPTY")
    yield BadFile("nothing but spaces", "a.xlsx", workbook([" ", "\u3000"], ["\xa0"]), "EMPTY")
    yield BadFile("no rows", "a.xlsx", workbook(title, HEADER), "NO_ROWS")
    yield BadFile("no rows in csv", "a.csv", csv_bytes(HEADER), "NO_ROWS")
    yield BadFile("an empty csv", "a.csv", b"\r\n\r\n", "EMPTY")
    yield BadFile("two sheets alike", "a.xlsx", _two_sheets(), "AMBIGUOUS_SHEET")


def _two_sheets() -> bytes:
    book = openpyxl.Workbook()
    for page in (book.active, book.create_sheet("草稿")):
        for row in (HEADER, *GOOD_ROWS):
            page.append(row)
    return saved(book)


def _csvs() -> Iterator[BadFile]:
    good = csv_bytes(HEADER, *GOOD_ROWS)
    wide = csv_bytes(HEADER, ["T001", "2025", "grants", "1,234"])
    yield BadFile("NUL", "a.csv", good + b"\0", "BINARY")
    yield BadFile("a row too wide", "a.csv", wide, "ROW_WIDTH")
    yield BadFile("a row too narrow", "a.csv", csv_bytes(HEADER, ["T001", "2025"]), "ROW_WIDTH")
    yield BadFile("an open quote", "a.csv", good + b'T003,2025,grants,"1', "CSV_QUOTE")
    yield BadFile("a quote inside", "a.csv", good + b'T003,2025,gra"nts,1', "CSV_QUOTE")
    yield BadFile("text behind a quote", "a.csv", good + b'T003,2025,"grants"x,1', "CSV_QUOTE")
    mixed = good + csv_bytes(["青山镇", "2025", "grants", 1], encoding="gb18030")
    yield BadFile("two encodings", "a.csv", mixed, "ENCODING")
    twice = csv_bytes(["单位编码", "指标编码"], ["T001", "grants"]).decode("gb18030").encode()
    yield BadFile("encoded twice", "a.csv", twice, "ENCODING")
    latin = "".join(map(chr, csv_bytes(HEADER, *GOOD_ROWS))).encode()
    yield BadFile("encoded twice as Latin", "a.csv", latin, "ENCODING")
    gbk = csv_bytes(HEADER, *GOOD_ROWS, encoding="gb18030").decode("latin-1").encode()
    yield BadFile("GBK encoded twice as Latin", "a.csv", gbk, "ENCODING")
    broken = csv_bytes(HEADER, *GOOD_ROWS).decode("gb18030", "replace").encode()
    yield BadFile("encoded twice with losses", "a.csv", broken, "ENCODING")
    yield BadFile("neither encoding", "a.csv", good + b"\xff\xff,1,2,3", "ENCODING")
    yield BadFile("Chinese commas", "a.csv", csv_bytes(HEADER, *GOOD_ROWS, delimiter="，"), "DELIMITER")
    yield BadFile("no header in csv", "a.csv", csv_bytes(*GOOD_ROWS), "HEADER")


@functools.cache
def bad_files() -> list[BadFile]:
    """Every file is refused as a whole, with the code given."""
    return [*_containers(), *_sheets(), *_csvs()]
