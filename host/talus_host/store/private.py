"""The store's verbs of what belongs to the person alone: consent, pauses, what was told. now_ms is the moment of entry,
UTC. Store is one of these."""

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from talus_host.metrics.civil import Calendar
from talus_host.store import consents, entries, erasing, load, pauses, people
from talus_host.store.engine import reading, writing
from talus_host.store.people import Person
from talus_host.store.read import Day


class Private:
    """A part of Store: what it promises is said in the modules it calls."""

    engine: Engine

    def erase_person(self, person: Person, now_ms: int) -> erasing.Receipt:
        """Take a person out, completely: see the head of erasing."""
        return erasing.erase(self.engine, people.number_of(person), now_ms)

    def consent(self, person: Person, purpose: str, version: str, from_ms: int, now_ms: int) -> None:
        """See consents.give."""
        with writing(self.engine) as connection:
            consents.give(connection, people.number_of(person), purpose, version, from_ms, now_ms)

    def end_consent(self, person: Person, purpose: str, until_ms: int) -> None:
        """See consents.end."""
        with writing(self.engine) as connection:
            consents.end(connection, people.number_of(person), purpose, until_ms)

    def undo_consent(self, person: Person) -> dict[str, object]:
        """See consents.undo."""
        with writing(self.engine) as connection:
            return consents.undo(connection, people.number_of(person))

    def consented(self, person: Person, purpose: str, at_ms: int) -> bool:
        """See consents.holds."""
        with reading(self.engine) as connection:
            return consents.holds(connection, people.number_of(person), purpose, at_ms)

    def consent_standing(self, person: Person, purpose: str, at_ms: int) -> dict[str, object]:
        """state (consents.HELD, ENDED, NEVER) at a moment; ended: the day it ended on the person's wall, or None."""
        with reading(self.engine) as connection:
            number = people.number_of(person)
            standing = consents.of_people(connection, [number], purpose, at_ms)[number]
            ended = None
            if standing.ended_ms is not None:
                day = load.calendar_of(connection, number).day(np.array([standing.ended_ms]))[0]
                ended = np.datetime64(int(day), "D").astype(date)
            return {"state": standing.state, "ended": ended}

    def consents(self, person: Person) -> pd.DataFrame:
        """See consents.every."""
        with reading(self.engine) as connection:
            return consents.every(connection, people.number_of(person))

    def pause_days(self, person: Person, from_day: Day, until_day: Day, now_ms: int) -> None:
        """See pauses.add_days."""
        with writing(self.engine) as connection:
            pauses.add_days(connection, people.number_of(person), from_day, until_day, now_ms)

    def pause(self, person: Person, from_ms: int, until_ms: int | None, now_ms: int) -> None:
        """See pauses.add."""
        with writing(self.engine) as connection:
            pauses.add(connection, people.number_of(person), from_ms, until_ms, now_ms)

    def end_pause(self, person: Person, until_ms: int) -> None:
        """See pauses.end."""
        with writing(self.engine) as connection:
            pauses.end(connection, people.number_of(person), until_ms)

    def undo_pause(self, person: Person) -> dict[str, object]:
        """See pauses.undo."""
        with writing(self.engine) as connection:
            return pauses.undo(connection, people.number_of(person))

    def export_id(self, person: Person) -> str:
        """See people.export_id."""
        with writing(self.engine) as connection:
            return people.export_id(connection, people.number_of(person))

    def calendar(self, person: Person) -> Calendar:
        """The person's wall calendar."""
        number = people.number_of(person)
        with reading(self.engine) as connection:
            people.person_row(connection, number)
            return load.calendar_of(connection, number)

    def entries(self, person: Person, name: str) -> pd.DataFrame:
        """See entries.entries."""
        with reading(self.engine) as connection:
            return entries.entries(connection, people.number_of(person), name)

    def paused(self, person: Person) -> pd.DataFrame:
        """See pauses.every."""
        with reading(self.engine) as connection:
            return pauses.every(connection, people.number_of(person))
