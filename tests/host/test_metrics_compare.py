"""Two periods side by side: medians of the days that speak, what a difference needs, silence below three days."""

import numpy as np
import pandas as pd
import pytest

from talus_host.metrics.compare import compare

NOW, BEFORE = ("2026-03-29", "2026-04-26"), ("2026-03-01", "2026-03-29")


def days(before: list[float], now: list[float], **columns: object) -> pd.DataFrame:
    """Days from 1 March on, each value a day."""
    values = [*before, *now]
    day = pd.date_range("2026-03-01", periods=len(values), freq="D", unit="s")
    return pd.DataFrame({"side": "left", "day": day, "day_class": "gait", "stance_pct": values} | columns)


def test_medians_and_days_are_those_of_the_days_that_speak() -> None:
    table = days([60.0 + n % 3 for n in range(28)], [64.0 + n % 5 for n in range(28)])
    table.loc[table.index % 7 == 0, "day_class"] = "little_walking"
    table.loc[30, "stance_pct"] = np.nan
    row = compare(table, ("stance_pct",), now=NOW, before=BEFORE).iloc[0]
    spoke = table[(table["day_class"] == "gait") & table["stance_pct"].notna()]
    first, second = (
        spoke[spoke["day"] < "2026-03-29"]["stance_pct"],
        spoke[spoke["day"] >= "2026-03-29"]["stance_pct"],
    )
    assert (row["before_days"], row["now_days"]) == (24, 23)
    assert (row["before"], row["now"]) == (sorted(first)[12], sorted(second)[11])
    assert row["difference"] == row["now"] - row["before"]


def test_what_is_needed_is_2_58_standard_errors_of_independent_days() -> None:
    """28 days that alternate about their median do not hang together: n_eff = n, SE of a median 1.25 SD / sqrt(n)."""
    apart = [1.0, -1.0, 2.0, -2.0] * 7
    row = compare(days(apart, [10 + a for a in apart]), ("stance_pct",), now=NOW, before=BEFORE).iloc[0]
    one = 1.25 * 1.4826 * 1.5 / np.sqrt(28)  # MAD of +-1, +-2 is 1.5
    assert row["needed"] == pytest.approx(2.5758 * np.hypot(one, one), rel=1e-4)
    assert row["difference"] == 10


def test_two_days_say_nothing_and_are_counted() -> None:
    row = compare(days([60.0] * 2, [], side="right"), ("stance_pct",), now=NOW, before=BEFORE).iloc[0]
    assert (row["before_days"], row["now_days"]) == (2, 0)
    assert np.isnan(row[["before", "now", "difference", "needed"]].astype(float)).all()


def test_an_assist_needs_no_less_than_the_zero_of_its_bridge() -> None:
    moment = [2.0 + 0.01 * (-1) ** n for n in range(56)]
    table = days([60.0] * 28, [60.0] * 28, moment_swing_nm=moment)
    assert compare(table, ("moment_swing_nm",), now=NOW, before=BEFORE).iloc[0]["needed"] == 0.3


def test_legs_and_figures_nobody_measured_stay_apart() -> None:
    both = pd.concat([days([60.0] * 28, [61.0] * 28), days([70.0] * 28, [70.0] * 28, side="right")])
    found = compare(both, ("stance_pct", "loss_j"), now=NOW, before=BEFORE).set_index(["side", "measure"])
    assert found.loc[("left", "stance_pct"), "now"] == 61 and found.loc[("right", "stance_pct"), "now"] == 70
    assert found.loc[("left", "loss_j"), "now_days"] == 0
