"""The store's verbs of a person's own pages: what they tell, exercises, what is asked of them, and their progress.
Each is one transaction. Store is one of these."""

from collections.abc import Callable, Mapping

import pandas as pd
from sqlalchemy import Engine

from talus_host.store import exercise_plans, people, prescriptions, progress, tellings
from talus_host.store.engine import reading, writing
from talus_host.store.people import Person
from talus_host.store.read import Day


class Own:
    """A part of Store: what it promises is said in the modules it calls."""

    engine: Engine

    def tell(self, person: Person, what: str, value: float, side: str, told_by: str, at_ms: int, now_ms: int) -> int:
        """See tellings.tell."""
        with writing(self.engine) as connection:
            return tellings.tell(connection, people.number_of(person), what, value, side, told_by, at_ms, now_ms)

    def untell(self, person: Person, what: str, side: str, entered_ms: int) -> None:
        """See tellings.untell."""
        with writing(self.engine) as connection:
            tellings.untell(connection, people.number_of(person), what, side, entered_ms)

    def told(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See tellings.every."""
        return self._of_own(tellings.every, person, start, end)

    def skin_checks(self, person: Person, now_ms: int) -> pd.DataFrame:
        """See tellings.skin_checks."""
        with reading(self.engine) as connection:
            return tellings.skin_checks(connection, people.number_of(person), now_ms)

    def plan_exercise(
        self, person: Person, exercise: str, side: str, from_day: Day, asked: Mapping[str, int], now_ms: int
    ) -> None:
        """asked: sets_a_day, repetitions, days_a_week. See exercise_plans.add."""
        with writing(self.engine) as connection:
            exercise_plans.add(
                connection, people.number_of(person), exercise, side, from_day, **asked, entered_ms=now_ms
            )

    def undo_exercise_plan(self, person: Person) -> dict[str, object]:
        """See exercise_plans.undo."""
        with writing(self.engine) as connection:
            return exercise_plans.undo(connection, people.number_of(person))

    def exercise_plan(self, person: Person) -> pd.DataFrame:
        """See exercise_plans.every."""
        with reading(self.engine) as connection:
            return exercise_plans.every(connection, people.number_of(person))

    def exercise_days(self, person: Person, start: Day, end: Day) -> pd.DataFrame:
        """See exercise_plans.done."""
        return self._of_own(exercise_plans.done, person, start, end)

    def targets(self, person: Person, start: Day, end: Day) -> pd.DataFrame:
        """See prescriptions.targets."""
        return self._of_own(prescriptions.targets, person, start, end)

    def progress(self, person: Person, today: Day) -> progress.Progress:
        """See progress.progress."""
        with reading(self.engine) as connection:
            return progress.progress(connection, people.number_of(person), today)

    def _of_own(self, read_one: Callable[..., pd.DataFrame], person: Person, start: Day, end: Day) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read_one(connection, people.number_of(person), start, end)
