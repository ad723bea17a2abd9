"""Who must do what today: the situation turned into tasks, each with one person or office to act.

`who` is a sender's code, "" for the examiner; `text` says it all in words; `id` is what a command needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

import pandas as pd

from evaluation.completeness import MET
from evaluation.key_numbers import KEY
from reports.corrections import cell_told, change_told
from resources.findings import NOT_RECORDED

if TYPE_CHECKING:
    from orchestration.status import Situation

EXAMINER = "考核办"
# What the examiner has to decide, by the finding's code; the others are first of all the sender's.
FOR_THE_EXAMINER = {
    "DISCREPANCY": "来源不一致",
    "CLAIM_WAITS": "待核定事项",
    "DOUBLE_CLAIM": "重复申报",
    "TOTAL_DIFFERS": "合计不符",
    "BAD_EXPECTATION": "细则",
    "EDITED": "细则",
    "NOT_ADOPTED": "细则",
    "DEFINITION": "细则",
    "SUSPECT_FRACTION": "待判断",
}
SIGN_OFF = "核定数据"
OF_APPEALS = "待裁定申诉"
NAMED = 5


class Task(TypedDict):
    who: str
    who_name: str
    what: str
    id: str
    text: str


def tasks_of(stands: Situation) -> list[Task]:
    """The examiner's tasks first, then each sender's, in the order of the rulebook."""
    names = stands.definition.sender_names
    told = [_to_be_read(stands), _corrections(stands), _appeals(stands), _findings(stands, names)]
    tasks = [task for some in [*told, _missing(stands, names), _sign_offs(stands)] for task in some]
    order = {code: place for place, code in enumerate(["", *names])}
    return sorted(tasks, key=lambda task: order.get(task["who"], len(order)))


def _examiner(what: str, text: str, number: str = "") -> Task:
    return {"who": "", "who_name": EXAMINER, "what": what, "id": number, "text": text}


def _to_be_read(stands: Situation) -> Iterator[Task]:
    if not stands.stale:
        return
    if stands.at_work:
        yield _examiner("计分", "正在计分，算完后这里就会更新")
        return
    files = sum(stands.unread.values())
    broke_off = stands.run is not None and stands.run.unfinished
    since = f"有{files}份报送文件还没有读取" if files else "上次没有做完" if broke_off else "有新的更正、决定或办法"
    why = f"还没有计分过{f'，{since}' if files else ''}" if stands.run is None else f"{since}，还没有计分"
    yield _examiner("计分", f"{why}：运行 kaohe evaluate {stands.evaluation}（每晚也会自动运行）")


def _corrections(stands: Situation) -> Iterator[Task]:
    for row in stands.waiting.to_dict("records"):
        change = f"{cell_told(stands.definition, row)} {change_told(stands.definition, row)}"
        asked = f"{row['requested_by']}申请，理由：{row['reason']}"
        yield _examiner("待批更正", f"更正申请第{row['seq']}号：{change}，{asked}", str(row["seq"]))


def _appeals(stands: Situation) -> Iterator[Task]:
    about = _About(stands)
    for one in stands.appeals:
        key = about.key({"unit_code": one.unit_code, "indicator_code": one.indicator_code, "period": ""})
        text = f"{one.receipt}：{key}，{one.filed_by}提出，{one.received_on}收到，理由：{one.grounds}"
        yield _examiner(OF_APPEALS, text, str(one.number))


def _findings(stands: Situation, names: dict[str, str]) -> Iterator[Task]:
    """One task a matter: findings that share an id are told once, at the first place."""
    about, found = _About(stands), stands.findings
    found = found[~((found["code"] == "MISSING") & found["cell"].isna())]
    for row in found.drop_duplicates("finding_id").astype("object").fillna("").to_dict("records"):
        code, sender = row["code"], row["sender"]
        text = about.told(row)
        if code in FOR_THE_EXAMINER or sender not in names:
            whose = f"{names.get(sender, sender)}：" if sender and code not in FOR_THE_EXAMINER else ""
            yield _examiner(FOR_THE_EXAMINER.get(code, "来历不明的文件"), whose + text, row["finding_id"])
        else:
            returned = row["severity"] == "error" or code in NOT_RECORDED
            what = "缺报" if code == "MISSING" else "退回" if returned else "核对说明"
            yield {"who": sender, "who_name": names[sender], "what": what, "id": row["finding_id"], "text": text}


def _missing(stands: Situation, names: dict[str, str]) -> Iterator[Task]:
    """What is due and has not come, a task per sender and figure; nothing of senders whose files are not read yet."""
    blank = stands.findings[(stands.findings["code"] == "MISSING") & stands.findings["cell"].notna()]
    missing = stands.states[stands.states["state"] == "missing"]
    missing = missing[~pd.MultiIndex.from_frame(missing[KEY]).isin(pd.MultiIndex.from_frame(blank[KEY]))]
    missing = missing[~missing["owed_by"].isin(list(stands.unread))]
    for sender, text in figures_listed(stands, missing):
        yield {"who": sender, "who_name": names[sender], "what": "缺报", "id": "", "text": text}


def figures_listed(stands: Situation, owed: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Sender and a line for each figure among these obligations: its periods, units, number and due date."""
    about = _About(stands)
    for (sender, code), rows in owed.groupby(["owed_by", "indicator_code"], sort=False):
        periods, due = list(dict.fromkeys(rows["period"])), max(rows["due_on"])
        units = [about.units[unit] for unit in dict.fromkeys(rows["unit_code"])]
        whose = "" if rows["by_unit"].all() else f"，{_listed(units, '个单位')}"
        figure = f"“{about.figures[str(code)]}”{_listed(periods, '期')}"
        yield str(sender), f"{figure}{whose}，共{len(rows)}项，应于{due}前报送"


def _sign_offs(stands: Situation) -> Iterator[Task]:
    """A sign-off that is required or has lapsed, as soon as all that the department answers for is there."""
    if stands.stale:
        return
    open_for = set(stands.states.loc[~stands.states["state"].isin([*MET, "exempt"]), "owed_by"])
    for one in stands.sign_offs:
        wanted = one.state == "lapsed" or (one.department.signs_off and one.state == "waiting")
        if wanted and one.missing.empty and one.department.code not in open_for:
            who = {"who": one.department.code, "who_name": one.department.name}
            yield {**who, "what": SIGN_OFF, "id": "", "text": one.told(stands.definition)}  # type: ignore[typeddict-item]


def _listed(names: Sequence[str], of: str) -> str:
    """All names where they are few, else the first ones and how many there are.

    >>> _listed(["甲镇", "乙镇"], "个单位"), _listed(list("一二三四五六七"), "期")
    ('甲镇、乙镇', '一、二、三、四、五等7期')
    """
    return "、".join(names) if len(names) <= NAMED + 1 else "、".join(names[:NAMED]) + f"等{len(names)}{of}"


class _About:
    """What a row is about, with the names that people know."""

    def __init__(self, stands: Situation) -> None:
        units, rulebook = stands.definition.units, stands.definition.rulebook
        self.units = dict(zip(units["unit_code"], units["name"], strict=True))
        self.figures = {place.item.code: place.item.name for place in rulebook.places()}
        self.figures |= {figure.code: figure.name for figure in rulebook.figures()}

    def key(self, row: Mapping[str, str]) -> str:
        unit, figure = row["unit_code"], row["indicator_code"]
        named = f"“{self.figures.get(figure, figure)}”" if figure else ""
        return f"{self.units.get(unit, unit)}{named}{row['period']}"

    def told(self, row: Mapping[str, str]) -> str:
        """Message, place and what to do; the reader's messages do not say themselves whom they are about."""
        unit = self.units.get(row["unit_code"], "")
        key = "" if not unit or unit in row["message"] else f"{self.key(row)}："
        place = " › ".join(row[name] for name in ("file", "sheet", "cell") if row[name])
        return f"{key}{row['message'].rstrip('。')}{f'〔{place}〕' if place else ''}。{row['what_to_do']}"
