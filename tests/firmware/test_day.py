"""A day and a night of a brace through its chips: 14.5 h worn with a quarter of an hour of walking, a nap on a table, a
night of which half is on the charger. It samples at 100 Hz where something moves and rests where nothing does."""

import gc
import itertools
from dataclasses import dataclass, field

import numpy as np
import pytest
from firmware.test_app import Kept, read

from talus.settings import Settings
from talus.wire import kinds
from talus_twin.board import brace, wearing
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import Scene, play

RATE_HZ = 100
SLOW_HZ = 2
WALK_S, WALKS = 75, 12
SIT_S = 60 * 62
SHIFTS_S = 180  # E: who sits still moves the foot that often
LEAD_S = 5
LINER_CDEGC, ROOM_CDEGC, WARM_S = 3200, 2200, 25 * 60  # worn and off the leg, first order (clinical reference 1.1)


@dataclass
class Day:
    """What was lived, what was kept, and how many seconds the board spent in each state."""

    kept: list[Kept] = field(default_factory=list)
    walks: list[tuple[float, Scene]] = field(default_factory=list)  # when each began, ms since boot
    worn_s: list[tuple[float, float]] = field(default_factory=list)
    spent_s: dict[str, float] = field(default_factory=dict)
    ends_ms: float = 0.0
    slept_s: float = 0.0
    objects: list[int] = field(default_factory=list)

    def of(self, kind: str) -> list[Kept]:
        return [one for one in self.kept if one.kind == kind]


class Life:
    """One brace, one leg, stretch after stretch."""

    def __init__(self) -> None:
        self.person = Person("foot_drop_brace", seed=5)
        first = play(self.person, [Activity("off", 60)])
        self.board = brace.make(first.columns, RATE_HZ, build=brace.Build(alignment=first.imu_alignment))
        self.app = wearing.app_of(self.board, Settings(), None, {"gate": self.board.chips["encoder"]})
        self.app.start()
        self.spent_us = [0] * len(kinds.POWER_STATES)
        self.spent_us[0] = self.board.clock.elapsed_us()
        self.now_us = brace.START_US
        self.last = {name: int(column[0]) for name, column in first.columns.items()}
        self.day = Day()
        self.seed = 0

    def acts(self, *acts: Activity) -> Scene:
        """Live through a scene at the rate of a recording."""
        self.seed += 1
        scene = play(Person("foot_drop_brace", seed=self.seed), list(acts))
        self._live({name: column.tolist() for name, column in scene.columns.items()}, RATE_HZ)
        return scene

    def still(self, seconds: int, shifts_s: int | None = None) -> None:
        """Stay as the last scene ended; now and then the foot is shifted by some degrees, back and forth."""
        points = seconds * SLOW_HZ
        columns = {name: [value] * points for name, value in self.last.items()}
        goal = LINER_CDEGC if shifts_s else ROOM_CDEGC
        cooling = np.exp(-np.arange(points) / SLOW_HZ / WARM_S)
        columns["liner"] = np.round(goal + (self.last["liner"] - goal) * cooling).astype(int).tolist()
        if shifts_s:
            by = np.repeat(np.arange(seconds // shifts_s + 1) % 2, shifts_s * SLOW_HZ)[:points]
            columns["ankle_angle"] = (self.last["ankle_angle"] + 450 * by).tolist()
            columns["acc_x"] = (self.last["acc_x"] + 30 * by).tolist()
        self._live(columns, SLOW_HZ)

    def _live(self, columns: dict[str, list[int]], rate_hz: int) -> None:
        self.now_us = wearing.live(self.board, self.app, columns, rate_hz, self.now_us, self.spent_us)
        self.last = {name: int(column[-1]) for name, column in columns.items()}

    def walk(self, seconds: float) -> None:
        begun_ms = self.now_us / 1000
        stand = Activity("stand", LEAD_S)
        self.day.walks.append((begun_ms, self.acts(stand, Activity("walk", seconds), stand, Activity("sit", LEAD_S))))

    def worn(self, walks: int) -> None:
        """Put on, walks and an hour of sitting behind each, taken off."""
        don, doff = Activity("don", 20), Activity("doff", 20)
        begun_s = self.now_us / 1e6 + 18
        self.acts(don, Activity("sit", LEAD_S))
        for _ in range(walks):
            self.walk(WALK_S)
            self.still(SIT_S, SHIFTS_S)
            gc.collect()
            self.day.objects.append(len(gc.get_objects()))
        ends_s = self.now_us / 1e6 + 2
        self.acts(doff, Activity("off", LEAD_S))
        self.day.worn_s.append((begun_s, ends_s))


def lived() -> Day:
    life = Life()
    life.still(1740)  # on the table before breakfast
    life.worn(7)
    life.still(5400)
    life.worn(WALKS - 7)
    life.still(3 * 3600)
    life.board.power.plugged = True
    life.still(3 * 3600)
    life.board.power.plugged = False
    life.still(1800)
    day = life.day
    wearing.step_until(life.board, life.app, life.now_us)
    day.ends_ms = life.app.now_ms()
    life.app.stop()
    day.kept = list(read(wearing.stream_of(life.app.journal)))
    day.spent_s = dict(zip(kinds.POWER_STATES, (us / 1e6 for us in life.spent_us), strict=True))
    day.slept_s = life.board.power.slept_ms / 1000
    return day


@pytest.fixture(scope="module")
def day() -> Day:
    return lived()


def number(one: Kept, field_name: str) -> int:
    return int(str(one.values[field_name]))


def test_every_minute_of_the_day_and_the_night_is_told_once(day: Day) -> None:
    starts = [one.at_ms for one in day.of("minute")]
    assert set(np.diff(starts)) == {60_000}
    assert day.ends_ms - starts[-1] < 120_000 and starts[0] < 1000
    dues = [number(one, "due") for one in day.of("minute")]
    assert dues.count(60) > 11 * 60 and dues.count(1) > 200, "whole minutes by the second, and by the minute"
    for one in day.of("minute"):
        due = number(one, "due")
        assert number(one, "samples") + number(one, "missed") == due
        assert number(one, "missed") <= 30, "a flush costs some ticks, resting costs none"


def test_strides_are_right_to_the_walk_and_to_the_day(day: Day) -> None:
    strides = [one for one in day.of("stride") if not number(one, "flags") & kinds.STRIDE_INVALID]
    total = truth = 0
    for begun_ms, scene in day.walks:
        ends_ms = begun_ms + scene.duration_s * 1000
        inside = [one for one in strides if begun_ms <= one.at_ms < ends_ms]
        true_s = scene.truth.strides["start_s"]
        assert len(inside) == pytest.approx(len(true_s), abs=2), "awake with the first steps"
        total += len(inside)
        truth += len(true_s)
    assert len(strides) - total <= 2, "but for the hands that put it on"
    assert total == pytest.approx(truth, rel=0.01)
    assert sum(number(one, "strides") for one in day.of("minute")) == len(strides)


def test_no_stride_goes_across_a_rest(day: Day) -> None:
    powers = [*((one.at_ms, number(one, "state")) for one in day.of("power")), (day.ends_ms, 1)]
    active = [(a, b) for (a, state), (b, _) in itertools.pairwise(powers) if state == 0]
    for one in day.of("stride"):
        ends_ms = one.at_ms + number(one, "duration")
        assert any(begin <= one.at_ms and ends_ms <= end for begin, end in active)


def test_worn_time_is_right(day: Day) -> None:
    edges = [(one.values["worn"], one.at_ms / 1000 - number(one, "edge_back")) for one in day.of("wear")]
    known = [edge for edge in edges if edge[0] in (0, 1)]
    assert [state for state, _ in known] == [0, 1, 0, 1, 0]
    at = [when for _, when in known[1:]]
    for (begun, ended), told in zip(day.worn_s, (at[:2], at[2:]), strict=True):
        assert told[0] == pytest.approx(begun, abs=180) and told[1] == pytest.approx(ended, abs=240)


def test_states_follow_what_is_lived(day: Day) -> None:
    told = [kinds.POWER_STATES[number(one, "state")] for one in day.of("power")]
    assert told[0] == "active" and told[-1] == "stored"
    assert told.count("charging") == 1 and "shipping" not in told
    assert told.count("stored") == 4, "before breakfast, at noon, in the evening, off the charger"
    assert told.count("active") <= 1 + WALKS + 4 + 4, "shifting a foot wakes nobody"


def test_the_seconds_of_each_state_are_the_boards_own(day: Day) -> None:
    """Power records tell how long each state lasted; the board's clock was read at each pass."""
    powers = day.of("power")
    told = dict.fromkeys(kinds.POWER_STATES, 0.0)
    for before, after in itertools.pairwise(powers):
        told[kinds.POWER_STATES[number(before, "state")]] += (after.at_ms - before.at_ms) / 1000
        assert number(after, "lasted") == pytest.approx((after.at_ms - before.at_ms) / 1000, abs=2)
    told[kinds.POWER_STATES[number(powers[-1], "state")]] += (day.ends_ms - powers[-1].at_ms) / 1000
    for state, seconds in told.items():
        assert seconds == pytest.approx(day.spent_s[state], abs=2 * len(powers)), state
    walking = WALKS * WALK_S
    assert walking < day.spent_s["active"] < walking + (WALKS + 6) * 75, "half a minute behind each walk"
    assert day.spent_s["charging"] == pytest.approx(3 * 3600, abs=120)
    assert day.spent_s["stored"] > 3.5 * 3600 and sum(day.spent_s.values()) == pytest.approx(day.ends_ms / 1000, abs=2)
    assert day.slept_s > 0.95 * (day.spent_s["quiet"] + day.spent_s["stored"])


def test_memory_is_steady(day: Day) -> None:
    """Python's objects hour after hour; what the virtual flash holds are bytes."""
    assert max(day.objects[2:]) - min(day.objects[2:]) < 300
