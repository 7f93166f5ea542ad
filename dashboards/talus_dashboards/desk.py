"""The only door by which a page changes anything. Who changed what goes into the trail first, then it is tried.

Everything is checked here once more: the asker may see the person, the store takes the value. What is refused leaves as
one Refused whose line is fit for the page; what was stored before stays as it was.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from talus_dashboards.errors import NotHere, Refused
from talus_dashboards.identity import asking
from talus_host.errors import TalusError
from talus_host.store import Store

T = TypeVar("T")


class Desk:
    """Takes entries over a store; without one (a live page alone) every entry is refused."""

    def __init__(self, store: Store | None, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

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
            return change(self._store)
        except TalusError as error:
            raise Refused(str(error)) from error
