"""What is otherwise in one period than in another? Any two periods, each leg, and left against right.

A comparison of one's own choice is no claim; the page says what a difference had to reach and on how many days it
stands. A wrong date is named, and what was shown before stays.
"""

import contextlib
from datetime import date, timedelta
from typing import Any

import pandas as pd
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from talus_dashboards.errors import NotHere, ReadError, Refused
from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.identity import ORTHOTIST
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import checks, entering, parts
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

FIELDS = ("compare-first-start", "compare-first-last", "compare-second-start", "compare-second-last")
NAMED = ("worn_h", *(one.column for one in MEASURES))
DAYS = 28
SETTLING_DAYS = 3
PRESETS = ("last", "change")


def shell(site: Site) -> list[Any]:
    """Two periods to choose, and the place of what they come to."""
    said = site.words.compare
    periods = [
        html.Fieldset(
            [
                html.Legend(title),
                entering.day(FIELDS[at], said.FROM),
                entering.day(FIELDS[at + 1], said.TO),
            ],
            className="form period",
        )
        for at, title in ((0, said.FIRST), (2, said.SECOND))
    ]
    buttons = [entering.button(f"compare-{one}", said.PRESETS[one], strong=False) for one in PRESETS]
    return [
        html.Div(html.H1(said.TITLE), id="compare-head"),
        dcc.Store(id="compare-turn"),
        parts.section(
            said.CHOOSE,
            html.Div(buttons, className="row"),
            html.Div(periods, className="split"),
            html.Div(entering.button("compare-do", said.DO), className="form-end"),
            entering.said("compare"),
        ),
        html.Div(id="compare-body", className="person"),
    ]


def last_days(today: date) -> list[date]:
    """The last 28 whole days against the 28 before: four days, both ends of each period included."""
    one = today - timedelta(days=2 * DAYS), today - timedelta(days=DAYS + 1)
    return [*one, today - timedelta(days=DAYS), today - timedelta(days=1)]


def around_change(reader: Reader, person_id: str, today: date) -> list[date] | None:
    """Up to 28 days before the last change of the diary and after it has settled; None where there is none to use."""
    entries = reader.brace_changes(person_id)
    days = [one.date() for one in entries["day"]]
    days = [one for one in days if one + timedelta(days=SETTLING_DAYS + 1) < today]
    if not days:
        return None
    day = max(days)
    after = day + timedelta(days=SETTLING_DAYS + 1)
    until = min(after + timedelta(days=DAYS - 1), today - timedelta(days=1))
    return [day - timedelta(days=DAYS), day - timedelta(days=1), after, until]


def typed(texts: list[str | None]) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Two periods [start, end) of what was typed; what is no date is handed on, to be refused by its name."""
    ends = [text or None for text in texts]
    for at in (1, 3):
        with contextlib.suppress(ValueError, OverflowError):
            ends[at] = (date.fromisoformat(ends[at] or "") + timedelta(days=1)).isoformat()
    return (ends[0], ends[1]), (ends[2], ends[3])


def check(texts: list[str | None], today: date, words: Words) -> None:
    """Raises Refused for days that are missing, turned round, still to come or in both periods."""
    names = words.compare.FIELDS
    days = [checks.day(text, name, words) for text, name in zip(texts, names, strict=True)]
    for at in (0, 2):
        checks.in_order(days[at], days[at + 1], names[at + 1], words)
        checks.past_day(texts[at + 1], names[at + 1], today, words)
    if days[0] <= days[3] and days[2] <= days[1]:
        raise Refused(words.compare.SHARED.format(day=words.day_row(max(days[0], days[2]))))


def body(reader: Reader, person: pd.Series, texts: list[str | None], today: date, words: Words) -> list[Any]:
    """The comparison. Raises Refused or ReadError for periods that cannot be."""
    check(texts, today, words)
    first, second = typed(texts)
    found = reader.side_by_side(person["person_id"], first, second, NAMED, today)
    spans = [words.day_span(*(date.fromisoformat(text or "") for text in texts[at : at + 2])) for at in (0, 2)]
    said = words.compare
    sides = [side for side in words.SIDE if side in set(found.table["side"])]
    return [
        parts.words_of(said.SPANS.format(first=spans[0], second=spans[1]), "sub"),
        *(_leg(found.table[found.table["side"] == side], side, words) for side in sides),
        _legs(found.asymmetry, sides, words),
        _changes(found.changes, words),
        parts.section(said.HOW_TITLE, *(parts.words_of(line) for line in said.HOW)),
    ]


def _leg(table: pd.DataFrame, side: str, words: Words) -> html.Section:
    said, title = words.compare, words.SIDE_BRACE[side]
    seen = table[table["word"] != "not_measured"]
    if seen.empty:
        return parts.section(title, parts.words_of(said.NONE))
    rows = [_row(row, words) for row in seen.to_dict("records")]
    lacking = [entering.measure(name, words)[0] for name in table.loc[table["word"] == "not_measured", "measure"]]
    beside = [parts.words_of(said.NOT_MEASURED.format(names=words.listed(lacking)), "note")] if lacking else []
    return parts.section(title, parts.table(f"compare-{side}", title, said.COLUMNS, rows, words), *beside)


def _row(row: dict[Any, Any], words: Words) -> list[str]:
    name, said = str(row["measure"]), words.compare
    return [
        "{} ({})".format(*entering.measure(name, words)),
        entering.figure(row["before"], name, words), words.number(row["before_days"]),
        entering.figure(row["now"], name, words), words.number(row["now_days"]),
        entering.figure(row["difference"], name, words, signed=True), entering.figure(row["needed"], name, words),
        said.WORD[row["word"]],
    ]  # fmt: skip


def _legs(asymmetry: pd.DataFrame, sides: list[str], words: Words) -> html.Section:
    said = words.compare
    if not {"left", "right"} <= set(sides):
        return parts.section(said.LEGS, parts.words_of(said.ONE_LEG))
    lines = []
    for name, row in zip((said.FIRST, said.SECOND), asymmetry.to_dict("records"), strict=True):
        facts = {"days": words.of_days(row["days"]), "limit": words.number(row["limit_ms"])}
        facts |= {key: words.number(row[key], 1) for key in ("median_pct", "open_pct")}
        facts["apart"] = words.short_time(row["apart_ms"])
        told = said.ASYMMETRY if row["days"] else said.HIDDEN if row["hidden"] else said.NO_STEPS
        lines.append(parts.words_of(f"{name}: {told.format(**facts)}"))
    return parts.section(said.LEGS, *lines, parts.words_of(said.LEGS_HOW, "note"))


def _changes(changes: pd.DataFrame, words: Words) -> html.Section:
    said = words.compare
    rows = [
        html.Li(
            words.diary.ENTRY.format(
                what=words.diary.WHAT.get(one.what, one.what), side=words.SIDE_LEG[one.side],
                day=words.day_row(one.day.date()),
            )
        )
        for one in changes.itertuples()
    ]  # fmt: skip
    return parts.section(said.CHANGES, html.Ul(rows) if rows else parts.words_of(said.NO_CHANGES))


def refused(error: ReadError | Refused, words: Words) -> html.P:
    """One line that names the period as the page does; what no check foresaw is that nothing is known of its days."""
    line = str(error)
    for name, period in (("first_", words.compare.FIRST), ("second_", words.compare.SECOND)):
        if line.startswith(name):
            line = words.compare.UNKNOWN.format(period=period)
    return html.P(line, role="alert", className="refused")


def register(app: Dash, site: Site) -> None:
    @app.callback(
        Output("compare-head", "children"), *(Output(name, "value") for name in FIELDS),
        Output("compare-said", "children"), Output("compare-turn", "data"),
        Input("compare-last", "n_clicks"), Input("compare-change", "n_clicks"), State("url", "pathname"),
    )  # fmt: skip
    def preset(_last: int | None, _change: int | None, path: str | None) -> list[Any]:
        keep = [no_update] * len(FIELDS)
        try:
            person = site.person(path, PAGE.name)
            today = entering.here(site, person).date()
            head = html.H1(site.words.compare.TITLE_OF.format(label=person["label"]))
            days: list[date] | None = last_days(today)
            if ctx.triggered_id == "compare-change":
                days = around_change(site.reader, str(person["person_id"]), today)
        except (NotHere, ReadError):
            return [no_update, *keep, no_update, entering.fresh()]
        if days is None:
            return [head, *keep, html.P(site.words.compare.NO_CHANGE_YET, role="alert", className="refused"), no_update]
        return [head, *(one.isoformat() for one in days), [], entering.fresh()]

    @app.callback(
        Output("compare-body", "children"), Output("compare-said", "children", allow_duplicate=True),
        Input("compare-do", "n_clicks"), Input("compare-turn", "data"), *(State(name, "value") for name in FIELDS),
        State("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def compare(_n: int | None, _token: str | None, *given: str | None) -> tuple[Any, Any]:
        *texts, path = given
        try:
            person = site.person(path, PAGE.name)
            today = entering.here(site, person).date()
            return body(site.reader, person, list(texts), today, site.words), []
        except (ReadError, Refused) as error:
            return no_update, refused(error, site.words)  # what was shown stays, beside the line that says why
        except NotHere:
            return site.safely(lambda: site.person(path, PAGE.name)), no_update


PAGE = Page("compare", frozenset({ORTHOTIST}), PERSON, shell, register)
