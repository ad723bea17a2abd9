"""The record driven at random, step by step, beside its model: at no step may they differ."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from copy import deepcopy
from fractions import Fraction
from pathlib import Path

from crashes import crashing_run
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from record_model import CELLS, RULEBOOK, TARGETS, UNITS, Correction, Model, Results, Row
from running import run

from orchestration.correcting import approve_correction, request_correction
from orchestration.filing import ledger_of, submit_files
from orchestration.moving import move_state
from reports.csv_files import read_csv
from resources.adoption import TwoNamesNeeded, adopt, archived_definition
from resources.chain import first_broken_link
from resources.correction_requests import ValueHasChanged
from resources.corrections import corrections
from resources.home import Home
from resources.inbox import make_inbox
from resources.kaohe import work_on
from resources.publications import Publications
from resources.runs import inputs_key
from resources.states import MoveRefused, standing

TINY = "tiny-2025"
WHY = {"reason": "核对", "reason_class": "录入错误", "document": "考〔2026〕1号", "by": "张三"}
CRASHES = (
    "archive, after the copy", "ledger, before the entry", "ledger, entry not yet committed",
    "claim, not yet committed", "rows, before the insert", "rows, committed", "version, before it is moved",
    "version, moved and not recorded", "version, recorded and not committed", "version, before latest points to it",
)  # fmt: skip

VALUES = st.sampled_from(["0", "4", "7.5", "12", "33", "41"])
UNIT = st.sampled_from(UNITS)
CELL = st.sampled_from(CELLS)


def first_home(path: Path) -> tuple[Home, Model]:
    """A home in which the evaluation was published once, and its model."""
    home, model = Home(path), Model()
    folder = home.evaluations / TINY
    folder.mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(RULEBOOK, encoding="utf-8")
    units = "".join(f"{unit},{unit}镇,township,g\n" for unit in UNITS)
    (folder / "units.csv").write_text("unit_code,name,kind,group\n" + units, encoding="utf-8")
    _write_targets(home, TARGETS)
    make_inbox(home, TINY)
    adopt(home, ledger_of(home), TINY, "张三", "李四")
    model.kinds.append("definition_adopted")
    values = {cell: str(place + 3) for place, cell in enumerate(CELLS)}
    submitted(home, "stats", "一.csv", text_of(values))
    model.take("stats", "一.csv", text_of(values), values)
    model.lying["stats", "一.csv"] = text_of(values)
    assert run(TINY).success
    assert model.scored()
    return home, model


class RecordMachine(RuleBasedStateMachine):
    """Steps of examiners, offices, nights and power cuts."""

    made: Path
    model_made: Model

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kaohe-record-"))
        self.home = Home(self.folder / "home")
        shutil.copytree(self.made, self.home.path, symlinks=True)
        os.environ["KAOHE_HOME"] = str(self.home.path)
        self.model = deepcopy(self.model_made)
        self.whole = True  # the newest run came to its end

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(cells=st.dictionaries(CELL, VALUES, min_size=1, max_size=3), name=st.sampled_from(["一.csv", "二.csv"]))
    def the_department_submits(self, cells: dict[tuple[str, str], str], name: str) -> None:
        self._submitted("stats", name, cells)

    @rule(unit=UNIT, value=VALUES)
    def a_unit_submits(self, unit: str, value: str) -> None:
        self._submitted(unit, "自报.csv", {(unit, "grants"): value})

    @rule(cells=st.dictionaries(CELL, VALUES, min_size=1, max_size=3), name=st.sampled_from(["一.csv", "三.csv"]))
    def the_department_drops_a_file(self, cells: dict[tuple[str, str], str], name: str) -> None:
        path = self.home.inbox / TINY / "stats" / name
        path.write_text(text_of(cells), encoding="utf-8")
        self.model.lying["stats", name] = text_of(cells)

    @precondition(lambda self: self.whole)
    @rule(cell=st.one_of(CELL, st.tuples(UNIT, st.just("target"))), value=VALUES.filter(bool), approved=st.booleans())
    def somebody_corrects(self, cell: tuple[str, str], value: str, approved: bool) -> None:
        value = {"0": "5"}.get(value, value) if cell[1] == "target" else value
        old = self.model.in_force(cell)
        if cell[1] == "target" and old == value:
            return  # nothing to correct, as is told
        asked: dict[str, str | None] = {"evaluation": TINY, "unit": cell[0], "value": value, "old_value": old, **WHY}
        asked |= {"subject": "target", "indicator": "grants"} if cell[1] == "target" else {"indicator": cell[1]}
        entries, _ = request_correction(self.home, asked, "李四" if approved else None)
        made = Correction(entries[0].seq, cell, old, value, approved)
        self.model.kinds += ["correction_requested"] + ["correction_approved"] * approved
        self.model.corrections.append(made)
        if approved:
            self.model.order.append(made)
            self.model.approved_since += 1

    @precondition(lambda self: self.whole and any(not one.approved for one in self.model.corrections))
    @rule(which=st.integers(0, 9), by=st.sampled_from(["李四", "李四", "张三"]))
    def somebody_approves(self, which: int, by: str) -> None:
        waiting = [one for one in self.model.corrections if not one.approved]
        one = waiting[which % len(waiting)]
        try:
            approve_correction(self.home, TINY, one.seq, by)
        except TwoNamesNeeded:
            assert by == "张三"
        except ValueHasChanged:
            assert by == "李四"
            assert self.model.in_force(one.cell) != one.old
        else:
            assert by == "李四"
            assert self.model.in_force(one.cell) == one.old
            one.approved = True
            self.model.order.append(one)
            self.model.approved_since += 1
            self.model.kinds.append("correction_approved")

    @rule(unit=UNIT, aim=st.sampled_from(["10", "16", "24"]), adopted=st.booleans())
    def targets_are_edited(self, unit: str, aim: str, adopted: bool) -> None:
        targets = self.model.targets | {unit: aim}
        _write_targets(self.home, targets)
        if adopted and not self.model.closed and targets != self.model.targets:
            adopt(self.home, ledger_of(self.home), TINY, "张三", "李四")
            self.model.targets = targets
            self.model.kinds.append("definition_adopted")

    @rule()
    def it_is_scored(self) -> None:
        assert run(TINY).success
        self._taken_in()
        self.model.note_left_alone()
        self.model.scored()
        self.whole = True

    @rule(step=st.sampled_from(CRASHES), killed=st.booleans())
    def a_run_breaks_off(self, step: str, killed: bool) -> None:
        before = deepcopy(self.model)
        self._taken_in()
        taken = deepcopy(self.model)
        self.model.note_left_alone()
        noted = deepcopy(self.model)
        self.model.scored()
        self.whole = crashing_run(TINY, step, killed)
        note(f"{step}: {'came to its end' if self.whole else 'broke off'}")
        if not self.whole:  # all files or none, the version or none
            kinds = self._kinds()
            self.model = next((one for one in (before, taken, noted) if one.kinds == kinds), self.model)

    @rule()
    def the_machine_is_restarted(self) -> None:
        archived_definition.cache_clear()

    @rule(state=st.sampled_from(["审定", "公示", "复核", "定稿", "通报", "审定", "公示", "定稿"]))
    def it_is_moved(self, state: str) -> None:
        stale = work_on(self.home, TINY).run.inputs_key != inputs_key(self.home, ledger_of(self.home), TINY)
        assert stale or self.whole
        why = ""
        try:
            move_state(self.home, TINY, state, "考〔2026〕2号", "张三", "李四")
        except MoveRefused as refused:
            why = str(refused)
        assert bool(why) == (stale or not self.model.may_move(state)), why
        if not why:
            self.model.move(state)

    @invariant()
    def the_ledger_holds_what_happened(self) -> None:
        assert self._kinds() == self.model.kinds
        ledger = ledger_of(self.home)
        with ledger.store.reading() as connection:
            assert first_broken_link(connection) is None
        asked = corrections(ledger, TINY)
        told = [(one.seq, one.old, one.new, one.approved) for one in self.model.corrections]
        rows = zip(asked["seq"], asked["old_value"], asked["new_value"], asked["approval_seq"].notna(), strict=True)
        assert [tuple(row) for row in rows] == told
        assert standing(ledger, TINY).state == self.model.state

    @invariant()
    def people_see_the_newest_version(self) -> None:
        recorded = Publications(self.home, ledger_of(self.home), TINY).all()
        assert [one.state for one in recorded] == [state for state, _ in self.model.versions]
        latest = (self.home.published / TINY / "latest").resolve()
        shown = int(latest.name[1:])
        assert shown == len(recorded) or (not self.whole and shown == len(recorded) - 1)
        state, results = self.model.versions[shown - 1]
        assert _published(latest) == results
        assert json.loads((latest / "manifest.json").read_text("utf-8"))["state"] == state

    @precondition(lambda self: self.whole)
    @invariant()
    def accepted_values_are_those_of_the_newest_run(self) -> None:
        rows = work_on(self.home, TINY).read("accepted_values")
        keys = zip(rows["unit_code"], rows["indicator_code"], strict=True)
        found = {key: value for key, value in zip(keys, rows["accepted_value"], strict=True) if isinstance(value, str)}
        assert found == self.model.seen

    def _submitted(self, sender: str, name: str, cells: dict[tuple[str, str], str]) -> None:
        submitted(self.home, sender, name, text_of(cells))
        if (sender, name) in self.model.lying:
            self.model.take(sender, name, *_read(self.model.lying[sender, name]))
        self.model.take(sender, name, text_of(cells), cells)
        self.model.lying[sender, name] = text_of(cells)

    def _taken_in(self) -> None:
        """What lies in the inbox comes in, by sender and name."""
        for key, text in sorted(self.model.lying.items()):
            self.model.take(*key, *_read(text))

    def _kinds(self) -> list[str]:
        return [entry.kind for entry in ledger_of(self.home).entries(TINY)]


def text_of(values: dict[tuple[str, str], str]) -> str:
    rows = "".join(f"{unit},2025,{figure},{value}\n" for (unit, figure), value in values.items())
    return "单位编码,考核期,指标编码,数值\n" + rows


def _read(text: str) -> tuple[str, dict[tuple[str, str], str]]:
    rows = [line.split(",") for line in text.splitlines()[1:]]
    return text, {(unit, figure): value for unit, _, figure, value in rows}


def submitted(home: Home, sender: str, name: str, text: str) -> None:
    source = home.path / name
    source.write_text(text, encoding="utf-8")
    list(submit_files(home, TINY, sender, [source], None, ""))
    source.unlink()


def _write_targets(home: Home, targets: dict[str, str]) -> None:
    rows = "".join(f"{unit},grants,{target}\n" for unit, target in targets.items())
    (home.evaluations / TINY / "targets.csv").write_text("unit_code,indicator_code,target\n" + rows, encoding="utf-8")


def _published(folder: Path) -> Results:
    items = read_csv(folder / "indicator_scores.csv")
    found = {}
    for row in read_csv(folder / "ranking.csv").to_dict("records"):
        own = items[items["unit_code"] == row["unit_code"]].astype("object")
        told = own.where(own.notna(), "")[["accepted_value", "target_value", "indicator_score"]]
        parts = tuple((value, target, Fraction(score)) for value, target, score in told.itertuples(index=False))
        found[str(row["unit_code"])] = Row(
            Fraction(row["total_score"]), int(row["rank"]), row["provisional"] == "true", parts
        )
    return found
