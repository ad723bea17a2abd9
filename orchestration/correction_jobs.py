"""Two jobs for the launchpad: look at what a correction would change, and ask for it. Approving takes another person.

Run config holds codes that are checked against the store, never paths or statements of a database.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

from dagster import Config, Failure, MetadataValue, OpExecutionContext, in_process_executor, job, op
from pydantic import Field

from checks.showing import table_value
from resources.home import home_from_environment
from resources.kaohe import launched_by
from resources.ledger import acting_as

OPTION = re.compile(r"--([a-z]+)")  # what a command calls so is a key of the config here
# Seconds after which Dagster ends a run, whatever it does. Nobody asks twice because a worker was lost.
TAGS = {"dagster/max_runtime": "600", "dagster/max_retries": "0"}


class Cell(Config):
    """What is to be corrected, and to what."""

    evaluation: str = Field(description="考核编码，如 qingshan-2025")
    unit: str = Field(description="单位编码，如 T01")
    subject: Literal["figure", "target", "claim", "mark", "group", "post"] = Field(
        default="figure",
        description="更正什么：figure 数据，target 目标，claim 事项，mark 评委打分，group 分组，post 任职",
    )
    indicator: str | None = Field(default=None, description="指标编码；分组、任职不写")
    period: str | None = Field(default=None, description="考核期，如 2025、2025Q3；只有一个时不写")
    object: str | None = Field(default=None, description="事项的对象编号、评委姓名或人员编码；其余不写")
    field: str | None = Field(
        default=None,
        description="哪一栏：target、stretch、applicable；level、quantity、document；from、to、share；其余不写",
    )
    old_value: str | None = Field(default=None, description="您看到的现行值；与实际不符则不写入")
    value: str = Field(description="更正为")


class Request(Cell):
    """A correction with its reason."""

    reason: str = Field(description="理由")
    reason_class: Literal["录入错误", "统计口径", "申诉"] = Field(default="录入错误", description="理由类别")
    document: str = Field(description="依据的文件名称及文号")
    by: str = Field(description="经办人姓名；批准须由另一人用 kaohe approve 作出")


@contextmanager
def refused_in_words(context: OpExecutionContext) -> Iterator[None]:
    """What is refused stands in the run's log as a line for people, and fails the step with it instead of a stack."""
    from orchestration.refusals import REFUSALS

    try:
        _require_written_out(context)
        yield
    except REFUSALS as refusal:
        told = OPTION.sub(r"\1", str(refusal))
        context.log.error(told)
        raise Failure(told, allow_retries=False) from None


def _require_written_out(context: OpExecutionContext) -> None:
    """Dagster lets config name variables of the environment, in which passwords stand: nobody reads them here, nor
    writes them into the ledger. Raises: Refused."""
    from resources.refused import Refused

    config: Any = context.run.run_config
    written = config["ops"][context.op.name]["config"]
    named = [name for name, value in written.items() if isinstance(value, Mapping)]
    if named:
        raise Refused(f"{'、'.join(named)}要直接写出来，不能写环境变量（env）。")


@op(description="在内存里把更正算一遍，列出总分、名次、等次、奖项会变的单位和原因；什么也不写。")
def preview_of_correction(context: OpExecutionContext, config: Cell) -> None:
    """The table stands in the run's output."""
    from orchestration.previewing import NOBODY_MOVES, preview_correction
    from reports.shifts import officials_shown, units_shown

    with refused_in_words(context):
        found = preview_correction(home_from_environment(), config.model_dump())
    moved = [] if len(found.units) else [NOBODY_MOVES]
    context.add_output_metadata(
        {
            "更正": found.change,
            "单位": table_value(units_shown(found.units), 100),
            "党政领导": table_value(officials_shown(found.officials), 100),
            "说明": MetadataValue.text("\n".join([*moved, *found.notes]) or "无"),
        }
    )


@op(description="提出更正申请并记入台账；未经另一人批准，只显示、不采用。")
def requested_correction(context: OpExecutionContext, config: Request) -> None:
    """The ledger entry stands in the run's output."""
    from orchestration.correcting import request_correction
    from resources.refused import Refused

    why = {name: getattr(config, name).strip() for name in ("reason", "document", "by")}
    with refused_in_words(context), acting_as(launched_by(context.run)):
        for name, text in why.items():
            if not text:
                raise Refused(f"缺少 {name}（只有预览可以不写）")
        entries, line = request_correction(home_from_environment(), config.model_dump() | why, None, once=True)
    context.add_output_metadata({"台账序号": entries[0].seq, "申请": line})


@job(
    executor_def=in_process_executor,
    tags=TAGS,
    description="更正预览：填写编码和更正值，运行后在输出里看谁的得分、名次会变。什么也不写。",
)
def preview_correction() -> None:
    preview_of_correction()


@job(
    executor_def=in_process_executor,
    tags=TAGS,
    description="申请更正：记入台账，等另一人用 kaohe approve 批准；批准后自动重新计分。",
)
def request_correction() -> None:
    requested_correction()
