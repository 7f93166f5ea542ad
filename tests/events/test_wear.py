"""Worn, not worn and unknown: one row per kind of hour, as a person would describe it."""

import pytest

from talus.events import minute as m
from talus.events.wear import NOT_WORN, UNKNOWN, WORN, Wear
from talus.settings import Settings
from talus.wire import kinds


class Told:
    """A Minute and a Pressure that have just been heard: only what Wear reads of them."""

    def __init__(self, **given: object) -> None:
        g = {
            "liner": None,
            "reference": None,
            "press": None,
            "still": None,
            "strides": 0,
            "angle": None,
            "moment": None,
            "touch": (None, None),
        }
        g |= given
        self.values = [None] * len(kinds.BY_NAME["minute"].names)
        self.values[m.STRIDES] = g["strides"]
        self.values[m.STILL_AXES] = g["still"]
        self.mean = [None] * m.COUNT
        self.mean[m.LINER], self.mean[m.REFERENCE] = g["liner"], g["reference"]
        self.sd = [None] * m.COUNT
        self.sd[m.ANGLE], self.sd[m.MOMENT] = g["angle"], g["moment"]
        self.values[m.TOUCH_AT], self.values[m.TOUCH_CHANGE] = g["touch"]  # type: ignore[misc]
        press = g["press"]
        self.median = [None] * 4 if press is None else list(press)  # type: ignore[call-overload]


WALKING = {
    "liner": 3150,
    "reference": 2600,
    "press": (300, 250, 90, 120),
    "still": 0,
    "strides": 40,
    "angle": 700,
    "moment": 2500,
}
SITTING = {"liner": 3200, "reference": 2600, "press": (300, 250, 20, 20), "still": 2, "angle": 10, "moment": 30}
IN_A_CUPBOARD = {"liner": 2200, "reference": 2190, "press": (0, 0, 0, 0), "still": 3, "angle": 1, "moment": 5}
IN_A_RUCKSACK = {"liner": 2500, "reference": 2480, "press": (0, 30, 0, 0), "still": 0, "angle": 10, "moment": 20}
ON_A_RADIATOR = {"liner": 3900, "reference": 3850, "press": (0, 0, 0, 0), "still": 3, "angle": 1, "moment": 5}
ASLEEP_WITH_IT = {"liner": 3300, "reference": 2700, "press": (200, 180, 0, 0), "still": 3, "angle": 3, "moment": 10}
ONLY_PRESSURE = {"press": (300, 300, 0, 0)}
WALKING_NO_SENSOR_ELSE = {"strides": 30, "still": 0}

HOURS = (
    ("walking", WALKING, WORN),
    ("sitting", SITTING, WORN),
    ("asleep with it on", ASLEEP_WITH_IT, WORN),
    ("in a cupboard", IN_A_CUPBOARD, NOT_WORN),
    ("carried in a rucksack", IN_A_RUCKSACK, NOT_WORN),
    ("warm on a radiator", ON_A_RADIATOR, NOT_WORN),
    ("one sensor left", ONLY_PRESSURE, UNKNOWN),
    ("one sensor left, but it sees walking", WALKING_NO_SENSOR_ELSE, WORN),
)


def after(wear: Wear, minutes: int, **given: object) -> list[int]:
    changes = []
    for i in range(minutes):
        told = Told(**given)
        if wear.minute(told, told):
            changes.append(i)
    return changes


@pytest.mark.parametrize(("name", "given", "state"), HOURS, ids=[row[0] for row in HOURS])
def test_an_hour_of(name: str, given: dict[str, object], state: int | None) -> None:
    wear = Wear(Settings())
    after(wear, 60, **given)
    assert wear.state == state


def test_don_and_doff_within_minutes_and_the_edge_is_put_back() -> None:
    wear = Wear(Settings())
    after(wear, 60, **IN_A_CUPBOARD)
    (on,) = after(wear, 30, **SITTING)
    assert on <= 3
    assert wear.edge_back_s == 60 * (on + 1)
    (off,) = after(wear, 30, **IN_A_CUPBOARD)
    assert off <= 3
    assert wear.state == NOT_WORN


def test_an_edge_is_the_second_in_which_the_pressures_changed() -> None:
    """Handled, then put on at second 17 of a minute, told two minutes later; a strap tightened after it is less."""
    wear = Wear(Settings())
    after(wear, 60, **IN_A_CUPBOARD)
    handled = IN_A_CUPBOARD | {"still": 0, "touch": (40, 60)}
    assert after(wear, 1, **handled) == []
    told = [after(wear, 1, **(SITTING | {"touch": touch})) for touch in ((17, 520), (30, 110), (5, 40), (5, 40))]
    on = told.index([0])
    assert wear.state == WORN and wear.edge_back_s == 60 * (on + 1) - 17
    after(wear, 60, **(SITTING | {"touch": (20, -90)}))
    off = 0
    while not after(wear, 1, **(IN_A_CUPBOARD | {"touch": (51, -560) if off == 0 else (0, 0)})):
        off += 1
    assert wear.state == NOT_WORN and wear.edge_back_s == 60 * (off + 1) - 51


def test_a_change_of_another_day_moves_no_edge() -> None:
    """A strap was pulled tight on the empty brace twenty minutes before: the run of minutes tells the edge."""
    wear = Wear(Settings())
    after(wear, 60, **IN_A_CUPBOARD)
    after(wear, 1, **(IN_A_CUPBOARD | {"touch": (10, 900)}))
    after(wear, 20, **IN_A_CUPBOARD)
    (on,) = after(wear, 30, **SITTING)
    assert wear.edge_back_s == 60 * (on + 1)


def test_sitting_quite_still_is_not_taking_it_off() -> None:
    wear = Wear(Settings())
    after(wear, 20, **WALKING)
    assert after(wear, 120, **SITTING) == []


def test_nothing_measured_is_unknown_at_once_and_after_it_is_forgotten() -> None:
    wear = Wear(Settings())
    after(wear, 20, **WALKING)
    assert after(wear, 1) == [0]
    assert wear.state is UNKNOWN
    after(wear, 5, **IN_A_CUPBOARD)
    assert wear.state == NOT_WORN


def test_a_hot_day_takes_the_thermometers_word_away() -> None:
    wear = Wear(Settings())
    after(wear, 10, **(SITTING | {"reference": 3100, "liner": 3400}))
    assert wear.low_confidence
    assert not wear.evidence & kinds.EVIDENCE_WARM


def test_a_cuff_that_presses_when_empty_is_learnt() -> None:
    """A strap closed over the empty brace: 0.9 kPa at two sites all night is no contact from then on."""
    wear = Wear(Settings())
    night = IN_A_CUPBOARD | {"press": (0, 0, 0, 0)}
    after(wear, 30, **night)
    for step in range(1, 10):
        after(wear, 30, **(night | {"press": (10 * step, 10 * step, 0, 0)}))
    assert wear.state == NOT_WORN
    assert not wear.evidence & kinds.EVIDENCE_CONTACT
    after(wear, 10, **SITTING)
    assert wear.state == WORN


def test_evidence_names_what_spoke() -> None:
    wear = Wear(Settings())
    after(wear, 1, **WALKING)
    every = kinds.EVIDENCE_GAIT | kinds.EVIDENCE_CONTACT | kinds.EVIDENCE_WARM
    assert wear.evidence == every | kinds.EVIDENCE_STRAIN | kinds.EVIDENCE_ANGLE | kinds.EVIDENCE_MOTION
