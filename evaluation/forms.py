"""What a fill-in workbook and its reader agree on: names of sheets, the stamp, the mark of cells that are not asked.

Here belong words alone. Forms are written in `reports/form*.py` and read in `intake/`.
"""

from typing import NamedTuple

INSTRUCTIONS = "填表说明"
STAMP_SHEET = "_kaohe"
LISTS_SHEET = "_lists"
NOT_APPLICABLE = "不适用"


class Stamp(NamedTuple):
    """For whom and by which rules a workbook was made; in the sheet as rows of name and text."""

    evaluation: str = ""
    sender: str = ""
    period: str = ""
    definition: str = ""


def labelled(name: str, code: str) -> str:
    """A code as people choose it from a list.

    >>> labelled("砺石镇", "T01")
    '砺石镇〔T01〕'
    """
    return f"{name}〔{code}〕"
