"""Every cause of the closed list is given to a file, with its outcome, and every cell has its account."""

import pandas as pd
import pytest
from bad_cells import CellFile, accepted_files, cell_files, figure_file
from bad_files import bad_files, good_workbook, workbook
from intake_inbox import codes, definition, read, read_here

from intake.causes import CAUSES, FOLDER, HELD, QUARANTINED
from intake.reading import Reading, read_files

LAST_YEAR = pd.DataFrame(
    [("T001", "rate", "2024", "97.5"), ("T002", "rate", "2024", "0.8")],
    columns=["unit_code", "indicator_code", "period", "accepted_value"],
)
# Causes that no bytes give by themselves, and the tests that give them.
ELSEWHERE = {
    **dict.fromkeys(FOLDER, "test_inbox.py"),
    "TOO_BIG": "test_intake_confinement.py",
    "UNREADABLE": "test_intake_confinement.py",
    "UNKNOWN_SENDER": "test_intake_reading.py",
    "DUPLICATE_FILE": "test_intake_reading.py",
    "PIECE": "test_form_rules.py",
    "SELF_SCORE_RANGE": "test_form_rules.py",
    "ROWS_NOT_READ": "test_intake_matrix.py",
    "STAMP_EVALUATION": "test_intake_stamps.py",
    "STAMP_SENDER": "test_intake_stamps.py",
    "STAMP_PERIOD": "test_intake_stamps.py",
    "STAMP_DEFINITION": "test_intake_stamps.py",
}


def test_every_cause_of_the_closed_list_has_a_file() -> None:
    given = {bad.code for bad in bad_files()} | {one.code for one in cell_files()} | set(ELSEWHERE)
    assert set(CAUSES) - given == set()
    assert given - set(CAUSES) == set()


@pytest.mark.parametrize(("code", "test"), ELSEWHERE.items())
def test_what_no_bytes_give_has_a_test_of_its_own(code: str, test: str, request: pytest.FixtureRequest) -> None:
    assert f'"{code}"' in (request.path.parent / test).read_text(encoding="utf-8")


def test_whole_files_are_quarantined_for_causes_of_whole_files_only() -> None:
    assert {CAUSES[bad.code].outcome for bad in bad_files()} == {QUARANTINED}


def found_in(one: CellFile) -> Reading:
    closed = 10 if one.code == "PERIOD_CLOSED" else None
    return read((one.sender, one.name, one.data), previous=LAST_YEAR, closed_seq=closed)


@pytest.mark.parametrize("one", cell_files(), ids=lambda one: one.code)
def test_a_cell_has_the_outcome_of_its_cause(one: CellFile) -> None:
    reading = found_in(one)
    assert one.code in codes(reading)
    assert reading.files[one.outcome].iloc[0] > 0
    assert reading.files["outcome"].tolist() == ["accepted"]
    told = reading.findings[reading.findings["code"] == one.code]
    assert told["message"].str.len().min() > 5
    assert told["severity"].unique().tolist() == [CAUSES[one.code].severity]


@pytest.mark.parametrize(
    ("what", "name", "data"), list(accepted_files()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_looks_odd_and_is_right_is_accepted(what: str, name: str, data: bytes) -> None:
    reading = read(("stats", name, data))
    assert reading.submitted_values["submitted_value"].tolist() == ["12", "7"], what
    assert not (reading.findings["severity"] == "error").any()


@pytest.mark.parametrize(
    ("value", "indicator", "unit", "outcome"),
    [
        (0.98, "rate", "T001", "held"),
        ("1", "rate", "T001", "held"),
        (1.01, "rate", "T001", "accepted"),
        (0, "rate", "T001", "accepted"),
        ("0.98%", "rate", "T001", "accepted"),
        (0.98, "rate", "T002", "accepted"),
        (0.98, "rate", "003", "accepted"),
        (0.98, "ratio", "T001", "accepted"),
    ],
)
def test_a_percentage_is_held_where_only_its_history_makes_it_doubtful(
    value: object, indicator: str, unit: str, outcome: str
) -> None:
    reading = found_in(figure_file("", "", value, indicator=indicator, unit=unit))
    (row,) = reading.submitted_values.to_dict("records")
    assert row["outcome"] == outcome
    assert row["submitted_value"] == str(value).removesuffix("%")


def test_what_is_held_stays_held_at_every_reading_and_keeps_its_value() -> None:
    assert CAUSES["SUSPECT_FRACTION"].outcome == HELD
    held = next(one for one in cell_files() if one.outcome == "held")
    for _ in range(2):
        reading = found_in(held)
        assert reading.files[["accepted", "held"]].iloc[0].tolist() == [0, 1]
        assert reading.submitted_values["submitted_value"].tolist() == ["0.98"]


def test_after_the_public_notice_only_corrections_are_taken() -> None:
    correction = workbook(["单位编码", "指标编码", "更正值", "更正原因"], ["T001", "output", 2, "录错"])
    sent = [
        ("stats", "a.xlsx", good_workbook()),
        ("science", "b.xlsx", good_workbook()),
        ("stats", "c.xlsx", correction),
    ]
    reading = read(*sent, closed_seq=11)
    assert reading.submitted_values["outcome"].tolist() == ["accepted", "accepted", "refused", "refused"]
    assert "PERIOD_CLOSED" in codes(reading)
    assert len(reading.corrections) == 1


def test_all_files_at_once_have_their_accounts() -> None:
    everything = [(one.sender, f"{at}-{one.name}", one.data) for at, one in enumerate(cell_files())]
    everything += [("stats", bad.name, bad.data) for bad in bad_files()]
    reading = read(*everything, previous=LAST_YEAR)
    assert len(reading.files) == len(everything)


def test_reading_needs_no_previous_values() -> None:
    files = pd.DataFrame([], columns=["seq", "sha256", "sender", "name", "received_at"])
    assert len(read_files(files, {}.__getitem__, definition(), read=read_here).files) == 0
