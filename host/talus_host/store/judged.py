"""What flags and claimed changes say of each person, kept so that a caseload need not judge everybody anew.

Judging one person reads a year and takes longer than keeping a day's records, so it is not done in a put: a put only
counts that something came (one row, some microseconds). Whoever needs the answer judges who is out of date, outside any
transaction that others wait for, and keeps it under the count it began with: what came meanwhile leaves it out of date.
A day that passes does, too: rules look at the last days. An answer that is out of date is shown as one, never as fine.
"""

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from talus_host.store import schema

if TYPE_CHECKING:
    from talus_host.store.changes import Changed


class Answer(NamedTuple):
    """flags: side, flag, state, since (ISO day or None), reason, of every flag but no_data, which hangs on the moment
    it is read at; claims: side, measure, verdict (better, worse), since, baseline, difference, days."""

    day: str
    flags: list[dict[str, Any]]
    claims: list[dict[str, Any]]


def outdated(connection: Connection, person: int) -> None:
    """Something came that flags or claims may hang on."""
    j = schema.judged
    row = insert(j).values(person=person, asked=1)
    connection.execute(row.on_conflict_do_update(index_elements=["person"], set_={"asked": j.c.asked + 1}))


def asked(connection: Connection, person: int) -> int:
    """How often something has come: to be read in the same picture of the database as what is judged."""
    count = connection.execute(select(schema.judged.c.asked).where(schema.judged.c.person == person)).scalar()
    return int(count or 0)


def keep(connection: Connection, person: int, answered: int, answer: Answer) -> None:
    """Keep an answer; one that knew more, or was of a later day, stays."""
    j = schema.judged
    connection.execute(insert(j).values(person=person, asked=answered).on_conflict_do_nothing())
    older = (
        (j.c.answered.is_(None)) | (j.c.answered < answered) | ((j.c.answered == answered) & (j.c.day <= answer.day))
    )
    values = {"answered": answered, "day": answer.day}
    values |= {"flags": json.dumps(answer.flags), "claims": json.dumps(answer.claims)}
    connection.execute(update(j).where(j.c.person == person, older).values(**values))


def answer_of(found: "Changed") -> Answer:
    """What of a judged person's tables a caseload tells: claims of the segment that still runs alone."""
    flags = [
        {"side": row.side, "flag": row.flag, "state": row.state, "since": _day(row.since), "reason": row.reason}
        for row in found.flags.itertuples()
        if row.flag != "no_data"
    ]
    claimed = found.verdicts[found.verdicts["verdict"].isin(["better", "worse"]).to_numpy(bool)]
    claims = [
        {"side": row.side, "measure": row.measure, "verdict": row.verdict, "since": _day(row.since), "days": row.days}
        | {"baseline": _number(row.baseline), "difference": _number(row.difference)}
        for row in claimed[claimed["end"].isna().to_numpy(bool)].itertuples()
    ]
    return Answer(found.today, flags, claims)


def _day(moment: Any) -> str | None:
    return None if pd.isna(moment) else str(np.datetime64(moment, "D"))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
