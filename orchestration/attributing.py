"""Who launched a run: the account that asked for it through the guard, as a tag that nobody else can set.

Dagster's open-source server knows no users. The coordinator is where it lets a deployment say who launches; it stands
in `deploy/dagster.yaml`. A run acts as that account in the ledger (`resources.kaohe`).
"""

from __future__ import annotations

from typing import Any

from dagster import DagsterRun, QueuedRunCoordinator
from dagster._core.run_coordinator import SubmitRunContext
from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext

from resources.kaohe import ACCOUNT_TAG
from resources.ledger import acting


class AttributingCoordinator(QueuedRunCoordinator):
    """Dagster's queue, in which every run that is asked for in the browser has its account."""

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        if acting():
            self._instance.add_run_tags(context.dagster_run.run_id, {ACCOUNT_TAG: acting()})
        return super().submit_run(context)


class AttributedRequest(WorkspaceRequestContext):
    """What a backfill is tagged with, whose runs the daemon submits later."""

    def get_viewer_tags(self) -> dict[str, str]:
        return {ACCOUNT_TAG: acting()} if acting() else {}


class AttributedWorkspace(WorkspaceProcessContext):
    def create_request_context(self, source: Any = None) -> WorkspaceRequestContext:
        return AttributedRequest(
            instance=self.instance,
            current_workspace=self.get_current_workspace(),
            process_context=self,
            version=self.version,
            source=source,
            read_only=self._read_only,
        )
