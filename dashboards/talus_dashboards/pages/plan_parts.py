"""What stands in each part of the plan: what holds now, since when, who said so, and the way back of each entry."""

from datetime import datetime
from typing import Any

import pandas as pd
from dash import html

from talus_dashboards.pages import entering, parts
from talus_dashboards.reader import Reader
from talus_dashboards.words import Words

HOURS = ("hours", "hours_max", "hours_more")


def prescriptions(reader: Reader, person: pd.Series, now: datetime, words: Words) -> Any:
    """All that was prescribed, the newest day first; what a later entry replaced says so."""
    said = words.plan
    found = reader.prescription_history(person["person_id"])
    if found.empty:
        return parts.words_of(said.RX_NONE)
    who = reader.entered_by(person["person_id"], [int(one) for one in found["entered_ms"]])
    holds = ~found.duplicated(["side", "from_day"], keep="last")
    rows = []
    for row, held in zip(found.to_dict("records"), holds, strict=True):
        name = prescribed(row, words)
        at = int(row["entered_ms"])
        told = entering.entered(pd.Timestamp(at, unit="ms", tz="UTC"), now, words, who[at])
        key = f"rx|{row['side']}|{row['from_day'].date()}|{row['entered_ms']}"
        beside = told if held else f"{told} {said.REPLACED}"
        rows.append((row["from_day"], row["entered_ms"], _entry(name, beside, key, words)))
    rows.sort(key=lambda one: one[:2], reverse=True)
    return html.Ul([one for *_, one in rows], className="entries")


def prescribed(row: dict[Any, Any], words: Words) -> str:
    said = words.plan
    hours = {name: words.duration(60 * row[name]) if not pd.isna(row[name]) else "" for name in HOURS}
    what = said.RX_TOLD[row["kind"]].format(**hours)
    day = words.day_row(pd.Timestamp(row["from_day"]).date())
    return str(said.RX_ENTRY.format(what=what, side=words.SIDE_LEG[row["side"]], day=day))


def limits(reader: Reader, person: pd.Series, now: datetime, words: Words) -> Any:
    """Every limit with its default, its range and its reason; one's own can go back to the default."""
    said = words.plan
    found = reader.thresholds(person["person_id"])
    if found.empty:
        return parts.words_of(said.LIMITS_NONE)
    rows = [
        [
            _limit(row["name"], words), with_unit(row["value"], row["unit"], words),
            with_unit(row["default"], row["unit"], words),
            said.RANGE.format(low=words.number(row["low"]), high=with_unit(row["high"], row["unit"], words)),
            said.LIMIT_WHY.get(row["name"], row["why"]),
        ]
        for row in found.to_dict("records")
    ]  # fmt: skip
    who = reader.entered_by(person["person_id"], [int(one) for one in found["entered_ms"].dropna()])
    own = [
        _entry(
            f"{_limit(row['name'], words)}: {with_unit(row['value'], row['unit'], words)}",
            entering.entered(
                pd.Timestamp(row["entered_ms"], unit="ms", tz="UTC"), now, words, who[int(row["entered_ms"])]
            ),
            f"limit|{row['name']}", words, does=said.DEFAULT_AGAIN,
        )
        for row in found[found["own"].to_numpy(bool)].to_dict("records")
    ]  # fmt: skip
    listed = [html.Ul(own, className="entries")] if own else []
    return [parts.table("plan-limits", said.LIMITS_TITLE, said.LIMIT_COLUMNS, rows, words), *listed]


def limit_options(reader: Reader, person: pd.Series, words: Words) -> list[dict[str, str]]:
    found = reader.thresholds(person["person_id"])
    return [{"value": name, "label": _limit(name, words)} for name in found.get("name", [])]


def _limit(name: str, words: Words) -> str:
    return str(words.plan.LIMITS.get(name, name))


def with_unit(value: float, unit: str, words: Words) -> str:
    return f"{words.number(value)} {words.plan.UNITS.get(unit, unit)}".strip()


def headlines(reader: Reader, person: pd.Series, now: datetime, words: Words) -> Any:
    said = words.plan
    chosen = reader.headlines(person["person_id"])
    entered_ms = reader.headlines_entered_ms(person["person_id"])
    items = [
        html.Li(
            said.HEADLINE.format(
                name="{} ({})".format(*entering.measure(one.measure, words)), better=said.BETTER[one.better]
            )
        )
        for one in chosen
    ]
    told: list[Any] = [html.Ul(items)]
    if not entered_ms:
        return [*told, parts.words_of(said.HEADLINES_USUAL, "note")]
    by = reader.entered_by(person["person_id"], [entered_ms])[entered_ms]
    when = entering.entered(pd.Timestamp(entered_ms, unit="ms", tz="UTC"), now, words, by)
    return [*told, html.Ul(_entry(said.HEADLINES_CHOSEN, when, f"headline|{entered_ms}", words), className="entries")]


def visit(reader: Reader, person: pd.Series, now: datetime, words: Words) -> Any:
    said = words.plan
    day = reader.visit(person["person_id"])
    if not isinstance(day, str):
        return parts.words_of(said.VISIT_NONE)
    told = said.VISIT_PAST if day < now.date().isoformat() else said.VISIT
    name = told.format(day=words.day_row(pd.Timestamp(day).date()))
    return html.Ul(_entry(name, "", f"visit|{day}", words), className="entries")


def exercises(reader: Any, person: pd.Series, words: Words) -> Any:
    said = words.plan
    found = reader.exercise_plan(person["person_id"])
    if found.empty:
        return parts.words_of(said.EXERCISES_NONE)
    rows = [
        [
            said.EXERCISES.get(row["exercise"], row["exercise"]), words.SIDE[row["side"]],
            words.day_row(row["from_day"].date()),
            said.ENDED if not row["sets_a_day"] else said.SETS.format(
                **{name: words.number(row[name]) for name in ("sets_a_day", "repetitions", "days_a_week")}
            ),
        ]
        for row in found.to_dict("records")
    ]  # fmt: skip
    table = parts.table("plan-exercises", said.EXERCISES_TITLE, said.EXERCISE_COLUMNS, rows, words)
    return [table, html.Ul(_entry(said.EXERCISE_LAST, "", "exercise|", words), className="entries")]


def about(reader: Reader, person: pd.Series, words: Words) -> Any:
    said = words.plan
    known = reader.person(person["person_id"])
    goal, mass = known["goal_h"], known["mass_kg"]
    lines = (
        said.GOAL_IS.format(goal=words.duration(60 * goal)) if goal else said.GOAL_NONE,
        said.MASS_IS.format(mass=words.number(mass, 1)) if mass else said.MASS_NONE,
        said.ZONE_IS.format(zone=known["zone"]),
    )
    return [parts.words_of(line) for line in lines]


def braces(reader: Reader, person: pd.Series, words: Words) -> Any:
    found = reader.braces(person["person_id"])
    if found.empty:
        return parts.words_of(words.plan.BRACES_NONE)
    rows = [[row.device, words.SIDE[row.side]] for row in found.itertuples()]
    return parts.table("plan-braces", words.plan.BRACES_TITLE, words.plan.BRACE_COLUMNS, rows, words)


def _entry(name: str, beside: str, key: str, words: Words, does: str = "") -> html.Li:
    does = does or words.entering.TAKE_BACK
    told = {"aria-label": f"{does}: {name}"}
    button = html.Button(does, id={"type": "plan-back", "key": key}, type="button", className="button", **told)
    return html.Li([html.Span([name, html.Br(), html.Span(beside, className="note")] if beside else name), button])
