"""The ranking that people see, for a terminal: that of the published version, whatever newer results are held back."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd

from assets.editions import ranked
from reports.csv_files import read_csv
from reports.edition import Edition
from resources.kaohe import Work
from resources.publications import MANIFEST, Publication, Publications


def published_ranking(work: Work, publication: Publication) -> Edition:
    """As much of the version as its ranking is told from, by its `ranking.csv`."""
    folder = Publications(work.home, work.ledger, work.evaluation).path(publication.version)
    rows = read_csv(folder / "ranking.csv").rename(columns={"group": "unit_group"})
    totals = rows.assign(provisional=rows["provisional"] == "true", rank=pd.to_numeric(rows["rank"]).astype("Int64"))
    as_of = json.loads((folder / MANIFEST).read_bytes())["as_of"]
    return replace(ranked(work, publication), total_scores=totals, as_of=as_of, ledger_seq=publication.ledger_seq)
