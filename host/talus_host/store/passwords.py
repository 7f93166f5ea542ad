"""Passwords: what one must be, and how it is kept. Only Argon2id with its salt and costs is ever stored.

Length is what counts; no rule asks for kinds of characters (NIST SP 800-63B). Its third edition asks for 8 characters,
its fourth for 15 where nothing else guards; 12 stand between, because many here type with one hand.
"""

import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from talus_host.errors import InputError

LEAST, MOST = 12, 256  # characters; the most only bounds the work
# OWASP Password Storage Cheat Sheet (2023): Argon2id with 19 MiB, 2 passes, 1 lane; 20 to 60 ms on a small computer.
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
KINDS_LEAST = 5  # different characters: "aaaaaaaaaaaa" and "121212121212" are found first
OTHERWISE_LEAST = 6  # characters beside what everybody would guess
GUESSED = (
    "talus", "password", "passwort", "kennwort", "qwertyuiop", "qwertzuiop", "qwerty", "qwertz", "asdfgh", "letmein",
    "welcome", "willkommen", "iloveyou", "orthese", "orthosis", "patient", "admin", "1234567890", "0123456789",
    "123456789", "12345678", "123456", "abcdefghijkl", "abcdef",
)  # fmt: skip


def _hasher() -> PasswordHasher:
    return PasswordHasher(PASSES, MEMORY_KIB, LANES, type=Type.ID)


def plain(password: str) -> str:
    """The same characters however a keyboard composed them."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, name: str) -> None:
    """Raises InputError, which never repeats the password, unless it may be chosen."""
    text = plain(password)
    if len(text) < LEAST:
        raise InputError(f"password: has fewer than {LEAST} characters")
    if len(text) > MOST:
        raise InputError(f"password: has more than {MOST} characters")
    rest = text.casefold()
    for word in (name.casefold(), *GUESSED):
        rest = rest.replace(word, "") if len(word) > 2 else rest
    if len(set(text)) < KINDS_LEAST or len(rest) < OTHERWISE_LEAST:
        raise InputError("password: is one of those that are guessed first")


def hashed(password: str) -> str:
    """As it is stored. Takes its time and memory on purpose: hold no lock meanwhile."""
    return _hasher().hash(plain(password))


@cache
def _decoy() -> str:
    return hashed("nobody's")


def fits(kept: str | None, password: str) -> bool:
    """Whether this is the password; for a name that has none the same work is done, and the answer is no."""
    try:
        return _hasher().verify(kept or _decoy(), plain(password)[:MOST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether it was kept at other costs than today's."""
    return _hasher().check_needs_rehash(kept)
