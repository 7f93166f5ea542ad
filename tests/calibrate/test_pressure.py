"""An FSR's power law against one whose truth is known; wet, shorted, slipping and lagging ones are refused."""

from itertools import pairwise

import pytest
from calibrate.made import fsr_counts, squeezes

from talus.calibration import Calibration
from talus_host.calibrate.pressure import fit_pressure
from talus_host.calibrate.readings import Squeeze

TOP = {"id": 1, "made_day": 0, "side": 0, "imu_place": 0, "liner": 0, "reference": 0}


@pytest.mark.parametrize("exponent", [0.8, 1.0, 1.15, 1.3])
def test_the_law_is_found_and_the_brace_then_reads_it_and_rises(exponent: float) -> None:
    a = 20 / 41600**exponent
    found = fit_pressure(squeezes(a=a, b=exponent, cycles=3), 1, 5)
    assert found.accepted, found.why
    assert found.figures["exponent"] == pytest.approx(exponent, abs=0.01)
    site = Calibration({**TOP, "pressure": [found.given["pressure"], None, None, None]}).pressure[0]
    for kpa in (1.0, 3.0, 4.7, 8.0, 15.0, 20.0, 30.0):
        assert site.from_counts(round(fsr_counts(kpa, a, exponent))) == pytest.approx(100 * kpa, rel=0.05, abs=6)
        assert not site.beyond
    read = [site.from_counts(counts) for counts in range(26400)]
    assert all(low <= high for low, high in pairwise(read)), "more counts are never less pressure"


def test_saturation_is_told_from_a_short_and_from_pressure() -> None:
    """Above three times the largest conductance it was calibrated at the number is the least it can be."""
    site = Calibration(
        {**TOP, "pressure": [fit_pressure(squeezes(), 1, 5).given["pressure"], None, None, None]}
    ).pressure[0]
    top = fsr_counts(20)
    ratio = top / (26400 - top) * 3
    assert site.from_counts(round(26400 * ratio / (1 + ratio)) - 3) and not site.beyond
    least = site.from_counts(round(26400 * ratio / (1 + ratio)) + 3)
    assert site.beyond and site.from_counts(26399) == least > 5000
    assert site.from_counts(26400) is None
    assert site.from_counts(40) == 0 and not site.beyond


def test_hysteresis_is_the_mean_of_the_branches_and_reported() -> None:
    """Unloading reads 10 % more pressure: the curve lies between, the gap is told."""
    found = fit_pressure(squeezes(lag=0.10), 1, 5)
    assert found.accepted and 3 < found.figures["hysteresis_pct"] < 10
    site = Calibration({**TOP, "pressure": [found.given["pressure"], None, None, None]}).pressure[0]
    assert 1000 < site.from_counts(round(fsr_counts(10.5))) < 1050


def changed(index: int, counts: int) -> list[Squeeze]:
    rows = squeezes()
    rows[index] = Squeeze(counts, 1, rows[index].kpa)
    return rows


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (squeezes()[:3], "3 pressures were read; 0 and 3 others are needed"),
        (changed(4, 26400), "26400 counts at 20 kPa: at the supply, a short or a wet lead"),
        (squeezes(g0=30000.0), "it conducts 74 % of its most with nothing on it: wet, or pinched"),
        (
            [Squeeze(row.counts if row.kpa != 10 else 2000, 1, row.kpa) for row in squeezes()],
            "it conducts no more at 10 kPa than at 5: the puck slipped, or the sensor is bad",
        ),
        (squeezes(lag=0.6), "hysteresis 28 % of its range, and 20 is the limit"),
    ],
)
def test_what_is_refused_and_why(rows: list[Squeeze], why: str) -> None:
    found = fit_pressure(rows, 1, 5)
    assert not found.accepted and found.given == {}
    assert found.why == why
