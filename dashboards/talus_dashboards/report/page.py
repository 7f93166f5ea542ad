"""A report's facts as one HTML document: the first page in its fixed order, the second with what stands behind it."""

from html import escape
from importlib import resources

import pandas as pd

from talus_dashboards.report import details, drawn, wear
from talus_dashboards.report.facts import Facts, Leg
from talus_dashboards.report.said import Said
from talus_dashboards.words import Words

# Class of the style sheet and lines of a list, tried in turn until two pages hold it all: lists give way before type.
SIZES = (("", 10), ("", 5), ("tight", 10), ("tight", 5), ("tightest", 5), ("tightest", 3))
OF_TWO_LEGS = SIZES[2:]  # which stand side by side
WIDTH_MM = 188.0
GAP_MM = 5.0


def page(facts: Facts, words: Words, *, size: tuple[str, int] = SIZES[0], version: str = "") -> str:
    """The document. size: one of SIZES; version: of the program that makes it."""
    say = Said(words, size[1])
    style = resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    first = [_head(facts, say, version), *_flags(facts, say)]
    if facts.empty:
        first.append(f"<p>{escape(words.report.EMPTY)}</p>")
    else:
        first += [_wear(facts, say), details.gait(facts, say), details.comfort(facts, say)]
    first.append(details.entered(facts, say))
    if not facts.empty and len(facts.legs) == 1:
        first.append(details.brace(facts, say))
    behind = "" if facts.empty else f'<div class="details">{details.behind(facts, say)}</div>'
    title = escape(f"{words.report.TITLE}: {facts.asked.label}")
    body = f"{''.join(first)}{behind}".replace(" %", "\u00a0%")  # a line never begins with the unit
    return (
        f'<!DOCTYPE html><html lang="{words.LANG}" class="{size[0]}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head><body>{body}</body></html>"
    )


def _head(facts: Facts, say: Said, version: str) -> str:
    asked, t = facts.asked, say.t
    made = t.MADE.format(
        day=say.words.day_row(asked.now.date()), time=say.words.clock(asked.now), zone=asked.zone,
        utc=say.words.clock((pd.Timestamp(asked.now).tz_convert("UTC")).to_pydatetime()),
    )  # fmt: skip
    span = say.words.day_span(asked.first, asked.last)
    foot = t.FOOT.format(label=asked.label, span=span, made=made, version=version)
    days = say.words.plural(asked.period_days, *say.words.DAY_PLURAL)
    title = f'<h1 data-foot="{escape(foot, quote=True)}" data-page="{escape(t.PAGE)}">{escape(t.TITLE)}</h1>'
    who = f'<p class="strong">{escape(asked.label)}</p><p>{escape(t.SPAN.format(span=span, days=days))}</p>'
    zone = f'<p class="small">{escape(t.ZONE.format(zone=asked.zone))}</p>'
    legs = _legs_table(facts, say) if facts.legs else ""
    return f'<div class="head"><div>{title}{who}{zone}</div><div>{legs}</div></div>'


def _legs_table(facts: Facts, say: Said) -> str:
    rows = []
    for leg in facts.legs:
        met = leg.adherence
        data = say.t.DAYS_OF.format(valid=met["days_valid"], days=met["days"]) if met else say.t.NO_DAY
        own = facts.asked.braces[facts.asked.braces["side"] == leg.side]
        names = ", ".join(str(device)[:6] for device in own["device"]) or say.NONE
        rows.append(
            [say.words.SIDE[leg.side], names, say.prescribed(leg, facts.asked.goal_h), data, say.percent(leg.coverage)]
        )
    return say.table(say.t.HEAD_COLUMNS, rows, numbers=(4,))


def _flags(facts: Facts, say: Said) -> list[str]:
    told = []
    for row in facts.flags:
        since = "" if pd.isna(row["since"]) else say.t.SINCE.format(day=say.day(row["since"]))
        whose = f"{say.words.SIDE[row['side']]}: " if row["side"] else ""  # a fall is of no leg
        told.append(f"{whose}{say.t.FLAGS.get(row['flag'], row['flag'])}{since}")
    if not told:
        return []
    return [f'<p class="flags"><b>{escape(say.t.LOOK)}</b> {escape("; ".join(told))}. {escape(say.t.LOOK_END)}</p>']


def _wear(facts: Facts, say: Said) -> str:
    count = len(facts.legs)
    width = (WIDTH_MM - GAP_MM * (count - 1)) / count
    legs = "".join(f"<div>{_leg(leg, facts, say, width)}</div>" for leg in facts.legs)
    key = f"{_strip_key(facts.legs, say)}{details.said(say.t.HOURS_KEY)}" if count > 1 else ""
    return f'<h2>{escape(say.t.WEAR)}</h2><div class="legs {details.COLUMNS[count]}">{legs}</div>{key}'


def _leg(leg: Leg, facts: Facts, say: Said, width: float) -> str:
    name = f"<h3>{escape(say.words.SIDE_BRACE[leg.side])}</h3>" if len(facts.legs) > 1 else ""
    numbers = "".join(f"<div><b>{escape(big)}</b>{escape(small)}</div>" for big, small in say.wear(leg))
    lines = "".join(f"<p>{escape(line)}</p>" for line in say.counts(leg))
    whole = sum(leg.split.values())
    if not whole:
        return f'{name}<div class="figures">{numbers}</div>{lines}'
    days = max(1.0, whole / 24)
    bar = drawn.bar(leg.split, width, say.bar(leg))
    key = "".join(
        f"<span>{drawn.swatch(state)}{escape(say.t.STATE[state])} {say.hours_of(hours / days)}</span>"
        for state, hours in leg.split.items() if hours > 0
    )  # fmt: skip
    key += f'<span class="soft">{escape(say.t.PER_DAY)}</span>'
    return f'{name}<div class="figures">{numbers}</div>{lines}{bar}<p class="key">{key}</p>{_days(leg, say, width)}'


def _days(leg: Leg, say: Said, width: float) -> str:
    """Hours of the day beside the last days, or above them where there are two legs."""
    beside = width > 150
    wide = (width - 6) / 2 if beside else width
    tall = max(20.0, 3.1 * len(leg.strips) - 1) if beside else 20.0
    hours = drawn.day_hours(leg.profile, wide, tall, say.hours(leg))
    hours += f"<p class='small'>{escape(say.t.HOURS_KEY)}</p>" if beside else ""
    if leg.profile["median"].isna().all():
        hours = f"<p class='none'>{escape(say.t.HOURS_NONE)}</p>"
    names = [f"{say.words.WEEKDAYS_SHORT[one.day.weekday()]} {say.words.day_short(one.day)}" for one in leg.strips]
    told = [say.strip(one) for one in leg.strips]
    strips = drawn.day_strips(leg.strips, wide, say.strips(leg), names, told, 3.1 if beside else 2.7)
    days = say.words.plural(len(leg.strips), *say.words.DAY_PLURAL)
    title = f"<h3>{escape(say.t.HOURS_TITLE)}: {escape(say.t.HOURS_UNIT)}</h3>"
    one = f"{title}{hours}"
    two = f"<h3>{escape(say.t.STRIPS_TITLE.format(days=days))}</h3>{strips}{_strip_key([leg], say) if beside else ''}"
    return f'<div class="pair"><div>{one}</div><div>{two}</div></div>' if beside else one + two


def _strip_key(legs: list[Leg], say: Said) -> str:
    seen = {state for leg in legs for strip in leg.strips for state, _, _ in strip.pieces}
    order = [state for state in (*wear.STATES, "worn") if state in seen]
    key = "".join(f"<span>{drawn.swatch(state)}{escape(say.t.STATE[state])}</span>" for state in order)
    return f'<p class="key">{key}</p>'
