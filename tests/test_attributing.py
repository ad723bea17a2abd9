"""Who acts in a run: the account that asked for it in the browser, else the machine's."""

from __future__ import annotations

from collections.abc import Callable

from previewed import SMALL
from running import run

from orchestration.filing import ledger_of
from resources.home import Home
from resources.kaohe import ACCOUNT_TAG
from resources.ledger import account, acting, acting_as


def test_what_a_run_receives_is_received_by_who_asked_for_it(fresh_small: Callable[[], Home]) -> None:
    home, intake = fresh_small(), ["definition", "received_files"]
    for name, tags in (("一", {ACCOUNT_TAG: "zhang"}), ("二", {})):
        (home.inbox / SMALL / "stats" / f"{name}.csv").write_text(f"单位编码\n{name}\n", "utf-8")
        assert run(SMALL, intake, tags).success
    received = ledger_of(home).entries(SMALL, ["file_received"])[-2:]
    assert [entry.actor for entry in received] == ["zhang", account()]


def test_nobody_acts_for_an_account_afterwards() -> None:
    with acting_as("zhang"):
        assert (acting(), account()) == ("zhang", "zhang")
        with acting_as(""):
            assert account() not in ("", "zhang")
    assert acting() == ""
