"""Lint: everything odd in a definition at once, each finding with file, line, clause and remedy.

Here belongs what is looked at and in which order it is told; the checks stand in the `lint_*` modules.
"""

from collections.abc import Iterator, Mapping, Sequence

from evaluation.definition import Definition, Reading, read_what_can_be_read
from evaluation.faults import Fault, not_yet_told
from evaluation.lint_bands import bands_findings
from evaluation.lint_continuity import continuity_findings
from evaluation.lint_limits import limits_findings
from evaluation.lint_outcomes import outcomes_findings
from evaluation.lint_points import points_findings
from evaluation.lint_posts import time_findings
from evaluation.lint_subject import LintFinding, Severity, Subject, clause_at
from evaluation.lint_tables import tables_findings
from evaluation.lint_texts import POPULATIONS, texts_findings
from evaluation.strict_yaml import Document
from evaluation.tables import OFFICIALS, TARGETS, UNITS

__all__ = ["LintFinding", "Severity", "lint"]

_CHECKS = (
    points_findings,
    limits_findings,
    bands_findings,
    tables_findings,
    outcomes_findings,
    time_findings,
    texts_findings,
    continuity_findings,
)


def lint(
    given: Definition | Mapping[str, bytes],
    populations: Sequence[frozenset[str]] = POPULATIONS,
    previous: Definition | None = None,
    evaluation: str | None = None,
) -> list[LintFinding]:
    """What is wrong or odd, in the order of file and line.

    `given` may be the files of a definition, whole or `rulebook.yaml` alone; what makes a definition
    unusable is then told as errors. Without units.csv nothing is said about units, targets and posts, without last
    year's definition (`previous`) nothing about what continues what, without the name of the `evaluation` whose files
    they are nothing about their own.
    """
    if isinstance(given, Definition):
        subject = Subject(
            given.rulebook,
            given.document,
            given.tables[UNITS.file],
            given.tables[OFFICIALS.file],
            given.tables[TARGETS.file],
            tuple(populations),
            previous,
        )
        return _sorted(_findings(subject))
    reading = read_what_can_be_read(given, evaluation)
    refused = [_refused(fault, reading.document) for fault in reading.faults]
    known = UNITS.file in given and not any(fault.file == UNITS.file for fault in reading.faults)
    subject_read = _subject(reading, known, tuple(populations), previous)
    found = [] if subject_read is None else list(_findings(subject_read))
    return _sorted([*refused, *not_yet_told(found, reading.faults)])


def _subject(
    reading: Reading, units_known: bool, populations: tuple[frozenset[str], ...], previous: Definition | None
) -> Subject | None:
    if reading.rulebook is None:
        return None
    units, targets = (reading.units, reading.targets) if units_known else (None, None)
    return Subject(reading.rulebook, reading.document, units, reading.officials, targets, populations, previous)


def _findings(subject: Subject) -> Iterator[LintFinding]:
    for check in _CHECKS:
        yield from check(subject)


def _sorted(findings: "Iterator[LintFinding] | Sequence[LintFinding]") -> list[LintFinding]:
    order = {"rulebook.yaml": 0, "units.csv": 1, "officials.csv": 2, "targets.csv": 3}
    whole = dict.fromkeys(findings)
    return sorted(whole, key=lambda found: (order.get(found.file, 9), found.line or 0, found.key, found.message))


def _refused(fault: Fault, document: Document) -> LintFinding:
    clause = ""
    if fault.file == document.file:
        path = next((path for path, line in document.lines.items() if line == fault.line), ())
        clause = clause_at(document, path)
    return LintFinding(fault.file, fault.line, fault.key, clause, "error", fault.message, fault.remedy)
