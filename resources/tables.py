"""The store's schema. One row of comments per column: they are also the column schemas that Dagster shows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table

# Names that every database gives alike, so that a later step of the schema can tell what it changes.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

LEDGER = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="序号"),
    Column("evaluation", String, nullable=False, comment="考核"),
    Column("kind", String, nullable=False, comment="事项类别"),
    Column("key", String, nullable=False, unique=True, comment="同一事项只记一次的键"),
    Column("payload", String, nullable=False, comment="内容（规范 JSON）"),
    Column("actor", String, nullable=False, comment="操作账号"),
    Column("recorded_at", String, nullable=False, comment="记录时间"),
    Column("prev_hash", String, nullable=False, comment="前一条的哈希"),
    Column("hash", String, nullable=False, comment="本条的哈希"),
    Index(None, "evaluation", "kind", "seq"),
)

CURRENT_RUNS = Table(
    "current_runs",
    metadata,
    Column("evaluation", String, primary_key=True, comment="考核"),
    Column("fence", Integer, nullable=False, comment="栅栏：只有最新的运行可以写"),
    Column("run_id", String, nullable=False, comment="运行编号"),
    Column("run_key", String, nullable=False, comment="台账序号与办法摘要"),
    Column("as_of", String, nullable=False, comment="截至日期"),
    Column("ledger_seq", Integer, nullable=False, comment="读到的台账序号"),
    Column("ledger_head", String, nullable=False, comment="该序号的哈希"),
    Column("definition_digest", String, nullable=False, comment="办法的摘要"),
    Column("definition_files", String, nullable=False, comment="办法各文件的 SHA-256"),
    Column("adopted", Boolean, nullable=False, comment="办法是否已下发"),
    Column("edited", Boolean, nullable=False, comment="文件夹里的办法改过而未下发"),
    Column("inbox_present", Boolean, nullable=False, comment="收件箱是否存在"),
    Column("inputs_key", String, nullable=False, comment="台账、办法、收件箱的摘要"),
    Column("seal", String, nullable=False, comment="本行的摘要"),
)

HEARTBEATS = Table(
    "heartbeats",
    metadata,
    Column("evaluation", String, primary_key=True, comment="考核"),
    Column("run_id", String, nullable=False, comment="最近一次运行的编号"),
    Column("started_at", String, nullable=False, comment="开始时间"),
    Column("finished_at", String, nullable=False, comment="完成时间；没有完成的为空"),
    Column("outcome", String, nullable=False, comment="结果；没有完成的为空"),
    Column("last_good_at", String, nullable=False, comment="上一次完成的时间"),
    Column("seal", String, nullable=False, comment="本行的摘要"),
)

OUTPUTS = Table(
    "outputs",
    metadata,
    Column("evaluation", String, primary_key=True, comment="考核"),
    Column("table_name", String, primary_key=True, comment="表"),
    Column("producer", String, primary_key=True, comment="由谁产生"),
    Column("run_key", String, nullable=False, comment="台账序号与办法摘要"),
    Column("digest", String, nullable=False, comment="内容摘要"),
    Column("seal", String, nullable=False, comment="本行的摘要"),
)

PUBLICATIONS = Table(
    "publications",
    metadata,
    Column("evaluation", String, primary_key=True, comment="考核"),
    Column("version", Integer, primary_key=True, autoincrement=False, comment="版本"),
    Column("state", String, nullable=False, comment="状态"),
    Column("ledger_seq", Integer, nullable=False, comment="读到的台账序号"),
    Column("definition_digest", String, nullable=False, comment="办法的摘要"),
    Column("inputs_digest", String, nullable=False, comment="输入的摘要"),
    Column("results_digest", String, nullable=False, comment="结果的摘要"),
    Column("published_at", String, nullable=False, comment="发布时间"),
    Column("cause", String, nullable=False, comment="起因"),
)

ACCOUNTS = Table(
    "accounts",
    metadata,
    Column("name", String, primary_key=True, comment="账号"),
    Column("role", String, nullable=False, comment="角色"),
    Column("codes", String, nullable=False, comment="单位编码、部门代码，以空格隔开；考核人员和管理人员为空"),
    Column(
        "jurisdictions", String, nullable=False, server_default="", comment="只看哪些辖区的考核，以空格隔开；空：全部"
    ),
    Column("password_hash", String, nullable=False, comment="口令的 Argon2 摘要"),
    Column("temporary", Boolean, nullable=False, comment="口令是别人设的，登录后须先改"),
    Column("created_at", String, nullable=False, comment="建立时间"),
)

SESSIONS = Table(
    "sessions",
    metadata,
    Column("token_digest", String, primary_key=True, comment="登录凭证的 SHA-256"),
    Column("account", String, nullable=False, comment="账号"),
    Column("started_at", String, nullable=False, comment="登录时间"),
    Column("seen_at", String, nullable=False, comment="最近一次使用"),
    Index(None, "account"),
)


def _text(*named: tuple[str, str]) -> list[Column[str]]:
    return [Column(name, String, comment=comment) for name, comment in named]


def _table(name: str, *columns: Column[Any] | list[Column[str]]) -> Table:
    """A working table: rows of one evaluation in the order in which one run wrote them; OUTPUTS says which run."""
    flat: list[Column[Any]] = [c for group in columns for c in (group if isinstance(group, list) else [group])]
    own: list[Column[Any]] = [
        Column("evaluation", String, nullable=False, comment="考核"),
        Column("row_number", Integer, nullable=False, comment="写入时的次序"),
    ]
    return Table(name, metadata, *own, *flat, Index(None, "evaluation", "row_number"))


def contents(table: Table) -> list[Column[Any]]:
    """The columns of a working table besides those that only the store needs."""
    return [column for column in table.columns if column.name not in ("evaluation", "row_number")]


def _number(name: str, comment: str) -> Column[object]:
    return Column(name, Integer, comment=comment)


def _flag(name: str, comment: str) -> Column[object]:
    return Column(name, Boolean, comment=comment)


_PLACE = (
    ("sha256", "文件 SHA-256"),
    ("sender", "报送单位"),
    ("file", "文件"),
    ("sheet", "工作表"),
    ("cell", "单元格"),
)
_RECEIPT = (("source", "数据来源"), ("received_at", "收到时间"), ("outcome", "处理结果"))

RECEIVED_FILES = _table(
    "received_files",
    _number("seq", "台账序号"),
    _text(
        ("sha256", "文件 SHA-256"),
        ("sender", "报送单位"),
        ("name", "文件名"),
        ("received_at", "收到时间"),
        ("kind", "内容"),
        ("outcome", "处理结果"),
    ),
    *(
        _number(name, comment)
        for name, comment in (
            ("cells_read", "读到的单元格"),
            ("accepted", "采用"),
            ("refused", "退回"),
            ("held", "待人判断"),
            ("duplicate", "重复"),
            ("blank", "空白"),
        )
    ),
)
SUBMITTED_VALUES = _table(
    "submitted_values",
    _number("row_id", "行号"),
    _number("seq", "台账序号"),
    _text(
        *_PLACE,
        ("unit_code", "单位编码"),
        ("indicator_code", "指标编码"),
        ("period", "考核期"),
        ("raw", "原文"),
        ("submitted_value", "报送值"),
        ("status", "实际或预计"),
        *_RECEIPT,
        ("unit_of_measure", "计量单位"),
        ("filled_by", "填报人"),
        ("note", "备注"),
    ),
)
SUBMITTED_CLAIMS = _table(
    "submitted_claims",
    _number("row_id", "行号"),
    _number("seq", "台账序号"),
    _text(
        *_PLACE,
        ("unit_code", "单位编码"),
        ("item_code", "事项编码"),
        ("object_id", "对象编号"),
        ("level", "级别"),
        ("quantity", "数量"),
        ("date", "日期"),
        ("document", "依据文件"),
        ("page", "页码"),
        *_RECEIPT,
        ("note", "备注"),
        ("claim_id", "编号"),
        ("decision", "核定"),
        ("decided_by", "核定人"),
        ("decided_because", "核定理由"),
    ),
)
MARKS = _table(
    "marks",
    _number("row_id", "行号"),
    _number("seq", "台账序号"),
    _text(
        *_PLACE,
        ("unit_code", "单位编码"),
        ("indicator_code", "指标编码"),
        ("judge", "评委"),
        ("mark", "分值"),
        *_RECEIPT,
        ("note", "备注"),
    ),
)
SELF_SCORES = _table(
    "self_scores",
    _number("row_id", "行号"),
    _number("seq", "台账序号"),
    _text(
        *_PLACE,
        ("unit_code", "单位编码"),
        ("indicator_code", "指标编码"),
        ("self_score", "自评分"),
        *_RECEIPT,
        ("note", "备注"),
    ),
)
FINDINGS = _table(
    "findings",
    _text(
        ("producer", "由谁发现"),
        *_PLACE,
        ("unit_code", "单位编码"),
        ("indicator_code", "指标编码"),
        ("period", "考核期"),
        ("code", "问题代码"),
        ("severity", "轻重"),
        ("raw", "读到的内容"),
        ("message", "问题"),
        ("what_to_do", "怎么办"),
        ("finding_id", "编号"),
        ("accepted_by", "认可人"),
        ("replaced_by", "已由台账第几号文件重新报送"),
    ),
)
ACCEPTED_VALUES = _table(
    "accepted_values",
    _text(
        ("unit_code", "单位编码"),
        ("indicator_code", "指标编码"),
        ("period", "考核期"),
        ("accepted_value", "核定值"),
        ("source", "数据来源"),
        ("sha256", "文件 SHA-256"),
        ("file", "文件"),
        ("sheet", "工作表"),
        ("cell", "单元格"),
    ),
    _number("seq", "台账序号"),
    _text(("flags", "标记")),
    _flag("provisional", "暂定"),
)
INDICATOR_SCORES = _table(
    "indicator_scores",
    _text(
        ("unit_code", "单位编码"),
        ("section_code", "一级指标编码"),
        ("indicator_code", "指标编码"),
        ("points", "标准分"),
        ("accepted_value", "核定值"),
        ("target_value", "目标值"),
        ("measure", "计分依据"),
        ("indicator_score", "得分"),
        ("deduction", "扣分"),
        ("state", "状态"),
    ),
    _flag("provisional", "暂定"),
    _text(("target_state", "目标完成"), ("reason", "扣分原因")),
)
TOTAL_SCORES = _table(
    "total_scores",
    _text(
        ("unit_code", "单位编码"),
        ("unit_name", "单位名称"),
        ("kind", "类别"),
        ("unit_group", "分组"),
        ("base_score", "基础分"),
        ("bonus", "加分"),
        ("penalty", "扣分"),
        ("total_score", "总分"),
    ),
    _flag("provisional", "暂定"),
    _text(("veto", "一票否决"), ("grade", "等次"), ("award", "奖项")),
    _number("rank", "名次"),
)
OTHER_RANKS = _table(
    "other_ranks",
    _text(("unit_code", "单位编码"), ("ranking", "按什么排"), ("change", "总分比上年变化")),
    _number("rank", "名次"),
)
EDGE_TIES = _table(
    "edge_ties",
    _text(("name", "等次或奖项"), ("unit_group", "分组")),
    _number("rank", "名次"),
    _text(("unit_code", "单位编码")),
    _flag("admitted", "并列的都给"),
)
OFFICIAL_SCORES = _table(
    "official_scores",
    _text(
        ("official_code", "人员编码"),
        ("unit_code", "单位编码"),
        ("role", "职务"),
        ("name", "姓名"),
        ("from", "任职自"),
        ("to", "任职至"),
    ),
    _number("days", "在任天数"),
    _text(("score", "得分"), ("state", "状态")),
)
WORKING_TABLES = {
    table.name: table
    for table in (
        RECEIVED_FILES,
        SUBMITTED_VALUES,
        SUBMITTED_CLAIMS,
        MARKS,
        SELF_SCORES,
        FINDINGS,
        ACCEPTED_VALUES,
        INDICATOR_SCORES,
        TOTAL_SCORES,
        OTHER_RANKS,
        EDGE_TIES,
        OFFICIAL_SCORES,
    )
}
