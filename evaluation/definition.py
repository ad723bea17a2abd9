"""One evaluation's definition: rulebook, units, officials and targets, read together or refused together.

Here belongs how the four files become one thing with one digest. Adopting a definition is done elsewhere.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from evaluation.faults import Fault, InvalidRulebook, not_yet_told
from evaluation.plan import Plan, make_plan
from evaluation.references import reference_faults
from evaluation.rulebook import Rulebook
from evaluation.rulebook_file import read_rulebook
from evaluation.strict_yaml import Document, read_yaml
from evaluation.table_checks import officials_faults, targets_faults, units_faults
from evaluation.tables import OFFICIALS, TARGETS, UNITS, Table, TableForm, empty_table, read_table
from evaluation.targets import TargetTable
from evaluation.unit_classes import unit_classes

RULEBOOK = "rulebook.yaml"
FILES = (RULEBOOK, "units.csv", "officials.csv", "targets.csv")


@dataclass(frozen=True, eq=False)
class Definition:
    """The frames have the columns of their files, all text, empty is NA, in file order.

    `document` and `tables` know on which line everything stands.
    """

    rulebook: Rulebook
    units: pd.DataFrame
    officials: pd.DataFrame
    targets: pd.DataFrame
    digest: str
    document: Document
    tables: Mapping[str, Table]

    @cached_property
    def plan(self) -> Plan:
        """The rulebook made ready for computing with these units."""
        return make_plan(self.rulebook, unit_classes(self.rulebook, self.units))

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Names of the units by code, in the order of the file; of a code that stands twice the last."""
        return dict(zip(self.units["unit_code"], self.units["name"], strict=True))

    @cached_property
    def sender_names(self) -> dict[str, str]:
        """Names of departments and units by code."""
        return {department.code: department.name for department in self.rulebook.departments} | self.unit_names

    @cached_property
    def unit_groups(self) -> dict[str, str]:
        """Groups of the units by code."""
        return dict(zip(self.units["unit_code"], self.units["group"], strict=True))

    @cached_property
    def target_table(self) -> TargetTable:
        """The targets made ready for computing with these units."""
        return TargetTable(self.targets, self.plan.units.codes)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Hex SHA-256 over names and contents; lengths stand before both, so no two sets of files agree."""
    digest = hashlib.sha256()
    for name in FILES:
        if name in files:
            digest.update(f"{len(name)}:{name}{len(files[name])}:".encode())
            digest.update(files[name])
    return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class Reading:
    """What could be read of a definition, and everything that is wrong with it.

    With faults, `rulebook` may lack the keys that were refused: it is for lint alone.
    """

    rulebook: Rulebook | None
    document: Document
    units: Table
    officials: Table
    targets: Table
    faults: list[Fault]


def read_definition(files: Mapping[str, bytes], evaluation: str | None = None) -> Definition:
    """The definition in `files`, of which `officials.csv` and `targets.csv` may be absent; it is that of `evaluation`
    (None: of whichever it says).

    Raises InvalidRulebook with every fault that could be found.
    """
    reading = read_what_can_be_read(files, evaluation)
    if UNITS.file not in files:
        reading.faults.append(Fault(UNITS.file, None, "", "缺少文件", "列出被考核单位"))
    if reading.faults or reading.rulebook is None:
        raise InvalidRulebook(reading.faults)
    return Definition(
        rulebook=reading.rulebook,
        units=reading.units.frame,
        officials=reading.officials.frame,
        targets=reading.targets.frame,
        digest=digest_of(files),
        document=reading.document,
        tables={table.file: table for table in (reading.units, reading.officials, reading.targets)},
    )


def read_what_can_be_read(files: Mapping[str, bytes], evaluation: str | None = None) -> Reading:
    """As much of a definition as `files` hold, for lint; without units.csv no unit is checked, without the name of the
    evaluation not whether it is its own."""
    document, faults = _rulebook_document(files)
    rulebook, refused = _rulebook(document, faults)
    if rulebook is not None and evaluation not in (None, rulebook.evaluation):
        told = f"写的是“{rulebook.evaluation}”，与文件夹“{evaluation}”不同名"
        line, remedy = document.line(("evaluation",)), f"改为 evaluation: {evaluation}，或把文件夹改名"
        refused.append(Fault(RULEBOOK, line, "evaluation", told, remedy))
    units, wrong_units = _table(files, UNITS)
    officials, wrong_officials = _table(files, OFFICIALS)
    targets, wrong_targets = _table(files, TARGETS)
    faults += [*refused, *wrong_units, *wrong_officials, *wrong_targets]
    known = UNITS.file in files and not wrong_units
    codes = units.frame["unit_code"].dropna().tolist() if known else None
    if UNITS.file in files and not (wrong_units and units.frame.empty):
        faults += units_faults(units, rulebook)
    faults += officials_faults(officials, rulebook, codes) + targets_faults(targets, rulebook, codes)
    if rulebook is not None:
        references = reference_faults(rulebook, document, units.frame if known else None)
        faults += not_yet_told(references, tuple(faults))
    return Reading(rulebook, document, units, officials, targets, faults)


def _rulebook_document(files: Mapping[str, bytes]) -> tuple[Document, list[Fault]]:
    if RULEBOOK in files:
        return read_yaml(files[RULEBOOK], RULEBOOK)
    return Document(RULEBOOK, {}, {}, complete=False), [Fault(RULEBOOK, None, "", "缺少文件", "写入考核细则")]


def _rulebook(document: Document, faults: list[Fault]) -> tuple[Rulebook | None, list[Fault]]:
    """What the reader already refused is not refused a second time for what was put in its place."""
    if not document.complete:
        return None, []
    rulebook, refused = read_rulebook(document)
    return rulebook, not_yet_told(refused, faults)


def _table(files: Mapping[str, bytes], form: TableForm) -> tuple[Table, list[Fault]]:
    return read_table(files[form.file], form) if form.file in files else (empty_table(form), [])
