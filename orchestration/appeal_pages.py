"""The page on one appeal, written as things stand now: what is disputed, and what a decision changes for everybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from assets.editions import draft_of
from orchestration.explaining import explanation
from orchestration.previewing import Preview, effect_of
from reports.appeal_page import appeal_page
from resources.appeals import OUTCOMES, Appeal
from resources.archive import write_whole
from resources.dropped import EVIDENCE
from resources.home import Home
from resources.kaohe import Work, work_on
from resources.publications import Publications


def write_page(home: Home, evaluation: str, appeal: Appeal, effect: Preview | None = None) -> Path:
    """Write the page; returns where it lies. `effect`: what a decision that is thought of would change."""
    work = work_on(home, evaluation)
    (told,) = explanation(home, evaluation, appeal.unit_code, appeal.indicator_code)
    shown = Publications(home, work.ledger, evaluation).newest()
    edition = draft_of(work).edition
    edition = edition if shown is None else replace(edition, version=shown.version)
    files = work.read("received_files")
    own = files[(files["sender"] == appeal.unit_code) & files["name"].str.startswith(f"{EVIDENCE}/")]
    if appeal.correction is not None:
        effect = effect_of(work, appeal.correction)
    outcome = OUTCOMES.get(appeal.outcome, "")
    page = appeal_page(edition, appeal, outcome, told, _history(work, appeal), own["name"].tolist(), effect)
    place = home.appeals / evaluation / f"{appeal.number:03}.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, page.encode())
    return place


def _history(work: Work, appeal: Appeal) -> pd.DataFrame:
    rulebook, values = work.definition.rulebook, work.read("submitted_values")
    codes = [f.code for f in rulebook.figures() if any(p.chain[0].code == appeal.indicator_code for p in f.places)]
    own = values[(values["unit_code"] == appeal.unit_code) & values["indicator_code"].isin(codes)]
    return own.sort_values(["seq", "row_id"], kind="stable")
