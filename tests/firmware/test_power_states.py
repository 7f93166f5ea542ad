"""What leads a brace from state to state, lived through its chips: each way is a scene with an end a person expects."""

from collections.abc import Callable

import pytest
from firmware.test_app import Kept, read

from talus import power
from talus.app import App
from talus.board import WATCHDOG_MS
from talus.radio import FAST, OFF, SLOW
from talus.settings import Settings
from talus.wire import kinds
from talus_twin.board import brace, wearing
from talus_twin.board.files import MemoryFiles
from talus_twin.board.power import Off

HZ = 10
PRESSED, LOOSE = [300], [0]
STILL: dict[str, list[int]] = {
    name: [0] for name in ("ankle_angle", "moment", "gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_z")
} | {"acc_y": [1000], "reference": [2300], "battery_mv": [3900], "battery_pct": [70]}
WORN = STILL | {f"pressure_{channel}": PRESSED for channel in range(1, 5)} | {"liner": [3200]}
TABLE = STILL | {f"pressure_{channel}": LOOSE for channel in range(1, 5)} | {"liner": [2300]}


class Radio:
    """A radio that notes how loud it was told to be, each pass."""

    connected = pairing_open = busy = False
    polls = 0

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []
        self.off = False

    def start(self) -> None: ...

    def open_pairing(self) -> None: ...

    def pace(self, pace: int) -> None:
        self.now = pace
        self.off = pace == OFF

    def poll(self, now_ms: int) -> None:
        self.polls += 1
        if not self.told or self.told[-1][1] != self.now:
            self.told.append((now_ms, self.now))


class Life:
    """A brace whose leg is given stretch after stretch; at(state) is what its records say."""

    def __init__(self, columns: dict[str, list[int]], **settings: int) -> None:
        self.files = MemoryFiles()
        self.board = brace.make(self._full(columns, 1), HZ, files=self.files)
        self.pins = {"gate": self.board.chips["encoder"]}
        self.app = self.started(settings)
        self.now_us = brace.START_US

    def started(self, settings: dict[str, int]) -> App:
        app = wearing.app_of(self.board, Settings(settings), None, self.pins)
        app.start()
        return app

    def _full(self, columns: dict[str, list[int]], points: int) -> dict[str, list[int]]:
        return {name: column * points if len(column) == 1 else column for name, column in columns.items()}

    def live(self, columns: dict[str, list[int]], seconds: float) -> int:
        """The state it ends in."""
        points = round(seconds * HZ)
        full = self._full(columns, points)
        full = {name: (column + [column[-1]] * points)[:points] for name, column in full.items()}
        self.now_us = wearing.live(self.board, self.app, full, HZ, self.now_us)
        return self.app.state

    def kept(self) -> list[Kept]:
        self.app.stop()
        return list(read(wearing.stream_of(self.app.journal)))

    def ways(self) -> list[tuple[str, str]]:
        """(state, why) of each power record."""
        found = [one.values for one in self.kept() if one.kind == "power"]
        return [(kinds.POWER_STATES[int(str(one["state"]))], kinds.POWER_CAUSES[int(str(one["why"]))]) for one in found]


def test_the_table_is_whole() -> None:
    assert tuple(row[0] for row in power.STATES) == kinds.POWER_STATES
    for state, cause, following in power.TRANSITIONS:
        assert (state in kinds.POWER_STATES or not state) and following in kinds.POWER_STATES
        assert cause in kinds.POWER_CAUSES and state != following
    left = {row[0] for row in power.TRANSITIONS}
    assert left == {"", "active", "quiet", "stored", "charging"}, "each can be left but the last"
    for row in power.STATES:
        assert not row[6] or row[3] in (power.WINDOWS, OFF), "no light sleep with the radio always on"


def test_a_leg_that_rests_is_quiet_after_half_a_minute() -> None:
    life = Life(WORN)
    assert life.live(WORN, 25) == power.ACTIVE
    assert life.live(WORN, 300) == power.QUIET
    assert life.ways() == [("active", "start"), ("quiet", "still")]
    assert life.board.power.mhz == 80


def test_a_seated_toe_raise_with_a_still_shank_wakes_it() -> None:
    life = Life(WORN)
    assert life.live(WORN, 120) == power.QUIET
    raise_once = [0, 300, 800, 1200, 1400, 1400, 1400, 1400, 1400, 1400, 1200, 800, 300, 0, 0, 0, 0, 0, 0, 0]
    assert life.live(WORN | {"ankle_angle": raise_once}, 4) == power.ACTIVE
    assert life.ways()[-1] == ("active", "motion")


def test_one_shift_in_the_chair_wakes_nobody() -> None:
    life = Life(WORN)
    life.live(WORN, 120)
    assert life.live(WORN | {"ankle_angle": [0] * 5 + [600]}, 60) == power.QUIET
    assert life.ways() == [("active", "start"), ("quiet", "still")]


def jerk(size_mg: int) -> list[int]:
    return [0] * 6 + [size_mg, -size_mg, size_mg] + [0]


@pytest.mark.parametrize(("size_mg", "state"), [(250, power.ACTIVE), (20, power.QUIET)])
def test_the_first_jerk_of_the_shank_wakes_it_at_once(size_mg: int, state: int) -> None:
    """The interrupt ends the sleep: awake within the tenth of a second, not at the next look."""
    life = Life(WORN)
    life.live(WORN, 120.55)
    begun_ms = life.now_us // 1000
    assert life.live(WORN | {"acc_x": jerk(size_mg)}, 20) == state
    if state == power.ACTIVE:
        (woken,) = [one.at_ms for one in life.kept() if one.kind == "power" and one.values["why"] == power.MOTION]
        assert 500 <= woken - begun_ms <= 800


def test_it_is_stored_when_it_lies_on_a_table_and_quiet_when_it_is_taken_up() -> None:
    life = Life(TABLE)
    assert life.live(TABLE, 600) == power.STORED
    assert life.live(TABLE | {"acc_x": jerk(300)}, 30) == power.QUIET
    assert life.live(TABLE, 600) == power.STORED
    ways = life.ways()
    assert ways[-3:] == [("stored", "not_worn"), ("quiet", "motion"), ("stored", "not_worn")]


def test_a_strap_that_closes_wakes_a_stored_brace_without_a_jerk() -> None:
    life = Life(TABLE)
    life.live(TABLE, 600)
    assert life.live(WORN, 150) in (power.QUIET, power.ACTIVE)
    assert ("quiet", "worn") in life.ways()


def test_a_brace_in_a_bag_is_looked_at_twice_a_second_at_most() -> None:
    """It swings, presses nowhere and is known to be off: it is neither active nor kept from its sleep."""
    life = Life(TABLE)
    life.live(TABLE, 600)
    swing = [200 * (-1) ** i for i in range(600 * HZ)]
    before = life.board.buses["main"].transactions
    due = life.app._resting.due
    assert life.live(TABLE | {"acc_x": swing}, 600) == power.QUIET
    assert life.app._resting.due - due <= 2 * 600 + 2
    assert life.board.buses["main"].transactions - before < 40 * 600
    assert [state for state, _ in life.ways()].count("active") == 1, "only its start"


def test_a_charger_charges_what_is_not_worn() -> None:
    life = Life(TABLE)
    life.live(TABLE, 300)
    life.board.power.plugged = True
    assert life.live(TABLE, 600) == power.CHARGING
    slept = life.board.power.slept_ms
    life.live(TABLE, 60)
    assert life.board.power.slept_ms == slept, "the radio is on: no light sleep"
    life.board.power.plugged = False
    life.live(TABLE, 3)
    assert life.ways()[-1] == ("quiet", "unplugged")


def test_charging_while_worn_stays_what_it_was_and_says_so() -> None:
    life = Life(WORN)
    life.live(WORN, 180)
    life.board.power.plugged = True
    life.live(WORN, 2)
    slept = life.board.power.slept_ms
    assert life.live(WORN, 240) == power.QUIET
    assert life.board.power.slept_ms == slept, "a cable may have somebody at its other end: light sleep ends USB"
    told = [one.values for one in life.kept() if one.kind == "health"]
    assert ("battery", "charging_worn") in [
        (kinds.SENSORS[int(str(one["sensor"]))], kinds.HEALTH_REASONS[int(str(one["reason"]))]) for one in told
    ]
    assert "charging" not in [state for state, _ in life.ways()]


def test_a_flat_battery_ends_the_recording_cleanly_and_the_charger_begins_it_again() -> None:
    life = Life(WORN)
    life.live(WORN, 300)
    low = WORN | {"battery_mv": [3350], "battery_pct": [2]}
    with pytest.raises(Off):
        life.live(low, 300)
    kept = list(read(wearing.stream_of(life.app.journal)))
    assert [one.kind for one in kept[-2:]] == ["wear", "power"] and kept[-2].values["worn"] is None
    assert (kept[-1].values["state"], kept[-1].values["why"]) == (power.SHIPPING, power.FLAT)
    assert kept[-1].values["battery"] == 3350
    assert not life.board.chips["bridge"]._registers[0] & 6, "no current through the bridge"

    with pytest.raises(Off):
        life.started({})  # still flat, nobody charges it
    life.board.power.plugged = True
    life.app = life.started({})
    assert life.app.state == power.ACTIVE


def test_a_long_gesture_switches_it_off_from_any_state() -> None:
    for columns, seconds in ((WORN, 5), (WORN, 120), (TABLE, 600)):
        life = Life(columns)
        life.live(columns, seconds)
        life.app._resting.power.asked = True
        with pytest.raises(Off):
            life.live(columns, 5)
        kept = [one for one in read(wearing.stream_of(life.app.journal)) if one.kind == "power"]
        assert (kept[-1].values["state"], kept[-1].values["why"]) == (power.SHIPPING, power.ASKED)


def paced(columns: dict[str, list[int]], seconds: float, during: Callable[[Life], None] | None = None) -> Life:
    life = Life(columns)
    life.app.radio = Radio()
    life.live(columns, seconds)
    if during is not None:
        during(life)
    return life


def test_the_radio_has_windows_while_quiet() -> None:
    """Off when half a minute of stillness is over, on again after ten minutes, for half a minute."""
    told = paced(WORN, 2000).app.radio.told
    assert [pace for _, pace in told] == [SLOW, OFF] * (len(told) // 2) and len(told) >= 6
    at = [ms / 1000 for ms, _ in told]
    assert at[2] - at[1] == pytest.approx(570, abs=32) and at[3] - at[2] == pytest.approx(30, abs=2)
    assert at[4] - at[2] == pytest.approx(600, abs=2)


def test_a_brace_at_rest_does_not_nap_over_a_report() -> None:
    """A pass takes 2.5 ms, and naps 10 ms behind it, or 1: in 10 s that is 800 passes, or 2857."""

    def polls(busy: bool) -> int:
        life = Life(TABLE)
        life.app.radio = radio = Radio()
        life.board.power.plugged = True
        assert life.live(TABLE, 60) == power.CHARGING
        radio.busy, before = busy, radio.polls
        life.live(TABLE, 10)
        return radio.polls - before

    assert polls(False) == pytest.approx(800, rel=0.05)
    assert polls(True) == pytest.approx(2857, rel=0.05)


def test_a_shift_that_wakes_it_does_not_switch_the_radio_on_but_a_walk_does() -> None:
    def shift(life: Life) -> None:
        told = len(life.app.radio.told)
        life.live(WORN | {"acc_x": jerk(250)}, 60)
        assert life.app.radio.now == OFF and len(life.app.radio.told) == told
        life.live(WORN | {"acc_x": jerk(250) * 70}, 70)
        assert life.app.radio.now == SLOW

    paced(WORN, 120, shift)


def test_a_gesture_makes_it_loud_for_half_a_minute_and_no_sleep_meanwhile() -> None:
    def press(life: Life) -> None:
        life.app._resting.power.gesture(life.app.now_ms())
        slept = life.board.power.slept_ms
        life.live(WORN, 20)
        assert life.app.radio.now == FAST and life.board.power.slept_ms - slept <= WATCHDOG_MS
        life.live(WORN, 20)
        assert life.app.radio.now == OFF

    paced(WORN, 120, press)


def test_no_pass_is_longer_than_the_watchdog_allows() -> None:
    life = Life(TABLE)
    longest = 0
    for _ in range(20_000):
        before = life.board.clock.elapsed_us()
        wearing.step(life.board, life.app)
        longest = max(longest, life.board.clock.elapsed_us() - before)
    assert life.app.state == power.STORED
    assert longest < WATCHDOG_MS * 1000 * 3 // 4


def test_who_walks_on_is_on_the_air_a_quarter_of_the_time() -> None:
    told = paced(WORN | {"acc_x": jerk(250) * 900}, 900).app.radio.told
    at = [ms / 1000 for ms, _ in told]
    assert [pace for _, pace in told] == ([SLOW, OFF] * len(told))[: len(told)] and len(told) >= 14
    assert at[1] - at[0] == pytest.approx(30, abs=3) and at[4] - at[2] == pytest.approx(120, abs=1)
