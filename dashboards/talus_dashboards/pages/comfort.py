"""Long pressure in plain words: where, how long, what then, what to do. Never a diagnosis, never "all is well"."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dash import html

from talus_dashboards import summary
from talus_dashboards.pages import parts
from talus_dashboards.reader import Reader
from talus_dashboards.words import Words

NERVE_SITE = "fibular_head"
KEY = ["side", "start_utc", "channel"]  # of an event
LOOK_BACK = timedelta(days=14)  # what a brace can hold unsynced: an event still open may have begun that long ago


@dataclass(frozen=True)
class Comfort:
    """`open` says that a site was still pressed when last heard of; `notice` then stands on top of the page."""

    open: bool
    notice: html.Div | None = None
    lines: list[Any] = field(default_factory=list)


def of_day(reader: Reader, person: pd.Series, day: date, now: datetime, words: Words) -> Comfort:
    """Tell one local day's pressure events, with those that began earlier and reached into it or are still open."""
    zone = ZoneInfo(person["zone"])
    start, _ = summary.day_bounds(day, person["zone"])
    events = reader.pressure_events(person["person_id"], day - LOOK_BACK, day + timedelta(days=1))
    events = events.assign(
        start_utc=pd.to_datetime(events["start_utc"], utc=True), end_utc=pd.to_datetime(events["end_utc"], utc=True)
    )
    events = events[(events["start_utc"] >= start) | events["end_utc"].isna() | (events["end_utc"] > start)]
    events = events.sort_values("start_utc")
    measured = reader.pressure_days(person["person_id"], day, day + timedelta(days=1))
    open_now = events[events["end_utc"].isna()]
    seen = reader.braces(person["person_id"])["last_sync_utc"].max()
    events = events.merge(_responses(reader, person, day), on=KEY, how="left")
    told = [_told(event, zone, seen, now, words) for event in events.itertuples()]
    advice = [words.COMFORT_ADVICE]
    if (events["site"] == NERVE_SITE).any():
        advice.append(words.COMFORT_NERVE)
    notice = None
    if not open_now.empty:
        still = [line for line, event in zip(told, events.itertuples(), strict=True) if pd.isna(event.end_utc)]
        notice = parts.notice(words.COMFORT_ADVICE_TITLE, *still, *advice, kind="notice strong", level=2)
    lines: list[Any] = []
    if told:
        lines.append(html.Ul([html.Li(line) for line in told], className="events"))
        if notice is None:
            lines.append(parts.notice(words.COMFORT_ADVICE_TITLE_PAST, *advice))
    lines += _coverage(measured, bool(told), words)
    return Comfort(open=not open_now.empty, notice=notice, lines=lines)


def _responses(reader: Reader, person: pd.Series, day: date) -> pd.DataFrame:
    """What followed the events of this day and the one before."""
    asked = reader.pressure_responses(person["person_id"], day - timedelta(days=1), day + timedelta(days=1))
    found = asked.assign(start_utc=pd.to_datetime(asked["start_utc"], utc=True))
    found["prompted"] = found["prompts_felt"] + found["prompts_silenced"] > 0
    return found[[*KEY, "response", "response_min", "prompted"]]


def _next(event: Any, words: Words) -> str:
    """What happened after the brace gave its sign; nothing where it gave none."""
    if event.prompted is not True:
        return ""
    if event.response in ("loosened", "taken_off"):
        text = words.day.NEXT[event.response]
        return " " + str(text.format(minutes=words.duration(max(1.0, event.response_min))))
    return " " + str(words.day.NEXT["none" if event.response == "none" else "unknown"])


def _told(event: Any, zone: ZoneInfo, seen: Any, now: datetime, words: Words) -> str:
    here = now.astimezone(zone)
    begun = event.start_utc.tz_convert(zone)
    facts = {
        "site": words.COMFORT_SIDE.format(site=words.SITE_PLAIN[event.site], side=words.SIDE_LEG_PLAIN[event.side]),
        "start": words.clock(begun) if begun.date() == here.date() else words.when(begun, here),
    }
    if pd.isna(event.end_utc):
        heard = now if pd.isna(seen) else pd.Timestamp(seen)
        heard = pd.Timestamp(heard) if pd.Timestamp(heard).tzinfo else pd.Timestamp(heard).tz_localize("UTC")
        minutes = event.minutes if pd.notna(event.minutes) else (heard - event.start_utc).total_seconds() / 60
        facts["seen"] = words.when(heard.tz_convert(zone), here)
        text = words.COMFORT_OPEN.format(**facts, minutes=words.duration(minutes))
    else:
        ended = event.end_utc.tz_convert(zone)
        minutes = (event.end_utc - event.start_utc).total_seconds() / 60
        text = words.COMFORT_ENDED.format(**facts, minutes=words.duration(minutes), end=words.clock(ended))
    text += _next(event, words)
    return f"{text} {words.COMFORT_RED}" if event.tier == "red" else text


def _coverage(measured: pd.DataFrame, any_event: bool, words: Words) -> list[Any]:
    """Say what was watched: how many places and for how long. Silence about the rest would read as safety."""
    if measured.empty:
        return [parts.words_of(words.COMFORT_NOT_KNOWN)]
    watched = measured[measured["measured_min"].fillna(0) > 0]
    if watched.empty:
        return [parts.words_of(words.COMFORT_NOT_MEASURED)]
    # Where a sensor cannot feel an amber pressure (its minutes are NaN), silence says nothing of one.
    able = watched[watched["minutes_amber"].notna()]
    count = len(able.drop_duplicates(["side", "channel"]))
    blind = len(watched.drop_duplicates(["side", "channel"])) - count
    lines = []
    if blind:
        noun = words.COMFORT_PLACES[blind != 1]
        lines.append(parts.words_of(words.COMFORT_BLIND.format(places=blind, noun=noun)))
    if not any_event and count:
        noun = words.COMFORT_PLACES[count != 1]
        lines.append(parts.words_of(words.COMFORT_NONE.format(places=count, noun=noun)))
    longest = watched["measured_min"].max()
    return [*lines, parts.words_of(words.COMFORT_MEASURED.format(measured=words.duration(longest)), "note")]
