"""The drift of a bridge against a run whose truth is known: what is left, the range, the strut that lags behind."""

import pytest
from calibrate.made import warm

from talus.calibration import Calibration
from talus_host.calibrate.warmth import fit_warmth

TOP = {"id": 1, "made_day": 0, "side": 0, "imu_place": 0, "liner": 0, "reference": 1}
BRIDGE = {"offset": 41000, "counts_per_100_mnm": 6000, "at_cdegc": 2500}


def test_both_coefficients_are_found_and_the_brace_takes_the_drift_away() -> None:
    found = fit_warmth(warm(), 2500, 60000)
    assert found.accepted, found.why
    assert found.figures["b1_counts_per_degc"] == pytest.approx(900, abs=2)
    assert found.figures["b2_counts_per_degc2"] == pytest.approx(6, abs=0.1)
    made = Calibration({**TOP, "bridge": {**BRIDGE, **found.given["bridge"]}})
    for degc in (5, 15, 25, 33, 40):
        made.warm(100 * degc)
        counts = round(41000 + 900 * (degc - 25) + 6 * (degc - 25) ** 2)
        assert abs(made.moment(counts)) < 2, "mN.m, unloaded"
    straight = Calibration({**TOP, "bridge": {**BRIDGE, "counts_per_degc": 900}})
    straight.warm(500)
    assert straight.moment(41000 - 900 * 20 + 6 * 400) == 40, "a straight line would be 0.04 N.m off at 5 degC"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (warm()[:4], "4 readings, and 6 are needed"),
        (warm(degc=(18, 20, 22, 24, 26, 28)), "the run went over 18.0 to 28.0 degC; 15 to 40 are needed"),
    ],
)
def test_what_is_refused_and_why(rows: list, why: str) -> None:
    found = fit_warmth(rows, 2500, 60000)
    assert not found.accepted and found.why == why


def test_a_strut_that_lags_behind_is_refused() -> None:
    """4 degC behind at 900 counts a degree is 0.06 N.m either way."""
    found = fit_warmth(warm(b2=0.0, lag_degc=4.0, noise=0), 2500, 60000)
    assert not found.accepted
    assert found.why.endswith("and 0.05 is the limit: warm and cool more slowly")
    assert 0.05 < found.figures["residual_nm"] < 0.09, "more at the turning points, which see one branch only"
