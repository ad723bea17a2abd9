"""Passwords: how they are kept, which are too weak, and the one that is made up where nobody has been there before."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from resources.accounts import AccountRefused

SHORTEST, LONGEST, LEAST_DIFFERENT = 10, 300, 5
RULE = f"至少{SHORTEST}个字符，长一点的一句话最好；不能含账号，不能只是几个字符重复。"
# Without what is mistaken for something else when read from a screen.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()  # Argon2id with the parameters that RFC 9106 recommends where memory is short
_of_nobody = _hasher.hash(secrets.token_urlsafe())


def hashed(password: str, name: str) -> str:
    """The hash of a new password of the account `name`.

    Raises:
        AccountRefused: it would be guessed.
    """
    plain = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST or name in plain or len(set(plain)) < LEAST_DIFFERENT:
        raise AccountRefused(f"口令太弱。{RULE}")
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; an unknown account (None) takes as long as a known one."""
    try:
        return _hasher.verify(password_hash or _of_nobody, password[:LONGEST]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def made_up() -> str:
    """Sixteen letters and digits in groups: 79 bits.

    >>> len(made_up())
    19
    """
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
