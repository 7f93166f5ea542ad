"""Weeks of a life: every record can be kept, and read back they give the truth that was lived."""

import time
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from talus.wire import kinds, record
from talus_twin.body.days import overlap_ms, without
from talus_twin.body.errors import PersonError
from talus_twin.body.history import Boot, BraceChange, Course, History, live

BERLIN = ZoneInfo("Europe/Berlin")
END = int(datetime(2026, 11, 12, 15, 20, tzinfo=UTC).timestamp() * 1000)
MINUTE = kinds.BY_NAME["minute"]
STRIDE = kinds.BY_NAME["stride"]


@pytest.fixture(scope="module")
def lived() -> History:
    """Five weeks that hold the end of summer time (25 October 2026)."""
    return live(Course(END, seed=4, weeks=5))


def of(boot: Boot, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """(UTC ms, values) of one kind, placed with nothing but the boot's own clock records."""
    pairs = [(at, 1000 * v[0] + v[1]) for k, at, v in boot.records if k == "clock"]
    known = np.array(pairs, dtype=float)
    rows = [(at, v) for k, at, v in boot.records if k == kind]
    at = np.array([row[0] for row in rows], dtype=float)
    offset = np.interp(at, known[:, 0], known[:, 1] - known[:, 0])
    return at + offset, np.array([row[1] for row in rows], dtype=object)


def everywhere(history: History, kind: str) -> tuple[np.ndarray, np.ndarray]:
    parts = [part for part in (of(boot, kind) for boot in history.boots) if len(part[0])]
    return np.concatenate([at for at, _ in parts]), np.concatenate([values for _, values in parts])


def local_days(utc_ms: np.ndarray) -> list[date]:
    return [datetime.fromtimestamp(at / 1000, BERLIN).date() for at in utc_ms]


def test_every_record_can_be_kept_and_read_back(lived: History) -> None:
    buffer = bytearray(300)
    for boot in lived.boots:
        for name, _, values in boot.records[::7]:
            kind = kinds.BY_NAME[name]
            end = record.pack(kind, 0, values, buffer)
            assert record.unpack(kind, bytes(buffer[record.HEADER : end])) == values
    assert {name for boot in lived.boots for name, _, _ in boot.records} >= {
        "boot", "settings", "clock", "minute", "stride", "wear", "curve", "pressure", "exercise",
    }  # fmt: skip


def test_boots_are_in_order_and_their_records_too(lived: History) -> None:
    assert [boot.number for boot in lived.boots] == list(range(1, len(lived.boots) + 1))
    for before, after in pairwise(lived.boots):
        assert before.end_ms <= after.start_ms
    for boot in lived.boots:
        at = np.array([at for _, at, _ in boot.records])
        assert np.all(np.diff(at) >= 0) and at[0] == 0
        assert at[-1] <= (boot.end_ms - boot.start_ms) * 1.001
        assert [name for name, _, _ in boot.records[:2]] == ["boot", "settings"]
        assert any(name == "clock" for name, _, _ in boot.records)


def test_the_last_fortnight_can_lie_in_the_brace(lived: History) -> None:
    cut = datetime.fromtimestamp(lived.cut_ms / 1000, BERLIN)
    assert (cut.hour, cut.minute, cut.date()) == (0, 0, date(2026, 10, 30))
    assert lived.early and lived.late and (*lived.early, *lived.late) == lived.boots
    assert all(boot.end_ms <= lived.cut_ms + 60_000 for boot in lived.early)
    assert lived.late[-1].end_ms == END


def test_minutes_worn_are_the_truth(lived: History) -> None:
    """Per local day, within a minute for each time the brace went on or off."""
    at, values = everywhere(lived, "minute")
    worn = np.array([row[MINUTE.index("worn")] for row in values])
    local = np.array(local_days(at + 30_000))
    for day in lived.days:
        mine = local == day.date
        edges = sum(
            1 for a, b in lived.worn for t in (a, b) if datetime.fromtimestamp(t / 1000, BERLIN).date() == day.date
        )
        assert worn[mine].sum() == pytest.approx(day.worn_min, abs=1 + edges)
        assert day.day_min - mine.sum() == pytest.approx(day.unknown_min, abs=3)
    hours = np.array([day.worn_min / 60 for day in lived.days[7:-1] if day.worn_min and not day.unknown_min])
    assert 8 < hours.mean() < 11


def test_the_day_the_clocks_go_back_has_25_hours(lived: History) -> None:
    long = next(day for day in lived.days if day.date == date(2026, 10, 25))
    assert long.day_min == 1500
    assert sum(day.day_min for day in lived.days[:-1]) == 35 * 1440 + 60


def test_strides_are_the_truth_and_minutes_count_them(lived: History) -> None:
    at, values = everywhere(lived, "stride")
    local = np.array(local_days(at))
    valid = np.array([(row[STRIDE.index("flags")] & kinds.STRIDE_INVALID) == 0 for row in values])
    for day in lived.days:
        assert abs(int((local == day.date).sum()) - day.strides) <= 1
        assert abs(int(valid[local == day.date].sum()) - day.strides_valid) <= 1
    _, minutes = everywhere(lived, "minute")
    assert sum(row[MINUTE.index("strides")] for row in minutes) == pytest.approx(valid.sum(), abs=3)
    usual = [day.strides for day in lived.days[7:-1] if day.worn_min > 400]
    assert 1500 < np.mean(usual) < 2600


def test_nobody_walks_two_strides_at_once_or_without_the_brace(lived: History) -> None:
    at, values = everywhere(lived, "stride")
    duration = np.array([row[STRIDE.index("duration")] for row in values])
    stance = np.array([row[STRIDE.index("stance")] for row in values])
    assert np.all(at[1:] >= at[:-1] + duration[:-1] - 5)
    share = stance / duration
    assert share.min() > 0.45 and share.max() < 0.85
    first = np.array([(row[STRIDE.index("flags")] & kinds.STRIDE_FIRST_OF_BOUT) > 0 for row in values])
    apart = at[1:] - at[:-1] - duration[:-1]
    assert np.all(apart[~first[1:]] < 10)
    assert overlap_ms(list(lived.worn), at, 1).min() > 0


def test_a_flat_battery_leaves_unknown_hours_not_unworn_ones(lived: History) -> None:
    assert len(lived.unknown) == 2 and lived.unknown[-1][0] > lived.cut_ms
    for boot in lived.boots:
        for a, b in lived.unknown:
            assert boot.end_ms <= a + 60_000 or boot.start_ms >= b
    hole = sum(b - a for a, b in lived.unknown) / 60_000
    assert sum(day.unknown_min for day in lived.days) == pytest.approx(hole, abs=2)
    for a, b in lived.worn:
        assert all(b <= low or a >= high for low, high in lived.unknown)


def test_wear_records_point_back_at_the_edge(lived: History) -> None:
    at, values = everywhere(lived, "wear")
    told = at - 1000 * np.array([row[1] for row in values], dtype=float)
    edges = np.array([t for span in lived.worn for t in span], dtype=float)
    states = np.array([s for _ in lived.worn for s in (1, 0)])
    for moment, row in zip(told, values, strict=True):
        nearest = int(np.argmin(np.abs(edges - moment)))
        # The crystal gains 12 ppm, a second a day, and not every evening has its sync.
        assert abs(edges[nearest] - moment) < 4000 and states[nearest] == row[0]
    lost = len(edges) - len(told)  # a doff that the battery did not live to tell
    assert 0 <= lost <= len(lived.unknown) + 1


def test_lasting_pressures_are_in_the_minutes_too(lived: History) -> None:
    at, values = everywhere(lived, "minute")
    for one in lived.presses:
        inside = (at >= one.onset_ms - 30_000) & (at < one.end_ms - 30_000)
        kpa = np.array([row[MINUTE.index(f"pressure_{one.channel}")] for row in values[inside]]) / 100
        amber, window = (3.3, 10) if one.site == "fibular_head" else (4.7, 15)
        assert len(kpa) >= window and kpa.min() >= amber
        assert kpa.max() == pytest.approx(one.peak_kpa, abs=0.01)
        assert np.maximum(kpa - 2.666, 0).sum() / 60 == pytest.approx(one.dose_kpah, rel=0.02)
        if one.tier == "red":
            assert np.all(kpa >= (6.67 if one.site == "fibular_head" else 9.0))
    told_at, told = everywhere(lived, "pressure")
    assert sum(row[3] for row in told) == len(lived.presses)
    onsets = told_at - 60_000 * np.array([row[8] for row in told], dtype=float)
    for one in lived.presses:
        mine = np.abs(onsets - one.onset_ms) < 2000
        assert [row[3] for row in told[mine]] == [0] * (int(mine.sum()) - 1) + [1]
        assert max(row[2] for row in told[mine]) == kinds.TIERS.index(one.tier)


def test_the_liner_cools_as_the_reference_says(lived: History) -> None:
    """Three points 12 minutes apart after a doff: their falls stand as exp(12 / 25) to one (tau 25 min)."""
    at, values = everywhere(lived, "minute")
    liner = np.array([row[MINUTE.index("liner")] for row in values]) / 100
    starts = np.array([a for a, _ in lived.worn])
    ratios = []
    for a, b in lived.worn:
        later = starts[starts > b]
        if b - a < 2 * 3_600_000 or (len(later) and later[0] - b < 30 * 60_000):
            continue
        i = int(np.searchsorted(at, b + 120_000))
        if i + 24 < len(at) and at[i + 24] - at[i] < 25 * 60_000:
            ratios.append((liner[i] - liner[i + 12]) / (liner[i + 12] - liner[i + 24]))
    assert len(ratios) > 20
    assert np.median(ratios) == pytest.approx(np.exp(12 / 25), rel=0.1)
    worn = np.array([row[MINUTE.index("worn")] for row in values])
    assert 30 < np.percentile(liner[worn == 1], 75) < 33.5


def test_the_course_improves_and_the_brace_carries_less() -> None:
    history = live(Course(END, seed=4, weeks=8))
    at, values = everywhere(history, "stride")
    begin, end = at < at[0] + 14 * 86_400_000, at > at[-1] - 14 * 86_400_000

    def middle(part: np.ndarray, name: str) -> float:
        return float(np.median([row[STRIDE.index(name)] for row in values[part]]))

    assert middle(end, "ankle_swing_peak") > middle(begin, "ankle_swing_peak") + 50
    assert middle(end, "assist_impulse") < 0.85 * middle(begin, "assist_impulse")
    assert middle(end, "duration") < middle(begin, "duration")
    same = live(Course(END, seed=4, weeks=8, residual=(0.1, 0.1), speed=(0.7, 0.7)))
    _, flat = everywhere(same, "stride")
    half = len(flat) // 2
    peak = np.array([row[STRIDE.index("ankle_swing_peak")] for row in flat])
    assert abs(np.median(peak[:half]) - np.median(peak[half:])) < 40


def test_curves_are_of_hours_that_had_strides(lived: History) -> None:
    at, values = everywhere(lived, "curve")
    stride_at, _ = everywhere(lived, "stride")
    assert len(at) > 100
    for moment, (count, angle, moment_nm) in zip(at, values, strict=True):
        walked = int(((stride_at > moment - 3_601_000) & (stride_at <= moment + 1000)).sum())
        assert 12 <= count <= walked
        assert len(angle) == len(moment_nm) == kinds.CURVE_POINTS
        assert 500 < max(angle) - min(angle) < 3500


def test_the_same_seed_is_the_same_life() -> None:
    one, again, other = (live(Course(END, seed=seed, weeks=1, cut_days=3)) for seed in (1, 1, 2))
    assert one == again
    assert one.days != other.days


def test_twelve_weeks_are_quick() -> None:
    begin = time.process_time()
    history = live(Course(END))
    assert time.process_time() - begin < 10.0
    names = [name for boot in history.boots for name, _, _ in boot.records]
    assert 140_000 < names.count("stride") < 200_000
    assert 115_000 < names.count("minute") <= 122_000


def test_spans_lose_their_holes() -> None:
    minute = 60_000
    spans = [(0, 10 * minute), (20 * minute, 30 * minute)]
    assert without(spans, [(5 * minute, 22 * minute)]) == [(0, 5 * minute), (22 * minute, 30 * minute)]
    assert without(spans, [(1 * minute, 3 * minute)])[:2] == [(0, minute), (3 * minute, 10 * minute)]
    starts = np.array([-5.0, 5.0, 12.0, 25.0]) * minute
    assert (overlap_ms(spans, starts, 10 * minute) / minute).tolist() == [5.0, 5.0, 2.0, 5.0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"weeks": 0}, "weeks: 0 is outside 1 to 520"),
        ({"weeks": 1, "cut_days": 8}, "cut_days: 8 is outside 1 to 7"),
        ({"side": "both"}, "side: 'both' is none of left, right"),
    ],
)
def test_a_course_that_cannot_be_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(PersonError) as caught:
        Course(END, **values)  # type: ignore[arg-type]
    assert str(caught.value) == said


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(PersonError, match=r"^zone: 'Europe/Nowhere' is not known"):
        live(Course(END, zone="Europe/Nowhere"))


def column(rows: np.ndarray, kind: str, name: str) -> np.ndarray:
    return np.array([row[kinds.BY_NAME[kind].index(name)] for row in rows], dtype=float)


def test_every_minute_of_walking_has_its_walk_record(lived: History) -> None:
    """It counts the strides of its minute that were valid, sure, on the level and not their bout's first."""
    left_out = (
        kinds.STRIDE_INVALID | kinds.STRIDE_LOW_CONFIDENCE | kinds.STRIDE_FIRST_OF_BOUT | kinds.STRIDE_TURN
        | kinds.STRIDE_RAMP | kinds.STRIDE_STAIRS_UP | kinds.STRIDE_STAIRS_DOWN
    )  # fmt: skip
    for boot in lived.boots:
        minutes = [at for name, at, _ in boot.records if name == "minute"]
        walks = {at: values for name, at, values in boot.records if name == "walk"}
        assert set(walks) <= set(minutes)
        strides = [(at, v[STRIDE.index("flags")]) for name, at, v in boot.records if name == "stride"]
        good = np.array([at for at, flags in strides if not flags & left_out])
        counted = np.searchsorted(good, minutes[1:]) - np.searchsorted(good, minutes[:-1])
        for at, count in zip(minutes[:-1], counted.tolist(), strict=True):
            assert (walks[at][0] if at in walks else 0) == pytest.approx(
                count, abs=1
            )  # a crystal rounds one over an edge


def test_walks_follow_strength_and_the_brace(lived: History) -> None:
    """What is stored is what is returned and what the damper ate; a quicker shank pushes off harder."""
    _, rows = everywhere(lived, "walk")
    gave, took = column(rows, "walk", "work_returned"), column(rows, "walk", "work_stored")
    assert 0.7 < np.median(gave) / np.median(took) <= 1.0
    assert np.median(column(rows, "walk", "work_push_off")) < np.median(gave)
    for name in ("push_off_rate", "shank_back", "shank_range"):
        found = column(rows, "walk", name)
        assert np.median(found[-800:]) > 1.03 * np.median(found[:800]), name
    assert abs(np.median(column(rows, "walk", "climb"))) < 3 and abs(np.median(column(rows, "walk", "slope"))) < 20
    _, strides = everywhere(lived, "stride")
    peak, mean = column(rows, "walk", "moment_peak"), column(strides, "stride", "moment_swing")
    assert np.median(peak) > np.median(mean)


def test_a_few_strides_are_on_stairs_and_ramps(lived: History) -> None:
    _, rows = everywhere(lived, "stride")
    flags = column(rows, "stride", "flags").astype(int)
    stairs = (flags & (kinds.STRIDE_STAIRS_UP | kinds.STRIDE_STAIRS_DOWN)) > 0
    assert 0.001 < stairs.mean() < 0.01 and 0.003 < ((flags & kinds.STRIDE_RAMP) > 0).mean() < 0.03
    assert np.median(column(rows, "stride", "foot_pitch_at_contact")[stairs]) < -500


def test_straps_close_and_open_at_their_second(lived: History) -> None:
    """touch_at, touch_change: the second and the sign of the largest change (rows.py)."""
    at, rows = everywhere(lived, "minute")
    second, change = column(rows, "minute", "touch_at"), column(rows, "minute", "touch_change")
    found = 0
    for span in lived.worn:
        for edge, sign in zip(span, (1, -1), strict=True):
            near = np.flatnonzero((at <= edge + 3000) & (at > edge - 63000) & (sign * change > 400))
            if len(near):
                told = at[near] + 1000 * second[near]
                assert np.min(np.abs(told - edge)) < 5000
                found += 1
    assert found >= 2 * len(lived.worn) - 2 * len(lived.unknown) - 2
    worn = column(rows, "minute", "worn")
    off = (worn == 0) & np.concatenate(([True], worn[:-1] == 0)) & np.concatenate((worn[1:] == 0, [True]))
    assert not change[off].any()


def lived_through(**changes: object) -> History:
    return live(Course(END, seed=4, weeks=8, strides_per_day=500, flat_times=1, **changes))  # type: ignore[arg-type]


STEADY = {"residual": (0.4, 0.4), "speed": (0.75, 0.75)}


def by_day(history: History, name: str) -> np.ndarray:
    """Median of a stride field per day of the calendar; NaN without strides."""
    at, rows = everywhere(history, "stride")
    local, values = np.array(local_days(at)), column(rows, "stride", name)
    return np.array([np.median(values[local == d.date]) if (local == d.date).any() else np.nan for d in history.days])


def test_another_brace_shows_from_its_day() -> None:
    history = lived_through(**STEADY, brace_changes=(BraceChange(28, stiffness=0.9, neutral=4.0, strap=1.3),))
    assert [day.stiffness for day in history.days] == [0.3] * 28 + [0.9] * 29
    assert history.days[27].neutral == 2.0 and history.days[28].neutral == 4.0 and history.days[28].strap == 1.3
    peak = by_day(history, "ankle_swing_peak")
    assert np.nanmedian(peak[28:]) > np.nanmedian(peak[:28]) + 150
    assert np.nanmin(peak[28:]) > np.nanmax(peak[7:28])
    moment = by_day(history, "moment_swing")
    assert np.nanmedian(moment[28:]) > 1.2 * np.nanmedian(moment[:28])


def test_a_relapse_is_there_in_two_days_and_a_decline_is_slow() -> None:
    sudden = lived_through(**STEADY, relapse=(40, 0.6))
    strength = np.array([day.strength for day in sudden.days])
    assert strength[:40].mean() == pytest.approx(0.4, abs=0.02) and strength[41:].mean() == pytest.approx(
        0.16, abs=0.02
    )
    peak = by_day(sudden, "assist_impulse")
    assert np.nanmedian(peak[42:]) > 1.05 * np.nanmedian(peak[7:40])
    slow = lived_through(residual=(0.5, 0.3), speed=(0.8, 0.7))
    strength = np.array([day.strength for day in slow.days])
    assert strength[:7].mean() > 0.47 and strength[-7:].mean() < 0.33
    assert np.abs(np.diff(strength)).max() < 0.08


def test_bad_days_stay_off_and_a_stimulator_helps() -> None:
    history = lived_through(**STEADY, bad_share=0.25, fes_share=0.3)
    bad = [day for day in history.days if day.bad]
    assert 6 <= len(bad) <= 24 and all(day.worn_min == 0 and day.strides == 0 for day in bad)
    fes = np.array([day.fes for day in history.days])
    impulse = by_day(history, "assist_impulse")
    assert np.nanmedian(impulse[fes]) < 0.95 * np.nanmedian(impulse[~fes])


def test_a_brace_in_a_cupboard_tells_nothing() -> None:
    history = lived_through(abandoned_day=30)
    for day in history.days[31:]:
        assert day.unknown_min == day.day_min and day.worn_min == 0
    assert history.boots[-1].end_ms < history.unknown[-1][0] + 60_001
    assert all(at < history.unknown[-1][0] for at in everywhere(history, "minute")[0])
    late = lived_through(abandoned_day=50)
    assert late.late and late.boots[-1].end_ms < END


def test_stumbles_follow_walking() -> None:
    history = lived_through(stumbles_per_1000=(4.0, 4.0))
    total = sum(day.stumbles for day in history.days)
    strides = sum(day.strides for day in history.days)
    assert 1000 * total / strides == pytest.approx(4.0, rel=0.3)
    at, _ = everywhere(history, "stumble")
    starts, _ = everywhere(history, "stride")
    assert len(at) >= total - 2
    gap = np.abs(at[:, None] - starts[None, :]).min(axis=1)
    assert gap.max() < 1500


def test_a_day_outside_the_course_is_refused() -> None:
    for wrong in ({"abandoned_day": 0}, {"relapse": (84, 0.5)}, {"brace_changes": (BraceChange(-1),)}):
        with pytest.raises(PersonError, match=r"^day: -?\d+ is outside 1 to 83$"):
            Course(END, **wrong)  # type: ignore[arg-type]
