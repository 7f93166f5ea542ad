"""What an orthotist enters and asks on the working pages, as verbs of the store; each is one transaction."""

from collections.abc import Iterable, Mapping

import pandas as pd
from sqlalchemy import Engine, select

from talus_host import fitting_steps
from talus_host.metrics import timed_walk
from talus_host.metrics.change import Headline
from talus_host.store import (
    brace_changes,
    changes,
    entered_by,
    fittings,
    headlines,
    notes,
    people,
    periods,
    prescriptions,
    rebuild,
    schema,
    timed_walks,
)
from talus_host.store.engine import reading, writing
from talus_host.store.people import Person
from talus_host.store.read import Day


class Entered:
    """The part of Store that notes, fittings, comparisons and single entries go through."""

    engine: Engine

    # -- notes ------------------------------------------------------------------------------------------------------

    def add_note(
        self,
        person: Person,
        first_day: Day,
        last_day: Day,
        measure: str | None,
        text: str,
        account: int | None,
        now_ms: int,
    ) -> int:
        """See notes.add."""
        with writing(self.engine) as connection:
            number = people.number_of(person)
            return notes.add(connection, number, first_day, last_day, measure, text, account, now_ms)

    def hide_note(self, person: Person, note: int, now_ms: int) -> None:
        """Off the pages; it is kept: see notes.hide."""
        with writing(self.engine) as connection:
            notes.hide(connection, people.number_of(person), note, now_ms)

    def show_note(self, person: Person, note: int, now_ms: int) -> None:
        """Undoes hide_note."""
        with writing(self.engine) as connection:
            notes.hide(connection, people.number_of(person), note, now_ms, back=True)

    def notes(self, person: Person, start: Day = None, end: Day = None, *, hidden: bool = False) -> pd.DataFrame:
        """See notes.every."""
        with reading(self.engine) as connection:
            return notes.every(connection, people.number_of(person), start, end, hidden=hidden)

    # -- fitting ----------------------------------------------------------------------------------------------------

    def begin_fitting(self, person: Person, side: str, now_ms: int) -> int:
        """See fittings.begin."""
        with writing(self.engine) as connection:
            return fittings.begin(connection, people.number_of(person), side, now_ms)

    def enter_fitting(
        self,
        person: Person,
        side: str,
        began_ms: int,
        step: str,
        outcome: str,
        figures: Mapping[str, float],
        now_ms: int,
        seen_ms: int,
    ) -> str:
        """See fittings.enter."""
        with writing(self.engine) as connection:
            number = people.number_of(person)
            return fittings.enter(connection, number, side, began_ms, step, outcome, figures, now_ms, seen_ms)

    def end_fitting(self, person: Person, side: str, began_ms: int, now_ms: int, seen_ms: int) -> None:
        """See fittings.end."""
        with writing(self.engine) as connection:
            fittings.end(connection, people.number_of(person), side, began_ms, now_ms, seen_ms)

    def undo_fitting(self, person: Person, entered_ms: int) -> str:
        """See fittings.undo."""
        with writing(self.engine) as connection:
            return fittings.undo(connection, people.number_of(person), entered_ms)

    def fitting(self, person: Person) -> dict[str, object]:
        """The fitting that is open: see fittings.current."""
        with reading(self.engine) as connection:
            return fittings.current(connection, people.number_of(person))

    def fittings(self, person: Person) -> pd.DataFrame:
        """See fittings.every."""
        with reading(self.engine) as connection:
            return fittings.every(connection, people.number_of(person))

    def fitting_seen(self, person: Person, side: str, since_ms: int, now_ms: int) -> dict[str, object]:
        """What has come of the brace: see fittings.seen."""
        with reading(self.engine) as connection:
            return fittings.seen(connection, people.number_of(person), side, since_ms, now_ms)

    def fitting_figures(self) -> pd.DataFrame:
        """What the steps are judged by: see fitting_steps.table."""
        return fitting_steps.table()

    # -- single entries taken out -----------------------------------------------------------------------------------

    def remove_brace_change(self, person: Person, side: str, day: Day, what: str) -> None:
        """See brace_changes.remove."""
        with writing(self.engine) as connection:
            brace_changes.remove(connection, people.number_of(person), side, day, what)

    def remove_prescription(self, person: Person, side: str, from_day: Day, entered_ms: int) -> None:
        """See prescriptions.remove."""
        with writing(self.engine) as connection:
            prescriptions.remove(connection, people.number_of(person), side, from_day, entered_ms)

    def entered_by(self, person: Person, moments_ms: Iterable[int]) -> dict[int, str]:
        """Who made the entries of these moments: see entered_by.names."""
        with reading(self.engine) as connection:
            return entered_by.names(connection, people.number_of(person), moments_ms)

    def prescription_history(self, person: Person) -> pd.DataFrame:
        """See prescriptions.history."""
        with reading(self.engine) as connection:
            return prescriptions.history(connection, people.number_of(person))

    def remove_timed_walk(self, person: Person, at_ms: int) -> None:
        """See timed_walks.remove."""
        with writing(self.engine) as connection:
            timed_walks.remove(connection, people.number_of(person), at_ms)

    def walk_changes(self, person: Person) -> pd.DataFrame:
        """The last walk of each kind against the first: see metrics.timed_walk.comparisons, and `limit_mps`, what a
        change must reach (NaN: none is known for that distance)."""
        with reading(self.engine) as connection:
            walks = timed_walks.every(connection, people.number_of(person))
        found = timed_walk.comparisons(walks.assign(speed_mps=walks["distance_m"] / walks["seconds"]))
        limits = [timed_walk.limit_of(row.distance_m, row.first_mps) for row in found.itertuples()]
        return found.assign(limit_mps=pd.Series(limits, index=found.index, dtype=float))

    def walk_effects(self, person: Person) -> pd.DataFrame:
        """With the brace beside without: see metrics.timed_walk.brace_effect, and `limit_mps` as above."""
        with reading(self.engine) as connection:
            walks = timed_walks.every(connection, people.number_of(person))
        found = timed_walk.brace_effect(walks.assign(speed_mps=walks["distance_m"] / walks["seconds"]))
        limits = [timed_walk.limit_of(row.distance_m, row.off_mps) for row in found.itertuples()]
        return found.assign(limit_mps=pd.Series(limits, index=found.index, dtype=float))

    def headlines(self, person: Person) -> list[Headline]:
        """See headlines.chosen."""
        with reading(self.engine) as connection:
            return headlines.chosen(connection, people.number_of(person))

    def headlines_entered_ms(self, person: Person) -> int:
        """See headlines.last_ms."""
        with reading(self.engine) as connection:
            return headlines.last_ms(connection, people.number_of(person))

    def undo_headlines_of(self, person: Person, entered_ms: int) -> list[str]:
        """See headlines.undo."""
        with writing(self.engine) as connection:
            return headlines.undo(connection, people.number_of(person), entered_ms)

    def end_journey(self, person: Person, from_ms: int) -> None:
        """Take one change of zone back; the days are made anew."""
        number = people.number_of(person)
        with writing(self.engine) as connection:
            people.end_journey(connection, number, from_ms)
            b = schema.brace.c
            sides = connection.execute(select(b.side).where(b.person == number).distinct()).scalars().all()
            rebuild.make_legs(connection, [(number, side) for side in sorted(sides)])

    def classed_days(self, person: Person, today: Day) -> pd.DataFrame:
        """Every day up to today with its class, which says whether it speaks for walking: see changes.classed_days."""
        with reading(self.engine) as connection:
            return changes.classed_days(connection, people.number_of(person), today)

    # -- questions --------------------------------------------------------------------------------------------------

    def side_by_side(
        self, person: Person, first: periods.Period, second: periods.Period, measures: tuple[str, ...], today: Day
    ) -> periods.Compared:
        """See periods.side_by_side."""
        with reading(self.engine) as connection:
            return periods.side_by_side(connection, people.number_of(person), first, second, measures, today)
