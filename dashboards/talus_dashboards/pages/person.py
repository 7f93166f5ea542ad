"""What an orthotist asks in the ten minutes before a visit; and what a patient may see of what the orthotist sees.

Three answers and the flags first. Each section is filled by a callback of its own, and only while it is open: a year
of data is read where somebody looks.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, html, no_update

from talus_dashboards.identity import ORTHOTIST, PATIENT
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import (
    parts,
    person_brace,
    person_curves,
    person_events,
    person_gait,
    person_press,
    person_top,
    person_use,
)  # fmt: skip
from talus_dashboards.pages.look import BOTH, Look, look
from talus_dashboards.site import Site
from talus_dashboards.words import Words

DEFAULT_DAYS = "84"
# name (its heading in the catalog, its anchor) -> what fills it
SECTIONS: dict[str, Callable[[Look], list[Any]]] = {
    "wear": person_use.body,
    "gait": person_gait.body,
    "days": person_gait.day_by_day,
    "curves": person_curves.body,
    "brace": person_brace.body,
    "pressure": person_press.body,
    "stumbles": person_events.stumbles,
    "exercise": person_events.exercise,
    "told": person_events.told_and_noted,
    "quality": person_events.quality,
}
OPEN = "wear"  # the one that is open from the start
LINKS = ("fitting", "diary", "compare")  # of other pages about this person, where there are such and the asker may


def shell(site: Site) -> list[Any]:
    """The page without any data: the choices, and what callbacks fill."""
    words = site.words
    periods = [{"value": days, "label": label} for days, label in words.PERIODS.items()]
    sides = [{"value": BOTH, "label": words.person.BOTH}]
    sides += [{"value": side, "label": words.SIDE[side]} for side in ("left", "right")]
    waiting = html.P(words.LOADING, className="note")
    return [
        html.Div(waiting, id="person-head", className="person"),
        html.Div(
            [
                _segments("person-days", periods, DEFAULT_DAYS, words.PERIOD),
                html.Div(_segments("person-side", sides, BOTH, words.SIDE_CHOICE), id="person-sides", hidden=True),
            ],
            className="choices",
        ),
        html.Div(html.P(words.LOADING, className="note"), id="person-body", className="person"),
        *(_section(name, words) for name in SECTIONS),
    ]


def _segments(name: str, data: list[dict[str, str]], value: str, label: str) -> dmc.SegmentedControl:
    return dmc.SegmentedControl(id=name, data=data, value=value, attributes={"root": {"aria-label": label}}, size="md")


def _section(name: str, words: Words) -> html.Details:
    heading = html.Summary(html.H2(words.person.SECTIONS[name]), id={"section": name, "as": "opener"}, n_clicks=0)
    inside = html.Div(html.P(words.LOADING, className="note"), id={"section": name, "as": "part"})
    return html.Details([heading, inside], open=name == OPEN, id=name, className="part person")


def head(at: Look, links: list[Any], *, own: bool = False) -> list[Any]:
    """Who it is, the braces, and where else to go. own: of a patient's own page, who knows who they are."""
    words = at.words
    braces = at.reader.braces(at.id)
    title = words.PAGES_OWN[PAGE.name] if own else words.PERSON_TITLE.format(label=at.person["label"])
    return [
        html.H1(title),
        parts.words_of(words.PERSON_SUB.format(span=words.day_span(at.first, at.last), zone=at.zone), "sub"),
        *(parts.words_of(brace(braces, side, at.here, words), "note") for side in at.sides),
        html.Ul(links, className="links row"),
    ]


def brace(braces: pd.DataFrame, side: str, here: datetime, words: Words) -> str:
    """One brace in a line: last sync, battery, its own checks."""
    own = braces[braces["side"] == side].sort_values("last_sync_utc", na_position="first")
    if own.empty or pd.isna(own.iloc[-1]["last_sync_utc"]):
        return f"{words.SIDE_BRACE[side]}: {words.LAST_SYNC_NEVER}."
    newest = own.iloc[-1]
    moment = pd.Timestamp(newest["last_sync_utc"])
    moment = (moment if moment.tzinfo else moment.tz_localize("UTC")).tz_convert(here.tzinfo).to_pydatetime()
    sync = words.LAST_SYNC.format(when=words.when(moment, here))
    percent = newest["battery_pct"]
    known = words.BATTERY_SHORT.format(percent=words.number(float(percent))) if pd.notna(percent) else ""
    part = newest["fault_part"]
    checks = words.FAULT_SHORT_UNKNOWN if pd.isna(part) else words.FAULT_SHORT_NONE
    if not pd.isna(part) and part:
        checks = words.FAULT_SHORT.format(part=words.PART.get(part, words.PART["unknown"]))
    return f"{words.SIDE_BRACE[side]}: {sync}, {known or words.BATTERY_SHORT_UNKNOWN}, {checks}."


def _head(site: Site, at: Look) -> list[Any]:
    own = site.who.role == PATIENT
    assumed = [] if own or not site.care.never_consented(at.id) else [parts.words_of(at.words.CARE_NEVER, "note")]
    return [*head(at, links(site, at.id), own=own), *assumed]


def links(site: Site, person: str) -> list[Any]:
    """The report, and the pages about this person that the asker may open."""
    words = site.words
    found = [html.Li(html.A(words.person.REPORT, href=f"/report/{person}.pdf"))]
    for page in site.pages:
        if page.name in LINKS and page.about == PERSON and site.who.role in page.roles:
            found.append(html.Li(html.A(words.PAGES[page.name], href=f"/{page.name}/{person}")))
    return found


def register(app: Dash, site: Site) -> None:
    """Join the head, the sections, the day and the curves."""

    def at(path: str | None, days: str | None, side: str | None) -> Look:
        back = int(days if days and days in site.words.PERIODS else DEFAULT_DAYS)
        return look(site.reader, site.person(path, PAGE.name), back, side or BOTH, site.now(), site.words)

    chosen = (Input("person-days", "value"), Input("person-side", "value"), State("url", "pathname"))

    @app.callback(Output("person-head", "children"), Output("person-sides", "hidden"), *chosen)
    def who(days: str | None, side: str | None, path: str | None) -> tuple[Any, bool]:
        both = site.safely(lambda: len(at(path, days, BOTH).sides) > 1)
        seen = site.safely(lambda: _head(site, at(path, days, side)))
        return seen, both is not True

    @app.callback(Output("person-body", "children"), *chosen)
    def top(days: str | None, side: str | None, path: str | None) -> Any:
        return site.safely(lambda: person_top.body(at(path, days, side)))

    for name in SECTIONS:
        _fill(app, site, at, chosen, name)

    _day(app, site, at)

    @app.callback(Output("person-curves", "children"), Input("person-about", "value"), *chosen)
    def curves(about: str | None, days: str | None, side: str | None, path: str | None) -> Any:
        return site.safely(lambda: person_curves.drawn(at(path, days, side), about))


def _fill(app: Dash, site: Site, at: Callable[..., Look], chosen: tuple[Any, ...], name: str) -> None:
    """Join one section. As the page opens only the one that stands open is asked for: each question costs time."""

    @app.callback(
        Output({"section": name, "as": "part"}, "children"), Input({"section": name, "as": "opener"}, "n_clicks"),
        *chosen, prevent_initial_call=name != OPEN,
    )  # fmt: skip
    def fill(clicks: int | None, days: str | None, side: str | None, path: str | None) -> Any:
        if ((clicks or 0) % 2 == 1) == (name == OPEN):
            return html.P(site.words.LOADING, className="note")  # closed: nothing is read for it yet
        return site.safely(lambda: SECTIONS[name](at(path, days, side)))


def _day(app: Dash, site: Site, at: Callable[..., Look]) -> None:
    @app.callback(
        Output("person-day", "value"), Input({"calendar": ALL}, "clickData"), prevent_initial_call=True,
    )  # fmt: skip
    def click(clicked: list[dict[str, Any] | None]) -> Any:
        points = [one["points"][0] for one in clicked if one]
        return points[-1]["customdata"][2] if points else no_update

    @app.callback(
        Output("person-day-body", "children"), Input("person-day", "value"), State("person-side", "value"),
        State("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def day(chosen: str | None, side: str | None, path: str | None) -> Any:
        if not chosen:
            return None
        return site.safely(lambda: person_use.day(at(path, DEFAULT_DAYS, side), date.fromisoformat(chosen)))


PAGE = Page("person", frozenset({PATIENT, ORTHOTIST}), PERSON, shell, register)
