"""What every section of a person's page is handed: whose, which days, which legs, and where to ask."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from talus_dashboards.reader import Reader
from talus_dashboards.words import Words

BOTH = "both"
LATELY_DAYS = 28


@dataclass(frozen=True)
class Look:
    """person: a row of `people`; [first, last]: local days, the last of them today; here: now in the person's zone."""

    reader: Reader
    person: pd.Series
    first: date
    last: date
    sides: tuple[str, ...]
    here: datetime
    words: Words

    @property
    def id(self) -> str:
        return str(self.person["person_id"])

    @property
    def zone(self) -> str:
        return str(self.person["zone"])

    @property
    def asked(self) -> tuple[str, date, date]:
        """Person and half-open range, as the reader's questions take them."""
        return self.id, self.first, self.last + timedelta(days=1)

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def days(self) -> pd.DataFrame:
        return self.mine(self.reader.days(*self.asked))

    @property
    def lately(self) -> tuple[str, date, date]:
        """The last weeks of the period: what has to be gathered from every minute is asked of them alone."""
        return self.id, max(self.first, self.last - timedelta(days=LATELY_DAYS - 1)), self.last + timedelta(days=1)

    def mine(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of the chosen legs."""
        return table[table["side"].isin(self.sides)] if "side" in table else table

    def mine_or_neither(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of the chosen legs, and those that belong to no leg, or to one without a brace: all but those of
        the other brace."""
        others = set(self.reader.braces(self.id)["side"]) - set(self.sides)
        return table[~table["side"].isin(others)] if "side" in table else table

    def titled(self, title: str, side: str) -> str:
        """With the leg where there are two."""
        return title if len(self.sides) == 1 else f"{title}, {self.words.SIDE_LEG[side]}"

    def local(self, moment: Any) -> datetime:
        """A UTC moment of a table in the person's zone."""
        stamp = pd.Timestamp(moment)
        stamp = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp
        return stamp.tz_convert(self.here.tzinfo).to_pydatetime()


def look(reader: Reader, person: pd.Series, days_back: int, side: str, now: datetime, words: Words) -> Look:
    """The last `days_back` local days of one person; side: a leg's, or BOTH."""
    here = now.astimezone(ZoneInfo(person["zone"]))
    last = here.date()
    first = last - timedelta(days=days_back - 1)
    return Look(reader, person, first, last, legs(reader, person, side, words), here, words)


def legs(reader: Reader, person: pd.Series, side: str, words: Words) -> tuple[str, ...]:
    """The chosen leg where it has a brace, else every leg that has one."""
    braces = reader.braces(person["person_id"])
    known = tuple(one for one in words.SIDE if one in set(braces["side"]))
    return (side,) if side in known else known
