"""`kaohe state`: move an evaluation on, and what stands in the way of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from assets.editions import Draft, draft_of
from evaluation.decided import WAITS
from evaluation.states import APPROVED, FINAL, NEXT, NOTICE, REVIEWED, Standing
from orchestration.filing import ledger_of
from orchestration.signing import unsigned
from reports.corrections import cell_told, names_by_code
from resources.adoption import require_two_names
from resources.appeals import appeals
from resources.clock import now
from resources.corrections import corrections, waiting
from resources.findings import open_findings
from resources.holidays import last_working_day, read_holidays
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.ledger import Entry
from resources.publications import Publications
from resources.runs import inputs_key
from resources.states import MoveRefused, move, propose, proposed, require_order, standing

# Warnings that the examiner has to decide on; other open matters are told by what they hold up.
TO_BE_DECIDED = ["DOUBLE_CLAIM", "TOTAL_DIFFERS"]


class Seen(NamedTuple):
    """The evaluation as whoever moves it sees it."""

    work: Work
    draft: Draft
    standing: Standing
    today: date


def move_state(home: Home, evaluation: str, state: str, document: str, by: str, approved_by: str) -> dict[str, Any]:
    """Append the move; returns `seq, state, version, notice_until, open` (matters that stand open, in words).

    Raises:
        UnknownEvaluation, NotOpened, TwoNamesNeeded: as their names say.
        MoveRefused: the order, unscored inputs, the notice period or open matters forbid it; nothing is written.
    """
    home.definition_files(evaluation)
    if not document.strip():
        raise MoveRefused("依据的文件（--document）要写明。")
    seen = _seen(home, evaluation)
    require_order(seen.standing.state, state)
    left_open = list(open_matters(seen.work))
    _require_free(seen, state, left_open)
    newest = Publications(home, seen.work.ledger, evaluation).newest()
    payload = {
        "state": state,
        "results_digest": seen.draft.results_digest,
        "version": newest.version if newest else 0,
        "notice_until": _notice_until(home, seen) if state == NOTICE else "",
        "document": document,
        "by": by,
        "approved_by": approved_by,
    }
    entry = move(seen.work.ledger, evaluation, payload, seen.standing)
    return {"seq": entry.seq, **{n: payload[n] for n in ("state", "version", "notice_until")}, "open": left_open}


def _require_free(seen: Seen, state: str, left_open: list[str]) -> None:
    """Raises: MoveRefused: something stands in the way of the state."""
    for obstacle in _obstacles(seen, state):
        raise MoveRefused(f"不能转入“{state}”：{obstacle}")
    if left_open and state in (NOTICE, FINAL):
        raise MoveRefused(
            f"不能转入“{state}”，还有{len(left_open)}件事没有办结：\n" + "\n".join(f"· {m}" for m in left_open)
        )


def hindrances(home: Home, evaluation: str) -> dict[str, list[str]]:
    """For each state that may follow, what stands in the way of it, in words.

    Raises:
        UnknownEvaluation, NotOpened, MoveRefused: as `move_state`; the last, where inputs are not scored yet.
    """
    home.definition_files(evaluation)
    seen = _seen(home, evaluation)
    left_open = list(open_matters(seen.work))
    return {
        state: [*_obstacles(seen, state), *(left_open if state in (NOTICE, FINAL) else [])]
        for state in NEXT[seen.standing.state]
    }


def propose_state(home: Home, evaluation: str, state: str, document: str, by: str) -> Entry:
    """Append that `by` asks for the move, which another person makes by `approve_state`; the same again is once.

    Raises:
        MoveRefused: as `move_state`; nothing is written.
    """
    home.definition_files(evaluation)
    if not document.strip():
        raise MoveRefused("依据的文件（--document）要写明。")
    seen = _seen(home, evaluation)
    require_order(seen.standing.state, state)
    _require_free(seen, state, list(open_matters(seen.work)))
    asked = {"state": state, "document": document.strip(), "results_digest": seen.draft.results_digest, "by": by}
    return propose(seen.work.ledger, evaluation, asked)


def approve_state(home: Home, evaluation: str, seq: int, approved_by: str) -> dict[str, Any]:
    """Make the move that entry `seq` asks for; returns as `move_state`.

    Raises:
        MoveRefused: it waits no longer, or results are others than those it was asked for.
        TwoNamesNeeded, MoveRefused: as `move_state`.
    """
    asked = proposed(ledger_of(home), evaluation)
    if asked is None or asked.seq != seq:
        raise MoveRefused("这项申请已经不在：状态已经移动，或有了新的申请。请重新打开本页查看。")
    told = asked.payload
    require_two_names(told["by"], approved_by)
    if _seen(home, evaluation).draft.results_digest != told["results_digest"]:
        raise MoveRefused("申请以后结果又有变化，没有移动。请看过现在的结果，再由经办人重新申请。")
    return move_state(home, evaluation, told["state"], told["document"], told["by"], approved_by)


def state_of(home: Home, evaluation: str) -> Standing:
    """Raises: UnknownEvaluation: there is no such evaluation."""
    home.definition_files(evaluation)
    return standing(ledger_of(home), evaluation)


def open_matters(work: Work) -> Iterator[str]:
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
    for row in _refused_marks(work, found).to_dict("records"):
        of = named(row, "unit_code", "indicator_code", "judge")
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


def _refused_marks(work: Work, found: pd.DataFrame) -> pd.DataFrame:
    """Judges' marks that were refused, while the findings `found` are open: other marks make a score without them."""
    place = ["sender", "sha256", "sheet", "cell"]
    marks = work.read("marks", "submitted_claims")
    refused = marks.loc[marks["outcome"] == "refused", [*place, "unit_code", "indicator_code", "judge"]]
    told = found.loc[found["severity"] == "error", [*place, "raw", "finding_id"]]
    return refused.merge(told, on=place).drop_duplicates("finding_id")


def _seen(home: Home, evaluation: str) -> Seen:
    work = work_on(home, evaluation)
    if work.run.inputs_key != inputs_key(home, work.ledger, evaluation):
        raise MoveRefused(
            f"还有新的报送、更正、办法或状态没有计分，请先运行 kaohe evaluate {evaluation}，看过结果再办。"
        )
    return Seen(work, draft_of(work), standing(work.ledger, evaluation), date.fromisoformat(now()[:10]))


def _obstacles(seen: Seen, state: str) -> Iterator[str]:
    lapsed = seen.draft.results_digest != seen.standing.results_digest
    if not seen.work.run.adopted:
        yield "考核办法还没有下发（kaohe adopt）。"
    if state == APPROVED and seen.standing.state == APPROVED and not lapsed:
        yield "结果已经审定，没有变化。"
    if state == NOTICE and lapsed:
        yield f"审定之后结果又有变化，须重新审定（kaohe state {seen.work.evaluation} {APPROVED} …）。"
    if state == REVIEWED and not lapsed:
        yield "公示以来没有批准的更正，结果没有变化，可以直接定稿。"
    if state == FINAL and lapsed:
        yield f"公示以来批准的更正还没有汇总成复核稿，请先转入“{REVIEWED}”。"
    if state == FINAL and seen.today.isoformat() <= seen.standing.notice_until:
        yield f"公示期到{seen.standing.notice_until}止，还没有满。"


def _notice_until(home: Home, seen: Seen) -> str:
    """The last day of the notice period by the rulebook's working days; empty where it names none."""
    publicity = seen.work.definition.rulebook.calendar.publicity
    if publicity is None:
        return ""
    listed = read_holidays(home.holidays)
    return last_working_day(seen.today, publicity.working_days, listed).isoformat()
