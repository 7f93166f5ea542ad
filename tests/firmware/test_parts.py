"""How a part's trouble is believed, told and over: worse at once, better after a calm that grows with each relapse and
shrinks again with time."""

import pytest
from firmware.test_checks import minutes_of, scene_of, started

from talus.app import App
from talus.parts import DEGRADED, FAILED, FINE, Part
from talus.power import LOOK
from talus.wire import kinds


@pytest.fixture
def app() -> App:
    return started(scene_of(("sit", 10)))[1]


@pytest.mark.parametrize("period", [2, 50, 101, 150, 1000])
def test_a_reading_that_flickers_for_an_hour_is_told_some_thirty_times(period: int) -> None:
    """A magnet at the edge of its range: missing, weak and well by turns, in any rhythm."""
    part = Part("encoder", 0, True)
    told = 0
    for reading in range(8 * 360_000):
        if reading == 7 * 360_000:
            told = 0
        step = reading // period % 3
        if step == 0:
            part.say(FAILED, kinds.HEALTH_REASONS.index("magnet_missing"), 0)
        elif step == 1:
            part.say(DEGRADED, kinds.HEALTH_REASONS.index("magnet_weak"), 0)
        elif part.state:
            part.good()
        told += part.changed
        part.changed = False
    assert told <= 30


def weak_again_and_again(app: App) -> Part:
    """An encoder whose magnet has been weak eight times, the last time just now."""
    part = next(part for part in app.sampler.parts if part.sensor == kinds.SENSORS.index("encoder"))
    for _ in range(8):
        part.say(DEGRADED, kinds.HEALTH_REASONS.index("magnet_weak"), 0)
        while part.state:
            part.good()
    part.say(DEGRADED, kinds.HEALTH_REASONS.index("magnet_weak"), 0)
    return part


def test_a_trouble_that_is_over_is_over_as_soon_on_a_leg_that_rests(app: App) -> None:
    """Four minutes of good readings, whether there are a hundred a second or one."""
    part = weak_again_and_again(app)
    app._resting.quiet.rest(LOOK, 32)
    for _ in range(300):
        app._resting.quiet.take(100)
    assert part.state == FINE


def test_what_flickered_days_ago_is_told_to_be_over_as_if_for_the_first_time(app: App) -> None:
    part = weak_again_and_again(app)
    minutes_of(app, 24 * 60)
    for _ in range(100):
        part.good()
    assert part.state == FINE


def test_a_chip_that_comes_back_does_not_wash_off_what_a_judge_holds() -> None:
    part = Part("bridge", 0, True)
    dead, no_answer = kinds.HEALTH_REASONS.index("dead"), kinds.HEALTH_REASONS.index("no_answer")
    part.hold((FAILED, dead, 3))
    for _ in range(1000):
        part.good()
    assert (part.state, part.reason) == (FAILED, dead)
    part.put(FAILED, no_answer, 0)
    assert part.reason == no_answer
    part.put(FINE, 0, 0)
    assert (part.state, part.reason, part.value) == (FAILED, dead, 3)
    part.hold(None)
    assert (part.state, part.reason) == (FINE, 0)
