"""Does it work? Walking by the length of walks and at one cadence, the shank's angle, and every measure day by day."""

from datetime import date
from typing import Any

import pandas as pd
from dash import html

from talus_dashboards import habits
from talus_dashboards.figures import measures, spread
from talus_dashboards.pages import parts
from talus_dashboards.pages.look import Look
from talus_dashboards.pages.person_top import running, verdict_line

CLASS_MEASURES = (
    ("cadence_spm", 0), ("heel_first_pct", 0), ("swing_dorsiflexion_deg", 1), ("ankle_at_contact_deg", 1),
    ("ankle_range_deg", 1), ("stance_pct", 1), ("shank_to_vertical_deg", 1), ("moment_swing_nm", 2),
)  # fmt: skip
FEW_DAYS = 7  # fewer compare nothing (clinical reference 0.4.6)


def body(look: Look) -> list[Any]:
    """Verdicts, the table by class of walk, the shank's angle."""
    words = look.words
    days = look.days()
    if days.empty:
        return [parts.section(words.SECTION_GAIT, parts.words_of(words.NO_DATA_PERIOD), level=3)]
    changed = look.reader.changed(look.id, look.here.date(), look.length)
    bands = look.reader.cadence_bands(*look.asked)
    counts = look.reader.histograms(*look.asked)
    page: list[Any] = [_verdicts(look, changed.verdicts)]
    for side in look.sides:
        leg = days[days["side"] == side]
        mine = bands[bands["side"] == side] if len(bands) else bands
        page.append(_classes(look, leg, mine, side))
    page.append(html.Div([_shank(look, counts, side) for side in look.sides], className="grid"))
    return page


def day_by_day(look: Look) -> list[Any]:
    """A figure a measure: a section of its own, for thirteen figures take longest to draw."""
    words = look.words
    days = look.days()
    if days.empty:
        return [parts.section(words.SECTION_GAIT, parts.words_of(words.NO_DATA_PERIOD), level=3)]
    return [parts.words_of(words.NO_CLAIM, "note"), *each_day(days, look.first, look.last, words)]


def _verdicts(look: Look, verdicts: pd.DataFrame) -> html.Section:
    words, told = look.words, look.words.person
    rows = []
    for side in look.sides:
        for _, row in running(verdicts, side).iterrows():
            digits = 1 if abs(row["baseline"]) < 20 else 0
            figures = [
                words.number(float(row[name]), digits) for name in ("baseline", "latest", "difference", "needed")
            ]
            name, unit = words.MEASURES.get(row["measure"], (row["measure"], ""))
            said = verdict_line(row, words).partition(": ")[2]
            if row["selection_risk"]:
                said += told.SELECTION.format(percent=words.number(row["wear_change_pct"]))
            rows.append([f"{name} ({unit})", words.SIDE[side], *figures, words.number(row["days"]), said])
    if not rows:
        return parts.section(told.CHANGE, parts.words_of(told.CHANGE_NONE), level=3)
    table = parts.table("verdicts", told.CHANGE, told.CHANGE_COLUMNS, rows, words)
    return parts.section(told.CHANGE, parts.words_of(told.CHANGE_RULE, "note"), table, level=3)


def _classes(look: Look, leg: pd.DataFrame, bands: pd.DataFrame, side: str) -> html.Section:
    words, told = look.words, look.words.person
    title = look.titled(told.CLASSES_TITLE, side)
    if bands.empty:
        return parts.section(title, parts.words_of(told.CLASSES_NONE), level=3)
    usual = habits.usual_cadence(leg)
    columns = [told.CLASSES_COLUMN, *(told.CLASSES[name] for name in habits.CLASSES)]
    if not pd.isna(usual):
        columns.append(told.MATCHED.format(cadence=words.number(usual), within=words.number(habits.WITHIN_SPM)))
    rows = []
    for measure, digits in CLASS_MEASURES:
        name, unit = words.MEASURES[measure]
        found = [habits.of_class(bands, measure, one) for one in habits.CLASSES]
        if not pd.isna(usual):
            found.append(habits.of_class(bands, measure, "10", usual))
        if any(one.days for one in found):
            rows.append([f"{name} ({unit})", *(cell(one, digits, words) for one in found)])
    valid = int((leg["status"] == "valid").sum())
    coverage = leg["coverage"].astype(float).mean()
    steps = leg["steps"].astype(float).sum(min_count=1)
    confidence = told.CONFIDENCE.format(
        valid=valid, days=words.of_days(look.length), steps=words.number(float(steps)),
        coverage=words.NOT_KNOWN if pd.isna(coverage) else f"{words.number(100 * float(coverage))} %",
    )  # fmt: skip
    table = parts.table(f"classes-{side}", title, columns, rows, words)
    return parts.section(title, parts.words_of(confidence), table, parts.words_of(told.CLASSES_NOTE, "note"), level=3)


def cell(found: habits.Middle, digits: int, words: Any) -> str:
    """Median, middle half, and what stands behind them; few days are called few."""
    told = words.person
    if not found.days:
        return str(words.NOT_MEASURED)
    median, q1, q3 = (words.number(one, digits) for one in (found.median, found.q1, found.q3))
    facts = {
        "days": words.plural(found.days, *words.DAY_PLURAL),
        "strides": words.plural(found.strides, *words.STRIDE_PLURAL),
    }
    few = told.FEW if found.days < FEW_DAYS else ""
    return str(told.CELL.format(median=median, q1=q1, q3=q3, few=few, **facts))


def _shank(look: Look, counts: pd.DataFrame, side: str) -> html.Section:
    words, told = look.words, look.words.person
    mine = counts[(counts["side"] == side) & (counts["measure"] == "shank_to_vertical_deg")] if len(counts) else counts
    if mine.empty:
        mine = pd.DataFrame({"bin": [], "strides": []})
    title = look.titled(told.SVA_TITLE, side)
    drawn = spread.shank_to_vertical(mine, side=side, words=words)
    picture = parts.drawing(drawn, f"shank-{side}", title, words, text_first=False)
    return parts.section(title, picture, parts.words_of(told.SVA_NOTE, "note"), level=3)


def each_day(days: pd.DataFrame, first: date, last: date, words: Any) -> list[Any]:
    """A figure a measure, in groups."""
    begun = max(first, pd.to_datetime(days["day"]).dt.date.min())
    sides = [side for side in words.SIDE if side in set(days["side"])]
    page: list[Any] = [parts.key(measures.key(sides, words))]
    for group, title in words.GROUPS.items():
        cards = [
            measure_card(days, measure, begun, last, words)
            for measure in measures.MEASURES
            if measure.group == group and measure.column in days
        ]
        page.append(html.Div(cards, className="grid group", role="group", **{"aria-label": title}))
    return [page[0], html.Div(page[1:], className="grid")]


def measure_card(days: pd.DataFrame, measure: measures.Measure, first: date, last: date, words: Any) -> html.Section:
    name, unit = words.MEASURES[measure.column]
    drawn = measures.over_days(days, measure, first, last, words=words)
    heading = f"{name} ({unit})"
    picture = parts.drawing(drawn, f"measure-{measure.column}", heading, words, text_first=False, keyed=False)
    return parts.section(heading, picture, level=3)
