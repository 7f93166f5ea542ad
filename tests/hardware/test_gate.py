"""The firmware gives what hangs on the gate the time its circuit needs: seen on the twin's clock, while it rests."""

import pytest
from hardware import circuit

from talus import power
from talus.settings import Settings
from talus_twin.board import brace, wearing

HZ = 10
MASK = 0x3FFFFFFF
SWITCH_US = 100  # TPS22917, CT left open: time to turn on (SLVSDW8)
WORN = {name: [0] for name in ("ankle_angle", "moment", "gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_z")}
WORN |= {"acc_y": [1000], "reference": [2300], "liner": [3200], "battery_mv": [3900], "battery_pct": [70]}
WORN |= {f"pressure_{channel}": [300] for channel in (1, 2, 3, 4)}


class Gate:
    """The gate's pin: tells the encoder, and keeps when it last opened."""

    def __init__(self, board: brace.Brace) -> None:
        self.board = board
        self.opened = 0
        self.open = 0

    def value(self, level: int) -> None:
        if level and not self.open:
            self.opened = self.board.clock.us
        self.open = level
        self.board.chips["encoder"].value(level)


def filter_us() -> float:
    """Time constant of a divider's filter at worst: its foot and series resistor alone, with an open sensor."""
    value = {two.ref: two.value for two in circuit.TWOS}
    return (value["r_fsr_1"] + value["r_ain_1"]) * value["c_ain_1"] * 1e6


def test_no_conversion_begins_before_switch_and_filter_have_settled() -> None:
    board = brace.make(WORN, HZ)
    gate = Gate(board)
    app = wearing.app_of(board, Settings(), None, {"gate": gate})
    app.start()
    adc, waited = board.chips["pressure"], []
    write = adc.write

    def seen(register: int, data: bytes, now: int) -> None:
        if app.state == power.QUIET and len(data) == 2 and data[0] & 0x80:
            assert gate.open
            waited.append(now - gate.opened & MASK)
        write(register, data, now)

    adc.write = seen
    points = 60 * HZ
    wearing.live(board, app, {name: column * points for name, column in WORN.items()}, HZ, brace.START_US)
    assert app.state == power.QUIET and len(waited) >= 4 * 20
    assert min(waited) >= SWITCH_US + 1.5 * filter_us()
    assert filter_us() == pytest.approx(110)
