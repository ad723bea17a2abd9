"""Several machines: Dagster's record beside the store, and runs whose worker vanished."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import yaml
from chart_keys import unknown
from click.testing import CliRunner
from crashes import forked
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.launcher import WorkerStatus
from postgresql_server import Databases
from started_ui import eventually
from test_doctor import diagnosis

from orchestration import launching
from orchestration.children import CannotServe
from orchestration.cli import main
from orchestration.doctor import FAULT, NOTICE, SOUND
from orchestration.jobs import evaluation_job
from orchestration.setting_up import make_folders
from orchestration.sweeping import end_abandoned
from orchestration.ui import elsewhere_target
from orchestration.working import worker_command, worker_environment
from resources.home import CHECKOUT, Home, NotSetUp
from resources.kaohe import PARTITION_TAG
from resources.locks import has_session, holding
from resources.refused import Refused

EVALUATION, BROKER = "qingshan-2025", "redis://127.0.0.1:1/0"


@pytest.fixture
def shared(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home as `kaohe init` makes it where store and broker are named; nothing has to listen at the broker."""
    monkeypatch.setenv("KAOHE_STORE", databases.fresh(databases.empty_store))
    monkeypatch.setenv("KAOHE_BROKER", BROKER)
    home = Home(tmp_path / "home")
    monkeypatch.setenv("KAOHE_HOME", str(home.path))
    make_folders(home)
    return home


def test_runs_are_recorded_beside_the_store_and_handed_to_workers(shared: Home) -> None:
    with DagsterInstance.from_config(str(shared.dagster)) as instance:
        assert type(instance.run_storage).__name__ == "PostgresRunStorage"
        assert type(instance.event_log_storage).__name__ == "PostgresEventLogStorage"
        assert type(instance.schedule_storage).__name__ == "PostgresScheduleStorage"
        launcher = instance.run_launcher
        assert isinstance(launcher, launching.WatchedCeleryLauncher)
        assert (launcher.broker, launcher.backend) == (BROKER, BROKER)
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries > 0
    assert "KAOHE_STORE" in (shared.dagster / "dagster.yaml").read_text("utf-8")
    assert os.environ["KAOHE_STORE"] not in (shared.dagster / "dagster.yaml").read_text("utf-8")
    assert diagnosis(shared, "运行记录").state == SOUND


@pytest.mark.parametrize("command", [["verify"], ["backup", "backup.tar"], ["status", EVALUATION]])
def test_a_command_that_is_not_told_of_the_database_begins_no_second_ledger(
    shared: Home, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(shared.path)
    (shared.evaluations / EVALUATION).mkdir()
    (shared.evaluations / EVALUATION / "rulebook.yaml").write_text("code: x", "utf-8")
    monkeypatch.delenv("KAOHE_STORE")
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, "没有设置 KAOHE_STORE" in result.output) == (2, True)
    assert not (shared.path / "kaohe.db").exists()
    assert not (shared.path / "backup.tar").exists()


def test_workers_without_a_shared_store_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_BROKER", BROKER)
    with pytest.raises(Refused, match="KAOHE_STORE"):
        make_folders(Home(tmp_path))


def test_the_doctor_tells_settings_that_do_not_fit_the_environment(
    shared: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KAOHE_BROKER")
    assert diagnosis(shared, "运行记录").state == FAULT
    (shared.dagster / "dagster.yaml").write_text((CHECKOUT / "deploy" / "dagster.yaml").read_text("utf-8"), "utf-8")
    assert diagnosis(shared, "运行记录").state == NOTICE


def test_a_worker_gets_the_broker_where_others_of_the_machine_do_not_read_it(shared: Home) -> None:
    environment = worker_environment(shared, os.environ)
    assert environment["CELERY_BROKER_URL"] == environment["CELERY_RESULT_BACKEND"] == BROKER
    assert environment["DAGSTER_HOME"] == str(shared.dagster)
    assert BROKER not in " ".join(worker_command(2))


def test_a_worker_without_broker_or_home_is_refused(shared: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotSetUp, match="挂上"):
        worker_environment(Home(shared.path / "elsewhere"), os.environ)
    monkeypatch.delenv("KAOHE_BROKER")
    told = CliRunner().invoke(main, ["worker"])
    assert told.exit_code == 2
    assert "KAOHE_BROKER" in told.output


def _works(home: Home, run_id: str) -> None:
    with holding(home, EVALUATION, run_id):
        signal.pause()


def test_a_run_lives_as_long_as_its_session_on_whatever_machine(shared: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with DagsterInstance.from_config(str(shared.dagster)) as instance:
        run = instance.create_run_for_job(
            evaluation_job_def(), tags={PARTITION_TAG: EVALUATION}, status=DagsterRunStatus.STARTED
        )
        launcher = instance.run_launcher
        monkeypatch.setattr(launching, "ENDING", 0)
        assert launcher.check_run_worker_health(run).status == WorkerStatus.RUNNING  # it has just started
        monkeypatch.setattr(launching.WatchedCeleryLauncher, "_is_fresh", lambda *_: False)
        worker = forked(_works, shared, run.run_id)
        eventually(lambda: has_session(shared, run.run_id))
        assert launcher.check_run_worker_health(run).status == WorkerStatus.RUNNING
        assert end_abandoned(instance, shared) == []
        worker.kill()
        worker.join()
        eventually(lambda: not has_session(shared, run.run_id))
        assert launcher.check_run_worker_health(run).status == WorkerStatus.FAILED
        assert end_abandoned(instance, shared) == [run.run_id]
        assert launcher.check_run_worker_health(run).status == WorkerStatus.SUCCESS  # it is over


KUBERNETES = CHECKOUT / "deploy" / "kubernetes"


def test_the_values_are_ones_that_dagsters_chart_knows() -> None:
    values = yaml.safe_load((KUBERNETES / "values.yaml").read_text("utf-8"))
    assert unknown(values) == []
    assert unknown({"dagsterDaemon": {"runRetry": {}}, "workers": 2}) == [".workers", ".dagsterDaemon.runRetry"]


def test_runs_code_and_pages_of_the_cluster_have_one_home_store_and_user() -> None:
    values = yaml.safe_load((KUBERNETES / "values.yaml").read_text("utf-8"))
    pages, service = yaml.safe_load_all((KUBERNETES / "pages.yaml").read_text("utf-8"))
    (code,) = values["dagster-user-deployments"]["deployments"]
    pod = pages["spec"]["template"]["spec"]
    (shown,) = pod["containers"]
    assert shown["image"] == "{repository}:{tag}".format(**code["image"])
    assert code["image"] == values["dagsterDaemon"]["image"]
    assert f"{code['name']}:{code['port']}" in shown["args"]
    launched = values["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]["podSpecConfig"]
    assert code["podSecurityContext"] == pod["securityContext"] == launched["securityContext"]
    assert [one["secretRef"] for one in shown["envFrom"]] == code["envSecrets"]
    assert code["volumes"][0] == pod["volumes"][0]
    assert code["volumeMounts"][0]["mountPath"] == shown["volumeMounts"][0]["mountPath"] == code["env"]["KAOHE_HOME"]
    assert service["spec"]["selector"] == pages["spec"]["template"]["metadata"]["labels"]


def test_pages_alone_have_to_be_told_where_the_code_is() -> None:
    target = elsewhere_target("kaohe:3030")
    assert (target.host, target.port, target.socket, target.location_name) == ("kaohe", 3030, None, "kaohe")
    for place in ("kaohe", "kaohe:", ":3030", "kaohe:http"):
        with pytest.raises(CannotServe, match="主机:端口"):
            elsewhere_target(place)


def evaluation_job_def():  # type: ignore[no-untyped-def]
    from orchestration.definitions import defs

    return defs.resolve_job_def(evaluation_job.name)
