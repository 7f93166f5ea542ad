"""What a brace finds out when it starts: which parts answer and can be true, why it started, what it died of; and what
it tells its wearer afterwards."""

from collections.abc import Callable

import pytest

from talus import proof, selftest, starting
from talus.app import App
from talus.settings import Settings
from talus.support import CRASH, NEW
from talus.wire import kinds
from talus_twin.board import brace, wearing
from talus_twin.board.brace import Brace
from talus_twin.board.power import Off

POWER_ON, WATCHDOG, BROWN_OUT = (kinds.RESET_CAUSES.index(name) for name in ("power_on", "watchdog", "brown_out"))


def fault(chip: str, name: str, value: object = True) -> Callable[[Brace], None]:
    return lambda one: setattr(one.chips[chip], name, value)


def flat_gauge(one: Brace) -> None:
    one.leg.load(0, 100, {**rest(), "battery_mv": [1200]})


def rest() -> dict[str, list[int]]:
    names = ("ankle_angle", "moment", "gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_z")
    flat = {name: [0] for name in (*names, *(f"pressure_{i}" for i in range(1, 5)))}
    return {**flat, "acc_y": [1000], "liner": [3000], "reference": [2500], "battery_mv": [3900], "battery_pct": [80]}


def born(break_it: Callable[[Brace], None] | None = None) -> tuple[Brace, App]:
    one = brace.make(rest())
    if break_it is not None:
        break_it(one)
    return one, wearing.app_of(one, Settings(), pins={"led": Pin(), "haptic": Pin()})


class Pin:
    level = 0

    def value(self, level: int | None = None) -> int:
        if level is not None:
            self.level = level
        return self.level


def states(app: App) -> dict[tuple[str, int], tuple[str, str]]:
    told = [line.split(" ") for line in proof.told(app.sampler.parts)]
    return {(sensor, int(channel)): (state, reason) for sensor, channel, state, reason in told}


def boot_of(app: App) -> dict[str, object]:
    """Start it, and give its boot record."""
    found: list[object] = []
    keep = app.keep_at

    def hear(kind: kinds.Kind, time_ms: int, values: object) -> None:
        if kind.name == "boot":
            found.append(values)
        keep(kind, time_ms, values)

    app.keep_at = hear
    app.start()
    return dict(zip(kinds.BY_NAME["boot"].names, found[0], strict=True))  # type: ignore[call-overload]


# (what is wrong, part, channel, state, reason)
ROWS = (
    (fault("encoder", "silent"), "encoder", 0, "failed", "no_answer"),
    (fault("bridge", "wrong_id"), "bridge", 0, "failed", "wrong_chip"),
    (fault("bridge", "uncalibrated"), "bridge", 0, "failed", "not_calibrated"),
    (fault("bridge", "saturated"), "bridge", 0, "failed", "saturated"),
    (fault("imu", "wrong_id"), "imu_gyro", 0, "failed", "wrong_chip"),
    (fault("pressure", "shorted", (2,)), "pressure", 3, "failed", "short"),
    (fault("thermometer", "stuck"), "thermometer", 0, "failed", "stuck"),
    (fault("gauge", "wrong_id"), "gauge", 0, "failed", "wrong_chip"),
    (flat_gauge, "gauge", 0, "failed", "out_of_range"),
)


def test_a_brace_that_works_passes() -> None:
    _, app = born()
    app.start()
    assert set(states(app).values()) == {("ok", "none")}
    assert app.fault == 0


@pytest.mark.parametrize(
    ("break_it", "sensor", "channel", "state", "reason"), ROWS, ids=[f"{r[1]}_{r[4]}" for r in ROWS]
)
def test_what_is_wrong_is_told_before_the_first_sample(
    break_it: Callable[[Brace], None], sensor: str, channel: int, state: str, reason: str
) -> None:
    _, app = born(break_it)
    app.start()
    found = states(app)
    part = (sensor, channel or (1 if sensor == "pressure" else 0))
    assert found[part] == (state, reason)
    wrong = {name for (name, _), (how, _) in found.items() if how != "ok"}
    assert wrong == ({"imu_gyro", "imu_accel"} if sensor == "imu_gyro" else {sensor})
    assert app.fault == kinds.SENSORS.index(sensor) + 1 and app.fault_reason == kinds.HEALTH_REASONS.index(reason)


def test_a_bridge_that_finds_its_offset_later_is_used() -> None:
    one, app = born(fault("bridge", "uncalibrated"))
    app.sampler.start(selftest.test)
    one.chips["bridge"].uncalibrated = False
    for _ in range(400):
        app.sampler.take()
    assert states(app)["bridge", 0] == ("ok", "none") and app.sampler.sample[kinds.MOMENT] is not None


@pytest.mark.parametrize(
    ("told", "last_mv", "cause"),
    [
        (POWER_ON, None, POWER_ON),
        (POWER_ON, 3900, POWER_ON),
        (POWER_ON, 3399, BROWN_OUT),
        (WATCHDOG, 3300, WATCHDOG),
        (None, 3300, None),
        (BROWN_OUT, None, BROWN_OUT),
    ],
)
def test_a_brown_out_is_inferred_from_the_last_voltage(told: int | None, last_mv: int | None, cause: int) -> None:
    assert starting.cause_of(told, last_mv) == cause
    assert starting.cause_of(told, last_mv, stopped=True) == told, "it had switched itself off"


def test_the_boot_record_says_the_voltage_before_the_power_went() -> None:
    one, app = born()
    first = boot_of(app)
    assert (first["cause"], first["last_battery"], first["battery"]) == (POWER_ON, None, 3900)
    with one.files.open(NEW, "ab") as file:
        file.write(b"1 90 battery 3350\n")
    again = wearing.app_of(one, Settings())
    second = boot_of(again)
    assert (second["cause"], second["last_battery"]) == (BROWN_OUT, 3350)
    with one.files.open(NEW, "rb") as file:
        assert b" boot brown_out " in file.read()
    again.sampler.battery_mv = 3300
    again.stop()
    third = boot_of(wearing.app_of(one, Settings()))
    assert (third["cause"], third["last_battery"]) == (POWER_ON, 3300), "off because it was flat, and it said so"


def test_what_the_last_boot_died_of_is_told_once() -> None:
    one, app = born()
    with one.files.open(CRASH, "wb") as file:
        file.write(b'Traceback\n  File "talus/app.py", line 99, in decide\nValueError: 12 Elm St\n')
    app.start()
    assert (app.fault, app.fault_reason) == (
        kinds.SENSORS.index("program") + 1,
        kinds.HEALTH_REASONS.index("crashed"),
    )
    again = wearing.app_of(one, Settings())
    again.start()
    assert again.fault == 0


# -- what it tells its wearer ---------------------------------------------------------------------------


def prompts_of(app: App) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    keep = app.keep

    def hear(kind: kinds.Kind, back_ms: int, values: tuple[int, int, int]) -> None:
        if kind.name == "prompt":
            found.append((kinds.PROMPTS[values[0]], values[1], values[2]))
        keep(kind, back_ms, values)

    app.keep = hear
    return found


def press(app: App, channel: int, tier: str, ended: int = 0, prompt: bool = True) -> None:
    app._pressure.values[:] = (channel, 1, kinds.TIERS.index(tier), ended, 15, 900, 800, 0, 15)
    app._pressure.prompt = prompt
    app._keep_pressure()


def test_pressure_is_told_ambers_to_a_cap_reds_always_ends_never() -> None:
    _, app = born()
    app.start()
    found = prompts_of(app)
    for _ in range(6):
        press(app, 2, "amber")
    assert found == [("pressure_amber", 2, 0)] * 4 + [("pressure_amber", 2, 1)] * 2
    del found[:]
    for _ in range(20):
        press(app, 3, "red")
    assert found == [("pressure_red", 3, 0)] * 20
    del found[:]
    press(app, 3, "red", ended=1)
    assert found == []
    press(app, 1, "amber", prompt=False)
    assert found == [("pressure_amber", 1, 1)], "within the refractory time: recorded, not felt"


def test_a_red_is_felt_and_seen() -> None:
    one, app = born()
    app.start()
    press(app, 1, "red")
    on = lit = 0
    for _ in range(400):
        wearing.step(one, app)
        on += app.panel._haptic.level
        lit += app.panel._led.level
    assert on == pytest.approx(180, abs=12), "three times 0.6 s, in ticks, some of them lost to flash"
    assert lit > 50


def test_a_brace_that_can_neither_shake_nor_shine_says_that_nobody_felt_it() -> None:
    one = brace.make(rest())
    app = wearing.app_of(one, Settings())
    app.start()
    found = prompts_of(app)
    press(app, 1, "red")
    assert found == [("pressure_red", 1, 1)]


def test_battery_and_charger_are_told_and_shown() -> None:
    _, app = born()
    app.start()
    found = prompts_of(app)
    minute = [None] * len(kinds.BY_NAME["minute"].names)
    place = kinds.BY_NAME["minute"].index
    minute[place("battery")], minute[place("worn")], minute[place("power")] = 12, 1, 0  # type: ignore[call-overload]
    app.checks.minute(minute, 0, 0)
    app._keep_health()
    assert found == [("battery_low", 0, 0)] and app.panel.low and not app.panel.fault
    minute[place("battery")], minute[place("power")] = 60, kinds.POWER_CHARGING  # type: ignore[call-overload]
    for _ in range(3):
        app.checks.minute(minute, 0, 0)
        app._keep_health()
    assert found[1:] == [("charging_worn", 0, 0)] and not app.panel.low


def test_a_failed_part_lights_the_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    _, app = born(fault("encoder", "silent"))
    app.start()
    assert app.panel.fault


def test_the_shipping_gesture_switches_it_off_with_everything_in_flash() -> None:
    one = brace.make(rest())
    button = Pin()
    button.level = 1
    app = wearing.app_of(one, Settings(), pins={"button": button})
    app.start()
    for _ in range(4):
        for level, ticks in ((0, 20), (1, 20)):
            button.level = level
            for _ in range(ticks):
                wearing.step(one, app)
    assert app.state != kinds.POWER_STATES.index("shipping")
    button.level = 0
    with pytest.raises(Off):
        for _ in range(1000):
            wearing.step(one, app)
    assert app.state == kinds.POWER_STATES.index("shipping") and app.journal.pending == 0
