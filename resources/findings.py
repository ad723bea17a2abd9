"""The frame that every finding is written in, whoever found it: named, and with what has become of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

import pandas as pd

from evaluation.identity import finding_ids
from resources.tables import FINDINGS, contents

COLUMNS = [column.name for column in contents(FINDINGS)]
# Rows of sheets of corrections that were not recorded: to who sent them they are returned, as a figure's would be.
NOT_RECORDED = ("CORRECTION_REFUSED", "CORRECTION_OLD_VALUE")
JUDGED = "findings"  # by what the rulebook expects; what was said of a warning does not hold for an error
KEY = ["sender", "unit_code", "indicator_code", "period"]
# The key itself is the fault, so nobody files it again: answered by a file without that row.
MISPLACED = {
    *("UNKNOWN_UNIT", "UNKNOWN_INDICATOR", "NOT_YOUR_UNIT", "NOT_YOUR_INDICATOR", "NOT_DATA"),
    *("PERIOD", "PERIOD_AMBIGUOUS", "PERIOD_FUTURE", "PERIOD_KIND"),
}


def findings_frame(
    producer: str, rows: Iterable[Mapping[str, object]] | pd.DataFrame, resolutions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Rows with any of the columns of a finding as a whole frame of texts, signed by `producer`.

    Each is named (`finding_id`); one that an examiner resolved says who accepted it and why.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    named = frame.assign(finding_id=finding_ids(frame)) if len(frame) else frame
    named = named.reindex(columns=COLUMNS).assign(producer=producer).astype("str")
    return named if resolutions is None or resolutions.empty else _accepted(named, resolutions)


def _accepted(findings: pd.DataFrame, resolutions: pd.DataFrame) -> pd.DataFrame:
    """What an examiner explained; never an error about a unit's value: it stays ruled out, whoever explains it."""
    last = resolutions.drop_duplicates("finding_id", keep="last").set_index("finding_id")
    ruled_out = (findings["severity"] == "error") & findings["unit_code"].notna() & (findings["producer"] == JUDGED)
    by = findings["finding_id"].map(last["by"]).mask(ruled_out)
    because = "无需再办：" + by + "已认可，理由：" + findings["finding_id"].map(last["reason"])
    return findings.assign(
        accepted_by=by.where(by.notna(), findings["accepted_by"]),
        what_to_do=because.where(by.notna(), findings["what_to_do"]),
    )


def with_replacements(findings: pd.DataFrame, files: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Findings of the reader, of which those that the sender has answered since name the newer file's entry.

    A finding on a figure (KEY) is answered when the same sender filed that figure again: what may be wrong with it then
    is a finding of its own. Any other is answered by a newer readable file of the same sender and name (whatever its
    ending). `files` are received files, `values` submitted values, both with `seq`.
    """
    if findings.empty:
        return findings
    sent = files.assign(stem=stems(files["name"]), seq=files["seq"].astype("int64"))
    own = _files_of(findings, sent)
    on_figure = findings[KEY].notna().all(axis=1) & ~findings["code"].isin(MISPLACED) & (own["kind"] != "corrections")
    about = findings[on_figure]
    filed = values[
        values["unit_code"].isin(about["unit_code"]) & values["indicator_code"].isin(about["indicator_code"])
    ]
    by_key = _newest(filed, KEY).reindex(pd.MultiIndex.from_frame(findings[KEY])).set_axis(findings.index)
    readable = sent[~sent["outcome"].isin(["quarantined", "duplicate"])]
    names = pd.MultiIndex.from_arrays([findings["sender"], own["stem"]])
    by_file = _newest(readable, ["sender", "stem"]).reindex(names).set_axis(findings.index)
    newest = by_key.where(on_figure, by_file)
    replaced = newest.where((newest > own["seq"]) & (findings["severity"] != "note")).astype("Int64").astype("str")
    done = "无需再办：报送单位已重新报送（台账第" + replaced + "号）"
    return findings.assign(replaced_by=replaced, what_to_do=done.where(replaced.notna(), findings["what_to_do"]))


def _files_of(findings: pd.DataFrame, files: pd.DataFrame) -> pd.DataFrame:
    """Of each finding the file that it is in, as it was sent last; NA where it is in none."""
    sent = files.assign(seq=files["seq"].astype("Int64"))
    last = sent.drop_duplicates(["sender", "sha256", "name"], keep="last").set_index(["sender", "sha256", "name"])
    return last.reindex(pd.MultiIndex.from_frame(findings[["sender", "sha256", "file"]])).set_index(findings.index)


def stems(names: Iterable[str]) -> list[str]:
    """What files are called, whatever their ending: one of the same name takes the place of the former."""
    return [PurePath(name).stem for name in names]


def settled_by(corrections: pd.DataFrame, findings: pd.DataFrame, files: pd.DataFrame | None = None) -> pd.DataFrame:
    """Findings, of which those on a figure that has been corrected name the newest approval (`approval_seq`).

    What is asked for in a sheet of corrections (`files`) is settled by none that was approved before it came.
    """
    last = corrections.drop_duplicates(KEY[1:], keep="last").set_index(KEY[1:])["approval_seq"]
    if last.empty or findings.empty:
        return findings
    seq = last.reindex(pd.MultiIndex.from_frame(findings[KEY[1:]])).set_axis(findings.index)
    if files is not None:
        own = _files_of(findings, files)
        seq = seq.where(~own["kind"].isin(["corrections", "mixed"]) | (seq > own["seq"]).fillna(False))
    settled = seq.where(findings["severity"] != "note").astype("Int64").astype("str")
    done = "无需再办：此数已更正（台账第" + settled + "号）"
    return findings.assign(
        replaced_by=settled.where(settled.notna(), findings["replaced_by"]),
        what_to_do=done.where(settled.notna(), findings["what_to_do"]),
    )


def _newest(rows: pd.DataFrame, by: list[str]) -> pd.Series:
    return rows.assign(seq=rows["seq"].astype("int64")).groupby(by)["seq"].max()
