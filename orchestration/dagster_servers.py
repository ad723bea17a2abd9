"""Dagster's webserver twice, to look at and to operate, called within this process: neither listens anywhere."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from dagster import DagsterInstance, __version__
from dagster._core.workspace.load_target import GrpcServerTarget
from dagster_webserver.webserver import DagsterWebserver
from graphql import ASTValidationRule

from guard.dagster_pages import QueriesOnly, Server
from guard.sections import Entry
from orchestration.attributing import AttributedWorkspace
from resources.roles import EXAMINER, OPERATOR

READING = Entry("/dagster", "运行情况", (EXAMINER, OPERATOR), undivided=True)
OPERATING = Entry("/operate", "操作运行", (OPERATOR,), undivided=True)


class ReadOnlyPages(DagsterWebserver[Any, Any]):
    def build_graphql_validation_rules(self) -> Collection[type[ASTValidationRule]]:
        return [*super().build_graphql_validation_rules(), QueriesOnly]


@contextlib.contextmanager
def dagster_servers(home: Path, target: GrpcServerTarget) -> Iterator[list[Server]]:
    """Both know the one code location that answers at `target`."""
    with contextlib.ExitStack() as stack:
        instance = stack.enter_context(DagsterInstance.from_config(str(home / "dagster")))
        instance.optimize_for_webserver(statement_timeout=15_000, pool_recycle=3600, max_overflow=20)
        servers = []
        for entry, pages in ((READING, ReadOnlyPages), (OPERATING, DagsterWebserver[Any, Any])):
            context = AttributedWorkspace(instance, target, __version__, read_only=entry is READING)
            stack.enter_context(context)
            app = pages(context, entry.path, live_data_poll_rate=2000).create_asgi_app()
            servers.append(Server(entry, app))
        yield servers
