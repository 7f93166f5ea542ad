"""What a form looks at before anything is handed to the store: each refusal names the field and what was typed as the
page does, in the reader's language. What is not foreseen here the store still refuses in its own words.
"""

from datetime import date
from typing import Any

from talus_dashboards.errors import Refused
from talus_dashboards.words import Words

# Bounds as the store takes them; a test holds them to it.
HOURS = (0.0, 24.0)  # of a day, the first of them excluded
MASS_KG = (20.0, 300.0)


def day(typed: str | None, field: str, words: Words) -> date:
    """The day of a date field. Raises Refused."""
    try:
        return date.fromisoformat(typed or "")
    except ValueError as error:
        raise Refused(words.entering.NO_DAY.format(field=field)) from error


def past_day(typed: str | None, field: str, today: date, words: Words) -> date:
    """A day that is not still to come. Raises Refused."""
    found = day(typed, field, words)
    if found > today:
        raise Refused(words.entering.TO_COME.format(field=field, day=words.day_row(found)))
    return found


def in_order(first: date, last: date, field: str, words: Words) -> None:
    """Raises Refused where a span's last day, that of `field`, is before its first."""
    if last < first:
        told = {"day": words.day_row(last), "first": words.day_row(first)}
        raise Refused(words.entering.TURNED_ROUND.format(field=field, **told))


def within(value: float | None, low: float, high: float, field: str, words: Words, *, whole: bool = False) -> None:
    """Raises Refused for what is missing, or not from low to high."""
    if value is None:
        raise Refused(words.entering.MISSING.format(field=field))
    if not low <= value <= high or (whole and value != int(value)):
        told = {"value": plain(value, words), "low": plain(low, words), "high": plain(high, words)}
        raise Refused((words.entering.NOT_WHOLE if whole else words.entering.OUTSIDE).format(field=field, **told))


def hours(value: float | None, field: str, words: Words) -> None:
    """Raises Refused for what is no number of hours of a day."""
    low, high = HOURS
    if value is None:
        raise Refused(words.entering.MISSING.format(field=field))
    if not low < value <= high:
        told = {"value": plain(value, words), "high": plain(high, words)}
        raise Refused(words.entering.NO_HOURS.format(field=field, **told))


def at_most(value: float | None, most: float | None, field: str, words: Words) -> None:
    """Raises Refused where a value is more than another one of its form."""
    if value is not None and most is not None and value > most:
        told = {"value": plain(value, words), "most": plain(most, words)}
        raise Refused(words.entering.MORE_THAN.format(field=field, **told))


def plain(value: Any, words: Words) -> str:
    """A number with as many digits as it was typed with, two at most."""
    return next(words.number(value, digits) for digits in (0, 1, 2) if digits == 2 or round(value, digits) == value)
