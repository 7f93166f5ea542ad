"""The store: one database, its verbs. Each call is one transaction: all of it or nothing, and errors in one line."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

import pandas as pd
from sqlalchemy import func, select

from talus_host.errors import InputError
from talus_host.store import people, raw, read, rebuild, schema
from talus_host.store.engine import open_engine, reading, writing
from talus_host.store.put import Put, Record, put
from talus_host.store.read import Day


class Store:
    """Records exactly once, and views of them that are always up to date.

    where: a path or an SQLAlchemy URL (sqlite). zone: IANA zone of a wearer nobody was named for yet. create=False
    refuses a file that is not there. Raises the StoreErrors of `talus_host.errors`, and InputError.
    """

    def __init__(self, where: str | Path, *, zone: str = "UTC", create: bool = True) -> None:
        people.check_zone(zone)
        self.zone = zone
        self.engine = open_engine(where, create=create)

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

    def first_missing(self, device: int | str, journal: int | str, first: int = 0) -> int:
        """The smallest sequence from `first` on that is not stored: where a sync goes on."""
        r = schema.record.c
        ours = (r.device == schema.id_of(device)) & (r.journal == schema.id_of(journal)) & (r.sequence >= first)
        with reading(self.engine) as connection:
            count, low, high = connection.execute(
                select(func.count(), func.min(r.sequence), func.max(r.sequence)).where(ours)
            ).one()
            if not count or low > first:
                return first
            if high - first + 1 == count:
                return int(high) + 1
            following = func.lead(r.sequence).over(order_by=r.sequence).label("following")
            inner = select(r.sequence, following).where(ours).subquery()
            query = select(func.min(inner.c.sequence)).where(inner.c.following > inner.c.sequence + 1)
            return int(connection.execute(query).scalar_one()) + 1

    def rebuild(self, progress: rebuild.Progress | None = None) -> int:
        """Every view anew from the records; returns how many days were made. progress(days done, days in all)."""
        with writing(self.engine) as connection:
            return rebuild.rebuild(connection, progress)

    # -- people and braces ------------------------------------------------------------------------------------------

    def add_person(self, label: str, zone: str, goal_h: float | None = None) -> int:
        """A new person under a pseudonym; returns the id."""
        with writing(self.engine) as connection:
            return people.add_person(connection, label, zone, goal_h)

    def set_goal(self, person: int, goal_h: float | None) -> None:
        """Hours a day the brace is to be worn; None takes the goal away."""
        with writing(self.engine) as connection:
            people.set_goal(connection, person, goal_h)

    def set_zone(self, person: int, zone: str, from_utc_ms: int | None = None) -> None:
        """The person's zone from a moment on (a journey), or for all time; their days are made anew."""
        with writing(self.engine) as connection:
            people.set_zone(connection, person, zone, from_utc_ms)
            b = schema.brace.c
            sides = connection.execute(select(b.side).where(b.person == person).distinct()).scalars().all()
            rebuild.make_legs(connection, [(person, side) for side in sorted(sides)])

    def assign(self, device: int | str, person: int, side: str | None = None, *, move: bool = False) -> None:
        """File a brace under a person and a leg; move=True says that what it holds was misfiled."""
        number = schema.id_of(device)
        with writing(self.engine) as connection:
            before = people.assign(connection, number, person, side, move=move)
            row = people.brace_row(connection, number)
            assert row is not None
            legs = {before, (int(row.person), str(row.side))}
            rebuild.make_legs(connection, sorted(legs) if len(legs) > 1 else [])
            people.drop_if_provisional(connection, before[0])

    # -- out --------------------------------------------------------------------------------------------------------

    def people(self) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.all_people(connection)

    def person(self, person: int) -> dict[str, object]:
        """person_id, label, zone (the one told last), goal_h (None: none set)."""
        with reading(self.engine) as connection:
            row = people.person_row(connection, person)
            zone = people.zone_now(connection, person)
            return {"person_id": int(row.id), "label": row.label, "zone": zone, "goal_h": row.goal_h}

    def person_id(self, label: str) -> int:
        """The id of a pseudonym; raises InputError when there is none."""
        with reading(self.engine) as connection:
            p = schema.person.c
            found = connection.execute(select(p.id).where(p.label == label)).scalar()
        if found is None:
            raise InputError(f"person {label!r}: there is none of that label")
        return int(found)

    def braces(self, person: int | None = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.braces(connection, person)

    def days(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.days(connection, person, start, end)

    def hours(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.hours(connection, person, start, end)

    def pressure_days(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.pressure_days(connection, person, start, end)

    def pressure_events(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.pressure_events(connection, person, start, end)

    def curves(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.curves(connection, person, start, end)

    def wear_bouts(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.wear_bouts(connection, person, start, end)

    def histograms(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return read.histograms(connection, person, start, end)

    def strides(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return raw.strides(connection, person, start, end)

    def minutes(self, person: int, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return raw.minutes(connection, person, start, end)

    def records(self, person: int, kind: str, start: Day = None, end: Day = None) -> pd.DataFrame:
        with reading(self.engine) as connection:
            return raw.records(connection, person, kind, start, end)


for _name in ("people", "braces", "days", "hours", "pressure_days", "pressure_events", "curves", "wear_bouts"):
    getattr(Store, _name).__doc__ = getattr(read, "all_people" if _name == "people" else _name).__doc__
for _name in ("strides", "minutes", "records"):
    getattr(Store, _name).__doc__ = getattr(raw, _name).__doc__
