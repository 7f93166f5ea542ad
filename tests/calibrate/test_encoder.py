"""Zero, direction and eccentricity against an encoder whose truth is known, and every refusal with its line."""

from dataclasses import replace

import numpy as np
import pytest
from calibrate.made import angles

from talus.calibration import Calibration
from talus_host.calibrate.encoder import fit_encoder

TOP = {"id": 1, "made_day": 0, "side": 0, "imu_place": 0, "liner": 0, "reference": 0}
JIG = [0.0, -40.0, -30.0, -20.0, -10.0, 10.0, 20.0, 30.0]


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("zero", [0, 7, 1234, 4090])
def test_zero_and_direction_wherever_the_magnet_was_glued(zero: int, direction: int) -> None:
    found = fit_encoder(angles([0.0, -20.0, 15.0], zero, direction))
    assert found.accepted and found.given == {"encoder": {"zero": zero, "direction": direction}}
    made = Calibration({**TOP, **found.given})
    for deg in (-35, -1, 0, 4, 22):
        assert made.angle(round(zero + direction * deg * 4096 / 360) % 4096) == pytest.approx(100 * deg, abs=5)


def test_a_magnet_off_its_centre_is_corrected_by_eight_angles_on_the_brace() -> None:
    """Once a turn 1.6 deg, twice a turn 0.8: the brace then reads within 0.3 deg where the jig reached."""
    rows = angles(JIG, bent=(1.6, 0.8))
    found = fit_encoder(rows)
    assert found.accepted and abs(found.figures["stop_error_deg"]) > 1
    made = Calibration({**TOP, **found.given})
    for row in rows:
        if row.angle_deg is not None:
            assert made.angle(int(row.counts)) == pytest.approx(100 * row.angle_deg, abs=30)
    plain = Calibration({**TOP, "encoder": {"zero": 1234, "direction": -1}})
    assert max(abs(plain.angle(int(r.counts)) - 100 * r.angle_deg) for r in rows if r.angle_deg is not None) > 100


def loose() -> list:
    rows = angles([0.0, -20.0])
    return [replace(rows[0], sd_counts=3.1), *rows[1:]]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "nothing was read at 0 deg"),
        (
            loose(),
            "the counts at 0 deg spread by 3.1, and 2 is the limit: a jig not held, or a loose magnet",
        ),
        ([angles([0.0])[0]], "no move into dorsiflexion was read, so the direction is not known"),
        (angles([0.0]), "no second stop was read, so the scale is not known"),
        (
            [replace(row, counts=1230) if row.angle_deg is None else row for row in angles([0.0, -20.0])],
            "the move into dorsiflexion was 0.4 deg; 3 are needed",
        ),
        (
            [replace(row, counts=1400) if row.angle_deg is None else row for row in angles([0.0, -20.0])],
            "the stop at -20.0 deg reads 20.0: the move was made the wrong way round",
        ),
        (
            [replace(row, counts=row.counts + 20 * (row.angle_deg == -20)) for row in angles([0.0, -20.0])],
            "the stop at -20.0 deg reads -21.8: 1.8 off, and 1 deg is the limit; with 8 jig angles the magnet's "
            "eccentricity can be fitted",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(rows: list, why: str) -> None:
    found = fit_encoder(rows)
    assert not found.accepted and found.why == why and found.given == {}


def test_stops_that_follow_no_eccentricity_are_refused() -> None:
    rng = np.random.default_rng(5)
    rows = [
        replace(row, counts=(row.counts + round(rng.normal(0, 25))) % 4096) if row.angle_deg else row
        for row in angles(JIG)
    ]
    found = fit_encoder(rows)
    assert not found.accepted and found.why.endswith("0.5 is the limit: set the magnet")
