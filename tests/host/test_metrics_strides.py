"""Measures of walking against plain Python over the same strides, and what is said when there are too few."""

import math
import random
import statistics

import pandas as pd
import pytest
from host.made_records import payload

from talus.wire import kinds
from talus.wire.kinds import STRIDE_LOW_CONFIDENCE
from talus_host import tables
from talus_host.metrics import walking
from talus_host.metrics.ankle import ankle
from talus_host.metrics.assist import assist
from talus_host.metrics.by_day import steady
from talus_host.metrics.cadence import cadence
from talus_host.metrics.contact import heel_first
from talus_host.metrics.day_measures import day_measures
from talus_host.metrics.histograms import BINS, histograms
from talus_host.metrics.shank import shank_to_vertical
from talus_host.metrics.stance import stance
from talus_host.metrics.steps import steps_by_day, steps_by_hour
from talus_host.metrics.stride_time import stride_time, variability

T0 = 1_770_000_000_000


def table(rows: list[dict[str, float]], day: int = 7) -> pd.DataFrame:
    """Strides of one day as the store hands them to a metric. Each row: at (ms after T0) and fields in their units."""
    rows = [dict(row) for row in rows]
    at = [T0 + row.pop("at") for row in rows]
    found = tables.strides([payload("stride", **row) for row in rows])
    found.insert(0, "utc_ms", at)
    found = found.assign(day=day, inside=True)
    return found.join(walking.bouts(found))


def walk(count: int, at: int = 0, duration: float | list[float] = 1.2, **fields: float) -> list[dict[str, float]]:
    rows = []
    for i in range(count):
        long = duration[i] if isinstance(duration, list) else duration
        rows.append({"at": at, "duration": long, "stance": long * 0.6, "flags": 1 << 4} | fields)
        at += round(long * 1000)
    return rows


def test_walks_begin_and_end_at_pauses_of_more_than_three_seconds() -> None:
    # 12 strides of 1.2 s, 3.0 s pause, 3 more; 3.1 s pause, 2 strides (no walk); far away 3 strides.
    rows = walk(12) + walk(3, at=17_400) + walk(2, at=24_100) + walk(3, at=60_000)
    found = table(rows)
    assert found["bout"].tolist() == [0] * 15 + [-1] * 2 + [2] * 3
    assert found["bout_s"].tolist() == pytest.approx([21.0] * 15 + [0.0] * 2 + [3.6] * 3)
    assert found["bout_n"].tolist() == [15] * 15 + [0] * 2 + [3] * 3


def test_strides_the_brace_refused_count_in_no_walk() -> None:
    rows = walk(3) + walk(1, at=3600, flags=3) + walk(3, at=4800)
    found = table(rows)
    assert found["bout"].tolist() == [0, 0, 0, -1, 0, 0, 0]
    assert found["bout_s"].iloc[0] == pytest.approx(8.4)


def test_walking_minutes_and_the_longest_walk() -> None:
    found = table(walk(50) + walk(100, at=200_000))
    result = walking.walking(found)
    assert result.loc[7, "walking_min"] == pytest.approx(3.0)
    assert result.loc[7, "longest_walk_min"] == pytest.approx(2.0)


def test_a_walk_counts_whole_on_the_day_it_began() -> None:
    found = table(walk(50))
    found.loc[30:, "inside"] = False  # midnight came
    assert walking.walking(found).loc[7, "walking_min"] == pytest.approx(1.0)
    found["inside"] = ~found["inside"]  # the next day's view of the same walk
    assert walking.walking(found).empty


def test_steps_are_two_a_valid_stride() -> None:
    found = table(walk(10) + walk(2, at=20_000, flags=2))
    assert steps_by_day(found).loc[7].to_dict() == {"steps": 20, "strides": 12, "strides_valid": 10}
    hours = steps_by_hour(found.assign(hour=[9] * 4 + [10] * 8))
    assert hours.to_dict() == {(7, 9): 8, (7, 10): 12}


def test_medians_are_what_plain_python_says() -> None:
    rng = random.Random(5)
    rows = walk(31, duration=[1 + rng.randrange(300) / 1000 for _ in range(31)])
    for row in rows:
        row["stance"] = round(row["duration"] * rng.uniform(0.55, 0.7), 3)
        row["ankle_swing_peak"] = rng.randrange(-500, 500) / 100
        row["ankle_at_contact"] = rng.randrange(-900, 300) / 100
        row["ankle_range"] = rng.randrange(800, 2500) / 100
        row["moment_swing"] = rng.randrange(300, 2000) / 1000
        row["assist_impulse"] = rng.randrange(100, 900) / 1000
        row["shank_to_vertical"] = rng.randrange(600, 1400) / 100
    found = table(rows)
    assert len(steady(found)) == 29, "all but the first and the last"

    def middle(f: str) -> float:
        return statistics.median(row[f] for row in rows)

    row = pd.concat([m(found) for m in (cadence, stride_time, stance, ankle, assist, shank_to_vertical)], axis=1).loc[7]
    assert row["cadence_spm"] == pytest.approx(statistics.median(120 / r["duration"] for r in rows))
    assert row["stride_time_s"] == pytest.approx(middle("duration"))
    assert row["stance_pct"] == pytest.approx(statistics.median(100 * r["stance"] / r["duration"] for r in rows))
    assert row["swing_dorsiflexion_deg"] == pytest.approx(middle("ankle_swing_peak"))
    assert row["ankle_at_contact_deg"] == pytest.approx(middle("ankle_at_contact"))
    assert row["ankle_range_deg"] == pytest.approx(middle("ankle_range"))
    assert row["moment_swing_nm"] == pytest.approx(middle("moment_swing"))
    assert row["assist_impulse_nms"] == pytest.approx(middle("assist_impulse"))
    assert row["shank_to_vertical_deg"] == pytest.approx(middle("shank_to_vertical"))
    assert row["ankle_range_deg_n"] == 31


def test_fewer_than_ten_are_no_median_and_unmeasured_is_not_zero() -> None:
    nine = ankle(table(walk(9, ankle_range=20.0)))
    assert math.isnan(nine.loc[7, "ankle_range_deg"]) and nine.loc[7, "ankle_range_deg_n"] == 9
    ten = ankle(table(walk(10, ankle_range=20.0)))
    assert ten.loc[7, "ankle_range_deg"] == 20.0
    assert math.isnan(ten.loc[7, "swing_dorsiflexion_deg"]) and ten.loc[7, "swing_dorsiflexion_deg_n"] == 0


def test_daily_values_stand_on_walks_of_ten_seconds() -> None:
    short, long = walk(8), walk(9, at=60_000)  # 9.6 s and 10.8 s
    assert steady(table(short + long))["utc_ms"].tolist() == [T0 + 60_000 + 1200 * i for i in range(1, 8)]


def test_what_is_no_steady_walking_is_counted_and_not_measured() -> None:
    """Turns, ramps, stairs, doubtful contacts: their strides count; so does the one whose swing ends on stairs."""
    rows = walk(20)
    for i, flag in (
        (3, kinds.STRIDE_TURN),
        (5, kinds.STRIDE_RAMP),
        (9, kinds.STRIDE_STAIRS_UP),
        (10, kinds.STRIDE_STAIRS_UP),
        (14, kinds.STRIDE_STAIRS_DOWN),
        (17, STRIDE_LOW_CONFIDENCE),
    ):
        rows[i]["flags"] = int(rows[i]["flags"]) | flag
    found = table(rows + walk(15, at=60_000))
    kept = [0, 3, 5, 8, 9, 10, 13, 14, 17, 19]
    expected = [i for i in range(20) if i not in kept] + [20 + i for i in range(1, 14)]
    assert [
        (at - T0) // 1200 if at < T0 + 60_000 else 20 + (at - T0 - 60_000) // 1200 for at in steady(found)["utc_ms"]
    ] == expected
    assert steps_by_day(found).loc[7, "strides_valid"] == 35
    assert (
        steady(found.sample(frac=1, random_state=3))["utc_ms"].sort_values().tolist()
        == steady(found)["utc_ms"].tolist()
    )


def test_a_walk_has_a_length_class_of_its_own() -> None:
    found = table(walk(4) + walk(12, at=60_000) + walk(30, at=120_000) + walk(60, at=300_000) + walk(1, at=900_000))
    first = found.drop_duplicates("bout")[["bout_class", "bout_s"]]
    assert first["bout_class"].astype(object).where(first["bout_class"].notna(), None).tolist() == [
        *walking.CLASSES,
        None,
    ]
    assert found.groupby("bout")["bout_end"].sum().tolist() == [0, 2, 2, 2, 2]


def test_cadence_keeps_to_human_walking() -> None:
    rows = walk(20, duration=1.0) + walk(20, at=60_000, duration=0.6)  # 120 and 200 steps a minute
    assert cadence(table(rows)).loc[7].tolist() == [120, 20]


def test_variability_of_pooled_strides_is_the_robust_formula() -> None:
    rng = random.Random(3)
    durations = [round(rng.gauss(1.1, 0.03), 3) for _ in range(60)]
    found = variability(table(walk(60, duration=durations)), detrend=False).loc[7]
    middle = statistics.median(durations)
    mad = statistics.median(abs(d - middle) for d in durations)
    assert found["stride_time_cv_pct"] == pytest.approx(100 * 1.4826 * mad / middle)
    assert found["stride_time_cv_pct_n"] == 60


def test_a_walk_that_slows_and_walks_of_two_speeds_are_not_unsteady() -> None:
    slowing = walk(30, duration=[1.0 + 0.01 * i for i in range(30)])
    slow = walk(30, at=600_000, duration=1.5)
    found = table(slowing + slow)
    # Pooled: median 1.395 s, half of all strides 0.105 s from it: 1.4826 * 0.105 / 1.395 = 11.2 %.
    assert variability(found, detrend=False).loc[7, "stride_time_cv_pct"] == pytest.approx(11.159, abs=0.001)
    # What is left of the slowing walk is the bend that its own slowing gives the time axis: under half a percent.
    assert variability(found).loc[7, "stride_time_cv_pct"] < 0.5


def test_the_line_taken_out_is_the_least_squares_line() -> None:
    rng = random.Random(9)
    durations = [round(1.0 + 0.004 * i + rng.gauss(0, 0.02), 3) for i in range(55)]
    rows = walk(55, duration=durations)
    t = [row["at"] / 1000 for row in rows]
    slope, start = statistics.linear_regression(t, durations)
    left = [d - (start + slope * x) for d, x in zip(durations, t, strict=True)]
    centre = statistics.median(left)
    mad = statistics.median(abs(v - centre) for v in left)
    want = 100 * 1.4826 * mad / statistics.median(durations)
    assert variability(table(rows)).loc[7, "stride_time_cv_pct"] == pytest.approx(want)


def test_variability_needs_fifty_sure_strides_of_walks_of_ten() -> None:
    low = 1 << 4 | STRIDE_LOW_CONFIDENCE
    assert math.isnan(variability(table(walk(49))).loc[7, "stride_time_cv_pct"])
    assert variability(table(walk(50))).loc[7, "stride_time_cv_pct"] == 0
    doubtful = variability(table(walk(49) + walk(1, at=58_800, flags=low))).loc[7]
    assert math.isnan(doubtful["stride_time_cv_pct"]) and doubtful["stride_time_cv_pct_n"] == 49
    short = [row for k in range(6) for row in walk(9, at=k * 60_000)]
    assert variability(table(short)).empty


def test_heel_first_is_a_share_of_known_contacts() -> None:
    heel, flat, unknown = 1 << 4, 2 << 4, 0
    flags = [heel] * 15 + [flat] * 5 + [unknown] * 30
    rows = [row | {"flags": f} for row, f in zip(walk(50), flags, strict=True)]
    assert heel_first(table(rows)).loc[7].tolist() == [75.0, 20]
    few = [row | {"flags": f} for row, f in zip(walk(49), flags[1:], strict=True)]
    assert math.isnan(heel_first(table(few)).loc[7, "heel_first_pct"])


def test_histograms_of_days_add_up() -> None:
    rng = random.Random(2)
    rows = [row | {"ankle_range": rng.randrange(0, 3000) / 100} for row in walk(200)]
    one, two = table(rows[:100], day=1), table(rows[100:], day=2)
    found = histograms(pd.concat([one, two], ignore_index=True))
    ranges = found[found["measure"] == "ankle_range_deg"]
    total = ranges.groupby("bin")["strides"].sum().to_dict()
    want: dict[int, int] = {}
    for row in rows:
        number = round(row["ankle_range"] * 100) // 50
        want[number] = want.get(number, 0) + 1
    assert total == want
    assert BINS["ankle_range_deg"] == 0.5
    assert found[found["measure"] == "moment_swing_nm"].empty


def test_negative_values_and_edges_fall_into_the_bin_above_them() -> None:
    rows = [row | {"ankle_at_contact": v} for row, v in zip(walk(4), (-0.5, -0.01, 0.0, 0.5), strict=True)]
    found = histograms(table(rows), bins={"ankle_at_contact_deg": 0.5})
    assert dict(zip(found["bin"], found["strides"], strict=True)) == {-1: 2, 0: 1, 1: 1}


def test_a_day_row_tells_zero_from_unknown() -> None:
    nothing = table([]).iloc[:0]
    looked = pd.DataFrame({"day": [1, 2], "strides": [0.0, math.nan]})
    row = day_measures(nothing, looked, days=[1, 2]).set_index("day")
    assert row.loc[1, ["steps", "strides", "walking_min", "strides_measured"]].tolist() == [0, 0, 0, 0]
    assert row.loc[2, ["steps", "strides", "walking_min", "strides_measured"]].isna().all()
    assert row.loc[1, ["cadence_spm", "longest_walk_min"]].isna().all()


def test_inputs_stay_as_they_were() -> None:
    found = table(walk(60, ankle_range=20.0))
    before = found.copy()
    day_measures(found, pd.DataFrame({"day": [7], "strides": [60.0]}), days=[7])
    pd.testing.assert_frame_equal(found, before)
