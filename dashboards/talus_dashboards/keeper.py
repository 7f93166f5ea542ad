"""The only door from the pages to accounts, sessions and invitations. Whatever the host refuses leaves here as ours.

Passwords are looked at two at a time and, of wrong ones, thirty a minute over all names together: what a name's own
waiting (in the store) does not stop, many names at once, stops here.
"""

import hashlib
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pandas as pd

from talus_dashboards.errors import Denied, ReadError, Refused
from talus_dashboards.identity import PATIENT, Who
from talus_host.errors import DeniedError, InputError, StoreError
from talus_host.store import Store
from talus_host.store.sessions import LASTS, Visitor

AT_ONCE = 2  # each takes 19 MiB and a core
WRONG_MOST, WRONG_WITHIN_MS = 30, 60_000
FIRST_LASTS_MS = 3_600_000  # the invitation of a first run


class Keeper:
    """Lets accounts of a store in and out. `mark` tells this database's cookies from another's on the same machine.

    first: the token of the first run's invitation; None once there is an account.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._wrong: deque[int] = deque()
        self._lock = threading.Lock()
        self._hands = threading.BoundedSemaphore(AT_ONCE)
        self.mark = hashlib.sha256(str(store.engine.url.database).encode()).hexdigest()[:8]
        self._first_until_ms = self.now_ms + FIRST_LASTS_MS
        self.first = None if store.has_accounts() else secrets.token_urlsafe(32)

    @property
    def now_ms(self) -> int:
        return int(self._now().astimezone(UTC).timestamp() * 1000)

    def empty(self) -> bool:
        """Whether no account was made yet."""
        with self._plainly():
            return not self._store.has_accounts()

    def who(self, token: str, language: str) -> Who | None:
        """Who a session's token is, in `language` unless the account has its own. Raises ReadError."""
        with self._plainly():
            found = self._store.session(token, self.now_ms)
        if found is None:
            return None
        form = hashlib.sha256(b"form " + token.encode("utf-8", "surrogatepass")).hexdigest()
        return Who(
            found.role, found.name, found.account, found.person, found.people, found.language or language,
            found.session, form,
        )  # fmt: skip

    def lasts_s(self, who: Who) -> int | None:
        """How long a browser is to keep the session's cookie; None: until it is closed."""
        return LASTS[who.role][1] // 1000 if who.role == PATIENT else None

    def log_in(self, name: str, password: str) -> str:
        """A new session's token. Raises Denied, ReadError."""
        with self._plainly(), self._guessed():
            return self._store.log_in(name, password, self.now_ms)

    def change_password(self, who: Who, old: str, new: str) -> str:
        """A new session's token; every other session is ended. Raises Denied, Refused, ReadError."""
        with self._plainly(), self._guessed():
            return self._store.change_password(_visitor(who), old, new, self.now_ms)

    def log_out(self, who: Who, everywhere: bool) -> None:
        """End this session, or all of the account. Raises ReadError."""
        with self._plainly():
            self._store.log_out(_visitor(who), self.now_ms, everywhere=everywhere)

    def invitee(self, token: str) -> str:
        """The name an invitation is for, "" for the first run's. Raises Denied, ReadError."""
        if self._is_first(token):
            return ""
        with self._plainly():
            return self._store.invited(token, self.now_ms)

    def choose(self, token: str, name: str, password: str) -> str:
        """Use an invitation and set its password; returns a session's token. Raises Denied, Refused, ReadError."""
        with self._plainly(), self._hands:
            if not self._is_first(token):
                return self._store.enter_invited(token, self.now_ms, password)
            session = self._store.add_first_account(name, password, self.now_ms)
            self.first = None
            return session

    def enter(self, token: str) -> str:
        """Use an invitation as it is; returns a session's token. Raises Denied, ReadError."""
        with self._plainly():
            return self._store.enter_invited(token, self.now_ms)

    def set_language(self, who: Who, language: str) -> None:
        """Raises Refused, ReadError."""
        with self._plainly():
            self._store.set_language(who.account or 0, language, self.now_ms)

    def seers(self, person_id: str) -> pd.DataFrame:
        """role, accounts: how many may see this person."""
        with self._plainly():
            return self._store.seers(person_id, self.now_ms)

    def looks(self, person_id: str, who: Who, last: int) -> pd.DataFrame:
        """What others than `who` did about a person, newest first: see talus_host.store.trail.every."""
        with self._plainly():
            return self._store.trail(person_id, last, who.account)

    def _is_first(self, token: str) -> bool:
        known = self.first is not None and secrets.compare_digest(token.encode(), self.first.encode())
        return known and self.now_ms < self._first_until_ms

    @contextmanager
    def _guessed(self) -> Iterator[None]:
        """Count a try as wrong before it is looked at, and forget that when it was not."""
        now_ms = self.now_ms
        with self._lock:
            while self._wrong and self._wrong[0] <= now_ms - WRONG_WITHIN_MS:
                self._wrong.popleft()
            if len(self._wrong) >= WRONG_MOST:
                raise Denied(_seconds(self._wrong[0] + WRONG_WITHIN_MS - now_ms))
            self._wrong.append(now_ms)
        with self._hands:
            yield
        with self._lock:
            self._wrong.remove(now_ms) if now_ms in self._wrong else None

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except DeniedError as error:
            raise Denied(_seconds(error.until_ms - self.now_ms) if error.until_ms else None) from error
        except InputError as error:
            raise Refused(str(error)) from error
        except StoreError as error:
            raise ReadError(str(error)) from error


def _seconds(ms: int) -> int:
    return max(1, -(-ms // 1000))


def _visitor(who: Who) -> Visitor:
    return Visitor(
        who.account or 0, who.name, who.role, who.person, who.people, who.language, who.session or b""
    )  # fmt: skip
