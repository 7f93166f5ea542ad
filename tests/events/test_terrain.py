"""Slope, rise and lean against a leg whose place in the world is known; flags of ramps and stairs."""

import statistics

import pytest
from events.ground import Ground, Placed, place
from events.played import FOOT, SHANK

from talus.events.gait import STRIDE, Gait
from talus.settings import Settings
from talus.wire import kinds

LEVEL = [Ground()] * 12
STAIRS = kinds.STRIDE_STAIRS_UP | kinds.STRIDE_STAIRS_DOWN
FLAGS, LEAN = (kinds.BY_NAME["stride"].index(name) for name in ("flags", "shank_to_vertical"))


def told(
    placed: Placed, imu: int = SHANK, stand: int | None = 0, **changes: int
) -> list[tuple[int, int | None, int | None, int | None]]:
    """(flags, slope in 0.01 deg, climb in mm, shank to vertical) of each stride."""
    gait = Gait(Settings(changes), imu, None, None, stand)
    found = []
    for sample in placed.samples:
        if gait.update(sample) & STRIDE:
            found.append((gait.stride[FLAGS], gait.terrain.slope, gait.terrain.climb, gait.stride[LEAN]))
    return found


@pytest.mark.parametrize("imu", ["shank", "foot"])
@pytest.mark.parametrize("slope_deg", [-7.0, -5.0, 0.0, 3.0, 6.0])
def test_the_slope_is_the_grounds_and_a_ramp_is_flagged_beyond_four_degrees(imu: str, slope_deg: float) -> None:
    placed = place([*LEVEL, *[Ground(slope_deg=slope_deg)] * 6], imu=imu, noise_g=0.02)
    rows = told(placed, FOOT if imu == "foot" else SHANK)
    on_it = rows[13:]
    assert all(slope is not None for _, slope, _, _ in on_it)
    assert statistics.median(slope or 0 for _, slope, _, _ in on_it) == pytest.approx(100 * slope_deg, abs=70)
    assert all(bool(flags & kinds.STRIDE_RAMP) == (abs(slope_deg) > 4) for flags, _, _, _ in on_it)
    assert not any(flags & kinds.STRIDE_RAMP for flags, _, _, _ in rows[:11])


@pytest.mark.parametrize("step_m", [0.34, 0.17, -0.17, -0.34])
@pytest.mark.parametrize("imu", ["shank", "foot"])
def test_a_foot_put_higher_or_lower_without_its_heel_first_is_on_stairs(imu: str, step_m: float) -> None:
    placed = place([*LEVEL, *[Ground(0.5, 0, step_m)] * 4, *[Ground()] * 3], pitch=-6.0, imu=imu, noise_g=0.02)
    rows = told(placed, FOOT if imu == "foot" else SHANK)
    flag = kinds.STRIDE_STAIRS_UP if step_m > 0 else kinds.STRIDE_STAIRS_DOWN
    climbs = [climb for flags, _, climb, _ in rows if flags & flag and climb is not None]
    assert len(climbs) == 4
    assert climbs == pytest.approx([1000 * step_m] * 4, abs=45)
    assert not any(flags & STAIRS for flags, _, _, _ in rows[:11])


def test_a_heel_that_lands_first_is_on_no_stairs() -> None:
    rows = told(place([*LEVEL, *[Ground(0.5, 0, 0.2)] * 4], pitch=15.0))
    assert not any(flags & STAIRS for flags, _, _, _ in rows)


def test_a_wrong_zero_is_no_ramp_and_a_slip_stops_being_one() -> None:
    """6 deg from the start is how this brace sits; 6 deg from now on is a ramp until it has lasted 300 strides."""
    rows = told(place(LEVEL, turned_deg=6.0))
    assert all((slope or 0) > 500 for _, slope, _, _ in rows) and not any(f & kinds.STRIDE_RAMP for f, _, _, _ in rows)
    gait = Gait(Settings())
    flags = []
    for placed in (place(LEVEL), place([Ground()] * 120, turned_deg=6.0)):
        for sample in placed.samples:
            if gait.update(sample) & STRIDE:
                flags.append(bool(gait.stride[FLAGS] & kinds.STRIDE_RAMP))
    assert all(flags[13:100]) and not flags[-1], "6.5 less 4 deg, at 0.02 deg a stride"


def test_the_usual_slope_is_kept_across_a_rest() -> None:
    gait = Gait(Settings())
    for sample in place(LEVEL).samples:
        gait.update(sample)
    gait.rest()
    flags = []
    for sample in place([Ground(slope_deg=6)] * 6).samples:
        if gait.update(sample) & STRIDE:
            flags.append(gait.stride[FLAGS])
    assert flags and all(one & kinds.STRIDE_RAMP for one in flags[1:])


def test_a_gyro_with_a_wrong_zero_tells_the_same_ground() -> None:
    rows = told(place([Ground()] * 30, gyro_zero_dps=1.5))[15:]
    assert statistics.median(slope or 0 for _, slope, _, _ in rows) == pytest.approx(0, abs=100)
    assert statistics.median(climb or 0 for _, _, climb, _ in rows) == pytest.approx(0, abs=30)


def test_where_the_unit_sits_is_a_setting() -> None:
    """The shank leans by 6 deg and turns at 57 deg/s at mid-stance: 0.2 m of it rise by 2 cm in a stride."""
    assert told(place(LEVEL, height_m=0.4), imu_height_mm=400)[5][2] == pytest.approx(0, abs=20)
    known, guessed = (told(place(LEVEL, height_m=0.4), imu_height_mm=mm)[5][2] or 0 for mm in (400, 200))
    assert 10 < abs(guessed - known) < 40


def test_without_accelerations_no_ground_is_told() -> None:
    placed = place(LEVEL)
    for sample in placed.samples:
        sample[kinds.ACC_UP] = None
    assert {(slope, climb) for _, slope, climb, _ in told(placed)} == {(None, None)}


def test_shank_to_vertical_is_against_quiet_standing() -> None:
    """The angle at mid-stance less that of standing; without a standing calibration nobody knows it."""
    plain, shod = told(place(LEVEL)), told(place(LEVEL), stand=350)
    assert [(a[3] or 0) - (b[3] or 0) for a, b in zip(plain, shod, strict=True)] == [350] * len(plain)
    assert {row[3] for row in told(place(LEVEL), stand=None)} == {None}


def test_a_shank_without_an_encoder_leans_as_gravity_says() -> None:
    """Where it turns slowest behind the first quarter of stance; a unit that slipped says so much less."""
    for turned in (0.0, 5.0):
        leans = [row[3] for row in told(place(LEVEL, encoder=False, turned_deg=turned), stand=None)[1:-1]]
        assert all(lean is not None for lean in leans)
        # The shank as drawn: 4 deg back at 10 % of the stride, 14 deg forward at 40 %.
        assert statistics.median(lean or 0 for lean in leans) == pytest.approx(900 - 100 * turned, abs=300)
    on_foot = told(place(LEVEL, imu="foot", encoder=False), FOOT, stand=None)
    assert {row[3] for row in on_foot} == {None}, "a foot says nothing of the shank"
