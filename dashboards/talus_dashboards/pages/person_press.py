"""Where does it press? Each assigned site on a drawn leg with its table beside it, and every event."""

from typing import Any

import pandas as pd
from dash import html

from talus_dashboards.figures import leg, pressure
from talus_dashboards.pages import parts
from talus_dashboards.pages.look import Look


def body(look: Look) -> list[Any]:
    """A leg for each side, then the events, newest first."""
    words, told = look.words, look.words.person
    table = look.reader.pressure_days(*look.asked)
    events = look.mine(look.reader.pressure_responses(*look.asked))
    cards: list[Any] = []
    for side in look.sides:
        own = table[table["side"] == side], events[events["side"] == side]
        drawn = leg.on_leg(*own, side=side, words=words)
        title = look.titled(told.LEG_TITLE, side)
        shown = [parts.drawing(drawn, f"leg-{side}", title, words, text_first=False, folded=False)]
        if drawn.rows:
            shown.append(
                parts.table(f"sites-{side}", look.titled(told.SITES_TITLE, side), drawn.columns, drawn.rows, words)
            )
        cards.append(parts.section(title, html.Div(shown, className="split"), level=3))
    listed: Any = parts.words_of(words.EVENTS_NONE)
    if len(events):
        columns = (*words.EVENTS_COLUMNS, told.RESPONSE)
        listed = parts.table("events", words.EVENTS_TITLE, columns, event_rows(events, look), words)
    note = parts.words_of(told.PRESSURE_NOTE, "note")
    return [*cards, parts.section(words.EVENTS_TITLE, listed, note, level=3)]


def event_rows(events: pd.DataFrame, look: Look) -> list[list[str]]:
    """Start, side, site, tier, minutes, peak, dose, and what followed."""
    words = look.words
    rows = []
    mmhg = pressure.MMHG_PER_KPA
    for event in events.sort_values("start_utc", ascending=False).to_dict("records"):
        start = look.local(event["start_utc"])
        minutes = words.number(float(event["minutes"]))
        lasted = words.EVENT_OPEN.format(minutes=minutes) if pd.isna(event["end_utc"]) else minutes
        rows.append(
            [
                f"{words.day_row(start.date())} {words.clock(start)}", words.SIDE[event["side"]],
                words.SITE.get(event["site"], event["site"]), words.TIER.get(event["tier"], event["tier"]), lasted,
                words.number(float(event["peak_kpa"]) * mmhg), words.number(float(event["dose_kpah"]) * mmhg),
                _response(event, words),
            ]
        )  # fmt: skip
    return rows


def _response(event: dict[str, Any], words: Any) -> str:
    told = words.person
    response = event.get("response")
    if response is None or pd.isna(response):
        return str(words.NOT_KNOWN)
    minutes = event.get("response_min")
    after = (
        "" if minutes is None or pd.isna(minutes) else told.RESPONSE_AFTER.format(minutes=words.number(float(minutes)))
    )
    return str(told.RESPONSES.get(response, response)) + after
