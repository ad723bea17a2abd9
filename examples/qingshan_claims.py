"""青山县的事项与评委打分: made-up claims and marks.

Here belongs how many matters a unit has and at which level, what was written by hand to show a rule, and
the judges' marks. Which items take claims is read from the rulebooks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from examples.qingshan_figures import County, chance, rounded_target, swing, towns

JUDGES = ("评委甲", "评委乙", "评委丙", "评委丁", "评委戊")


@dataclass(frozen=True)
class Matters:
    """`often`: how many a unit usually has; `levels`: how likely each; `each`: the usual quantity of one."""

    often: Mapping[str, float]
    paper: str
    levels: Mapping[str, float] = field(default_factory=dict)
    each: float = 0.0


@dataclass(frozen=True)
class Claim:
    unit: str
    item: str
    matter: str
    level: str = ""
    quantity: str = ""
    date: str = ""
    paper: str = ""
    note: str = ""


AS_A_RULE = 0.95  # how often one of the pieces of a checklist is there
MATTERS = {
    "meetings": Matters(towns(2.2, 2.3, 2.0), "专题会议纪要"),
    "upper_funds": Matters(towns(rural=2), "项目资金下达通知", each=32),
    "projects": Matters(towns(3.8, 2.8, 2.7), "科技计划项目立项通知"),
    "rd_centres": Matters(towns(5, 4, 2.6), "平台认定文件", {"county": 0.4, "city": 0.35, "provincial": 0.25}),
    "demo_bases": Matters(towns(rural=2.2), "示范基地认定书", {"county": 0.4, "city": 0.4, "provincial": 0.2}),
    "dept_meetings": Matters({"key": 1.3, "general": 1.1}, "会议纪要"),
    "dept_information": Matters({"key": 5.6, "general": 3.7}, "科技工作信息"),
    "duty_projects": Matters({"key": 3.8, "general": 3.7}, "行业科技项目立项通知"),
    "science_awards": Matters(towns(0.7, 0.6, 0.1), "科学技术奖励通报", {"city": 0.7, "provincial": 0.3}),
    "media": Matters(towns(1.6, 1.7, 1.2) | {"key": 1.3, "general": 0.9}, "媒体报道"),
}
# Matters that belong to the story of a year: bonuses and penalties, a flood, a shared paper, a veto.
BY_HAND = {
    2024: (
        Claim("D09", "upper_ranking", "R24-1", "third", "", "2024-12-20", "市统计局通报〔2024〕17号"),
        Claim("D04", "upper_ranking", "R24-2", "second", "", "2024-12-22", "市科技局通报〔2024〕9号"),
        Claim("T02", "pilots", "V24-1", "good", "", "2024-10-11", "市科技局验收意见〔2024〕31号"),
        Claim("T10", "criticism", "C24-1", "county", "", "2024-07-02", "青科领办通报〔2024〕2号"),
        Claim("D21", "criticism", "C24-2", "county", "", "2024-09-12", "青科领办通报〔2024〕4号"),
    ),
    2025: (
        Claim("T14", "demo_area", "E25-1", "exemption", "420", "2025-08-29", "青农认定〔2025〕3号", "七月洪灾"),
        Claim("T15", "demo_area", "E25-2", "exemption", "260", "2025-08-29", "青农认定〔2025〕4号", "七月洪灾"),
        Claim("T15", "demo_bases", "B25-X1", "city", "", "2025-09-08", "示范基地认定书〔2025〕7号"),
        Claim("T16", "demo_bases", "B25-X2", "city", "", "2025-09-08", "示范基地认定书〔2025〕7号"),
        Claim("T01", "science_awards", "A25-X", "national", "", "2025-06-24", "国家科学技术进步奖通报"),
        Claim("T01", "science_awards", "A25-X", "provincial", "", "2025-03-30", "省科学技术奖励通报", "同一成果"),
        Claim("D04", "upper_ranking", "R25-1", "first", "", "2025-12-19", "市科技局通报〔2025〕11号"),
        Claim("D07", "upper_ranking", "R25-2", "third", "", "2025-12-23", "市农业农村局通报〔2025〕20号"),
        Claim("D15", "upper_ranking", "R25-3", "second", "", "2025-12-25", "市水利局通报〔2025〕14号"),
        Claim("T03", "pilots", "V25-1", "excellent", "", "2025-10-16", "市科技局验收意见〔2025〕27号"),
        Claim("T13", "pilots", "V25-2", "passed", "", "2025-11-05", "市科技局验收意见〔2025〕33号"),
        Claim("T06", "pilots", "V25-3", "failed", "", "2025-11-05", "市科技局验收意见〔2025〕34号"),
        Claim("T09", "criticism", "C25-1", "city", "", "2025-07-18", "市科技局通报〔2025〕6号"),
        Claim("D14", "criticism", "C25-2", "county", "", "2025-09-03", "青科领办通报〔2025〕3号"),
        Claim("D13", "fund_misuse", "F25-1", "", "", "2025-11-20", "青审报〔2025〕41号"),
        Claim("D13", "fund_misuse", "F25-2", "", "", "2025-11-20", "青审报〔2025〕42号"),
        Claim("D12", "upper_deduction", "U25-1", "", "3", "2025-12-30", "市考核结果反馈〔2025〕5号"),
        Claim("T12", "data_fraud", "V25-F", "", "", "2025-12-05", "青科领办〔2025〕15号", "虚报培训场次"),
    ),
}

# What units claim themselves; it counts when an examiner has accepted it. Two claim one centre, written differently.
OWN_CLAIMS: dict[int, tuple[Claim, ...]] = {
    2024: (),
    2025: (
        Claim("T03", "rd_centres", "GC2025-018", "city", "", "2025-10-20", "青科平台〔2025〕18号"),
        Claim(
            "T05", "rd_centres", "ＧＣ ２０２５－０１８", "city", "", "2025-10-20", "青科平台〔2025〕18号", "与企业共建"
        ),
    ),
}


def matters_of(county: County, item: str, unit: str, year: int) -> Iterator[Claim]:
    """The matters that a unit has for an item in a year, each with its own paper."""
    matters = MATTERS[item]
    often = matters.often.get(unit, matters.often.get(county.group[unit], 0.0))
    expected = often * (1 + 0.3 * swing(item, unit, year) + 0.5 * swing("effort", unit))
    count = int(expected + chance("count", item, unit, year)) if often else 0
    for at in range(1, count + 1):
        key = (item, unit, year, at)
        yield Claim(
            unit=unit,
            item=item,
            matter=f"{(item[:2] + item[-1]).upper()}{year % 100}-{unit}-{at}",
            level=_level(matters.levels, chance("level", *key)),
            quantity=str(round(matters.each * (1 + 0.4 * swing("each", *key)))) if matters.each else "",
            date=f"{year}-{1 + int(12 * chance('month', *key)):02}-{1 + int(28 * chance('day', *key)):02}",
            paper=f"{matters.paper}〔{year}〕{county.place(unit)}{at}号",
        )


def target_of_matters(item: str, group: str) -> float:
    matters = MATTERS[item]
    return rounded_target(matters.often[group] * matters.each, 0)


def pieces_of(county: County, item: str, pieces: Mapping[str, str], unit: str, year: int) -> Iterator[Claim]:
    """The pieces (code, name) of a checklist that the unit has; who makes an effort lacks fewer."""
    for piece, name in pieces.items():
        if chance(item, piece, unit, year) < AS_A_RULE + 0.08 * swing("effort", unit):
            date = f"{year}-{2 + int(10 * chance('month', item, piece, unit, year)):02}-20"
            yield Claim(unit, item, piece, date=date, paper=f"{name}〔{year}〕{county.place(unit)}号")


def marks_of(item: str, unit: str, year: int, full: float | None) -> Iterator[tuple[str, str]]:
    """(judge, mark): a share of full marks, or points where `full` says how many there are."""
    merit = 0.84 + 0.12 * swing("effort", unit) + 0.05 * swing(item, unit, year)
    for judge in JUDGES:
        share = min(merit + 0.06 * swing(item, unit, year, judge), 1.0)
        yield judge, f"{share:.2f}" if full is None else f"{round(share * full * 2) / 2:g}"


def _level(levels: Mapping[str, float], drawn: float) -> str:
    for level, likely in levels.items():
        drawn -= likely
        if drawn < 0:
            return level
    return next(iter(levels), "")
