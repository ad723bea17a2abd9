"""Who may log in, and who is logged in: rows of the store. Passwords come here as hashes, session tokens as digests.

How a password is hashed and judged, and what a role may do, is decided in `guard/`.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from resources.clock import ago, now
from resources.roles import FILING, ROLES
from resources.store import Store
from resources.tables import ACCOUNTS, SESSIONS

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
LONGEST_NAME = 40


class AccountRefused(Exception):
    """There is no such account, there is one already, or it cannot be made so; a password would be guessed."""


@dataclass(frozen=True)
class Account:
    """Who logs in under `name`.

    `codes` are of the units and departments it stands for (a bureau that reports and is assessed has one of each),
    none for those who examine. `temporary`: somebody else has set the password. `jurisdictions`: whose evaluations it
    is for (`resources.jurisdictions`); none named: all.
    """

    name: str
    role: str
    codes: tuple[str, ...] = ()
    temporary: bool = False
    jurisdictions: tuple[str, ...] = ()


SHOWN = [ACCOUNTS.c[name] for name in ("name", "role", "codes", "temporary", "jurisdictions")]


def folded(name: str) -> str:
    """The one way of writing a name: full-width forms and capitals make no second account.

    >>> folded(" Ｗang.Wu ")
    'wang.wu'
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()


def same_person(one: str, other: str) -> bool:
    """Whether two names can be one person's: blanks within them and what cannot be seen make no second one.

    >>> same_person("张　三", "张三"), same_person("Wang Wu", "wang wu\u200b"), same_person("张三", "张山")
    (True, True, False)
    """
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    shown = (sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign)[0] not in "ZC")
    return "".join(shown).casefold()


class Accounts:
    """Accounts and sessions of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def all(self) -> list[Account]:
        with self.store.reading() as connection:
            return [_account(row) for row in connection.execute(sa.select(*SHOWN).order_by(ACCOUNTS.c.name))]

    def find(self, name: str) -> tuple[Account, str] | None:
        """The account with its password's hash."""
        if not name.isprintable():  # PostgreSQL takes no NUL
            return None
        query = sa.select(*SHOWN, ACCOUNTS.c.password_hash).where(ACCOUNTS.c.name == folded(name))
        with self.store.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (_account(row), row[-1])

    def add(self, account: Account, password_hash: str) -> None:
        """Raises: AccountRefused: the name is taken or no name, or role and code do not fit."""
        refused = _unfit(account)
        if refused:
            raise AccountRefused(refused)
        with self.store.writing() as connection:
            if connection.execute(sa.select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == account.name)).first():
                raise AccountRefused(
                    f"已有账号“{account.name}”。改口令用 kaohe users password，换角色先 kaohe users remove。"
                )
            row = {**vars(account), "codes": " ".join(account.codes), "jurisdictions": " ".join(account.jurisdictions)}
            connection.execute(sa.insert(ACCOUNTS), row | {"password_hash": password_hash, "created_at": now()})

    def set_password(self, name: str, password_hash: str, *, temporary: bool) -> None:
        """Whoever is logged in with the old one is so no longer. Raises: AccountRefused: no such account."""
        change = sa.update(ACCOUNTS).where(ACCOUNTS.c.name == folded(name))
        with self.store.writing() as connection:
            done = connection.execute(change.values(password_hash=password_hash, temporary=temporary))
            _require(done.rowcount, name)
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.account == folded(name)))

    def remove(self, name: str) -> None:
        """The account with its sessions. Raises: AccountRefused: no such account."""
        with self.store.writing() as connection:
            done = connection.execute(sa.delete(ACCOUNTS).where(ACCOUNTS.c.name == folded(name)))
            _require(done.rowcount, name)
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.account == folded(name)))

    def start_session(self, name: str) -> str:
        """A new session's token, which is kept nowhere; sessions that are over are forgotten."""
        token, at = secrets.token_urlsafe(32), now()
        over = (SESSIONS.c.started_at < ago(ABSOLUTE)) | (SESSIONS.c.seen_at < ago(IDLE))
        row = {"token_digest": _digest(token), "account": folded(name), "started_at": at, "seen_at": at}
        with self.store.writing() as connection:
            connection.execute(sa.delete(SESSIONS).where(over))
            connection.execute(sa.insert(SESSIONS), row)
        return token

    def of_session(self, token: str) -> tuple[Account, str] | None:
        """Whose session it is and when it was last seen; None where it has ended. The account is as it is now."""
        query = sa.select(*SHOWN, SESSIONS.c.seen_at).join_from(
            SESSIONS, ACCOUNTS, SESSIONS.c.account == ACCOUNTS.c.name
        )
        lasting = (SESSIONS.c.started_at >= ago(ABSOLUTE)) & (SESSIONS.c.seen_at >= ago(IDLE))
        with self.store.reading() as connection:
            row = connection.execute(query.where(SESSIONS.c.token_digest == _digest(token), lasting)).one_or_none()
        return None if row is None else (_account(row), row[-1])

    def seen(self, token: str) -> None:
        """The session is in use."""
        with self.store.writing() as connection:
            used = sa.update(SESSIONS).where(SESSIONS.c.token_digest == _digest(token))
            connection.execute(used.values(seen_at=now()))

    def end_session(self, token: str) -> None:
        with self.store.writing() as connection:
            connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.token_digest == _digest(token)))


def _account(row: Any) -> Account:
    return Account(row.name, row.role, tuple(row.codes.split()), row.temporary, tuple(row.jurisdictions.split()))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _unfit(account: Account) -> str:
    name = account.name
    if not (0 < len(name) <= LONGEST_NAME) or name != folded(name):
        return f"账号应是1至{LONGEST_NAME}个字的小写名字，现在是“{name}”。"
    if not all(c.isalnum() or c in "._-" for c in name):
        return f"账号只能用汉字、字母、数字和 . _ -，现在是“{name}”。"
    if account.role not in ROLES:
        return f"没有角色“{account.role}”。角色有：{'、'.join(ROLES)}。"
    if account.role in FILING and not account.codes:
        return f"{ROLES[account.role]}的账号要写明单位编码或部门代码：--unit CODE。"
    if account.role not in FILING and account.codes:
        return f"{ROLES[account.role]}不属于一个单位，不写 --unit。"
    return ""


def _require(rows: int, name: str) -> None:
    if rows == 0:
        raise AccountRefused(f"没有账号“{name}”。kaohe users list 列出全部账号。")
