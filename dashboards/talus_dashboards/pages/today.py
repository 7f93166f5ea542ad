"""What a patient asks: how long was the brace on, how much did I walk, is my skin safe, does it still run?"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dash import ALL, Dash, Input, Output, State, dcc, html

from talus_dashboards import summary
from talus_dashboards.figures import steps
from talus_dashboards.identity import ORTHOTIST, PATIENT
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import comfort, parts, skin, target
from talus_dashboards.pages.slots import changed, slot
from talus_dashboards.reader import Reader
from talus_dashboards.site import Site
from talus_dashboards.words import Words

REFRESH_MS = 30_000
LOW_PERCENT = 20
OLD = timedelta(hours=24)


def shell(site: Site) -> list[Any]:
    """The page without any data: what the callback fills, and the clock that asks again."""
    return [
        dcc.Interval(id="today-tick", interval=REFRESH_MS),
        dcc.Store(id="today-seen"),
        html.Div(html.P(site.words.LOADING, className="note"), id="today-body", className="today"),
    ]


def body(reader: Reader, person: pd.Series, now: datetime, words: Words) -> list[Any]:
    """Build the page for one row of `people` at the moment `now` (UTC)."""
    here = now.astimezone(ZoneInfo(person["zone"]))
    day = here.date()
    asked = (str(person["person_id"]), day, day + timedelta(days=1))
    braces = reader.braces(asked[0])
    said = words.TODAY_AS_OF.format(day=words.day_long(day), time=words.clock(here))
    head = [html.H1(words.TODAY_TITLE), slot("time", html.P(said, className="sub"))]
    if braces.empty:
        return [*head, parts.section(words.BRACE_TITLE, parts.words_of(words.NO_BRACE))]
    hours = reader.hours(*asked)
    elapsed = summary.elapsed_minutes(day, person["zone"], now)
    sides = [side for side in words.SIDE if side in set(braces["side"])]
    pressing = comfort.of_day(reader, person, day, now, words)
    tables = {side: steps.known_hours(hours[hours["side"] == side], elapsed) for side in sides}
    plans = target.of_day(reader, person, day)
    known = [
        (side, float(table["worn_min"].sum()), target.of_leg(plans, side))
        for side, table in tables.items()
        if table[["worn_min", "not_worn_min"]].sum().sum() > 0
    ]
    off = _day_off(reader.told(*asked), day)
    paused = _paused(reader, asked, now)
    facts = target.Facts(known, pressing.open, paused, skin.waits(reader, person, now), off)
    last = parts.section(words.BRACE_TITLE, slot("braces", _braces(braces, sides, here, words)))
    # There from the start, though mostly empty: what enters it later is read aloud.
    head.append(slot("lead", _lead(facts, asked[0], words)))
    head.append(slot("notice", pressing.notice, role="status"))
    if paused:
        return [*head, parts.section(words.day.PAUSED_TITLE, parts.words_of(words.day.PAUSED)), last]
    aside = pressing.open or off
    cards: list[Any] = [
        parts.section(
            words.WORN_TITLE,
            *(
                slot(
                    f"worn-{side}", _worn(tables[side], side, len(sides) > 1, target.of_leg(plans, side), aside, words)
                )
                for side in sides
            ),
        )
    ]
    for side in sides:
        drawn = steps.by_hour(hours[hours["side"] == side], elapsed, words=words)
        title = words.STEPS_TITLE if len(sides) == 1 else f"{words.STEPS_TITLE}, {words.SIDE_LEG[side]}"
        cards.append(parts.section(title, parts.drawing(drawn, f"steps-{side}", title, words)))
    cards.append(parts.section(words.COMFORT_TITLE, slot("comfort", pressing.lines)))
    return [*head, *cards, last]


def _lead(facts: target.Facts, person_id: str, words: Words) -> list[Any]:
    line = [html.P(target.lead(facts, words), className="lead")]
    if facts.skin and not facts.pressed:
        line.append(html.P(html.A(words.day.SKIN_LINK, href=f"/tell/{person_id}", className="button strong go")))
    return line


def _paused(reader: Reader, asked: tuple[str, date, date], now: datetime) -> bool:
    """Whether today is part of a pause, or a pause holds now that no record has come of."""
    if (reader.days(*asked)["status"] == "paused").any():
        return True
    pauses = reader.pauses(asked[0])
    begun = pauses["from_utc"] <= now
    return bool((begun & (pauses["until_utc"].isna() | (pauses["until_utc"] > now))).any())


def _day_off(told: pd.DataFrame, day: date) -> bool:
    if told.empty:
        return False
    return bool(((told["what"] == "day_off") & (pd.to_datetime(told["day"]).dt.date == day)).any())


def _worn(table: pd.DataFrame, side: str, named: bool, asked: target.Plan, aside: bool, words: Words) -> html.Div:
    worn, unknown = table["worn_min"].sum(), table["unknown_min"].sum()
    known = worn + table["not_worn_min"].sum()
    if known == 0:
        told = words.WORN_UNKNOWN
    else:
        told = words.WORN_SENTENCE.format(worn=words.duration(worn)) if worn >= 1 else words.WORN_NONE
    lines = [html.P(told, className="big")]
    if known and unknown >= steps.WORTH_SAYING_MIN:
        lines.append(parts.words_of(words.WORN_UNKNOWN_PART.format(unknown=words.duration(unknown))))
    shown = target.Plan("") if aside and not asked.most else asked
    lines.append(parts.words_of(words.GOAL_ASIDE if shown != asked else target.sentence(asked, worn, words)))
    name = [html.H3(words.SIDE_BRACE[side])] if named else []
    return html.Div([*name, *lines, _bar(worn, unknown, known > 0, shown, words)], className="worn")


def _bar(worn: float, unknown: float, known: bool, asked: target.Plan, words: Words) -> html.Div:
    """Worn, then what is not known, against the plan; where there is none, against the part of the day so far."""
    goal = 60 * asked.hours
    has_goal = not pd.isna(goal) and goal > 0
    full = 1.04 * max(goal, worn) if has_goal else max(worn + unknown, 60.0)
    worn_part = 100 * worn / full
    unknown_part = min(100 * unknown / full, 100 - worn_part)
    facts = {"worn": words.duration(worn), "unknown": words.duration(unknown)}
    label = words.BAR_LABEL_NO_GOAL.format(**facts)
    spans = [
        html.Span(className="bar-worn", style={"width": f"{worn_part:.2f}%"}),
        html.Span(className="bar-unknown", style={"width": f"{unknown_part:.2f}%"}),
    ]
    swatches = [("swatch-steps", words.KEY_WORN), ("swatch-unknown", words.KEY_UNKNOWN)]
    if has_goal:
        label = words.day.BAR_LABEL.format(**facts, mark=target.mark(asked, words))
        spans.append(html.Span(className="bar-goal", style={"left": f"calc({100 * goal / full:.2f}% - 3px)"}))
        swatches.append(("swatch-goal", target.mark(asked, words)))
    label = label if known else words.WORN_UNKNOWN
    bar = html.Div(spans, className="bar", role="img", **{"aria-label": label})
    return html.Div([bar, parts.key(swatches)])


def _braces(braces: pd.DataFrame, sides: list[str], here: datetime, words: Words) -> list[Any]:
    lines: list[Any] = []
    for side in sides:
        if len(sides) > 1:
            lines.append(html.H3(words.SIDE_BRACE[side]))
        own = braces[braces["side"] == side]
        lines.append(parts.words_of(_sync(own["last_sync_utc"].max(), here, words)))
        newest = own.sort_values("last_sync_utc", na_position="first").iloc[-1]
        lines.append(parts.words_of(_battery(newest["battery_pct"], words)))
        lines.append(parts.words_of(_fault(newest["fault_part"], words)))
    return lines


def _sync(last: Any, here: datetime, words: Words) -> str:
    if pd.isna(last):
        return words.SYNC_NEVER
    moment = local(last, here)
    sentence = words.SYNC_OLD if here - moment > OLD else words.SYNC
    return sentence.format(when=words.when(moment, here))


def _battery(percent: Any, words: Words) -> str:
    if pd.isna(percent):
        return words.BATTERY_UNKNOWN
    return (words.BATTERY_LOW if percent < LOW_PERCENT else words.BATTERY).format(percent=words.number(float(percent)))


def _fault(part: Any, words: Words) -> str:
    if pd.isna(part):
        return words.FAULT_UNKNOWN
    if part == "battery":  # low, or charged while worn: the wearer's own affair, and nothing measured is doubtful
        return words.FAULT_BATTERY
    return words.FAULT.format(part=words.PART.get(part, words.PART["unknown"])) if part else words.FAULT_NONE


def local(moment: Any, here: datetime) -> datetime:
    """A UTC moment of a table in the zone of `here`."""
    stamp = pd.Timestamp(moment)
    stamp = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp
    return stamp.tz_convert(here.tzinfo).to_pydatetime()


def register(app: Dash, site: Site) -> None:
    @app.callback(
        Output("today-body", "children"), Output("today-seen", "data"), Output({"slot": ALL}, "children"),
        Input("today-tick", "n_intervals"), State("url", "pathname"), State("today-seen", "data"),
        State({"slot": ALL}, "id"),
    )  # fmt: skip
    def refresh(
        _ticks: int | None, path: str | None, seen: dict[str, str] | None, shown: list[dict[str, str]]
    ) -> tuple[Any, dict[str, str], list[Any]]:
        built = site.safely(lambda: body(site.reader, site.person(path, PAGE.name), site.now(), site.words))
        return changed(built, [one["slot"] for one in shown], seen or {})


PAGE = Page("today", frozenset({PATIENT, ORTHOTIST}), PERSON, shell, register)
