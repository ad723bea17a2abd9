"""The edition: everything one version of an evaluation says, handed to every report alike.

Here belongs what a report may know. How any of it is written, worded or laid out does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from evaluation.definition import Definition
from evaluation.explanation_words import Language
from evaluation.states import STATES

if TYPE_CHECKING:
    from reports.analyses import AnalysesTold
    from reports.cycles import Cycle

T = TypeVar("T")
P = ParamSpec("P")
DETAILED_UNITS = 500
OTHER_RANKS = ["unit_code", "ranking", "change", "rank"]
EDGE_TIES = ["name", "unit_group", "rank", "unit_code", "admitted"]
CLAIMS = [
    *("claim_id", "unit_code", "item_code", "object_id", "level", "quantity", "date", "document", "page"),
    *("sender", "source", "outcome", "decision", "decided_by", "decided_because", "file", "sheet", "cell"),
]
MARKS = ["unit_code", "indicator_code", "judge", "mark", "source", "file", "sheet", "cell"]
ACCEPTED_VALUES = [
    *("unit_code", "indicator_code", "period", "accepted_value", "source", "file", "sheet", "cell", "seq", "flags"),
    "provisional",
]
EARLIER = ["version", "state", "unit_code", "total_score", "rank"]
SELF_SCORES = ["unit_code", "indicator_code", "self_score"]
PREVIOUS_TOTALS = ["unit_code", "total_score", "rank", "grade"]


@dataclass(frozen=True, eq=False)
class Edition:
    """One version of an evaluation. Reports read no clock: `as_of` is their date, `notice_until` the notice's last day
    (empty where it stands in none).

    `claims`: what was claimed, as corrected, with what was decided on it; `self_scores`: one per unit and item;
    `previous_totals` and `previous_values`: last year's under this year's codes; `cycles`: those before this one,
    newest first. A version that goes out also has `earlier`, totals and ranks of versions before, oldest first, `told`
    and `totals_told`, what `evaluation.explanation` says by language, and the `analyses`.
    """

    definition: Definition
    version: int
    state: str
    as_of: str
    ledger_seq: int
    ledger_head: str
    definition_digest: str
    inputs_digest: str
    adopted: bool
    indicator_scores: pd.DataFrame
    total_scores: pd.DataFrame
    official_scores: pd.DataFrame
    findings: pd.DataFrame
    accepted_values: pd.DataFrame
    changes: pd.DataFrame
    corrections: pd.DataFrame
    notice_until: str = ""
    other_ranks: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=OTHER_RANKS, dtype="str"))
    edge_ties: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=EDGE_TIES, dtype="str"))
    claims: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CLAIMS, dtype="str"))
    self_scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SELF_SCORES, dtype="str"))
    previous_totals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PREVIOUS_TOTALS, dtype="str"))
    previous_values: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ACCEPTED_VALUES, dtype="str"))
    marks: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=MARKS, dtype="str"))
    earlier: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=EARLIER, dtype="str"))
    told: Mapping[Language, pd.DataFrame] = field(default_factory=dict)
    totals_told: Mapping[Language, Mapping[str, list[str]]] = field(default_factory=dict)
    cycles: tuple[Cycle, ...] = ()
    analyses: AnalysesTold | None = None
    _made: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"state must be one of {STATES}, not {self.state!r}")
        date.fromisoformat(self.as_of)

    @property
    def notice_is_over(self) -> bool:
        """Whether the notice period had ended when these results were made."""
        return bool(self.notice_until) and self.as_of > self.notice_until

    @property
    def decimals(self) -> int:
        """Decimals of every published score."""
        return int(self.definition.rulebook.scoring.decimals)

    @property
    def subject(self) -> str:
        """Title of the rules; a rulebook without one is called by its evaluation."""
        rulebook = self.definition.rulebook
        return str(rulebook.title or rulebook.evaluation)

    @property
    def detailed(self) -> bool:
        """Whether there are few enough units for reasons, unit pages and the sheet of items."""
        return len(self.total_scores) <= DETAILED_UNITS

    def about(self, unit_code: str) -> Edition:
        """The edition without the rows of other units; all totals stay, for the unit is ranked among them."""
        names = ("indicator_scores", "accepted_values", "official_scores", "corrections", "claims", "self_scores")
        own = {name: rows[rows["unit_code"] == unit_code] for name in names for rows in [getattr(self, name)]}
        found = self.findings
        return replace(self, findings=found[(found["unit_code"] == unit_code) | (found["sender"] == unit_code)], **own)


# Made of definition, scores and accepted values alone.
_OF_RESULTS = ("catalogue", "ranking", "indicator_scores", "results_digest", "standings")


def saying_more(edition: Edition, **more: Any) -> Edition:
    """The edition with `more` said of the same results: what was made of these is not made again."""
    other = replace(edition, **more)
    other._made.update({name: edition._made[name] for name in _OF_RESULTS if name in edition._made})
    return other


def made_once(make: Callable[Concatenate[Edition, P], T]) -> Callable[Concatenate[Edition, P], T]:
    """What several reports make of an edition, and of names that are its own: made once, for no edition ever changes.

    What was made is everybody's: nobody may change it.
    """

    @wraps(make)
    def once(edition: Edition, /, *names: P.args, **named: P.kwargs) -> T:
        if make.__qualname__ not in edition._made:
            edition._made[make.__qualname__] = make(edition, *names, **named)
        found: T = edition._made[make.__qualname__]
        return found

    return once
