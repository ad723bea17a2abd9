"""What explanations say, in Chinese and in English: wording with places for numbers, lists, units of measure.

Here belongs the wording alone; which sentence is said and with which numbers is decided where scores are
explained.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from evaluation.explanation_phrases import PHRASES, REASONS_IN_ENGLISH
from evaluation.explanation_terms import points_text, shown_number
from evaluation.reasons import WORDING

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# Columns of units.csv that denominators usually have; others are called by their own name.
COLUMNS = {
    "population": ("人口", "population"),
    "gdp_100m": ("地区生产总值（亿元）", "GDP (100 million yuan)"),
    "workload": ("工作量", "workload"),
    "staff": ("人数", "staff"),
}
LEVELS = {
    "international": ("国际级", "international"),
    "national": ("国家级", "national"),
    "province": ("省级", "provincial"),
    "provincial": ("省级", "provincial"),
    "city": ("市级", "city"),
    "municipal": ("市级", "city"),
    "county": ("县级", "county"),
    "district": ("区级", "district"),
    "township": ("乡镇级", "township"),
    "excellent": ("优秀", "excellent"),
    "good": ("良好", "good"),
    "pass": ("合格", "pass"),
    "passed": ("合格", "passed"),
    "fail": ("不合格", "fail"),
    "failed": ("不合格", "failed"),
    "first": ("第一名", "first place"),
    "second": ("第二名", "second place"),
    "third": ("第三名", "third place"),
    "absent": ("缺席", "absent"),
    "substitute": ("代会", "substitute"),
}


@dataclass(frozen=True)
class Words:
    """The wording of one language, and points with the published decimals."""

    language: Language
    decimals: int

    def __call__(self, key: str, **given: object) -> str:
        """The phrase of that key with what is given put in."""
        return self._of(PHRASES[key]).format(**given)

    def _of(self, pair: tuple[str, str]) -> str:
        return pair[LANGUAGES.index(self.language)]

    def sentence(self, clauses: Iterable[str]) -> str:
        """Clauses one after the other, empty ones left out."""
        return self._of(("，", ", ")).join(filter(None, clauses))

    def sentences(self, clauses: Iterable[str]) -> str:
        return self._of(("；", "; ")).join(filter(None, clauses))

    def listed(self, names: Iterable[str]) -> str:
        return self._of(("、", ", ")).join(names)

    def amount(self, value: Fraction, unit_of_measure: str | None) -> str:
        """A number with its unit of measure."""
        return self.with_unit(shown_number(value), unit_of_measure)

    def with_unit(self, text: str, unit_of_measure: str | None) -> str:
        if not unit_of_measure:
            return text
        space = "" if self.language == "zh" or unit_of_measure in "%％" else " "
        return f"{text}{space}{unit_of_measure}"

    def points(self, value: Fraction) -> str:
        """Points as published."""
        return self.scored(points_text(value, self.decimals))

    def exact_points(self, value: Fraction) -> str:
        """Points as stated or not yet rounded."""
        return self.scored(shown_number(value))

    def scored(self, text: str) -> str:
        """`text` is a number of points."""
        return self("points", points=text)

    def column(self, name: str) -> str:
        return self._of(COLUMNS.get(name, (name, name)))

    def level(self, code: str) -> str:
        return self._of(LEVELS.get(code, (code, code)))

    def reason(self, code: int) -> str:
        return WORDING[code] if self.language == "zh" else REASONS_IN_ENGLISH[code]
