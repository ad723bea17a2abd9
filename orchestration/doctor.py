"""`kaohe doctor`: is this installation sound, and what to do where it is not. Nothing is changed.

Here belongs the list and how it is told. Looking stands in `doctor_machine.py` (what the office PC brings) and in
`doctor_home.py` (what the home holds); each look is a function that yields diagnoses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resources.home import Home

SOUND, NOTICE, FAULT = "正常", "留意", "故障"


@dataclass(frozen=True)
class Diagnosis:
    """What was looked at, how it is (`SOUND`, `NOTICE` or `FAULT`), what was seen and what to do about it."""

    subject: str
    state: str
    seen: str
    remedy: str = ""


def examined(home: Home) -> Iterator[Diagnosis]:
    """All diagnoses, one look after the other: a look that fails does not stop the others."""
    from orchestration import doctor_home, doctor_machine
    from orchestration.refusals import REFUSALS

    if not home.path.is_dir():
        yield Diagnosis("工作文件夹", FAULT, f"没有 {home.path}。", "运行 kaohe init，或改正 KAOHE_HOME。")
        return
    for subject, look in (*doctor_machine.LOOKS.items(), *doctor_home.LOOKS.items()):
        try:
            yield from (Diagnosis(subject, *found) for found in look(home))
        except REFUSALS as refusal:  # says itself what to do
            yield Diagnosis(subject, FAULT, str(refusal))
        except Exception as fault:  # whatever ails the installation is what is looked for
            yield Diagnosis(subject, FAULT, f"查不下去：{fault}", "把这一行发给维护人员。")


def tell(diagnoses: list[Diagnosis]) -> None:
    """Print a table: sound things briefly, others with their remedy."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    colours = {SOUND: "green", NOTICE: "yellow", FAULT: "bold red"}
    table = Table("项目", "结论", Column("所见与办法", overflow="fold"), show_lines=False)
    for one in diagnoses:
        told = one.seen + (f"\n→ {one.remedy}" if one.remedy else "")
        table.add_row(one.subject, Text(one.state, colours[one.state]), Text(told))
    counts = {state: sum(one.state == state for one in diagnoses) for state in (FAULT, NOTICE, SOUND)}
    console = Console()
    console.print(table)
    console.print("，".join(f"{state}{count}项" for state, count in counts.items()) + "。", markup=False)
