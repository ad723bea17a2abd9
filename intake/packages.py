"""The zip pre-check of a workbook: nothing is parsed before the whole package has passed.

Here belong limits, names, inflation and the look for DOCTYPE, macros and encryption. What the parts of a
workbook mean is read in `workbooks.py` and `sheets.py`.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from intake.limits import LIMITS, Limits
from intake.raw import RawFinding, UnreadableFileError

_CHUNK = 1 << 20
_PROLOG_CHUNK = 4096
_FIRST_BYTES = re.compile(rb"\S.{0,2}", re.DOTALL)
_BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    ValueError,
)
_LINK_PARTS = ("xl/externallinks/", "xl/connections.xml")
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_MACRO_TYPES = (b"vnd.ms-office.vbaProject", b"vnd.ms-excel.macrosheet", b"vnd.ms-excel.intlmacrosheet")
_CONTENT_TYPES = "[content_types].xml"
_OTHER_NAMES = (".docx", ".doc", ".wps", ".pptx", ".ppt", ".dps", ".ods", ".odt", ".zip")


@dataclass(frozen=True, slots=True)
class Package:
    """The inflated XML parts, by name in lower case with `/` between folders."""

    parts: dict[str, bytes]
    has_external_links: bool = False


def open_package(data: bytes, name: str, limits: Limits = LIMITS) -> Package:
    """The parts of a workbook. Raises UnreadableFileError."""
    members = _members(data, limits)
    parts = _inflate(data, members, limits)
    _refuse_doctype(parts)
    _refuse_macros(parts)
    _refuse_other_packages(parts, name)
    return Package(parts, any(part.startswith(_LINK_PARTS) for part in parts))


def _fault(code: str, raw: str = "", detail: str = "") -> UnreadableFileError:
    return UnreadableFileError(RawFinding(code, raw=raw, detail=detail))


def _members(data: bytes, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except _BAD_ZIP as error:
        raise _fault("FILE_NOT_ZIP") from error
    if len(infos) > limits.members:
        raise _fault("ZIP_RATIO", detail=f"内部部件多于 {limits.members} 个。")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        key = _part_name(info.orig_filename)
        if key in members:
            raise _fault("ZIP_DUPLICATE_MEMBER", raw=info.orig_filename)
        members[key] = info
    if any(info.flag_bits & 1 for info in infos):
        raise _fault("ENCRYPTED")
    return members


def _part_name(name: str) -> str:
    """The name in one case, as parts are told apart; one that leads elsewhere is refused."""
    path = name.replace("\\", "/")
    climbs = ".." in path.split("/") or path.startswith("/") or path[1:2] == ":"
    if climbs or "\0" in path or not path:
        raise _fault("ZIP_NAME", raw=name)
    return posixpath.normpath(path).lower() + ("/" if path.endswith("/") else "")


def _inflate(data: bytes, members: dict[str, zipfile.ZipInfo], limits: Limits) -> dict[str, bytes]:
    """Every member is inflated, so that each check sum is tested; only XML is kept."""
    parts: dict[str, bytes] = {}
    left = _allowance(len(data), limits)
    if sum(info.file_size for info in members.values()) > left:
        raise _beyond(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name, info in members.items():
            stated, size, pieces = info.file_size, 0, []
            info.file_size = left + 2 * _CHUNK  # whatever the header states: until it ends or is too much
            for piece in _pieces(archive, info):
                size += len(piece)
                if size > left:
                    raise _beyond(data)
                pieces.append(piece)
            if size != stated:
                raise _damaged(info)
            left -= size
            parts[name] = b"".join(pieces) if _is_markup(pieces) else b""
    return parts


def _beyond(data: bytes) -> UnreadableFileError:
    return _fault("ZIP_RATIO", detail=f"文件只有 {len(data)} 字节。")


def _allowance(size: int, limits: Limits) -> int:
    return min(limits.inflated, max(limits.ratio_from, size * limits.ratio))


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _fault("FILE_CORRUPT", detail="压缩方式不是工作簿所用的。")
    try:
        with archive.open(info) as member:
            while piece := member.read(_CHUNK):
                yield piece
    except _BAD_ZIP as error:
        raise _damaged(info) from error


def _damaged(info: zipfile.ZipInfo) -> UnreadableFileError:
    return _fault("FILE_CORRUPT", detail=f"部件 {info.filename!r} 校验不符。")


def _is_markup(pieces: list[bytes]) -> bool:
    """XML in any of its encodings, which all begin with a mark or a bracket, perhaps after spaces."""
    start = next((found[0] for found in map(_FIRST_BYTES.search, pieces) if found), b"")
    return start.startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0"))


class _PrologEndError(Exception):
    """The first element has begun: no DOCTYPE can follow."""


class _DoctypeError(Exception):
    pass


def _refuse_doctype(parts: dict[str, bytes]) -> None:
    for name, part in parts.items():
        if part and _has_doctype(part):
            raise _fault("XML_DTD", raw=name)


def _has_doctype(part: bytes) -> bool:
    """Asked of the parser itself, because a search for the letters is blind to other encodings."""

    def doctype(*_: object) -> None:
        raise _DoctypeError

    def element(*_: object) -> None:
        raise _PrologEndError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        for start in range(0, len(part), _PROLOG_CHUNK):
            parser.Parse(part[start : start + _PROLOG_CHUNK], start + _PROLOG_CHUNK >= len(part))
    except _DoctypeError:
        return True
    except (_PrologEndError, expat.ExpatError, ValueError, LookupError):
        return False
    return False


def _refuse_macros(parts: dict[str, bytes]) -> None:
    for name in parts:
        if name.endswith(_MACRO_PARTS) or name.startswith("xl/macrosheets/"):
            raise _fault("MACRO", raw=name)
    types = parts.get(_CONTENT_TYPES, b"")
    if any(kind in types for kind in _MACRO_TYPES):
        raise _fault("MACRO", raw="[Content_Types].xml")


def _refuse_other_packages(parts: dict[str, bytes], name: str) -> None:
    if "xl/workbook.xml" in parts:
        if name.lower().endswith(_OTHER_NAMES):
            raise _fault("TYPE_MISMATCH", raw=name, detail="Excel 工作簿")
        return
    content = "普通压缩包"
    if "xl/workbook.bin" in parts:
        content = "二进制工作簿(.xlsb)"
    elif "word/document.xml" in parts:
        content = "Word 文档"
    elif "ppt/presentation.xml" in parts:
        content = "演示文稿"
    elif "mimetype" in parts:
        content = "OpenDocument 或其他文档"
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise _fault("TYPE_MISMATCH", raw=name, detail=content)
    raise _fault("TYPE", detail=content)
