"""Volts, ohms and milliamperes: figures worked out by hand, and each fault of them found and named."""

import math
from collections.abc import Callable

import pytest
from hardware import bridge, checks, checks_electric, energy, limits
from hardware.circuit import ALL, Two
from hardware.design import Design, parts, resolve
from hardware.electric import levels

from talus import board as firmware
from talus.sensors import nau7802

from . import spoil


def electric(design: Design) -> list[str]:
    return checks.judge(design, parts(), checks_electric.ELECTRIC + bridge.BRIDGE)


def test_a_divider_halves_and_a_chain_settles() -> None:
    """5.5 V over 100 and 150 kohm is 3.3; a pull-up without load lifts all; what hangs on nothing floats."""
    volts = levels(resolve("xiao_esp32c6"), {"vbus": 5.5, "gate": 3.3})
    assert volts["vbus_sense"] == pytest.approx(5.5 * 150 / 250, abs=1e-4)
    assert volts["main_sda"] == pytest.approx(3.3, abs=1e-4)
    assert "imu_int" not in volts


def test_a_bridge_at_rest_stands_at_half_its_supply() -> None:
    volts = levels(resolve("xiao_esp32c6"), {"exc": 2.7})
    assert volts["sig_p_in"] == pytest.approx(1.35, abs=1e-3)
    assert volts["sig_n_in"] == pytest.approx(1.35, abs=1e-3)


def test_the_main_bus_rises_as_its_capacitance_says() -> None:
    """Five chips (10, 10, 5, 10, 5), the array (3), the board (15) and 0.7 m of cable at 100 pF/m: 128 pF."""
    design = resolve("xiao_esp32c6")
    assert checks_electric.bus_pf(design, "main_sda") == pytest.approx(10 + 10 + 5 + 10 + 5 + 3 + 15 + 70)
    assert pytest.approx(math.log(0.7 / 0.3), rel=1e-3) == checks_electric.RISE


def test_what_a_pressure_channel_shows_is_what_ohm_says() -> None:
    """5 kPa: 63.5 uS are 15.7 kohm, over 10 kohm of 3.3 V: 1.28 V; 100 kPa: 787 ohm, 3.06 V."""
    assert checks_electric.divider_v(3.3, 10e3, 5) == pytest.approx(3.3 * 10 / (10 + 15.748), rel=1e-3)
    assert checks_electric.divider_v(3.3, 10e3, 100) == pytest.approx(3.3 * 10 / 10.787, rel=1e-3)


def test_a_strut_bends_as_a_beam_does() -> None:
    """25 N.m on 45 x 7 mm of 60 GPa: stress 6M/bt2 = 68.0 MPa, strain 1134 ppm, 2.1 times that 2.38 mV/V."""
    strut = next(row for row in limits.STRUTS if row.meant)
    stress = 6 * 25 / (0.045 * 0.007**2)
    assert stress / 60e9 == pytest.approx(25 * bridge.strain_per_nm(strut))
    assert 25 * bridge.mv_v_per_nm(strut) == pytest.approx(2.38, abs=0.005)
    assert bridge.range_mv_v() == pytest.approx(3.906, abs=0.001)


def test_the_register_says_what_the_board_row_says() -> None:
    """CTRL1 0x37: VLDO 110 is 2.7 V, GAINS 111 is 128 (datasheet rev 1.7, 11.2)."""
    assert next(row[1] for row in nau7802.START_ROWS if row[0] == nau7802.CTRL1) == 0x37
    assert bridge.register() == (2700, 128) == (firmware.BRIDGE_MV, limits.NAU_GAIN)


def test_a_state_is_the_sum_of_its_shares_whichever_board() -> None:
    c6 = next(row for row in energy.BOARDS if row[0] == "xiao_esp32c6")
    named = dict(energy.shares(c6, "quiet"))
    assert sum(named.values()) == pytest.approx(energy.state_ma(c6, "quiet"))
    radio_share = 30 / 600
    assert named["board, radio"] == pytest.approx(6.7 * radio_share)
    assert named["board, light sleep"] == pytest.approx(0.22 * (1 - radio_share) * (1 - 25 / 1000))


FAULTS: tuple[tuple[str, Callable[[], Design], str], ...] = (
    ("pull-up too weak", lambda: spoil.two("r_sda", value=4700), "r_sda 4700 ohm: main_sda rises in 510 ns"),
    ("pull-up too strong", lambda: spoil.two("r_scl", value=680), "r_scl 680 ohm: 4.4 mA to sink on main_scl"),
    ("pull-up missing", lambda: spoil.two("r_slow_sda"), "net slow_sda: no pull-up"),
    ("VBUS straight on a pin", lambda: spoil.two("r_vbus", value=0.1), "D0: vbus_sense at 5.50 V, it bears 3.50"),
    ("VBUS not seen", lambda: spoil.two("r_vbus", value=150e3), "vbus_sense: 2.15 V at 4.3 V of VBUS"),
    ("gauge on VBUS", lambda: spoil.pin("gauge", "VDD", "vbus"), "MAX17048.VDD: vbus has 4.3 to 5.5 V"),
    ("IMU on the cell", lambda: spoil.pin("imu", "VDD", "bat"), "LSM6DSO.VDD: bat has 3.4 to 4.2 V"),
    ("bus pulled to VBUS", lambda: spoil.two("r_sda", a="vbus"), "encoder AS5600.SDA: main_sda at 5."),
    ("dividers too steep", lambda: spoil.two("r_fsr_1", value=100e3), "sensor_1 over 100000 ohm: 3.27 V at 100 kPa"),
    ("dividers too flat", lambda: spoil.two("r_fsr_2", value=25), "sensor_2 over 25 ohm: one count is 120 Pa at 5"),
    ("divider without its foot", lambda: spoil.two("r_fsr_3"), "sensor_3: no resistor to ground on fsr_3"),
    ("gauges of 350 ohm", lambda: spoil.two("gauge_1", value=350), "gauge_1: 350 ohm, board.BRIDGE_OHM is 1000"),
    (
        "an unknown supply",
        lambda: spoil.pin("imu", "VDD", "led"),
        "imu LSM6DSO.VDD: net led is no row of limits.RAILS",
    ),
    (
        "the gate's pin overloaded",
        lambda: spoil.more(Two("r_more", "R", "R 1k", 1e3, "gate", "main_sda", "pod", ALL, "")),
        "rail gate: 7 mA for long, 4 are given",
    ),
)


@pytest.mark.parametrize(("spoilt", "said"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_an_electric_fault_is_found_and_named(spoilt: Callable[[], Design], said: str) -> None:
    found = electric(spoilt())
    assert any(said in line for line in found), found


def test_a_rail_that_gives_too_little_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A C3 sends at 262 mA while motor (120), sensors (13), bus (4) and light (1) draw: 400 mA."""
    weak = tuple(row._replace(peak_ma=350) if row.net == "3v3" else row for row in limits.RAILS)
    monkeypatch.setattr(checks_electric, "RAILS", weak)
    found = electric(resolve("xiao_esp32c3"))
    assert any(line.startswith("xiao_esp32c3 rail 3v3: 400 mA at once, 350 are given") for line in found), found


@pytest.mark.parametrize("volts", [4.5, 5.5])
def test_every_board_reads_the_charger_at_either_end_of_usb(volts: float) -> None:
    """100 over 150 kohm give 60 %: 2.70 and 3.30 V; an ESP32 reads high from 0.75 of 3.3 V and bears 3.3 + 0.3."""
    for name in firmware.BOARD_ROWS:
        seen = levels(resolve(str(name[0])), {"vbus": volts})["vbus_sense"]
        assert seen == pytest.approx(0.6 * volts, abs=1e-3)
        assert 0.75 * 3.3 < seen <= 3.3 + 0.3


def test_a_stand_too_weak_for_its_diode_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """4.5 V less 0.45 are 4.05, which no longer read as high for certain."""
    weak = tuple(row._replace(least_v=4.5) if row.net == "dock" else row for row in limits.RAILS)
    monkeypatch.setattr(checks_electric, "RAILS", weak)
    assert "d_dock: 4.05 V of dock behind it, vbus expects 4.3" in electric(resolve("xiao_esp32c6"))


def test_a_bridge_fed_with_more_than_the_rail_leaves_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware, "BRIDGE_MV", 3000)
    found = electric(resolve("xiao_esp32c6"))
    assert any("bridge: 0.20 V of 3v3 over board.BRIDGE_MV, its regulator needs 0.3" in line for line in found)
    assert any("nau7802.START_ROWS: 2700 mV, gain 128; 3000 and 128 are said" in line for line in found)


def test_a_strut_that_bends_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    thin = tuple(row._replace(meant=row.name == "carbon, thin") for row in limits.STRUTS)
    monkeypatch.setattr(bridge, "STRUTS", thin)
    found = electric(resolve("xiao_esp32c6"))
    assert any(line.startswith("limits.STRUTS carbon, thin: 25 N.m give 8.20 mV/V and 3906 ustrain") for line in found)
