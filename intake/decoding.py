"""The text of a csv file as UTF-8: which encoding its bytes are in, and a refusal where that is not certain.

Here belongs the way from any bytes to UTF-8. Rows and fields are made in `csvfile.py`. Nothing is ever
replaced: what does not decode exactly is refused.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from intake.raw import RawFinding, UnreadableFileError

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# No byte of a GB18030 character is one of these.
_CHINESE_FIELD = re.compile(rb'[^,;\t\r\n"\x80-\xff]*+[\x80-\xff][^,;\t\r\n"]*')
_CHUNK = 1 << 20


class DecodedText(NamedTuple):
    """`text` is UTF-8 without a mark."""

    text: bytes
    findings: tuple[RawFinding, ...] = ()


def decode(data: bytes) -> DecodedText:
    """The text and a note on an unusual encoding. Raises UnreadableFileError."""
    for mark, encoding in _UTF16.items():
        if data.startswith(mark):
            return DecodedText(_utf16(data[len(mark) :], encoding), (_note("UTF-16"),))
    if b"\0" in data:
        raise UnreadableFileError(RawFinding("BINARY"))
    if _is_utf8(data):
        return DecodedText(data.removeprefix(codecs.BOM_UTF8))
    return DecodedText(_gb18030(data), (_note("GB18030（GBK）"),))


def _is_utf8(data: bytes) -> bool:
    """Tested a piece at a time: the whole as text takes several times its bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(data[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _note(encoding: str) -> RawFinding:
    return RawFinding("OTHER_ENCODING", detail=encoding)


def _utf16(data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise _undecodable("UTF-16 文字不完整。") from error
    if b"\0" in text:
        raise UnreadableFileError(RawFinding("BINARY"))
    return text


def _undecodable(detail: str) -> UnreadableFileError:
    return UnreadableFileError(RawFinding("ENCODING", detail=detail))


def _gb18030(data: bytes) -> bytes:
    if data.startswith(codecs.BOM_UTF8) or _has_utf8_fields(data):
        raise _undecodable("同一文件里混有 UTF-8 与其他编码。")
    try:
        return data.decode("gb18030").encode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _undecodable(f"第 {line} 行既不是 UTF-8，也不是 GB18030。") from error


def _has_utf8_fields(data: bytes) -> bool:
    """Whether some field is Chinese in UTF-8, which text in GB18030 is by the rarest accident only."""
    return any(map(_is_chinese_utf8, {found[0] for found in _CHINESE_FIELD.finditer(data)}))


def _is_chinese_utf8(field: bytes) -> bool:
    try:
        text = field.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(c.isascii() or "\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in text)


def before_encoded_twice(text: str) -> Iterator[str]:
    """What the text may have been before it was read in a wrong encoding and saved again.

    >>> "单位编码" in before_encoded_twice("单位编码".encode().decode("gb18030"))
    True
    """
    for wrong in ("gb18030", "cp1252", "latin-1"):
        for right in ("utf-8", "gb18030"):
            if wrong != right:
                yield text.encode(wrong, "replace").decode(right, "replace")
