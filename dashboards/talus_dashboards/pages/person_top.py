"""The first screen of a person: is it worn, does it work, does it press? Three answers, and before them what asks for a
look; behind them where nothing does.

Change and flags are the host's verdicts; here they become words. Nothing is called a change that no verdict calls so.
"""

from typing import Any

import pandas as pd
from dash import html

from talus_dashboards.figures.curves import ZERO_NM
from talus_dashboards.figures.pressure import sites
from talus_dashboards.pages import parts
from talus_dashboards.pages.look import Look
from talus_dashboards.pages.reasons import why

WORKS = ("heel_first_pct", "swing_dorsiflexion_deg", "moment_swing_nm")
HOURS = ("hours", "hours_max", "hours_more")
RAISED, CLEAR, UNKNOWN = "raised", "clear", "not_assessable"


def body(look: Look) -> list[Any]:
    """Three cards and the flags."""
    told = look.words.person
    changed = look.reader.changed(look.id, look.here.date(), look.length)
    days = look.days()
    flags = look.mine_or_neither(changed.flags)  # a fall is of no leg, and skin may be told of the leg without a brace
    asks = parts.section(told.FLAGS, *flag_lines(look, flags), level=2)
    raised = bool((flags["state"] == RAISED).any())
    three = [
        html.Div(
            [
                _card(told.WORN, [_worn(look, changed.adherence, side) for side in look.sides]),
                _card(told.WORKS, [_works(look, days, changed.verdicts, side) for side in look.sides]),
                _card(told.PRESSES, [_presses(look, side) for side in look.sides]),
            ],
            className="three",
        )
    ]
    return [asks, *three] if raised else [*three, asks]


def _card(title: str, answers: list[list[Any]]) -> html.Section:
    return parts.section(title, *(html.Div(answer, className="answer") for answer in answers))


def _named(look: Look, side: str) -> list[Any]:
    return [html.H3(look.words.SIDE_BRACE[side])] if len(look.sides) > 1 else []


def _big(text: str) -> html.P:
    return html.P(text, className="big")


def _worn(look: Look, adherence: pd.DataFrame, side: str) -> list[Any]:
    words, told = look.words, look.words.person
    own = adherence[adherence["side"] == side] if "side" in adherence else adherence
    if own.empty:
        return [*_named(look, side), _big(words.NOT_KNOWN), parts.words_of(told.WORN_NO_DAY, "note")]
    row = own.iloc[0]
    lines = [given(look, side), *adherence_lines(row, words)]
    return [*_named(look, side), _big(worn_answer(row, words)), *(parts.words_of(line, "note") for line in lines)]


def worn_answer(row: pd.Series, words: Any) -> str:
    """The range against the prescription; without one in hours, hours a day."""
    told = words.person
    if not row["assessable"]:
        return str(told.NOT_ASSESSABLE)
    if pd.notna(row["met_pct_high"]):
        return _range(row["met_pct_low"], row["met_pct_high"], 0, told.MET, told.MET_ONE, words)
    return _range(row["worn_h_low"], row["worn_h_high"], 1, told.HOURS_A_DAY, told.HOURS_A_DAY_ONE, words)


def _range(low: float, high: float, digits: int, both: str, one: str, words: Any) -> str:
    a, b = words.number(low, digits), words.number(high, digits)
    return one.format(high=b) if a == b else both.format(low=a, high=b)


def given(look: Look, side: str) -> str:
    """What is prescribed for a leg today, and since when."""
    words, told = look.words, look.words.person
    table = look.reader.prescriptions(look.id)
    mine = table[(table["side"] == side) & (pd.to_datetime(table["from_day"]).dt.date <= look.last)]
    if mine.empty or mine.sort_values("from_day").iloc[-1]["kind"] == "none":
        return str(told.NOTHING_PRESCRIBED)
    row = mine.sort_values("from_day").iloc[-1]
    figures = {
        name: words.number(row[name], 0 if row[name] == round(row[name]) else 1) for name in HOURS if row[name] > 0
    }
    day = words.day_row(pd.Timestamp(row["from_day"]).date())
    return str(told.PRESCRIBED.format(kind=told.KINDS[row["kind"]].format(**figures), day=day))


def adherence_lines(row: pd.Series, words: Any) -> list[str]:
    """What stands behind the range: hours, days, what cannot be seen, days over a break-in's most."""
    told = words.person

    lines = [told.UNASSESSED[kind] for kind in str(row["kinds"]).split(", ") if kind in told.UNASSESSED]
    if row["assessable"] and pd.notna(row["met_pct_high"]):
        hours = _range(row["worn_h_low"], row["worn_h_high"], 1, told.HOURS_A_DAY, told.HOURS_A_DAY_ONE, words)
        lines.append(told.HOURS_LINE.format(hours=hours))
        reached = _range(row["target_pct_low"], row["target_pct_high"], 0, told.SHARE, told.SHARE_ONE, words)
        lines.append(told.TARGET_LINE.format(share=reached))
    if row["assessable"] and row["days_valid"] < row["days"]:
        lines.append(told.RANGE_WHY)
    facts = {name: row[f"days_{name}"] for name in ("valid", "partial", "missing")}
    lines.append(words.DAYS_WITH_DATA.format(days=words.of_days(row["days"]), **facts))
    if row["days_little_walking"]:
        lines.append(words.THIN_DAYS.format(days=words.plural(row["days_little_walking"], *words.DAY_PLURAL)))
    if pd.notna(row["days_over"]) and row["days_over"]:
        lines.append(told.OVER.format(days=words.of_days(row["days_over"])))
    if row["discontinued"] != "no":
        lines.append(
            told.DISCONTINUED[str(row["discontinued"]).replace(" ", "_")].format(
                days=words.of_days(row["no_wear_days"])
            )
        )
    return [str(line) for line in lines]


def _works(look: Look, days: pd.DataFrame, verdicts: pd.DataFrame, side: str) -> list[Any]:
    words, told = look.words, look.words.person
    leg = days[(days["side"] == side) & (days["status"] == "valid")]
    lines: list[Any] = []
    for column in WORKS:
        values = leg[column].astype(float).dropna() if column in leg else pd.Series(dtype=float)
        if values.empty:
            continue
        name, unit = words.MEASURES[column]
        value = words.number(float(values.median()), 0 if column == "heel_first_pct" else 1)
        spaced = unit if unit == "°" else f" {unit}"
        zero = told.ZERO.format(zero=words.number(ZERO_NM, 1)) if column == "moment_swing_nm" else ""
        count = words.plural(len(values), *words.DAY_PLURAL)
        text = told.WORKS_LINE.format(name=name, value=f"{value}{spaced}{zero}", days=count)
        if not lines:
            lines = [
                _big(told.WORKS_BIG.format(name=name, value=f"{value}{spaced}")),
                parts.words_of(told.MIDDLE.format(days=words.of_days(len(values))), "note"),
            ]
        else:
            lines.append(parts.words_of(text, "note"))
    if not lines:
        lines = [_big(words.NOT_MEASURED), parts.words_of(told.WORKS_NONE, "note")]
    return [
        *_named(look, side),
        *lines,
        *(parts.words_of(line, "note") for line in verdict_lines(verdicts, side, words)),
    ]


def running(verdicts: pd.DataFrame, side: str) -> pd.DataFrame:
    """The verdicts of the segment that still runs."""
    if verdicts.empty:
        return verdicts
    return verdicts[(verdicts["side"] == side) & verdicts["end"].isna()]


def verdict_lines(verdicts: pd.DataFrame, side: str, words: Any) -> list[str]:
    """A line a verdict; figures of which the same is said share one."""
    told: dict[str, list[str]] = {}
    for _, row in running(verdicts, side).iterrows():
        name, said = verdict_line(row, words).split(": ", 1)
        told.setdefault(said, []).append(name)
    return [words.person.VERDICT.format(name=", ".join(names), verdict=said) for said, names in told.items()]


def verdict_line(row: pd.Series, words: Any) -> str:
    """One headline figure's verdict with the day it holds since, or is told on."""
    told = words.person
    name = words.MEASURES.get(row["measure"], (row["measure"],))[0]
    text = told.VERDICT.format(name=name, verdict=told.VERDICTS[row["verdict"]])
    if pd.notna(row["since"]):
        text += told.SINCE.format(day=words.day_short(row["since"].date()))
    elif row["verdict"] == "too_early" and pd.notna(row["tell_on"]):
        text += told.TELL_ON.format(day=words.day_row(row["tell_on"].date()))
    return str(text)


def _presses(look: Look, side: str) -> list[Any]:
    words, told = look.words, look.words.person
    pressed = look.reader.pressure_days(*look.asked)
    events = look.reader.pressure_events(*look.asked)
    mine, own = pressed[pressed["side"] == side], events[events["side"] == side]
    table = sites(mine, own)
    able = int((table["minutes_amber"].notna() & (table["measured_min"] > 0)).sum())
    if not able and own.empty:
        return [*_named(look, side), _big(words.NOT_MEASURED), parts.words_of(told.PRESSES_NONE, "note")]
    red, amber = int((own["tier"] == "red").sum()), int((own["tier"] == "amber").sum())
    still = int(own["end_utc"].isna().sum())
    head = told.PRESSES_EVENTS.format(red=red, amber=amber) if red + amber else told.PRESSES_QUIET
    lines = [told.PRESSES_SITES.format(able=able, of=len(table), hours=words.number(table["measured_min"].max() / 60))]
    if still:
        lines.insert(0, told.PRESSES_OPEN.format(open=still))
    if red + amber:
        worst = own.groupby("site").size().sort_values(ascending=False)
        lines.append(
            told.PRESSES_WORST.format(site=words.SITE.get(worst.index[0], worst.index[0]), count=int(worst.iloc[0]))
        )
    return [*_named(look, side), _big(head), *(parts.words_of(line, "note") for line in lines)]


def flag_lines(look: Look, flags: pd.DataFrame, only: tuple[str, ...] = ()) -> list[Any]:
    """Raised flags with their reason and what to do; what could not be judged, by name; how many are clear."""
    words, told = look.words, look.words.person
    mine = flags[flags["flag"].isin(only)] if only else flags
    raised = mine[mine["state"] == RAISED]
    lines: list[Any] = []
    for row in raised.itertuples():
        what, do = told.FLAG.get(row.flag, (row.flag, ""))
        since = "" if pd.isna(row.since) else told.SINCE.format(day=words.day_short(row.since.date()))
        side = f" ({words.SIDE_LEG[row.side]})" if row.side in words.SIDE_LEG else ""
        heading = f"{what}{side}{since}"
        lines.append(parts.notice(heading, why(row.reason, words), do, kind="notice strong"))
    unknown = mine[mine["state"] == UNKNOWN]
    if raised.empty:
        lines.append(parts.words_of(told.NO_FLAG_UNKNOWN if len(unknown) or mine.empty else told.NO_FLAG))
    if len(unknown):
        items = [
            html.Li(
                f"{told.FLAG.get(row.flag, (row.flag, ''))[0]} ({words.SIDE_LEG[row.side]}): {why(row.reason, words)}"
            )
            for row in unknown.itertuples()
        ]
        summary = html.Summary(told.NOT_JUDGED.format(count=len(unknown)))
        lines.append(html.Details([summary, html.Ul(items, className="events")], className="fold"))
    lines.append(parts.words_of(told.CLEAR.format(count=int((mine["state"] == CLEAR).sum())), "note"))
    return lines if only else [*lines, parts.words_of(told.EMERGENCY, "note")]
