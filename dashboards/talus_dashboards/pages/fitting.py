"""A guided ten minutes at a fitting, one step a screen. It can be left at any moment and gone on with from anywhere.

What the brace feels is read here, where these pages hold a link to one; what sets it is done at the command line, and
this page sees the records that came of it. A figure beyond its limit refuses the step, with its number; what was not
read is never taken for good.
"""

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from talus_dashboards.identity import ORTHOTIST
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import entering, fitting_entries, fitting_reading, fitting_steps, parts
from talus_dashboards.site import Site
from talus_dashboards.words import Words

LOOK_MS, WATCH_MS = 5000, 100


def shell(site: Site) -> list[Any]:
    """Everything that is pressed stays where it is, so that the keyboard keeps its place from step to step."""
    words, said = site.words, site.words.fitting
    return [
        html.Div(html.H1(said.TITLE), id="fitting-head"),
        entering.turn("fitting"),
        dcc.Store(id="fitting-view"),
        dcc.Store(id="fitting-shown"),
        dcc.Interval(id="fitting-look", interval=LOOK_MS),
        html.Div(_begin(words), id="fitting-closed"),
        html.Div(
            [
                html.P(id="fitting-elapsed", className="sub"),
                html.Div(id="fitting-progress"),
                html.Section(
                    [
                        html.Div(id="fitting-step", **{"aria-live": "polite"}),
                        fitting_reading.shell(words),
                        html.Div(id="fitting-fields", **{"aria-live": "polite"}),
                        html.Div(_walk(words), id="fitting-walk", hidden=True),
                        html.Div(_prescription(words), id="fitting-rx", hidden=True),
                        html.P(id="fitting-seen", className="note"),
                        html.Div(
                            [
                                entering.button("fitting-done", said.DONE),
                                entering.button("fitting-skip", said.SKIP, strong=False),
                                entering.button("fitting-previous", said.PREVIOUS, strong=False),
                                entering.button("fitting-next", said.NEXT, strong=False),
                                entering.button("fitting-end", said.END, strong=False),
                            ],
                            className="form-end",
                        ),
                    ],
                    className="card",
                ),
            ],
            id="fitting-open",
            hidden=True,
        ),
        entering.said("fitting"),
        html.Div(id="fitting-walks"),
        html.Div(html.P(words.LOADING, className="note"), id="fitting-past"),
    ]


def _begin(words: Words) -> html.Section:
    said = words.fitting
    legs = [(one, words.SIDE[one]) for one in ("left", "right")]
    return parts.section(
        said.BEGIN_TITLE,
        parts.words_of(said.BEGIN),
        entering.form(
            entering.choice("fitting-side", words.diary.SIDE_LABEL, legs, "left"),
            button=entering.button("fitting-begin", said.DO_BEGIN),
        ),
    )


def _walk(words: Words) -> list[Any]:
    said = words.fitting
    distances = [(one, said.DISTANCES[one]) for one in (*fitting_steps.DISTANCES, fitting_steps.OWN)]
    return [
        dcc.Store(id="fitting-watch"),
        dcc.Interval(id="fitting-watch-tick", interval=WATCH_MS, disabled=True),
        html.P("0.0 s", id="fitting-watch-shown", className="watch"),
        html.Div(
            html.Button(said.START, id="fitting-watch-press", type="button", className="button strong huge"),
            className="row",
        ),
        entering.form(
            entering.choice("fitting-distance", said.DISTANCE, distances, fitting_steps.DISTANCES[0]),
            entering.number("fitting-own-m", said.OWN_M, description=said.OWN_HOW),
            entering.number("fitting-seconds", said.SECONDS, description=said.SECONDS_HOW, decimalScale=1),
            button=[],
        ),
        # The words of the two states, for the script that has none of its own.
        dcc.Store(id="fitting-start-word", data=said.START),
        dcc.Store(id="fitting-stop-word", data=said.STOP),
    ]


def _prescription(words: Words) -> Any:
    said = words.fitting
    return html.Div(
        [
            dmc.NumberInput(id="fitting-rx-hours", label=said.RX_HOURS, hideControls=True),
            html.P(id="fitting-rx-link", className="note"),
        ],
        className="form",
    )


def register(app: Dash, site: Site) -> None:
    app.clientside_callback(
        ClientsideFunction("fitting", "pressed"),
        Output("fitting-watch", "data"), Output("fitting-watch-press", "children"), Output("fitting-seconds", "value"),
        Input("fitting-watch-press", "n_clicks"), State("fitting-watch", "data"), State("fitting-start-word", "data"),
        State("fitting-stop-word", "data"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("fitting", "running"),
        Output("fitting-watch-shown", "children"),
        Input("fitting-watch-tick", "n_intervals"),
        State("fitting-watch", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("fitting-head", "children"), Output("fitting-shown", "data"), Output("fitting-closed", "hidden"),
        Output("fitting-open", "hidden"), Output("fitting-progress", "children"), Output("fitting-step", "children"),
        Output("fitting-fields", "children"), Output("fitting-walk", "hidden"), Output("fitting-rx", "hidden"),
        Output("fitting-rx-link", "children"), Output("fitting-watch-tick", "disabled"),
        Output("fitting-done", "hidden"), Output("fitting-skip", "hidden"), Output("fitting-walks", "children"),
        Output("fitting-past", "children"),
        Input("fitting-turn", "data"), Input("fitting-view", "data"), State("url", "pathname"),
    )  # fmt: skip
    def fill(_token: str | None, view: str | None, path: str | None) -> list[Any]:
        found = site.safely(lambda: filled(site, path, view))
        if isinstance(found, fitting_steps.Shown):
            return list(found)
        return [found, None, True, True, [], [], [], True, True, [], True, True, True, [], []]

    @app.callback(
        Output("fitting-elapsed", "children"), Output("fitting-seen", "children"),
        Input("fitting-look", "n_intervals"), Input("fitting-shown", "data"), State("url", "pathname"),
    )  # fmt: skip
    def look(_ticks: int | None, shown: dict[str, Any] | None, path: str | None) -> tuple[Any, Any]:
        if not shown:
            return "", ""
        found = site.safely(lambda: fitting_steps.beside(site, site.person(path, PAGE.name), shown))
        return found if isinstance(found, tuple) else ("", "")

    fitting_entries.register(app, site, PAGE.name)
    fitting_reading.register(app, site, PAGE.name)


def filled(site: Site, path: str | None, view: str | None) -> fitting_steps.Shown:
    return fitting_steps.shown(site, site.person(path, PAGE.name), view)


PAGE = Page("fitting", frozenset({ORTHOTIST}), PERSON, shell, register)
