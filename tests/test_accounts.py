"""Accounts and sessions as the store keeps them, on both databases, and the commands that manage them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from stores import on_both_stores, on_sqlite
from visitors import PASSWORD, accounts_of, add_account, logged

from guard.passwords import hashed, made_up, matches
from orchestration.accounts import first_operator
from orchestration.cli import main
from resources import accounts as rows
from resources.accounts import ABSOLUTE, IDLE, Account, AccountRefused, Accounts, folded
from resources.home import Home
from resources.roles import DEPARTMENT, EXAMINER, OPERATOR, TOWNSHIP
from resources.store import Store


@pytest.fixture
def accounts(store_url: str) -> Accounts:
    """Of one who examines; the hash is none, because nobody logs in with it."""
    found = Accounts(Store(store_url))
    found.add(Account("wang", EXAMINER), "hash")
    return found


def passed(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> None:
    """Time goes on by `span`."""
    before = rows.ago
    monkeypatch.setattr(rows, "ago", lambda of: before(of - span))


@on_both_stores
def test_an_account_is_found_however_its_name_is_typed(accounts: Accounts) -> None:
    for name in ("wang", " WANG", "ｗａｎｇ"):
        assert accounts.find(name) == (Account("wang", EXAMINER), "hash")
    for name in ("wang2", "", "wang\0", "' or 1=1 --"):
        assert accounts.find(name) is None


@on_both_stores
def test_a_name_is_taken_once(accounts: Accounts) -> None:
    with pytest.raises(AccountRefused, match="已有账号“wang”"):
        accounts.add(Account(folded("WANG"), OPERATOR), "other")
    assert accounts.find("wang") == (Account("wang", EXAMINER), "hash")


@pytest.mark.parametrize(
    ("account", "why"),
    [
        (Account("", EXAMINER), "1至40个字"),
        (Account("x" * 41, EXAMINER), "1至40个字"),
        (Account("Wang", EXAMINER), "小写"),
        (Account("wang wu", EXAMINER), "只能用汉字"),
        (Account("wang\nroot", EXAMINER), "只能用汉字"),
        (Account("王五", "leader"), "没有角色“leader”"),
        (Account("王五", TOWNSHIP), "要写明单位编码"),
        (Account("王五", OPERATOR, ("T01",)), "不属于一个单位"),
    ],
)
def test_an_account_that_fits_no_role_is_refused(accounts: Accounts, account: Account, why: str) -> None:
    with pytest.raises(AccountRefused, match=why):
        accounts.add(account, "hash")
    assert len(accounts.all()) == 1


@on_both_stores
def test_a_bureau_stands_for_several_codes(accounts: Accounts) -> None:
    accounts.add(Account("统计局", DEPARTMENT, ("stats", "D05"), temporary=True), "hash")
    assert accounts.all() == [Account("wang", EXAMINER), Account("统计局", DEPARTMENT, ("stats", "D05"), True)]


@on_both_stores
def test_a_session_is_known_by_its_token_alone_which_is_kept_nowhere(accounts: Accounts) -> None:
    one, other = accounts.start_session("wang"), accounts.start_session("WANG")
    assert one != other
    for token in (one, other):
        assert len(token) >= 43
        found = accounts.of_session(token)
        assert found is not None
        assert found[0].name == "wang"
    with accounts.store.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM sessions").all())
        digest = connection.exec_driver_sql("SELECT token_digest FROM sessions").scalars().first()
    assert one not in kept
    assert accounts.of_session(digest) is None
    for wrong in ("", one[:-1], one.swapcase(), "\udcff"):
        assert accounts.of_session(wrong) is None


@on_both_stores
def test_logging_out_ends_that_session_and_no_other(accounts: Accounts) -> None:
    here, there = accounts.start_session("wang"), accounts.start_session("wang")
    accounts.end_session(here)
    assert accounts.of_session(here) is None
    assert accounts.of_session(there) is not None


@on_both_stores
def test_a_new_password_and_a_removed_account_end_every_session(accounts: Accounts) -> None:
    token = accounts.start_session("wang")
    accounts.set_password("wang", "new", temporary=False)
    assert accounts.of_session(token) is None
    token = accounts.start_session("wang")
    accounts.remove("wang")
    assert accounts.of_session(token) is None
    accounts.add(Account("wang", OPERATOR), "hash")
    assert accounts.of_session(token) is None
    with pytest.raises(AccountRefused, match="没有账号“li”"):
        accounts.remove("li")


@on_both_stores
def test_a_session_ends_when_it_is_left_alone(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    token = accounts.start_session("wang")
    passed(monkeypatch, IDLE - timedelta(minutes=1))
    assert accounts.of_session(token) is not None
    passed(monkeypatch, timedelta(minutes=2))
    assert accounts.of_session(token) is None


@on_both_stores
def test_no_use_makes_a_session_last_longer_than_a_day_at_work(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = accounts.start_session("wang")
    with accounts.store.writing() as connection:  # it is in use without a break
        connection.exec_driver_sql("UPDATE sessions SET seen_at = '9999'")
    passed(monkeypatch, ABSOLUTE - timedelta(minutes=1))
    assert accounts.of_session(token) is not None
    passed(monkeypatch, timedelta(minutes=2))
    assert accounts.of_session(token) is None


def test_sessions_that_are_over_are_forgotten(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.start_session("wang")
    passed(monkeypatch, IDLE + timedelta(minutes=1))
    accounts.start_session("wang")
    with accounts.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 1


def test_a_password_is_kept_as_argon2id_with_its_own_salt() -> None:
    one, other = hashed(PASSWORD, "wang"), hashed(PASSWORD, "wang")
    assert one != other
    assert one.startswith("$argon2id$")
    assert matches(PASSWORD, one)
    assert not matches(PASSWORD + "x", one)
    assert not matches(PASSWORD, None)
    assert not matches(PASSWORD, "no hash")


@pytest.mark.parametrize("password", ["", "short", "x" * 301, "aaaaaaaaaaaa", "Wang-2025-06", "1212121212"])
def test_a_password_that_would_be_guessed_is_refused(password: str) -> None:
    with pytest.raises(AccountRefused, match="口令太弱"):
        hashed(password, "wang")


def test_no_two_made_up_passwords_are_the_same() -> None:
    assert len({made_up() for _ in range(100)}) == 100


def users(*arguments: str, typed: str = f"{PASSWORD}\n") -> Result:
    return CliRunner().invoke(main, ["users", *arguments], input=typed)


def test_accounts_are_managed_at_the_terminal(home: Home) -> None:
    assert users("add", "普舍", "--role", "township", "--unit", "530402").exit_code == 0
    assert users("add", "zhang", "--role", "operator").exit_code == 0
    assert json.loads(users("list", "--json").output) == [
        {"name": "zhang", "role": "operator", "codes": [], "temporary": True, "jurisdictions": []},
        {"name": "普舍", "role": "township", "codes": ["530402"], "temporary": True, "jurisdictions": ["yuxi"]},
    ]
    assert "普舍　乡镇（街道）　530402　辖区 yuxi（还没有改过口令）" in users("list").output
    assert users("password", "普舍", typed="another river 17\n").exit_code == 0
    found = accounts_of(home).find("普舍")
    assert found is not None
    assert matches("another river 17", found[1])
    assert users("remove", "zhang").exit_code == 0
    outcomes = [line["outcome"] for line in logged(home)]
    assert outcomes == ["account added", "account added", "password set", "account removed"]
    assert PASSWORD not in (home.logs / "guard.log").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "typed", "why"),
    [
        (["add", "li", "--role", "township", "--unit", "T99"], f"{PASSWORD}\n", "没有单位或部门“T99”。现有：530402、"),
        (["add", "li", "--role", "examiner"], "short\n", "口令太弱"),
        (["add", "li", "--role", "examiner"], "", "口令太弱"),
        (["add", "li", "--role", "township"], f"{PASSWORD}\n", "要写明单位编码"),
        (["password", "li"], f"{PASSWORD}\n", "没有账号“li”"),
        (["remove", "li"], "", "没有账号“li”"),
    ],
)
def test_what_cannot_be_done_is_told(home: Home, arguments: list[str], typed: str, why: str) -> None:
    result = users(*arguments, typed=typed)
    assert (result.exit_code, why in result.output) == (2, True)
    assert accounts_of(home).all() == []


def test_no_option_takes_a_password(home: Home) -> None:
    for command in ("add", "password"):
        assert "口令" not in users(command, "--help").output.partition("Options")[2]
        assert users(command, "li", "--password", PASSWORD).exit_code == 2


def test_the_first_account_is_made_once_with_a_password_that_is_shown_and_not_kept(home: Home) -> None:
    told = first_operator(home)
    assert told is not None
    password = told.partition("口令 ")[2].split()[0]
    ((account),) = accounts_of(home).all()
    assert (account.role, account.temporary) == (OPERATOR, True)
    found = accounts_of(home).find(account.name)
    assert found is not None
    assert matches(password, found[1])
    assert first_operator(home) is None
    kept = [path.read_bytes() for path in [*home.logs.iterdir(), *home.path.glob("kaohe.db*")]]
    assert not any(password.encode() in data for data in kept)


@on_sqlite
def test_other_people_of_the_machine_read_neither_hashes_nor_the_log(home: Home) -> None:
    add_account(home, "wang", EXAMINER)
    assert users("password", "wang").exit_code == 0
    files = [*home.path.glob("kaohe.db*"), *home.logs.iterdir()]
    assert len(files) >= 2
    assert [path.name for path in files if path.stat().st_mode & 0o007] == []


def test_a_backup_keeps_accounts_and_lets_nobody_come_back_logged_in(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_account(home, "wang", EXAMINER)
    token = accounts_of(home).start_session("wang")
    assert CliRunner().invoke(main, ["backup", str(tmp_path / "b.tar")]).exit_code == 0
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "restored"))
    monkeypatch.delenv("KAOHE_STORE", raising=False)
    assert CliRunner().invoke(main, ["restore", str(tmp_path / "b.tar")]).exit_code == 0
    restored = accounts_of(Home(tmp_path / "restored"))
    assert restored.all() == [Account("wang", EXAMINER)]
    assert restored.of_session(token) is None
