"""`kaohe status`: who has filed what, what is refused or waits, and what must be done."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from evaluation.acceptance import KEY
from evaluation.obligations import obligations
from orchestration.filing import definition_of, ledger_of
from resources.corrections import corrections
from resources.home import Home
from resources.kaohe import work_on
from resources.receipts import Receipts
from resources.runs import current_run, inputs_key


def status_of(home: Home, evaluation: str) -> dict[str, Any]:
    """Obligations by sender and state, corrections that wait, findings that need somebody, `to_do` in words.

    Raises:
        UnknownEvaluation, InvalidRulebook: as their names say.
    """
    ledger = ledger_of(home)
    definition = definition_of(home, ledger, evaluation)
    run = current_run(ledger, evaluation)
    stale = run is None or run.inputs_key != inputs_key(home, ledger, evaluation)
    asked = corrections(ledger, evaluation)
    waiting = asked[asked["approval_seq"].isna()]
    owed = obligations(definition)
    findings, filed = (
        pd.DataFrame(columns=["severity", "sender", "message", "what_to_do"]),
        owed[KEY].iloc[:0],
    )
    if run is not None:
        work = work_on(home, evaluation)
        found = work.findings()
        findings, accepted = found[found["severity"] != "note"], work.read("accepted_values")
        filed = accepted.loc[accepted["accepted_value"].notna(), KEY]
    owed["filed"] = pd.MultiIndex.from_frame(owed[KEY]).isin(pd.MultiIndex.from_frame(filed))
    senders = owed.groupby("owed_by", sort=False)["filed"].agg(owed="size", filed="sum").reset_index()
    missing = senders[senders["filed"] < senders["owed"]]
    to_do = ["有新的报送、更正或办法还没有计分：kaohe evaluate " + evaluation] if stale else []
    to_do += [
        f"{row['owed_by']} 还有{row['owed'] - row['filed']}项数据没有可用的报送" for row in missing.to_dict("records")
    ]
    to_do += [
        f"更正申请第{row['seq']}号待批：{row['unit_code']} {row['indicator_code']} "
        f"{row['old_value'] or '无'}→{row['new_value']}"
        for row in waiting.to_dict("records")
    ]
    to_do += [f"{row['message']}。{row['what_to_do']}" for row in findings.to_dict("records")]
    return {
        "evaluation": evaluation,
        "senders": senders.astype({"owed": int, "filed": int}).to_dict("records"),
        "waiting_corrections": [int(seq) for seq in waiting["seq"]],
        "findings": len(findings),
        "to_do": to_do,
        "receipts": str(Receipts(home, evaluation).folder),
    }


def tell_status(found: dict[str, Any]) -> None:
    """Print the status: a table of senders, then what must be done."""
    console = Console()
    table = Table(title=found["evaluation"], title_justify="left")
    for header in ("报送单位", "应报", "已有可用数据", "尚缺"):
        table.add_column(header, justify="left" if header == "报送单位" else "right")
    for row in found["senders"]:
        table.add_row(row["owed_by"], str(row["owed"]), str(row["filed"]), str(row["owed"] - row["filed"]))
    console.print(table)
    for line in found["to_do"] or ["没有要办的事。"]:
        console.print(f"· {line}", markup=False, soft_wrap=True)
    console.print(f"各报送单位的回执：{found['receipts']}", markup=False, soft_wrap=True)
