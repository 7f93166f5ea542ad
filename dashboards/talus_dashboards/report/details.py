"""The parts of a report below wear: gait, comfort, what was told and changed; and the second page, which says why.

Lists are cut where they would grow without end, and say how many more there are.
"""

from html import escape
from typing import Any

import pandas as pd

from talus_dashboards.figures.curves import ZERO_NM
from talus_dashboards.reader import RULES
from talus_dashboards.report import drawn
from talus_dashboards.report.facts import Facts, Leg, Row, Site, within_zero
from talus_dashboards.report.said import DIGITS, Markup, Said

GAIT_ROWS = {1: 8, 2: 4, 3: 3}  # of each leg on the first page, by how many legs there are
FIRST = ("moment_swing_nm", "assist_impulse_nms", "stiffness_nm_deg", "neutral_deg")  # of the brace's figures
ENTERED, GAPS = 5, 16
SCORE = "pain"  # told from 0 to 10
COLUMNS = {1: "one", 2: "two", 3: "three"}  # names of the style sheet
CUT = 150  # characters of a note that are printed
EVENTS_MM = {1: 72.0, 2: 24.0, 3: 10.0}  # width of the strip of hours


def part(title: str, *bodies: str) -> str:
    return f"<h2>{escape(title)}</h2>{''.join(bodies)}"


def said(text: str, kind: str = "small") -> str:
    return f'<p class="{kind}">{escape(text)}</p>'


def listed(lines: list[str], most: int, say: Said) -> str:
    most = min(most, say.most)
    shown = lines[:most]
    if len(lines) > most:
        shown.append(say.t.MORE.format(count=say.words.number(len(lines) - most)))
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in shown) + "</ul>"


# -- gait -----------------------------------------------------------------------------------------------------------


def gait(facts: Facts, say: Said) -> str:
    """The judged figures and the first of the others; the rest is on the second page."""
    most = GAIT_ROWS[len(facts.legs)]
    rows = [(leg, row) for leg in facts.legs for row in leg.gait[:most]]
    if not rows:
        return part(say.t.GAIT, said(say.t.GAIT_NONE, "none"))
    rule = say.t.GAIT_RULE.format(**_rules(say))
    looked = _looked(facts, say) if len(facts.legs) == 1 else []
    return part(say.t.GAIT, _table(rows, facts, say), said(rule), *looked)


def _looked(facts: Facts, say: Said) -> list[str]:
    """What each verdict stands on; a figure nobody looked at yet has nothing to say."""
    lines = []
    for leg in facts.legs:
        name = f"{say.words.SIDE[leg.side]}: " if len(facts.legs) > 1 else ""
        lines += [said(name + say.looked(row)) for row in leg.gait if row["verdict"] and row["verdict"]["days"]]
    return lines


def _table(rows: list[tuple[Leg, Row]], facts: Facts, say: Said) -> str:
    """With leg and verdict."""
    names = _columns(facts, say)
    lines = []
    for leg, row in rows:
        name, *figures = _figures(row, say)
        lines.append([name, say.words.SIDE[leg.side], *figures, say.verdict(row)])
    return say.table(names, lines, numbers=(2, 3, 4, 5))


def _beside(legs: list[tuple[Leg, list[Row]]], facts: Facts, say: Said) -> str:
    """A table for each leg, without verdicts, side by side."""
    names = _columns(facts, say)
    tables = []
    for leg, rows in legs:
        name = f"<h3>{escape(say.words.SIDE_BRACE[leg.side])}</h3>" if len(legs) > 1 else ""
        body = say.table([names[0], *names[2:-1]], [_figures(row, say) for row in rows], numbers=(1, 2, 3, 4))
        tables.append(f"<div>{name}{body if rows else said(say.words.NOT_MEASURED, 'none')}</div>")
    return f'<div class="legs {COLUMNS[len(legs)]}">{"".join(tables)}</div>'


def _columns(facts: Facts, say: Said) -> list[str]:
    days = say.words.plural(facts.asked.period_days, *say.words.DAY_PLURAL)
    return [name.format(days=days) for name in say.t.GAIT_COLUMNS]


def _figures(row: Row, say: Said) -> list[str]:
    digits = DIGITS[row["measure"]]
    sides = [say.counted(row[name], row[f"{name}_days"], digits) for name in ("before", "now")]
    return [
        say.measure(row["measure"]),
        *sides,
        say.signed(row["difference"], digits),
        say.number(row["needed"], digits),
    ]


# -- comfort --------------------------------------------------------------------------------------------------------


def comfort(facts: Facts, say: Said) -> str:
    sites = [site for leg in facts.legs for site in leg.sites]
    if not sites:
        return part(say.t.COMFORT, said(say.t.COMFORT_NOT_MEASURED, "none"))
    measured = sum(site.measured_h > 0 for site in sites)
    events = sum(sum(site.amber) + sum(site.red) for site in sites)
    none = ""
    if not events and measured:
        noun = say.words.COMFORT_PLACES[measured != 1]
        none = said(say.words.COMFORT_NONE.format(places=say.words.number(measured), noun=noun), "")
    count = len(facts.legs)
    legs = "".join(f"<div>{_sites(leg, say, count)}</div>" for leg in facts.legs)
    return part(say.t.COMFORT, none, f'<div class="legs {COLUMNS[count]}">{legs}</div>', said(say.t.COMFORT_KEY))


def _sites(leg: Leg, say: Said, count: int) -> str:
    name = f"<h3>{escape(say.words.SIDE_BRACE[leg.side])}</h3>" if count > 1 else ""
    if not leg.sites:
        return name + said(say.t.COMFORT_NOT_MEASURED, "none")
    rows = [_site(site, say, EVENTS_MM[count]) for site in leg.sites]
    return name + say.table(say.t.COMFORT_COLUMNS, rows, numbers=(1, 2, 3))


def _site(site: Site, say: Said, width: float) -> list[str]:
    """A row: what was not measured, or cannot be by this sensor, has a dash or says so, never a zero."""
    name = say.words.SITE.get(site.site, site.site) + (say.t.STILL_OPEN if site.still_open else "")
    hours = [f"{hour:02d}" for hour in range(24) if site.amber[hour] + site.red[hour]]
    text = f"{name}: {say.t.BY_HOUR} {', '.join(hours) or say.NONE}"
    picture = Markup(drawn.event_hours(site.amber, site.red, site.measured_h > 0, width, text))
    events = f"{say.words.number(sum(site.amber))} / {say.words.number(sum(site.red))}"
    if not site.measured_h > 0:
        return [name, events if hours else say.NONE, say.NONE, say.words.NOT_MEASURED, picture]
    minutes = [say.number(told) if told == told else say.t.BLIND for told in (site.minutes_amber, site.minutes_red)]
    return [name, events, " / ".join(minutes), f"{say.number(site.measured_h)} {say.words.HOURS}", picture]


# -- what was told, entered and changed -----------------------------------------------------------------------------


def entered(facts: Facts, say: Said) -> str:
    left = _told(facts, say)
    right = [*_changes(facts, say), *_notes(facts, say)]
    one = listed(left, ENTERED, say) if left else said(say.t.NOTHING_TOLD, "none")
    two = listed(right, ENTERED, say) if right else said(say.t.NOTHING_CHANGED, "none")
    return (
        f'<div class="pair"><div>{part(say.t.TOLD_TITLE, one)}</div><div>{part(say.t.CHANGES_TITLE, two)}</div></div>'
    )


def _told(facts: Facts, say: Said) -> list[str]:
    """A line for each kind of entry: how often, and what was said last; of a score its range besides."""
    lines = []
    for what in dict.fromkeys(row["what"] for row in facts.told):
        mine = [row for row in facts.told if row["what"] == what]
        times = say.words.plural(len(mine), *say.t.TIMES)
        line = say.t.TOLD_LINE.format(what=_named(what, say), times=times, day=say.day(_date(mine[0])))
        if what == SCORE and len(mine) > 1:
            values = [float(row["value"]) for row in mine]
            line += say.t.TOLD_SPREAD.format(spread=say.spread(min(values), max(values)))
        last = _answer(mine[0], say)
        line += f": {last}" if last else ""
        helped = sum(row["told_by"] == "helper" for row in mine)
        lines.append(line + (say.t.BY_HELPER.format(count=say.words.number(helped)) if helped else ""))
    return lines


def _named(what: str, say: Said) -> str:
    return str(say.words.tell.WHAT.get(what, what))


def _answer(row: Row, say: Said) -> str:
    """In the words it was given in; "" where the entry says all."""
    if pd.isna(row["value"]):
        return ""
    if row["what"] == SCORE:
        return str(say.words.tell.OF_TEN.format(score=say.words.number(float(row["value"]))))
    return str(say.words.tell.ANSWER.get(f"{row['what']}_{row['value']:.0f}", ""))


def _date(row: Row) -> Any:
    return row["at"].date()


def _changes(facts: Facts, say: Said) -> list[str]:
    return [
        f"{say.day(row['day'])}, {say.words.SIDE_LEG[row['side']]}: {say.t.CHANGES.get(row['what'], row['what'])}"
        for row in reversed(facts.changes)
    ]


def _notes(facts: Facts, say: Said) -> list[str]:
    lines = []
    for row in reversed(facts.notes):
        first, last = say.day(row["first_day"]), say.day(row["last_day"])
        text = " ".join(str(row["text"]).split())
        text = text if len(text) <= CUT else text[:CUT].rstrip() + "\u2026"
        lines.append(f"{first if first == last else say.t.RANGE.format(low=first, high=last)}: {text}")
    return lines


# -- the second page ------------------------------------------------------------------------------------------------


def behind(facts: Facts, say: Said) -> str:
    most = GAIT_ROWS[len(facts.legs)]
    rest = [(leg, [*leg.gait[most:], *_mechanics(leg, first=False)]) for leg in facts.legs]
    more = part(say.t.MORE_FIGURES, _beside(rest, facts, say)) if any(rows for _, rows in rest) else ""
    pair = f'<div class="pair"><div>{_entries(facts, say)}</div><div>{_gaps(facts, say)}</div></div>'
    own = ""
    if len(facts.legs) > 1:
        looked = _looked(facts, say)
        own = (part(say.t.LOOKED_TITLE, *looked) if looked else "") + brace(facts, say)
    return more + own + _adjustments(facts, say) + pair + _standing(facts, say) + _foot(facts, say)


def brace(facts: Facts, say: Said) -> str:
    """Assist and what the brace does by itself, with what the zero of its bridge leaves open."""
    legs = [(leg, _mechanics(leg, first=True)) for leg in facts.legs]
    rows = [(leg, row) for leg, mine in legs for row in mine]
    if not rows:
        return part(say.t.BRACE, said(say.t.BRACE_NONE, "none"))
    lines = [say.t.ZERO.format(zero=say.number(ZERO_NM, 1))]
    for leg, row in rows:
        if within_zero(row):
            lines.append(f"{say.words.SIDE[leg.side]}: {say.t.WITHIN_ZERO.format(name=say.measure(row['measure']))}")
    for leg in facts.legs:
        middle, low, high = (100 * share for share in leg.ratio)
        if middle == middle:
            told = say.t.RATIO.format(middle=say.number(middle), low=say.number(low), high=say.number(high))
            lines.append(f"{say.words.SIDE[leg.side]}: {told}")
    return part(say.t.BRACE, _beside(legs, facts, say), said(" ".join(lines)))


def _mechanics(leg: Leg, *, first: bool) -> list[Row]:
    """Rows of the first page, or those behind them."""
    return [row for row in leg.mechanics if (row["measure"] in FIRST) == first]


def _adjustments(facts: Facts, say: Said) -> str:
    rows = []
    for row in facts.adjustments[: say.most]:
        digits = DIGITS[row["measure"]]
        what = ", ".join(say.t.CHANGES.get(one, one) for one in str(row["what"]).split(", "))
        difference = say.t.TOO_FEW if row["why"] else say.signed(row["difference"], digits)
        margin = "" if row["why"] else f" \u00b1 {say.number(1.96 * row['se'], digits)}"
        sides = [say.counted(row[name], row[f"{name}_days"], digits) for name in ("before", "after")]
        line = [say.words.day_row(row["day"].date()), say.words.SIDE[row["side"]], what, say.measure(row["measure"])]
        rows.append([*line, *sides, difference + margin])
    if not rows:
        return ""
    return part(say.t.ADJUSTED, say.table(say.t.ADJUSTED_COLUMNS, rows, numbers=(4, 5, 6)), said(say.t.ADJUSTED_RULE))


def _entries(facts: Facts, say: Said) -> str:
    """Every entry by its day, and the timed walks."""
    lines = []
    for row in facts.told:
        side = f", {say.words.SIDE_LEG[row['side']]}" if row["side"] else ""
        answer = _answer(row, say)
        told_by = say.words.tell.BY.get(row["told_by"])
        behind = f" ({told_by})" if told_by else ""
        lines.append(
            f"{say.day(_date(row))}: {_named(row['what'], say)}{side}{f': {answer}' if answer else ''}{behind}"
        )
    walks = [
        say.t.WALK.format(
            day=say.day(_date(row)), distance=say.number(row["distance_m"], 2 if row["distance_m"] % 1 else 0),
            seconds=say.number(row["seconds"], 1), speed=say.number(row["distance_m"] / row["seconds"], 2),
            brace=say.t.BRACE_ON[not row["brace_on"]],
        )
        for row in facts.walks
    ]  # fmt: skip
    told = listed(lines, say.most, say) if lines else said(say.t.NOTHING_TOLD, "none")
    timed = listed(walks, ENTERED, say) if walks else said(say.t.NO_WALK, "none")
    return part(say.t.ENTRIES, told) + part(say.t.WALKS, timed)


def _gaps(facts: Facts, say: Said) -> str:
    lines = []
    for leg in facts.legs:
        found = [f"{say.day(day)} {say.number(hours, 1)} {say.words.HOURS}" for day, hours in reversed(leg.gaps)]
        if found:
            more = len(found) - GAPS
            told = ", ".join(found[:GAPS]) + (
                f", {say.t.MORE.format(count=say.words.number(more))}" if more > 0 else ""
            )
            lines.append(f"{say.words.SIDE[leg.side]}: {told}")
    for device in dict.fromkeys(row["device"] for row in facts.standing):
        row = next(one for one in facts.standing if one["device"] == device)
        if row["lost"] or row["unplaced"]:
            counts = {name: say.words.number(row[name]) for name in ("lost", "unplaced")}
            lines.append(say.t.LOST.format(brace=str(device)[:6], **counts))
    gaps = listed(lines, say.most, say) if lines else said(say.t.NO_GAP, "none")
    faults = [_fault(row, facts, say) for row in reversed(facts.faults)]
    told = listed(faults, say.most, say) if faults else said(say.t.NO_FAULT, "none")
    return part(say.t.GAPS, gaps) + part(say.t.FAULTS, told)


def _fault(row: Row, facts: Facts, say: Said) -> str:
    zone = facts.asked.zone
    begun, ended = (
        None if pd.isna(row[name]) else row[name].tz_convert(zone).date() for name in ("start_utc", "end_utc")
    )
    state = say.t.STATES.get(row["state"], say.t.STATES["unknown"])
    since = say.t.SINCE.format(day=say.day(begun))
    span = since if ended is None else f", {say.t.RANGE.format(low=say.day(begun), high=say.day(ended))}"
    channel = f" {int(row['channel'])}" if row["channel"] == row["channel"] and row["channel"] else ""
    part_name = say.words.PART.get(row["sensor"], say.words.PART["unknown"])
    return f"{say.words.SIDE[row['side']]}, {part_name}{channel}: {state}{span}"


def _standing(facts: Facts, say: Said) -> str:
    rows = []
    for row in facts.standing:
        calibration, settings = (
            say.NONE if pd.isna(row[name]) else shown(row[name])
            for name, shown in (("calibration", lambda v: f"{int(v)}"), ("settings", lambda v: f"{int(v):08x}"))
        )
        program = say.NONE if pd.isna(row["program"]) else str(row["program"])
        day = say.words.day_row(pd.Timestamp(row["from_day"]).date())
        rows.append([str(row["device"])[:6], say.words.SIDE[row["side"]], program, calibration, settings, day])
    if not rows:
        return part(say.t.STANDING, said(say.t.STANDING_NONE, "none"))
    cut = say.table(say.t.STANDING_COLUMNS, rows[-say.most :])
    more = [said(say.t.MORE.format(count=say.words.number(len(rows) - say.most)))] if len(rows) > say.most else []
    return part(say.t.STANDING, cut, *more)


def _rules(say: Said) -> dict[str, str]:
    digits = {"claim_se": 2}
    return {name: say.words.number(float(value), digits.get(name, 0)) for name, value in RULES.items()}


def _foot(facts: Facts, say: Said) -> str:
    lines = [line.format(**_rules(say)) for line in say.t.RULES]
    limits = [
        say.t.LIMITS.get(row["name"], row["name"] + " {value}").format(value=say.words.number(row["value"]))
        + (say.t.OWN if row["own"] else "")
        for row in facts.asked.thresholds.to_dict("records")
    ]
    if limits:
        lines.append(say.t.LIMITS_LINE.format(limits="; ".join(limits)))
    return part(say.t.RULES_TITLE, '<div class="rules">' + "".join(said(line) for line in lines) + "</div>")
