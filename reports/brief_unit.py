"""`briefs/<code>.docx`: what a leader reads of one unit: conclusion, score and place, losses, next steps; one page.

Here belongs what the brief of a unit says. The county's is in `brief_county`, the form in `official_document`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from evaluation.numbers import is_percent
from reports.analyses import figures_of
from reports.brief_gains import least_steps
from reports.brief_words import (
    GAIN,
    LOSSES,
    NAME,
    NUMERALS,
    REASON,
    SHORT,
    STEP,
    TITLE,
    UNIT,
    WORD,
    cut,
    share,
    signed,
)
from reports.catalogue import Catalogue
from reports.edition import Edition
from reports.official_document import OfficialDocument
from reports.official_page import BRIEF
from reports.words import PENDING, PROVISIONAL, UNRANKED, draft, heading, long_date, standing
from reports.workbook_sheet import NUMBER

WHAT = "情况简报"
SOURCES = "注：原因只列要点，全文见得分明细表；各数出处见网页成绩单。"


def write_unit_brief(edition: Edition, names: Catalogue, unit: Any, items: Sequence[Any], path: Path) -> None:
    """`unit`: a row of `standings`; `items`: its rows of `scorecards`."""
    title = cut(heading(edition.subject, WHAT), TITLE)
    document = OfficialDocument(f"{title}·{unit.unit_name}", datetime.fromisoformat(edition.as_of), BRIEF)
    document.mark(f"{standing(edition)}　数据截至{long_date(edition.as_of)}")
    document.title(f"{title}（{draft(edition.state)}）", lines_around=0)
    document.centred(cut(unit.unit_name, UNIT))
    lost = losses(items)
    document.heading("一、结论")
    document.text("".join(conclusion(edition, unit, lost)))
    document.heading("二、得分与名次")
    document.table(*_scores(edition, unit))
    document.heading(f"三、失分最多的{NUMERALS[LOSSES - 1]}项")
    _write_losses(document, lost)
    document.note(SOURCES)
    document.heading("四、下一步")
    for number, step in enumerate(steps(edition, names, unit.unit_code, lost, items), start=1):
        document.text(f"{number}. {step}")
    document.save(path)


def losses(items: Sequence[Any]) -> list[Any]:
    """Items that lost points, most first; of equal ones those that the rulebook has first."""
    known = [one for one in items if NUMBER.fullmatch(one.deduction) and Decimal(one.deduction) > 0]
    return sorted(known, key=lambda one: -Decimal(one.deduction))


def conclusion(edition: Edition, unit: Any, lost: Sequence[Any]) -> Iterator[str]:
    """Three sentences: the result, against last year, where points were lost."""
    name = cut(unit.unit_name, NAME)
    year = edition.definition.rulebook.cycle.year
    within = cut(unit.group_name or "同类单位", NAME)
    place = "不参加排名" if unit.place == UNRANKED else f"在{within}{unit.pool_size}个单位中列第{unit.place}名"
    total = f"总分{unit.total_score}分" if unit.total_score else f"总分{PENDING}"
    said = [f"{name}{year}年度{total}{f'（{PROVISIONAL}）' if unit.provisional and unit.total_score else ''}", place]
    said += [f"等次{cut(unit.grade, WORD)}"] if unit.grade else []
    said += [f"获{cut(unit.award, NAME)}"] if unit.award else []
    said += [f"一票否决：{cut(unit.veto_names, NAME)}"] if unit.veto_names else []
    yield "，".join(said) + "。"
    yield _against_last_year(unit)
    yield _where_lost(lost)


def _against_last_year(unit: Any) -> str:
    if not unit.previous_total:
        return "上年没有可比的结果。"
    said = [f"上年总分{unit.previous_total}分"]
    if unit.total_score:
        said.append(f"本年{signed(Decimal(unit.total_score) - Decimal(unit.previous_total))}")
    if unit.previous_rank and unit.moved:
        stayed = unit.previous_rank == unit.place
        moved = f"仍为第{unit.place}名" if stayed else f"由第{unit.previous_rank}名到第{unit.place}名，{unit.moved}"
        said.append(f"名次{moved}")
    return "，".join(said) + "。"


def _where_lost(lost: Sequence[Any]) -> str:
    if not lost:
        return "各项指标没有失分。"
    whole = sum((Decimal(one.deduction) for one in lost), Decimal(0))
    first = sum((Decimal(one.deduction) for one in lost[:LOSSES]), Decimal(0))
    told = "、".join(f"{cut(one.indicator_name, NAME)}（{one.deduction}分）" for one in lost[:LOSSES])
    return f"{len(lost)}项指标共失{whole}分，最多的是{told}，占全部失分的{share(first, whole)}。"


def _scores(edition: Edition, unit: Any) -> tuple[list[str], list[list[str]], list[float]]:
    year = edition.definition.rulebook.cycle.year
    mark = f"（{PROVISIONAL}）" if unit.provisional and unit.total_score else ""
    place = unit.place if unit.place == UNRANKED else f"{unit.place} / {unit.pool_size}"
    scores, total = [unit.base_score, unit.bonus, unit.penalty], (unit.total_score or PENDING) + mark
    now = [*scores, total, place, cut(unit.grade, WORD)]
    rows = [[f"{year}年度", *now]]
    if unit.previous_total or unit.previous_rank:
        rows.append(
            [f"{year - 1}年度", "", "", "", unit.previous_total, unit.previous_rank, cut(unit.previous_grade, WORD)]
        )
    header = ["年度", "基础分", "加分", "扣分", "总分", "名次", "等次"]
    return header, rows, [14, 12, 10, 10, 18, 12, 14]


def _write_losses(document: OfficialDocument, lost: Sequence[Any]) -> None:
    if not lost:
        document.text("没有失分。")
        return
    header = ["指标", "标准分", "得分", "失分", "原因"]
    rows = [
        [cut(one.indicator_name, NAME), one.points, one.indicator_score, one.deduction, cut(one.reason, REASON)]
        for one in lost[:LOSSES]
    ]
    document.table(header, rows, [24, 9, 9, 9, 49], left=[0, 4])


def steps(edition: Edition, names: Catalogue, unit_code: str, lost: Sequence[Any], items: Sequence[Any]) -> list[str]:
    """What gains the next rank and grade with the least; then what to do about the largest losses, or, where there are
    fewer, about what is not settled."""
    gains = least_steps(edition.analyses.gaps_of(unit_code), figures_of(edition.definition)) if edition.analyses else []
    provisional = [one for one in items if one.provisional and one not in lost[:LOSSES]]
    told = [_step(edition, names, one) for one in lost[:LOSSES]]
    told += [f"{cut(one.indicator_name, NAME)}：得分暂定，尽快取得正式数据或由考核办认定。" for one in provisional]
    found = [cut(gain, GAIN) for gain in gains] + [cut(step, STEP) for step in told]
    return found[:LOSSES] or ["保持现有做法，按期报送数据。"]


def _step(edition: Edition, names: Catalogue, one: Any) -> str:
    name = cut(one.indicator_name, NAME)
    source = _first_source(edition, names, one.indicator_code)
    if one.state == "missing":
        return f"{name}：没有数据，由{source}补报；属实没有的说明原因。"
    if one.state == "pending" or one.provisional:
        return f"{name}：得分暂定，由{source}尽快提供正式数据。"
    if NUMBER.fullmatch(one.target_value) and NUMBER.fullmatch(one.accepted_value) and one.target_state == "unmet":
        gap = Decimal(one.target_value) - Decimal(one.accepted_value)
        of = "个百分点" if is_percent(one.unit_of_measure) else one.unit_of_measure
        short = f"{'还差' if gap > 0 else '超出'}{abs(gap)}{of}"
        return f"{name}：完成{one.accepted_value}，目标{one.target_value}，{short}，列入督办。"
    clause = edition.definition.rulebook.place(one.indicator_code).item.reference
    return f"{name}：对照{cut(clause, SHORT) if clause else '细则'}查找原因，提出整改措施。"


def _first_source(edition: Edition, names: Catalogue, code: str) -> str:
    sources = edition.definition.rulebook.place(code).item.sources
    return "本单位" if not sources or sources[0] == "self" else cut(names.sender(sources[0]), SHORT)
