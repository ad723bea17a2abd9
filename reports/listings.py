"""Findings and corrections with the names people know, for sheets and pages alike.

Here belongs naming and order. Layout does not.
"""

from __future__ import annotations

import pandas as pd

from evaluation.open_findings import open_findings
from reports.catalogue import Catalogue, translated
from reports.words import SEVERITIES


def with_names(rows: pd.DataFrame, names: Catalogue) -> pd.DataFrame:
    """Findings or corrections with `unit_name` and `figure_name`."""
    return rows.assign(
        unit_name=rows["unit_code"].map(names.units).fillna(rows["unit_code"]),
        figure_name=rows["indicator_code"].map(names.figures).fillna(rows["indicator_code"]),
    )


def unsettled(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings that wait for somebody, each once, as pages and commands count."""
    found = open_findings(findings)
    return found.drop_duplicates("finding_id") if "finding_id" in found else found


def gravest_first(findings: pd.DataFrame, names: Catalogue) -> pd.DataFrame:
    """Findings with all names, in the order of findings.csv."""
    order = findings["severity"].map({code: place for place, code in enumerate(SEVERITIES)})
    rows = with_names(findings.loc[order.sort_values(kind="stable").index], names)
    ids = rows["finding_id"] if "finding_id" in rows else pd.Series(None, index=rows.index, dtype="str")
    return rows.assign(
        finding_id=ids.where(rows["severity"] != "note"),
        accepted_by=rows.get("accepted_by"),
        severity_name=rows["severity"].map(SEVERITIES),
        sender_name=translated(rows["sender"], names.sender),
    )
