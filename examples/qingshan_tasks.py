"""青山县的目标表: targets, and tasks that a unit does not have in a year (`applicable: no`) with the reason."""

from collections.abc import Iterator

from evaluation.definition import Definition
from evaluation.figures import figure_owner
from evaluation.items import Item
from evaluation.lint_tables import needs_target, words_of
from examples.qingshan_claims import target_of_matters
from examples.qingshan_figures import MAGNITUDES, County
from examples.qingshan_files import number_text

TARGETS_HEADER = ["unit_code", "indicator_code", "target", "stretch", "applicable", "note"]
STRETCH = 1.15

_NO_INDUSTRY = "辖区没有规上工业企业"
_NO_HIGH_TECH = "辖区没有高新技术产业企业"
_NO_PROJECTS = "当年没有安排争取项目任务"
_NO_MARKET = "当年没有网上技术市场任务"
_NO_SCHOOL = "辖区没有符合条件的学校"
_NO_BASE = "当年没有基地建设任务"

_EVERY_YEAR = {
    ("T17", "zero_patent_firms"): _NO_INDUSTRY,
    ("T18", "zero_patent_firms"): _NO_INDUSTRY,
    ("T19", "zero_patent_firms"): _NO_INDUSTRY,
    ("T18", "high_tech_output"): _NO_HIGH_TECH,
    ("T19", "high_tech_output"): _NO_HIGH_TECH,
    ("T19", "upper_funds"): _NO_PROJECTS,
    ("T05", "quake_schools"): _NO_SCHOOL,
    ("T16", "quake_schools"): _NO_SCHOOL,
    ("T19", "quake_schools"): _NO_SCHOOL,
}
NO_SUCH_TASK = {
    2024: _EVERY_YEAR,
    2025: _EVERY_YEAR
    | {
        ("T15", "upper_funds"): _NO_PROJECTS,
        ("T16", "online_market"): _NO_MARKET,
        ("T19", "online_market"): _NO_MARKET,
        ("T17", "demo_bases"): _NO_BASE,
    },
}


def target_rows(definition: Definition, county: County) -> Iterator[list[str]]:
    """A row for each unit and item that compares with a target, and for each task that a unit does not have."""
    year = definition.rulebook.cycle.year
    no_task = NO_SUCH_TASK[year]
    for unit, group in county.group.items():
        for place in definition.rulebook.places():
            item, owner = place.item, figure_owner(place.chain)
            if not definition.rulebook.applies(place, unit, group):
                continue
            if (unit, item.code) in no_task:
                yield [unit, item.code, "", "", "no", no_task[unit, item.code]]
            elif needs_target(item):
                yield _target(county, item, owner.figure or owner.code, unit, item.data_year or year)


def _target(county: County, item: Item, figure: str, unit: str, year: int) -> list[str]:
    if figure not in MAGNITUDES:
        return [unit, item.code, number_text(target_of_matters(item.code, county.group[unit]), 0), "", "", ""]
    target = county.target(figure, unit, year)
    places = MAGNITUDES[figure].decimals
    stretch = number_text(target * STRETCH, places) if "stretch" in words_of(item) else ""
    return [unit, item.code, number_text(target, places), stretch, "", "确保、力争" if stretch else ""]
