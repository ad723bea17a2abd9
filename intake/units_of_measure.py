"""Units of measure: which can be turned into which, exactly.

Here belongs the arithmetic of units as offices write them. A unit that is not known converts only to
itself. What is counted differently (件 and 项, 人 and 人次, % and 百分点) never converts.
"""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from intake.characters import code_text
from intake.numbers import canonical

_MULTIPLIERS = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_DIMENSIONS: dict[str, dict[str, Fraction]] = {
    "元": {"元": Fraction(1), "人民币元": Fraction(1), "人民币": Fraction(1)},
    "%": {"%": Fraction(1), "‰": Fraction(1, 10)},
    "百分点": {"百分点": Fraction(1), "个百分点": Fraction(1)},
    "平方米": {
        "平方米": Fraction(1),
        "m2": Fraction(1),
        "公顷": Fraction(10_000),
        "平方公里": Fraction(1_000_000),
        "km2": Fraction(1_000_000),
    },
    "克": {
        "克": Fraction(1),
        "g": Fraction(1),
        "公斤": Fraction(1000),
        "kg": Fraction(1000),
        "吨": Fraction(10**6),
    },
    "米": {"米": Fraction(1), "m": Fraction(1), "公里": Fraction(1000), "km": Fraction(1000)},
    "瓦时": {"瓦时": Fraction(1), "kWh": Fraction(1000)},
}
_COUNTED = {
    *"件项家个次人名位户亩篇部台套辆处所场期批份本册条例起宗天日月年分倍株头只座村镇",
    "人次",
    "户次",
    "小时",
    "分钟",
    "美元",
}
_BASES = {alias: (name, factor) for name, aliases in _DIMENSIONS.items() for alias, factor in aliases.items()}
_BASES.update({name: (name, Fraction(1)) for name in _COUNTED})


class Measure(NamedTuple):
    """What is measured, and how many of it one of the unit is."""

    dimension: str
    factor: Fraction
    known: bool


def measure_of(unit_of_measure: str) -> Measure:
    """
    >>> measure_of("万元")
    Measure(dimension='元', factor=Fraction(10000, 1), known=True)
    """
    rest, factor = code_text(unit_of_measure), Fraction(1)
    while rest not in _BASES and rest[:1] in _MULTIPLIERS and len(rest) > 1:
        factor *= _MULTIPLIERS[rest[0]]
        rest = rest[1:]
    if rest in _BASES:
        dimension, own = _BASES[rest]
        return Measure(dimension, factor * own, True)
    return Measure(rest, factor, False)


def is_known(unit_of_measure: str) -> bool:
    return measure_of(unit_of_measure).known


def conversion(given: str, wanted: str) -> Fraction | None:
    """What a number in the given unit is multiplied by; None where there is no exact way.

    A figure without a unit of its own takes plain counts, and shares: 95% is the number 0.95.

    >>> conversion("亿元", "万元"), conversion("人", "人次"), conversion("%", "")
    (Fraction(10000, 1), None, Fraction(1, 100))
    """
    if not given or code_text(given) == code_text(wanted):
        return Fraction(1)
    from_measure, to_measure = measure_of(given), measure_of(wanted)
    if not wanted and from_measure.dimension == "%":
        return from_measure.factor / 100
    if not wanted:
        return Fraction(1) if from_measure.dimension in _COUNTED and from_measure.factor == 1 else None
    if from_measure.dimension != to_measure.dimension:
        return None
    return from_measure.factor / to_measure.factor


def converted(value: str, factor: Fraction) -> str | None:
    """The product as a decimal; None where it has no end.

    >>> converted("0.32", Fraction(10000)), converted("1", Fraction(1, 3))
    ('3200', None)
    """
    product = Fraction(value) * factor
    denominator = product.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return None
    with localcontext(prec=400):
        return canonical(Decimal(product.numerator) / Decimal(product.denominator))
