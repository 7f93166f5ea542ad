"""What each sync brought: new records as a bar, a mark where some came again with other content; how its link fared."""

from datetime import date

import pandas as pd

from talus_dashboards.figures import brace_parts, utc
from talus_dashboards.figures.drawing import BLUE, VERMILLION, Drawing, blank
from talus_dashboards.words import Words

HEIGHT_PX = 210


def history(syncs: pd.DataFrame, first: date, behind: date, *, words: Words) -> Drawing:
    """Draw the syncs on the UTC days [first, behind)."""
    said = words.device
    mine = utc.within(syncs, "received_utc", first, behind)
    if mine.empty:
        return Drawing(text=said.SYNCS_NONE if len(syncs) else said.SYNCS_NEVER)
    mine = mine.assign(bytes_per_s=_pace(mine))
    figure = blank(HEIGHT_PX, margin=utc.MARGIN)
    day = mine["received_utc"].dt.date
    added = mine.groupby(day)["added"].sum()
    figure.add_bar(
        x=[utc.at_day(one, 12) for one in added.index], y=added.tolist(), width=0.7 * 86_400_000,
        marker={"color": BLUE, "line": {"width": 0}}, hovertemplate="%{x|%Y-%m-%d}<br>%{y:,.0f}<extra></extra>",
    )  # fmt: skip
    wrong = mine.groupby(day)["conflicts"].sum()
    wrong = wrong[wrong > 0]
    figure.add_scatter(
        mode="markers", x=[utc.at_day(one, 12) for one in wrong.index], y=[float(added[one]) for one in wrong.index],
        marker={"size": 11, "color": VERMILLION, "symbol": "diamond"}, hoverinfo="skip",
    )  # fmt: skip
    figure.update_layout(
        xaxis=utc.axis(first, behind, words),
        yaxis={"rangemode": "tozero", "separatethousands": True, "exponentformat": "none", "nticks": 5},
    )
    key = [("swatch-steps", said.SYNCS_KEY)]
    if len(wrong):
        key.append(("swatch-dot-right", said.SYNCS_KEY_CONFLICT))
    return Drawing(
        text=_sentence(mine, words),
        figure=figure,
        height_px=HEIGHT_PX,
        key=tuple(key),
        columns=said.SYNCS_COLUMNS,
        rows=[_row(one, words) for one in mine.iloc[::-1].to_dict("records")],
    )


def _row(one: dict[object, object], words: Words) -> list[str]:
    said = words.device
    counts = [words.number(float(str(one[name]))) for name in ("records", "added", "conflicts")]
    numbers = [words.number(float(str(one[name]))) for name in ("kept", "battery_pct")]
    cut = one["ended"] == 0
    took = said.SYNC_CUT if cut else utc.seconds(float(str(one["took_ms"])), words)
    missing, pace, skipped, within = (
        words.number(float(str(one[name]))) for name in ("missing", "bytes_per_s", "skipped", "within_ms")
    )
    link = [missing, took, pace, skipped, within]
    worst = brace_parts.worst(one["fault_part"], words)
    if one["fault_part"] and one["reason"]:
        worst = f"{worst}: {said.REASON[str(one['reason'])]}"
    state = said.POWER.get(str(one["state"]), words.NOT_KNOWN)
    return [utc.moment(one["received_utc"], words), *counts, *link, *numbers, state, worst]


def _sentence(mine: pd.DataFrame, words: Words) -> str:
    said = words.device
    facts = {
        "syncs": _syncs(len(mine), words),
        "records": words.plural(float(mine["records"].sum()), *said.RECORD_PLURAL),
        "added": words.number(float(mine["added"].sum())),
        "conflicts": words.number(float(mine["conflicts"].sum())),
    }
    text = said.SYNCS_TEXT.format(**facts)
    if len(mine) > 1:
        apart = mine["received_utc"].diff().max().total_seconds() / 60
        text += " " + said.SYNCS_APART.format(apart=words.duration(apart))
    return f"{text} {_link(mine, words)}"


def _pace(mine: pd.DataFrame) -> pd.Series:
    """Bytes a second while records came; NaN where no time is known, or none passed."""
    return mine["octets"] / mine["stream_ms"].where(mine["stream_ms"] > 0) * 1000


def _link(mine: pd.DataFrame, words: Words) -> str:
    """Medians over the syncs of which each is known, and how many have not ended."""
    said = words.device
    took, pace = mine["took_ms"].dropna(), mine["bytes_per_s"].dropna()
    cut = int((mine["ended"] == 0).sum())
    lines = [said.LINK_NONE] if took.empty else []
    if len(took):
        lines.append(said.LINK_TOOK.format(took=utc.seconds(took.median(), words), syncs=_syncs(len(took), words)))
    if len(pace):
        lines.append(said.LINK_PACE.format(pace=words.number(pace.median()), syncs=_syncs(len(pace), words)))
    if cut:
        lines.append(said.LINK_CUT.format(syncs=_syncs(cut, words)))
    return " ".join(lines)


def _syncs(count: int, words: Words) -> str:
    return words.plural(count, *words.device.SYNC_PLURAL)
