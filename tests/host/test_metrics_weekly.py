"""Days that may speak, weeks of them, segments of one brace, and figures at one cadence: hand-made tables."""

import numpy as np
import pandas as pd
import pytest

from talus_host.metrics.baseline import window
from talus_host.metrics.matched import BAND_MEASURES, bands, matched, usual_cadence
from talus_host.metrics.segments import BREAKS, FOUND, WHAT, adjustments, changes, segments
from talus_host.metrics.weekly import DAY_CLASSES, day_class, weekly
from talus_host.store import schema
from talus_host.words_change import CHANGES

NAN = float("nan")
MONDAY = pd.Timestamp("2026-03-02")


@pytest.mark.parametrize(
    ("status", "worn_h", "strides", "kind"),
    [
        ("valid", 4.0, 50, "gait"),
        ("valid", 3.9, 50, "little_wear"),
        ("valid", 4.0, 49, "little_walking"),
        ("valid", 2.0, 0, "little_walking"),
        ("valid", 0.0, 0, "not_worn"),
        ("valid", 9.0, NAN, "gait_unseen"),
        ("partial", 9.0, 500, "partial"),
        ("missing", NAN, NAN, "missing"),
        ("valid", NAN, NAN, "missing"),
    ],
)
def test_what_a_day_can_speak_of(status: str, worn_h: float, strides: float, kind: str) -> None:
    days = pd.DataFrame({"status": [status], "worn_h": [worn_h], "strides_measured": [float(strides)]})
    assert day_class(days).tolist() == [kind]
    assert kind in DAY_CLASSES


def calendar(count: int, **columns: object) -> pd.DataFrame:
    table = pd.DataFrame({"side": "left", "day": pd.date_range(MONDAY, periods=count, freq="D", unit="s")})
    return table.assign(**{"status": "valid", "worn_h": 8.0, "strides_measured": 200.0} | columns)


def test_a_week_speaks_with_three_days_and_counts_the_others() -> None:
    days = calendar(14, cadence_spm=[80.0, 90, 85, 70, 70, 70, 70] * 2)
    days["strides_measured"] = [200.0, 200, 200, 10, 10, NAN, 200, 200, 200, 10, 10, 10, 10, 10]
    days["worn_h"] = [8.0, 8, 8, 8, 8, 8, 1] + [8.0] * 6 + [0.0]
    days.loc[13, "status"] = "missing"
    found = weekly(days, ["cadence_spm"])
    assert found["week"].tolist() == [MONDAY, MONDAY + pd.Timedelta(days=7)]
    one, two = found.to_dict("records")
    assert one["valid"] and one["cadence_spm"] == 85 and one["cadence_spm_n"] == 3
    counts = ("days_gait", "days_little_walking", "days_little_wear", "days_gait_unseen", "days_unknown")
    assert [one[name] for name in counts] == [3, 2, 1, 1, 0]
    assert not two["valid"] and np.isnan(two["cadence_spm"]) and two["cadence_spm_n"] == 2
    assert [two[name] for name in counts] == [2, 4, 0, 0, 1]


def test_weeks_begin_on_monday_wherever_the_days_do() -> None:
    days = calendar(4).assign(day=pd.date_range("2026-03-07", periods=4, freq="D", unit="s"), x=1.0)
    assert weekly(days, ["x"])["week"].tolist() == [MONDAY, MONDAY + pd.Timedelta(days=7)]


# -- segments ---------------------------------------------------------------


def told(*rows: tuple[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["day", "what"])
    return table.assign(side="left", day=table["day"].to_numpy("datetime64[s]"))


def no_records() -> tuple[pd.DataFrame, pd.DataFrame]:
    settings = pd.DataFrame(columns=["side", "device", "day", "settings", "calibration", "imu_place"])
    return settings, pd.DataFrame(columns=["side", "device", "day", "version"])


def test_every_word_of_a_change_has_plain_ones() -> None:
    assert set(CHANGES) == {*WHAT, *FOUND}
    assert set(BREAKS) <= set(CHANGES)


def test_a_change_of_the_brace_ends_a_segment_and_one_of_the_person_does_not() -> None:
    known = changes(told(("2026-03-20", "strut"), ("2026-03-30", "relapse"), ("2026-04-10", "shoe")), *no_records())
    found = segments(calendar(60), known)
    assert found["start"].dt.strftime("%m-%d").tolist() == ["03-02", "03-20", "04-10"]
    assert found["why"].tolist() == ["", "strut", "shoe"]
    assert found["end"].isna().tolist() == [False, False, True]


def test_what_the_records_of_a_brace_say_ends_one_too() -> None:
    """Another calibration on the 10th, other settings on the 20th, another brace on the 1st; a program is a note."""
    days = pd.to_datetime(["2026-03-02", "2026-03-05", "2026-03-10", "2026-03-20", "2026-04-01"]).astype(
        "datetime64[s]"
    )
    settings = pd.DataFrame({"side": "left", "device": ["a"] * 4 + ["b"], "day": days, "imu_place": "shank"})
    settings = settings.assign(settings=[1.0, 1, 1, 2, 2], calibration=[7.0, 7, 8, 8, 9])
    boots = pd.DataFrame({"side": "left", "device": "a", "day": days[:3], "version": ["0.1.0", "0.2.0", None]})
    known = changes(told(), settings, boots)
    pairs = list(zip(known["day"].dt.strftime("%m-%d"), known["what"], known["breaks"], strict=True))
    assert pairs == [
        ("03-05", "program", False),
        ("03-10", "calibration", True),
        ("03-20", "settings", True),
        ("04-01", "brace", True),
    ]
    assert len(segments(calendar(60), known)) == 4


def test_a_change_before_anything_was_measured_ends_nothing() -> None:
    known = changes(told(("2026-03-02", "strut"), ("2026-02-01", "shoe"), ("2027-01-01", "shoe")), *no_records())
    assert len(segments(calendar(60), known)) == 1


def test_an_adjustment_leaves_out_its_settling_days_and_stands_on_the_days_there_are() -> None:
    """Changed on day 31 (April 1): days 3 to 30 before it, and days 35 to 60 after."""
    days = calendar(60, day_class="gait", x=np.arange(60.0) + np.random.default_rng(1).normal(size=60))
    days.loc[days["day"].between("2026-04-01", "2026-04-04"), "x"] = 1e6
    known = changes(told(("2026-04-01", "wedge")), *no_records())
    found = adjustments(days, known, ("x",)).iloc[0]
    assert (found["before_days"], found["after_days"], found["why"]) == (28, 26, "")
    before, after = window(days["x"].to_numpy()[2:30]), window(days["x"].to_numpy()[34:])
    assert found["difference"] == pytest.approx(float(after.median - before.median))
    assert found["se"] == pytest.approx(float(np.hypot(before.se, after.se)))
    assert not {"best", "worst", "verdict"} & set(found.index)


def test_seven_days_each_side_are_needed_and_a_neighbouring_change_cuts_them() -> None:
    days = calendar(60, day_class="gait", x=np.random.default_rng(2).normal(size=60))
    known = changes(told(("2026-03-09", "strut"), ("2026-03-20", "shoe")), *no_records())
    first, second = adjustments(days, known, ("x",)).to_dict("records")
    assert (first["before_days"], first["after_days"], first["why"]) == (7, 7, "")
    assert (second["before_days"], second["after_days"]) == (7, 28)
    known = changes(told(("2026-03-08", "strut")), *no_records())
    assert "6 days before" in adjustments(days, known, ("x",)).iloc[0]["why"]


# -- one cadence ---------------------------------------------------------------


def strides(count: int, *, spm: float, day: int = 1, bout_s: float = 20, **columns: object) -> pd.DataFrame:
    table = pd.DataFrame({"day": day, "duration_s": np.full(count, 120 / spm), "bout_s": bout_s})
    values = {"stance_s": 0.6 * 120 / spm, "contact": "heel"}
    values |= dict.fromkeys(("ankle_swing_peak_deg", "ankle_at_contact_deg", "ankle_range_deg", "moment_swing_nm"), 1.0)
    return table.assign(**values | {"assist_impulse_nms": 1.0, "shank_to_vertical_deg": 1.0} | columns)


def test_bands_are_cut_by_cadence_and_by_the_length_of_the_walk() -> None:
    parts = [strides(10, spm=81), strides(20, spm=81, bout_s=30), strides(5, spm=83), strides(5, spm=20)]
    found = bands(pd.concat(parts, ignore_index=True))
    assert found[["walk_s", "band", "strides"]].to_numpy().tolist() == [[10, 32, 10], [10, 33, 5], [30, 32, 20]]
    assert found["stance_pct"].to_numpy() == pytest.approx(60)
    assert schema.BAND_MEASURES == BAND_MEASURES


def test_a_share_of_contacts_is_of_those_that_are_known() -> None:
    contact = ["heel"] * 6 + ["flat"] * 2 + [None] * 2
    assert bands(strides(10, spm=81, contact=contact))["heel_first_pct"].tolist() == [75]


def test_only_strides_near_the_baselines_cadence_are_compared() -> None:
    """Day 1: 30 strides at 81 steps/min with 2 deg, 60 at 101 with 8. Day 2: nine at 81, too few to speak."""
    parts = [
        strides(30, spm=81, ankle_swing_peak_deg=2.0),
        strides(60, spm=101, ankle_swing_peak_deg=8.0),
        strides(9, spm=81, day=2),
    ]
    table = bands(pd.concat(parts, ignore_index=True))
    assert matched(table, "swing_dorsiflexion_deg", 80).to_dict("records") == [{"day": 1, "value": 2, "strides": 30}]
    assert matched(table, "swing_dorsiflexion_deg", 100)["value"].tolist() == [8]
    assert matched(table, "swing_dorsiflexion_deg", 90).empty
    assert matched(table, "swing_dorsiflexion_deg", 80, walk_s=30).empty
    assert matched(table, "swing_dorsiflexion_deg", NAN).empty


def test_bands_weigh_by_their_strides() -> None:
    parts = [strides(10, spm=78, moment_swing_nm=1.0), strides(30, spm=83, moment_swing_nm=2.0)]
    found = matched(bands(pd.concat(parts, ignore_index=True)), "moment_swing_nm", 80)
    assert found["value"].tolist() == [1.75]


def test_the_usual_cadence_is_that_of_days_that_speak() -> None:
    days = calendar(40, cadence_spm=np.arange(40.0), day_class="gait")
    days.loc[7:10, "day_class"] = "little_walking"
    low, high = MONDAY + pd.Timedelta(days=7), MONDAY + pd.Timedelta(days=34)
    assert usual_cadence(days, low, high) == np.median(np.arange(11, 35))
