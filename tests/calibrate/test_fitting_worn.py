"""A sensor's floor from what it tells under a puck, and the pressures of a fitting under which the skin was clear."""

import math
from collections.abc import Sequence
from typing import Any

import pytest
from calibrate.made import fsr_counts, squeezes

from talus.calibration import Calibration
from talus.events.pressure import AMBER, Pressure
from talus.settings import Settings
from talus.wire import kinds
from talus_host.calibrate.fit import Fit
from talus_host.calibrate.fitting import fit_worn
from talus_host.calibrate.lead import Led
from talus_host.calibrate.made import Brace
from talus_host.calibrate.plan import HEEL_KPA, SKIN, SQUEEZES_KPA, Kit
from talus_host.calibrate.pressure import fit_pressure
from talus_host.calibrate.readings import Readings, Squeeze, Worn

MMHG_KPA = 0.133322387415
TOP = {"id": 1, "made_day": 0, "side": 0, "imu_place": 0, "liner": 0, "reference": 0}
HEEL, FIBULAR = kinds.SITES.index("heel"), kinds.SITES.index("fibular_head")


def channel(site: int = HEEL, floor: int = 200) -> dict[str, Any]:
    return {**fit_pressure(squeezes(), 1, site).given["pressure"], "floor": floor}


def worn(sitting_mmhg: float, walking_mmhg: float, skin: int = 1) -> list[Worn]:
    """A film that crept for ten and for fifteen minutes, less what it had under the puck."""
    rows = []
    for what, mmhg, minutes in (("sitting", sitting_mmhg, 10), ("walking", walking_mmhg, 15)):
        read = mmhg * MMHG_KPA * (1 + 0.05 * math.log10(1 + 60 * minutes)) / (1 + 0.05 * math.log10(11))
        rows.append(Worn(what, [fsr_counts(read), 0, 0, 0], skin))
    return rows


def made(**changes: Any) -> Calibration:
    return Calibration({**TOP, "pressure": [channel(**changes), None, None, None]})


def test_the_larger_of_sitting_and_walking_is_the_reference() -> None:
    (found,) = fit_worn(worn(14, 18), made())
    assert found.accepted
    assert found.given["fit"] == pytest.approx(18 * 13.3322, rel=0.03)
    assert found.figures["sitting_mmhg"] == pytest.approx(14, rel=0.03)


def test_it_makes_the_braces_amber() -> None:
    """16 mmHg: amber from 24; 4 mmHg are not told by this sensor, and amber stays 35."""
    (found,) = fit_worn(worn(16, 15), made())
    one = Calibration({**TOP, "pressure": [{**channel(), **found.given}, None, None, None]})
    brace = Pressure(Settings(), one.sites, one.fits, one.floors, one.warmths)
    assert brace._sites[0].levels[0] == pytest.approx(1.5 * 16 * 13.3322, rel=0.03)
    (low,) = fit_worn(worn(4, 4), made())
    assert low.accepted and low.given == {"fit": 0}


@pytest.mark.parametrize(
    ("rows", "site", "why"),
    [
        (worn(14, 18, skin=0), HEEL, "the skin was not checked and clear: loosen or adapt the brace first"),
        (worn(14, 18)[:1], HEEL, "one reading while sitting and one while walking are needed"),
        (worn(14, 60), HEEL, "60 mmHg, and 57 is the limit of a fitting: loosen it first"),
        (worn(42, 14), FIBULAR, "42 mmHg, and 40 is the limit of a fitting: loosen it first"),
        (
            [Worn("sitting", [26400, 0, 0, 0], 1), Worn("walking", [26400, 0, 0, 0], 1)],
            HEEL,
            "it reads beyond what it was calibrated for while sitting: wet, or a short",
        ),
    ],
)
def test_what_is_refused(rows: list[Worn], site: int, why: str) -> None:
    (found,) = fit_worn(rows, made(site=site))
    assert not found.accepted and found.given == {} and found.why == why


def test_the_floor_is_the_lowest_pressure_told_from_nothing() -> None:
    assert fit_pressure(squeezes(), 1, HEEL).given["pressure"]["floor"] == 200  # 2 kPa was the lowest asked
    for plan in (SQUEEZES_KPA, HEEL_KPA):
        assert min(kpa for kpa in plan if kpa) / MMHG_KPA < 20, "every tier of a good sensor stays measurable"


def test_a_small_sensor_has_a_high_floor_and_its_tiers_say_so() -> None:
    """5 mm begins near 73 mmHg, 9.7 kPa (0.4.4): no amber and no red A, and the rest of its curve is still fitted."""
    rows = []
    for kpa in (0, 2, 5, 10, 15, 20, 30, 20, 15, 10, 5, 2, 0):
        rows.append(Squeeze(round(fsr_counts(kpa if kpa >= 9.7 else 0)), 1, float(kpa)))
    found = fit_pressure(rows, 1, HEEL)
    assert found.accepted, found.why
    assert found.given["pressure"]["floor"] == 1000
    one = Calibration({**TOP, "pressure": [found.given["pressure"], None, None, None]})
    brace = Pressure(Settings(), one.sites, one.fits, one.floors, one.warmths)
    assert not brace.measurable(0, AMBER)
    assert [level < 1 << 20 for level in brace._sites[0].levels] == [False, False, True]
    few = [row for row in rows if row.kpa in (0, 2, 5, 10, 20)]
    assert fit_pressure(few, 1, HEEL).why == "it tells nothing below 10 kPa; 3 pressures from there are needed"


@pytest.mark.parametrize(
    ("field", "value"), [("floor", -1), ("floor", 30001), ("fit", 7001), ("warmth", 201), ("fit", 12.5)]
)
def test_the_brace_refuses_what_cannot_be(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"pressure.{field}"):
        Calibration({**TOP, "pressure": [{**channel(), field: value}, None, None, None]})


def test_files_from_before_stay_readable() -> None:
    old = {key: value for key, value in channel().items() if key != "floor"}
    one = Calibration({**TOP, "pressure": [old, None, None, None]})
    assert (one.floors, one.fits, one.warmths) == ((0, 0, 0, 0),) * 3


class Wearer:
    """Somebody whose skin is not clear."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, words: str, answers: Sequence[str]) -> str:
        self.asked.append(words)
        return answers[0]

    def say(self, words: str) -> None:
        self.asked.append(words)

    def show(self, fit: Fit) -> None:
        raise AssertionError("nothing is fitted")


def test_the_skin_is_asked_about_first_and_without_a_yes_nothing_is_read() -> None:
    wearer = Wearer()
    readings = Readings()

    def read(situation: object) -> None:
        raise AssertionError("nothing is read")

    led = Led(wearer, Brace(0, 0, (HEEL, 0, 0, 0)), Kit((HEEL, 0, 0, 0)), readings, read, lambda: None)
    assert led.step("fit") == [] and readings.fit == []
    assert wearer.asked[1:] == [SKIN, "fit refused: no reference is taken from a brace that marks the skin"]
