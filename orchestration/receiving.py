"""What comes back at once to who hands a file over: the same reading and the same receipt as in a run, of that file.

What only a run can judge (against last year, other senders, the whole form) is added to the receipt by the next one.
"""

from __future__ import annotations

import threading

import pandas as pd

from assets.intake import FILE_COLUMNS, read_received
from assets.receipts import kept, receipts_of, with_held
from evaluation.decided import values_decided
from reports.receipts import Receipt
from resources.adoption import definition_in_force
from resources.findings import findings_frame
from resources.home import Home
from resources.inbox import received_at
from resources.kaohe import Work
from resources.ledger import Entry, Ledger
from resources.runs import Run, by_definition

AT_ONCE = threading.Semaphore(2)  # each reading has a process and its memory


def receipts_at_once(home: Home, ledger: Ledger, evaluation: str, entries: list[Entry]) -> list[Receipt]:
    """Read the files of these entries (`file_received`) and write their receipts, which are returned."""
    work = _as_things_stand(home, ledger, evaluation)
    rows = [(e.seq, e.payload["sha256"], e.payload["sender"], e.payload["name"], received_at(e)) for e in entries]
    files = pd.DataFrame(rows, columns=FILE_COLUMNS)
    with AT_ONCE:
        reading = read_received(work, files, work.definition)
    counted = reading.files.merge(files[["seq", "received_at"]], on="seq")
    found = findings_frame("intake", reading.findings, work.resolutions)
    values = values_decided(reading.submitted_values, work.resolutions)
    found = with_held(found, values[values["outcome"] == "held"])
    receipts = list(receipts_of(work, counted, found))
    for receipt in receipts:
        kept(work, receipt)
    return receipts


def _as_things_stand(home: Home, ledger: Ledger, evaluation: str) -> Work:
    """The evaluation as a run that began now would see it; none begins."""
    in_force, (seq, head) = definition_in_force(home, ledger, evaluation, None), ledger.head()
    run = Run(
        evaluation=evaluation,
        fence=0,
        run_id="",
        run_key="",
        as_of="",
        ledger_seq=seq,
        ledger_head=head,
        **by_definition(in_force),
        inbox_present=True,
        inputs_key="",
    )
    return Work(home, ledger, run)
