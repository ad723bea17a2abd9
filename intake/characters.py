"""Characters that look alike: full-width forms, spaces and invisible characters.

Here belongs what is done to any text before it is read as a number, a period, a code or a name.
"""

import unicodedata
from functools import lru_cache

_EDGES = " \t\r\n\v\f\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_HALF_WIDTH = {ord(wide): ord(wide) - 0xFEE0 for wide in "０１２３４５６７８９．，－＋％／：（）"}
_HALF_WIDTH[ord("\u2212")] = ord("-")


def trimmed(text: str) -> str:
    """Without spaces of any kind and invisible characters at both ends."""
    return text.strip(_EDGES + _INVISIBLE)


def has_invisible(text: str) -> bool:
    return any(character in text for character in _INVISIBLE)


def half_width(text: str) -> str:
    """Full-width digits and signs and the minus sign in ASCII; nothing else is folded.

    Compatibility folding would turn 10² into 102.

    >>> half_width("１２３．５％"), half_width("10²")
    ('123.5%', '10²')
    """
    return text.translate(_HALF_WIDTH)


@lru_cache(maxsize=1 << 16)
def code_text(text: str) -> str:
    """A code or a name as it is compared: one width, no spaces, no invisible characters.

    >>> code_text(" Ｔ００１\u200b")
    'T001'
    """
    if text.isascii():
        return "".join(text.split())
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")
