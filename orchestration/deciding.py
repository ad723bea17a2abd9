"""`kaohe resolve` and `kaohe decide`: what a person decides is checked against what stands, then written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from evaluation.decided import DECISIONS
from evaluation.definition import Definition
from resources.accounts import same_person
from resources.decisions import DecidesOwnCause, FiledItHimself, decide, resolve
from resources.home import Home
from resources.inbox import RECEIVED
from resources.kaohe import Work, work_on
from resources.ledger import Entry
from resources.refused import Refused
from resources.states import standing

HELD = "held"
RECORDED = ["finding_id", "code", "sender", "unit_code", "indicator_code", "period", "raw", "message"]
CLAIMED = ["claim_id", "sender", "unit_code", "item_code", "object_id", "level", "quantity", "date", "document", "page"]
WORDS = {"accept": "accepted", "refuse": "refused"}
USES = {"use": "按原值采用", "refuse": "不予采用"}


def resolve_finding(
    home: Home,
    evaluation: str,
    finding: str,
    reason: str,
    by: str,
    use: str | None = None,
    source: str | None = None,
    seen: int | None = None,
) -> tuple[Entry, str]:
    """Append that a finding is explained and accepted; returns the entry and a line about it.

    `use` is `use` or `refuse` for a held value, `source` the one that counts for a discrepancy; `seen` the entry of
    the last resolution that was looked at (0: there was none).

    Raises:
        NotOpened: the evaluation was never run. DecidesOwnCause: `by` belongs to those whom it concerns.
        DecidedMeanwhile: the last is another than the one seen.
        Refused: there is no such finding, it cannot be resolved, or it needs another answer.
    """
    work = work_open(home, evaluation)
    _require(reason, by)
    found = work.findings()
    rows = found[found["finding_id"] == finding.strip().lower()]
    if rows.empty:
        raise Refused(f"没有编号为“{finding}”的问题（数据改动后编号会变）。编号见 kaohe status {evaluation}。")
    row = {name: "" if pd.isna(value) else str(value) for name, value in rows.iloc[0].items()}
    held = is_held(work, row)
    _require_answer(row, held, use, source, sources_of(work.definition, row))
    for each in rows.to_dict("records"):
        require_other(work.definition, [str(each["sender"]), str(each["unit_code"])], by)
    payload = {name: row[name] for name in RECORDED}
    entry = resolve(
        work.ledger,
        evaluation,
        payload | {"decision": use or "", "source": source or "", "reason": reason.strip(), "by": by.strip()},
        seen,
    )
    said = USES.get(use or "", f"以{source}为准" if source else "情况属实，予以认可")
    told = row["message"].rstrip("。")
    return entry, f"已记入台账第{entry.seq}号：{told}。{said}，理由：{reason}。后台会自动重新计分。"


def decide_claim(
    home: Home, evaluation: str, claim: str, decision: str, reason: str, by: str, seen: int | None = None
) -> tuple[Entry, str]:
    """Append that a claim is accepted or refused; returns the entry and a line about it. `seen` as above.

    Raises:
        NotOpened: the evaluation was never run. DecidesOwnCause: `by` belongs to who filed it or whom it is for.
        DecidedMeanwhile: the last decision is another than the one seen.
        Refused: there is no such claim, or it could not be read.
    """
    work = work_open(home, evaluation)
    _require(reason, by)
    claims = work.read("submitted_claims")
    rows = claims[(claims["claim_id"] == claim.strip().lower()) & (claims["outcome"] == "accepted")]
    if rows.empty:
        raise Refused(f"没有编号为“{claim}”的事项（申报内容改动后编号会变）。编号见 kaohe status {evaluation}。")
    row = {name: "" if pd.isna(value) else str(value) for name, value in rows.iloc[0].items()}
    require_other(work.definition, [row["sender"], row["unit_code"]], by)
    _require_not_filed_by(work, row["sender"], int(row["seq"]), by)
    payload = {name: row[name] for name in CLAIMED}
    answer = dict(zip(DECISIONS, (WORDS[decision], by.strip(), reason.strip()), strict=True))
    entry = decide(
        work.ledger,
        evaluation,
        payload | {"decision": answer["decision"], "by": answer["decided_by"], "reason": answer["decided_because"]},
        seen,
    )
    said = "认可" if decision == "accept" else "不予认可"
    return entry, (
        f"已记入台账第{entry.seq}号：{row['unit_code']} {row['item_code']} 事项 {row['object_id']}，{said}，"
        f"理由：{reason}。后台会自动重新计分。"
    )


def work_open(home: Home, evaluation: str) -> Work:
    """The evaluation as its newest run left it, while people may still decide.

    Raises:
        NotOpened: it was never run. Refused: its results are final.
    """
    home.definition_files(evaluation)
    work = work_on(home, evaluation)
    stands = standing(work.ledger, evaluation)
    if stands.final:
        raise Refused(f"“{evaluation}”已{stands.state}：只能申请更正（kaohe correct）。")
    return work


def _require(reason: str, by: str) -> None:
    if not reason.strip() or not by.strip():
        raise Refused("理由（--reason）和经办人（--by）都要写明。")


def is_held(work: Work, row: dict[str, str]) -> bool:
    """Whether the finding is about a value that waits for a person."""
    values = work.read("submitted_values")
    at = values[values["outcome"] == HELD].fillna("")
    place = ["sender", "sha256", "sheet", "cell"]
    return bool((at[place] == [row[name] for name in place]).all(axis=1).any())


def _require_answer(row: dict[str, str], held: bool, use: str | None, source: str | None, sources: list[str]) -> None:
    if held and use not in USES:
        told = row["message"].rstrip("。")
        raise Refused(f"这个值待判断（{told}）：请写明按原值采用（--use）还是不予采用（--refuse）。")
    if not held and use is not None:
        raise Refused("按原值采用（--use）、不予采用（--refuse）只用于待判断的值。")
    if source is not None and row["code"] != "DISCREPANCY":
        raise Refused("以谁为准（--source）只用于两个来源不一致的问题。")
    if source is not None and source not in sources:
        raise Refused(f"--source “{source}”不是这项数据的来源。可用：{'、'.join(sources)}（self 是被考核单位）。")
    if why := why_not(row, held, sources):
        raise Refused(why)


def why_not(row: Mapping[str, str], held: bool, sources: Collection[str]) -> str:
    """Why no explanation of the finding can be accepted; "" where one can."""
    if row["severity"] == "error" and sources and not held:
        return (
            "错误不能认可：这个值没有采用。请报送单位改正后重新报送，或申请更正（kaohe correct）；"
            "范围定得不合适的，修改细则后重新下发。"
        )
    return "单位自己申报的事项用 kaohe decide 核定（认可或不予认可）。" if row["code"] == "CLAIM_WAITS" else ""


def sources_of(definition: Definition, row: dict[str, str]) -> list[str]:
    """Who may report the figure that the finding is about; none where it is about no figure of a unit here."""
    if row["unit_code"] not in set(definition.units["unit_code"]):
        return []
    figures = [figure for figure in definition.rulebook.figures() if figure.code == row["indicator_code"]]
    return list(figures[0].sources) if figures else []


def require_other(definition: Definition, codes: Iterable[str], by: str) -> None:
    """Nobody decides on what concerns them, or the unit whose official they are; `codes` of units and departments.

    Raises: DecidesOwnCause.
    """
    names, officials = definition.sender_names | definition.unit_names, definition.officials
    for code in dict.fromkeys(codes):
        own = officials.loc[officials["unit_code"] == code, "name"]
        if code in names and any(same_person(by, one) for one in (code, names[code], *own)):
            raise DecidesOwnCause(by.strip(), names[code])


def _require_not_filed_by(work: Work, sender: str, seq: int, by: str) -> None:
    """Raises: FiledItHimself: `by` filed what the ledger's entry `seq` brought."""
    entry = work.ledger.entry(seq)
    if entry is not None and entry.kind == RECEIVED and same_person(entry.payload.get("stated_by", ""), by):
        raise FiledItHimself(by.strip(), work.definition.sender_names.get(sender, sender))
