"""What a rulebook says once it is read: exact numbers, defaults, what parts take over, figures, scope."""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evaluation.numbers import Amount, Operand, for_unit, is_percent, read_amount, read_number, read_operand
from evaluation.rulebook import Rulebook
from evaluation.schema import json_schema

CYCLE = {"year": 2025, "starts": "2025-01-01", "ends": "2025-12-31"}
GROUPS = [
    {"code": "grain", "name": "产区", "kind": "township"},
    {"code": "other", "name": "非产区", "kind": "township"},
]


def item(code: str = "a", **keys: Any) -> dict[str, Any]:
    written = {"code": code, "name": code, "points": "10", "rule": {"kind": "proportional"}} | keys
    return {key: value for key, value in written.items() if value is not None}


def written(*indicators: dict[str, Any], **keys: Any) -> dict[str, Any]:
    section = {"code": "s", "name": "S", "points": "10", "indicators": list(indicators)}
    return {"evaluation": "x-2025", "cycle": CYCLE, "groups": GROUPS, "sections": [section]} | keys


def rulebook(*indicators: dict[str, Any], **keys: Any) -> Rulebook:
    return Rulebook.model_validate(written(*indicators, **keys))


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.1", Fraction(1, 10)), ("95%", Fraction(19, 20)), ("10/7", Fraction(10, 7)), ("-3", Fraction(-3))],
)
def test_numbers_are_exact(text: str, number: Fraction) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "1,000", "1e3", "010", ".5", "5.", "１２", "1/0", "−1", "1 %", "nan", "1_0", "10/7%", "9" * 41, "1\n"],
)
def test_other_spellings_of_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="数字"):
        read_number(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_a_decimal_is_read_as_itself(number: Any) -> None:
    assert read_number(f"{number:f}") == Fraction(number)


def test_points_with_a_percent_sign_are_a_share_of_the_items_points() -> None:
    assert read_amount("5%").of(Fraction(40)) == 2
    assert read_amount("5").of(Fraction(40)) == 5


def test_a_limit_in_percent_is_in_the_unit_of_figures_in_percent() -> None:
    assert read_operand("95%").number(in_percent=True) == read_operand("95").number(in_percent=True) == 95
    assert read_operand("95%").number(in_percent=False) == Fraction(95, 100)
    assert is_percent("%")
    assert not is_percent("件")


def test_a_units_key_goes_before_its_groups() -> None:
    given = {"grain": 1, "T7": 2}
    assert [for_unit(given, *unit) for unit in [("T7", "grain"), ("T8", "grain"), ("T9", "other")]] == [2, 1, None]
    assert for_unit(5, "T9", "other") == 5


def test_defaults_are_those_of_the_format() -> None:
    book = rulebook(item())
    only = book.place("a").item
    assert (only.direction, only.sources, only.frequency) == ("higher_is_better", ("self",), "year")
    assert (only.accumulate, only.periods, only.measure) == ("latest", "combine_then_score", "value")
    assert (only.missing, only.not_applicable, only.tolerance) == ("zero", "rescale", None)
    assert (book.scoring.decimals, book.scoring.round_at) == (2, "item")
    assert (book.ranking.on, book.ranking.ties, book.ranking.within) == ("published", "competition", "group")


def test_steps_start_from_the_full_points() -> None:
    rule = rulebook(item(rule={"kind": "steps", "worse": "5%"})).place("a").item.rule
    assert rule is not None
    assert rule.kind == "steps"
    assert (rule.start, rule.worse) == (Amount(Fraction(1), share=True), Amount(Fraction(1, 20), share=True))
    assert (rule.origin, rule.step, rule.whole) == (Operand(value=Fraction(0)), Operand(value=Fraction(1)), True)


@pytest.mark.parametrize(
    "broken",
    [
        item(rule={"kind": "per_item", "each": 0.1}),
        item(pionts="3"),
        item(rule={"kind": "per_item", "each": "1", "step": "2"}),
        item(rule=None),
        item(cases=[{"rule": {"kind": "proportional"}}]),
        item(rule={"kind": "threshold", "at_least": "1", "below": "2"}),
        item(rule={"kind": "threshold"}),
        item(cliff={"points": "0"}),
        item(measure="Value"),
        item(exemptions="yes"),
        item(code="A1"),
        item(missing="skip"),
        item(rule={"kind": "interpolate", "through": [["1"]]}),
        item(rule={"kind": "steps", "step": "target"}),
        item(max_points="None"),
        item(parts=[]),
    ],
)
def test_what_is_no_item_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rulebook(broken)


def test_a_rulebook_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        rulebook(item()).place("a").item.points = None


def test_parts_take_over_what_they_do_not_say() -> None:
    deep = item("deep", points="1")
    parts = [item("p", points="5", parts=[deep], rule=None), item("q", points="5", missing="pending")]
    book = rulebook(item(rule=None, parts=parts, missing="rescale", direction="lower_is_better", unit_of_measure="%"))
    taken = [book.place(code).item for code in ("p", "deep", "q")]
    assert [part.missing for part in taken] == ["rescale", "rescale", "pending"]
    assert {(part.direction, part.unit_of_measure) for part in taken} == {("lower_is_better", "%")}


def test_a_part_with_sources_has_a_figure_of_its_own() -> None:
    parts = [item("p", points="5"), item("q", points="5", sources=["self"], unit_of_measure="项")]
    book = rulebook(item(rule=None, parts=parts, unit_of_measure="件", per="population"))
    assert [(figure.code, figure.unit_of_measure) for figure in book.figures()] == [("a", "件"), ("q", "项")]
    assert book.place("q").item.per is None


def test_items_that_name_one_figure_ask_for_it_once() -> None:
    book = rulebook(item("rate", figure="grants"), item("grants", unit_of_measure="件"))
    assert [(figure.code, figure.unit_of_measure) for figure in book.figures()] == [("grants", "件")]
    assert [place.item.code for place in book.figure("grants").places] == ["rate", "grants"]


def test_the_same_figure_of_another_year_is_asked_for_besides() -> None:
    book = rulebook(item("spend"), item("before", figure="spend", data_year="2024"), item("now", data_year="2025"))
    assert [(figure.code, figure.data_year) for figure in book.figures()] == [
        ("spend", None),
        ("spend", 2024),
        ("now", None),
    ]
    assert {figure.definer.code for figure in book.figures() if figure.code == "spend"} == {"spend"}


def test_who_reads_anothers_figure_has_its_frequency_and_unit_of_measure() -> None:
    book = rulebook(
        item("own", figure="rate", unit_of_measure="件"),
        item("reader", figure="rate", parts=[item("part", points="5")], rule=None),
        item("rate", unit_of_measure="%", frequency="month"),
    )
    places = [book.place(code).item for code in ("own", "reader", "part", "rate")]
    assert [place.frequency for place in places] == ["month"] * 4
    assert [place.unit_of_measure for place in places] == ["件", "%", "%", "%"]


def test_a_figure_that_no_item_is_called_by_is_reported_as_the_first_says() -> None:
    book = rulebook(item("a", figure="x"), item("b", figure="x", frequency="quarter"))
    assert [book.place(code).item.frequency for code in "ab"] == ["quarter"] * 2
    assert book.figure("x").frequency == "quarter"


def test_a_part_that_names_a_figure_has_the_sources_of_its_item() -> None:
    parts = [item("p", points="5", figure="other"), item("q", points="5", parts=[item("r", figure="z")], rule=None)]
    book = rulebook(item(rule=None, parts=parts, sources=["stats"], unit_of_measure="件", per="population"))
    assert [(figure.code, figure.sources) for figure in book.figures()] == [("other", ("stats",)), ("z", ("stats",))]
    assert [book.place(code).item.per for code in "pr"] == [None, None]


def test_claims_and_marks_are_no_figures() -> None:
    book = rulebook(
        item("levels", rule={"kind": "levels", "levels": {"national": "7"}}),
        item("marks", rule={"kind": "judged"}),
        item("count", measure="count", rule={"kind": "per_item", "each": "1"}),
    )
    assert book.figures() == ()
    assert [book.place(code).item.reads_claims() for code in ("levels", "marks", "count")] == [True, False, True]
    assert book.place("marks").item.reads_marks()


def test_a_range_is_in_the_unit_of_the_figure() -> None:
    book = rulebook(item(unit_of_measure="%", range={"min": "0", "max": {"grain": "90%", "T7": "80"}}))
    figure = book.figure("a")
    assert figure.minimum("T1", "grain") == 0
    assert [figure.maximum(*unit) for unit in [("T1", "grain"), ("T7", "grain"), ("T1", "other")]] == [90, 80, None]


def test_a_group_left_out_of_the_points_is_not_assessed() -> None:
    book = rulebook(item(points={"grain": "10"}), item("b", applies_to=["T7"]))
    applies = {
        code: [book.applies(book.place(code), *unit) for unit in [("T1", "grain"), ("T7", "other")]] for code in "ab"
    }
    assert applies == {"a": [True, False], "b": [False, True]}


def test_places_know_their_way_through_the_file() -> None:
    parts = [item("p", points="5", sources=["self"])]
    bonuses = {"items": [item("extra", rule={"kind": "levels", "levels": {"national": "7"}})]}
    book = rulebook(item(), item("b", rule=None, parts=parts), bonuses=bonuses)
    assert book.place("p").path == ("sections", 0, "indicators", 1, "parts", 0)
    assert book.place("extra").path == ("bonuses", "items", 0)
    assert [book.place(code).section_code for code in ("p", "extra")] == ["s", "bonus"]
    assert [place.item.code for place in book.places()] == ["a", "b", "p", "extra"]


def test_the_schema_admits_what_the_model_admits_and_refuses_unknown_keys() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    parts = [item("p", points="40%", cases=[{"when": {"of": "previous", "below": "85"}, "rule": {"kind": "judged"}}])]
    parts[0].pop("rule")
    good = written(
        item(points={"grain": "0.3", "other": "10/7"}, max_points="none", missing={"points": "3"}),
        item("b", rule=None, parts=parts),
        item("c", rule={"kind": "interpolate", "through": [["min", 0], ["max", "100%"]]}),
    )
    Rulebook.model_validate(good)
    assert list(validator.iter_errors(good)) == []
    assert list(validator.iter_errors(written(item(pionts=3))))
    assert list(validator.iter_errors(written(item(measure="Value"))))


def test_the_schema_is_json_without_null() -> None:
    def leaves(value: Any) -> Iterator[Any]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        if inner is None:
            yield value
        else:
            for each in inner:
                yield from leaves(each)

    assert None not in list(leaves(json.loads(json.dumps(json_schema()))))
