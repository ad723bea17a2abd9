"""What keeps results from the notice and from being final, each matter in words.

Here belongs finding them. Which state needs which is said where an evaluation is moved on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from evaluation.decided import WAITS
from evaluation.open_findings import open_findings
from orchestration.signing import unsigned
from reports.corrections import cell_told, names_by_code
from resources.appeals import appeals
from resources.corrections import corrections, waiting
from resources.kaohe import Work

# Warnings that the examiner has to decide on; other open matters are told by what they hold up.
TO_BE_DECIDED = ["DOUBLE_CLAIM", "TOTAL_DIFFERS"]


def still_open(work: Work) -> Iterator[str]:
    """What is provisional, held or undecided and so keeps results from being final, in words."""
    names = names_by_code(work.definition)

    def named(row: Mapping[str, Any], *columns: str) -> str:
        return " ".join(names.get(row[one], row[one]) for one in columns if isinstance(row[one], str))

    scores, totals = work.read("indicator_scores"), work.read("total_scores")
    doubtful = scores[scores["provisional"].astype(bool)].groupby("unit_code")["indicator_code"].agg(list)
    for row in totals[totals["provisional"].astype(bool)].to_dict("records"):
        of = "、".join(names.get(code, code) for code in doubtful.get(row["unit_code"], ()))
        why = "缺部门应报的数据、有预计数、来源不一致，或单元格被退回"
        yield f"{row['unit_name']}的得分是暂定的（{why}）{of and '：' + of}"
    values = work.submitted_values
    for row in values[values["outcome"] == "held"].to_dict("records"):
        what = named(row, "unit_code", "indicator_code", "period")
        yield f"{named(row, 'sender')}报的 {what}“{row['raw']}”待人判断"
    claims = work.read("submitted_claims")
    for row in claims[(claims["outcome"] == "accepted") & (claims["decision"] == WAITS)].to_dict("records"):
        yield f"事项 {row['claim_id']} 待核定：{named(row, 'unit_code', 'item_code', 'object_id')}"
    found = open_findings(work.findings())
    for row in _refused(work, found):
        of = named(row, "unit_code", "item", "object")
        yield f"{named(row, 'sender')}报的 {of}“{row['raw']}”被退回，还没有改正，也没有认可（编号 {row['finding_id']}）"
    undecided = found[found["code"].isin(TO_BE_DECIDED)].drop_duplicates("finding_id")
    for row in undecided.to_dict("records"):
        yield f"{row['message']}（编号 {row['finding_id']}）：还没有认定"
    yield from unsigned(work)
    for row in waiting(corrections(work.ledger, work.evaluation)).to_dict("records"):
        yield f"更正申请第{row['seq']}号待批：{cell_told(work.definition, row)}（kaohe approve 或 reject）"
    for appeal in appeals(work.ledger, work.evaluation).values():
        if not appeal.outcome:
            yield f"{appeal.receipt}待裁定：{named(vars(appeal), 'unit_code', 'indicator_code')}"


def _refused(work: Work, found: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Judges' marks and departments' claims that were refused, while the findings `found` are open: a score is made
    without them, and nothing else tells that they are wanting."""
    faults = found.loc[found["severity"] == "error", ["sender", "sha256", "sheet", "cell", "raw", "finding_id"]]
    marks = work.read("marks", "submitted_claims").assign(item=lambda rows: rows["indicator_code"])
    claims = work.read("submitted_claims").assign(item=lambda rows: rows["item_code"])
    for rows, thing, at in ((marks, "judge", "cell"), (claims, "object_id", "line")):  # a claim has several cells
        rows = rows[(rows["outcome"] == "refused") & ~rows["sender"].isin(list(work.definition.unit_names))]
        place = ["sender", "sha256", "sheet", at]
        own = rows.assign(line=_line(rows["cell"]), object=rows[thing])[[*place, "unit_code", "item", "object"]]
        told = own.merge(faults.assign(line=_line(faults["cell"]))[[*place, "raw", "finding_id"]], on=place)
        yield from told.drop_duplicates("finding_id").fillna("").to_dict("records")


def _line(cells: pd.Series[str]) -> pd.Series[str]:
    """The numbers of cells' rows."""
    return cells.str.extract("([0-9]+)$", expand=False)
