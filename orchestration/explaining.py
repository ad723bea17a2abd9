"""`kaohe explain`: how a score came about, down to formula, clause, file, sheet and cell."""

from __future__ import annotations

from typing import Any

import pandas as pd

from assets.named import unit_named
from assets.scores import score_inputs
from evaluation.definition import Definition
from evaluation.explanation import explain, explain_total
from evaluation.explanation_view import ScoreInputs
from evaluation.explanation_words import LEVELS
from evaluation.reporting import SELF
from evaluation.rulebook import Place
from evaluation.unverified import FLAG
from orchestration.years import item_pasts
from resources.home import Home
from resources.kaohe import work_on
from resources.refused import Refused

_UNVERIFIED = "（自报未核实）"


def explanation(home: Home, evaluation: str, unit: str, indicator: str | None) -> list[dict[str, Any]]:
    """A row per item: names, clause, formula, sentence, the cells that its numbers were read in, and what it was in
    earlier years.

    Raises:
        NotOpened: the evaluation was never run. Refused: a unit or indicator that there is not.
    """
    home.definition_files(evaluation)
    work = work_on(home, evaluation)
    places = {place.item.code: place for place in work.definition.rulebook.top_items()}
    units = work.definition.unit_names
    unit = unit_named(units, unit)
    if indicator is not None and indicator not in places:
        raise Refused(f"没有指标“{indicator}”。可用：{'、'.join(places)}。")
    inputs = score_inputs(work)
    told = explain(work.definition, inputs, [unit], None if indicator is None else [indicator])
    if told.empty:
        raise Refused(f"“{units[unit]}”不考核“{indicator}”。")
    claims = work.read("submitted_claims")
    past = item_pasts(work, unit)
    return [
        {
            "unit": units[unit],
            "indicator": places[row["indicator_code"]].item.name,
            **{name: row[name] for name in ("indicator_code", "clause", "formula", "sentence")},
            "sources": _sources(work.definition, inputs, claims, unit, places[row["indicator_code"]]),
            "years": past.get(row["indicator_code"], []),
        }
        for row in told.astype("object").where(told.notna(), None).to_dict("records")
    ]


def total_told(home: Home, evaluation: str, unit: str) -> list[str]:
    """Lines from sections to total, rank, grade and award of one unit, whose `explanation` was found."""
    work = work_on(home, evaluation)
    return explain_total(work.definition, score_inputs(work), unit_named(work.definition.unit_names, unit))


def _sources(
    definition: Definition, inputs: ScoreInputs, claims: pd.DataFrame, unit: str, place: Place
) -> list[dict[str, str]]:
    """Every value and matter that the item or its parts read for the unit, with its place."""
    figures = [f.code for f in definition.rulebook.figures() if any(p.chain[0] is place.item for p in f.places)]
    values = inputs.figures
    own = values[(values["unit_code"] == unit) & values["indicator_code"].isin(figures)]
    own = own[own["accepted_value"].notna()]
    items = [p.item.code for p in definition.rulebook.places() if p.chain[0] is place.item]
    read = claims[claims["outcome"] == "accepted"]
    matters = read[(read["unit_code"] == unit) & read["item_code"].isin(items)]
    places = [
        _place(row, f"{row['period']}：{row['accepted_value']}{_UNVERIFIED if FLAG in row['flags'].split(';') else ''}")
        for row in _records(own)
    ] + [_place(row, f"事项 {_claimed(row)}") for row in _records(matters)]
    names = definition.sender_names | {SELF: "单位自报"}
    return [one | {"source_name": names.get(one["source"], one["source"])} for one in places]


def _claimed(row: dict[str, str]) -> str:
    """What is claimed, and what the examiner made of it where that is not settled by the source."""
    level = LEVELS.get(row["level"], (row["level"],))[0]
    said = " ".join(filter(None, (row["object_id"], level, row["quantity"], row["document"])))
    decided = f"{row['decided_by']}，理由：{row['decided_because']}"
    words = {
        "waits": f"待核定（{row['claim_id']}），未计分",
        "yields": f"另一部门也报了，以其为准（{row['claim_id']}），未计分",
        "replaced": f"报送单位另外报送的为准（{row['claim_id']}），未计分",
        "accepted": f"已认可：{decided}",
        "refused": f"不予认可：{decided}",
    }
    return f"{said}〔{words[row['decision']]}〕" if row["decision"] in words else said


def _records(frame: pd.DataFrame) -> list[dict[str, str]]:
    texts = frame.astype("object").where(frame.notna(), "").astype("str")
    return list(texts.to_dict("records"))


def _place(row: dict[str, str], what: str) -> dict[str, str]:
    """A cell of a file, or an entry of the ledger where a correction stands."""
    if row["source"] == "correction":
        return {"what": what, "source": "更正", "file": "台账", "sheet": "", "cell": f"第{row['seq']}号", "sha256": ""}
    return {"what": what} | {name: row[name] for name in ("source", "file", "sheet", "cell", "sha256")}


def told(rows: list[dict[str, Any]]) -> str:
    """The explanation as lines for a terminal."""
    lines = []
    for row in rows:
        lines.append(f"{row['unit']} {row['indicator']}（{row['indicator_code']}）")
        lines.append(f"  {row['sentence']}")
        lines += [f"  算式：{row['formula']}"] if row["formula"] else []
        lines += [f"  条款：{row['clause']}"] if row["clause"] else []
        lines += [
            f"  出处：{source['what']}〔{source['source_name']}〕"
            + " › ".join(source[name] for name in ("file", "sheet", "cell") if source[name])
            for source in row["sources"]
        ]
        lines += [f"  历年：{line}" for line in row["years"]]
    return "\n".join(lines)
