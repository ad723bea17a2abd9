"""What the examining office decides one by one: claims accepted or refused, findings explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.responses import Response

from evaluation.decided import WAITS
from evaluation.explanation_words import LEVELS
from evaluation.open_findings import open_findings
from orchestration.deciding import USES, decide_claim, is_held, resolve_finding, sources_of, why_not
from orchestration.desk.shared import SCORING, Desk, Form, in_browser, page
from reports.harmless import visible
from reports.rows import records
from reports.words import SEVERITIES
from resources.decisions import DECIDED, RESOLVED
from resources.kaohe import Work, work_on
from resources.ledger import Entry
from resources.locks import is_free
from resources.roles import EXAMINING

LISTED = 300
WAITING = "CLAIM_WAITS"
PLACE = ["sender", "sha256", "sheet", "cell"]
# What became of a claim, in words; "seen" goes back with the form, so that nobody overrules what they have not seen.
FATES = {
    "waits": "待核定",
    "counts": "按来源计分",
    "yields": "以更信任的部门为准",
    "replaced": "以报送单位另外报送的为准",
    "accepted": "已认可",
    "refused": "不予认可",
}
DECIDES = {"accept": "认可，照级别计分", "refuse": "不予认可，不计分"}


@page(*EXAMINING)
def listed(desk: Desk) -> Response:
    """Claims that wait first, then findings that are open; `sender` filters both."""
    work, sender = work_on(desk.home, desk.evaluation), desk.form["sender"]
    claims = _claims(work)
    found = open_findings(work.findings()).drop_duplicates("finding_id")
    if sender:
        claims, found = claims[claims["sender"] == sender], found[found["sender"] == sender]
    everything = desk.form["all"] == "1"
    shown = claims if everything else claims[claims["decision"] == WAITS]
    shown = shown.sort_values("decision", key=lambda fates: fates != WAITS, kind="stable")
    found = found[found["code"] != WAITING]
    return desk.page(
        "matters.html",
        scoring=SCORING if work.run.unfinished and not is_free(desk.home, desk.evaluation) else "",
        sender=sender,
        everything=everything,
        claims=[_told(desk, row) for row in records(shown.head(LISTED))],
        claims_more=max(len(shown) - LISTED, 0),
        findings=[_told(desk, row) for row in records(found.head(LISTED))],
        findings_more=max(len(found) - LISTED, 0),
        fates=FATES,
        severities=SEVERITIES,
    )


def _claims(work: Work) -> pd.DataFrame:
    claims = work.read("submitted_claims")
    return claims[claims["outcome"] == "accepted"].drop_duplicates("claim_id")


def _told(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    """A row with its texts made visible and names for its codes."""
    names, items = desk.senders, desk.items
    texts = {name: in_browser(visible(text)) if isinstance(text, str) else text for name, text in row.items()}
    code = row.get("item_code", row.get("indicator_code", ""))
    more = {"sender_name": names.get(row["sender"], row["sender"]), "item_name": items.get(code, code)}
    level = texts.get("level") or ""
    more["level"] = LEVELS.get(level, (level,))[0]
    return texts | more | {"unit_name": names.get(row["unit_code"], row["unit_code"])}


@page(*EXAMINING)
def claim(desk: Desk) -> Response:
    """One claim, with what was decided about it so far, and the form to decide it."""
    form, work = desk.form, work_on(desk.home, desk.evaluation)
    rows = records(_claims(work)[lambda all_of_them: all_of_them["claim_id"] == form["id"]])
    if not rows:
        raise HTTPException(404)
    if form.sent and form["decision"] not in DECIDES:
        form.faults["decision"] = "请选择认可还是不予认可。"
    if form.sent and form.require(reason="请写明理由。"):
        said = form["id"], form["decision"], form["reason"], desk.user.name
        line = form.done(lambda: decide_claim(desk.home, desk.evaluation, *said, seen=_seen(form)))
        if line is not None:
            return desk.to("claim", id=form["id"], done=line[0].seq)
    before = _entries(desk, DECIDED, "claim_id", form["id"])
    one = _told(desk, rows[0])
    return desk.page("claim.html", one=one, fates=FATES, decides=DECIDES, before=_said(before, {}), seen=_last(before))


@page(*EXAMINING)
def finding(desk: Desk) -> Response:
    """One finding with all its places and claims, and the form to accept its explanation; of a claim that waits: it."""
    form, work = desk.form, work_on(desk.home, desk.evaluation)
    found = work.findings()
    found = found[found["finding_id"] == form["id"]]
    if found.empty:
        raise HTTPException(404)
    rows, row = records(found), records(found)[0]
    claims = _claims(work).merge(found[PLACE].drop_duplicates())["claim_id"].tolist()
    if row["code"] == WAITING and claims:
        return desk.to("claim", id=claims[0])
    held, sources = is_held(work, row), sources_of(desk.definition, row)
    if form.sent and held and form["use"] not in USES:
        form.faults["use"] = "请选择按原值采用还是不予采用。"
    if form.sent and form.require(reason="请写明理由。"):
        said = form["id"], form["reason"], desk.user.name, form["use"] or None, form["source"] or None
        line = form.done(lambda: resolve_finding(desk.home, desk.evaluation, *said, seen=_seen(form)))
        if line is not None:
            return desk.to("finding", id=form["id"], done=line[0].seq)
    before = _entries(desk, RESOLVED, "finding_id", form["id"])
    return desk.page(
        "finding.html",
        one=_told(desk, row),
        claims=claims,
        uses=USES if held else {},
        why_not=desk.final or in_browser(why_not(row, held, sources)),
        places=[" › ".join(visible(one[name]) for name in ("file", "sheet", "cell") if one[name]) for one in rows],
        severities=SEVERITIES,
        sources=_named(desk, sources) if row["code"] == "DISCREPANCY" else {},
        before=_said(before, _named(desk, sources)),
        seen=_last(before),
    )


def _named(desk: Desk, sources: list[str]) -> dict[str, str]:
    names = desk.senders | {"self": "被考核单位自报"}
    return {code: names.get(code, code) for code in sources}


def _entries(desk: Desk, kind: str, name: str, value: str) -> list[Entry]:
    return [entry for entry in desk.ledger.entries(desk.evaluation, [kind]) if entry.payload[name] == value]


def _for_whom(entry: Entry, names: Mapping[str, str]) -> str:
    """Which source counts, where somebody has chosen between two."""
    source = entry.payload.get("source", "")
    return f"，以{names.get(source, source)}为准" if source else ""


def _last(entries: list[Entry]) -> int:
    return entries[-1].seq if entries else 0


def _seen(form: Form) -> int:
    """The last decision that stood on the page; none is like it where the form says nothing that can be read."""
    return int(form["seen"]) if form["seen"].isdecimal() and len(form["seen"]) < 18 else -1


def _said(entries: list[Entry], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Decisions so far, the newest first."""
    words = {"accepted": "认可", "refused": "不予认可", "use": "按原值采用", "refuse": "不予采用", "": "情况属实"}
    return [
        {
            "seq": entry.seq,
            "at": entry.recorded_at[:16].replace("T", " "),
            "what": words.get(entry.payload["decision"], str(entry.payload["decision"])) + _for_whom(entry, names),
            "by": visible(entry.payload["by"]),
            "reason": visible(entry.payload["reason"]),
        }
        for entry in reversed(entries)
    ]
