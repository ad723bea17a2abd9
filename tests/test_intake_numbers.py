from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.number_columns import read_numbers
from intake.numbers import read_number
from intake.raw import BOOLEAN, DATE, ERROR, MERGED, NO_VALUE, NUMBER
from intake.stored import date_text, number_text, percent_text
from intake.units_of_measure import conversion, converted, measure_of


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12", "12"),
        ("-3", "-3"),
        ("12.50", "12.5"),
        ("007", "7"),
        ("-0.00", "0"),
        ("零", "0"),
        ("0", "0"),
        (" \u3000\xa012 ", "12"),
        ("0.10000000000000001", "0.10000000000000001"),
    ],
)
def test_plain_numbers_are_read_exactly_and_without_a_note(raw: str, value: str) -> None:
    read = read_number(raw)
    assert (read.value, read.code, read.noted) == (value, "", False)


@pytest.mark.parametrize(
    ("raw", "value", "suffix"),
    [
        ("1,234", "1234", ""),
        ("5\u200b", "5", ""),
        ("1,234,567.80", "1234567.8", ""),
        ("１２３．５", "123.5", ""),
        ("1，234", "1234", ""),
        ("12。5", "12.5", ""),
        ("32。63%", "32.63", "%"),
        ("９８．２％", "98.2", "%"),
        ("\u22125", "-5", ""),
        ("－5", "-5", ""),
    ],
)
def test_unusual_forms_are_read_with_a_note(raw: str, value: str, suffix: str) -> None:
    read = read_number(raw)
    assert (read.value, read.suffix, read.code, read.noted) == (value, suffix, "", True)


@pytest.mark.parametrize(
    "raw",
    [
        *("1,23,4", "1,2345", ",123", "2-3家", "约120", "≥95", "一百二十", "①②", "١٢", "1_000", "1E2", "1e5"),
        *("0x10", "(5.00)", "（5）", "TRUE", "NaN", "inf", "NULL", "NA", "nan", "1 234", "1\xa0234", "12.5.6", "1,5"),
        *(".5", "5.", "--5", "+-5", "2025-09-30", "=1+1", "12。", "〇", "12.5，", "3/4", "½", "5\n6"),
    ],
)
def test_what_is_not_plainly_one_number_is_refused(raw: str) -> None:
    assert read_number(raw).code == "NUMBER"


@pytest.mark.parametrize("raw", ["", " ", "—", "——", "-", "无", "/", "／", "\u3000"])
def test_a_missing_value_is_never_zero(raw: str) -> None:
    assert read_number(raw)[:3] == ("", "", "MISSING")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (BOOLEAN, "NUMBER"),
        (DATE, "NUMBER_IS_DATE"),
        (ERROR, "EXCEL_ERROR"),
        (NO_VALUE, "FORMULA_NO_VALUE"),
        (MERGED, "MERGED"),
    ],
)
def test_cells_of_another_kind_are_no_numbers(kind: str, code: str) -> None:
    assert read_number("45901", kind).code == code


def test_text_keeps_its_digits_and_a_stored_number_has_fifteen() -> None:
    assert read_number("12345678901234567").value == "12345678901234567"
    assert read_number("12345678901234567", NUMBER).code == "DIGITS"
    assert read_number("0.30000000000000004", NUMBER).code == "DIGITS"
    assert read_number("123456789012345000000", NUMBER).value == "123456789012345000000"
    assert read_number("1" * 31).code == "DIGITS"


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=6))
def test_every_decimal_is_read_back_exactly(number: Decimal) -> None:
    assert Decimal(read_number(format(number, "f")).value) == number


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_stored_number_reads_back_to_the_same_double(number: float) -> None:
    text = number_text(format(number, ".17g"))
    assert text is not None
    assert "e" not in text
    assert float(text) == number


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=6) | st.sampled_from(["1.5", "2", "2.0", "-0.00", "-0", "10", "0.10", "100.0"]),
            st.sampled_from(["", NUMBER]),
        )
    )
)
def test_reading_all_cells_at_once_is_reading_each(cells: list[tuple[str, str]]) -> None:
    raw = pd.Series([text for text, _ in cells], dtype="str")
    values, forms = read_numbers(raw, pd.Series([kind for _, kind in cells], dtype="str"))
    found = [forms.distinct[at]._replace(value=value) for at, value in zip(forms.numbers, values, strict=True)]
    assert found == [read_number(*cell) for cell in cells]


def test_what_excel_stores_is_read_as_what_it_shows() -> None:
    assert number_text("1.0049999999999999") == "1.005"
    assert number_text("0.98199999999999998") == "0.982"
    assert percent_text("0.982") == "98.2%"
    assert percent_text("1") == "100%"
    assert percent_text("-0.00005") == "-0.005%"


@pytest.mark.parametrize(
    ("serial", "starts_1904", "day"),
    [
        ("1", False, "1900-01-01"),
        ("59", False, "1900-02-28"),
        ("61", False, "1900-03-01"),
        ("45901", False, "2025-09-01"),
        ("45901.5", False, "2025-09-01 12:00:00"),
        ("44439", True, "2025-09-01"),
        ("0.5", False, "12:00:00"),
        ("0", False, None),
        ("9999999999", False, None),
        ("-3", False, None),
    ],
)
def test_serial_numbers_are_days(serial: str, starts_1904: bool, day: str | None) -> None:
    assert date_text(serial, starts_1904) == day


@pytest.mark.parametrize(
    ("given_unit", "wanted", "factor"),
    [
        ("亿元", "万元", "10000"),
        ("元", "万元", "1/10000"),
        ("百万元", "亿元", "1/100"),
        ("万元/人", "元/人", "10000"),
        ("％", "%", "1"),
        ("‰", "%", "1/10"),
        ("㎡", "平方米", "1"),
        ("万㎡", "m²", "10000"),
        ("公顷", "平方米", "10000"),
        ("万人次", "人次", "10000"),
        ("千瓦时", "万千瓦时", "1/10000"),
        ("", "件", "1"),
        ("标准台", "标准台", "1"),
    ],
)
def test_units_of_one_dimension_convert_exactly(given_unit: str, wanted: str, factor: str) -> None:
    assert conversion(given_unit, wanted) == Fraction(factor)


@pytest.mark.parametrize(
    ("given_unit", "wanted"),
    [
        ("件", "项"),
        ("家", "个"),
        ("人", "人次"),
        ("百分点", "%"),
        ("亩", "㎡"),
        ("美元", "元"),
        ("万元", "件"),
        ("万元", ""),
    ],
)
def test_what_is_counted_differently_does_not_convert(given_unit: str, wanted: str) -> None:
    assert conversion(given_unit, wanted) is None


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_conversion_loses_nothing(number: Decimal) -> None:
    there = converted(format(number, "f"), Fraction(10_000))
    assert there is not None
    back = converted(there, Fraction(1, 10_000))
    assert back is not None
    assert Decimal(back) == number


def test_a_share_point_is_no_multiple_of_a_point() -> None:
    assert measure_of("百分点").dimension == "百分点"
    assert measure_of("千克").factor == 1000
