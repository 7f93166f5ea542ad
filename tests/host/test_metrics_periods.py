"""Two periods side by side, worked out by hand: days behind each, what a difference must reach, and when it is told."""

import numpy as np
import pandas as pd
import pytest
from host.stores import ZONE

from talus_host.errors import InputError
from talus_host.metrics.periods import between
from talus_host.store import Store

FIRST = pd.Timestamp("2026-05-01")
A, B = ("2026-05-01", "2026-05-15"), ("2026-05-15", "2026-05-29")


def days(values: list[float], *, measure: str = "steps", kind: str = "gait", status: str = "valid") -> pd.DataFrame:
    n = len(values)
    return pd.DataFrame(
        {
            "side": "left",
            "day": pd.date_range(FIRST, periods=n, unit="s"),
            "status": status,
            "day_class": kind,
            measure: values,
        }
    )


def noise(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 100, n)


def test_a_difference_far_beyond_the_days_own_spread_is_told_with_what_it_needed() -> None:
    values = np.concatenate([3000 + noise(14, 1), 4000 + noise(14, 2)])
    row = between(days(values.tolist()), A, B, ("steps",)).iloc[0]
    one, two = values[:14], values[14:]
    assert row["before"] == np.median(one) and row["now"] == np.median(two)
    assert (row["before_days"], row["now_days"], row["word"]) == (14, 14, "differs")
    # 99 % two-sided of a normal: 2.5758; the error of a median of n independent days is 1.25 sigma / sqrt(n), and days
    # that hang together can only raise it
    spread = [1.4826 * np.median(np.abs(part - np.median(part))) for part in (one, two)]
    least = 2.5758 * 1.25 * np.hypot(*spread) / np.sqrt(14)
    assert 0.999 * least <= row["needed"] < 4 * least


def test_days_of_one_kind_do_not_differ() -> None:
    said = [
        between(days((3000 + noise(28, seed)).tolist()), A, B, ("steps",)).iloc[0]["word"] for seed in range(10, 40)
    ]
    assert said.count("no_clear_difference") >= 29


def test_six_days_are_too_few_and_none_is_not_measured() -> None:
    values = (3000 + noise(28, 3)).tolist()
    few = [*values[:6], *[np.nan] * 8, *values[14:]]
    row = between(days(few), A, B, ("steps", "stance_pct")).set_index("measure")
    assert row.loc["steps", "word"] == "too_few_days" and row.loc["steps", "before_days"] == 6
    assert np.isnan(row.loc["steps", "difference"]) and row.loc["stance_pct", "word"] == "not_measured"


def test_only_days_that_speak_for_walking_count_but_wear_is_known_of_any_valid_day() -> None:
    values = (8 + noise(28, 4) / 100).tolist()
    thin = days(values, measure="worn_h", kind="little_walking").assign(steps=values)
    found = between(thin, A, B, ("worn_h", "steps")).set_index("measure")
    assert found.loc["worn_h", "before_days"] == 14 and found.loc["steps", "before_days"] == 0
    unknown = days(values, measure="worn_h", status="partial")
    assert between(unknown, A, B, ("worn_h",)).iloc[0]["word"] == "not_measured"


def test_no_claim_inside_the_zero_of_the_bridge() -> None:
    """0.3 N.m is how well its zero is known: a quarter of a newton metre is nothing, however steady the days."""
    steady = noise(28, 5) / 1e5
    for step, word in ((0.25, "no_clear_difference"), (0.35, "differs")):
        values = 1.0 + steady + np.repeat([0, step], 14)
        row = between(days(values.tolist(), measure="moment_swing_nm"), A, B, ("moment_swing_nm",)).iloc[0]
        assert (row["word"], row["needed"]) == (word, 0.3)


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        (("2026-05-10", "2026-05-05"), B, "first_end 2026-05-04: is before first_start 2026-05-10"),
        ((None, "2026-05-05"), B, "first_start: is missing"),
        (A, ("2026-05-15", "2026-07-01"), "second_end 2026-06-30: is still to come; today is 2026-06-01"),
        (A, ("2026-05-10", "2026-05-20"), "second_start 2026-05-10: 2026-05-10 lies in both periods"),
        (("2026-02-30", "2026-05-05"), B, "first_start '2026-02-30': is not a date"),
        (("2026-01-01", "2026-01-10"), B, "first_start 2026-01-01: nothing is known of any day yet"),
    ],
)
def test_wrong_dates_are_named_in_one_line(
    store: Store, first: tuple[str, str], second: tuple[str, str], line: str
) -> None:
    with pytest.raises(InputError) as refused:
        store.side_by_side("1", first, second, ("steps",), "2026-06-01")
    assert line in str(refused.value)


def test_a_period_before_the_first_day_is_told_which_that_is(store: Store) -> None:
    from host.made_records import Brace, utc_ms
    from host.stores import filed

    start = utc_ms("2026-05-10T10:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.add("boot", start, cause=0)
    brace.clock(start + 1000)
    brace.minutes(start, 30, 1)
    filed(store, brace)
    with pytest.raises(InputError) as refused:
        store.side_by_side("1", ("2026-04-01", "2026-05-01"), ("2026-05-01", "2026-05-12"), ("steps",), "2026-06-01")
    assert str(refused.value) == "first_end 2026-04-30: is before 2026-05-10, the first day anything is known of"
    found = store.side_by_side(
        "1", ("2026-05-01", "2026-05-11"), ("2026-05-11", "2026-05-12"), ("steps",), "2026-06-01"
    )
    assert found.table["word"].tolist() == ["not_measured"]
    assert found.asymmetry["days"].tolist() == [0, 0] and found.asymmetry["median_pct"].isna().all()
