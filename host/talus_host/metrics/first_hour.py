"""Does the brace press harder in the first hour than it used to: a strap tightened a little more each week?

Clinical reference 4.5: the median sustained pressure of the first hour measured each day, judged by the law of change
(0.4.6), two looks against the person's own weeks; all places share the chance of a false claim. Neither direction is
called better.
"""

import pandas as pd

from talus_host.metrics.change import ALPHA, Headline, change

MEASURE = "first_hour_median_kpa"
COLUMNS = ("side", "channel", "site", "verdict", "tell_on", "days", "baseline_kpa", "latest_kpa")
VERDICTS = {"better": "lower", "worse": "higher"}  # of Headline(..., "down"); the others keep their names


def first_hour(pressure_days: pd.DataFrame, segments: pd.DataFrame, *, today: str) -> pd.DataFrame:
    """COLUMNS, a row per leg, channel and site measured in the leg's newest segment: verdict (higher, lower,
    no_clear_change, too_early, not_measured), tell_on (NaT: now), days behind the latest look.

    pressure_days: side, day, channel, site and MEASURE. segments: of metrics.segments. Of today nothing counts.
    """
    newest = segments.groupby("side", sort=True).tail(1)
    known = pressure_days[pressure_days[MEASURE].notna().to_numpy(bool)]
    known = known.merge(newest[["side", "start"]], on="side")
    known = known[(known["day"] >= known["start"]).to_numpy(bool)]
    places = known.groupby(["side", "channel", "site"], sort=True, observed=True)
    rows = []
    for (side, channel, site), days in places:
        table = days[["side", "day", MEASURE]].assign(day_class="gait", worn_h=float("nan"))
        mine = newest[(newest["side"] == side).to_numpy(bool)]
        judged, _ = change(mine, table, today=today, headlines=(Headline(MEASURE, "down"),), alpha=ALPHA / len(places))
        one = judged.iloc[0]
        verdict = VERDICTS.get(str(one["verdict"]), str(one["verdict"]))
        rows.append((side, channel, site, verdict, one["tell_on"], one["days"], one["baseline"], one["latest"]))
    return pd.DataFrame(rows, columns=list(COLUMNS))
