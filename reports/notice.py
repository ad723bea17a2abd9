"""`notice.docx`: the notice of results, ready for the letterhead; before 定稿 it says in which state it is.

Here belongs what the notice says. Its official form does not (`official_document`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from evaluation.states import ANNOUNCED, NOTICE, REVIEWED
from reports.catalogue import catalogue
from reports.edition import Edition
from reports.official_document import OfficialDocument
from reports.rows import rows_of
from reports.standings import HIDDEN_ORDER, hidden_order, kind_label, standings
from reports.words import PENDING, PROVISIONAL, UNRANKED, draft, heading, long_date, standing

SHOWN = (NOTICE, REVIEWED)
BLANK = "＿＿＿＿＿＿"
EVERYBODY = "各有关单位"
NUMERALS = "一二三四五六七八九十"


class Column(NamedTuple):
    """A column of the attachment: where it comes from, its header, its share of the width."""

    name: str
    header: str
    width: float


COLUMNS = (
    Column("place", "名次", 6),
    Column("unit_name", "单位", 14),
    Column("several", "分组", 11),
    Column("base_score", "基础分", 8),
    Column("bonus", "加分", 7),
    Column("penalty", "扣分", 7),
    Column("shown_total", "综合得分", 10),
    Column("grade", "等次", 8),
    Column("award", "奖项", 12),
)
WISH = (
    "希望受到肯定的单位珍惜荣誉，再接再厉；其他单位对照得分明细查找不足，认真整改。"
    "各单位要进一步压实党政领导科技进步目标责任，推动科技创新工作再上新台阶。"
)


def write_notice(edition: Edition, path: Path) -> None:
    """The notice with one attachment per kind of unit; no names of persons, no findings, no notes."""
    rows = standings(edition, catalogue(edition))
    kinds = [kind for kind in ("township", "department") if (rows["kind"] == kind).any()]
    rulebook = edition.definition.rulebook
    title = f"关于{heading(edition.subject, '结果的公示' if edition.state in SHOWN else '结果的通报')}"
    document = OfficialDocument(title, datetime.fromisoformat(edition.as_of))
    if edition.state != ANNOUNCED:
        document.mark(standing(edition))
        title += f"（{draft(edition.state)}）"
    document.title(title)
    document.salutation(f"{rulebook.notice.addressees or EVERYBODY}：")
    document.text(_basis(edition, len(rows)))
    chapters = list(_chapters(edition, rows, kinds))
    for number, (name, paragraphs) in enumerate(chapters, 1):
        document.heading(f"{NUMERALS[number - 1]}、{name}")
        for place, paragraph in enumerate(paragraphs, 1):
            # The signature never stands on a page without text.
            document.text(paragraph, keep=number == len(chapters) and place == len(paragraphs))
    table = heading(edition.subject, "结果汇总表")
    names = [f"{table}（{kind_label(rows, kind).replace('（', '、').rstrip('）')}）" for kind in kinds]
    document.attachments(names)
    document.signature(rulebook.notice.issuer or BLANK, long_date(edition.as_of))
    for number, (kind, name) in enumerate(zip(kinds, names, strict=True), 1):
        document.attachment("附件" if len(kinds) == 1 else f"附件{number}", name)
        _attach(document, rows[rows["kind"] == kind], edition)
    document.save(path)


def _basis(edition: Edition, units: int) -> str:
    rulebook = edition.definition.rulebook
    issued = f"（{rulebook.reference.document}）" if rulebook.reference is not None else ""
    told = "现将结果予以公示" if edition.state in SHOWN else "现将结果通报如下"
    return (
        f"根据《{edition.subject}》{issued}，对{units}个单位{rulebook.cycle.year}年度的工作进行了考核。经考核，{told}。"
    )


def _chapters(edition: Edition, rows: pd.DataFrame, kinds: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Headings with their paragraphs, in order."""
    several = len(kinds) > 1
    for kind in kinds:
        of_kind = rows[rows["kind"] == kind]
        yield f"{kind_label(rows, kind)}考核结果" if several else "考核结果", list(_results(edition, of_kind))
    if rows["provisional"].astype("bool").any():
        count = int(rows["provisional"].astype("bool").sum())
        yield (
            "暂定事项",
            [f"{count}个单位的得分所据数据为预计、有争议或尚缺，附件中注明“{PROVISIONAL}”，以最终核定为准。"],
        )
    if edition.state in SHOWN:
        yield "公示与异议", list(_objections(edition))
    else:
        yield "工作要求", [WISH]


def _results(edition: Edition, rows: pd.DataFrame) -> Iterator[str]:
    """Units by award, then by grade, as the rulebook orders them; without either, all by rank. Then who was vetoed."""
    named = False
    rulebook = edition.definition.rulebook
    tiers = {"award": [one.award for one in rulebook.awards], "grade": [one.grade for one in rulebook.grades]}
    for column, ordered in tiers.items():
        given = rows[rows[column].fillna("") != ""]
        for tier in dict.fromkeys([*ordered, *given[column]]):
            of_tier = given[given[column] == tier]
            if of_tier.empty:
                continue
            named = True
            yield f"{tier}（{len(of_tier)}个）：{'、'.join(of_tier['unit_name'])}。"
    if not named:
        ranked = rows[rows["rank"].notna()]
        yield f"按名次依次为：{'、'.join(ranked['unit_name'])}。"
    for row in rows_of(rows[rows["veto_names"].fillna("") != ""]):
        yield f"{row.unit_name}：{row.remark}。"


def _objections(edition: Edition) -> Iterator[str]:
    notice, days = edition.definition.rulebook.notice, edition.definition.rulebook.calendar.publicity
    until = long_date(edition.notice_until) if edition.notice_until else BLANK
    length = f"，自公示次日起共{days.working_days}个工作日" if days is not None else ""
    if edition.notice_is_over:
        yield f"公示期已于{until}届满{length}。公示期内受理的异议，复核结果见附件。"
        return
    since = f"自{long_date(edition.as_of)}起，" if edition.state == NOTICE else ""  # 复核 comes days after the first
    yield f"公示期{since}至{until}止{length}。"
    yield (
        f"对结果有异议的，请在公示期内以书面形式（单位加盖公章，个人署实名）向{notice.issuer or BLANK}提出，"
        f"并附有关证明材料。联系电话：{notice.telephone or BLANK}；地址：{notice.address or BLANK}。"
    )


def _attach(document: OfficialDocument, rows: pd.DataFrame, edition: Edition) -> None:
    """The ranking of one kind of unit; a column in which nothing stands is left out."""
    totals = rows["total_score"].fillna(PENDING) + rows["provisional"].map({True: f"\n（{PROVISIONAL}）", False: ""})
    shown = rows.assign(shown_total=totals, several=rows["group_name"] if rows["group_name"].nunique() > 1 else "")
    columns = [column for column in COLUMNS if (shown[column.name].fillna("") != "").any()]
    texts = shown[[column.name for column in columns]].fillna("").astype("str")
    cells = texts.itertuples(index=False, name=None)
    document.table([column.header for column in columns], cells, [column.width for column in columns])
    document.note(f"注：名次栏“{UNRANKED}”为不参加排名；“{PENDING}”为尚无可计分事项；“{PROVISIONAL}”为得分可能变动。")
    if hidden_order(rows):
        document.note(HIDDEN_ORDER)
