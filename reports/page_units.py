"""What each unit's page holds, made ready for all units at once.

Here belongs gathering a unit's rows out of every frame. How they are shown does not.
"""

from __future__ import annotations

from typing import Any

from reports.catalogue import Catalogue, catalogue
from reports.corrections import corrections_with_names
from reports.edition import Edition
from reports.listings import gravest_first
from reports.page_rows import (
    ROWS_SHOWN,
    by_period,
    finding_caption,
    sections,
    unverified,
)
from reports.rows import Rows, by_unit, records
from reports.scorecards import figures, scorecards
from reports.standings import standings


def unit_contents(edition: Edition) -> dict[str, dict[str, Any]]:
    """Contents of the unit template by unit code, in the order of the ranking."""
    names = catalogue(edition)
    items = by_unit(scorecards(edition, names))
    values = by_unit(figures(edition, names))
    officials = by_unit(edition.official_scores)
    corrections = by_unit(corrections_with_names(edition.corrections, names))
    found = _findings(edition, names)
    return {
        code: {
            "unit": unit,
            "sections": sections(items.get(code, [])),
            "unverified": unverified(items.get(code, [])),
            "figures": by_period(values.get(code, []), items.get(code, [])),
            "officials": officials.get(code, []),
            "corrections": corrections.get(code, []),
            "findings": found.get(code, [])[:ROWS_SHOWN],
            "finding_caption": finding_caption(one["severity"] for one in found.get(code, [])),
        }
        for code, (unit,) in by_unit(standings(edition, names)).items()
    }


def _findings(edition: Edition, names: Catalogue) -> dict[str, Rows]:
    """Findings by every unit that they are about or that sent what they were found in."""
    about: dict[str, Rows] = {}
    for one in records(gravest_first(edition.findings, names)):
        for code in {one["unit_code"], one["sender"]}:
            about.setdefault(code, []).append(one)
    return about
