from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from resources.store import NotProducedYet, Store, StoreIsNewer
from resources.tables import CURRENT_RUNS

EVALUATION = "e-2025"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(f"sqlite:///{tmp_path / 'kaohe.db'}")
    _claim(made, 1)
    return made


def _claim(store: Store, fence: int) -> None:
    texts = ("run_id", "run_key", "as_of", "ledger_head", "definition_digest", "definition_files", "inputs_key")
    row = dict.fromkeys(texts, "") | {"evaluation": EVALUATION, "fence": fence, "ledger_seq": 0}
    row |= {"adopted": True, "edited": False, "inbox_present": True}
    with store.writing() as connection:
        connection.execute(sa.delete(CURRENT_RUNS))
        connection.execute(sa.insert(CURRENT_RUNS), row)


VALUES = pd.DataFrame(
    {
        "unit_code": ["T1", "T2"],
        "indicator_code": ["patents", "patents"],
        "period": ["2025", "2025"],
        "accepted_value": ["1.005", None],
        "seq": pd.array([7, None], dtype="Int64"),
        "provisional": [False, True],
    }
)


def test_what_is_written_is_read_back_exactly(store: Store) -> None:
    store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES})
    read = store.read(EVALUATION, "accepted_values", "k", "accepted_values")
    assert read["accepted_value"].tolist()[0] == "1.005"
    assert read["accepted_value"].isna().tolist() == [False, True]
    assert read["seq"].tolist() == [7, pd.NA]
    assert read["provisional"].tolist() == [False, True]


def test_a_run_reads_only_what_was_made_from_its_inputs(store: Store) -> None:
    store.replace(EVALUATION, 1, "old", "accepted_values", {"accepted_values": VALUES})
    with pytest.raises(NotProducedYet, match="made from old"):
        store.read(EVALUATION, "accepted_values", "new", "accepted_values")


def test_no_rows_are_a_result_too(store: Store) -> None:
    store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES.iloc[:0]})
    assert store.read(EVALUATION, "accepted_values", "k", "accepted_values").empty


def test_replacing_replaces(store: Store) -> None:
    for frame in (VALUES, VALUES.iloc[:1]):
        store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": frame})
    assert len(store.read(EVALUATION, "accepted_values", "k", "accepted_values")) == 1


def test_a_run_that_is_no_longer_the_newest_cannot_write(store: Store) -> None:
    store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES})
    _claim(store, 2)
    with pytest.raises(StoreIsNewer):
        store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES.iloc[:0]})
    assert len(store.read(EVALUATION, "accepted_values", "k", "accepted_values")) == 2


def test_findings_of_one_producer_leave_those_of_another(store: Store) -> None:
    for producer, code in (("intake", "NUMBER"), ("findings", "RANGE"), ("intake", "UNIT")):
        found = pd.DataFrame({"code": [code], "severity": ["error"]})
        store.replace(EVALUATION, 1, "k", producer, {"findings": found})
    assert sorted(store.read_findings(EVALUATION, "k")["code"]) == ["RANGE", "UNIT"]


def test_the_same_contents_have_the_same_digest(store: Store) -> None:
    first = store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES})
    again = store.replace(EVALUATION, 1, "l", "accepted_values", {"accepted_values": VALUES.copy()})
    other = store.replace(EVALUATION, 1, "l", "accepted_values", {"accepted_values": VALUES.iloc[:1]})
    assert first == again != other
