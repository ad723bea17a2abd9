"""青山县的数字是怎么编出来的: how large each made-up figure is, and how one is drawn.

Here belongs the table of magnitudes and drawing one figure of one unit and year. Which figures are owed is
read from the rulebooks; files are written elsewhere. Everything follows from the seed by plain arithmetic,
so that any machine makes the same files, and a new figure leaves all others as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random

SEED = "qingshan"
FIRST_YEAR = 2023
AMBITION = 1.03  # how much more a target asks than may be expected


@dataclass(frozen=True)
class Magnitude:
    """`typical`: value in FIRST_YEAR by unit or group; `scale`: the column of units.csv it grows with.

    `spread` between units, `noise` between years, as shares. A `rate` varies around its value from period to
    period; other figures pile up over the year. `within`: the figure that it cannot exceed.
    """

    typical: Mapping[str, float]
    growth: float = 0.06
    spread: float = 0.2
    noise: float = 0.15
    scale: str = ""
    decimals: int = 0
    rate: bool = False
    highest: float = 1e9
    within: str = ""


def towns(industrial: float = 0, urban: float = 0, rural: float = 0) -> dict[str, float]:
    return {"industrial": industrial, "urban": urban, "rural": rural}


MAGNITUDES = {
    "accuracy": Magnitude(towns(1.5, 1.3, 1.9), 0, spread=0.9, noise=0.5),
    "rd_spending": Magnitude(towns(15200, 10600, 860), 0.13, noise=0.08, scale="gdp_100m"),
    "firm_rd_ratio": Magnitude(towns(2.4, 1.9), 0.04, spread=0.22, decimals=2, rate=True),
    "fiscal_share": Magnitude(towns(2.1, 1.6, 1.1), 0.03, spread=0.15, decimals=2, rate=True),
    "high_tech_investment": Magnitude(towns(29, 22), 0.05, spread=0.3, decimals=1, rate=True, highest=95),
    "high_tech_output": Magnitude(towns(46, 34, 2.6), 0.11, noise=0.12, scale="gdp_100m", decimals=2),
    "added_value_growth": Magnitude(towns(9, 8), 0.03, spread=0.35, noise=0.15, decimals=1, rate=True),
    "national_firms": Magnitude(towns(22, 15, 2), 0.14, noise=0.1, scale="gdp_100m"),
    "tech_small_firms": Magnitude(towns(41, 39, 9), 0.1, scale="gdp_100m"),
    "patent_applications": Magnitude(towns(192, 148, 44), 0.07, scale="gdp_100m"),
    "patent_grants": Magnitude(towns(128, 101, 26), 0.07, scale="gdp_100m", within="patent_applications"),
    "invention_grants": Magnitude(towns(27, 22), 0.09, spread=0.3, scale="gdp_100m", within="patent_grants"),
    "zero_patent_firms": Magnitude(towns(9, 0, 5), -0.12, spread=0.4, noise=0.3),
    "tech_contracts": Magnitude(towns(0, 2600, 270), 0.13, noise=0.13, scale="gdp_100m"),
    "coop_signed": Magnitude(towns(2.1, 2, 1.6), 0.02, spread=0.4, noise=0.2),
    "coop_projects": Magnitude(towns(5, 4, 3), 0.05, spread=0.3, noise=0.2),
    "coop_funds": Magnitude(towns(180, 220, 42), 0.07, spread=0.4, noise=0.14),
    "maker_area": Magnitude(towns(urban=1.4), 0.05, decimals=2),
    "maker_firms": Magnitude(towns(urban=62), 0.08, noise=0.12),
    "maker_people": Magnitude(towns(urban=460), 0.08, noise=0.12),
    "online_market": Magnitude(towns(rural=6), 0.04, noise=0.2),
    "commissioners": Magnitude(towns(4, 0, 11), 0.03, spread=0.25),
    "new_varieties": Magnitude(towns(rural=5), 0.03, spread=0.3, noise=0.15),
    "demo_area": Magnitude(towns(rural=5200), 0.05, scale="population_10k"),
    "farm_training": Magnitude(towns(230, 0, 640), 0.05, scale="population_10k"),
    "trainings": Magnitude(towns(7, 9, 8), 0.03, spread=0.25, noise=0.12),
    "science_activities": Magnitude(towns(11, 24, 15), 0.04, scale="population_10k", noise=0.12),
    "popular_sites": Magnitude(towns(0, 8, 4), 0.06, spread=0.3),
    "quake_schools": Magnitude(towns(2, 2, 1), 0, spread=0.3, noise=0.25),
    "quake_drills": Magnitude(towns(4, 4, 3), 0.03, spread=0.3, noise=0.2),
    "dept_spending": Magnitude({"key": 92, "general": 34}, 0.04, spread=0.6, noise=0.12),
    "dept_inspection": Magnitude({"key": 96, "general": 95}, 0, 0.03, 0.04, decimals=1, highest=100),
    "duty_tasks": Magnitude({"key": 15, "general": 11}, 0.04, noise=0.14),
    "duty_emerging": Magnitude({"D01": 26}, 0.1),
    "duty_industry": Magnitude({"D02": 28.4}, 0.03, noise=0.05, decimals=1, rate=True),
    "duty_rd_coverage": Magnitude({"D02": 56}, 0.04, noise=0.05, decimals=1, highest=100),
    "duty_schools": Magnitude({"D03": 10}, 0.05),
    "duty_firms": Magnitude({"D04": 205}, 0.12, noise=0.04),
    "duty_contracts": Magnitude({"D04": 5.2}, 0.14, decimals=2),
    "duty_fiscal": Magnitude({"D05": 1.9}, 0.04, noise=0.04, decimals=2),
    "duty_vouchers": Magnitude({"D05": 88}, 0.01, 0.02, 0.05, decimals=1, rate=True, highest=100),
    "duty_talents": Magnitude({"D06": 34}, 0.08, noise=0.14),
    "duty_extension": Magnitude({"D07": 24}, 0.04),
    "duty_patents": Magnitude({"D08": 16}, 0.04, noise=0.14),
    "duty_statistics": Magnitude({"D09": 4.2}, -0.05, decimals=1),
    "duty_popular": Magnitude({"general": 14}, 0.05, noise=0.14),
    "duty_investment": Magnitude({"D16": 12.5}, 0.07, noise=0.12, decimals=2),
    "duty_online": Magnitude({"D21": 60}, 0.05, noise=0.12),
}
BETTER_WHEN_FEWER = {"accuracy", "zero_patent_firms", "duty_statistics"}
PERIODS_IN_YEAR = {"year": 1, "quarter": 4, "month": 12}


@dataclass(frozen=True)
class County:
    """The units: `group` and `size` (by column of units.csv, 1 is the mean of the group) of each."""

    group: Mapping[str, str]
    size: Mapping[tuple[str, str], float]

    def place(self, unit: str) -> int:
        """The unit's place in the order of units.csv, from 1."""
        return list(self.group).index(unit) + 1

    def planned(self, code: str, unit: str, year: int) -> float:
        """The figure of a year as the unit's size and the usual growth would have it."""
        drawn = MAGNITUDES[code]
        base = drawn.typical.get(unit, drawn.typical.get(self.group[unit], 0.0))
        value = base * (self.size[unit, drawn.scale] if drawn.scale else 1.0)
        value *= 1 + drawn.spread * swing(code, unit)
        for _ in range(year - FIRST_YEAR):
            value *= 1 + drawn.growth
        return value

    def yearly(self, code: str, unit: str, year: int) -> float:
        """The figure of a year, not yet rounded: what was to be expected, the unit's effort, the luck of the year."""
        drawn = MAGNITUDES[code]
        effort = swing("effort", unit) * (-1 if code in BETTER_WHEN_FEWER else 1)
        value = self.planned(code, unit, year) * (1 + drawn.noise * (0.8 * swing(code, unit, year) + effort))
        return min(max(value, 0.0), drawn.highest)

    def periods(self, code: str, unit: str, year: int, frequency: str, piled_up: bool) -> list[float]:
        """The figure of each period of a year; `piled_up` where each is reported since the year's beginning."""
        drawn, count = MAGNITUDES[code], PERIODS_IN_YEAR[frequency]
        whole = self.yearly(code, unit, year)
        if drawn.rate and count > 1:
            rates = [whole * (1 + drawn.noise * swing(code, unit, year, at)) for at in range(count)]
            return [round(min(rate, drawn.highest), drawn.decimals) for rate in rates]
        reached = [round(whole * _reached(unit, year, at, count), drawn.decimals) for at in range(1, count + 1)]
        if piled_up:
            return reached
        alone = [reached[0], *(later - before for before, later in pairwise(reached))]
        if drawn.within:
            most = self.periods(drawn.within, unit, year, frequency, piled_up)
            alone = [min(one, limit) for one, limit in zip(alone, most, strict=True)]
        return [round(one, drawn.decimals) for one in alone]

    def target(self, code: str, unit: str, year: int) -> float:
        """What is asked for a year: a little more than may be expected, to a round number."""
        drawn = MAGNITUDES[code]
        ambition = 1 / AMBITION if code in BETTER_WHEN_FEWER else AMBITION
        return rounded_target(min(self.planned(code, unit, year) * ambition, drawn.highest), drawn.decimals)


def swing(*key: object) -> float:
    """A number between -1 and 1, more often near 0, that belongs to the key."""
    random = Random("|".join(map(str, (SEED, *key))))
    return random.random() + random.random() - 1


def chance(*key: object) -> float:
    """A number between 0 and 1 that belongs to the key."""
    return Random("|".join(map(str, (SEED, "chance", *key)))).random()


def rounded_target(value: float, decimals: int) -> float:
    """A number such as offices set for targets: about two digits, at least one step.

    >>> rounded_target(15234.7, 0), rounded_target(2.2045, 2), rounded_target(0.2, 0)
    (15000.0, 2.2, 1.0)
    """
    one = float(10**decimals)
    step = 1
    while value * one / step >= 150:
        step *= 10
    whole = max(round(value * one / step), 1) * step
    return whole / one


def _reached(unit: str, year: int, at: int, count: int) -> float:
    """The share of the year's figure that is there after so many periods; all figures of a unit share its season."""
    return 1.0 if at == count else (at + 0.4 * swing("season", unit, year, at)) / count
