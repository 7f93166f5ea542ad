"""A new brace is worn a little longer each day: what was planned, what was worn, and the look at the skin after."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dash import Dash, Input, Output, html

from talus_dashboards import summary
from talus_dashboards.errors import ReadError
from talus_dashboards.figures import planned
from talus_dashboards.identity import ORTHOTIST, PATIENT
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import own, parts, target, telling
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

BACK_DAYS, AHEAD_DAYS = 13, 7


def shell(site: Site) -> list[Any]:
    """The page without any data: what its callback and `telling` fill."""
    texts = site.words.breakin
    return [
        html.Div(
            [
                *telling.clockwork(),
                html.H1(texts.TITLE),
                parts.words_of(texts.SUB, "sub"),
                telling.place("said", role="status", className="noted"),
                telling.place("skin"),
                html.Div(html.P(site.words.LOADING, className="note"), id="breakin-body"),
                telling.helper(site.words),
                parts.section(site.words.tell.TOLD_TITLE, telling.place("told")),
            ],
            className="today",
        )
    ]


def body(reader: Reader, person: pd.Series, now: datetime, words: Words) -> list[Any]:
    """Build what the plan says for one row of `people`."""
    texts = words.breakin
    today = now.astimezone(ZoneInfo(person["zone"])).date()
    asked = (str(person["person_id"]), today - timedelta(days=BACK_DAYS), today + timedelta(days=AHEAD_DAYS + 1))
    targets = reader.targets(*asked)
    wanted = targets[(targets["kind"] == "break_in").to_numpy(bool)]
    sides = [side for side in words.SIDE if side in set(wanted["side"])]
    if not sides:
        return [parts.section(texts.NONE_TITLE, parts.words_of(texts.NONE))]
    days, hours = reader.days(*asked), reader.hours(asked[0], today, today + timedelta(days=1))
    elapsed = sum(summary.elapsed_minutes(today, person["zone"], now))
    cards = []
    for side in sides:
        mine = hours[(hours["side"] == side).to_numpy(bool)]
        worn = float(mine["worn_min"].sum()) if len(mine) else float("nan")
        known = float(mine[["worn_min", "not_worn_min"]].sum().sum()) if len(mine) else 0.0
        table = _table(wanted, days, side, today, worn / 60 if known else float("nan"), (elapsed - known) / 60)
        title = texts.CARD.format(leg=words.SIDE_LEG_PLAIN[side]) if len(sides) > 1 else texts.CARD_ONE
        drawn = planned.by_day(table, today, words=words)
        picture = parts.drawing(drawn, f"breakin-{side}", texts.PICTURE, words, text_first=False)
        cards.append(parts.section(title, *_today(table, today, worn, known, words), picture))
    return cards


def _table(
    wanted: pd.DataFrame, days: pd.DataFrame, side: str, today: Any, worn_h: float, unknown_h: float
) -> pd.DataFrame:
    """day, most_h, worn_h, unknown_h of one leg; today's hours from the hours so far."""
    mine = wanted[(wanted["side"] == side).to_numpy(bool)][["day", "most_h"]]
    own_days = days[((days["side"] == side) & ~days["status"].isin(["missing", "paused"])).to_numpy(bool)]
    worn = own_days[["day", "worn_h", "unknown_h"]].assign(day=pd.to_datetime(own_days["day"]).astype("datetime64[s]"))
    table = mine.merge(worn, on="day", how="left").reset_index(drop=True)
    now = (table["day"] == pd.Timestamp(today)).to_numpy(bool)
    table.loc[now, ["worn_h", "unknown_h"]] = [worn_h, unknown_h]
    return table


def _today(table: pd.DataFrame, today: Any, worn_min: float, known: float, words: Words) -> list[Any]:
    texts = words.breakin
    now = table[(table["day"] == pd.Timestamp(today)).to_numpy(bool)]
    if now.empty:
        return [parts.words_of(texts.ENDED)]
    asked = target.Plan("break_in", float(now["most_h"].iloc[0]))
    most = texts.MOST.format(most=words.duration(60 * asked.hours))
    if not known:
        return [html.P(most, className="big"), parts.words_of(words.WORN_UNKNOWN)]
    worn = texts.WORN.format(worn=words.duration(worn_min))
    return [html.P(most, className="big"), parts.words_of(f"{worn} {target.sentence(asked, worn_min, words)}")]


def menu(site: Site) -> bool:
    """Of a patient only while there is a plan; never in the way where it cannot be read."""
    if site.who.role != PATIENT or site.who.person is None:
        return own.menu(site)
    today = site.now().date()
    try:
        asked = site.reader.targets(site.who.person, today - timedelta(days=1), today + timedelta(days=AHEAD_DAYS))
    except ReadError:
        return True
    return bool((asked["kind"] == "break_in").any()) if len(asked) else False


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("breakin-body", "children"), Input("url", "pathname"))
    def look(path: str | None) -> list[Any]:
        return site.safely(lambda: body(site.reader, site.person(path, PAGE.name), site.now(), site.words))


PAGE = Page("breakin", frozenset({PATIENT, ORTHOTIST}), PERSON, shell, register, menu)
