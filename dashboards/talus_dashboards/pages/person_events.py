"""What else happened: possible stumbles, exercises, what the person told, notes, and what data leave in doubt."""

from typing import Any

import pandas as pd
from dash import html

from talus_dashboards import habits
from talus_dashboards.pages import parts
from talus_dashboards.pages.look import Look

DEGREES, SECONDS = "range_deg", "hold_s"


def stumbles(look: Look) -> list[Any]:
    """Possible stumbles by week with the bounds of their rate; never a fall, never a bare count."""
    words, told = look.words, look.words.person
    days = look.days()
    cards: list[Any] = []
    for side in look.sides:
        title = look.titled(told.STUMBLES_TITLE, side)
        leg = days[days["side"] == side]
        weeks = habits.stumble_weeks(leg) if "possible_stumbles" in leg else pd.DataFrame()
        if weeks.empty:
            cards.append(parts.section(title, parts.words_of(told.STUMBLES_NONE), level=3))
            continue
        rows = [
            [
                words.day_row(row.week), words.number(row.events), words.number(row.worn_h, 0),
                told.RATE.format(
                    rate=words.number(row.rate, 1), low=words.number(row.low, 1), high=words.number(row.high, 1)
                ),
            ]
            for row in weeks.iloc[::-1].itertuples()
        ]  # fmt: skip
        table = parts.table(f"stumbles-{side}", title, told.STUMBLES_COLUMNS, rows, words)
        cards.append(parts.section(title, table, parts.words_of(told.STUMBLES_NOTE, "note"), level=3))
    return cards


def exercise(look: Look) -> list[Any]:
    """Sets counted by the brace, newest first."""
    words, told = look.words, look.words.person
    sets = look.reader.records(look.id, "exercise", *look.asked[1:])
    sets = look.mine(sets)
    if sets.empty:
        return [parts.section(told.EXERCISE_TITLE, parts.words_of(told.EXERCISE_NONE), level=3)]
    rows = []
    for one in sets.sort_values("start_utc", ascending=False).to_dict("records"):
        at = look.local(one["start_utc"])
        rows.append(
            [
                f"{words.day_row(at.date())} {words.clock(at)}", words.SIDE[one["side"]],
                told.EXERCISES.get(one["exercise"], str(one["exercise"])), words.number(one["repetitions"]),
                _figure(one, DEGREES, 1, words), _figure(one, SECONDS, 1, words),
            ]
        )  # fmt: skip
    return [
        parts.section(
            told.EXERCISE_TITLE, parts.table("sets", told.EXERCISE_TITLE, told.EXERCISE_COLUMNS, rows, words), level=3
        )
    ]


def _figure(one: dict[str, Any], name: str, digits: int, words: Any) -> str:
    value = one.get(name)
    return str(words.NOT_MEASURED) if value is None or pd.isna(value) else str(words.number(float(value), digits))


def told_and_noted(look: Look) -> list[Any]:
    """What the person or a helper told, and what clinicians noted on days."""
    words, told = look.words, look.words.person
    entries = look.mine_or_neither(look.reader.told(*look.asked))
    cards: list[Any] = [parts.section(told.TOLD_TITLE, parts.words_of(told.TOLD_NONE), level=3)]
    if len(entries):
        rows = [_entry(one, look) for one in entries.sort_values("at_ms", ascending=False).to_dict("records")]
        table = parts.table("told", told.TOLD_TITLE, told.TOLD_COLUMNS, rows, words)
        cards = [parts.section(told.TOLD_TITLE, table, level=3)]
    notes = look.reader.notes(*look.asked)
    if len(notes):
        rows = [
            [_days(one, words), str(one["text"])]
            for one in notes.sort_values("first_day", ascending=False).to_dict("records")
        ]
        table = parts.table("notes", told.NOTES_TITLE, told.NOTES_COLUMNS, rows, words)
        cards.append(parts.section(told.NOTES_TITLE, table, level=3))
    return cards


def _entry(one: dict[str, Any], look: Look) -> list[str]:
    """When, what, which leg, which answer, told by whom."""
    words = look.words
    at = look.local(pd.Timestamp(int(one["at_ms"]), unit="ms", tz="UTC"))
    value = words.number(float(one["value"])) if pd.notna(one["value"]) else ""
    answer = words.tell.ANSWER.get(f"{one['what']}_{value}", value if one["what"] == "pain" else "")
    side = words.SIDE.get(one["side"], "") if one["side"] else ""
    what = words.tell.WHAT.get(one["what"], str(one["what"]))
    when = f"{words.day_row(at.date())} {words.clock(at)}"
    return [when, what, side, answer, words.person.BY.get(one["told_by"], "")]


def _days(one: dict[str, Any], words: Any) -> str:
    first, last = (pd.Timestamp(one[name]).date() for name in ("first_day", "last_day"))
    return str(words.day_row(first) if first == last else words.day_span(first, last))


def quality(look: Look) -> list[Any]:
    """What is missing or doubtful in the last weeks, a row a kind, with how often and when last."""
    words, told = look.words, look.words.person
    title = told.QUALITY_TITLE.format(span=words.day_span(look.lately[1], look.last))
    doubts = look.mine_or_neither(look.reader.quality(*look.lately))
    if doubts.empty:
        return [parts.section(title, parts.words_of(told.QUALITY_NONE), level=3)]
    rows = []
    for what, group in doubts.groupby("what", sort=False):
        last = group["start_utc"].max()
        unit = str(group["unit"].iloc[0])
        amount = words.number(float(group["count"].sum()))
        rows.append(
            [
                told.DOUBTS.get(what, str(what)), words.number(len(group)),
                f"{amount} {told.UNITS.get(unit, unit)}" if unit else "",
                words.NOT_KNOWN if pd.isna(last) else words.day_row(look.local(last).date()),
            ]
        )  # fmt: skip
    table = parts.table("doubts", title, told.QUALITY_COLUMNS, rows, words)
    return [parts.section(title, html.Div([table, parts.words_of(told.QUALITY_NOTE, "note")]), level=3)]
