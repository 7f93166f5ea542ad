"""One brace as a device, for who keeps it running: parts, samples, starts, syncs, flash, clock, battery, program.

All times are UTC and every table is asked for by the device's id: nothing here leads to who wears it.
"""

from datetime import date, datetime, timedelta
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, Input, Output, State, html

from talus_dashboards.errors import NotHere
from talus_dashboards.figures import battery, brace_parts, drift, ring, sampling, starts, syncs, utc
from talus_dashboards.figures.drawing import Drawing
from talus_dashboards.identity import DEVELOPER
from talus_dashboards.page import DEVICE, Page
from talus_dashboards.pages import devices, parts
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

DEFAULT_DAYS = "28"


def shell(site: Site) -> list[Any]:
    """The page without any data: the choice of days, and what the callback fills."""
    said, waiting = site.words.device, html.P(site.words.LOADING, className="note")
    choices = [{"value": days, "label": label} for days, label in said.PERIODS.items()]
    return [
        html.Div(waiting, id="device-head", className="device"),
        html.Div(
            dmc.SegmentedControl(
                id="device-days", data=choices, value=DEFAULT_DAYS, attributes={"root": {"aria-label": said.PERIOD}}
            ),
            className="choices",
        ),
        html.Div(waiting, id="device-body", className="device"),
    ]


def days_of(device: dict[Any, Any], days_back: int, now: datetime) -> tuple[date, date]:
    """The first of `days_back` UTC days and the day behind them: up to the last sync, behind which nothing is known, or
    up to `now` where there was none."""
    end = device["last_sync_utc"]
    behind = (now.date() if pd.isna(end) else pd.Timestamp(end).date()) + timedelta(days=1)
    return behind - timedelta(days=days_back), behind


def head(device: dict[Any, Any], first: date, behind: date, words: Words) -> list[Any]:
    said = words.device
    return [
        html.H1([said.TITLE, " ", html.Code(str(device["device"]))]),
        parts.words_of(said.SUB.format(span=words.day_span(first, behind - timedelta(days=1))), "sub"),
        html.P(html.A(said.BACK, href="/devices", className="button-link")),
    ]


def body(reader: Reader, device: dict[Any, Any], first: date, behind: date, words: Words) -> list[Any]:
    """Build the page for one row of `devices` over the days of `days_of`."""
    said, name, end = words.device, str(device["device"]), device["last_sync_utc"]
    facts = [html.Div([html.Dt(title), html.Dd(value)]) for title, value in devices.facts(device, words)]
    told = parts.section(said.NOW, html.Dl(facts, className="facts"))
    if pd.isna(end):
        return [html.Div([told], className="grid"), parts.section(said.SYNCS, parts.words_of(said.SYNCS_NEVER))]
    hours = reader.device_hours(name, first, behind)
    said_syncs = reader.device_syncs(name)
    health = reader.device_health(name)
    whole = [
        told,
        _now(health, said_syncs, words),
        _drawn("parts", said.PARTS, brace_parts.over_time(health, first, behind, end, words=words), words),
        _drawn("samples", said.SAMPLES, sampling.quality(hours, first, behind, words=words), words),
        _drawn("battery", said.BATTERY, battery.charge(hours, first, behind, words=words), words),
        _drawn("starts", said.STARTS, starts.over_time(reader.device_starts(name), first, behind, words=words), words),
        _drawn("syncs", said.SYNCS, syncs.history(said_syncs, first, behind, words=words), words),
        _flash(said_syncs, reader.device_missing(name), first, behind, words),
        _clock(reader, name, words),
        _program(reader.device_starts(name), reader.device_settings(name), words),
    ]
    return [html.Div(whole, className="grid")]


def _drawn(name: str, title: str, drawn: Drawing, words: Words) -> html.Section:
    return parts.section(title, parts.drawing(drawn, f"device-{name}", title, words))


def _now(health: pd.DataFrame, said_syncs: pd.DataFrame, words: Words) -> html.Section:
    """The last word on each part."""
    said = words.device
    table = brace_parts.now(health, str(said_syncs.iloc[-1]["journal"])) if len(said_syncs) else health
    if table.empty:
        return parts.section(said.PARTS_NOW, parts.words_of(said.PARTS_NONE))
    rows = []
    for one in table.itertuples():
        state, reason = brace_parts.told(one.state, one.reason, words)
        rows.append(
            [
                brace_parts.named(one.sensor, one.channel, words), state, reason, utc.moment(one.utc, words),
                brace_parts.reading(one.reason, one.value, words),
            ]
        )  # fmt: skip
    shown = parts.table("device-now", said.PARTS_NOW, said.PARTS_NOW_COLUMNS, rows, words)
    return parts.section(said.PARTS_NOW, parts.words_of(said.PARTS_NOW_TEXT, "note"), shown)


def _flash(said_syncs: pd.DataFrame, missing: pd.DataFrame, first: date, behind: date, words: Words) -> html.Section:
    said = words.device
    drawn = parts.drawing(ring.fill(said_syncs, first, behind, words=words), "device-ring", said.FLASH, words)
    text, rows = ring.lost(missing, words)
    more = [parts.folded_table("device-lost", said.LOST, said.LOST_COLUMNS, rows, words)] if rows else []
    return parts.section(said.FLASH, drawn, html.H3(said.LOST), parts.words_of(text), *more)


def _clock(reader: Reader, name: str, words: Words) -> html.Section:
    said = words.device
    drawn = parts.drawing(drift.by_boot(reader.device_drifts(name), words=words), "device-drift", said.CLOCK, words)
    known = reader.device_clock(name).to_dict("records")
    lines = [parts.words_of(line) for one in known for line in clock_lines(one, words)]
    return parts.section(said.CLOCK, *lines, drawn)


def clock_lines(one: dict[Any, Any], words: Words) -> list[str]:
    """When the clock was last compared, and how well records stand in time; each of it not known where it is not."""
    said = words.device
    lines = [said.EXCHANGE_NONE]
    if pd.notna(one["exchange_utc"]):
        within = words.number(float(one["exchange_within_ms"]))
        lines = [said.EXCHANGE.format(when=utc.moment(one["exchange_utc"], words), within=within)]
    if pd.notna(one["placed_worst_ms"]):
        spans = [utc.seconds(float(one[f"placed_{which}_ms"]), words) for which in ("median", "worst")]
        lines.append(said.PLACED.format(median=spans[0], worst=spans[1]))
    if one["unplaced"]:
        lines.append(said.UNPLACED.format(records=words.plural(float(one["unplaced"]), *said.RECORD_PLURAL)))
    if one["contradicting"]:
        lines.append(said.CONTRADICTING.format(count=words.number(float(one["contradicting"]))))
    return lines


def _program(started: pd.DataFrame, settings: pd.DataFrame, words: Words) -> html.Section:
    """Which program, settings and calibration were in force, newest first."""
    said = words.device
    rows = [
        [
            utc.moment(one["utc"], words), str(one["boot"]), one["settings"] or words.NOT_KNOWN,
            one["calibration"] or words.NOT_KNOWN,
            words.SIDE.get(str(one["said_side"]), words.NOT_KNOWN),
            said.PLACE.get(str(one["imu_place"]), words.NOT_KNOWN),
        ]
        for one in settings.iloc[::-1].to_dict("records")
    ]  # fmt: skip
    last = started.iloc[-1].to_dict() if len(started) else {"version": "", "layout": "", "slot": ""}
    since, _, tuned, fitted, *_ = rows[0] if rows else [words.NOT_KNOWN] * 4
    known = (last["version"] or words.NOT_KNOWN, said.SLOT.get(str(last["slot"]), words.NOT_KNOWN))
    values = (*known, last["layout"] or words.NOT_KNOWN, tuned, fitted, since)
    facts = [html.Div([html.Dt(title), html.Dd(value)]) for title, value in zip(said.IN_FORCE, values, strict=True)]
    more = [parts.folded_table("device-settings", said.SETTINGS, said.SETTINGS_COLUMNS, rows, words)] if rows else []
    return parts.section(said.PROGRAM, html.Dl(facts, className="facts"), *more)


def _asked(site: Site, path: str | None) -> dict[Any, Any]:
    """The row of the device the page is about. Raises NotHere."""
    place = site.place(path)
    if place is None or place.page is not PAGE:
        raise NotHere
    known = site.reader.devices()
    rows = known[known["device"] == place.subject] if len(known) else known
    if rows.empty:
        raise NotHere
    return rows.iloc[0].to_dict()


def register(app: Dash, site: Site) -> None:
    @app.callback(
        Output("device-head", "children"), Output("device-body", "children"), Input("device-days", "value"),
        State("url", "pathname"),
    )  # fmt: skip
    def look(days: str | None, path: str | None) -> tuple[Any, Any]:
        back = int(days if days and days in site.words.device.PERIODS else DEFAULT_DAYS)

        def built() -> tuple[Any, Any]:
            device = _asked(site, path)
            span = days_of(device, back, site.now())
            return head(device, *span, site.words), body(site.reader, device, *span, site.words)

        found = site.safely(built)
        return found if isinstance(found, tuple) else (found, None)


PAGE = Page("device", frozenset({DEVELOPER}), DEVICE, shell, register, lambda site: False)
