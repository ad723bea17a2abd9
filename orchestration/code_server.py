"""The code location's server behind `kaohe ui`: Dagster's own, but its runs find their imports already made.

Dagster starts a run in a new interpreter, which imports everything again, most of all Great Expectations, before
anything is read: as long as the run itself. Here one process imports it once, when the server starts, and runs are
forked off from it. It has no threads of Python's and opens nothing.
"""

import multiprocessing
from multiprocessing import forkserver
from typing import Any

from dagster._cli.api import grpc_command
from dagster._grpc import server

# Modules that a run imports, before its first step or in one of them; one that is missing costs time, nothing else.
IMPORTED = [
    "dagster._core.storage.sqlite_storage",
    "dagster._grpc.server",
    "great_expectations.expectations",
    "orchestration.definitions",
    "pyarrow.dataset",
]


class ForkingServer(server.DagsterApiServer):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._mp_ctx = multiprocessing.get_context("forkserver")  # type: ignore[assignment]  # Dagster's is `spawn`


def main() -> None:
    forkserver.set_forkserver_preload(IMPORTED)
    forkserver.ensure_running()
    server.DagsterApiServer = ForkingServer  # type: ignore[misc]
    grpc_command()


if __name__ == "__main__":
    main()
