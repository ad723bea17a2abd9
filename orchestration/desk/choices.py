"""What may be corrected, as choices: figures, targets and stretch targets, each with who may ask for it.

A choice is written `subject:code` in addresses and forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from evaluation.corrected import FIGURE
from evaluation.definition import Definition
from evaluation.figures import Figure
from evaluation.obligations import periods_due
from guard.users import User
from reports.corrections import FIELDS

STRETCH = "stretch"
SUBJECTS = {FIGURE: "数据", "target": FIELDS["target"], STRETCH: FIELDS[STRETCH]}


class Choice(NamedTuple):
    """One thing that may be corrected of a unit. `periods` are those of a figure."""

    subject: str
    code: str
    name: str
    unit_of_measure: str = ""
    periods: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return f"{self.subject}:{self.code}"

    def asked(self, unit: str, period: str) -> dict[str, str | None]:
        """The cell as `orchestration.cells` reads it."""
        if self.subject == FIGURE:
            return {"unit": unit, "subject": FIGURE, "indicator": self.code, "period": period or None}
        return {"unit": unit, "subject": "target", "field": self.subject, "indicator": self.code}


def choices(definition: Definition, user: User) -> list[Choice]:
    """All that the user may ask to correct, in the rulebook's order: figures, then targets."""
    rulebook = definition.rulebook
    everything = user.examines or set(user.codes) & set(definition.units["unit_code"])
    found: dict[str, Choice] = {}
    for figure in rulebook.figures():
        if everything or may_correct_figure(user, figure):
            periods = tuple(periods_due(rulebook, figure))
            found.setdefault(
                figure.code, Choice(FIGURE, figure.code, figure.name, figure.unit_of_measure or "", periods)
            )
    with_targets = set(definition.targets["indicator_code"])
    targets = [place.item for place in rulebook.places() if place.item.code in with_targets] if user.examines else []
    return list(found.values()) + [
        Choice(subject, item.code, item.name, item.unit_of_measure or "")
        for subject in ("target", STRETCH)
        for item in targets
    ]


def may_correct_figure(user: User, figure: Figure) -> bool:
    return bool(set(user.codes) & set(figure.sources))


def may_ask(definition: Definition, user: User, row: Mapping[str, Any]) -> bool:
    """Whether a request (CELL) is the user's to make and to see: of its unit, or of a figure that it reports."""
    if user.examines or row["unit_code"] in user.codes:
        return True
    own = {figure.code for figure in definition.rulebook.figures() if may_correct_figure(user, figure)}
    return row["subject"] == FIGURE and row["indicator_code"] in own


def of_item(definition: Definition, code: str) -> list[str]:
    """Codes of the figures that the item or one of its parts reads; of a figure its own."""
    figures = definition.rulebook.figures()
    read = [f.code for f in figures if any(code in {item.code for item in place.chain} for place in f.places)]
    return list(dict.fromkeys([f.code for f in figures if f.code == code] or read))
