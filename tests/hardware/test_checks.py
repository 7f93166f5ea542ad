"""Each fault put into the wiring is found and its row named: the rows of the tables, one of them changed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hardware import checks
from hardware.circuit import ALL, Two
from hardware.design import Design, parts, resolve

from talus import board as firmware

from . import spoil

C6 = firmware.BOARD_ROWS[0]
COLUMNS = ("main_sda", "main_scl", "slow_sda", "slow_scl", "button", "led", "haptic", "vbus", "imu_int", "gate")


def wiring(design: Design) -> list[str]:
    return checks.judge(design, parts(), checks.WIRING)


def board_with(monkeypatch: pytest.MonkeyPatch, name: str, **gpios: int) -> Design:
    """The circuit as it would be with other GPIOs in talus.board."""
    rows = []
    for row in firmware.BOARD_ROWS:
        changed = list(row)
        for signal, gpio in gpios.items():
            if row[0] == name:
                changed[5 + COLUMNS.index(signal)] = gpio
        rows.append(tuple(changed))
    monkeypatch.setattr(firmware, "BOARD_ROWS", tuple(rows))
    return resolve(name)


FAULTS: tuple[tuple[str, Callable[[], Design], str], ...] = (
    ("a pull-up left out", lambda: spoil.two("r_sda"), "net main_sda: no pull-up"),
    ("a driver left out", lambda: spoil.pin("imu", "INT1", "nowhere"), "net imu_int: no driver"),
    ("an end left open", lambda: spoil.two("r_led", b="nowhere"), "net nowhere: only r_led.2 is on it"),
    ("a supply cut", lambda: spoil.two("f_cell"), "net bat: no driver"),
    ("two outputs joined", lambda: spoil.pin("switch", "VOUT", "3v3"), "net 3v3: board.3V3 and switch.VOUT drive it"),
    ("a free pin wired", lambda: spoil.pin("imu", "INT2", "gnd"), "imu LSM6DSO pin 9 INT2: kind 'none' on net 'gnd'"),
    ("a pin left free", lambda: spoil.pin("imu", "CS", "-"), "imu LSM6DSO pin 12 CS: kind 'in' on net '-'"),
    ("a part nobody sells", lambda: spoil.two("r_led", key="R 1.1k"), "R 1.1k: unknown part, no row in parts.csv"),
    ("a place nobody knows", lambda: spoil.two("r_led", place="hat"), "R 1k: place 'hat' is no row"),
    ("a part in two places", lambda: spoil.two("c_imu", place="hinge"), "net 3v3: no cable leads it to hinge"),
    (
        "an address wired wrong",
        lambda: spoil.pin("thermometer", "ADD0", "gnd"),
        "wired for 0x48, talus.board asks at 0x49",
    ),
    ("another chip", lambda: spoil.chip("imu", lambda row: row._replace(key="LSM6DS3")), "circuit.CHIPS has LSM6DS3"),
    (
        "a reference twice",
        lambda: spoil.more(Two("r_led", "R", "R 1k", 1e3, "led", "led_out", "pod", ALL, "")),
        "r_led: two rows have this reference",
    ),
    (
        "a pin used twice",
        lambda: spoil.chip("imu", lambda row: row._replace(pins=(*row.pins, ("4", "INT1", "out", "button")))),
        "imu LSM6DSO pin 4 is used twice, on imu_int and on button",
    ),
)


@pytest.mark.parametrize(("spoilt", "said"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_in_the_wiring_is_found_and_named(spoilt: Callable[[], Design], said: str) -> None:
    found = wiring(spoilt())
    assert any(said in line for line in found), found


def test_a_gpio_used_twice_in_the_firmwares_row_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = wiring(board_with(monkeypatch, "xiao_esp32c6", haptic=C6[5 + COLUMNS.index("gate")]))
    assert "xiao_esp32c6: GPIO 18 is used twice, as haptic and as gate" in found


def test_a_gpio_without_a_pad_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = wiring(board_with(monkeypatch, "xiao_esp32c6", haptic=10))
    assert "xiao_esp32c6: haptic is on GPIO 10, which no pad of the board is led to" in found


def test_one_address_twice_on_a_bus_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = tuple((*row[:2], "main", *row[3:]) if row[0] == "gauge" else row for row in firmware.PARTS)
    monkeypatch.setattr(firmware, "PARTS", moved)
    assert "talus.board gauge: 0x36 on main is encoder's" in wiring(resolve("xiao_esp32c6"))


def test_what_the_chip_speaks_on_may_move_a_light_only(monkeypatch: pytest.MonkeyPatch) -> None:
    found = wiring(board_with(monkeypatch, "xiao_esp32c6", led=21, haptic=16))
    assert "xiao_esp32c6: haptic is on GPIO 16, on which the chip speaks at each reset" in found


def test_the_button_is_where_it_ends_deep_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    found = wiring(board_with(monkeypatch, "xiao_esp32c6", button=17))
    assert "xiao_esp32c6: button is on GPIO 17, which ends no deep sleep" in found


def test_a_strap_held_the_wrong_way_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The haptic's resistor to ground on GPIO 9 of a C3 would keep it in its loader for ever."""
    found = wiring(board_with(monkeypatch, "xiao_esp32c3", haptic=9, slow_scl=10))
    assert any("strap GPIO 9 is at 0.0 V, must be high" in line for line in found), found


def test_a_strap_left_floating_is_named() -> None:
    design = resolve("xiao_esp32c3")
    pins = [pin._replace(net="-", kind="none") if pin.net == "strap" else pin for pin in design.pins]
    design = replace(design, pins=pins, twos=[two for two in design.twos if two.ref != "r_strap"])
    assert any("strap GPIO 2 floats and must be high" in line for line in wiring(design))


def test_a_wire_that_leads_nowhere_and_one_too_many_are_named() -> None:
    design = resolve("xiao_esp32c6")
    cables = [
        cable._replace(wires=(*cable.wires, ("bat", "PK"))) if cable.name == "hinge" else cable
        for cable in design.cables
    ]
    found = wiring(replace(design, cables=cables))
    assert "cable hinge, wire bat: nothing to meet at hinge" in found
    assert "cable hinge: 5 wires in JST GH 4" in found


def test_a_net_without_a_cable_is_named() -> None:
    design = resolve("xiao_esp32c6")
    cables = [cable for cable in design.cables if cable.name != "strut"]
    found = wiring(replace(design, cables=cables))
    assert "net main_sda: no cable leads it to strut" in found


def test_a_purchasing_row_nobody_needs_is_named() -> None:
    rows = parts()
    rows["R 2k"] = rows["R 1k"]._replace(name="R 2k")
    assert checks.unused(rows) == ["parts.csv R 2k: no board needs it"]
