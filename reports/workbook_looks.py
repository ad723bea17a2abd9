"""How cells of the workbook look: named fonts, borders, number formats, each made once.

Here belongs the form of a cell. The form of a sheet does not (`workbook_sheet`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reports.edition import Edition
from reports.words import PROVISIONAL

TITLE_POINTS = 18
FONT = {"font_name": "宋体", "font_size": 10, "font_scheme": "none"}  # else the theme's font goes before the name
BODY = FONT | {"border": 1, "valign": "vcenter", "text_wrap": True}
LOOKS: dict[str, dict[str, Any]] = {
    "title": FONT
    | {
        "font_name": "方正小标宋简体",
        "font_size": TITLE_POINTS,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "line": FONT | {"valign": "vcenter"},
    "line_right": FONT | {"valign": "vcenter", "align": "right"},
    "signature": FONT | {"valign": "vcenter"},
    "note": FONT | {"font_size": 9, "valign": "top", "text_wrap": True},
    "header": BODY | {"bold": True, "align": "center"},
    "band": BODY | {"bold": True, "align": "left"},
    "box": BODY | {"align": "left", "valign": "top"},
    "text": BODY | {"align": "left"},
    "centre": BODY | {"align": "center"},
    "score": BODY | {"align": "center", "text_wrap": False},
    "number": BODY | {"align": "right", "text_wrap": False},
}


@dataclass
class Book:
    """The workbook being written, of one edition."""

    file: Any
    edition: Edition
    formats: dict[tuple[str, str], Any] = field(default_factory=dict)

    def look(self, name: str, number_format: str = "") -> Any:
        """The format of that name, made once for all sheets."""
        key = (name, number_format)
        if key not in self.formats:
            numbers = {"num_format": number_format} if number_format else {}
            self.formats[key] = self.file.add_format(LOOKS[name] | numbers)
        return self.formats[key]


def number_format(decimals: int, provisional: bool = False) -> str:
    """
    >>> number_format(2), number_format(0), number_format(1, provisional=True)
    ('0.00', '0', '0.0"（暂定）"')
    """
    return "0" + ("." + "0" * decimals if decimals else "") + (f'"（{PROVISIONAL}）"' if provisional else "")
