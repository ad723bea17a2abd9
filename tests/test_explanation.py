"""Explanations recompute the score: over the examples, the worked examples of every rule, and random evaluations."""

from __future__ import annotations

import string

import answers
import golden_cases
import pandas as pd
import pytest
from explained import Caught, evaluated, example
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle_inputs import Inputs
from small_evaluations import figures, items
from strategies import evaluations

from evaluation import explanation_items
from evaluation.cells import Cells
from evaluation.definition import InvalidRulebook
from evaluation.explanation import COLUMNS, explain
from evaluation.explanation_phrases import PHRASES, REASONS_IN_ENGLISH
from evaluation.explanation_words import LANGUAGES, Language
from evaluation.reasons import WORDING

CASES = [case for case in golden_cases.all_cases() if "expect" in case.tree]
NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "10", "18", "0.005", "33.333", "99.995", "-1", "123456.789"])


@pytest.mark.parametrize("name", ["yuxi-2017", "wuhe-2015", "qingshan-2025"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_are_explained(name: str, language: Language) -> None:
    shipped = example(name)
    assert len(shipped.scores.indicator_scores) >= 9
    assert shipped.faults(language) == []


def test_every_worked_example_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    caught = Caught(monkeypatch, golden_cases)
    wrong = []
    for at, case in enumerate(CASES):
        case.scores()
        assert caught.last is not None
        wrong += [f"{case.file} {case.name} {fault}" for fault in caught.last.faults(LANGUAGES[at % 2])]
    assert len(CASES) > 80
    assert wrong == []


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(evaluations(), st.sampled_from(LANGUAGES))
def test_random_evaluations_are_explained(inputs: Inputs, language: Language) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        caught = Caught(monkeypatch, answers)
        try:
            answers.engine(inputs)
        except InvalidRulebook:
            return
        assert caught.last is not None
        assert caught.last.faults(language) == []


RULES = {
    "proportional": "{kind: proportional}",
    "threshold": "{kind: threshold, above: 2.5, otherwise: 1/3}",
    "bands": "{kind: bands, bands: [{at_least: 90%, points: 100%}, {above: 0, below: 90%, points: 10/7}]}",
    "per_item": "{kind: per_item, each: 1/7}",
    "steps": "{kind: steps, origin: mean, step: 1/3, start: 60%, better: 0.05, worse: 2%}",
    "linear steps": "{kind: steps, origin: previous, step: 7, better: 1, worse: 1, whole: false}",
    "interpolate": "{kind: interpolate, through: [[min, 10%], [max, 100%]]}",
    "goals": "{kind: interpolate, through: [[0, 0], [target, 100%], [stretch, 120%]]}",
}
MEASURES = ("value", "completion", "growth", "change", "deviation", "shortfall", "rank")
ITEM = (
    "{{code: {0}, figure: i, points: 10, max_points: 120%, min_points: -3, measure: {0}, per: population, rule: {1}}}"
)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(st.lists(NUMBERS, min_size=9, max_size=9))
def test_every_measure_with_every_rule_is_explained(rule: str, numbers: list[str]) -> None:
    """Of three units, one has drawn numbers."""
    one, two, three, last, before, other, target, stretch, population = numbers
    goals = [f"A,{code},{target},{stretch},\nB,{code},10,20,\nC,{code},7,7," for code in MEASURES]
    made = evaluated(
        items(*(ITEM.format(measure, RULES[rule]) for measure in MEASURES)),
        figures(("A", "i", one), ("B", "i", two), ("C", "i", three)),
        units=f"A,甲镇,township,g,{population}\nB,乙镇,township,g,3\nC,丙镇,township,g,7",
        columns=",population",
        targets="\n".join(goals),
        previous=figures(("A", "i", last, "2024"), ("B", "i", before, "2024"), ("C", "i", other, "2024")),
    )
    assert made.faults() == []


ONE = "{code: i, name: 投入, points: 60, rule: {kind: per_item, each: 1}}"


def test_only_what_is_asked_for_is_explained_and_the_same_as_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[list[int]] = []
    assess = explanation_items.assess

    def watched(inputs: object, nodes: object, cells: Cells) -> object:
        computed.append([] if cells.units is None else cells.units.tolist())
        return assess(inputs, nodes, cells)  # type: ignore[arg-type]

    monkeypatch.setattr(explanation_items, "assess", watched)
    made = evaluated(items(ONE, ONE.replace("code: i", "code: j")), figures(("A", "i", "5"), ("B", "i", "7")))
    every = explain(made.definition, made.inputs)
    some = explain(made.definition, made.inputs, ["B"], ["i"])
    assert computed == [[0, 1], [1]]
    assert tuple(every.columns) == COLUMNS
    assert every[["unit_code", "indicator_code"]].to_numpy().tolist() == [[u, i] for u in "AB" for i in "ij"]
    wanted = every[(every["unit_code"] == "B") & (every["indicator_code"] == "i")]
    pd.testing.assert_frame_equal(some, wanted.reset_index(drop=True))


@pytest.mark.parametrize("asked", [{"unit_codes": ["Z"]}, {"indicator_codes": ["z"]}])
def test_codes_that_do_not_exist_are_refused(asked: dict[str, list[str]]) -> None:
    made = evaluated(items(ONE), figures(("A", "i", "5")))
    with pytest.raises(KeyError, match=r"[Zz]"):
        explain(made.definition, made.inputs, **asked)  # type: ignore[arg-type]


def test_arithmetic_that_does_not_come_to_the_score_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made = evaluated(items(ONE), figures(("A", "i", "5")))
    doubled = explanation_items.told_by_rule

    def wrong(*given: object) -> object:
        told = doubled(*given)  # type: ignore[arg-type]
        assert told.term is not None
        return type(told)(told.said, told.term + told.term)

    monkeypatch.setattr(explanation_items, "told_by_rule", wrong)
    assert "得 5+5=10.00 分，扣 50.00 分，与公布得分 5.00 分不一致" in made.sentences()["A", "i"]


def test_every_phrase_has_the_same_places_in_both_languages() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key for key, (zh, en) in PHRASES.items() if places(zh) != places(en)} == set()
    assert set(REASONS_IN_ENGLISH) == set(WORDING)
