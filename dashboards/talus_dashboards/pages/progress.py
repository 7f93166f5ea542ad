"""Does walking with the brace change? Three figures of a person's own, told only as far as the rule of change allows:
better, worse, no clear change, too early; never an arrow, never other people."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dash import Dash, Input, Output, html

from talus_dashboards.figures import weeks
from talus_dashboards.identity import ORTHOTIST, PATIENT
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import own, parts
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

MEASURES = ("walking_min", "longest_walk_min", "heel_first_pct")


def shell(site: Site) -> list[Any]:
    return [html.Div(html.P(site.words.LOADING, className="note"), id="progress-body", className="today")]


def body(reader: Reader, person: pd.Series, now: datetime, words: Words) -> list[Any]:
    """Build the page for one row of `people`."""
    texts = words.progress
    today = now.astimezone(ZoneInfo(person["zone"])).date()
    found = reader.progress(str(person["person_id"]), today)
    head = [html.H1(texts.TITLE), parts.words_of(texts.SUB, "sub")]
    sides = [side for side in words.SIDE if side in set(found.verdicts["side"])]
    if not sides:
        return [*head, parts.section(texts.NOTHING_TITLE, parts.words_of(texts.NOTHING))]
    page: list[Any] = [*head]
    for side in sides:
        if len(sides) > 1:
            page.append(html.H2(words.SIDE_BRACE[side]))
        page += [_card(found, side, measure, len(sides) > 1, words) for measure in MEASURES]
    page.append(parts.section(texts.PRESSURE_TITLE, *_pressure(found.first_hour, len(sides) > 1, words)))
    return page


def _card(found: Any, side: str, measure: str, named: bool, words: Words) -> html.Section:
    texts = words.progress
    title = texts.MEASURE[measure]
    verdict = _of(found.verdicts, side, measure).iloc[0]
    band = _of(found.usual, side, measure).iloc[0]
    table = found.weeks[(found.weeks["side"] == side).to_numpy(bool)]
    drawn = weeks.by_week(table, measure, weeks.Usual(band["low"], band["high"]), words=words)
    say = [html.P(texts.VERDICT[verdict["verdict"]], className=f"verdict {verdict['verdict']}")]
    more = _why(verdict, measure, words)
    if more:
        say.append(parts.words_of(more))
    picture = parts.drawing(drawn, f"weeks-{measure}-{side}", title, words, text_first=False)
    return parts.section(title, *say, picture, level=3 if named else 2)


def _of(table: pd.DataFrame, side: str, measure: str) -> pd.DataFrame:
    return table[((table["side"] == side) & (table["measure"] == measure)).to_numpy(bool)]


def _why(verdict: pd.Series, measure: str, words: Words) -> str:
    texts, kind = words.progress, verdict["verdict"]
    if kind in ("better", "worse"):
        figures = {"now": words.number(verdict["latest"]), "then": words.number(verdict["baseline"])}
        return str(texts.CLAIM.format(**figures, unit=texts.UNIT[measure]))
    if kind == "too_early" and pd.notna(verdict["tell_on"]):
        return str(texts.TELL_ON.format(day=words.day_long(verdict["tell_on"].date())))
    return str(texts.WHY.get(kind, ""))


def _pressure(table: pd.DataFrame, named: bool, words: Words) -> list[Any]:
    """The first hour with the brace on, place by place; places of one answer in one sentence."""
    texts = words.progress
    if table.empty:
        return [parts.words_of(texts.FIRST_HOUR["none"])]
    lines = []
    for verdict in ("higher", "lower", "no_clear_change", "too_early", "not_measured"):
        rows = table[(table["verdict"] == verdict).to_numpy(bool)]
        if rows.empty:
            continue
        places = [_site(one, named, words) for one in rows.itertuples()]
        lines.append(parts.words_of(texts.FIRST_HOUR[verdict].format(places="; ".join(places))))
    return lines


def _site(one: Any, named: bool, words: Words) -> str:
    name = words.SITE_PLAIN[one.site]
    return words.COMFORT_SIDE.format(site=name, side=words.SIDE_LEG_PLAIN[one.side]) if named else str(name)


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("progress-body", "children"), Input("url", "pathname"))
    def look(path: str | None) -> list[Any]:
        return site.safely(lambda: body(site.reader, site.person(path, PAGE.name), site.now(), site.words))


PAGE = Page("progress", frozenset({PATIENT, ORTHOTIST}), PERSON, shell, register, own.menu)
