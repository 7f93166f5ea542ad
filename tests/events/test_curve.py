"""The mean curve of an hour: the drawn angle comes back at 25 points, and what was not measured stays unknown."""

import pytest
from events.walk import SHANK, between, foot, make

from talus.events.curve import Curve
from talus.events.gait import STRIDE, Gait
from talus.settings import Settings
from talus.wire import kinds
from talus.wire.record import pack


def curve_of(encoder: bool) -> Curve:
    gait, curve = Gait(Settings()), Curve()
    for sample in make([1.1] * 10, encoder=encoder).samples:
        if gait.update(sample) & STRIDE and not gait.stride[2] & kinds.STRIDE_INVALID:
            curve.accumulate(gait)
    return curve


def test_the_drawn_angle_comes_back() -> None:
    strides, angle, moment = curve_of(encoder=True).take()
    assert strides >= 8
    for i in range(2, 23):  # a stride begins some ms late, and the angle is steep there
        drawn = between(foot(15), i / 24) - between(SHANK, i / 24)
        assert angle[i] / 100 == pytest.approx(drawn, abs=3.0)
        assert moment[i] / 1000 == pytest.approx(0.3 * (5 - angle[i] / 100), abs=0.02)


def test_it_is_empty_after_it_was_taken() -> None:
    curve = curve_of(encoder=True)
    assert curve.take()
    assert curve.take() is None


def test_without_an_encoder_the_strides_are_counted_and_the_curves_unknown() -> None:
    strides, angle, moment = curve_of(encoder=False).take()
    assert strides >= 8
    assert set(angle) == set(moment) == {None}


def test_it_fits_its_record() -> None:
    values = curve_of(encoder=True).take()
    assert pack(kinds.BY_NAME["curve"], 0, values, bytearray(200)) > 100
