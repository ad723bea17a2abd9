"""Short names for findings and claims, made of what they say: they stay while the content stays.

Whoever decides names one of them; a value that changes makes another name, and the decision no longer fits.
"""

import base64
import hashlib
from collections.abc import Sequence

import pandas as pd

KEY = ("unit_code", "indicator_code", "period")
PLACE = ("file", "sheet", "cell")
CLAIM = ("sender", "unit_code", "item_code", "object_id", "level", "quantity", "date", "document", "page")
_BETWEEN = "\x1f"


def joined(frame: pd.DataFrame, columns: Sequence[str]) -> "pd.Series[str]":
    """The texts of the columns in one, blanks as nothing; columns that are not there are blank.

    >>> joined(pd.DataFrame({"a": ["x", None], "b": ["y", "z"]}), ["a", "b"]).tolist() == ["x\\x1fy", "\\x1fz"]
    True
    """
    texts = frame.reindex(columns=list(columns)).astype("object")
    texts = texts.where(texts.notna(), "").astype("str")
    whole = pd.Series("", index=frame.index, dtype="str") if not columns else texts[columns[0]]
    for column in columns[1:]:
        whole = whole + _BETWEEN + texts[column]
    return whole


def short_ids(prefix: str, texts: "pd.Series[str]") -> "pd.Series[str]":
    """`prefix` and eight letters or digits (40 bits) for each text."""
    return pd.Series([prefix + _digest(text) for text in texts], index=texts.index, dtype="str")


def _digest(text: str) -> str:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()


def finding_ids(findings: pd.DataFrame) -> "pd.Series[str]":
    """`f` and the short name of code and content.

    A finding's content is its `identity` where it says one; else its sender, key and the text read, and only
    where it has no whole key also the place: an unchanged value in a new file is the same matter.
    """
    content = joined(findings, ["sender", *KEY, "raw"])
    keyed = findings.reindex(columns=list(KEY)).replace("", pd.NA).notna().all(axis=1)
    content = content.where(keyed, content + _BETWEEN + joined(findings, PLACE))
    if "identity" in findings:
        content = findings["identity"].where(findings["identity"].notna(), content)
    return short_ids("f", joined(findings, ["code"]) + _BETWEEN + content.astype("str"))


def claim_ids(claims: pd.DataFrame) -> "pd.Series[str]":
    """`c` and the short name of who claims what for whom, with which document."""
    return short_ids("c", joined(claims, CLAIM))
