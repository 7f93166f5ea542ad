"""Firmware and tables say the same: every part, pin, address and channel of the one is in the other, joined by name."""

import pytest
from hardware import circuit, energy
from hardware.boards import BOARDS
from hardware.build import findings
from hardware.design import NAMES, SIGNALS, parts, quantities, resolve, signal_net

from talus import board as firmware
from talus.calibration_file import ROWS as CALIBRATION
from talus.wire import kinds
from talus_twin.board.brace import ROWS as TWIN

# Pads as printed beside each GPIO, from arduino-esp32's pins_arduino.h and the Pico's own print.
PRINTED = {
    "xiao_esp32c6": {"D0": 0, "D1": 1, "D2": 2, "D3": 21, "D4": 22, "D5": 23, "D6": 16, "D7": 17, "D8": 19, "D9": 20},
    "xiao_esp32c3": {"D0": 2, "D1": 3, "D2": 4, "D3": 5, "D4": 6, "D5": 7, "D6": 21, "D7": 20, "D8": 8, "D9": 9},
    "xiao_esp32s3": {"D0": 1, "D1": 2, "D2": 3, "D3": 4, "D4": 5, "D5": 6, "D6": 43, "D7": 44, "D8": 7, "D9": 8},
    "pico_w": {"GP4": 4, "GP5": 5, "GP6": 6, "GP7": 7, "GP15": 15},
}


def test_the_rows_as_they_are_hold_every_check() -> None:
    assert findings([resolve(name) for name in NAMES], parts()) == []


def test_every_board_of_the_firmware_has_a_circuit_and_no_other() -> None:
    assert {row.name for row in BOARDS} == {row[0] for row in firmware.BOARD_ROWS}
    assert tuple(NAMES) == tuple(row[0] for row in firmware.BOARD_ROWS)


@pytest.mark.parametrize("name", NAMES)
def test_each_signal_of_the_firmware_reaches_the_pad_printed_for_its_gpio(name: str) -> None:
    design, row = resolve(name), firmware.Board(name)
    on = {pin.name: pin.net for pin in design.pins if pin.ref == "board"}
    gpio_of = {pad.name: pad.gpio for pad in design.facts.pads}
    for signal in SIGNALS:
        pads = [pad for pad, net in on.items() if net == signal_net(signal)]
        assert [gpio_of[pad] for pad in pads] == [getattr(row, signal)], signal
    for pad, gpio in PRINTED[name].items():
        assert gpio_of[pad] == gpio, pad


def test_board_rows_name_no_pin_the_tables_do_not_know() -> None:
    attributes = {key for key, value in vars(firmware.Board(NAMES[0])).items() if isinstance(value, int)}
    assert attributes - {"flash_mib", "psram_mib", "bonds"} == set(SIGNALS)


def test_every_part_of_the_firmware_is_placed_bought_and_has_a_current() -> None:
    needed = quantities(resolve(NAMES[0]))
    for name, chip, *_ in firmware.PARTS:
        assert [row.key for row in circuit.CHIPS if row.ref == name] == [chip]
        assert needed[chip] == 1 and chip in parts()
        assert [row[0] for row in energy.PARTS if chip in row[0]], chip


def test_each_bus_pin_lies_on_the_bus_the_firmware_asks_it_on() -> None:
    for name in NAMES:
        nets = resolve(name).nets()
        for part, _chip, bus, _address, _often in firmware.PARTS:
            for line in ("sda", "scl"):
                other = {"main": "slow", "slow": "main"}[bus]
                assert part in {pin.ref for pin in nets[f"{bus}_{line}"]}
                assert part not in {pin.ref for pin in nets[f"{other}_{line}"]}


def test_there_is_a_sensor_and_an_input_for_every_pressure_channel() -> None:
    nets = resolve(NAMES[0]).nets()
    assert quantities(resolve(NAMES[0]))["FSR 402"] == kinds.PRESSURE_CHANNELS
    for channel in range(kinds.PRESSURE_CHANNELS):
        refs = {(pin.ref, pin.name) for pin in nets[f"ain_{channel + 1}"]}
        assert ("pressure", f"AIN{channel}") in refs
        assert f"sensor_{channel + 1}" in {pin.ref for pin in nets[f"fsr_{channel + 1}"]}


def test_the_divider_is_the_one_the_twin_and_the_calibration_take() -> None:
    """divider_slope: 10 Pa per ratio of 4096/16384, over the divider's resistor; divider_full: the supply in counts."""
    from hardware.limits import ADS_COUNT_V, FSR_US_PER_KPA

    twin = {row[0]: row[1] for row in TWIN}
    low_ohm = next(two.value for two in circuit.TWOS if two.ref == "r_fsr_1")
    siemens_per_kpa = (4096 / 16384) / low_ohm / (twin["divider_slope"] * 10 / 1000)
    assert pytest.approx(siemens_per_kpa * 1e6, rel=0.01) == FSR_US_PER_KPA
    assert pytest.approx(3.3 / ADS_COUNT_V) == twin["divider_full"]


def test_a_cell_is_as_empty_here_as_where_the_firmware_stops() -> None:
    from hardware.limits import RAILS

    from talus.settings import Settings

    assert next(row.least_v for row in RAILS if row.net == "cell") == Settings().battery_cutoff_mv / 1000


def test_a_calibration_of_the_meant_strut_would_be_accepted() -> None:
    from hardware.bridge import counts_per_100_mnm
    from hardware.limits import STRUTS

    lowest, highest = next(row[2:4] for row in CALIBRATION if row[:2] == ("bridge", "counts_per_100_mnm"))
    for strut in STRUTS:
        assert lowest < counts_per_100_mnm(strut) < highest


def test_only_the_board_without_a_charger_has_one_beside_it() -> None:
    for name in NAMES:
        assert ("charger" in {chip.ref for chip in resolve(name).chips}) == (name == "pico_w")


def test_a_gap_in_the_purchasing_table_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    table = tmp_path / "parts.csv"
    table.write_text("name,what\nAS5600,angle\n")
    with pytest.raises(ValueError, match=r"parts.csv line 2: 2 columns, 10 are needed"):
        parts(table)
    row = ",".join(["R 1k"] + ["x"] * 9)
    table.write_text(f"head\n{row}\n{row}\n")
    with pytest.raises(ValueError, match=r"line 3: 'R 1k' is there twice"):
        parts(table)
