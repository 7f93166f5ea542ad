"""What an orthotist asks before a visit: is it worn, does it do its work, does it press? One person, some weeks."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html

from talus_dashboards import summary
from talus_dashboards.figures import calendar, curves, measures, pressure
from talus_dashboards.identity import ORTHOTIST, PATIENT
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import parts
from talus_dashboards.pages.today import local
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

DEFAULT_DAYS = "84"


def shell(site: Site) -> list[Any]:
    """The page without any data: the choice of weeks, and what the callback fills."""
    words = site.words
    choices = [{"value": days, "label": label} for days, label in words.PERIODS.items()]
    return [
        html.Div(
            dmc.SegmentedControl(
                id="person-days", data=choices, value=DEFAULT_DAYS, attributes={"root": {"aria-label": words.PERIOD}}
            ),
            className="choices",
        ),
        html.Div(html.P(words.LOADING, className="note"), id="person-body", className="person"),
    ]


def body(reader: Reader, person: pd.Series, days_back: int, now: datetime, words: Words) -> list[Any]:
    """Build the page for one row of `people`: the last `days_back` local days, today the last of them."""
    here = now.astimezone(ZoneInfo(person["zone"]))
    last = here.date()
    first = last - timedelta(days=days_back - 1)
    asked = (person["person_id"], first, last + timedelta(days=1))
    days = reader.days(*asked)
    braces = reader.braces(person["person_id"])
    sides = [side for side in words.SIDE if side in set(days["side"]) | set(braces["side"])]
    head = [
        html.H1(words.PERSON_TITLE.format(label=person["label"])),
        parts.words_of(words.PERSON_SUB.format(span=words.day_span(first, last), zone=person["zone"]), "sub"),
        *(parts.words_of(_brace(braces, side, here, words), "note") for side in sides),
    ]
    if days.empty:
        return [*head, parts.section(words.SECTION_WEAR, parts.words_of(words.NO_DATA_PERIOD))]
    return [
        *head,
        html.H2(words.SECTION_WEAR),
        *(_wear(days[days["side"] == side], side, first, last, person, words) for side in sides),
        html.H2(words.SECTION_GAIT),
        parts.words_of(words.NO_CLAIM, "note"),
        *_gait(days, first, last, words),
        html.H2(words.SECTION_CURVES),
        html.Div(_curves(reader.curves(*asked), sides, first, last, person["zone"], words), className="grid"),
        html.H2(words.SECTION_PRESSURE),
        html.Div(
            _pressure(reader.pressure_days(*asked), reader.pressure_events(*asked), here, words), className="grid"
        ),
    ]


def _brace(braces: pd.DataFrame, side: str, here: datetime, words: Words) -> str:
    own = braces[braces["side"] == side].sort_values("last_sync_utc", na_position="first")
    if own.empty or pd.isna(own.iloc[-1]["last_sync_utc"]):
        return f"{words.SIDE_BRACE[side]}: {words.LAST_SYNC_NEVER}."
    newest = own.iloc[-1]
    sync = words.LAST_SYNC.format(when=words.when(local(newest["last_sync_utc"], here), here))
    percent = newest["battery_pct"]
    battery = (
        words.BATTERY_SHORT_UNKNOWN
        if pd.isna(percent)
        else words.BATTERY_SHORT.format(percent=words.number(float(percent)))
    )
    part = newest["fault_part"]
    checks = words.FAULT_SHORT_UNKNOWN if pd.isna(part) else words.FAULT_SHORT_NONE
    if not pd.isna(part) and part:
        checks = words.FAULT_SHORT.format(part=words.PART.get(part, words.PART["unknown"]))
    return f"{words.SIDE_BRACE[side]}: {sync}, {battery}, {checks}."


def _wear(days: pd.DataFrame, side: str, first: date, last: date, person: pd.Series, words: Words) -> html.Section:
    sums = summary.adherence(days, first, last - timedelta(days=1), float(person["goal_h"]))
    begun = first if days.empty else max(first, pd.to_datetime(days["day"]).dt.date.min())
    drawn = calendar.wear(days, begun, last, side=side, words=words)
    said = html.Div([parts.words_of(line) for line in adherence_lines(sums, float(person["goal_h"]), words)])
    title = f"{words.SIDE_BRACE[side]}: {words.CALENDAR_TITLE}"
    picture = parts.drawing(drawn, f"calendar-{side}", title, words, text_first=False)
    return parts.section(title, html.Div([said, picture], className="split"), level=3)


def adherence_lines(sums: summary.Adherence, goal_h: float, words: Words) -> list[str]:
    """Say wear against the goal, which is no prescription, as a range, or that it cannot be said."""

    def count(number: int) -> str:
        return words.plural(number, *words.DAY_PLURAL)

    lines = [words.RX_NONE if pd.isna(goal_h) else words.RX.format(goal=words.duration(60 * goal_h))]
    if sums.days == 0:
        return [*lines, words.NO_DATA_PERIOD]
    if sums.assessable:
        bounds = {
            "low": words.number(sums.low_h, 1),
            "high": words.number(sums.high_h, 1),
            "missing": count(sums.missing),
        }
        whole = sums.missing == 0
        lines.append((words.ADHERENCE_HOURS_FULL if whole else words.ADHERENCE_HOURS).format(**bounds))
        if not pd.isna(goal_h):
            shares = {"low": words.number(sums.low_pct), "high": words.number(sums.high_pct)}
            lines.append((words.ADHERENCE_SHARE_FULL if whole else words.ADHERENCE_SHARE).format(**shares))
    else:
        lines.append(words.NOT_ASSESSABLE.format(valid=sums.valid, days=count(sums.days)))
    lines.append(
        words.DAYS_WITH_DATA.format(valid=sums.valid, days=count(sums.days), partial=sums.partial, missing=sums.missing)
    )
    if sums.zero_days:
        lines.append(words.ZERO_DAYS.format(days=count(sums.zero_days)))
    if sums.thin_days:
        lines.append(words.THIN_DAYS.format(days=count(sums.thin_days)))
    return lines


def _gait(days: pd.DataFrame, first: date, last: date, words: Words) -> list[Any]:
    begun = max(first, pd.to_datetime(days["day"]).dt.date.min())
    sides = [side for side in words.SIDE if side in set(days["side"])]
    page: list[Any] = [parts.key(measures.key(sides, words))]
    for group, title in words.GROUPS.items():
        cards = []
        for measure in measures.MEASURES:
            if measure.group != group or measure.column not in days:
                continue
            name, unit = words.MEASURES[measure.column]
            drawn = measures.over_days(days, measure, begun, last, words=words)
            heading = f"{name} ({unit})"
            cards.append(
                parts.section(
                    heading,
                    parts.drawing(drawn, f"measure-{measure.column}", heading, words, text_first=False, keyed=False),
                    level=3,
                )
            )
        page.append(html.Div(cards, className="grid group", role="group", **{"aria-label": title}))
    return [page[0], html.Div(page[1:], className="grid")]


def _curves(table: pd.DataFrame, sides: list[str], first: date, last: date, zone: str, words: Words) -> list[Any]:
    cards = []
    titles = ((curves.ANGLE, words.CURVE_ANGLE_TITLE), (curves.MOMENT, words.CURVE_MOMENT_TITLE))
    for side in sides:
        for curve, title in titles:
            own = table[table["side"] == side]
            drawn = curves.over_stride(own, curve, first, last, zone=zone, words=words)
            heading = title if len(sides) == 1 else f"{title}, {words.SIDE_LEG[side]}"
            cards.append(
                parts.section(
                    heading, parts.drawing(drawn, f"{curve.column}-{side}", heading, words, text_first=False), level=3
                )
            )
    return cards


def _pressure(table: pd.DataFrame, events: pd.DataFrame, here: datetime, words: Words) -> list[Any]:
    drawn = pressure.by_site(table, events, words=words)
    title = words.PRESSURE_TITLE
    listed = parts.words_of(words.EVENTS_NONE)
    if not events.empty:
        listed = parts.table(
            "events", words.EVENTS_TITLE, words.EVENTS_COLUMNS, _event_rows(events, here, words), words
        )
    return [
        parts.section(title, parts.drawing(drawn, "pressure-sites", title, words, text_first=False), level=3),
        parts.section(words.EVENTS_TITLE, listed, level=3),
    ]


def _event_rows(events: pd.DataFrame, here: datetime, words: Words) -> list[list[str]]:
    rows = []
    for event in events.sort_values("start_utc", ascending=False).itertuples():
        start = local(event.start_utc, here)
        minutes = words.number(float(event.minutes))
        lasted = words.EVENT_OPEN.format(minutes=minutes) if pd.isna(event.end_utc) else minutes
        mmhg = pressure.MMHG_PER_KPA
        rows.append(
            [
                f"{words.day_row(start.date())} {words.clock(start)}", words.SIDE[event.side], words.SITE[event.site],
                words.TIER.get(event.tier, event.tier), lasted, words.number(float(event.peak_kpa) * mmhg),
                words.number(float(event.dose_kpah) * mmhg),
            ]
        )  # fmt: skip
    return rows


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("person-body", "children"), Input("person-days", "value"), State("url", "pathname"))
    def look(days: str | None, path: str | None) -> list[Any]:
        back = int(days if days and days in site.words.PERIODS else DEFAULT_DAYS)
        return site.safely(lambda: body(site.reader, site.person(path, PAGE.name), back, site.now(), site.words))


PAGE = Page("person", frozenset({PATIENT, ORTHOTIST}), PERSON, shell, register)
