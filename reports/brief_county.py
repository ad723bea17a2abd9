"""`brief.docx`: what the county's leader reads of all units: conclusion, groups against last year, losses, next steps.

Here belongs what the county's brief says. A unit's is in `brief_unit`, the form in `official_document`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reports.brief_words import LOSSES, NAME, NUMERALS, SHORT, STEP, TITLE, cut, mean, share, signed
from reports.catalogue import Catalogue
from reports.edition import Edition
from reports.listings import unsettled
from reports.official_document import OfficialDocument
from reports.official_page import BRIEF
from reports.rows import rows_of
from reports.words import PROVISIONAL, draft, heading, long_date, standing

WHAT = "总体情况简报"
GROUPS = 5
NAMED = 2


@dataclass(frozen=True)
class Loss:
    """An indicator: points lost by all units together, by how many, and by whom most."""

    code: str
    name: str
    points: Decimal
    units: int
    most: str


def write_county_brief(edition: Edition, names: Catalogue, rows: pd.DataFrame, path: Path) -> None:
    """`rows` as of `standings`."""
    title = cut(heading(edition.subject, WHAT), TITLE)
    document = OfficialDocument(title, datetime.fromisoformat(edition.as_of), BRIEF)
    document.mark(f"{standing(edition)}　数据截至{long_date(edition.as_of)}")
    document.title(f"{title}（{draft(edition.state)}）", lines_around=0)
    units, lost = list(rows_of(rows)), losses(edition, names)
    document.heading("一、结论")
    document.text("".join(conclusion(edition, units, lost)))
    document.heading("二、各组得分与名次")
    document.table(*_groups(edition, rows))
    document.heading(f"三、失分最多的{NUMERALS[LOSSES - 1]}项")
    if lost:
        header = ["指标", "失分合计", "失分单位数", "失分最多的单位"]
        told = [[cut(one.name, NAME), f"{one.points}", f"{one.units}", cut(one.most, NAME)] for one in lost[:LOSSES]]
        document.table(header, told, [38, 14, 14, 34], left=[0])
    else:
        document.text("没有失分。")
    document.heading("四、下一步")
    for number, step in enumerate(_steps(edition, names, units, lost), start=1):
        document.text(f"{number}. {cut(step, STEP + STEP // 2)}")
    document.save(path)


def losses(edition: Edition, names: Catalogue) -> list[Loss]:
    """Indicators by the points that all units lost on them, most first."""
    # The same few texts stand in many rows: each is read once.
    text, texts = pd.factorize(edition.indicator_scores["deduction"])
    points = [Decimal(one) for one in texts]
    lost = np.array([*(one > 0 for one in points), False])[text]
    scores, text = edition.indicator_scores[lost], text[lost]
    item, codes = pd.factorize(scores["indicator_code"])
    found = []
    for number, code in enumerate(codes):
        own = np.flatnonzero(item == number)
        counts = np.bincount(text[own], minlength=len(points)).tolist()
        whole = sum((one * count for one, count in zip(points, counts, strict=True) if count), Decimal(0))
        most = own[np.array([float(one) for one in points])[text[own]].argmax()]
        unit = scores["unit_code"].iat[most]
        told = f"{cut(names.units.get(unit, unit), SHORT)}（{points[text[most]]}）"
        found.append(Loss(str(code), names.figures.get(str(code), str(code)), whole, len(own), told))
    return sorted(found, key=lambda one: -one.points)


def conclusion(edition: Edition, units: Sequence[Any], lost: Sequence[Loss]) -> Iterator[str]:
    """Three sentences: the result, against last year, where points were lost and what is open."""
    year, decimals = edition.definition.rulebook.cycle.year, edition.decimals
    scored = sorted((one for one in units if one.total_score), key=lambda one: -Decimal(one.total_score))
    if scored:
        average = mean((Decimal(one.total_score) for one in scored), decimals)
        ends = "，".join(
            f"{word}{one.total_score}分（{cut(one.unit_name, SHORT)}）"
            for word, one in (("最高", scored[0]), ("最低", scored[-1]))
        )
        yield f"{year}年度考核{len(units)}个单位，总分平均{average}分，{ends}。"
    else:
        yield f"{year}年度考核{len(units)}个单位，总分都还待定。"
    yield _against_last_year(scored, decimals)
    yield _open(units, lost)


def _against_last_year(scored: Sequence[Any], decimals: int) -> str:
    both = [one for one in scored if one.previous_total]
    if not both:
        return "上年没有可比的结果。"
    now, before = (
        mean((Decimal(getattr(one, name)) for one in both), decimals) for name in ("total_score", "previous_total")
    )
    moved = sorted((one for one in both if one.moved), key=lambda one: int(one.previous_rank) - int(one.place))
    said = [f"与上年可比的{len(both)}个单位平均{now}分，比上年{signed(now - before)}"]
    if moved and "升" in moved[-1].moved:
        said.append(f"进位最多的是{cut(moved[-1].unit_name, SHORT)}（{moved[-1].moved}）")
    if moved and "降" in moved[0].moved:
        said.append(f"退位最多的是{cut(moved[0].unit_name, SHORT)}（{moved[0].moved}）")
    return "，".join(said) + "。"


def _open(units: Sequence[Any], lost: Sequence[Loss]) -> str:
    provisional = sum(bool(one.provisional) for one in units)
    said = "没有失分" if not lost else ""
    if lost:
        whole = sum((one.points for one in lost), Decimal(0))
        first = sum((one.points for one in lost[:LOSSES]), Decimal(0))
        said = (
            f"失分最多的是{'、'.join(cut(one.name, NAME) for one in lost[:LOSSES])}，占全部失分的{share(first, whole)}"
        )
    return f"{said}；{f'{provisional}个单位得分{PROVISIONAL}' if provisional else '没有暂定的得分'}。"


def _groups(edition: Edition, rows: pd.DataFrame) -> tuple[list[str], list[list[str]], list[float]]:
    """One row per pool of units that are ranked together."""
    told = []
    pools = list(rows.groupby(["kind", "pool"], sort=False))
    for _, pool in pools[:GROUPS]:
        units = [one for one in rows_of(pool) if one.total_score]
        if not units:
            continue
        ranked = [one for one in units if one.rank != ""] or units
        before = [Decimal(one.previous_total) for one in units if one.previous_total]
        told.append(
            [
                cut(ranked[0].group_name if edition.definition.rulebook.ranking.within == "group" else "全部", SHORT),
                str(len(pool)),
                f"{mean((Decimal(one.total_score) for one in units), edition.decimals)}",
                f"{mean(before, edition.decimals)}" if before else "",
                *(f"{cut(one.unit_name, NAME // 2)} {one.total_score}" for one in (ranked[0], ranked[-1])),
            ]
        )
    if len(pools) > GROUPS:
        told.append([f"另{len(pools) - GROUPS}组见汇总表", "", "", "", "", ""])
    return ["组别", "单位数", "平均分", "上年平均", "第一名", "末名"], told, [20, 9, 11, 12, 24, 24]


def _steps(edition: Edition, names: Catalogue, units: Sequence[Any], lost: Sequence[Loss]) -> Iterator[str]:
    open_ones = unsettled(edition.findings)
    if len(open_ones):
        senders = Counter(names.sender(code) for code in open_ones["sender"].fillna("") if code).most_common(NAMED)
        told = "、".join(f"{cut(name, SHORT)}{count}个" for name, count in senders)
        yield f"{len(open_ones)}个问题待处理{f'，最多的是{told}' if told else ''}；见问题清单，逐条销号。"
    provisional = [one.unit_name for one in units if one.provisional]
    if provisional:
        some = "、".join(cut(name, SHORT) for name in provisional[:NAMED])
        yield f"{len(provisional)}个单位得分{PROVISIONAL}（{some}等），定稿前取得正式数据或由考核办认定。"
    if lost:
        yield f"{cut(lost[0].name, NAME)}有{lost[0].units}个单位失分，由主管部门分析原因，提出整改措施。"
    if not len(open_ones) and not provisional and not lost:
        yield "没有待处理的问题。"
