"""Dimensions of the mechanics: rows that are whole, refusals that name the parameter, arithmetic done by hand."""

import math
import sys
from pathlib import Path

import pytest

from talus_host.calibrate import plan

sys.path.append(str(Path(__file__).parents[2]))

from hardware.mechanics import build
from hardware.mechanics.layout import Layout, lay_out
from hardware.mechanics.parameters import (
    AIR_GAP_MM,
    CELL_MAH,
    LEVER_MM,
    NAMES,
    ROWS,
    SIZES,
    SKIN_RADIUS_MM,
    STOPS_DEG,
    Given,
    Impossible,
    size,
)


def test_every_row_is_whole_and_named_once() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for name, default, unit, least, most, why in ROWS:
        assert least < most and least <= default <= most, name
        assert unit in ("mm", "of 1") and len(why) > 3, name


@pytest.mark.parametrize("name", NAMES)
def test_a_value_outside_its_row_is_refused_by_name_and_value(name: str) -> None:
    _, _, unit, least, most, _ = next(row for row in ROWS if row[0] == name)
    for value in (least - 0.01, most + 0.01, math.nan, math.inf):
        with pytest.raises(Impossible) as refused:
            Given({name: value})
        assert str(refused.value) == f"{name} {value:g} {unit}: {least:g} to {most:g} is possible"


def test_a_name_that_is_no_row_is_refused() -> None:
    with pytest.raises(Impossible, match=r"^calf_girth 360: is no parameter$"):
        Given({"calf_girth": 360})
    with pytest.raises(Impossible, match=r"^size tiny: there is small, medium, large$"):
        size("tiny")


@pytest.mark.parametrize("name", SIZES)
def test_every_named_size_can_be_laid_out(name: str) -> None:
    assert lay_out(size(name)).p.calf_radius == SIZES[name].get("calf_radius", 57.0)
    assert set(CELL_MAH) == set(SIZES)


# (changes to medium, parameter the line names): each value lies within its row, and together they cannot be
CLASHES = (
    ({"calf_radius": 44.0}, "calf_radius"),
    ({"board_play": 0.2}, "board_play"),
    (
        {"hinge_diameter": 18.0, "hinge_head_diameter": 14.0, "bar_width": 14.0, "least_wall": 1.6},
        "hinge_head_diameter",
    ),
    ({"bar_width": 24.0}, "bar_width"),
    ({"carrier_width": 33.0, "cell_width": 20.0}, "carrier_width"),
    ({"wall": 1.6, "least_wall": 1.6}, "wall"),
    ({"tip_width": 16.0, "carrier_width": 33.0, "board_width": 17.0, "cell_width": 20.0}, "carrier_width"),
    ({"bed": 150.0}, "jig_height"),
    ({"cable": 4.0}, "cable"),
    ({"switch_height": 4.3}, "switch_height"),
    ({"board_length": 24.0, "carrier_length": 26.0}, "carrier_length"),
)


@pytest.mark.parametrize(("changes", "named"), CLASHES)
def test_what_does_not_go_together_is_refused_by_name_and_value(changes: dict[str, float], named: str) -> None:
    given = size("medium", changes)  # each by itself is possible
    with pytest.raises(Impossible) as refused:
        lay_out(given)
    assert str(refused.value).startswith(f"{named} {getattr(given, named):g}: ")


def test_a_wrong_dimension_stops_the_build_in_one_line_before_any_solid(capsys: pytest.CaptureFixture[str]) -> None:
    """It needs no build123d to say so: this environment has none."""
    for words, line in (
        (["medium", "wall=9"], "wall 9 mm: 1.6 to 4 is possible"),
        (["medium", "wall=thick"], "wall thick: is no number"),
        (["giant"], "size giant: there is small, medium, large"),
        (["calf_radius=44"], "calf_radius 44: too round for a pod of 40.8 mm"),
    ):
        assert build.main(words) == 65
        assert capsys.readouterr().err == line + "\n"


def test_what_calibration_expects_of_the_jigs_is_what_they_are_made_for() -> None:
    assert plan.LEVER_M * 1000 == LEVER_MM
    assert (0.0, *plan.STOPS_DEG) == STOPS_DEG


def test_the_datasheets_limits_and_the_least_radius_are_held_by_the_rows() -> None:
    """AS5600: 0.5 to 3 mm. A corner that can meet skin is never below 2 mm."""
    rows = {row[0]: row for row in ROWS}
    assert AIR_GAP_MM == (0.5, 3.0) and rows["air_gap"][3:5] == AIR_GAP_MM
    assert SKIN_RADIUS_MM == 2.0 and rows["skin_fillet"][3] >= SKIN_RADIUS_MM


@pytest.fixture
def medium() -> Layout:
    return lay_out(size("medium"))


def test_the_pod_is_as_wide_and_long_as_what_lies_in_it(medium: Layout) -> None:
    """By hand: 35 + 2 x 0.5 + 2 x 2.4; 2.4 + 12 + 1.6 + (50 + 1) + 1.6 + (30 + 0.5 + 1.8) + 2.4."""
    assert medium.width == pytest.approx(40.8)
    assert medium.length == pytest.approx(103.3)


def test_the_button_reaches_through_the_shell(medium: Layout) -> None:
    """Over the XIAO half a tip of 7.5 less half a receptacle of 3.3 and 0.1; the XIAO 4.5; the wall 2.4: 9.1 of 9.5."""
    assert medium.reach == pytest.approx((7.5 - 3.3) / 2 + 0.1 + 4.5 + 2.4)


def test_the_seat_falls_back_as_a_circle_does(medium: Layout) -> None:
    """57 + 3 + 3 = 63 mm; at 16 mm aside sqrt(3969 - 256) = 60.934."""
    assert medium.sagitta(16) == pytest.approx(63 - 60.934, abs=1e-3)


def test_a_screw_of_a_length_that_is_sold_holds_by_one_and_a_half_diameters(medium: Layout) -> None:
    length, recess = medium.screw
    column = medium.depth + medium.p.wall - recess  # what the screw goes through before the insert
    assert length in (6, 8, 10, 12, 16, 20) and length - column >= 1.5 * 2.5 and recess >= 2.5


def test_the_magnets_gap_adds_up(medium: Layout) -> None:
    """Head 3, room 0.5, floor 2.4, magnet 2.5, gap 1.5, chip 1.75, board 1.6."""
    assert medium.mount_z == pytest.approx(3 + 0.5 + 2.4 + 2.5 + 1.5 + 1.75 + 1.6)


def test_the_jigs_corners_are_the_stops(medium: Layout) -> None:
    """Angle at each corner between its two sides: the shank over the foot plate is 90 deg and the ankle's angle."""
    corners = medium.jig_corners
    found = []
    for index, (x, y) in enumerate(corners):
        (ax, ay), (bx, by) = corners[index - 1], corners[(index + 1) % 4]
        turn = math.atan2(ay - y, ax - x) - math.atan2(by - y, bx - x)
        found.append(math.degrees(turn) % 360)
    assert found == pytest.approx([90, 70, 95, 105])
    assert {90 + stop for stop in STOPS_DEG} <= {round(angle) for angle in found}
