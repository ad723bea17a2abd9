"""Which findings wait for somebody, as pages, papers and commands count them."""

import pandas as pd

SETTLED = ("accepted_by", "replaced_by")


def open_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings that need somebody: no notes, none that were accepted or answered."""
    settled = findings.reindex(columns=SETTLED).notna().any(axis=1)
    return findings[(findings["severity"] != "note") & ~settled]
