"""The real servers: materialise through GraphQL, read back, and a correction that re-scores by itself."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster_pages import see_lineage_and_tables
from test_corrections import ASKED
from test_flow import published
from visitors import add_account, cookie_of

from orchestration.correcting import request_correction
from resources.home import CHECKOUT, Home
from resources.roles import EXAMINER, OPERATOR

ASSETS = {
    "definition", "received_files", "submitted_values", "submitted_claims", "findings", "accepted_values",
    "indicator_scores", "total_scores", "official_scores", "township_scorecards", "department_scorecards",
    "publication", "receipts",
}  # fmt: skip

LAUNCH = """
mutation($partition: String!) {
  launchPipelineExecution(executionParams: {
    selector: {repositoryLocationName: "kaohe", repositoryName: "__repository__", jobName: "evaluate"},
    mode: "default",
    executionMetadata: {tags: [{key: "dagster/partition", value: $partition}]}
  }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}"""
RUN = "query($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
NODES = """
query { assetNodes {
  assetKey { path } groupName description owners { ... on TeamAssetOwner { team } } kinds isPartitioned isExecutable
  assetChecksOrError { ... on AssetChecks { checks {
    name description blocking executionForLatestMaterialization { status evaluation { success
      metadataEntries { label ... on IntMetadataEntry { intValue } } } } } } }
  assetMaterializations(limit: 1) { partition metadataEntries { label
    ... on IntMetadataEntry { intValue }
    ... on TableMetadataEntry { table { records schema { columns { name } } } } } }
  metadataEntries { label ... on TableSchemaMetadataEntry { schema { columns { name description } } } }
} }"""


class Server:
    """`kaohe ui` for a home, on a port of its own, used by an operator."""

    def __init__(self, home: Home, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        environment = {**os.environ, "KAOHE_HOME": str(home.path)}
        command = [sys.executable, "-m", "orchestration", "ui", "--port", str(self.port)]
        self.log = log
        add_account(home, OPERATOR, OPERATOR)
        self.cookie = cookie_of(home, OPERATOR, self.port)
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=log.open("w"), stderr=subprocess.STDOUT
        )

    def ask(self, query: str, **variables: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/operate/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {
                "Content-Type": "application/json",
                "Cookie": self.cookie,
                "Origin": f"http://127.0.0.1:{self.port}",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            told: dict[str, Any] = json.load(answer)
        assert "errors" not in told, told["errors"]
        data: dict[str, Any] = told["data"]
        return data

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
        try:
            return bool(self.ask("{ version }"))
        except OSError:
            return False

    def until(self, reached: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < end, self.log.read_text(encoding="utf-8")
            time.sleep(0.3)


@pytest.fixture
def server(evaluated: Home, tmp_path: Path) -> Iterator[Server]:
    started = Server(evaluated, tmp_path / "ui.log")
    yield started
    for patience in (150, 30):  # the first asks it to let runs finish, the second to end at once
        started.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.process.wait(patience)
            return
    started.process.kill()
    raise AssertionError("the servers did not end: " + started.log.read_text(encoding="utf-8"))


@pytest.mark.timeout(300)
def test_an_examiner_sees_it_all_and_a_correction_rescores_by_itself(evaluated: Home, server: Server) -> None:
    server.until(server.answers, 60)
    launched = server.ask(LAUNCH, partition="yuxi-2017")["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run = launched["run"]["runId"]
    server.until(lambda: server.ask(RUN, run=run)["runOrError"]["status"] in ("SUCCESS", "FAILURE"), 90)
    assert server.ask(RUN, run=run)["runOrError"]["status"] == "SUCCESS"
    _see_the_lineage({node["assetKey"]["path"][0]: node for node in server.ask(NODES)["assetNodes"]})

    request_correction(evaluated, ASKED, "李四")
    latest = evaluated.published / "yuxi-2017" / "latest"
    server.until(lambda: latest.resolve().name == "v0002", 90)
    (change,) = [row for row in published(evaluated, "changes.csv") if row["unit_code"] == "530424"]
    assert "70→75.5" in change["cause"]
    _see_it_in_a_browser(evaluated, server.port)


def _see_the_lineage(nodes: dict[str, dict[str, Any]]) -> None:
    assert set(nodes) == ASSETS | {"ledger"}
    for name in ASSETS:
        node = nodes[name]
        assert node["description"]
        assert node["owners"]
        assert node["kinds"]
        assert node["isPartitioned"]
        (made,) = node["assetMaterializations"]
        assert made["partition"] == "yuxi-2017"
        labels = {entry["label"] for entry in made["metadataEntries"]}
        assert {"dagster/row_count", "预览"} <= labels, name
    assert {node["groupName"] for node in nodes.values()} == {
        "definition",
        "intake",
        "accepted",
        "scores",
        "scorecards",
    }
    schema = {entry["label"]: entry for entry in nodes["accepted_values"]["metadataEntries"]}["dagster/column_schema"]
    assert {"name": "accepted_value", "description": "核定值"} in schema["schema"]["columns"]
    checks = [check for node in nodes.values() for check in node["assetChecksOrError"].get("checks", [])]
    assert len(checks) >= 12
    for check in checks:
        execution = check["executionForLatestMaterialization"]
        assert execution["evaluation"]["success"], check
        assert {"结论", "不符行数"} <= {entry["label"] for entry in execution["evaluation"]["metadataEntries"]}
    assert sum(check["blocking"] for check in checks) == 6


def _see_it_in_a_browser(home: Home, port: int) -> None:
    best = published(home, "ranking.csv")[0]
    add_account(home, EXAMINER, EXAMINER)
    name, _, value = cookie_of(home, EXAMINER, port).partition("=")
    site = f"http://127.0.0.1:{port}"
    shown = [best["rank"], best["unit_name"], best["total_score"]]
    see_lineage_and_tables(f"{site}/dagster", "yuxi-2017", shown, [{"name": name, "value": value, "url": site}])
