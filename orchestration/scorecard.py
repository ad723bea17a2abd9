"""`kaohe scorecard`: the papers of one unit, made when they are asked for: scorecard, brief and page.

Here belongs which results are shown and where the files go. What they say stands in `reports`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assets.editions import Draft, draft_of, in_full
from assets.named import unit_named
from reports.briefs import write_brief
from reports.edition import Edition
from reports.pages import unit_page
from reports.workbook import write_scorecard
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.publications import Publications
from resources.refused import Refused

ITEM = ["unit_code", "indicator_code"]
UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|\n\r\t\x00', "_"))


def write_papers(home: Home, evaluation: str, unit: str, out: Path | None) -> tuple[list[Path], str]:
    """Files written for the unit, by default below the home, and a line on which results they show.

    Raises:
        NotOpened: the evaluation was never run. Refused: no such unit, or the state holds the newest results back.
    """
    home.definition_files(evaluation)
    work = work_on(home, evaluation)
    draft = draft_of(work)
    units = dict(zip(draft.edition.total_scores["unit_code"], draft.edition.total_scores["unit_name"], strict=True))
    unit = unit_named(units, unit)
    edition, told = _shown(work, draft)
    edition = _with_reasons(in_full(work, edition, [unit]), unit)
    folder = out or home.scorecards / evaluation
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{unit} {units[unit]}".translate(UNSAFE)[:60]
    paths = [folder / f"{stem} {what}" for what in ("得分明细表.xlsx", "情况简报.docx", "成绩单.html")]
    write_scorecard(edition, unit, paths[0])
    write_brief(edition, unit, paths[1])
    paths[2].write_text(unit_page(edition, unit), encoding="utf-8", newline="\n")
    return paths, told


def _shown(work: Work, draft: Draft) -> tuple[Edition, str]:
    """The published version where the newest results are its own, else what would be published next."""
    newest = Publications(work.home, work.ledger, work.evaluation).newest()
    if newest is not None and newest.results_digest == draft.results_digest:
        edition = replace(draft.edition, version=newest.version, state=newest.state)
        return edition, f"依据已发布的第{newest.version}版。"
    if draft.held_back:
        raise Refused("公示以后结果有变而没有出新版：更正汇总后用 kaohe state 转入“复核”，再打印。")
    return draft.edition, "依据最近一次运行的结果，还没有发布。"


def _with_reasons(edition: Edition, unit: str) -> Edition:
    """The edition with the unit's reasons, which are not kept where there are very many units."""
    if edition.detailed:
        return edition
    own = edition.indicator_scores[edition.indicator_scores["unit_code"] == unit]
    reasons = own[ITEM].merge(edition.told["zh"][[*ITEM, "sentence"]], on=ITEM, how="left")["sentence"]
    return replace(edition, indicator_scores=own.assign(reason=reasons.to_numpy()))
