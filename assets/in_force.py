"""What stands in a cell now: the rules, the facts and every approved correction together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from evaluation.acceptance import KEY
from evaluation.corrected import CELL, FIGURE, OF_THE_DEFINITION, corrected, text_in, with_corrections
from evaluation.decided import REPLACED
from evaluation.definition import Definition
from evaluation.refiled import marks_that_count
from resources.adoption import adopted_definition
from resources.corrections import approved, corrections
from resources.home import Home
from resources.inbox import RECEIVED
from resources.kaohe import Work, work_on
from resources.ledger import Ledger


@dataclass(frozen=True)
class Correcting:
    """One evaluation as whoever corrects it sees it: the rules and facts in force now."""

    home: Home
    ledger: Ledger
    evaluation: str

    @property
    def definition(self) -> Definition:
        return definition_of(self.home, self.ledger, self.evaluation)

    @property
    def adopted(self) -> Definition:
        """The rules as their files have them."""
        return adopted_definition(self.home, self.ledger, self.evaluation)

    @property
    def work(self) -> Work:
        return work_on(self.home, self.evaluation)

    @property
    def approved(self) -> pd.DataFrame:
        """Approved corrections."""
        return approved(corrections(self.ledger, self.evaluation))

    @property
    def is_behind(self) -> bool:
        """Whether files were received that no run has read yet."""
        return self.ledger.newest_of(self.evaluation, [RECEIVED]) > self.work.run.ledger_seq

    def in_force(self, cell: Mapping[str, str]) -> str:
        """What stands in the cell now, all approved corrections on it; "" where nothing does."""
        subject = cell["subject"]
        if subject in OF_THE_DEFINITION:
            return text_in(table_of(self.definition, subject), cell)
        asked = self.approved
        if subject == FIGURE:
            own = asked[_same_cell(asked, cell)]
            return str(own["new_value"].iloc[-1]) if len(own) else self._accepted(cell)
        return text_in(corrected(self.submitted(subject), subject, asked), cell)

    def submitted(self, subject: str) -> pd.DataFrame:
        """Claims that could be read and that their sender has not replaced, or marks that count."""
        if subject == "mark":
            return marks_that_count(self.definition.rulebook, self.work.read("marks", "submitted_claims"))
        claims = self.work.read("submitted_claims")
        return claims[(claims["outcome"] == "accepted") & (claims["decision"] != REPLACED)]

    def _accepted(self, cell: Mapping[str, str]) -> str:
        accepted = self.work.read("accepted_values")
        named = (accepted[KEY] == [cell[name] for name in KEY]).all(axis=1)
        values = accepted.loc[named, "accepted_value"].dropna()
        return "" if values.empty else str(values.iloc[0])


@dataclass(frozen=True)
class CorrectingInRun(Correcting):
    """The same as a run sees it that is at work: the rules by its ledger entry, its own tables."""

    at_work: Work
    read: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False)

    @property
    def definition(self) -> Definition:
        return self.at_work.definition

    @property
    def adopted(self) -> Definition:
        return self.at_work.adopted_definition

    @property
    def work(self) -> Work:
        return self.at_work

    @property
    def approved(self) -> pd.DataFrame:
        return self.at_work.corrections

    def submitted(self, subject: str) -> pd.DataFrame:
        """Read once: a sheet may have thousands of rows."""
        if subject not in self.read:
            self.read[subject] = super().submitted(subject)
        return self.read[subject]


def written(correcting: Correcting, cell: Mapping[str, str]) -> dict[str, str]:
    """`file_value`: what the definition's file says in a cell of its, to which the correction is bound."""
    if cell["subject"] not in OF_THE_DEFINITION:
        return {}
    return {"file_value": text_in(table_of(correcting.adopted, cell["subject"]), cell)}


def table_of(definition: Definition, subject: str) -> pd.DataFrame:
    """The table of the definition that the subject's rows stand in."""
    return {"target": definition.targets, "group": definition.units, "post": definition.officials}[subject]


def _same_cell(asked: pd.DataFrame, cell: Mapping[str, str]) -> pd.Series[bool]:
    return (asked[CELL] == [cell[name] for name in CELL]).all(axis=1)


def definition_of(home: Home, ledger: Ledger, evaluation: str) -> Definition:
    """The definition in force now, as corrected.

    Raises:
        UnknownEvaluation, InvalidRulebook: as their names say.
    """
    adopted = adopted_definition(home, ledger, evaluation)
    return with_corrections(adopted, approved(corrections(ledger, evaluation)))
