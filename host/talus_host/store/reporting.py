"""The store's readings a report prints beside its figures. Store is one of these."""

from collections.abc import Callable

import pandas as pd
from sqlalchemy import Engine

from talus_host.store import people, reported
from talus_host.store.engine import reading
from talus_host.store.people import Person
from talus_host.store.read import Day


class Reporting:
    """A part of Store: what its tables hold is said in store/reported.py."""

    engine: Engine

    def compared(
        self, person: Person, now: tuple[Day, Day], before: tuple[Day, Day], measures: tuple[str, ...]
    ) -> pd.DataFrame:
        """Two periods [first, end) side by side: see metrics.compare."""
        with reading(self.engine) as connection:
            return reported.compared(connection, people.number_of(person), now, before, measures)

    def blind(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See reported.blind."""
        return self._of(reported.blind, person, start, end)

    def faults(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See reported.faults."""
        return self._of(reported.faults, person, start, end)

    def standing(self, person: Person, end: Day = None) -> pd.DataFrame:
        """See reported.standing."""
        with reading(self.engine) as connection:
            return reported.standing(connection, people.number_of(person), end)

    def pauses(self, person: Person) -> pd.DataFrame:
        """See reported.pauses."""
        return self._all(reported.pauses, person)

    def walked(self, person: Person) -> pd.DataFrame:
        """See reported.walked."""
        return self._all(reported.walked, person)

    def _all(self, read_one: Callable[..., pd.DataFrame], person: Person) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read_one(connection, people.number_of(person))

    def _of(self, read_one: Callable[..., pd.DataFrame], person: Person, start: Day, end: Day) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read_one(connection, people.number_of(person), start, end)
