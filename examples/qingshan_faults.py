"""青山县报送中故意留下的毛病: what the example's findings are there to show, how offices sent their files, and when.

Here belongs each fault with its reason; whatever is not named here is clean.
"""

from dataclasses import dataclass

AS_IS = "="
UNKNOWN_UNIT = ("T20", "青岚林场")


@dataclass(frozen=True)
class Fault:
    """One row of one sender, as it came instead of as it should have.

    `value` None: the row is left out; AS_IS: the right value, `times` so much. `formula`: what stands in the cell of
    a workbook, `value` being its result. `file`: the row came in a file of its own.
    """

    sender: str
    unit: str
    figure: str
    period: str
    value: str | None = None
    status: str = ""
    unit_of_measure: str = ""
    note: str = ""
    times: float = 1.0
    formula: str = ""
    file: str = ""


FAULTS = {
    2024: (
        Fault("T17", "T17", "coop_funds", "2024"),
        Fault("stats", "T06", "high_tech_output", "2024Q4", AS_IS, status="预计"),
    ),
    2025: (
        # 预计数：得分暂定。填报表一列只有一个类型，个别单位未定案的另报
        Fault(
            "stats",
            "T03",
            "high_tech_output",
            "2025Q4",
            AS_IS,
            status="预计",
            note="12 月按快报预计",
            file="县统计局2025年第4季度快报数.csv",
        ),
        Fault(
            "sti",
            "T10",
            "tech_contracts",
            "2025Q4",
            AS_IS,
            status="预计",
            note="登记系统尚未关账",
            file="县科学技术局2025年第4季度未关账数.csv",
        ),
        # 两个来源相差超过允许误差
        Fault("T04", "T04", "high_tech_output", "2025Q4", AS_IS, times=1.12),
        Fault("T09", "T09", "tech_contracts", "2025Q4", AS_IS, times=1.3),
        # 漏了小数点，超出范围
        Fault("finance", "T13", "fiscal_share", "2025", AS_IS, times=100.0),
        # 数里写字
        Fault("agri", "T16", "new_varieties", "2025", "约6项"),
        # 句号当了小数点
        Fault("stats", "T06", "high_tech_investment", "2025", "36。2%"),
        # 没有粘贴为数值的公式
        Fault("finance", "T07", "fiscal_share", "2025", "1.68", formula="1.26+0.42"),
        # 缺报：部门的一个，单位的两个
        Fault("stats", "T05", "firm_rd_ratio", "2025", "—", note="企业年报未审结"),
        Fault("T17", "T17", "coop_funds", "2025"),
        Fault("T08", "T08", "maker_area", "2025", "/"),
        # 授权多于申请
        Fault("market", "T11", "patent_grants", "2025-06", "9"),
        # 用别的计量单位，可以换算
        Fault("stats", "T03", "rd_spending", "2024", "2.0835", unit_of_measure="亿元"),
        Fault("stats", "D04", "duty_contracts", "2025", "68900", unit_of_measure="万元"),
        # 比上年增长过快
        Fault("sti", "T14", "tech_small_firms", "2025", "41"),
        # 因灾减少；认定的损失另报事项加回
        Fault("agri", "T14", "demo_area", "2025", AS_IS, note="七月洪灾", times=0.94),
        Fault("agri", "T15", "demo_area", "2025", AS_IS, note="七月洪灾", times=0.9),
        # 低于 0.5%：降等；写明百分号的，不当作没有乘一百的小数
        Fault("finance", "T18", "fiscal_share", "2025", "0.46%"),
        # 像是没有乘一百的小数：待考核办判断
        Fault("inspection", "D20", "dept_inspection", "2025", "0.91"),
        # 备注像公式：只是文字，到哪里都不能变成公式
        Fault("D03", "D03", "dept_spending", "2025", AS_IS, note="=见附件2"),
    ),
}
# A sender's file about an institution that is not assessed.
STRAYS = {2025: (("assoc", "science_activities", "2025Q3", "6"),)}
# A total below the rows of a file of one row per figure: sender, figure, period.
TOTALS = {2025: (("agri", "farm_training", "2025Q2"),)}
# Units that an office still calls by their former name.
FORMER_NAMES = {"econ": ("T05",), "stats": ("T11",)}
# Days after the due date on which a unit's own file came in.
DAYS_LATE = {2024: {"T11": 1, "D12": 2}, 2025: {"T08": 2, "T14": 6, "D17": 1}}
# What a unit wrote at first; it was returned, and put right under the same name so many days later.
PUT_RIGHT = {2025: {"T06": ("trainings", "约9场", 2)}}
# Who sent another's form the day before its own: returned whole.
MISTAKEN = {2025: {"T13": "T12"}}

# Offices that filled in the official form at the year's end; the others, and all earlier in the year, as before.
FORMS = {2024: (), 2025: ("stats", "sti", "agri", "market", "finance", "assoc", "inspection", "lead_office")}
# Units of these groups report themselves by form.
SELF_FORMS = {2024: (), 2025: ("industrial", "urban", "rural")}
# Offices that drew up a workbook: tidy, units by columns, or units merged down over their rows.
TIDY, COLUMNS, MERGED = "tidy", "columns", "merged"
WORKBOOKS = {
    2024: {("stats", "year"): TIDY},
    2025: {("stats", "quarter"): COLUMNS, ("econ", "year"): COLUMNS, ("emergency", "year"): MERGED},
}
# Whose list of matters was saved in the Chinese encoding, and whose matters stand in the form and not in a list.
IN_GBK = {2024: (), 2025: ("audit",)}
MATTERS_IN_FORM = ("agri",)
# When the papers in 佐证 came in.
PAPERS_RECEIVED = {2025: "2026-01-09"}
