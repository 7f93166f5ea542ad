"""The store's verbs of everybody: the caseload, a clinician's limits, who is expected when. Store is one of these."""

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Engine

from talus_host.store import caseload, judging, thresholds, visits
from talus_host.store import people as everybody
from talus_host.store.engine import reading, writing
from talus_host.store.people import Person, number_of
from talus_host.store.read import Day


class Caring:
    """A part of Store: what it promises is said in the modules it calls."""

    engine: Engine

    def caseload(self, now_ms: int, people: Iterable[Person] | None = None) -> pd.DataFrame:
        """Everybody, or these, sorted by need at this moment: see caseload.caseload. Flags and claims are those judged
        last: judge_cases brings them up to date."""
        numbers = None if people is None else [number_of(one) for one in people]
        with reading(self.engine) as connection:
            return caseload.caseload(connection, now_ms, numbers)

    def judge_cases(self, now_ms: int, people: Iterable[Person] | None = None, within_s: float | None = None) -> int:
        """Judge flags and claims of those who are out of date, for within_s seconds at most; returns how many are left.

        Nobody waits for it: each person is judged from one picture of the database and kept by a short write.
        """
        numbers = None if people is None else [number_of(one) for one in people]
        return judging.judge(self.engine, now_ms, numbers, within_s)

    def thresholds(self, person: Person) -> pd.DataFrame:
        """See thresholds.every."""
        with reading(self.engine) as connection:
            return thresholds.every(connection, number_of(person))

    def set_threshold(self, person: Person, name: str, value: float | None, account: int | None, now_ms: int) -> None:
        """See thresholds.add."""
        with writing(self.engine) as connection:
            thresholds.add(connection, number_of(person), name, value, account, now_ms)

    def undo_threshold(self, person: Person) -> dict[str, object]:
        """See thresholds.undo."""
        with writing(self.engine) as connection:
            return thresholds.undo(connection, number_of(person))

    def plan_visit(self, person: Person, day: Day, account: int | None, now_ms: int) -> None:
        """See visits.plan."""
        with writing(self.engine) as connection:
            visits.plan(connection, number_of(person), day, account, now_ms)

    def undo_visit(self, person: Person) -> str | None:
        """See visits.undo."""
        with writing(self.engine) as connection:
            return visits.undo(connection, number_of(person))

    def visit(self, person: Person) -> str | None:
        """The day (ISO) the person was last expected on, past or to come; None: none is planned."""
        number = number_of(person)
        with reading(self.engine) as connection:
            everybody.person_row(connection, number)
            return visits.of_people(connection, [number]).get(number)
