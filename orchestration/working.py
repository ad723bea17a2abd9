"""`kaohe worker`: this machine computes for the province, with Celery's worker in this process's place."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from resources.home import CHECKOUT, Home
from resources.refused import Refused

BROKER = "KAOHE_BROKER"


def work(home: Home, processes: int) -> None:
    """Become the worker. Raises: Refused: there is no broker, no shared store or no home yet."""
    environment = worker_environment(home, os.environ)
    os.chdir(CHECKOUT)
    os.execve(sys.executable, worker_command(processes), environment)


def worker_command(processes: int) -> list[str]:
    """A run to each process at a time, none in reserve; the broker's address is not among what everybody can list."""
    command = [sys.executable, "-m", "celery", "-A", "dagster_celery.app", "worker", "--loglevel", "WARNING"]
    command += ["--hostname", f"kaohe{os.getpid()}@%h"]  # several may run on one machine
    return [*command, "--concurrency", str(processes), "--prefetch-multiplier", "1", "--max-tasks-per-child", "50"]


def worker_environment(home: Home, environment: Mapping[str, str]) -> dict[str, str]:
    """Raises: NotSetUp, Refused: as their names say; the store is not PostgreSQL or no broker is named."""
    broker = environment.get(BROKER)
    if not broker or not home.store_url.startswith("postgresql"):
        raise Refused("几台机器一起计算，要先设置 KAOHE_STORE（PostgreSQL）和 KAOHE_BROKER（Redis），各台机器相同。")
    home.require_set_up()
    own = {"KAOHE_HOME": str(home.path), "DAGSTER_HOME": str(home.dagster)}
    return {**environment, **own, "CELERY_BROKER_URL": broker, "CELERY_RESULT_BACKEND": broker}
