"""What did each adjustment do? A diary of what changed about the brace or its wearer, each entry with before and after.

The rule is 0.4.6 of the clinical reference: seven valid days each side after three settling days; nothing is praised.
"""

from datetime import date, datetime
from typing import Any

import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from talus_dashboards.errors import Refused
from talus_dashboards.figures.before_after import strip
from talus_dashboards.identity import ORTHOTIST
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import checks, entering, parts
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

LEAST = 7  # valid days each side
PICTURED = 2  # the newest entries of each leg have their days drawn
ENTRIES = ("strap", "strut", "wedge", "shoe", "stiffness", "neutral", "botulinum", "fes_on", "fes_off", "drug",
           "relapse", "other")  # fmt: skip


def shell(site: Site) -> list[Any]:
    """The form, and the place of what was entered."""
    words, said = site.words, site.words.diary
    return [
        html.Div(html.H1(said.TITLE), id="diary-head"),
        entering.turn("diary"),
        parts.section(
            said.ENTER,
            entering.form(
                entering.choice("diary-what", said.WHAT_LABEL, [(one, said.WHAT[one]) for one in ENTRIES], "strap"),
                entering.choice(
                    "diary-side", said.SIDE_LABEL, [(one, words.SIDE[one]) for one in ("left", "right")], "left"
                ),
                entering.day("diary-day", said.DAY_LABEL, site.now().date()),
                button=entering.button("diary-enter", said.DO),
            ),
            entering.said("diary"),
            parts.words_of(said.HOW, "note"),
        ),
        html.Div(html.P(words.LOADING, className="note"), id="diary-body", className="person"),
    ]


def head(person: pd.Series, words: Words) -> list[Any]:
    return [html.H1(words.diary.TITLE_OF.format(label=person["label"]))]


def body(reader: Reader, person: pd.Series, now: datetime, words: Words) -> list[Any]:
    """Every entry, the newest first, with its table; `now` is the person's own."""
    said, today = words.diary, now.date()
    entries = reader.brace_changes(person["person_id"])
    found = reader.changed(person["person_id"], today)
    if entries.empty and found.adjustments.empty:
        return [parts.section(said.NONE_TITLE, parts.words_of(said.NONE))]
    days = reader.classed_days(person["person_id"], today)
    who = reader.entered_by(person["person_id"], [entering.ms(one) for one in entries["entered_utc"]])
    listed = _list(entries, who, now, words)
    return [listed, *_adjustments(judged(found.adjustments, today), days, words)]


def _list(entries: pd.DataFrame, who: dict[int, str], now: datetime, words: Words) -> html.Section:
    """Each entry with its own way back."""
    said = words.diary
    rows = []
    for one in entries.sort_values("day", ascending=False).itertuples():
        name = said.ENTRY.format(what=said.WHAT[one.what], side=words.SIDE_LEG[one.side], day=words.day_row(one.day))
        key = f"{one.side}|{one.day.date().isoformat()}|{one.what}"
        rows.append(
            html.Li(
                [
                    html.Span(
                        [name, html.Br(), html.Span(entering.entered(one.entered_utc, now, words), className="note")]
                    ),
                    entering.take_back("diary", key, name, words),
                ]
            )
        )
    inside = html.Ul(rows, className="entries") if rows else parts.words_of(said.NONE)
    return parts.section(said.LIST, inside)


def judged(adjustments: pd.DataFrame, today: date) -> pd.DataFrame:
    """Each row with `needed` (NaN where the days are few) and `word`: differs, no_clear_change, too_early, too_few."""
    few = adjustments["difference"].isna()
    early = few & (adjustments["before_days"] >= LEAST) & (adjustments["after_end"] > pd.Timestamp(today))
    large = adjustments["difference"].abs() >= adjustments["needed"]
    word = pd.Series("no_clear_change", index=adjustments.index, dtype=object).mask(large, "differs")
    return adjustments.assign(word=word.mask(few, "too_few").mask(early, "too_early"))


def _adjustments(rows: pd.DataFrame, days: pd.DataFrame, words: Words) -> list[Any]:
    page: list[Any] = []
    pictured: dict[str, int] = {}
    order = rows.sort_values(["day", "side"], ascending=[False, True], kind="stable")
    for (day, side, what), mine in order.groupby(["day", "side", "what"], sort=False):
        pictured[side] = pictured.get(side, 0) + 1
        page.append(_adjustment(day, side, what, mine, days if pictured[side] <= PICTURED else None, words))
    return page


def _adjustment(
    day: pd.Timestamp, side: str, what: str, rows: pd.DataFrame, days: pd.DataFrame | None, words: Words
) -> html.Section:
    said = words.diary
    told = words.listed([said.WHAT.get(one, one) for one in what.split(", ")])
    title = said.ENTRY.format(what=told, side=words.SIDE_LEG[side], day=words.day_row(day))
    name = f"diary-{side}-{day.date()}"
    pictures = (
        [] if days is None else [_picture(row, days, f"{name}-{row['measure']}", words) for _, row in rows.iterrows()]
    )
    return parts.section(
        title,
        parts.table(f"{name}-table", title, said.COLUMNS, [_cells(row, words) for _, row in rows.iterrows()], words),
        html.Div(pictures, className="strips"),
    )


def _cells(row: pd.Series, words: Words) -> list[str]:
    said, name = words.diary, row["measure"]
    facts = {"before": words.number(row["before_days"]), "after": words.number(row["after_days"]), "least": LEAST}
    return [
        "{} ({})".format(*entering.measure(name, words)),
        said.WITH_DAYS.format(value=entering.figure(row["before"], name, words), days=facts["before"]),
        said.WITH_DAYS.format(value=entering.figure(row["after"], name, words), days=facts["after"]),
        entering.figure(row["difference"], name, words, signed=True),
        entering.figure(row["needed"], name, words),
        said.WORD[row["word"]].format(**facts),
    ]  # fmt: skip


def _picture(row: pd.Series, days: pd.DataFrame | None, name: str, words: Words) -> html.Div:
    measure = row["measure"]
    label, unit = entering.measure(measure, words)
    assert days is not None
    speaks = days[((days["side"] == row["side"]) & (days["day_class"] == "gait")).to_numpy(bool)]
    values = speaks[["day"]].assign(value=speaks[measure] if measure in speaks else float("nan"))
    drawn = strip(values, row, name=label, unit=unit, digits=entering.DIGITS.get(measure, 2), words=words)
    title = f"{label} ({unit})"
    return html.Div([html.H3(title), parts.drawing(drawn, name, title, words, text_first=False)])


def _entered(entries: pd.DataFrame, what: str, side: str, day: date) -> bool:
    same = (entries["what"] == what) & (entries["side"] == side) & (pd.to_datetime(entries["day"]).dt.date == day)
    return bool(same.any())


def register(app: Dash, site: Site) -> None:
    once = entering.Once()

    @app.callback(
        Output("diary-head", "children"), Output("diary-body", "children"),
        Input("diary-turn", "data"), State("url", "pathname"),
    )  # fmt: skip
    def fill(_token: str | None, path: str | None) -> tuple[Any, Any]:
        def built() -> tuple[Any, Any]:
            person = site.person(path, PAGE.name)
            return head(person, site.words), body(site.reader, person, entering.here(site, person), site.words)

        found = site.safely(built)
        return found if isinstance(found, tuple) else ([], found)

    @app.callback(
        Output("diary-said", "children"), Output("diary-turn", "data"),
        Input("diary-enter", "n_clicks"), State("diary-what", "value"), State("diary-side", "value"),
        State("diary-day", "value"), State("diary-turn", "data"), State("url", "pathname"),
        prevent_initial_call=True,
    )  # fmt: skip
    def enter(_n: int | None, what: str, side: str, day: str, token: str | None, path: str | None) -> tuple[Any, Any]:
        def change() -> str:
            row = site.person(path, PAGE.name)
            person, said = str(row["person_id"]), site.words.diary
            at = checks.past_day(day, said.DAY_LABEL, entering.here(site, row).date(), site.words)
            name = {"what": said.WHAT[what], "side": site.words.SIDE_LEG[side], "day": site.words.day_row(at)}
            if _entered(site.reader.brace_changes(person), what, side, at):
                raise Refused(site.words.entering.ALREADY.format(told=said.ENTRY.format(**name)))
            now_ms = site.desk.now_ms
            site.desk.enter(
                person, f"entered {what} in the diary",
                lambda store: store.add_brace_change(person, side, day or None, what, now_ms),
            )  # fmt: skip
            return said.DONE.format(**name)

        return entering.entry(site, once, token, change)

    @app.callback(
        Output("diary-said", "children", allow_duplicate=True), Output("diary-turn", "data", allow_duplicate=True),
        Input({"type": "diary-back", "key": ALL}, "n_clicks"), State("diary-turn", "data"), State("url", "pathname"),
        prevent_initial_call=True,
    )  # fmt: skip
    def back(_n: list[int | None], token: str | None, path: str | None) -> tuple[Any, Any]:
        key = entering.pressed(ctx.triggered)
        if key is None:
            return no_update, no_update

        def change() -> str:
            person = str(site.person(path, PAGE.name)["person_id"])
            side, day, what = key.split("|")
            site.desk.enter(
                person, f"took {what} out of the diary",
                lambda store: store.remove_brace_change(person, side, day, what),
            )  # fmt: skip
            said = site.words.diary
            name = {"what": said.WHAT[what], "side": site.words.SIDE_LEG[side]}
            return said.GONE.format(**name, day=site.words.day_row(date.fromisoformat(day)))

        return entering.entry(site, once, token, change)


PAGE = Page("diary", frozenset({ORTHOTIST}), PERSON, shell, register)
