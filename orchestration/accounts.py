"""Accounts as somebody at this machine's terminal manages them: added, listed, removed, given a new password."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from assets.in_force import definition_of
from evaluation.faults import InvalidRulebook
from guard.passwords import hashed, made_up
from guard.request_log import RequestLog
from orchestration.filing import ledger_of, senders_of
from resources.accounts import Account, Accounts, folded
from resources.home import Home, NotSetUp
from resources.jurisdictions import is_within, jurisdiction_of
from resources.ledger import account as at_the_terminal
from resources.refused import Refused
from resources.roles import OPERATOR, ROLES


def accounts_of(home: Home) -> Accounts:
    return Accounts(ledger_of(home).store)


def add_account(
    home: Home, name: str, role: str, codes: tuple[str, ...], password: str, jurisdictions: tuple[str, ...] = ()
) -> str:
    """Add an account whose password must be changed at the first login.

    Who files is bound to the jurisdiction that knows the codes: another one may use the same.

    Raises:
        AccountRefused: nothing is written.
        NotSetUp: the home was never set up.
        Refused: no evaluation knows one of the jurisdictions, or a unit or department of one
            of the codes there, or several jurisdictions know them and none was named.
    """
    if not home.evaluations.is_dir():
        raise NotSetUp(home.path)
    for one in jurisdictions:
        if not any(is_within(evaluation, [one]) for evaluation in home.evaluation_names()):
            raise Refused(f"没有辖区“{one}”的考核。现有考核：{'、'.join(home.evaluation_names()) or '（无）'}。")
    if codes:
        jurisdictions = jurisdictions or _jurisdiction_of_codes(home, codes)
        _require_known(codes, known_codes(home, jurisdictions))
    account = Account(folded(name), role, codes, temporary=True, jurisdictions=jurisdictions)
    with _logging(home, "account added", account.name, role, codes, jurisdictions):
        accounts_of(home).add(account, hashed(password, account.name))
    told = " ".join([ROLES[role], *codes]) + (f"，辖区 {' '.join(jurisdictions)}" if jurisdictions else "")
    return f"已加账号“{account.name}”（{told}）。第一次登录时要改口令。"


def _jurisdiction_of_codes(home: Home, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The one jurisdiction whose evaluations know all of these codes; () where none does.

    Raises:
        Refused: there are several.
    """
    known: dict[str, set[str]] = {}
    for evaluation in home.evaluation_names():
        known.setdefault(jurisdiction_of(evaluation), set()).update(known_codes(home, (evaluation,)))
    found = sorted(name for name, there in known.items() if set(codes) <= there)
    if len(found) > 1:
        raise Refused(f"有{len(found)}个辖区都用编码“{'、'.join(codes)}”：{'、'.join(found)}。请写明 --jurisdiction。")
    return tuple(found)


def _require_known(codes: tuple[str, ...], known: set[str]) -> None:
    unknown = set(codes) - known
    if unknown:
        raise Refused(f"没有单位或部门“{'、'.join(sorted(unknown))}”。现有：{'、'.join(sorted(known)) or '（无）'}。")


def list_accounts(home: Home) -> list[dict[str, Any]]:
    return [vars(account) for account in accounts_of(home).all()]


def remove_account(home: Home, name: str) -> str:
    """Raises: AccountRefused: there is no such account."""
    with _logging(home, "account removed", folded(name)):
        accounts_of(home).remove(name)
    return f"已删去账号“{folded(name)}”，它的登录全部结束。"


def set_password(home: Home, name: str, password: str) -> str:
    """Raises: AccountRefused: nothing is written."""
    with _logging(home, "password set", folded(name)):
        accounts_of(home).set_password(name, hashed(password, folded(name)), temporary=True)
    return f"已改“{folded(name)}”的口令，它的登录全部结束；下次登录时本人还要再改。"


def first_operator(home: Home) -> str | None:
    """A first account with a made-up password, which is told here and kept nowhere; None where there is one already."""
    if accounts_of(home).all():
        return None
    name, password = folded(at_the_terminal()), made_up()
    with _logging(home, "account added", name, OPERATOR):
        accounts_of(home).add(Account(name, OPERATOR, temporary=True), hashed(password, name))
    return (
        f"还没有账号，已建第一个：账号 {name}，口令 {password}\n"
        "口令只显示这一次，第一次登录时要改。其他人的账号：kaohe users add。"
    )


def known_codes(home: Home, jurisdictions: tuple[str, ...] = ()) -> set[str]:
    """Codes of units and departments of these jurisdictions' evaluations, or of all, as far as they can be read."""
    ledger, codes = ledger_of(home), set()
    for evaluation in home.evaluation_names():
        if not is_within(evaluation, jurisdictions):
            continue
        with contextlib.suppress(InvalidRulebook):
            codes.update(senders_of(definition_of(home, ledger, evaluation)))
    return codes


@contextlib.contextmanager
def _logging(
    home: Home,
    outcome: str,
    name: str,
    role: str = "",
    codes: tuple[str, ...] = (),
    jurisdictions: tuple[str, ...] = (),
) -> Iterator[None]:
    """Nothing is done that cannot be written down, and nothing written that was not done."""
    with contextlib.closing(RequestLog(home.logs)) as log:
        yield
        told = {"of": name, "role": role, "codes": codes, "jurisdictions": jurisdictions}
        log.write(account=at_the_terminal(), address="terminal", outcome=outcome, **told)
