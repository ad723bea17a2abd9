"""`kaohe`: the operations for people and scripts. Exit 0, 1 (findings that need somebody) or 2 (could not run).

Here belong the list of commands and how a refusal is told. Arguments and options stand in `cli_*.py`, what a command
does in the modules that these call, imported where they are used, because some of them take seconds.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

import click

from evaluation.faults import InvalidRulebook
from orchestration import (
    cli_accounts,
    cli_analyses,
    cli_appeal,
    cli_deciding,
    cli_definition,
    cli_filing,
    cli_record,
    cli_results,
)
from orchestration.options import COULD_NOT_RUN
from orchestration.usage import told_in_chinese


class Kaohe(click.Group):
    """The group of commands: a refusal in words instead of a traceback, with exit code 2."""

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        with told_in_chinese():
            return super().make_context(*arguments, **named)

    def invoke(self, context: click.Context) -> Any:
        from orchestration.refusals import REFUSALS, told_of_disk

        try:
            with told_in_chinese():
                return super().invoke(context)
        except InvalidRulebook as invalid:
            for fault in invalid.faults:
                click.echo(str(fault), err=True)
        except REFUSALS as refusal:
            click.echo(str(refusal), err=True)
        except BrokenPipeError:  # whoever read our lines has gone, which click knows how to take
            raise
        except OSError as fault:
            click.echo(told_of_disk(fault), err=True)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as fault:  # 1 would say that the work was done
            from resources.database import trouble_behind

            told = trouble_behind(fault)  # Dagster's own tables may lie in the store
            if told is None:
                traceback.print_exc()
            click.echo(told or f"没有办成，程序内部出错：{fault}。请把以上内容交给管理员。", err=True)
        sys.exit(COULD_NOT_RUN)


@click.group(cls=Kaohe, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """考核：科技进步目标责任制考核——收件、核查、计分、排名，每个数都能查到出处。"""


GROUPS = (
    cli_definition, cli_filing, cli_results, cli_record, cli_deciding, cli_appeal, cli_analyses, cli_accounts,
)  # fmt: skip
for module in GROUPS:
    for command in module.COMMANDS:
        main.add_command(command)
