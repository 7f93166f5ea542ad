"""A set begun and ended at the control point: what is refused, what becomes a record, and what survives a rest."""

from array import array

import pytest
from firmware.test_power_states import TABLE, Life
from firmware.test_settings import Status

from talus.control import Control
from talus.exercising import begin
from talus.journal import Journal
from talus.parts import Part
from talus.power import ACTIVE, CHARGING, QUIET, STORED
from talus.settings import Settings
from talus.wire import gatt, kinds
from talus_twin.board import brace, wearing

DORSIFLEXION, HEEL_RAISE, HOLD, STAND = range(len(kinds.EXERCISES))
POINTS_HZ = 100


class Sets(Status):
    """What a control point asks of App about sets."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[int] = []
        self.clocks = 0

    def on_set_clock(self, *_: int) -> None:
        self.clocks += 1

    @property
    def now(self) -> "Sets":
        return self

    def begin_set(self, exercise: int) -> int:
        if exercise >= len(kinds.EXERCISES):
            return gatt.INVALID_OPERAND
        self.begun.append(exercise)
        return gatt.SUCCESS

    def end_set(self) -> int:
        return gatt.SUCCESS if self.begun and self.begun.pop() >= 0 else gatt.NO_SET


def ask(control: Control, opcode: int, *operand: int) -> int:
    _, values = gatt.parse_answer(control.handle(gatt.request(opcode, *operand), 5000))
    assert values[0] == opcode
    return int(values[1])


def test_the_control_point_passes_a_set_on_and_sets_no_clock() -> None:
    status = Sets()
    control = Control(Journal(status.files, "/log", lambda count: bytes(count)), status)
    assert ask(control, gatt.END_SET) == gatt.NO_SET
    assert ask(control, gatt.BEGIN_SET, HEEL_RAISE) == gatt.SUCCESS
    assert status.begun == [HEEL_RAISE]
    assert ask(control, gatt.BEGIN_SET, len(kinds.EXERCISES)) == gatt.INVALID_OPERAND
    assert ask(control, gatt.END_SET) == gatt.SUCCESS
    assert ask(control, gatt.END_SET) == gatt.NO_SET
    assert status.clocks == 0


def test_a_set_the_heap_has_no_room_for_is_refused_and_the_brace_goes_on() -> None:
    class Full(Sets):
        def begin_set(self, exercise: int) -> int:
            raise MemoryError

    status = Full()
    control = Control(Journal(status.files, "/log", lambda count: bytes(count)), status)
    assert ask(control, gatt.BEGIN_SET, HEEL_RAISE) == gatt.NOT_COMPLETED
    assert ask(control, gatt.END_SET) == gatt.NO_SET


class Fitted:
    """What `begin` reads of a calibration."""

    def __init__(self, sites: tuple[str, ...], place: str) -> None:
        self.sites = tuple(kinds.SITES.index(site) for site in sites)
        self.imu_place = kinds.IMU_PLACES.index(place)


WITH_HEEL = ("calf_cuff", "heel", "none", "none")
WITHOUT = ("calf_cuff", "none", "none", "none")
SEEN = (
    # (parts that work, sites, IMU's place, the exercises seen)
    ("encoder bridge imu_gyro", WITH_HEEL, "shank", (DORSIFLEXION, HEEL_RAISE, HOLD, STAND)),
    ("encoder bridge imu_gyro", WITHOUT, "shank", (DORSIFLEXION, HEEL_RAISE, HOLD)),
    ("encoder imu_gyro", WITH_HEEL, "foot", (DORSIFLEXION, HEEL_RAISE, HOLD)),
    ("bridge", WITHOUT, "shank", (DORSIFLEXION, HEEL_RAISE, HOLD)),
    ("imu_gyro", WITH_HEEL, "shank", (STAND,)),
    ("imu_gyro", WITHOUT, "shank", ()),
)


@pytest.mark.parametrize("row", SEEN, ids=lambda row: " ".join((row[0], row[1][1], row[2])))
def test_what_no_sensor_sees_is_refused_not_counted_as_none(
    row: tuple[str, tuple[str, ...], str, tuple[int, ...]],
) -> None:
    working, sites, place, seen = row
    names = ("encoder", "bridge", "imu_gyro", "imu_accel")
    parts = [Part(name, 0, name in working.split()) for name in names]
    parts += [Part("pressure", channel + 1, sites[channel] != "none") for channel in range(4)]
    for exercise in range(len(kinds.EXERCISES)):
        result, made = begin(exercise, Settings(), Fitted(sites, place), parts)
        assert result == (gatt.SUCCESS if exercise in seen else gatt.NOT_MEASURABLE)
        assert (made is not None) == (exercise in seen)
    assert begin(len(kinds.EXERCISES), Settings(), Fitted(sites, place), parts) == (gatt.INVALID_OPERAND, None)


def told(app: object) -> list[dict[str, object]]:
    from firmware.test_app import read

    return [one.values for one in read(wearing.stream_of(app.journal)) if one.kind == "exercise"]  # type: ignore[attr-defined]


def still(seconds: int) -> dict[str, "array[int]"]:
    """A leg that sits: nothing moves."""
    return {"ankle_angle": array("i", [0] * (seconds * POINTS_HZ))}


def test_a_set_wakes_a_brace_that_rests_keeps_it_awake_and_is_flushed_at_its_end() -> None:
    one = brace.make(still(400), POINTS_HZ)
    app = wearing.app_of(one, Settings({"still_s": 5, "set_pause_ms": 30000}))
    app.start()
    wearing.step_until(one, app, brace.START_US + 60_000_000)
    assert app.state == QUIET
    assert app.now.end_set() == gatt.NO_SET
    assert app.begin_set(DORSIFLEXION) == gatt.SUCCESS
    assert app.state == ACTIVE
    wearing.step_until(one, app, brace.START_US + 80_000_000)
    assert app.state == ACTIVE, "longer than still_s, and nothing moved"
    flushed = app.journal.next
    assert app.now.end_set() == gatt.SUCCESS
    wearing.step_until(one, app, brace.START_US + 80_500_000)
    assert app.journal.next > flushed
    (record,) = told(app)
    assert (record["repetitions"], record["counted_by"]) == (0, kinds.EXERCISE_SIGNS.index("angle"))
    assert app.now.end_set() == gatt.NO_SET
    wearing.step_until(one, app, brace.START_US + 100_000_000)
    assert app.state == QUIET


def test_a_set_nobody_ends_ends_by_itself() -> None:
    one = brace.make(still(100), POINTS_HZ)
    app = wearing.app_of(one, Settings({"set_pause_ms": 5000}))
    app.start()
    assert app.begin_set(HEEL_RAISE) == gatt.SUCCESS
    wearing.step_until(one, app, brace.START_US + 8_000_000)
    assert app.now.end_set() == gatt.NO_SET
    assert [one["exercise"] for one in told(app)] == [HEEL_RAISE]


def test_a_set_of_who_presses_nowhere_is_counted_to_its_end_on_a_brace_taken_for_off() -> None:
    """A loose strap in the chair: judged not worn, nothing pressed for longer than `settle_min`, and it exercises."""
    life = Life(TABLE)
    app = life.app
    assert life.live(TABLE, 600) == STORED
    assert app.begin_set(DORSIFLEXION) == gatt.SUCCESS
    assert life.live(TABLE, 10) == ACTIVE
    assert app.now.end_set() == gatt.SUCCESS
    assert life.live(TABLE, 2) != ACTIVE
    assert not app.now.wanted and len(told(app)) == 1


def test_no_set_begins_on_a_charger() -> None:
    life = Life(TABLE)
    life.live(TABLE, 60)
    life.board.power.plugged = True
    assert life.live(TABLE, 40) == CHARGING
    assert life.app.begin_set(DORSIFLEXION) == gatt.NOT_COMPLETED
    assert not life.app.now.wanted
    assert life.live(TABLE, 5) == CHARGING


def test_settings_changed_in_a_set_are_in_force_in_it() -> None:
    """It would end after a minute of nothing; from the end of the first minute on, after five seconds."""
    one = brace.make(still(120), POINTS_HZ)
    app = wearing.app_of(one, Settings({"set_pause_ms": 60000}))
    app.start()
    wearing.step_until(one, app, brace.START_US + 40_000_000)
    assert app.begin_set(HEEL_RAISE) == gatt.SUCCESS
    app.tune(Settings({"set_pause_ms": 5000}))
    wearing.step_until(one, app, brace.START_US + 52_000_000)
    assert app.now.wanted
    wearing.step_until(one, app, brace.START_US + 62_000_000)
    assert not app.now.wanted and len(told(app)) == 1
