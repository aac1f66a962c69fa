"""Passwords: what is refused as one, and how the rest are hashed (argon2id)."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.platform.errors import Refused
from risk_model.message import msg

SHORTEST, LONGEST = 10, 200
HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
AT_ONCE = threading.BoundedSemaphore(2)
"""Each hash takes 32 MiB on purpose; a crowd at the door must not take all the memory of a small server."""

_TRIED_FIRST = """
    0123456789 1234567890 12345678910 123456789a 123456789q 0987654321 9876543210 1111111111 0000000000
    8888888888 6666666666 1122334455 1212121212 1233211234 1314520520 5201314520 5201314521 1357924680
    2468101214 1qaz2wsx3e 1qaz2wsx3edc qwertyuiop qwerty1234 qwerty12345 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5
    asdfghjkl1 asdfghjkl; zxcvbnm123 abcdefghij abcd123456 abc1234567 a123456789 aa12345678 aa123456789
    q123456789 woaini1314 woaini5201314 iloveyou12 iloveyou1314 password12 password123 password1234 passw0rd123
    p@ssw0rd123 p@ssword123 admin12345 admin123456 admin@12345 administrator adminadmin root123456 welcome123
    welcome1234 letmein1234 changeme123 test123456 anzhi123456 anzhi12345 qwe123456789 qweasdzxc123 asd123456789
    zxc123456789 wodemima123 mima123456 huawei@123
"""
COMMONEST = frozenset(_TRIED_FIRST.split())
"""What is tried first by whoever guesses; those under ten characters are refused for their length already."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def check_password(password: str, username: str) -> None:
    """Raises Refused for what is too short or long, the username itself, or among the commonest."""
    folded = password.casefold()
    if len(password) < SHORTEST:
        raise Refused(
            msg("密码至少需要 10 个字符；可以用几个互不相干的词连在一起"), code="password-weak", field="password"
        )
    if len(password) > LONGEST:
        raise Refused(msg("密码最多 200 个字符"), code="password-weak", field="password")
    if username and folded == username.casefold():
        raise Refused(msg("密码不能与用户名相同；请换一个"), code="password-weak", field="password")
    if folded in COMMONEST or len(set(folded)) == 1:
        raise Refused(msg("这个密码太常见，会最先被人试到；请换一个"), code="password-weak", field="password")


def hash_password(password: str) -> str:
    """The argon2id hash with its own salt."""
    with AT_ONCE:
        return HASHER.hash(password)


def password_matches(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one ``kept`` was made of; where nothing is kept, false after the same work."""
    with AT_ONCE:
        try:
            return HASHER.verify(kept or _nobodys(), password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(kept)


def one_time_password() -> str:
    """A password of 99 random bits without letters that look alike, to be changed at the first sign-in."""
    drawn = [secrets.choice(_ALPHABET) for _ in range(20)]
    return "-".join("".join(drawn[start : start + 5]) for start in range(0, 20, 5))


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
