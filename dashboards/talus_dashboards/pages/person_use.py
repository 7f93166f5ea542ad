"""Is it worn? Day by day, by the hour of the day, and how often it goes on and off; a day of one's choice in detail."""

from datetime import date, timedelta
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html

from talus_dashboards import habits, summary
from talus_dashboards.figures import calendar, profile, timeline
from talus_dashboards.pages import parts
from talus_dashboards.pages.look import Look


def body(look: Look) -> list[Any]:
    """A calendar, a profile and a few figures for each leg; beneath them the day that is chosen."""
    words, told = look.words, look.words.person
    days = look.days()
    if days.empty:
        return [parts.section(words.SECTION_WEAR, parts.words_of(words.NO_DATA_PERIOD), level=3)]
    hours = look.reader.hours(*look.asked)
    bouts = look.reader.wear_bouts(*look.asked)
    legs = [_leg(look, days, hours, bouts, side) for side in look.sides]
    options = [
        {"value": day.isoformat(), "label": words.day_row(day)}
        for day in (look.last - timedelta(days=n) for n in range(look.length))
    ]
    chooser = dmc.Select(
        id="person-day", label=told.CHOOSE_DAY, data=options, value=None, searchable=True, clearable=True, size="md",
        placeholder=told.CHOOSE_DAY_HINT, className="choose", nothingFoundMessage=words.NO_DATA_PERIOD,
        clearButtonProps={"aria-label": told.CLEAR_DAY},
    )  # fmt: skip
    return [*legs, html.Div([chooser, html.Div(id="person-day-body", role="status")], className="card")]


def _leg(look: Look, days: pd.DataFrame, hours: pd.DataFrame, bouts: pd.DataFrame, side: str) -> html.Div:
    words, told = look.words, look.words.person
    own = days[days["side"] == side]
    begun = look.first if own.empty else max(look.first, pd.to_datetime(own["day"]).dt.date.min())
    drawn = calendar.wear(own, begun, look.last, side=side, words=words)
    title = f"{words.SIDE_BRACE[side]}: {words.CALENDAR_TITLE}"
    handle = {"calendar": side}
    picture = parts.drawing(drawn, f"calendar-{side}", title, words, text_first=False, handle=handle)
    whole = hours[(hours["side"] == side) & (pd.to_datetime(hours["day"]).dt.date < look.last)]
    heading = look.titled(words.PROFILE_TITLE, side)
    by_hour = parts.drawing(
        profile.by_hour(whole, side=side, words=words), f"profile-{side}", heading, words, text_first=False
    )
    return html.Div(
        [
            parts.section(title, parts.words_of(told.CALENDAR_HINT, "note"), picture, level=3),
            html.Div(
                [
                    parts.section(heading, by_hour, level=3),
                    parts.section(look.titled(told.ON_OFF, side), *_on_off(look, own, bouts, side), level=3),
                ]
            ),
        ],
        className="split",
    )


def _on_off(look: Look, days: pd.DataFrame, bouts: pd.DataFrame, side: str) -> list[Any]:
    words, told = look.words, look.words.person
    found = habits.on_and_off(bouts[bouts["side"] == side], days, look.zone)
    if not found.days:
        return [parts.words_of(words.NO_DATA_PERIOD)]
    clock = words.NOT_KNOWN
    if not pd.isna(found.first_on):
        minutes = round(60 * found.first_on)
        clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
    valid = days[days["status"] == "valid"]
    weekend = pd.to_datetime(valid["day"]).dt.day_of_week >= 5
    facts = [
        (told.ON_A_DAY, words.number(found.on, 0 if found.on == int(found.on) else 1)),
        (told.FIRST_ON, clock),
        (told.SHORT_GAPS, told.SHORT_VALUE.format(count=found.short, most=found.most_short)),
        (told.LONGEST_OFF, told.HOURS.format(hours=words.number(found.longest_off_h, 1))),
        (
            told.WEEKDAYS,
            told.HOURS.format(hours=words.number(float(valid.loc[~weekend, "worn_h"].astype(float).mean()), 1)),
        ),
        (
            told.WEEKENDS,
            told.HOURS.format(hours=words.number(float(valid.loc[weekend, "worn_h"].astype(float).mean()), 1)),
        ),
    ]
    rows = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]
    count = words.plural(found.days, *words.DAY_PLURAL)
    return [html.Dl(rows, className="facts"), parts.words_of(told.ON_OFF_NOTE.format(days=count), "note")]


def day(look: Look, chosen: date) -> list[Any]:
    """One day of each leg, whole; also where it lies outside the period."""
    words, told = look.words, look.words.person
    start, end = summary.day_bounds(chosen, look.zone)
    asked = (look.id, chosen, chosen + timedelta(days=1))
    around = (look.id, chosen - timedelta(days=1), chosen + timedelta(days=2))
    bouts, events = look.reader.wear_bouts(*around), look.reader.pressure_events(*around)
    hours = look.reader.hours(*asked)
    page: list[Any] = [html.H3(told.DAY_TITLE.format(day=words.day_long(chosen)))]
    for side in look.sides:
        mine = [table[table["side"] == side] for table in (bouts, hours, events)]
        zoned = start.astimezone(look.here.tzinfo), end.astimezone(look.here.tzinfo)
        drawn = timeline.of_day(mine[0], mine[1], mine[2], *zoned, look.here, words=words)
        title = look.titled(told.DAY_TITLE.format(day=words.day_long(chosen)), side)
        if len(look.sides) > 1:
            page.append(html.H4(words.SIDE_BRACE[side]))
        page.append(parts.drawing(drawn, f"day-{side}", title, words, text_first=False))
    return page
