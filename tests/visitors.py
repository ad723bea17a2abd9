"""Accounts to visit the guarded site with, and their sessions."""

from __future__ import annotations

from guard.passwords import hashed
from resources.accounts import Account, Accounts
from resources.home import Home
from resources.store import Store

PASSWORD = "river stone 42 tree"


def accounts_of(home: Home) -> Accounts:
    return Accounts(Store(home.store_url))


def add_account(home: Home, name: str, role: str, *codes: str, temporary: bool = False) -> None:
    """An account whose password is PASSWORD."""
    accounts_of(home).add(Account(name, role, codes, temporary), hashed(PASSWORD, name))


def cookie_of(home: Home, name: str, port: int) -> str:
    """The `Cookie` header of somebody who has logged in at that port."""
    return f"kaohe-{port}={accounts_of(home).start_session(name)}"
