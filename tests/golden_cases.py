"""Worked examples in `golden/rules/`: read, turned into a definition and its inputs, and scored.

Here belongs the form of these files (described in their README.md) and nothing about what must come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from evaluation.continuity import in_this_years_codes
from evaluation.definition import Definition, read_definition
from evaluation.lint import LintFinding, lint
from evaluation.scoring import Scores, score
from evaluation.strict_yaml import read_yaml

RULES = Path(__file__).parent / "golden" / "rules"
ABOUT = {"case", "kind", "source", "worked", "given", "expect", "posts", "lint"}
GIVEN = {"group", "value", "base_score", "target", "stretch", "applicable", "previous", "previous_total"}
GIVEN |= {"received", "claims", "marks"}
FILLER = {"code": "base_score", "name": "基础分", "points": "100", "rule": {"kind": "per_item", "each": "1"}}
HEAD = {"evaluation": "golden", "cycle": {"year": "2025", "starts": "2025-01-01", "ends": "2025-12-31"}}
GROUPS = [{"code": "towns", "name": "乡镇", "kind": "township"}]
CLAIM_KEYS = ("object", "level", "quantity", "date", "document", "page")


@dataclass(frozen=True)
class Case:
    """One case; `text` is how it stands in the file, for the documentation to show."""

    file: str
    text: str
    tree: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.tree["case"])

    @property
    def kinds(self) -> list[str]:
        return list(self.tree.get("kind", []))

    @property
    def given(self) -> dict[str, dict[str, Any]]:
        return dict(self.tree.get("given", {}))

    @cached_property
    def rulebook(self) -> dict[str, Any]:
        """The rulebook around what the case writes; without items, one whose figure is the base score."""
        written = {key: value for key, value in self.tree.items() if key not in ABOUT | {"item", "items"}}
        if "sections" not in written:
            items = self.tree.get("items", [self.tree.get("item", FILLER)])
            written["sections"] = [{"code": "main", "name": "考核内容", "indicators": items}]
        before = any({"previous", "previous_total"} & set(given) for given in self.given.values())
        return {**HEAD, **({"previous": "golden-before"} if before else {}), "groups": GROUPS, **written}

    @cached_property
    def definition(self) -> Definition:
        return read_definition(self.files)

    def findings(self) -> list[LintFinding]:
        return lint(self.files)

    @cached_property
    def files(self) -> dict[str, bytes]:
        return {
            "rulebook.yaml": yaml.dump(self.rulebook, Dumper=_Plain, allow_unicode=True, default_style='"').encode(),
            "units.csv": _csv(self._units()),
            "targets.csv": _csv(self._targets()),
            "officials.csv": _csv(self._officials()),
        }

    def scores(self) -> Scores:
        return score(
            self.definition,
            self._figures("value"),
            claims=self._claims(),
            marks=self._marks(),
            previous=in_this_years_codes(self.definition, self._figures("previous")),
            previous_totals=self._previous_totals(),
            received=self._received(),
        )

    @property
    def _columns(self) -> list[str]:
        """Further columns of units.csv: whatever is given under a name of its own."""
        return list(dict.fromkeys(key for given in self.given.values() for key in given if key not in GIVEN))

    def _units(self) -> pd.DataFrame:
        kinds = {group["code"]: group["kind"] for group in self.rulebook["groups"]}
        rows = []
        for unit, given in self.given.items():
            group = given.get("group", next(iter(kinds)))
            row = {"unit_code": unit, "name": unit, "kind": kinds[group], "group": group}
            rows.append(row | {column: given.get(column) for column in self._columns})
        return _texts(rows, "unit_code", "name", "kind", "group", *self._columns)

    @property
    def _only_item(self) -> str:
        """What a value without a code is of: the item itself."""
        items = [item for section in self.rulebook["sections"] for item in section["indicators"]]
        return str(items[0]["code"])

    def _targets(self) -> pd.DataFrame:
        cells: dict[tuple[str, str], dict[str, str]] = {}
        for unit, given in self.given.items():
            for key in ("target", "stretch", "applicable"):
                for code, text in _by_code(given.get(key), self._only_item):
                    cells.setdefault((unit, code), {})[key] = text
        rows = [{"unit_code": unit, "indicator_code": code, **row} for (unit, code), row in cells.items()]
        return _texts(rows, "unit_code", "indicator_code", "target", "stretch", "applicable")

    def _officials(self) -> pd.DataFrame:
        rows = [{"official_code": post["official"], "unit_code": post["unit"], **post} for post in self._posts]
        return _texts(rows, "official_code", "unit_code", "role", "name", "from", "to", "share")

    @property
    def _posts(self) -> list[dict[str, str]]:
        return list(self.tree.get("posts", []))

    def _figures(self, key: str) -> pd.DataFrame:
        """Accepted values as they are handed to scoring; `previous` of the year before."""
        rows = []
        for unit, given in self.given.items():
            for code, period, text in self._values(given, key):
                owed = text == "owed"
                row: dict[str, Any] = {"unit_code": unit, "indicator_code": code, "period": period, "source": "self"}
                row |= {"accepted_value": None if owed else text, "flags": "owed" if owed else None}
                rows.append(row | {"provisional": owed})
        names = ("unit_code", "indicator_code", "period", "accepted_value", "source", "flags")
        frame = _texts(rows, *names)
        return frame.assign(provisional=pd.Series([row["provisional"] for row in rows], dtype=bool))

    def _values(self, given: dict[str, Any], key: str) -> Iterator[tuple[str, str, str]]:
        """(figure, period, value): by code and period, by code, by period, or of the only figure."""
        figures = {figure.code: figure.data_year for figure in self.definition.rulebook.figures()}
        only = next(iter(figures), "")
        named = given.get(key, {})
        if key == "value" and "base_score" in given:
            yield "base_score", self._year(None, key), given["base_score"]
        by_code = named if isinstance(named, dict) and not _periods(named) else {only: named} if named else {}
        for code, values in by_code.items():
            by_period = values if isinstance(values, dict) else {self._year(figures.get(code), key): values}
            for period, text in by_period.items():
                yield code, period, text

    def _year(self, data_year: int | None, key: str) -> str:
        year = data_year or self.definition.rulebook.cycle.year
        return str(year if key == "value" else year - 1)

    def _claims(self) -> pd.DataFrame:
        rows = []
        for unit, given in self.given.items():
            for claim in given.get("claims", []):
                row = {"unit_code": unit, "item_code": claim.get("item", self._only_item)}
                rows.append(row | {_column(key): claim.get(key) for key in CLAIM_KEYS})
        return _texts(rows, "unit_code", "item_code", *map(_column, CLAIM_KEYS))

    def _marks(self) -> pd.DataFrame:
        rows = [
            {"unit_code": unit, "indicator_code": code, "judge": f"评委{number}", "mark": mark}
            for unit, given in self.given.items()
            for code, marks in _by_code(given.get("marks"), self._only_item)
            for number, mark in enumerate(marks, start=1)
        ]
        return _texts(rows, "unit_code", "indicator_code", "judge", "mark")

    def _previous_totals(self) -> pd.DataFrame:
        rows = [
            {"unit_code": unit, "total_score": given["previous_total"]}
            for unit, given in self.given.items()
            if "previous_total" in given
        ]
        return _texts(rows, "unit_code", "total_score")

    def _received(self) -> pd.DataFrame:
        rows = [
            {"unit_code": unit, "indicator_code": code, "received_on": day}
            for unit, given in self.given.items()
            for code, day in _by_code(given.get("received"), self._only_item)
        ]
        return _texts(rows, "unit_code", "indicator_code", "received_on")


class _Plain(yaml.SafeDumper):
    """Writes everything in full: the rulebook's reader refuses references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def cases_of(path: Path) -> list[Case]:
    """The cases of one file. Raises AssertionError where the file is not strict YAML."""
    document, faults = read_yaml(path.read_bytes(), path.name)
    assert not faults, faults
    assert isinstance(document.tree, list)
    starts = [document.lines[(number,)] for number in range(len(document.tree))]
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [
        "\n".join(lines[start - 1 : end]).rstrip()
        for start, end in zip(starts, [*(start - 1 for start in starts[1:]), len(lines)], strict=True)
    ]
    return [Case(path.name, text, dict(tree)) for text, tree in zip(texts, document.tree, strict=True)]  # type: ignore[arg-type]


def all_cases() -> list[Case]:
    return [case for path in sorted(RULES.glob("*.yaml")) for case in cases_of(path)]


def _by_code(given: Any, only: str) -> Iterator[tuple[str, Any]]:
    """What is given by code, or of the only item."""
    if isinstance(given, dict):
        yield from given.items()
    elif given is not None:
        yield only, given


def _periods(given: dict[str, Any]) -> bool:
    return bool(given) and all(key[:4].isdigit() for key in given)


def _column(key: str) -> str:
    return "object_id" if key == "object" else key


def _texts(rows: list[dict[str, Any]], *names: str) -> pd.DataFrame:
    return pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=list(names), dtype="str")


def _csv(frame: pd.DataFrame) -> bytes:
    return str(frame.to_csv(index=False)).encode()
