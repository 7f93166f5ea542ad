"""What should be remembered beside the data? Notes on days, or on one measure in them; the patient reads them, too."""

from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from talus_dashboards.errors import Refused
from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.identity import ORTHOTIST
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import checks, entering, parts
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

MOST = 2000  # characters, as the store takes
NO_MEASURE = "none"
NAMED = ("worn_h", *(one.column for one in MEASURES))


def shell(site: Site) -> list[Any]:
    words, said = site.words, site.words.notes
    options = [(NO_MEASURE, said.NO_MEASURE), *((name, entering.measure(name, words)[0]) for name in NAMED)]
    return [
        html.Div(html.H1(said.TITLE), id="notes-head"),
        entering.turn("notes"),
        parts.section(
            said.WRITE,
            parts.words_of(said.READ_BY),
            entering.form(
                entering.day("notes-first", said.FIRST, site.now().date()),
                entering.day("notes-last", said.LAST, site.now().date()),
                entering.choice("notes-measure", said.MEASURE, options, NO_MEASURE),
                dmc.Textarea(
                    id="notes-text", label=said.TEXT, description=said.TEXT_MOST.format(most=words.number(MOST)),
                    autosize=True, minRows=3, maxRows=12, className="wide-field",
                ),
                button=entering.button("notes-enter", said.DO),
            ),
            entering.said("notes"),
        ),
        html.Div(html.P(words.LOADING, className="note"), id="notes-body"),
    ]  # fmt: skip


def body(reader: Reader, person: pd.Series, now: datetime, words: Words) -> list[Any]:
    """Every note, the newest day first; those taken off the pages beneath."""
    said = words.notes
    found = reader.notes(person["person_id"], hidden=True)[::-1]
    shown, hidden = (found[found["hidden_utc"].isna() == there] for there in (True, False))
    listed = [_note(row, now, words) for row in shown.to_dict("records")]
    page = [parts.section(said.LIST, html.Ul(listed, className="entries") if listed else parts.words_of(said.NONE))]
    if len(hidden):
        rows = html.Ul([_note(row, now, words) for row in hidden.to_dict("records")], className="entries")
        fold = html.Details([html.Summary(said.HIDDEN.format(count=words.number(len(hidden)))), rows], className="fold")
        page.append(html.Section([html.H2(said.HIDDEN_TITLE), fold], className="card"))
    return page


def _note(row: dict[Any, Any], now: datetime, words: Words) -> html.Li:
    said, label = words.notes, span(row, words)
    measure = f" · {entering.measure(row['measure'], words)[0]}" if row["measure"] else ""
    hidden = not pd.isna(row["hidden_utc"])
    key = f"{'show' if hidden else 'hide'}|{row['id']}"
    name = {"type": "notes-back", "key": key}
    does = said.SHOW if hidden else said.HIDE
    told = {"aria-label": f"{does}: {label}"}
    return html.Li(
        [
            html.Div(
                [
                    html.Strong(label + measure),
                    html.P(row["text"], className="note-text"),
                    html.Span(entering.entered(row["entered_utc"], now, words, row["by"]), className="note"),
                ]
            ),
            html.Button(does, id=name, type="button", className="button", **told),
        ]
    )


def span(row: dict[Any, Any], words: Words) -> str:
    """The day of a note, or its days."""
    first, last = row["first_day"].date(), row["last_day"].date()
    return words.day_row(first) if first == last else f"{words.day_row(first)} – {words.day_row(last)}"


def _check_text(text: str, words: Words) -> None:
    if not text.strip():
        raise Refused(words.notes.EMPTY)
    if len(text) > MOST:
        raise Refused(words.notes.TOO_LONG.format(count=words.number(len(text)), most=words.number(MOST)))


def register(app: Dash, site: Site) -> None:
    once = entering.Once()

    @app.callback(
        Output("notes-head", "children"), Output("notes-body", "children"),
        Input("notes-turn", "data"), State("url", "pathname"),
    )  # fmt: skip
    def fill(_token: str | None, path: str | None) -> tuple[Any, Any]:
        def built() -> tuple[Any, Any]:
            person = site.person(path, PAGE.name)
            head = html.H1(site.words.notes.TITLE_OF.format(label=person["label"]))
            return head, body(site.reader, person, entering.here(site, person), site.words)

        found = site.safely(built)
        return found if isinstance(found, tuple) else ([], found)

    @app.callback(
        Output("notes-said", "children"), Output("notes-turn", "data"), Output("notes-text", "value"),
        Input("notes-enter", "n_clicks"), State("notes-first", "value"), State("notes-last", "value"),
        State("notes-measure", "value"), State("notes-text", "value"), State("notes-turn", "data"),
        State("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def enter(
        _n: int | None, first: str, last: str, measure: str, text: str | None, token: str | None, path: str | None
    ) -> tuple[Any, Any, Any]:
        def change() -> str:
            person = str(site.person(path, PAGE.name)["person_id"])
            now_ms, account = site.desk.now_ms, site.who.account
            about = None if measure == NO_MEASURE else measure
            words = site.words
            begin, end = checks.day(first, words.notes.FIRST, words), checks.day(last, words.notes.LAST, words)
            checks.in_order(begin, end, words.notes.LAST, words)
            _check_text(text or "", words)
            site.desk.enter(
                person, "wrote a note",
                lambda store: store.add_note(
                    person, first or None, last or None, about, text or "", account, now_ms
                ),
            )  # fmt: skip
            days = [words.day_row(one) for one in (begin, end)]
            return words.notes.DONE.format(span=days[0] if begin == end else " – ".join(days))

        told, token = entering.entry(site, once, token, change)
        return told, token, "" if isinstance(token, str) else no_update

    @app.callback(
        Output("notes-said", "children", allow_duplicate=True), Output("notes-turn", "data", allow_duplicate=True),
        Input({"type": "notes-back", "key": ALL}, "n_clicks"), State("notes-turn", "data"), State("url", "pathname"),
        prevent_initial_call=True,
    )  # fmt: skip
    def back(_n: list[int | None], token: str | None, path: str | None) -> tuple[Any, Any]:
        key = entering.pressed(ctx.triggered)
        if key is None:
            return no_update, no_update

        def change() -> str:
            person = str(site.person(path, PAGE.name)["person_id"])
            does, _, number = key.partition("|")
            now_ms = site.desk.now_ms
            if does == "hide":
                site.desk.enter(person, "hid a note", lambda store: store.hide_note(person, int(number), now_ms))
                return str(site.words.notes.GONE)
            site.desk.enter(person, "showed a note again", lambda store: store.show_note(person, int(number), now_ms))
            return str(site.words.notes.BACK)

        return entering.entry(site, once, token, change)


PAGE = Page("notes", frozenset({ORTHOTIST}), PERSON, shell, register)
