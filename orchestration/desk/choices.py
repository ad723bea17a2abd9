"""What may be corrected, as choices: cells of figures, targets, claims, marks, groups and posts, by who may ask.

A choice has a name of its own in addresses and forms: `figure:code`, `target:code`, `level:item:object`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import Any

from assets.in_force import Correcting
from assets.new_values import MAY_BE_BLANK
from evaluation.corrected import FIGURE, SUBJECT_NAMES, SUBJECTS
from evaluation.definition import Definition
from evaluation.figures import Figure
from evaluation.obligations import periods_due
from guard.users import User
from orchestration.desk.rows import Named, rows_of
from reports.answers import APPLICABLE, answers
from reports.corrections import FIELDS, item_names

HINTS = {
    "from": "日期，如 2025-05-18。",
    "to": "日期，如 2025-05-18；仍在任的留空。",
    "share": "份额，如 50%；不分的留空。",
    "document": "文件的名称及文号；没有的留空。",
    "quantity": "只写数，不带单位；不计数的留空。",
}


@dataclass(frozen=True)
class Choice:
    """One thing that may be corrected of a unit. `periods` are those of a figure.

    `answers`: what alone may be written, with its words; empty where anything may.
    """

    subject: str
    field: str
    code: str = ""
    object: str = ""
    name: str = ""
    unit_of_measure: str = ""
    periods: tuple[str, ...] = ()
    answers: Mapping[str, str] = made_by(default_factory=dict)

    @property
    def value(self) -> str:
        first = self.subject if self.subject == FIGURE else self.field
        return ":".join(filter(None, (first, self.code, self.object)))

    @property
    def kind(self) -> str:
        """Under which word the choice is listed."""
        return FIELDS[self.field] if self.subject == "target" else SUBJECT_NAMES[self.subject]

    @property
    def may_be_blank(self) -> bool:
        return self.field in MAY_BE_BLANK

    @property
    def hint(self) -> str:
        unit = f"（{self.unit_of_measure}）" if self.unit_of_measure else ""
        return HINTS.get(self.field, f"只写数，不带单位{unit}。")

    def asked(self, unit: str, period: str) -> dict[str, str | None]:
        """The cell as `assets.cells` reads it."""
        cell = {"unit": unit, "subject": self.subject, "indicator": self.code or None}
        if self.subject == FIGURE:
            return cell | {"period": period or None}
        return cell | {"field": self.field, "object": self.object or None}


def choices(definition: Definition, correcting: Correcting, user: User, unit: str) -> list[Choice]:
    """All that the user may ask to correct: figures in the rulebook's order; for examiners the unit's rows too.

    Of a unit that is chosen: what it is assessed by.
    """
    found = [one for one in _figures(definition, user, unit) if not unit or _is_asked(definition, unit, one.code)]
    if user.examines:
        found += [one for one in _targets(definition) if not unit or _is_asked(definition, unit, one.code)]
        names = item_names(definition)
        for one in rows_of(definition, correcting, unit):
            found += _cells(definition, names, one)
    return found


def _figures(definition: Definition, user: User, unit: str) -> Iterator[Choice]:
    """Of the user's own units all that they are assessed by, of others what the user reports."""
    own = set(user.codes) & set(definition.unit_names)
    everything = user.examines or (unit in own if unit else own)
    seen: set[str] = set()
    for figure in definition.rulebook.figures():
        if figure.code not in seen and (everything or may_correct_figure(user, figure)):
            seen.add(figure.code)
            periods = tuple(periods_due(definition.rulebook, figure))
            unit_of_measure = figure.unit_of_measure or ""
            yield Choice(FIGURE, "value", figure.code, "", figure.name, unit_of_measure, periods)


def _is_asked(definition: Definition, unit: str, code: str) -> bool:
    """Whether the unit is assessed by an item of that code, or by one that reads the figure."""
    rulebook, group = definition.rulebook, definition.unit_groups.get(unit, "")
    places = [place for figure in rulebook.figures() if figure.code == code for place in figure.places]
    places += [place for place in rulebook.places() if place.item.code == code]
    return any(rulebook.applies(place, unit, str(group)) for place in places)


def _targets(definition: Definition) -> list[Choice]:
    with_targets = set(definition.targets["indicator_code"])
    items = [place.item for place in definition.rulebook.places() if place.item.code in with_targets]
    return [
        Choice(
            "target", name, item.code, "", item.name, "" if name == "applicable" else item.unit_of_measure or "",
            answers=APPLICABLE if name == "applicable" else {},
        )
        for name in SUBJECTS["target"].fields
        for item in items
    ]  # fmt: skip


def _cells(definition: Definition, names: Mapping[str, str], row: Named) -> Iterator[Choice]:
    """The cells of one claim, mark, group or post."""
    subject = row.subject
    for name in SUBJECTS[subject].fields:
        words = " ".join(
            filter(None, (names.get(row.code, row.code), row.told, FIELDS[name] if name != subject else ""))
        )
        offered = answers(definition, {"field": name, "indicator_code": row.code})
        if name != "level" or offered:  # an item without levels has none to correct
            yield Choice(subject, name, row.code, row.object, words or FIELDS[name], answers=offered)


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
