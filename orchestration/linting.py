"""`kaohe lint`: faults of an evaluation's definition, or of a rulebook file wherever it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluation.definition import FILES, RULEBOOK
from evaluation.lint import lint
from orchestration.refusals import Refused
from resources.home import Home

SEVERITIES = {"error": "错误", "warning": "提醒", "note": "说明"}


def lint_target(home: Home, target: str) -> list[dict[str, Any]]:
    """Findings with file, line, key, clause, severity, message and remedy, in the order of file and line.

    Raises:
        Refused: neither an evaluation of the home nor a file.
    """
    path = Path(target)
    if target in home.evaluation_names():
        files = home.definition_files(target)
    elif path.is_file():
        files = _beside(path)
    else:
        raise Refused(f"“{target}”既不是考核，也不是文件。现有考核：{'、'.join(home.evaluation_names()) or '（无）'}。")
    return [vars(finding) for finding in lint(files)]


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
