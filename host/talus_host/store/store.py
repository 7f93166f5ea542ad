"""The store: one database, its verbs. Each call is one transaction: all of it or nothing, and errors in one line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pandas as pd
from sqlalchemy import select

from talus_host.errors import InputError
from talus_host.metrics.change import Headline
from talus_host.store import (
    brace_changes,
    changes,
    clocks,
    erasing,
    gaps,
    headlines,
    legs,
    people,
    prescriptions,
    pressing,
    raw,
    read,
    reasons,
    rebuild,
    schema,
    timed_walks,
    told_clocks,
)
from talus_host.store.caring import Caring
from talus_host.store.doors import Doors
from talus_host.store.doubts import doubts
from talus_host.store.engine import check_writing, open_engine, reading, writing
from talus_host.store.entered import Entered
from talus_host.store.own import Own
from talus_host.store.people import Person
from talus_host.store.private import Private
from talus_host.store.put import Put, Record, end_sync, put
from talus_host.store.read import Day
from talus_host.store.reporting import Reporting
from talus_host.store.technical import Technical


class Store(Own, Private, Reporting, Caring, Entered, Technical, Doors):
    """Records exactly once, and views of them that are always up to date.

    where: a path or an SQLAlchemy URL (sqlite). zone: IANA zone of a wearer nobody was named for yet. create=False
    refuses a file that is not there. Raises the StoreErrors of `talus_host.errors`, and InputError.
    """

    def __init__(self, where: str | Path, *, zone: str = "UTC", create: bool = True) -> None:
        people.check_zone(zone)
        self.zone = zone
        self.engine = open_engine(where, create=create)
        erasing.finish(self.engine)

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.engine.dispose()

    # -- in ---------------------------------------------------------------------------------------------------------

    def put(self, info: Mapping[str, int], records: Iterable[Record], received_utc_ms: int) -> Put:
        """Keep records of the brace that `info` (gatt.unpack_info) describes, and make anew what they change.

        Returned means committed: what was put may be acknowledged. Puts of one sync share received_utc_ms.
        """
        with writing(self.engine) as connection:
            return put(connection, info, records, received_utc_ms, self.zone)

    def end_sync(self, device: int | str, received_utc_ms: int, link: Mapping[str, int | None]) -> None:
        """The sync of these puts came to its end; how the link fared: see put.end_sync."""
        with writing(self.engine) as connection:
            end_sync(connection, schema.id_of(device), received_utc_ms, link)

    def first_missing(self, device: int | str, journal: int | str, at_least: int = 0) -> int:
        """The lowest sequence from `at_least`, the oldest the brace keeps, on that is missing: where a sync goes on.

        Raises ErasedError before anything is fetched of a person who was erased.
        """
        with reading(self.engine) as connection:
            erasing.check(connection, schema.id_of(device), schema.id_of(journal))
            return gaps.first_missing(connection, schema.id_of(device), schema.id_of(journal), at_least)

    def check_writing(self, wait_s: float) -> None:
        """Raises what a put would meet: StoreBusyError when it stays locked for longer, StoreReadOnlyError."""
        check_writing(self.engine, wait_s)

    def rebuild(self, progress: rebuild.Progress | None = None) -> int:
        """Every view anew from the records; returns how many days were made. progress(days done, days in all)."""
        with writing(self.engine) as connection:
            return rebuild.rebuild(connection, progress)

    # -- people and braces ------------------------------------------------------------------------------------------

    def add_person(self, label: str, zone: str, goal_h: float | None = None) -> str:
        """A new person under a pseudonym; returns the id, which is text outside this room."""
        with writing(self.engine) as connection:
            return str(people.add_person(connection, label, zone, goal_h))

    def set_goal(self, person: Person, goal_h: float | None) -> None:
        """Hours a day the brace is to be worn; None takes the goal away."""
        with writing(self.engine) as connection:
            people.set_goal(connection, people.number_of(person), goal_h)

    def set_mass(self, person: Person, mass_kg: float | None) -> None:
        """The person's mass, which the weight of the foot follows from; None takes it away."""
        with writing(self.engine) as connection:
            people.set_mass(connection, people.number_of(person), mass_kg)

    def set_zone(self, person: Person, zone: str, from_utc_ms: int | None = None) -> None:
        """The person's zone from a moment on (a journey), or for all time; their days are made anew."""
        number = people.number_of(person)
        with writing(self.engine) as connection:
            people.set_zone(connection, number, zone, from_utc_ms)
            b = schema.brace.c
            sides = connection.execute(select(b.side).where(b.person == number).distinct()).scalars().all()
            rebuild.make_legs(connection, [(number, side) for side in sorted(sides)])

    def assign(self, device: int | str, person: Person, side: str | None = None, *, move: bool = False) -> None:
        """File a brace under a person and a leg; move=True says that what it holds was misfiled."""
        number = schema.id_of(device)
        with writing(self.engine) as connection:
            before = people.assign(connection, number, people.number_of(person), side, move=move)
            row = people.brace_row(connection, number)
            assert row is not None
            legs = {before, (int(row.person), str(row.side))}
            rebuild.make_legs(connection, sorted(legs) if len(legs) > 1 else [])
            people.drop_if_provisional(connection, before[0])

    # -- what somebody told: now_ms is the moment it was entered, UTC --------------------------------------------------

    def prescribe(
        self, person: Person, side: str, from_day: Day, kind: str, hours: Mapping[str, float | None], now_ms: int
    ) -> None:
        """See prescriptions.add."""
        with writing(self.engine) as connection:
            prescriptions.add(connection, people.number_of(person), side, from_day, kind, hours, now_ms)

    def undo_prescription(self, person: Person) -> dict[str, object]:
        """See prescriptions.undo."""
        with writing(self.engine) as connection:
            return prescriptions.undo(connection, people.number_of(person))

    def prescriptions(self, person: Person) -> pd.DataFrame:
        """See prescriptions.every."""
        with reading(self.engine) as connection:
            return prescriptions.every(connection, people.number_of(person))

    def add_brace_change(self, person: Person, side: str, day: Day, what: str, now_ms: int) -> None:
        """See brace_changes.add."""
        with writing(self.engine) as connection:
            brace_changes.add(connection, people.number_of(person), side, day, what, now_ms)

    def undo_brace_change(self, person: Person) -> dict[str, object]:
        """See brace_changes.undo."""
        with writing(self.engine) as connection:
            return brace_changes.undo(connection, people.number_of(person))

    def brace_changes(self, person: Person) -> pd.DataFrame:
        """See brace_changes.every."""
        with reading(self.engine) as connection:
            return brace_changes.every(connection, people.number_of(person))

    def choose_headlines(self, person: Person, chosen: Sequence[Headline], now_ms: int) -> None:
        """See headlines.choose."""
        with writing(self.engine) as connection:
            headlines.choose(connection, people.number_of(person), chosen, now_ms)

    def undo_headlines(self, person: Person) -> list[str]:
        """See headlines.undo."""
        with writing(self.engine) as connection:
            return headlines.undo(connection, people.number_of(person))

    # -- out: what the tables hold is said in store/read.py and store/raw.py ----------------------------------------

    def people(self) -> pd.DataFrame:
        """Everybody: see read.all_people."""
        with reading(self.engine) as connection:
            return read.all_people(connection)

    def person(self, person: Person) -> dict[str, object]:
        """person_id, label, zone (the one told last), goal_h and mass_kg (None: none set)."""
        with reading(self.engine) as connection:
            row = people.person_row(connection, people.number_of(person))
            zone = people.zone_now(connection, row.id)
            told = {"goal_h": row.goal_h, "mass_kg": row.mass_kg}
            return {"person_id": str(row.id), "label": row.label, "zone": zone} | told

    def person_id(self, label: str) -> str:
        """The id of a pseudonym; raises InputError when there is none."""
        with reading(self.engine) as connection:
            p = schema.person.c
            found = connection.execute(select(p.id).where(p.label == label)).scalar()
        if found is None:
            raise InputError(f"person {label!r}: there is none of that label")
        return str(found)

    def braces(self, person: Person | None = None) -> pd.DataFrame:
        """Braces of a person, or all: see read.braces."""
        with reading(self.engine) as connection:
            return read.braces(connection, None if person is None else people.number_of(person))

    def quality(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """What is missing or doubtful: see talus_host.quality."""
        with reading(self.engine) as connection:
            return doubts(connection, people.number_of(person), start, end)

    def days(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.days."""
        return self._table(read.days, person, start, end)

    def not_measured(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """side, day, measure, why: see store.reasons."""
        return self._table(reasons.not_measured, person, start, end)

    def assist_ratios(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """side, day, assist_ratio with its bounds: see store.reasons."""
        return self._table(reasons.assist_ratios, person, start, end)

    def exploratory(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """Figures for research only: see store.reasons."""
        return self._table(reasons.exploratory, person, start, end)

    def changed(self, person: Person, today: Day, period_days: int = changes.PERIOD_DAYS) -> changes.Changed:
        """Change over weeks, flags and adherence, as they could be told on a day: see changes.changed."""
        with reading(self.engine) as connection:
            return changes.changed(connection, people.number_of(person), today, period_days)

    def timed_walks(self, person: Person) -> pd.DataFrame:
        """Walks over a known distance, with what the brace saw of them: see metrics.timed_walk."""
        with reading(self.engine) as connection:
            return timed_walks.seen(connection, people.number_of(person))

    def add_timed_walk(
        self, person: Person, at_ms: int, distance: str, seconds: float, brace_on: bool, entered_ms: int
    ) -> None:
        """Keep a timed walk: see timed_walks.add."""
        with writing(self.engine) as connection:
            number = people.number_of(person)
            timed_walks.add(connection, number, at_ms, distance, seconds, brace_on, entered_ms)

    def undo_timed_walk(self, person: Person) -> dict[str, float]:
        """Take the last one back: see timed_walks.undo."""
        with writing(self.engine) as connection:
            return timed_walks.undo(connection, people.number_of(person))

    def hours(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.hours."""
        return self._table(read.hours, person, start, end)

    def pressure_days(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.pressure_days."""
        return self._table(read.pressure_days, person, start, end)

    def pressure_events(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.pressure_events."""
        return self._table(read.pressure_events, person, start, end)

    def pressure_responses(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See pressing.responses."""
        return self._table(pressing.responses, person, start, end)

    def pressure_prompts(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See pressing.prompts."""
        return self._table(pressing.prompts, person, start, end)

    def curves(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.curves."""
        return self._table(read.curves, person, start, end)

    def wear_bouts(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.wear_bouts."""
        return self._table(read.wear_bouts, person, start, end)

    def histograms(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.histograms."""
        return self._table(read.histograms, person, start, end)

    def cadence_bands(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See read.cadence_bands."""
        return self._table(read.cadence_bands, person, start, end)

    def strides(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See raw.strides."""
        return self._table(raw.strides, person, start, end)

    def drifts(self, person: Person) -> pd.DataFrame:
        """The clock of each boot: see clocks.drifts."""
        with reading(self.engine) as connection:
            return clocks.drifts(connection, people.number_of(person))

    def clocks(self, person: Person, days: int = 14) -> pd.DataFrame:
        """What is known of each brace's clock: see told_clocks.of_braces."""
        with reading(self.engine) as connection:
            return told_clocks.of_braces(connection, people.number_of(person), days)

    def step_times(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """Left against right, where the clocks allow it: see metrics.both_legs.step_time_asymmetry."""
        return self._table(legs.step_times, person, start, end)

    def minutes(self, person: Person, start: Day = None, end: Day = None) -> pd.DataFrame:
        """See raw.minutes."""
        return self._table(raw.minutes, person, start, end)

    def records(self, person: Person, kind: str, start: Day = None, end: Day = None) -> pd.DataFrame:
        """Any one kind of `talus.wire.kinds`: see raw.records."""
        with reading(self.engine) as connection:
            return raw.records(connection, people.number_of(person), kind, start, end)

    def _table(self, read_one: Callable[..., pd.DataFrame], person: Person, start: Day, end: Day) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read_one(connection, people.number_of(person), start, end)
