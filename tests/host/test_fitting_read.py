"""What a fitting reads from samples, against stretches whose truth is known; and what it refuses to read."""

import numpy as np
import pandas as pd
import pytest
from events.walk import make

from talus_host.fitting_read import SECONDS, Fitted, Read, read
from talus_host.fitting_steps import refusals
from talus_host.watching import COLUMNS, PER, Samples

NAN = float("nan")
SITES = ("fibular_head", "lateral_malleolus", "dorsal_strap", "heel")
SHANK = Fitted(SITES, "shank")
MMHG = 101.325 / 760  # kPa, by what the unit was made from
RNG = np.random.default_rng(7)


def stretch(seconds: float, **columns: object) -> pd.DataFrame:
    """Samples of a leg that stands upright and still, but for the columns given (a number, or one for each sample)."""
    n = round(100 * seconds)
    values = pd.DataFrame(0.0, index=range(n), columns=list(COLUMNS))
    values["acc_up"] = 1.0
    for name, value in columns.items():
        values[name] = value
    return Samples(70_000 + 10 * np.arange(n, dtype=np.int64), values.to_numpy()).table()


def names(found: Read) -> list[str]:
    return [line.name for line in found.lines]


def leaning(deg: float) -> dict[str, float]:
    """A shank that leans forward: its forward axis points down, and what holds it up pushes backward along it."""
    return {"acc_forward": -np.sin(np.radians(deg)), "acc_up": np.cos(np.radians(deg))}


# --- standing -----------------------------------------------------------------------------------------------------


def test_a_stand_reads_the_middle_of_its_angles_with_their_spread() -> None:
    n = 500
    noise = RNG.normal(0, 0.3, n)
    found = read("standing", stretch(5, ankle_angle_deg=4.2 + noise, **leaning(6)), SHANK)
    assert found.figures == {"ankle_deg": pytest.approx(4.2, abs=0.1), "shank_deg": pytest.approx(6.0, abs=0.05)}
    told = {line.name: line.facts for line in found.lines}
    assert told["ankle"]["spread"] == pytest.approx(0.3, abs=0.03) and not found.refused
    jumped = 4.2 + noise
    jumped[100:120] = 60.0  # a sensor's glitch of 0.2 s moves a mean by 2.2 deg
    assert read("standing", stretch(5, ankle_angle_deg=jumped), SHANK).figures["ankle_deg"] == pytest.approx(
        4.2, abs=0.1
    )


def test_a_leg_that_moves_is_no_stand() -> None:
    t = np.arange(500) / 100
    swaying = stretch(5, gyro_sagittal_deg_s=20 * np.sin(2 * np.pi * t))  # its SD is 20 / sqrt(2)
    found = read("standing", swaying, SHANK)
    assert found.refused and found.figures == {} and names(found) == ["moved"]
    assert found.lines[0].facts == {"rate": pytest.approx(20 / np.sqrt(2), rel=0.01), "limit": 1.5}
    # One that leans by 1 deg/s has no spread of its rate at all: the middle of the last second is 4 deg from the first.
    slow = stretch(5, gyro_sagittal_deg_s=1.0, ankle_angle_deg=t)
    found = read("standing", slow, SHANK)
    assert found.refused and found.figures == {} and found.lines[0].facts["deg"] == pytest.approx(4.0, abs=0.02)
    nobody = stretch(5, ankle_angle_deg=NAN, gyro_frontal_deg_s=NAN, acc_up=NAN)
    assert names(read("standing", nobody, SHANK)) == ["no_motion"]


@pytest.mark.parametrize(
    ("columns", "fitted", "figures", "why"),
    [
        ({"ankle_angle_deg": NAN}, SHANK, {"shank_deg": 0.0}, "no_ankle"),
        ({"acc_up": NAN}, SHANK, {"ankle_deg": 0.0}, "no_shank"),
        ({}, Fitted(SITES, "foot"), {"ankle_deg": 0.0}, "on_foot"),
        ({}, Fitted(), {"ankle_deg": 0.0}, "unplaced"),
        ({"acc_up": 1.08}, SHANK, {"ankle_deg": 0.0}, "gravity"),
    ],
)
def test_an_angle_that_is_not_known_has_no_figure(columns: dict, fitted: Fitted, figures: dict, why: str) -> None:  # type: ignore[type-arg]
    found = read("standing", stretch(5, **columns), fitted)
    assert found.figures == figures and why in names(found) and not found.refused


def test_half_a_channel_is_no_channel() -> None:
    angle = np.full(500, 3.0)
    angle[::2] = NAN
    assert "ankle_deg" not in read("standing", stretch(5, ankle_angle_deg=angle), SHANK).figures


# --- too little of it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", SECONDS)
def test_too_few_samples_and_too_many_missing_are_refused(step: str) -> None:
    seconds = max(SECONDS[step], 5)
    none = stretch(seconds).iloc[:0]
    short = stretch(SECONDS[step] * 0.9)
    for samples in (none, short):
        found = read(step, samples, SHANK)
        assert found.refused and names(found) == ["short"] and found.figures == {}
    assert found.lines[0].facts == {"seconds": pytest.approx(0.9 * SECONDS[step]), "needed": SECONDS[step]}
    whole = stretch(seconds, ankle_angle_deg=2.0, pressure_1_kpa=3.0)
    n = len(whole)
    holed = whole.drop(index=range(50, 50 + n // 10))  # a tenth of it
    found = read(step, holed, SHANK)
    assert found.refused and found.lines[0].facts == {"missing": n // 10, "of": n} and found.figures == {}


def test_a_short_hole_is_not_filled_and_does_no_harm() -> None:
    samples = stretch(5, ankle_angle_deg=4.0).drop(index=range(100, 120))
    assert read("standing", samples, SHANK).figures["ankle_deg"] == 4.0


# --- zero, pair ---------------------------------------------------------------------------------------------------


def test_the_spread_at_rest_is_told_in_the_encoders_counts() -> None:
    """A count is 360/4096 deg; noise of 1.5 counts is kept, one of 3 refuses the step."""
    for counts, refused in ((1.5, []), (3.0, ["encoder_sd_counts"])):
        angle = np.round(RNG.normal(-12.0, counts * 360 / 4096, 200), 2)
        found = read("zero", stretch(2, ankle_angle_deg=angle), SHANK)
        assert found.figures["encoder_sd_counts"] == pytest.approx(counts, rel=0.15)
        assert refusals("zero", found.figures) == refused
    handled = read("zero", stretch(2, gyro_sagittal_deg_s=30 * np.sin(np.arange(200) / 10)), SHANK)
    assert handled.refused and handled.figures == {} and names(handled) == ["moved"]
    unset = read("zero", stretch(2, ankle_angle_deg=NAN), SHANK)
    assert unset.refused and unset.figures == {} and names(unset) == ["no_angle"]


def test_a_brace_that_is_heard_has_no_figure_to_type() -> None:
    found = read("pair", stretch(2), SHANK)
    assert found.figures == {} and found.lines[0].facts == {"samples": 200, "seconds": 2.0}


# --- strides ------------------------------------------------------------------------------------------------------


def walked(strides: int, **more: object) -> pd.DataFrame:
    """A drawn walk, as samples come over the air; its side-to-side turn has a power of its own."""
    rows = np.array([row[: len(COLUMNS)] for row in make([1.1] * strides).samples], dtype=float) / PER
    values = pd.DataFrame(rows, columns=list(COLUMNS))
    swing = values["gyro_sagittal_deg_s"]
    values["gyro_frontal_deg_s"] = 0.3 * swing * np.where(np.arange(len(rows)) % 2, 1, -1)
    values["gyro_transverse_deg_s"] = 0.0
    for name, value in more.items():
        values[name] = value
    return Samples(10 * np.arange(len(rows), dtype=np.int64), values.to_numpy()).table()


def test_strides_are_counted_by_the_braces_own_events_and_the_hinge_explains_its_share() -> None:
    found = read("strides", walked(13), SHANK)
    assert 11 <= found.figures["strides"] <= 13, "the first and the last of a bout may be invalid"
    # A turn of 0.3 times the rate, that follows no direction: 1 of 1 + 0.3^2 lies about the hinge.
    assert found.figures["axis_explained_pct"] == pytest.approx(100 / 1.09, abs=0.3)
    fewer = read("strides", walked(6), SHANK)
    assert fewer.figures["strides"] == found.figures["strides"] - 7
    assert refusals("strides", fewer.figures) == ["strides"]


def test_strides_that_were_not_seen_are_no_figure_and_never_a_zero() -> None:
    still = read("strides", stretch(10), SHANK)
    assert still.refused and still.figures == {} and names(still) == ["no_strides"]
    assert names(read("strides", walked(13), Fitted(SITES))) == ["unplaced"]
    blind = read("strides", walked(13, gyro_frontal_deg_s=NAN), SHANK)
    assert "axis_explained_pct" not in blind.figures and names(blind) == ["strides", "no_axis"]


# --- pressure -----------------------------------------------------------------------------------------------------


def test_each_sites_pressure_is_told_and_the_worst_of_the_others_counts() -> None:
    pulsing = np.where(np.arange(1000) % 10 < 2, 45 * MMHG, 30 * MMHG)  # a fifth of the time 45, else 30
    samples = stretch(
        10, pressure_1_kpa=20 * MMHG, pressure_2_kpa=pulsing, pressure_3_kpa=26 * MMHG, pressure_4_kpa=0.0
    )
    found = read("pressure", samples, SHANK)
    assert found.figures == {"fibular_head_mmhg": 20.0, "other_sites_mmhg": 30.0}
    second = found.lines[1].facts
    assert second["site"] == "lateral_malleolus" and second["most"] == pytest.approx(45) and second["median"] < 31
    moved = Fitted(("heel", "fibular_head", "dorsal_strap", "none"), "shank")
    assert read("pressure", samples, moved).figures == {"fibular_head_mmhg": 30.0, "other_sites_mmhg": 26.0}


def test_a_pressure_that_is_not_known_leaves_its_field_empty() -> None:
    pressed = {f"pressure_{n}_kpa": 3.0 for n in range(1, 5)}
    assert names(read("pressure", stretch(10, **pressed), Fitted((), "shank"))) == ["unsited"]
    no_nerve = read("pressure", stretch(10, **pressed | {"pressure_1_kpa": NAN}), SHANK)
    assert list(no_nerve.figures) == ["other_sites_mmhg"] and "no_nerve" in names(no_nerve)
    hidden = read("pressure", stretch(10, **pressed | {"pressure_3_kpa": NAN}), SHANK)
    assert list(hidden.figures) == ["fibular_head_mmhg"], "the worst could be the one that is not measured"
    off = read("pressure", stretch(10), SHANK)
    assert off.refused and off.figures == {} and names(off)[-1] == "no_pressure"
