"""青山县报送中故意留下的毛病: what the example's findings are there to show, and when files came in.

Here belongs each fault with its reason; whatever is not named here is clean.
"""

from dataclasses import dataclass

AS_IS = "="
UNKNOWN_UNIT = ("T20", "青岚林场")


@dataclass(frozen=True)
class Fault:
    """One row of one sender, as it came instead of as it should have.

    `value` None: the row is left out; AS_IS: the right value, `times` so much.
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


FAULTS = {
    2024: (
        Fault("T17", "T17", "coop_funds", "2024"),
        Fault("stats", "T06", "high_tech_output", "2024Q4", AS_IS, status="预计"),
    ),
    2025: (
        # 预计数：得分暂定
        Fault("stats", "T03", "high_tech_output", "2025Q4", AS_IS, status="预计", note="12 月按快报预计"),
        Fault("sti", "T10", "tech_contracts", "2025Q4", AS_IS, status="预计", note="登记系统尚未关账"),
        # 两个来源相差超过允许误差
        Fault("T04", "T04", "high_tech_output", "2025Q4", AS_IS, times=1.12),
        Fault("T09", "T09", "tech_contracts", "2025Q4", AS_IS, times=1.3),
        # 漏了小数点，超出范围
        Fault("finance", "T13", "fiscal_share", "2025", AS_IS, times=100.0),
        # 数里写字
        Fault("agri", "T16", "new_varieties", "2025", "约6项"),
        # 缺报：部门的一个，单位的两个
        Fault("stats", "T05", "firm_rd_ratio", "2025", "—", note="企业年报未审结"),
        Fault("T17", "T17", "coop_funds", "2025"),
        Fault("T08", "T08", "maker_area", "2025", ""),
        # 授权多于申请
        Fault("market", "T11", "patent_grants", "2025-06", "9"),
        # 用别的计量单位，可以换算
        Fault("stats", "D04", "duty_contracts", "2025", "68900", unit_of_measure="万元"),
        # 比上年增长过快
        Fault("sti", "T14", "tech_small_firms", "2025", "41"),
        # 因灾减少；认定的损失另报事项加回
        Fault("agri", "T14", "demo_area", "2025", AS_IS, note="七月洪灾", times=0.94),
        Fault("agri", "T15", "demo_area", "2025", AS_IS, note="七月洪灾", times=0.9),
        # 低于 0.5%：降等
        Fault("finance", "T18", "fiscal_share", "2025", "0.46"),
    ),
}
# A sender's file about an institution that is not assessed.
STRAYS = {2025: (("assoc", "science_activities", "2025Q3", "6"),)}
# Days after the due date on which a unit's own file came in.
DAYS_LATE = {2024: {"T11": 1, "D12": 2}, 2025: {"T08": 2, "T14": 6, "D17": 1}}
