"""One language: its texts as attributes, and how it says numbers, times and days.

UPPER keys of a catalog are texts (lists as tuples, tables as dicts), lower-case tables the sections of pages. A word
that is not there is an AttributeError at once, never an empty place on a page.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any


class Section:
    """The texts of one page: `words.live.TITLE`."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = {name: Section(told) if name.islower() else _held(told) for name, told in texts.items()}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_texts"][name]
        except KeyError:
            raise AttributeError(f"no text {name} in this language's catalog") from None


class Words(Section):
    """A language. Moments handed in are local ones."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """1234.5 -> "1,235"; an unknown value says so."""
        if value is None or math.isnan(value):
            return str(self.NOT_KNOWN)
        text = f"{value:z,.{digits}f}".replace("-", "\u2212")
        return text.translate({ord(","): self.THOUSANDS, ord("."): self.DECIMAL})

    def plural(self, count: float, one: str, many: str) -> str:
        return f"{self.number(count)} {one if count == 1 else many}"

    def of_days(self, count: float) -> str:
        """As it stands behind "of" and "on"."""
        return self.plural(count, *self.DAY_PLURAL_OF)

    def duration(self, minutes: float) -> str:
        """400.0 -> "6 h 40 min"."""
        hours, rest = divmod(round(minutes), 60)
        if hours == 0:
            return f"{rest} {self.MINUTES}"
        return f"{hours} {self.HOURS} {rest} {self.MINUTES}" if rest else f"{hours} {self.HOURS}"

    def short_time(self, ms: float) -> str:
        """12.4 -> "12.4 ms", 13276.6 -> "13.3 s"."""
        return f"{self.number(ms, 1)} ms" if ms < 1000 else f"{self.number(ms / 1000, 1)} s"

    def clock(self, moment: datetime) -> str:
        return f"{moment.hour:02d}:{moment.minute:02d}"

    def clock_s(self, moment: datetime) -> str:
        return f"{self.clock(moment)}:{moment.second:02d}"

    def hour_span(self, hour: int) -> str:
        return str(self.HOUR_SPAN.format(start=f"{hour:02d}:00", end=f"{hour + 1:02d}:00"))

    def day_long(self, day: date) -> str:
        """With its weekday, in full."""
        names = {"weekday": self.WEEKDAYS[day.weekday()], "month": self.MONTHS_LONG[day.month - 1]}
        return str(self.DAY_LONG.format(day=day.day, **names))

    def day_short(self, day: date) -> str:
        return str(self.DAY_SHORT.format(day=day.day, month=self.MONTHS[day.month - 1]))

    def day_row(self, day: date) -> str:
        """As a table names it: short, with weekday and year."""
        names = {"weekday": self.WEEKDAYS_SHORT[day.weekday()], "month": self.MONTHS[day.month - 1]}
        return str(self.DAY_ROW.format(day=day.day, year=day.year, **names))

    def day_span(self, first: date, last: date) -> str:
        return str(self.DAY_SPAN.format(first=self.day_short(first), last=self.day_short(last), year=last.year))

    def when(self, moment: datetime, now: datetime) -> str:
        """A moment as people say it: today at 14:32, yesterday at, Tuesday at, 3 Nov 2026 at."""
        days, time = (now.date() - moment.date()).days, self.clock(moment)
        if days == 0:
            return str(self.WHEN_TODAY.format(time=time))
        if days == 1:
            return str(self.WHEN_YESTERDAY.format(time=time))
        if 1 < days < 7:
            return str(self.WHEN_WEEKDAY.format(weekday=self.WEEKDAYS[moment.weekday()], time=time))
        return str(self.WHEN_DATE.format(day=self.day_short(moment.date()), year=moment.year, time=time))

    def listed(self, things: Sequence[str]) -> str:
        return things[0] if len(things) == 1 else ", ".join(things[:-1]) + self.AND + things[-1]


def _held(told: Any) -> Any:
    if isinstance(told, list):
        return tuple(_held(one) for one in told)
    if isinstance(told, dict):
        return {name: _held(one) for name, one in told.items()}
    return told
