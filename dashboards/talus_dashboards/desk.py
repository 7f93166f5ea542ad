"""The only door by which a page changes anything. Who changed what goes into the trail first, then it is tried.

Everything is checked here once more: the asker may see the person, the store takes the value. What is refused leaves as
one Refused whose line is fit for the page; what was stored before stays as it was. Looking is written down, too: once
for each account, page and person in five minutes, before anything is shown. Where it cannot be written, nobody is shown
another's data; one's own are shown all the same. Two tabs enter one after the other: each change is one transaction.
"""

import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from talus_dashboards.errors import NotHere, NotKept, ReadError, Refused
from talus_dashboards.identity import PATIENT, asking
from talus_host.errors import StoreError, TalusError
from talus_host.store import Store
from talus_host.store.exercise_plans import LIMITS as EXERCISE_LIMITS

T = TypeVar("T")

__all__ = ["EXERCISE_LIMITS", "Desk"]
LOOK, ENTER, REFUSED = "look", "enter", "enter refused"
LOOKS_EVERY_MS = 300_000
LOOKS_KEPT = 10_000


class Desk:
    """Takes entries over a store; without one (a live page alone) every entry is refused, and nobody is looked at."""

    def __init__(self, store: Store | None, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._looks: dict[tuple[object, ...], int] = {}
        self._lock = threading.Lock()

    @property
    def now_ms(self) -> int:
        return int(self._now().astimezone(UTC).timestamp() * 1000)

    def enter(self, person_id: str, what: str, change: Callable[[Store], T]) -> T:
        """Do `change` to one person's data. what: for the trail, such as "told pain". Raises Refused, NotHere."""
        if not asking.get().may_see(person_id):
            raise NotHere
        return self._tried(what, person_id, change)

    def _tried(self, what: str, person_id: str | None, change: Callable[[Store], T]) -> T:
        if self._store is None:
            raise Refused("nothing can be entered here: these pages have no database")
        try:
            self._add(self._store, ENTER, person_id, what)
            return change(self._store)
        except TalusError as error:
            with contextlib.suppress(TalusError):
                self._add(self._store, REFUSED, person_id, what)
            raise (NotKept if isinstance(error, StoreError) else Refused)(str(error)) from error

    def note(self, action: str, person_id: str | None, what: str) -> None:
        """One row of the trail about who asks. Raises ReadError."""
        if self._store is None:
            return
        try:
            self._add(self._store, action, person_id, what)
        except TalusError as error:
            raise ReadError(str(error)) from error

    def saw(self, page: str, person_id: str | None) -> None:
        """Who asks is about to see a page. Raises ReadError where that cannot be written, of others' data."""
        who, now_ms = asking.get(), self.now_ms
        look = (who.account, who.role, page, person_id)
        with self._lock:
            last = self._looks.get(look)
            if last is not None and 0 <= now_ms - last < LOOKS_EVERY_MS:
                return
            if len(self._looks) >= LOOKS_KEPT:
                self._looks.clear()
            self._looks[look] = now_ms
        try:
            self.note(LOOK, person_id, page)
        except ReadError:
            with self._lock:
                self._looks.pop(look, None)
            if who.role != PATIENT:
                raise

    def _add(self, store: Store, action: str, person_id: str | None, what: str) -> None:
        who = asking.get()
        store.add_trail(self.now_ms, who.role, who.account, action, person_id, what)
