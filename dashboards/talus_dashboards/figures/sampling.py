"""Samples day by day (UTC): of those due in the minutes that came, which were taken, missed, or are unaccounted for.

A day of which no minute came is hatched: nothing is known of it, and it is no day without a miss.
"""

from datetime import date, timedelta

import pandas as pd

from talus_dashboards.figures import utc
from talus_dashboards.figures.drawing import BLUE, GREY, VERMILLION, Drawing, blank, hatch
from talus_dashboards.words import Words

COUNTS = ("minutes", "due", "taken", "missed", "unaccounted", "late", "resampled")
HEIGHT_PX = 220


def by_day(hours: pd.DataFrame, first: date, behind: date) -> pd.DataFrame:
    """A row for each UTC day of [first, behind) with the sums of COUNTS; NaN where no hour of it is known."""
    index = [first + timedelta(days=n) for n in range((behind - first).days)]
    if hours.empty:
        return pd.DataFrame(float("nan"), index=index, columns=list(COUNTS))
    sums = hours.groupby(hours["hour_utc"].dt.date)[list(COUNTS)].sum(min_count=1)
    return sums.astype(float).reindex(index)


def quality(hours: pd.DataFrame, first: date, behind: date, *, words: Words) -> Drawing:
    """Draw the shares of the samples due."""
    said = words.device
    table = by_day(hours, first, behind)
    known = table[table["minutes"].notna()]
    if known.empty:
        return Drawing(text=said.SAMPLES_NONE)
    figure = blank(HEIGHT_PX, margin=utc.MARGIN)
    looks = (("taken", {"color": BLUE}), ("missed", {"color": VERMILLION}), ("unaccounted", {"color": GREY}))
    taken = (known["due"] - known["missed"].fillna(0) - known["unaccounted"].fillna(0)).clip(lower=0)
    for name, marker in looks:
        share = 100 * (taken if name == "taken" else known[name]) / known["due"]
        figure.add_bar(
            name=said.SAMPLES_KEY[name], x=[utc.at_day(day, 12) for day in known.index],
            y=[None if pd.isna(value) else value for value in share], marker=marker | {"line": {"width": 0}},
            hovertemplate="%{x|%Y-%m-%d}<br>%{y:.2f} %<extra>" + said.SAMPLES_KEY[name] + "</extra>",
        )  # fmt: skip
    unknown = [utc.at_day(day, 12) for day in table.index if day not in known.index]
    figure.add_bar(
        x=unknown, y=[100] * len(unknown), hoverinfo="skip",
        marker={"pattern": hatch(), "opacity": 0.45, "line": {"width": 0}},
    )  # fmt: skip
    figure.update_layout(
        barmode="stack",
        bargap=0.15,
        xaxis=utc.axis(first, behind, words),
        yaxis={"range": [0, 102], "ticksuffix": " %"},
    )
    key = (("swatch-steps", "taken"), ("swatch-part-failed", "missed"), ("swatch-worn", "unaccounted"))
    return Drawing(
        text=_sentence(known, len(table), words),
        figure=figure,
        height_px=HEIGHT_PX,
        key=(*((swatch, said.SAMPLES_KEY[name]) for swatch, name in key), ("swatch-unknown", words.KEY_UNKNOWN)),
        columns=said.SAMPLES_COLUMNS,
        rows=[
            [words.day_row(day), *(words.number(float(row[name])) for name in COUNTS)] for day, row in table.iterrows()
        ],
    )


def _sentence(known: pd.DataFrame, days: int, words: Words) -> str:
    """Counts that were never told stay unknown; they are not added up as none."""
    due = known["due"].sum()
    shares = {}
    for name in ("missed", "late", "unaccounted"):
        count = known[name].sum(min_count=1)
        shares[name] = words.NOT_KNOWN if pd.isna(count) else f"{words.number(100 * count / due, 2)} %"
    worst = (known["missed"] / known["due"]).max()
    facts = {"days": len(known), "of": words.of_days(days), "due": words.number(due)}
    text = str(words.device.SAMPLES_TEXT.format(**facts, **shares))
    if pd.isna(worst):
        return text
    return f"{text} {words.device.SAMPLES_WORST.format(worst=words.number(100 * worst, 2))}"
