"""How each part of a brace was, by its own word: from one word to the next it is taken as said; before the first and
behind the last sync nothing is known, and the hatch says so."""

from datetime import date
from typing import Any

import pandas as pd

from talus_dashboards.figures import utc
from talus_dashboards.figures.drawing import GREEN, OFF_FILL, OFF_LINE, VERMILLION, Drawing, blank, hatch
from talus_dashboards.words import Words

OK, DEGRADED, FAILED, ABSENT = "ok", "degraded", "failed", "absent"
NOT_KNOWN = ""  # a state newer than this program
LOOKS = {
    OK: {"color": GREEN, "line": {"width": 0}},
    DEGRADED: {"pattern": {"shape": "x", "fgcolor": VERMILLION, "bgcolor": "#fff", "size": 6, "fillmode": "replace"}},
    FAILED: {"color": VERMILLION, "line": {"width": 0}},
    ABSENT: {"color": OFF_FILL, "line": {"width": 1, "color": OFF_LINE}},
    NOT_KNOWN: {"pattern": hatch(), "line": {"width": 0}},
}
NOT_READ = ("none", "not_fitted", "no_answer")  # reasons whose record holds no reading
ROW_PX = 26


def stretches(health: pd.DataFrame, end: Any) -> pd.DataFrame:
    """sensor, channel, state ("" not known), reason, value, start, end (UTC): each word holds until the part's next.

    A word nobody knows the time of begins where the one before it does (NaT: not known). end: the last sync, behind
    which nothing is known. A new journal begins anew.
    """
    rows = []
    for (_, sensor, channel), told in health.groupby(["journal", "sensor", "channel"], sort=True, observed=True):
        told = told.sort_values("sequence")
        until = [*told["utc"].tolist()[1:], end]
        for one, stop in zip(told.to_dict("records"), until, strict=True):
            state = NOT_KNOWN if pd.isna(one["state"]) else str(one["state"])
            reason = "" if pd.isna(one["reason"]) else str(one["reason"])
            rows.append((str(sensor), int(channel), state, reason, one["value"], one["utc"], stop))
    found = pd.DataFrame(rows, columns=["sensor", "channel", "state", "reason", "value", "start", "end"])
    return found.assign(**{edge: pd.to_datetime(found[edge], utc=True) for edge in ("start", "end")})


def now(health: pd.DataFrame, journal: str) -> pd.DataFrame:
    """The last word on each part in the journal the brace spoke of last."""
    mine = health[health["journal"] == journal].sort_values("sequence")
    return mine.groupby(["sensor", "channel"], sort=True, observed=True).tail(1).sort_values(["sensor", "channel"])


def named(sensor: Any, channel: Any, words: Words) -> str:
    name = words.device.PART.get(str(sensor), words.PART["unknown"])
    return f"{name} {int(channel)}" if pd.notna(channel) and channel else str(name)


def told(state: Any, reason: Any, words: Words) -> tuple[str, str]:
    """State and reason in words; one that is newer than this program is not known."""
    states, reasons = words.device.STATE, words.device.REASON
    return states.get(_text(state), words.NOT_KNOWN), reasons.get(_text(reason), words.NOT_KNOWN)


def worst(part: Any, words: Words) -> str:
    """The part a brace's own checks find worst; a part newer than this program is named as one of its parts."""
    if pd.isna(part):
        return str(words.NOT_KNOWN)
    return str(words.device.PART.get(part, words.PART["unknown"]) if part else words.device.PART_NONE)


def reading(reason: Any, value: float, words: Words) -> str:
    """What was read when the part's state was found; a part that was not read, or has nothing to show, has none."""
    return str(words.entering.NONE) if reason in NOT_READ else str(words.number(float(value)))


def over_time(health: pd.DataFrame, first: date, behind: date, end: Any, *, words: Words) -> Drawing:
    """Draw the parts over the UTC days [first, behind)."""
    said = words.device
    spans = stretches(health, end)
    start, stop = utc.midnight(first), utc.midnight(behind)
    placed = spans[spans["start"].notna() & spans["end"].notna()]
    shown = placed[(placed["end"] > start) & (placed["start"] < stop)]
    if shown.empty:
        return Drawing(text=said.PARTS_NONE)
    names = sorted({named(row.sensor, row.channel, words) for row in shown.itertuples()}, reverse=True)
    height = ROW_PX * len(names) + 50
    figure = blank(height, margin=utc.wide_margin(names))
    wide = (stop - start).total_seconds() * 1000
    figure.add_bar(
        name="unknown", orientation="h", width=0.6, y=names, base=[utc.drawn(start)] * len(names),
        x=[wide] * len(names), marker={"pattern": hatch(), "opacity": 0.45, "line": {"width": 0}}, hoverinfo="skip",
    )  # fmt: skip
    for state, look in LOOKS.items():
        mine = shown[shown["state"] == state]
        begin, finish = mine["start"].clip(lower=start), mine["end"].clip(upper=stop)
        figure.add_bar(
            name=said.STATE.get(state, words.NOT_KNOWN), orientation="h", width=0.6, marker=look,
            y=[named(row.sensor, row.channel, words) for row in mine.itertuples()],
            base=[utc.drawn(at) for at in begin],
            x=[(b - a).total_seconds() * 1000 for a, b in zip(begin, finish, strict=True)],
            customdata=[told(row.state, row.reason, words)[1] for row in mine.itertuples()],
            hovertemplate="%{y}<br>%{customdata}<extra>" + said.STATE.get(state, words.NOT_KNOWN) + "</extra>",
        )  # fmt: skip
    figure.update_layout(
        barmode="overlay", xaxis=utc.axis(first, behind, words, most=2),
        yaxis={"categoryorder": "array", "categoryarray": names, "showgrid": False},
    )  # fmt: skip
    troubles = shown[shown["state"].isin((DEGRADED, FAILED, NOT_KNOWN))]
    parts = troubles.drop_duplicates(["sensor", "channel"])
    names_of = sorted(named(row.sensor, row.channel, words) for row in parts.itertuples())
    text = said.PARTS_TROUBLE.format(parts=words.listed(names_of)) if names_of else said.PARTS_FINE
    keys = (("swatch-part-ok", OK), ("swatch-part-degraded", DEGRADED), ("swatch-part-failed", FAILED))
    key = [(swatch, said.STATE[state]) for swatch, state in (*keys, ("swatch-off", ABSENT))]
    return Drawing(
        text=text, figure=figure, height_px=height, key=(*key, ("swatch-unknown", words.KEY_UNKNOWN)),
        columns=said.PARTS_COLUMNS, rows=_rows(spans, start, stop, words),
    )  # fmt: skip


def _rows(spans: pd.DataFrame, start: Any, stop: Any, words: Words) -> list[list[str]]:
    """Newest first; what nobody knows the time of is listed, too."""
    listed = spans[spans["end"].isna() | ((spans["end"] > start) & ~(spans["start"] >= stop))]
    rows = []
    for row in listed.sort_values("start", ascending=False, na_position="last").itertuples():
        state, reason = told(row.state, row.reason, words)
        value = reading(row.reason, row.value, words)
        rows.append([utc.moment(row.start, words), named(row.sensor, row.channel, words), state, reason, value])
    return rows


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
