"""The receipt of a file: what it says, to whom, and that nothing in it runs."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from returned_workbooks import findings_of

from evaluation.discrepancies import ASK_TO_REPLACE
from reports.receipt_rows import Row, receipt_rows
from reports.receipts import MOST_ROWS, Receipt, demand, receipt_page

COUNTS = {"cells_read": 3, "accepted": 3, "refused": 0, "held": 0, "duplicate": 0, "blank": 0}
RECEIPT = Receipt(
    title="2025年度青山县科技进步目标责任制考核办法（试行）",
    seq=12,
    sender="T001",
    sender_name="青山镇",
    name="青山镇2025.xlsx",
    sha256="ab" * 32,
    received_at="2026-01-10T09:05:00+08:00",
    kind="figures",
    outcome="accepted",
    counts=COUNTS,
    rows=[],
    due="2026-01-15",
    definition_digest="cd" * 32,
)
REFUSED = Row("退回", "数据", "D4", "约120", "“约120”不是一个确切的数。", "请只填一个数。")
CHECK, HINT = (Row(degree, "数据", "D5", "", "没有填数。", "请补报。") for degree in ("请核对", "提示"))
HOSTILE = '<script>alert(1)</script>" onload="x {{ 7*7 }} \x00\u202e=1+1'


class Seen(HTMLParser):
    """Tags and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def with_rows(*rows: Row, **changes: object) -> Receipt:
    refused = sum(row.degree == "退回" for row in rows)
    counts = COUNTS | {"accepted": 3 - refused, "refused": refused}
    return replace(RECEIPT, rows=list(rows), counts=counts, **changes)


def test_a_receipt_names_file_time_digest_number_and_counts() -> None:
    text = Seen(receipt_page(with_rows(REFUSED))).text
    for told in ("台账第 12 号", "青山镇（T001）", "青山镇2025.xlsx", "2026年1月10日 09:05", "ab" * 32, "报送回执"):
        assert told in text
    page = receipt_page(with_rows(REFUSED))
    assert "".join(f"<td>{count}</td>" for count in (3, 2, 1, 0, 0, 0)) in page
    assert "".join(f'<th scope="col">{w}</th>' for w in ("读到", "采用", "退回", "待判断", "重复", "空白")) in page


def test_what_is_said_of_several_cells_is_said_once_and_names_them_all() -> None:
    page = receipt_page(
        with_rows(CHECK, CHECK._replace(cell="D6"), CHECK._replace(cell="D9"), CHECK._replace(sheet="b"))
    )
    assert "<td>数据 › D5、D6、D9</td>" in page
    assert "<td>b › D5</td>" in page
    assert page.count("<td>请补报。</td>") == 2


def test_every_finding_stands_with_place_content_message_and_remedy() -> None:
    page = receipt_page(with_rows(REFUSED, CHECK))
    assert (
        '<td>数据 › D4</td><td class="raw">约120</td><td>“约120”不是一个确切的数。</td><td>请只填一个数。</td>' in page
    )


@pytest.mark.parametrize(
    ("receipt", "short", "long"),
    [
        (RECEIPT, "无需处理", "没有需要贵单位改正的内容"),
        (with_rows(HINT), "无需处理", "没有需要贵单位改正的内容"),
        (
            with_rows(HINT, REFUSED),
            "须改正",
            "有1格未予采用，其余已采用的不受影响。请在2026年1月15日前（含当日）改正后重新报送",
        ),
        (with_rows(CHECK), "请核对", "有1处请核对"),
        (with_rows(CHECK._replace(degree="不再接收")), "不再接收", "请按更正程序申请更正"),
        (with_rows(CHECK._replace(degree="待判断")), "请核对", "有1处待考核工作机构判断"),
        (with_rows(REFUSED, outcome="quarantined"), "须重新报送", "整份未能采用，视为尚未报送"),
        (with_rows(HINT, outcome="quarantined"), "无需处理", ""),
        (replace(RECEIPT, outcome="duplicate"), "无需处理", ""),
        (
            with_rows(REFUSED, received_at="2026-01-16T00:00:00"),
            "须改正",
            "报送期限（2026年1月15日）已过，请尽快改正后",
        ),
        (with_rows(REFUSED, due=None), "须改正", "请尽快改正后重新报送"),
    ],
)
def test_a_receipt_says_whether_something_has_to_be_done_and_by_when(receipt: Receipt, short: str, long: str) -> None:
    told = demand(receipt)
    assert told.short == short
    assert long in told.long
    assert short in Seen(receipt_page(receipt)).text


def test_the_workbook_that_goes_back_is_named_and_its_link_stays_in_the_folder() -> None:
    page = receipt_page(with_rows(REFUSED, returned="青山 镇#2025?.xlsx"))
    assert 'href="%E9%9D%92%E5%B1%B1%20%E9%95%87%232025%3F.xlsx"' in page
    assert "已标红" in page
    assert "csv" not in Seen(page).text
    assert "csv" in Seen(receipt_page(with_rows(REFUSED, returned="a.xlsx", name="a.csv"))).text
    assert "自己的文件中照下表改正" in receipt_page(with_rows(REFUSED, unmarked=True))


def test_a_quarantined_file_is_never_given_back() -> None:
    assert with_rows(REFUSED).wants_workbook
    assert not with_rows(REFUSED, outcome="quarantined").wants_workbook
    assert not with_rows(CHECK, HINT).wants_workbook


def test_text_from_outside_stays_text() -> None:
    row = Row("退回", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    page = receipt_page(with_rows(row, name=HOSTILE, sender=HOSTILE, sender_name=HOSTILE, title=HOSTILE))
    seen = Seen(page)
    assert "script" not in seen.tags
    assert "onload" not in seen.attributes
    assert "{{ 7*7 }} 〔U+0000〕〔U+202E〕=1+1" in seen.text
    assert not {"\x00", "\u202e"} & set(page)


def test_a_receipt_asks_no_host_and_runs_nothing() -> None:
    page = receipt_page(with_rows(REFUSED, returned="a.xlsx"))
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page
    assert not {"script", "img", "iframe", "form", "link"} & Seen(page).tags


def test_the_same_makes_the_same_bytes_and_any_row_another_page() -> None:
    rows = [REFUSED._replace(raw=f"约{at}") for at in range(MOST_ROWS + 5)]
    page = receipt_page(with_rows(*rows))
    assert page == receipt_page(with_rows(*rows))
    assert "另有 5 条" in page
    assert page != receipt_page(with_rows(*rows[:-1], CHECK))


def test_rows_come_gravest_first_and_words_end_as_sentences() -> None:
    findings = findings_of(
        ("FORMULA", "note", "数据", "D2", "5", "公式", "请核对"),
        ("MISSING", "warning", "数据", "D3", "", "没有填数。", "请补报。"),
        ("RANGE", "error", "数据", "D4", "900", "大于上限 100", "改正后重新报送"),
        ("SUSPECT", "held", "数据", "D5", "0.9", "可疑", "请确认"),
    )
    rows = receipt_rows(findings)
    assert [(row.degree, row.cell, row.to_mend) for row in rows] == [
        ("退回", "D4", True),
        ("待判断", "D5", True),
        ("请核对", "D3", False),
        ("提示", "D2", False),
    ]
    assert rows[0].message == "大于上限 100。"


@pytest.mark.parametrize("said", ["accepted_by", "replaced_by"])
def test_what_was_accepted_or_sent_again_is_nothing_to_mend(said: str) -> None:
    (finding,) = findings_of(("RANGE", "error", "数据", "D4", "900", "大于上限 100", "无需再办：已认可"))
    (row,) = receipt_rows([finding | {said: "7"}])
    assert (row.degree, row.what_to_do, row.to_mend) == ("提示", "无需再办：已认可。", False)


def test_what_came_too_late_to_be_used_is_not_nothing_to_do() -> None:
    late = ("LATE", "note", "数据", "F7", "2100", "收到时已过截止日期，没有采用：仍以按期报送的数为准", ASK_TO_REPLACE)
    asked = demand(with_rows(*receipt_rows(findings_of(late))))
    assert asked.short == "不再接收"
    assert "有1处没有采用" in asked.long
    (used,) = receipt_rows(findings_of((*late[:5], "收到时已过截止日期", "首次报送的照用")))
    assert demand(with_rows(used)).short == "无需处理"


def test_a_claim_that_waits_for_an_examiner_asks_nothing_of_its_sender() -> None:
    (row,) = receipt_rows(findings_of(("CLAIM_WAITS", "warning", "事项", "C2", "p-1", "待核定", "等考核办核定")))
    assert demand(with_rows(row)).short == "无需处理"


@pytest.mark.parametrize("code", ["DISCREPANCY", "TOTAL_DIFFERS", "OUTLIER", "DOUBLE_CLAIM"])
def test_findings_that_compare_with_others_tell_none_of_their_numbers(code: str) -> None:
    (row,) = receipt_rows(findings_of((code, "warning", "", "F3", "50.42", "他人报 45.33", "看 45.33")))
    assert "45.33" not in str(row)
    assert row.message.endswith("。")


def test_nobody_is_told_what_another_sent() -> None:
    message = "青山镇“研发投入”2025：县统计局报 45.33，青山镇报 50.42，相差超过允许误差"
    (row,) = receipt_rows(findings_of(("DISCREPANCY", "warning", "", "F3", "50.42", message, "两家核对")))
    assert "45.33" not in str(row)
    assert "与另一来源所报的数不一致" in row.message


def test_a_long_text_is_cut_and_says_so() -> None:
    (row,) = receipt_rows(findings_of(("NUMBER", "error", "数据", "D2", "长" * 1_000, "不是数。", "改。")))
    assert row.raw == "长" * 200 + "……（共 1000 字）"


def test_a_file_that_is_too_big_to_be_marked_is_told_where_to_mend() -> None:
    rows = [REFUSED._replace(sheet="", cell=f"D{at}") for at in range(2, 5_000)]
    page = receipt_page(with_rows(*rows, unmarked=True))
    assert "csv 大于 4 MB" in page
    assert "D2、D3" in page
    assert "等 4998 格" in page
