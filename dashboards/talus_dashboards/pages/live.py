"""What a developer asks with a brace in hand: what does it feel right now, and does it come through?

Filled anew a few times a second, so the picture and the table stay where they are and only what they hold changes.
The frame is the same for everybody; samples come only from the callback.
"""

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from talus_dashboards.feed import LOST, OPEN, Glimpse
from talus_dashboards.figures import live
from talus_dashboards.figures.drawing import config
from talus_dashboards.identity import DEVELOPER, ORTHOTIST
from talus_dashboards.page import NOTHING, Page
from talus_dashboards.pages import parts
from talus_dashboards.site import Site
from talus_dashboards.words import Words

REFRESH_MS = 250  # from an answer to the next question


def shell(site: Site) -> list[Any]:
    """The page without a sample: the clock that asks, the places that are filled, the button that stops it."""
    words = site.words
    if site.feed is None:
        return no_feed(words)
    said = words.live
    return [
        dcc.Interval(id="live-tick", interval=REFRESH_MS),
        dcc.Interval(id="live-watch", interval=1000),
        dcc.Store(id="live-beat"),
        html.H1(said.TITLE),
        parts.words_of(said.SUB, "sub"),
        # Read aloud as it changes, so no number that changes three times a second stands in it.
        html.Div(words.LOADING, id="live-state", role="status", className="notice"),
        html.Div(html.Div(said.GONE, className="notice strong", id="live-gone", hidden=True), role="alert"),
        html.Div(
            [
                html.Button(said.PAUSE, id="live-pause", type="button", className="button"),
                html.Span(said.PAUSED, id="live-paused", hidden=True, role="status"),
                html.Span(id="live-count", className="note"),
            ],
            className="live-controls",
        ),
        html.Div([_picture(words), _table(words)], className="live", id="live-body"),
    ]


def _picture(words: Words) -> html.Section:
    graph = dcc.Graph(id="live-graph", config=config(), responsive=True, style={"height": f"{live.HEIGHT_PX}px"})
    return parts.section(
        words.live.PICTURE,
        html.P(id="live-text", className="say"),
        html.Div(
            [html.Div(graph, id="live-picture", role="img", className="picture", **{"aria-label": words.live.PICTURE})],
            id="live-box",
            hidden=True,
        ),
        parts.key([("swatch-unknown", words.live.KEY_GAP)]),
    )


def _table(words: Words) -> html.Section:
    table = dmc.Table(
        id="live-table", data={"head": list(words.live.COLUMNS), "body": []}, striped=True, tabularNums=True
    )
    box = html.Div(
        table, className="rows", role="region", tabIndex=0, **{"aria-label": words.TABLE_OF.format(words.live.TABLE)}
    )
    return html.Section([html.H2(words.live.TABLE, id="live-newest"), box], className="card")


def no_feed(words: Words) -> list[Any]:
    """Say how to get what is not here."""
    return [html.H1(words.live.TITLE), parts.section(words.live.TITLE, parts.words_of(words.live.NO_FEED))]


# (id, property) of what `filled` gives, in its order
PLACES = (
    ("live-state", "children"),
    ("live-state", "className"),
    ("live-count", "children"),
    ("live-text", "children"),
    ("live-box", "hidden"),
    ("live-picture", "aria-label"),
    ("live-graph", "figure"),
    ("live-newest", "children"),
    ("live-table", "data"),
)


def filled(glimpse: Glimpse, shown: Any, words: Words) -> tuple[Any, ...]:
    """What stands at PLACES for one look. shown: what stands in the first of them, left alone where nothing changed."""
    said = words.live
    drawn = live.panels(glimpse.samples, glimpse.step_ms, glimpse.silent_s, sites=glimpse.sites, words=words)
    state = told(glimpse, words)
    coming = state_of(glimpse) == "coming"
    taken = words.plural(glimpse.taken, *said.SAMPLES_PLURAL)
    return (
        no_update if state == shown else state,
        "notice" if coming else "notice strong",
        said.COUNT.format(taken=taken, dropped=words.number(glimpse.dropped)),
        drawn.text,
        drawn.figure is None,
        f"{said.PICTURE}. {drawn.text}",
        no_update if drawn.figure is None else drawn.figure,
        said.TABLE if coming else said.TABLE_OLD,
        {"head": list(said.COLUMNS), "body": drawn.rows},
    )


def state_of(glimpse: Glimpse) -> str:
    """One of the words' STATE: samples come only while the newest is as new as it must be."""
    if glimpse.link == LOST:
        return "lost"
    if glimpse.link != OPEN:
        return "seeking"
    if glimpse.last_utc is None:
        return "first"
    return "coming" if glimpse.silent_s <= live.QUIET_S else "quiet"


def told(glimpse: Glimpse, words: Words) -> str:
    """How the link fares; of one that brings nothing why, and since when, on the clock of this computer."""
    said, state, last = words.live, state_of(glimpse), glimpse.last_utc
    sentences = [said.STATE[state]]
    if state == "lost":
        sentences.append(said.WHY.get(glimpse.why, said.WHY["lost"]))
    if state != "coming":
        sentences.append(said.LAST.format(time=words.clock_s(last.astimezone())) if last else said.LAST_NONE)
    return " ".join(sentences)


def register(app: Dash, site: Site) -> None:
    feed = site.feed
    if feed is None:
        return

    # The clock stands while an answer is on its way: asked faster than it can answer, Dash would drop every answer.
    @app.callback(
        [*(Output(*place) for place in PLACES), Output("live-beat", "data")],
        Input("live-tick", "n_intervals"),
        State("live-state", "children"),
        State("url", "pathname"),
        running=[(Output("live-tick", "disabled"), True, False)],
    )
    def fill(ticks: int | None, shown: Any, path: str | None) -> list[Any]:
        if site.place(path) is None:
            return [*(no_update for _ in PLACES), no_update]
        return [*filled(feed(), shown, site.words), ticks or 0]

    @app.callback(
        Output("live-tick", "max_intervals"), Output("live-pause", "children"), Output("live-paused", "hidden"),
        Input("live-pause", "n_clicks"),
    )  # fmt: skip
    def pause(clicks: int | None) -> tuple[int, str, bool]:
        paused = (clicks or 0) % 2 == 1
        return (0, site.words.live.GO_ON, False) if paused else (-1, site.words.live.PAUSE, True)

    app.clientside_callback(
        ClientsideFunction("talus", "answered"), Output("live-gone", "hidden"), Output("live-tick", "disabled"),
        Input("live-watch", "n_intervals"), State("live-beat", "data"), State("live-tick", "max_intervals"),
    )  # fmt: skip


PAGE = Page("live", frozenset({DEVELOPER, ORTHOTIST}), NOTHING, shell, register, lambda site: site.feed is not None)
