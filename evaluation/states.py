"""States of an evaluation (试算 → 审定 → 公示 → 定稿 → 通报): their order, and which version each lets out.

Here belongs what follows from the state alone. The entries that move it are `resources/states.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

TRIAL, APPROVED, NOTICE, REVIEWED, FINAL, ANNOUNCED = "试算", "审定", "公示", "复核", "定稿", "通报"
STATES = (TRIAL, APPROVED, NOTICE, REVIEWED, FINAL, ANNOUNCED)

# Where each state leads. 复核 gathers what was decided during the notice; without any, 公示 leads to 定稿 by itself.
NEXT = {
    TRIAL: (APPROVED,),
    APPROVED: (NOTICE, APPROVED, TRIAL),
    NOTICE: (FINAL, REVIEWED),
    REVIEWED: (FINAL, REVIEWED),
    FINAL: (ANNOUNCED,),
    ANNOUNCED: (),
}
CLOSED = (NOTICE, REVIEWED, FINAL, ANNOUNCED)


@dataclass(frozen=True)
class Standing:
    """The state an evaluation stands in. `results_digest` names the results that were put into that state;
    `closed_seq` is the ledger entry since which intake is closed, `notice_until` the notice period's last day."""

    state: str = TRIAL
    results_digest: str = ""
    closed_seq: int | None = None
    notice_until: str = ""

    @property
    def closed(self) -> bool:
        """Whether results change by corrections and decisions only."""
        return self.closed_seq is not None

    @property
    def on_notice(self) -> bool:
        """Whether results are shown and appeals taken in."""
        return self.state in (NOTICE, REVIEWED)

    @property
    def final(self) -> bool:
        """Whether nothing but a numbered correction changes the results any more."""
        return self.state in (FINAL, ANNOUNCED)

    def state_of(self, results_digest: str, *, corrected: bool) -> str | None:
        """The state in which these results go out, None where they may not.

        Results other than the approved ones fall back to 试算; during the notice they wait for 复核; after
        定稿 only an approved correction (`corrected`) lets them out.
        """
        if self.state == TRIAL or results_digest == self.results_digest:
            return self.state
        if self.state == APPROVED:
            return TRIAL
        return self.state if corrected and self.final else None
