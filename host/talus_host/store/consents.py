"""What a person agreed to: for which purpose, to which text, from when until when. Agreement is never assumed.

A purpose of which there is no row, or whose row has ended, has no consent. Ending one is entered, not erased: that it
was given stays true. Nothing here deletes data: `talus erase-person` and `talus pause` do what their names say.

Where consent to care was given and ended, the pages show an orthotist nothing of the person until it is given again
(talus_dashboards.care), and no report is made; of whom none was ever entered they show all, and say so. `talus export`
says where consent to research does not hold. Nothing here shares anything: consent to sharing is kept and not asked.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, select, update

from talus_host.errors import InputError
from talus_host.store import bulk, people, schema_pages
from talus_host.store.newest import take_back
from talus_host.store.read import moments

CARE, RESEARCH, SHARING = "care", "research", "sharing"
PURPOSES: Mapping[str, str] = {
    CARE: "the orthotist sees the figures",
    RESEARCH: "the figures leave this computer under a pseudonym, for research",
    SHARING: "somebody else the person names sees the figures",
}
HELD, ENDED, NEVER = "held", "ended", "never"
VERSION_MOST = 40  # characters: the name of a text, not the text
AHEAD_MS = 60_000  # clocks of two computers


class Standing(NamedTuple):
    """state: HELD, ENDED, or NEVER entered; ended_ms: when the last one ended, UTC, of ENDED."""

    state: str
    ended_ms: int | None = None


def give(connection: Connection, person: int, purpose: str, version: str, from_ms: int, entered_ms: int) -> None:
    """The person agreed. version: of the text they agreed to. Raises InputError naming what does not fit."""
    people.person_row(connection, person)
    check_purpose(purpose)
    if not version.strip() or len(version) > VERSION_MOST or not version.isprintable():
        raise InputError(f"version {version!r}: is not the name of a text, of 1 to {VERSION_MOST} characters")
    if from_ms > entered_ms + AHEAD_MS:
        raise InputError(f"from {_utc(from_ms)}: is still to come; consent is entered when it was given")
    c = schema_pages.consent
    mine = (c.c.person == person) & (c.c.purpose == purpose)
    for given, until in connection.execute(select(c.c.from_ms, c.c.until_ms).where(mine)).all():
        if until is None or until > from_ms:
            raise InputError(f"{purpose} from {_utc(from_ms)}: consent of {_utc(given)} still holds then")
    row = {"person": person, "purpose": purpose, "from_ms": from_ms, "version": version, "entered_ms": entered_ms}
    connection.execute(insert(c).values(**row))


def end(connection: Connection, person: int, purpose: str, until_ms: int) -> None:
    """The person agrees no longer. Raises InputError when they did not, or not yet then."""
    people.person_row(connection, person)
    check_purpose(purpose)
    c = schema_pages.consent
    mine = (c.c.person == person) & (c.c.purpose == purpose) & c.c.until_ms.is_(None)
    given = connection.execute(select(c.c.from_ms).where(mine)).scalar()
    if given is None:
        raise InputError(f"{purpose}: there is no consent that could end")
    if until_ms <= given:
        raise InputError(f"until {_utc(until_ms)}: is not after consent was given, {_utc(given)}")
    connection.execute(update(c).where(mine).values(until_ms=until_ms))


def holds(connection: Connection, person: int, purpose: str, at_ms: int) -> bool:
    """Has the person agreed to this, at this moment?"""
    return of_people(connection, [person], purpose, at_ms)[person].state == HELD


def of_people(connection: Connection, numbers: Collection[int], purpose: str, at_ms: int) -> dict[int, Standing]:
    """How consent to a purpose stands at a moment, of each of these people."""
    check_purpose(purpose)
    c = schema_pages.consent.c
    query = select(c.person, c.until_ms).where(c.purpose == purpose, c.from_ms <= at_ms)
    if len(numbers) == 1:
        query = query.where(c.person.in_(list(numbers)))
    given: dict[int, list[int | None]] = {}
    for row in connection.execute(query):
        given.setdefault(row.person, []).append(row.until_ms)
    return {number: _standing(given.get(number, []), at_ms) for number in numbers}


def _standing(ends: list[int | None], at_ms: int) -> Standing:
    ended = [end for end in ends if end is not None and end <= at_ms]
    if len(ended) < len(ends):
        return Standing(HELD)
    return Standing(ENDED, max(ended)) if ended else Standing(NEVER)


def every(connection: Connection, person: int) -> pd.DataFrame:
    """purpose, version, from_utc, until_utc (NaT: holds), by time."""
    people.person_row(connection, person)
    c = schema_pages.consent.c
    query = select(c.purpose, c.version, c.from_ms, c.until_ms).where(c.person == person)
    found = bulk.fetch(connection, query.order_by(c.from_ms, c.purpose))
    when = {f"{name}_utc": moments(found[f"{name}_ms"]) for name in ("from", "until")}
    return found[["purpose", "version"]].astype("str").assign(**when)


def undo(connection: Connection, person: int) -> dict[str, object]:
    """Take the entry that was made last back, as if it had never been; returns it. Raises InputError for none."""
    c = schema_pages.consent
    row = take_back(connection, c, person, [c.c.from_ms, c.c.purpose], "no consent was entered")
    return {"purpose": row.purpose, "from_ms": row.from_ms, "until_ms": row.until_ms}


def check_purpose(purpose: str) -> None:
    if purpose not in PURPOSES:
        raise InputError(f"purpose {purpose!r}: is none of {', '.join(PURPOSES)}")


def _utc(at_ms: int) -> str:
    return f"{np.datetime64(at_ms, 'ms').astype('datetime64[m]')} UTC"
