"""What a report asks of the data: every table of one person and one period, read once, before any is worked out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pandas as pd

from talus_dashboards.errors import ReadError
from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.reader import Door, ReportReader

BEGINNING = date(2000, 1, 1)  # before any brace
MECHANICS = ("stiffness_nm_deg", "stiffness_down_nm_deg", "stiffness_up_nm_deg", "neutral_deg", "loss_j")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Tables as the reader gives them. The period is [first, last], whole local days; `now` is local."""

    label: str
    zone: str
    goal_h: float
    now: datetime
    first: date
    last: date
    braces: pd.DataFrame
    days: pd.DataFrame  # every day there is, up to last
    hours: pd.DataFrame
    bouts: pd.DataFrame
    blind: pd.DataFrame
    faults: pd.DataFrame
    pressure_days: pd.DataFrame
    events: pd.DataFrame
    ratios: pd.DataFrame
    compared: pd.DataFrame
    changed: Any
    prescriptions: pd.DataFrame
    standing: pd.DataFrame
    told: pd.DataFrame
    notes: pd.DataFrame
    pauses: pd.DataFrame
    thresholds: pd.DataFrame
    walked: pd.DataFrame

    @property
    def period_days(self) -> int:
        return (self.last - self.first).days + 1


def ask(reader: ReportReader, person_id: str, now: datetime, last: date | None, period_days: int) -> Asked:
    """Read it all. `last`: yesterday where the person lives, unless said. Raises ReadError, also for who is unknown."""
    reader = cast(ReportReader, Door(reader))
    people = reader.people()
    mine = people[people["person_id"] == person_id]
    if mine.empty:
        raise ReadError(f"person {person_id!r}: there is none of that id")
    person = mine.iloc[0]
    here = now.astimezone(ZoneInfo(str(person["zone"])))
    last = last or here.date() - DAY
    first, end = last - (period_days - 1) * DAY, last + DAY
    before = first - period_days * DAY
    asked = (person_id, first, end)
    return Asked(
        label=str(person["label"]), zone=str(person["zone"]), goal_h=float(person["goal_h"]), now=here,
        first=first, last=last,
        braces=reader.braces(person_id), days=reader.days(person_id, BEGINNING, end), hours=reader.hours(*asked),
        bouts=reader.wear_bouts(*asked), blind=reader.blind(*asked), faults=reader.faults(*asked),
        pressure_days=reader.pressure_days(*asked), events=reader.pressure_events(*asked),
        ratios=reader.assist_ratios(*asked),
        compared=reader.compared(
            person_id, (first, end), (before, first), (*(one.column for one in MEASURES), *MECHANICS)
        ),
        changed=reader.changed(person_id, end, period_days), prescriptions=reader.prescriptions(person_id),
        standing=reader.standing(person_id, end), told=reader.told(person_id), notes=reader.notes(person_id),
        pauses=reader.pauses(person_id), thresholds=reader.thresholds(person_id), walked=reader.walked(person_id),
    )  # fmt: skip
