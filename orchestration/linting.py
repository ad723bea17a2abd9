"""`kaohe lint`: faults of an evaluation's definition, or of a rulebook file wherever it lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation.definition import FILES, RULEBOOK, Definition, read_definition, read_what_can_be_read
from evaluation.faults import Fault, InvalidRulebook
from evaluation.lint import LintFinding, lint
from reports.words import SEVERITIES
from resources.home import Home
from resources.refused import Refused


def lint_target(home: Home, target: str) -> list[dict[str, Any]]:
    """Findings with file, line, key, clause, severity, message and remedy, in the order of file and line.

    Raises:
        Refused: neither an evaluation of the home nor a file.
    """
    path, evaluation = Path(target), target if target in home.evaluation_names() else None
    if evaluation is not None:
        files = home.definition_files(evaluation)
    elif path.is_file():
        files = _beside(path)
    else:
        raise Refused(f"“{target}”既不是考核，也不是文件。现有考核：{'、'.join(home.evaluation_names()) or '（无）'}。")
    before = _cycles_before(home, files)
    found = lint(files, previous=before[0] if before else None, evaluation=evaluation)
    found += [_found(fault) for fault in _circle(files, before)]
    if not any(finding.severity == "error" for finding in found):
        found += [_found(fault) for fault in _expectation_faults(files)]
    return [vars(finding) for finding in found]


def require_workable_expectations(files: Mapping[str, bytes]) -> None:
    """Raises: InvalidRulebook: an expectation of the rulebook cannot be put to the test."""
    faults = _expectation_faults(files)
    if faults:
        raise InvalidRulebook(faults)


def _expectation_faults(files: Mapping[str, bytes]) -> list[Fault]:
    """Faults of the rulebook's own expectations; none where it cannot be read at all, which is told otherwise."""
    from checks.expectations import expectation_faults

    reading = read_what_can_be_read(files)
    return [] if reading.rulebook is None else expectation_faults(reading.rulebook, reading.document)


def _cycles_before(home: Home, files: Mapping[str, bytes]) -> list[Definition]:
    """The definitions that lie in the home of the cycles before, newest first, as far as they can be read."""
    reading = read_what_can_be_read(files)
    previous = None if reading.rulebook is None else reading.rulebook.previous
    found: list[Definition] = []
    known = home.evaluation_names()
    while previous in known and previous not in [one.rulebook.evaluation for one in found]:
        try:
            found.append(read_definition(home.definition_files(previous)))
        except InvalidRulebook:
            break
        previous = found[-1].rulebook.previous
    return found


def _circle(files: Mapping[str, bytes], before: list[Definition]) -> list[Fault]:
    """A fault where one of the cycles before names this one, or one of its own, as the cycle before it."""
    reading = read_what_can_be_read(files)
    own = {"" if reading.rulebook is None else reading.rulebook.evaluation, *(d.rulebook.evaluation for d in before)}
    if not before or before[-1].rulebook.previous not in own:
        return []
    told = f"顺着 previous 从 {before[-1].rulebook.evaluation} 又回到 {before[-1].rulebook.previous}"
    line, key = reading.document.line(("previous",)), "previous"
    return [Fault(reading.document.file, line, key, told, "改正各年的 previous：只写上一年的考核")]


def _found(fault: Fault) -> LintFinding:
    return LintFinding(fault.file, fault.line, fault.key, "", "error", fault.message, fault.remedy)


def _beside(path: Path) -> dict[str, bytes]:
    """The rulebook, and the other files of its definition where they lie in the same folder."""
    others = {name: path.parent / name for name in FILES if name != RULEBOOK}
    return {RULEBOOK: path.read_bytes()} | {n: p.read_bytes() for n, p in others.items() if p.is_file()}


def told(found: list[dict[str, Any]]) -> str:
    """A line for each finding, then how many of each severity."""
    lines = []
    for row in found:
        place = f"{row['file']}:{row['line']}" if row["line"] else str(row["file"])
        clause = f"〔{row['clause']}〕" if row["clause"] else ""
        lines.append(f"{place} {SEVERITIES[row['severity']]} {row['key']}{clause}：{row['message']}。{row['remedy']}")
    counts = [f"{name}{sum(row['severity'] == code for row in found)}" for code, name in SEVERITIES.items()]
    return "\n".join([*lines, "，".join(counts) + "。" if found else "没有发现问题。"])
