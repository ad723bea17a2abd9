"""first"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accepted_values",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("indicator_code", sa.String(), nullable=True, comment="指标编码"),
        sa.Column("period", sa.String(), nullable=True, comment="考核期"),
        sa.Column("accepted_value", sa.String(), nullable=True, comment="核定值"),
        sa.Column("source", sa.String(), nullable=True, comment="数据来源"),
        sa.Column("sha256", sa.String(), nullable=True, comment="文件 SHA-256"),
        sa.Column("file", sa.String(), nullable=True, comment="文件"),
        sa.Column("sheet", sa.String(), nullable=True, comment="工作表"),
        sa.Column("cell", sa.String(), nullable=True, comment="单元格"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="台账序号"),
        sa.Column("flags", sa.String(), nullable=True, comment="标记"),
        sa.Column("provisional", sa.Boolean(), nullable=True, comment="暂定"),
    )
    with op.batch_alter_table("accepted_values", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accepted_values_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "accounts",
        sa.Column("name", sa.String(), nullable=False, comment="账号"),
        sa.Column("role", sa.String(), nullable=False, comment="角色"),
        sa.Column(
            "codes", sa.String(), nullable=False, comment="单位编码、部门代码，以空格隔开；考核人员和管理人员为空"
        ),
        sa.Column("password_hash", sa.String(), nullable=False, comment="口令的 Argon2 摘要"),
        sa.Column("temporary", sa.Boolean(), nullable=False, comment="口令是别人设的，登录后须先改"),
        sa.Column("created_at", sa.String(), nullable=False, comment="建立时间"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "current_runs",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("fence", sa.Integer(), nullable=False, comment="栅栏：只有最新的运行可以写"),
        sa.Column("run_id", sa.String(), nullable=False, comment="运行编号"),
        sa.Column("run_key", sa.String(), nullable=False, comment="台账序号与办法摘要"),
        sa.Column("as_of", sa.String(), nullable=False, comment="截至日期"),
        sa.Column("ledger_seq", sa.Integer(), nullable=False, comment="读到的台账序号"),
        sa.Column("ledger_head", sa.String(), nullable=False, comment="该序号的哈希"),
        sa.Column("definition_digest", sa.String(), nullable=False, comment="办法的摘要"),
        sa.Column("definition_files", sa.String(), nullable=False, comment="办法各文件的 SHA-256"),
        sa.Column("adopted", sa.Boolean(), nullable=False, comment="办法是否已下发"),
        sa.Column("edited", sa.Boolean(), nullable=False, comment="文件夹里的办法改过而未下发"),
        sa.Column("inbox_present", sa.Boolean(), nullable=False, comment="收件箱是否存在"),
        sa.Column("inputs_key", sa.String(), nullable=False, comment="台账、办法、收件箱的摘要"),
        sa.Column("seal", sa.String(), nullable=False, comment="本行的摘要"),
        sa.PrimaryKeyConstraint("evaluation", name=op.f("pk_current_runs")),
    )
    op.create_table(
        "edge_ties",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("name", sa.String(), nullable=True, comment="等次或奖项"),
        sa.Column("unit_group", sa.String(), nullable=True, comment="分组"),
        sa.Column("rank", sa.Integer(), nullable=True, comment="名次"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("admitted", sa.Boolean(), nullable=True, comment="并列的都给"),
    )
    with op.batch_alter_table("edge_ties", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_edge_ties_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "findings",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("producer", sa.String(), nullable=True, comment="由谁发现"),
        sa.Column("sha256", sa.String(), nullable=True, comment="文件 SHA-256"),
        sa.Column("sender", sa.String(), nullable=True, comment="报送单位"),
        sa.Column("file", sa.String(), nullable=True, comment="文件"),
        sa.Column("sheet", sa.String(), nullable=True, comment="工作表"),
        sa.Column("cell", sa.String(), nullable=True, comment="单元格"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("indicator_code", sa.String(), nullable=True, comment="指标编码"),
        sa.Column("period", sa.String(), nullable=True, comment="考核期"),
        sa.Column("code", sa.String(), nullable=True, comment="问题代码"),
        sa.Column("severity", sa.String(), nullable=True, comment="轻重"),
        sa.Column("raw", sa.String(), nullable=True, comment="读到的内容"),
        sa.Column("message", sa.String(), nullable=True, comment="问题"),
        sa.Column("what_to_do", sa.String(), nullable=True, comment="怎么办"),
        sa.Column("finding_id", sa.String(), nullable=True, comment="编号"),
        sa.Column("accepted_by", sa.String(), nullable=True, comment="认可人"),
        sa.Column("replaced_by", sa.String(), nullable=True, comment="已由台账第几号文件重新报送"),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_findings_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "heartbeats",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("run_id", sa.String(), nullable=False, comment="最近一次运行的编号"),
        sa.Column("started_at", sa.String(), nullable=False, comment="开始时间"),
        sa.Column("finished_at", sa.String(), nullable=False, comment="完成时间；没有完成的为空"),
        sa.Column("outcome", sa.String(), nullable=False, comment="结果；没有完成的为空"),
        sa.Column("last_good_at", sa.String(), nullable=False, comment="上一次完成的时间"),
        sa.Column("seal", sa.String(), nullable=False, comment="本行的摘要"),
        sa.PrimaryKeyConstraint("evaluation", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "indicator_scores",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("section_code", sa.String(), nullable=True, comment="一级指标编码"),
        sa.Column("indicator_code", sa.String(), nullable=True, comment="指标编码"),
        sa.Column("points", sa.String(), nullable=True, comment="标准分"),
        sa.Column("accepted_value", sa.String(), nullable=True, comment="核定值"),
        sa.Column("target_value", sa.String(), nullable=True, comment="目标值"),
        sa.Column("measure", sa.String(), nullable=True, comment="计分依据"),
        sa.Column("indicator_score", sa.String(), nullable=True, comment="得分"),
        sa.Column("deduction", sa.String(), nullable=True, comment="扣分"),
        sa.Column("state", sa.String(), nullable=True, comment="状态"),
        sa.Column("provisional", sa.Boolean(), nullable=True, comment="暂定"),
        sa.Column("target_state", sa.String(), nullable=True, comment="目标完成"),
        sa.Column("reason", sa.String(), nullable=True, comment="扣分原因"),
    )
    with op.batch_alter_table("indicator_scores", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_indicator_scores_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False, comment="序号"),
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("kind", sa.String(), nullable=False, comment="事项类别"),
        sa.Column("key", sa.String(), nullable=False, comment="同一事项只记一次的键"),
        sa.Column("payload", sa.String(), nullable=False, comment="内容（规范 JSON）"),
        sa.Column("actor", sa.String(), nullable=False, comment="操作账号"),
        sa.Column("recorded_at", sa.String(), nullable=False, comment="记录时间"),
        sa.Column("prev_hash", sa.String(), nullable=False, comment="前一条的哈希"),
        sa.Column("hash", sa.String(), nullable=False, comment="本条的哈希"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_key")),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_evaluation_kind_seq"), ["evaluation", "kind", "seq"], unique=False)

    op.create_table(
        "marks",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("row_id", sa.Integer(), nullable=True, comment="行号"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="台账序号"),
        sa.Column("sha256", sa.String(), nullable=True, comment="文件 SHA-256"),
        sa.Column("sender", sa.String(), nullable=True, comment="报送单位"),
        sa.Column("file", sa.String(), nullable=True, comment="文件"),
        sa.Column("sheet", sa.String(), nullable=True, comment="工作表"),
        sa.Column("cell", sa.String(), nullable=True, comment="单元格"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("indicator_code", sa.String(), nullable=True, comment="指标编码"),
        sa.Column("judge", sa.String(), nullable=True, comment="评委"),
        sa.Column("mark", sa.String(), nullable=True, comment="分值"),
        sa.Column("source", sa.String(), nullable=True, comment="数据来源"),
        sa.Column("received_at", sa.String(), nullable=True, comment="收到时间"),
        sa.Column("outcome", sa.String(), nullable=True, comment="处理结果"),
        sa.Column("note", sa.String(), nullable=True, comment="备注"),
    )
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marks_evaluation_row_number"), ["evaluation", "row_number"], unique=False)

    op.create_table(
        "official_scores",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("official_code", sa.String(), nullable=True, comment="人员编码"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("role", sa.String(), nullable=True, comment="职务"),
        sa.Column("name", sa.String(), nullable=True, comment="姓名"),
        sa.Column("from", sa.String(), nullable=True, comment="任职自"),
        sa.Column("to", sa.String(), nullable=True, comment="任职至"),
        sa.Column("days", sa.Integer(), nullable=True, comment="在任天数"),
        sa.Column("score", sa.String(), nullable=True, comment="得分"),
        sa.Column("state", sa.String(), nullable=True, comment="状态"),
    )
    with op.batch_alter_table("official_scores", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_official_scores_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "other_ranks",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("ranking", sa.String(), nullable=True, comment="按什么排"),
        sa.Column("change", sa.String(), nullable=True, comment="总分比上年变化"),
        sa.Column("rank", sa.Integer(), nullable=True, comment="名次"),
    )
    with op.batch_alter_table("other_ranks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_other_ranks_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "outputs",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("table_name", sa.String(), nullable=False, comment="表"),
        sa.Column("producer", sa.String(), nullable=False, comment="由谁产生"),
        sa.Column("run_key", sa.String(), nullable=False, comment="台账序号与办法摘要"),
        sa.Column("digest", sa.String(), nullable=False, comment="内容摘要"),
        sa.Column("seal", sa.String(), nullable=False, comment="本行的摘要"),
        sa.PrimaryKeyConstraint("evaluation", "table_name", "producer", name=op.f("pk_outputs")),
    )
    op.create_table(
        "publications",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False, comment="版本"),
        sa.Column("state", sa.String(), nullable=False, comment="状态"),
        sa.Column("ledger_seq", sa.Integer(), nullable=False, comment="读到的台账序号"),
        sa.Column("definition_digest", sa.String(), nullable=False, comment="办法的摘要"),
        sa.Column("inputs_digest", sa.String(), nullable=False, comment="输入的摘要"),
        sa.Column("results_digest", sa.String(), nullable=False, comment="结果的摘要"),
        sa.Column("published_at", sa.String(), nullable=False, comment="发布时间"),
        sa.Column("cause", sa.String(), nullable=False, comment="起因"),
        sa.PrimaryKeyConstraint("evaluation", "version", name=op.f("pk_publications")),
    )
    op.create_table(
        "received_files",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="台账序号"),
        sa.Column("sha256", sa.String(), nullable=True, comment="文件 SHA-256"),
        sa.Column("sender", sa.String(), nullable=True, comment="报送单位"),
        sa.Column("name", sa.String(), nullable=True, comment="文件名"),
        sa.Column("received_at", sa.String(), nullable=True, comment="收到时间"),
        sa.Column("kind", sa.String(), nullable=True, comment="内容"),
        sa.Column("outcome", sa.String(), nullable=True, comment="处理结果"),
        sa.Column("cells_read", sa.Integer(), nullable=True, comment="读到的单元格"),
        sa.Column("accepted", sa.Integer(), nullable=True, comment="采用"),
        sa.Column("refused", sa.Integer(), nullable=True, comment="退回"),
        sa.Column("held", sa.Integer(), nullable=True, comment="待人判断"),
        sa.Column("duplicate", sa.Integer(), nullable=True, comment="重复"),
        sa.Column("blank", sa.Integer(), nullable=True, comment="空白"),
    )
    with op.batch_alter_table("received_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_received_files_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "self_scores",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("row_id", sa.Integer(), nullable=True, comment="行号"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="台账序号"),
        sa.Column("sha256", sa.String(), nullable=True, comment="文件 SHA-256"),
        sa.Column("sender", sa.String(), nullable=True, comment="报送单位"),
        sa.Column("file", sa.String(), nullable=True, comment="文件"),
        sa.Column("sheet", sa.String(), nullable=True, comment="工作表"),
        sa.Column("cell", sa.String(), nullable=True, comment="单元格"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("indicator_code", sa.String(), nullable=True, comment="指标编码"),
        sa.Column("self_score", sa.String(), nullable=True, comment="自评分"),
        sa.Column("source", sa.String(), nullable=True, comment="数据来源"),
        sa.Column("received_at", sa.String(), nullable=True, comment="收到时间"),
        sa.Column("outcome", sa.String(), nullable=True, comment="处理结果"),
        sa.Column("note", sa.String(), nullable=True, comment="备注"),
    )
    with op.batch_alter_table("self_scores", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_self_scores_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.String(), nullable=False, comment="登录凭证的 SHA-256"),
        sa.Column("account", sa.String(), nullable=False, comment="账号"),
        sa.Column("started_at", sa.String(), nullable=False, comment="登录时间"),
        sa.Column("seen_at", sa.String(), nullable=False, comment="最近一次使用"),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_account"), ["account"], unique=False)

    op.create_table(
        "submitted_claims",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("row_id", sa.Integer(), nullable=True, comment="行号"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="台账序号"),
        sa.Column("sha256", sa.String(), nullable=True, comment="文件 SHA-256"),
        sa.Column("sender", sa.String(), nullable=True, comment="报送单位"),
        sa.Column("file", sa.String(), nullable=True, comment="文件"),
        sa.Column("sheet", sa.String(), nullable=True, comment="工作表"),
        sa.Column("cell", sa.String(), nullable=True, comment="单元格"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("item_code", sa.String(), nullable=True, comment="事项编码"),
        sa.Column("object_id", sa.String(), nullable=True, comment="对象编号"),
        sa.Column("level", sa.String(), nullable=True, comment="级别"),
        sa.Column("quantity", sa.String(), nullable=True, comment="数量"),
        sa.Column("date", sa.String(), nullable=True, comment="日期"),
        sa.Column("document", sa.String(), nullable=True, comment="依据文件"),
        sa.Column("page", sa.String(), nullable=True, comment="页码"),
        sa.Column("source", sa.String(), nullable=True, comment="数据来源"),
        sa.Column("received_at", sa.String(), nullable=True, comment="收到时间"),
        sa.Column("outcome", sa.String(), nullable=True, comment="处理结果"),
        sa.Column("note", sa.String(), nullable=True, comment="备注"),
        sa.Column("claim_id", sa.String(), nullable=True, comment="编号"),
        sa.Column("decision", sa.String(), nullable=True, comment="核定"),
        sa.Column("decided_by", sa.String(), nullable=True, comment="核定人"),
        sa.Column("decided_because", sa.String(), nullable=True, comment="核定理由"),
    )
    with op.batch_alter_table("submitted_claims", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_submitted_claims_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "submitted_values",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("row_id", sa.Integer(), nullable=True, comment="行号"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="台账序号"),
        sa.Column("sha256", sa.String(), nullable=True, comment="文件 SHA-256"),
        sa.Column("sender", sa.String(), nullable=True, comment="报送单位"),
        sa.Column("file", sa.String(), nullable=True, comment="文件"),
        sa.Column("sheet", sa.String(), nullable=True, comment="工作表"),
        sa.Column("cell", sa.String(), nullable=True, comment="单元格"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("indicator_code", sa.String(), nullable=True, comment="指标编码"),
        sa.Column("period", sa.String(), nullable=True, comment="考核期"),
        sa.Column("raw", sa.String(), nullable=True, comment="原文"),
        sa.Column("submitted_value", sa.String(), nullable=True, comment="报送值"),
        sa.Column("status", sa.String(), nullable=True, comment="实际或预计"),
        sa.Column("source", sa.String(), nullable=True, comment="数据来源"),
        sa.Column("received_at", sa.String(), nullable=True, comment="收到时间"),
        sa.Column("outcome", sa.String(), nullable=True, comment="处理结果"),
        sa.Column("unit_of_measure", sa.String(), nullable=True, comment="计量单位"),
        sa.Column("filled_by", sa.String(), nullable=True, comment="填报人"),
        sa.Column("note", sa.String(), nullable=True, comment="备注"),
    )
    with op.batch_alter_table("submitted_values", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_submitted_values_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )

    op.create_table(
        "total_scores",
        sa.Column("evaluation", sa.String(), nullable=False, comment="考核"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="写入时的次序"),
        sa.Column("unit_code", sa.String(), nullable=True, comment="单位编码"),
        sa.Column("unit_name", sa.String(), nullable=True, comment="单位名称"),
        sa.Column("kind", sa.String(), nullable=True, comment="类别"),
        sa.Column("unit_group", sa.String(), nullable=True, comment="分组"),
        sa.Column("base_score", sa.String(), nullable=True, comment="基础分"),
        sa.Column("bonus", sa.String(), nullable=True, comment="加分"),
        sa.Column("penalty", sa.String(), nullable=True, comment="扣分"),
        sa.Column("total_score", sa.String(), nullable=True, comment="总分"),
        sa.Column("provisional", sa.Boolean(), nullable=True, comment="暂定"),
        sa.Column("veto", sa.String(), nullable=True, comment="一票否决"),
        sa.Column("grade", sa.String(), nullable=True, comment="等次"),
        sa.Column("award", sa.String(), nullable=True, comment="奖项"),
        sa.Column("rank", sa.Integer(), nullable=True, comment="名次"),
    )
    with op.batch_alter_table("total_scores", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_total_scores_evaluation_row_number"), ["evaluation", "row_number"], unique=False
        )
