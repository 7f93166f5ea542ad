"""The frame every page sits in and the callbacks that fill it.

The layout handed to a browser at first is empty and the same for everybody: Dash may write it into its HTML and serves
it at an address of its own. Data come only from the callbacks below, which run behind the gate.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html

from talus_dashboards.errors import ReadError
from talus_dashboards.feed import Feed
from talus_dashboards.pages import live, people, person, slots, today
from talus_dashboards.reader import Reader
from talus_dashboards.words import Words

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='8' fill='%230072B2'/%3E"
    "%3Cpath d='M9 9h14M16 9v9a6 6 0 0 0 6 5' stroke='white' stroke-width='3.4' fill='none' stroke-linecap='round'/%3E"
    "%3C/svg%3E"
)

INDEX = """<!DOCTYPE html>
<html lang="{lang}">
  <head>
    {{%metas%}}
    <title>{{%title%}}</title>
    <link rel="icon" href="{icon}">
    {{%css%}}
  </head>
  <body>
    <a class="skip" href="#main">{skip}</a>
    <noscript>{no_script}</noscript>
    {{%app_entry%}}
    {{%config%}}
    {{%scripts%}}
    {{%renderer%}}
  </body>
</html>
"""


def index_html(words: Words) -> str:
    """Return Dash's page template with a language, a skip link and our own icon."""
    return INDEX.format(lang=words.LANG, icon=ICON, skip=words.SKIP, no_script=words.NO_SCRIPT)


def layout(words: Words) -> Any:
    """Return the empty frame."""
    return dmc.MantineProvider(
        [
            dcc.Location(id="url"),
            html.Header(
                [html.A(words.BRAND, href="/", className="brand"), html.Nav(id="nav", **{"aria-label": words.NAV})]
            ),
            html.Main(html.P(words.LOADING, className="note"), id="main", tabIndex=-1),
            html.Footer(html.P(words.FOOTER), className="foot"),
        ],
        defaultColorScheme="auto",
        theme={"primaryColor": "blue", "fontFamily": "inherit", "respectReducedMotion": True},
    )


def kind_of(path: str) -> tuple[str, str | None]:
    """Name the page of a path and the person in it: "/today/p1" -> ("today", "p1")."""
    parts = path.strip("/").split("/")
    if parts == [""]:
        return "people", None
    if parts == ["live"]:
        return "live", None
    if len(parts) == 2 and parts[0] in ("today", "person") and parts[1]:
        return parts[0], parts[1]
    return "missing", None


def register(app: Dash, reader: Reader, words: Words, now: Callable[[], datetime], feed: Feed | None = None) -> None:
    """Join the pages to the reader, and the live one to its feed. `now` gives the present moment in UTC."""

    def safely(build: Callable[[], list[Any]]) -> list[Any]:
        try:
            return build()
        except ReadError:
            return people.trouble(words)

    def filled(kind: str, path: str, build: Callable[[pd.Series], list[Any]]) -> list[Any]:
        who = _person(reader, kind, path)
        return build(who) if who is not None else people.missing(words.MISSING_PERSON, words)

    @app.callback(Output("main", "children"), Output("nav", "children"), Input("url", "pathname"))
    def turn(path: str | None) -> tuple[list[Any], list[Any]]:
        nav: list[Any] = []

        def build() -> list[Any]:
            shown, links = _page(reader, path or "/", words, feed is not None)
            nav.extend(links)
            return shown

        return safely(build), nav

    @app.callback(
        Output("today-body", "children"), Output("today-seen", "data"), Output({"slot": ALL}, "children"),
        Input("today-tick", "n_intervals"), State("url", "pathname"), State("today-seen", "data"),
        State({"slot": ALL}, "id"),
    )  # fmt: skip
    def refresh(
        _ticks: int | None, path: str | None, seen: dict[str, str] | None, shown: list[dict[str, str]]
    ) -> tuple[Any, dict[str, str], list[Any]]:
        built = safely(lambda: filled("today", path or "/", lambda who: today.body(reader, who, now(), words)))
        return slots.changed(built, [one["slot"] for one in shown], seen or {})

    @app.callback(Output("person-body", "children"), Input("person-days", "value"), State("url", "pathname"))
    def look(days: str | None, path: str | None) -> list[Any]:
        back = int(days if days and days in words.PERIODS else person.DEFAULT_DAYS)
        return safely(lambda: filled("person", path or "/", lambda who: person.body(reader, who, back, now(), words)))

    if feed is not None:
        _register_live(app, feed, words)


def _register_live(app: Dash, feed: Feed, words: Words) -> None:
    places = [Output(*place) for place in live.PLACES]

    # The clock stands while an answer is on its way: asked faster than it can answer, Dash would drop every answer.
    @app.callback(
        [*places, Output("live-beat", "data")],
        Input("live-tick", "n_intervals"),
        State("live-state", "children"),
        running=[(Output("live-tick", "disabled"), True, False)],
    )
    def fill(ticks: int | None, shown: Any) -> list[Any]:
        return [*live.filled(feed(), shown, words), ticks or 0]

    @app.callback(
        Output("live-tick", "max_intervals"), Output("live-pause", "children"), Output("live-paused", "hidden"),
        Input("live-pause", "n_clicks"),
    )  # fmt: skip
    def pause(clicks: int | None) -> tuple[int, str, bool]:
        paused = (clicks or 0) % 2 == 1
        return (0, words.live.GO_ON, False) if paused else (-1, words.live.PAUSE, True)

    app.clientside_callback(
        ClientsideFunction("talus", "answered"), Output("live-gone", "hidden"), Output("live-tick", "disabled"),
        Input("live-watch", "n_intervals"), State("live-beat", "data"), State("live-tick", "max_intervals"),
    )  # fmt: skip


def _page(reader: Reader, path: str, words: Words, fed: bool) -> tuple[list[Any], list[Any]]:
    """Choose what stands at `path`: a shell still without data, and the links beside it. fed: a brace is watched."""
    kind, person_id = kind_of(path)
    known = reader.people()
    only = str(known.iloc[0]["person_id"]) if len(known) == 1 else None
    if kind == "people" and only:
        kind, person_id = "today", only
    if kind == "missing":
        return people.missing(words.MISSING_PAGE, words), []
    links = _links(kind, person_id or only, kind != "people" and len(known) > 1, fed, words)
    if kind == "live" or (kind == "people" and fed and known.empty):
        return live.shell(words) if fed else live.no_feed(words), links
    if kind == "people":
        return people.body(known, words), links
    if person_id not in set(known["person_id"].astype(str)):
        return people.missing(words.MISSING_PERSON, words), []
    shells = {"today": today.shell, "person": person.shell}
    return shells[kind](words), links


def _person(reader: Reader, kind: str, path: str) -> pd.Series | None:
    known = reader.people()
    at, person_id = kind_of(path)
    if at == "people" and kind == "today" and len(known) == 1:
        return known.iloc[0]
    rows = known[known["person_id"].astype(str) == person_id] if at == kind else known.iloc[:0]
    return rows.iloc[0] if len(rows) else None


def _links(kind: str, person_id: str | None, several: bool, fed: bool, words: Words) -> list[Any]:
    rows = [("people", words.NAV_PEOPLE, "/")] if several else []
    if person_id:
        rows += [
            ("today", words.NAV_TODAY, f"/today/{person_id}"),
            ("person", words.NAV_PERSON, f"/person/{person_id}"),
        ]
    if fed:
        rows.append(("live", words.NAV_LIVE, "/live"))
    return [html.A(word, href=href, **({"aria-current": "page"} if name == kind else {})) for name, word, href in rows]
