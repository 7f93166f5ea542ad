"""Which exercises are planned today, what the brace counted of them, and how each is done."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dash import Dash, Input, Output, html

from talus_dashboards.figures import postures
from talus_dashboards.identity import ORTHOTIST, PATIENT
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import own, parts
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

WEEK_DAYS = 7


def shell(site: Site) -> list[Any]:
    return [html.Div(html.P(site.words.LOADING, className="note"), id="exercises-body", className="today")]


def body(reader: Reader, person: pd.Series, now: datetime, words: Words) -> list[Any]:
    """Build the page for one row of `people`: today and the six days before."""
    texts = words.exercises
    today = now.astimezone(ZoneInfo(person["zone"])).date()
    first = today - timedelta(days=WEEK_DAYS - 1)
    done = reader.exercise_days(str(person["person_id"]), first, today + timedelta(days=1))
    head = [html.H1(texts.TITLE), parts.words_of(texts.SUB, "sub")]
    days = pd.to_datetime(done["day"]).dt.date
    planned = done[(days == today).to_numpy(bool) & done["sets_a_day"].notna().to_numpy(bool)]
    cards: list[Any] = []
    if planned.empty:
        cards.append(parts.section(texts.NO_PLAN_TITLE, parts.words_of(texts.NO_PLAN)))
    for exercise, side in sorted(set(zip(done["exercise"], done["side"], strict=True))):
        mine = done[((done["exercise"] == exercise) & (done["side"] == side)).to_numpy(bool)]
        cards.append(_card(mine, str(exercise), str(side), first, today, words))
    return [*head, *cards, _counting(words)]


def _card(mine: pd.DataFrame, exercise: str, side: str, first: date, today: date, words: Words) -> html.Section:
    texts = words.exercises
    title = texts.CARD.format(name=texts.NAME[exercise], leg=words.SIDE_LEG_PLAIN[side])
    by_day = {day.date(): row for day, row in zip(mine["day"], mine.to_dict("records"), strict=True)}
    now = by_day.get(today)
    lines = [_plan(now, words), html.P(_counted(now, words), className="big")]
    if now and now["sets_unseen"]:
        unseen = words.plural(now["sets_unseen"], *texts.SETS)
        lines.append(parts.words_of(texts.UNSEEN.format(sets=unseen)))
    return parts.section(title, *lines, _week(by_day, first, title, words), _how(exercise, words))


def _plan(now: Any, words: Words) -> html.P:
    texts = words.exercises
    if now is None or pd.isna(now["sets_a_day"]):
        return parts.words_of(texts.UNPLANNED)
    asked = {
        "sets": words.plural(now["sets_a_day"], *texts.SETS),
        "times": words.plural(now["repetitions"], *texts.TIMES),
        "days": words.of_days(now["days_a_week"]),
    }
    return parts.words_of(texts.PLAN.format(**asked))


def _counted(now: Any, words: Words) -> str:
    texts = words.exercises
    if now is None or not now["sets"]:
        return str(texts.NONE_COUNTED)
    told = {
        "sets": words.plural(now["sets"], *texts.SETS),
        "times": words.plural(now["repetitions_counted"], *texts.TIMES),
    }
    return str(texts.COUNTED.format(**told))


def _week(by_day: dict[date, Any], first: date, title: str, words: Words) -> html.Div:
    """Seven days, oldest first: what the brace counted; a dash is "none counted", not "none done"."""
    texts, cells = words.exercises, []
    for day in (first + timedelta(days=at) for at in range(WEEK_DAYS)):
        row = by_day.get(day)
        sets = 0 if row is None else int(row["sets"])
        asked = "" if row is None or pd.isna(row["sets_a_day"]) else texts.OF.format(sets=int(row["sets_a_day"]))
        shown = [words.number(sets) if sets else "–", html.Span(asked)]
        label = f"{words.day_long(day)}: {words.plural(sets, *texts.SETS) if sets else texts.NONE}"
        cells.append(
            html.Li(
                [
                    html.Span(words.WEEKDAYS_SHORT[day.weekday()], **{"aria-hidden": "true"}),
                    html.Strong(shown, **{"aria-hidden": "true"}),
                    html.Span(label, className="hidden"),
                ],
                className="counted" if sets else "",
            )
        )
    name = texts.WEEK.format(name=title)
    return html.Div(
        [html.P(texts.WEEK_TITLE, className="note"), html.Ul(cells, className="week", **{"aria-label": name})]
    )


def _how(exercise: str, words: Words) -> html.Details:
    texts = words.exercises
    picture = html.Img(src=postures.drawn(exercise), alt=texts.PICTURE[exercise], className="posture")
    steps = html.Ol([html.Li(step) for step in texts.STEPS[exercise]])
    return html.Details([html.Summary(texts.HOW), picture, steps, parts.words_of(texts.STOP, "note")], className="fold")


def _counting(words: Words) -> html.Section:
    texts = words.exercises
    return parts.section(
        texts.COUNTING_TITLE,
        parts.words_of(texts.COUNTING),
        html.Details([html.Summary(texts.COMMAND_TITLE), parts.words_of(texts.COMMAND)], className="fold"),
    )


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("exercises-body", "children"), Input("url", "pathname"))
    def look(path: str | None) -> list[Any]:
        return site.safely(lambda: body(site.reader, site.person(path, PAGE.name), site.now(), site.words))


PAGE = Page("exercises", frozenset({PATIENT, ORTHOTIST}), PERSON, shell, register, own.menu)
