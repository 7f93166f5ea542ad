"""What does a stride look like, before and after? Mean curves of two stretches: an adjustment's two sides, or the first
and last weeks of the period."""

from datetime import date, timedelta
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html

from talus_dashboards.figures import curves
from talus_dashboards.pages import parts
from talus_dashboards.pages.look import Look

PERIOD = "period"
SETTLING_DAYS = 3  # after an adjustment, in neither stretch (clinical reference 0.4.6)
MOST_DAYS = 28


def body(look: Look) -> list[Any]:
    """The choice of what to lay over each other, and where it is drawn."""
    words, told = look.words, look.words.person
    options = [{"value": PERIOD, "label": told.CURVES_PERIOD}]
    for day, whats in adjustments(look.reader.brace_changes(look.id), look).items():
        options.append(
            {"value": day.isoformat(), "label": told.CURVES_ABOUT.format(day=words.day_row(day), what=whats)}
        )
    chooser = dmc.Select(
        id="person-about", label=told.CURVES_CHOOSE, data=options, value=PERIOD, size="md", allowDeselect=False,
        className="choose",
    )  # fmt: skip
    return [html.Div(chooser, className="card"), html.Div(id="person-curves", className="grid")]


def adjustments(diary: pd.DataFrame, look: Look) -> dict[date, str]:
    """Days of the diary's entries about the chosen legs, newest first, with what was done."""
    mine = look.mine(diary)
    mine = mine[mine["day"].notna()] if len(mine) else mine
    found: dict[date, str] = {}
    for one in mine.sort_values("day", ascending=False).to_dict("records") if len(mine) else []:
        day = pd.Timestamp(one["day"]).date()
        what = look.words.person.CHANGES.get(one["what"], one["what"])
        found[day] = f"{found[day]}, {what}" if day in found else what
    return found


def spans(look: Look, about: str | None) -> tuple[curves.Spans, tuple[str, str] | None]:
    """The two stretches: up to four weeks each side of an adjustment, or of the period's beginning and end."""
    if not about or about == PERIOD:
        return curves.two_periods(look.first, look.last), None
    day = date.fromisoformat(about)
    begin = day + timedelta(days=SETTLING_DAYS + 1)
    after = begin, max(begin, min(begin + timedelta(days=MOST_DAYS - 1), look.last))
    return ((day - timedelta(days=MOST_DAYS), day - timedelta(days=1)), after), look.words.person.CURVES_SIDES


def drawn(look: Look, about: str | None) -> list[Any]:
    """Angle and moment of each leg in the two stretches, which alone are read."""
    words = look.words
    stretches, names = spans(look, about)
    tables = [look.reader.curves(look.id, a, b + timedelta(days=1)) for a, b in stretches]
    some = [table for table in tables if len(table)]
    table = pd.concat(some, ignore_index=True) if some else tables[0]
    cards = []
    titles = ((curves.ANGLE, words.CURVE_ANGLE_TITLE), (curves.MOMENT, words.CURVE_MOMENT_TITLE))
    for side in look.sides:
        own = table[table["side"] == side]
        for curve, title in titles:
            figure = curves.over_stride(
                own, curve, look.first, look.last, zone=look.zone, words=words, spans=stretches, periods=names
            )
            heading = look.titled(title, side)
            picture = parts.drawing(figure, f"{curve.column}-{side}", heading, words, text_first=False)
            cards.append(parts.section(heading, picture, level=3))
    return [*cards, parts.words_of(words.person.CURVES_NOTE, "note")]
