from __future__ import annotations

import pandas as pd
import pytest
import sqlalchemy as sa
from stores import on_both_stores

from resources.kept import KEPT
from resources.rows import BATCH_ROWS, frames_digest
from resources.store import NotProducedYet, Store, StoreIsNewer
from resources.tables import CURRENT_RUNS

EVALUATION = "e-2025"


pytestmark = on_both_stores


@pytest.fixture
def store(store_url: str) -> Store:
    made = Store(store_url)
    claim(made, 1)
    return made


def claim(store: Store, fence: int) -> None:
    texts = (
        "run_id",
        "run_key",
        "as_of",
        "ledger_head",
        "definition_digest",
        "definition_files",
        "inputs_key",
        "digest",
    )
    row = dict.fromkeys((*texts, "seal"), "") | {"evaluation": EVALUATION, "fence": fence, "ledger_seq": 0}
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


def test_a_run_reads_only_what_was_made_from_its_inputs(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "kaohe.store")
    store.replace(EVALUATION, 1, "old", "accepted_values", {"accepted_values": VALUES})
    with pytest.raises(NotProducedYet, match=f"上次计分没有做完，请先运行 kaohe evaluate {EVALUATION}。$"):
        store.read(EVALUATION, "accepted_values", "new", "accepted_values")
    assert "accepted_values was made from old, the run reads new" in caplog.text


def test_no_rows_are_a_result_too(store: Store) -> None:
    store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES.iloc[:0]})
    assert store.read(EVALUATION, "accepted_values", "k", "accepted_values").empty


def test_replacing_replaces(store: Store) -> None:
    for frame in (VALUES, VALUES.iloc[:1]):
        store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": frame})
    assert len(store.read(EVALUATION, "accepted_values", "k", "accepted_values")) == 1


def test_a_run_that_is_no_longer_the_newest_cannot_write(store: Store) -> None:
    store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES})
    claim(store, 2)
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


TEXTS = ["", None, "NA", "nan", 'say "x"', "a,b", "两\r\n行", "\t", "\\N", "\\.", "'", "％%s%%", "𠀀", "NULL", " "]


def test_every_text_is_read_back_as_it_was(store: Store) -> None:
    frame = pd.DataFrame({"note": TEXTS})
    store.replace(EVALUATION, 1, "k", "submitted_values", {"submitted_values": frame})
    read = store.read(EVALUATION, "submitted_values", "k", "submitted_values")["note"]
    assert [None if pd.isna(text) else text for text in read] == TEXTS


def test_a_text_that_no_database_keeps_is_shown_for_what_it_is(store: Store) -> None:
    store.replace(EVALUATION, 1, "k", "submitted_values", {"submitted_values": pd.DataFrame({"raw": ["1\x002"]})})
    assert store.read(EVALUATION, "submitted_values", "k", "submitted_values")["raw"].tolist() == ["1\ufffd2"]


def test_rows_come_back_in_the_order_in_which_they_were_written(store: Store) -> None:
    many = pd.DataFrame({"row_id": range(BATCH_ROWS * 2 + 7), "raw": "x"})
    shuffled = many.sample(frac=1, random_state=1)
    for frame in (many, shuffled):
        store.replace(EVALUATION, 1, "k", "submitted_values", {"submitted_values": frame})
    read = store.read(EVALUATION, "submitted_values", "k", "submitted_values")
    assert read["row_id"].tolist() == shuffled["row_id"].tolist()


def test_a_number_has_one_text(store: Store) -> None:
    frames = {"accepted_values": VALUES.assign(accepted_value=[1.005, 2.5])}
    with pytest.raises(TypeError, match="'accepted_value' holds floats"):
        store.replace(EVALUATION, 1, "k", "accepted_values", frames)


@pytest.mark.parametrize("kind", ["object", "str", "category"])
def test_a_digest_tells_values_not_dtypes(kind: str, store_kind: str) -> None:
    first = frames_digest({"accepted_values": VALUES})
    same = VALUES.astype(dict.fromkeys(("unit_code", "period", "accepted_value"), kind))
    assert frames_digest({"accepted_values": same.assign(seq=same["seq"].astype("object"))}) == first
    for name, value in (("accepted_value", "1.0050"), ("provisional", True), ("seq", 8), ("unit_code", "")):
        other = VALUES.copy()
        other.loc[0, name] = value
        assert frames_digest({"accepted_values": other}) != first


def test_nothing_is_not_an_empty_text(store_kind: str) -> None:
    nothing, empty = pd.DataFrame({"raw": [None]}), pd.DataFrame({"raw": [""]})
    assert frames_digest({"findings": nothing}) != frames_digest({"findings": empty})


def test_what_a_run_keeps_is_what_the_store_holds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    many = pd.concat([VALUES] * 20, ignore_index=True).assign(flags=["", None] * 20)
    with KEPT.keeping():
        store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": many})
        with monkeypatch.context() as patched:
            patched.setattr("resources.store.rows_within", _refuse)
            kept = store.read(EVALUATION, "accepted_values", "k", "accepted_values")
            two = store.read(EVALUATION, "accepted_values", "k", "accepted_values", ["flags", "seq"])
    read = store.read(EVALUATION, "accepted_values", "k", "accepted_values")
    pd.testing.assert_frame_equal(kept, read)
    pd.testing.assert_frame_equal(two, read[["flags", "seq"]])


def test_some_rows_are_read_by_their_ids_kept_or_not(store: Store) -> None:
    rows = pd.DataFrame({"row_id": [7, 8, 9], "raw": ["一", None, "三"]})
    store.replace(EVALUATION, 1, "k", "submitted_values", {"submitted_values": rows})

    def some() -> pd.DataFrame:
        return store.read(EVALUATION, "submitted_values", "k", "submitted_values", ["row_id", "raw"], [9, 7])

    read = some()
    assert (read["row_id"].tolist(), read["raw"].tolist()) == ([7, 9], ["一", "三"])
    with KEPT.keeping():
        store.read(EVALUATION, "submitted_values", "k", "submitted_values")
        pd.testing.assert_frame_equal(some(), read)


def test_what_a_run_keeps_gives_way_to_what_another_writes(store: Store) -> None:
    other = Store(store.url)
    with KEPT.keeping():
        store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES})
        kept = dict(KEPT._tables)
        other.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES.iloc[:1]})
        KEPT._tables.update(kept)  # as in the first process, which knows nothing of the second
        assert len(store.read(EVALUATION, "accepted_values", "k", "accepted_values")) == 1


def test_nothing_is_kept_after_a_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with KEPT.keeping():
        store.replace(EVALUATION, 1, "k", "accepted_values", {"accepted_values": VALUES})
    monkeypatch.setattr("resources.store.rows_within", _refuse)
    with pytest.raises(AssertionError, match="read from the database"):
        store.read(EVALUATION, "accepted_values", "k", "accepted_values")


def _refuse(*_: object) -> None:
    raise AssertionError("read from the database")
