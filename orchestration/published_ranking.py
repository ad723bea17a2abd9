"""The ranking that people see, for a terminal: that of the published version, whatever newer results are held back."""

from __future__ import annotations

import json

import pandas as pd

from assets.cycles import cycles_of
from assets.editions import last_years_totals
from reports.csv_files import read_csv
from reports.edition import Edition
from resources.kaohe import Work
from resources.publications import MANIFEST, Publication, Publications


def published_ranking(work: Work, publication: Publication) -> Edition:
    """As much of the version as its ranking is told from, by its `ranking.csv`."""
    folder = Publications(work.home, work.ledger, work.evaluation).path(publication.version)
    rows = read_csv(folder / "ranking.csv").rename(columns={"group": "unit_group"})
    totals = rows.assign(provisional=rows["provisional"] == "true", rank=pd.to_numeric(rows["rank"]).astype("Int64"))
    nothing = pd.DataFrame()
    tables = ("indicator_scores", "official_scores", "findings", "accepted_values", "changes", "corrections")
    return Edition(
        definition=work.definition,
        version=publication.version,
        state=publication.state,
        as_of=json.loads((folder / MANIFEST).read_bytes())["as_of"],
        ledger_seq=publication.ledger_seq,
        ledger_head=work.run.ledger_head,
        definition_digest=publication.definition_digest,
        inputs_digest=publication.inputs_digest,
        adopted=work.run.adopted,
        total_scores=totals,
        previous_totals=last_years_totals(work, cycles_of(work)),
        **dict.fromkeys(tables, nothing),
    )
