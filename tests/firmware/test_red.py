"""A red pressure under a foot that does not feel it, while the wearer sits and the brace sleeps between two looks: told
in its minute, again each hour while it lasts, and no longer than it lasts."""

from firmware.test_power_states import WORN, Life

from talus import power
from talus.app import App
from talus.events.pressure import from_mmhg
from talus.settings import Settings
from talus.wire import kinds

NERVE_MIN = Settings().red_fibular_min
HIGH = WORN | {"pressure_1": [from_mmhg(Settings().red_fibular_mmhg) + 100]}
NO_MORE = WORN | {"pressure_1": [100]}
RED = kinds.PROMPTS.index("pressure_red")


class Touch:
    """A haptic driver: how often it began to move."""

    level = began = 0

    def value(self, level: int) -> None:
        self.began += level > self.level
        self.level = level


class Felt(Life):
    """A life with a haptic driver."""

    def started(self, settings: dict[str, int]) -> App:
        self.touch = self.pins["haptic"] = Touch()
        return super().started(settings)


def test_a_red_is_told_in_its_minute_and_each_hour_while_it_lasts() -> None:
    life = Felt(WORN)
    assert kinds.SITES[life.board.calibration.sites[0]] == "fibular_head"
    assert life.live(WORN, 120) == power.QUIET
    begun_min = life.now_us / 60e6
    assert life.live(HIGH, 160 * 60) == power.QUIET
    life.live(NO_MORE, 90 * 60)
    assert life.touch.began == 2 + 3 * 3, "an amber is two short, a red three long"
    kept = life.kept()
    reds = [one for one in kept if one.kind == "prompt" and one.values["what"] == RED]
    assert {(one.values["channel"], one.values["silenced"]) for one in reds} == {(1, 0)}
    told_min = [one.at_ms / 60_000 - begun_min for one in reds]
    assert len(told_min) == 3
    for told, due in zip(told_min, (NERVE_MIN, NERVE_MIN + 60, NERVE_MIN + 120), strict=True):
        assert due - 2 <= told <= due + 2, "95 % of its window, to the minute"
    events = [(one.values["tier"], one.values["ended"]) for one in kept if one.kind == "pressure"]
    assert events == [(1, 0), (2, 0), (2, 1)], "one event, however often it is told"
