"""The frame that every finding is written in, whoever found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from resources.tables import FINDINGS, contents

COLUMNS = [column.name for column in contents(FINDINGS)]


def findings_frame(producer: str, rows: Iterable[Mapping[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """Rows with any of the columns of a finding as a whole frame of texts, signed by `producer`."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    return frame.reindex(columns=COLUMNS).assign(producer=producer).astype("str")
