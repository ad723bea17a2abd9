"""Firmness of ranks in words, with the bars that a template draws.

Here belongs wording and geometry; the numbers are those of `evaluation.firmness`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from evaluation.explanation_words import Language
from evaluation.firmness import BOUNDS, EXACT, SETTLED, Firmness

METHODS = {EXACT: "逐一计算", BOUNDS: "上下限", SETTLED: "无未决"}
KINDS = {
    "discrepancy": "来源不一致",
    "held": "待判断的报送值",
    "correction": "待批更正",
    "forecast": "预计数",
    "missing": "缺数",
    "claim": "待核定事项",
    "appeal": "未结申诉",
}
KINDS_EN = {
    "discrepancy": "sources differ",
    "held": "value held back",
    "correction": "correction to be approved",
    "forecast": "forecast",
    "missing": "no figure",
    "claim": "claim to be decided",
    "appeal": "open appeal",
}
Row = dict[str, Any]


def firmness_sentence(row: Row) -> str:
    """In which ranks a unit may come out once everything is settled."""
    if not row["rank"] and not row["rank_best"]:
        return "不参加排名。"
    may = "，也可能不参加排名" if row["may_be_unranked"] else ""
    now = f"现列第{row['rank']}" if row["rank"] else "现不参加排名"
    if row["rank_best"] == row["rank_worst"] == row["rank"]:
        return f"{now}，未决事项改变不了{may}。"
    return f"{now}，未决事项了结后在第{row['rank_best']}至第{row['rank_worst']}之间{may}。"


def firmness_sentence_en(row: Row) -> str:
    """The same in English."""
    if not row["rank"] and not row["rank_best"]:
        return "Not ranked."
    may = "; may also be unranked" if row["may_be_unranked"] else ""
    now = f"Rank {row['rank']}" if row["rank"] else "Not ranked"
    if row["rank_best"] == row["rank_worst"] == row["rank"]:
        return f"{now}, whatever becomes of the open matters{may}."
    return f"{now}; between {row['rank_best']} and {row['rank_worst']} once open matters are settled{may}."


def with_firmness_sentences(found: Firmness, units: dict[str, str]) -> pd.DataFrame:
    """`units` of the firmness with `unit_name`, `contested_with`, `sentence`, `sentence_en`."""
    frame = found.units
    rows: list[Row] = frame.astype("object").where(frame.notna(), None).to_dict("records")
    rivals: dict[str, list[str]] = {}
    for one, other in found.pairs.itertuples(index=False):
        rivals.setdefault(one, []).append(other)
        rivals.setdefault(other, []).append(one)
    return frame.assign(
        unit_name=frame["unit_code"].map(units),
        contested_with=pd.array([";".join(rivals.get(code, [])) for code in frame["unit_code"]], dtype="str"),
        sentence=pd.array([firmness_sentence(row) for row in rows], dtype="str"),
        sentence_en=pd.array([firmness_sentence_en(row) for row in rows], dtype="str"),
    )


def matters_told(found: Firmness, names: dict[str, str], language: Language) -> list[str]:
    """Every open matter as a line: what it is, of whom, and which values it may turn out to have. `names` by code."""
    lines = []
    for one in found.matters:
        values = [value for outcome in one.outcomes[1:] for value in outcome.values.values()]
        unit, about = names[one.unit_code], names.get(one.indicator_code, one.indicator_code)
        if language == "zh":
            told = f"：也可能是{'、'.join(values)}" if values else ""
            lines.append(f"{KINDS[one.kind]}：{unit}“{about}”（{one.name}）{told}")
        else:
            told = f": may also be {', '.join(values)}" if values else ""
            lines.append(f"{KINDS_EN[one.kind]}: {unit} {about} ({one.name}){told}")
    return lines


def bars(rows: list[Row]) -> list[Row]:
    """Rows of one set of units ranked together, best first, with `start`, `width` and `at` in percent of the ranks."""
    ranked = [row for row in rows if row["rank_best"]]
    most = max((int(row["rank_worst"]) for row in ranked), default=1)
    step = 100 / most
    ordered = sorted(ranked, key=lambda row: (row["rank"] or most + 1, row["rank_best"]))
    return [
        row
        | {
            "start": f"{(row['rank_best'] - 1) * step:.2f}",
            "width": f"{(row['rank_worst'] - row['rank_best'] + 1) * step:.2f}",
            "at": f"{((row['rank'] or row['rank_best']) - 0.5) * step:.2f}",
        }
        for row in ordered
    ]
