"""What the bytes of a file are, decided by the bytes and never by the name.

Here belongs everything that can be said before a file is opened. What is inside a zip is looked into by
`packages.py`.
"""

from pathlib import PurePosixPath

from intake.raw import RawFinding, UnreadableFileError

EVIDENCE_FOLDER = "佐证/"
_EVIDENCE = {"pdf", "jpg", "png"}
_WORKBOOK_NAMES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".et", ".ett"}
_TEXT_NAMES = {".csv", ".txt", ".tsv", ""}
_OTHER_NAMES = {
    ".pdf": {"pdf"},
    ".jpg": {"jpg"},
    ".jpeg": {"jpg"},
    ".png": {"png"},
    ".zip": {"zip"},
    ".docx": {"zip"},
    ".doc": {"compound"},
}

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (_COMPOUND, "compound"),
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\x09\x08\x10\x00", "xls"),
    (b"\x09\x08\x08\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x02\x06\x00", "xls"),
    (b"\xff\xfe", "text"),
    (b"\xfe\xff", "text"),
)
LONGEST_SIGNATURE = 64  # bytes; longer than any of them
_DESCRIPTIONS = {
    "zip": "工作簿或压缩包",
    "compound": "旧版 Office 文件",
    "xls": "旧版 .xls 表格",
    "pdf": "PDF 文档",
    "jpg": "图片",
    "png": "图片",
    "markup": "网页或 XML",
    "text": "文本",
    "unknown": "无法识别的二进制内容",
}


def content_of(data: bytes) -> str:
    """One of the keys of `_DESCRIPTIONS`."""
    for signature, content in _SIGNATURES:
        if data.startswith(signature):
            return content
    if b"\0" in data:
        return "unknown"
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "markup" if start.startswith(b"<") else "text"


def readable_content(data: bytes, name: str) -> str:
    """`zip`, `text` or `evidence`; raises UnreadableFileError for whatever is not read."""
    if not data:
        raise UnreadableFileError(RawFinding("FILE_EMPTY"))
    content = content_of(data)
    if name.startswith(EVIDENCE_FOLDER):
        return _evidence(content)
    suffix = PurePosixPath(name.rstrip(" .")).suffix.lower()
    fault = _fault(content, data, name, suffix)
    if fault is not None:
        raise UnreadableFileError(fault)
    return content


def _evidence(content: str) -> str:
    if content not in _EVIDENCE:
        detail = f"佐证材料须为 pdf、jpg、png，此文件是{_DESCRIPTIONS[content]}"
        raise UnreadableFileError(RawFinding("TYPE", detail=detail))
    return "evidence"


def _fault(content: str, data: bytes, name: str, suffix: str) -> RawFinding | None:
    if content == "compound":
        return _compound_fault(data, name, suffix)
    if content == "xls":
        return RawFinding("OLD_XLS")
    if content == "unknown" and suffix in _WORKBOOK_NAMES:
        return RawFinding("FILE_NOT_ZIP")
    if content == "unknown" and suffix in _TEXT_NAMES - {""}:
        return RawFinding("BINARY")
    if _promises_another(content, suffix):
        return RawFinding("TYPE_MISMATCH", raw=name, detail=_DESCRIPTIONS[content])
    if content == "zip" or (content == "text" and suffix in _TEXT_NAMES):
        return None
    return RawFinding("TYPE", detail=_DESCRIPTIONS[content])


def _promises_another(content: str, suffix: str) -> bool:
    """Whether the name claims a type that we know and that the content is not."""
    if suffix in _WORKBOOK_NAMES:
        return content != "zip"
    if suffix in _TEXT_NAMES - {""}:
        return content != "text"
    return suffix in _OTHER_NAMES and content not in _OTHER_NAMES[suffix]


def _compound_fault(data: bytes, name: str, suffix: str) -> RawFinding:
    """OLE compound files: an encrypted workbook, an old one, or another old Office file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return RawFinding("ENCRYPTED")
    if any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return RawFinding("OLD_XLS")
    if suffix in (".xls", ".et") and "WordDocument".encode("utf-16-le") not in data:  # cut off, or of another program
        return RawFinding("OLD_XLS")
    if _promises_another("compound", suffix):
        return RawFinding("TYPE_MISMATCH", raw=name, detail=_DESCRIPTIONS["compound"])
    return RawFinding("TYPE", detail=_DESCRIPTIONS["compound"])
