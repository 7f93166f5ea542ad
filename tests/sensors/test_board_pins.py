"""The pins of each board's row are pads it has, and can do what they are for. Read from documents, not from a board.

Pads: arduino-esp32's variants XIAO_ESP32C6, XIAO_ESP32C3 and XIAO_ESP32S3,
MicroPython's boards/RPI_PICO_W/pins.csv.
Wake and strapping pins: the chips' datasheets (a C3's also in Espressif's ESP32-C3 book, 5.2.6).
"""

import pytest

from talus.board import BOARD_ROWS, Board

ROLES = ("main_sda", "main_scl", "slow_sda", "slow_scl", "button", "led", "haptic", "vbus", "imu_int", "gate")
# board: (pads D0 to D10 or GP0 to GP28, pins that end deep sleep, strapping pins, UART0's output)
FACTS = {
    "xiao_esp32c6": ((0, 1, 2, 21, 22, 23, 16, 17, 19, 20, 18), range(8), (4, 5, 8, 9, 15), 16),
    "xiao_esp32c3": ((2, 3, 4, 5, 6, 7, 21, 20, 8, 9, 10), range(6), (2, 8, 9), 21),
    "xiao_esp32s3": ((1, 2, 3, 4, 5, 6, 43, 44, 7, 8, 9), range(22), (0, 3, 45, 46), 43),
    "pico_w": ((*range(23), 26, 27, 28), range(29), (), None),  # it naps and looks, at any pin
}
PULLED_UP = ("main_sda", "main_scl", "slow_sda", "slow_scl", "button")  # high at reset, which is what a start wants


def test_every_board_is_known_here() -> None:
    assert [row[0] for row in BOARD_ROWS] == list(FACTS)


@pytest.mark.parametrize("name", FACTS)
def test_each_pin_is_a_pad_that_can_do_its_work(name: str) -> None:
    pads, waking, strapping, uart = FACTS[name]
    pins = {role: getattr(Board(name), role) for role in ROLES}
    assert set(pins.values()) <= set(pads)
    assert {pins["imu_int"], pins["vbus"], pins["button"]} <= set(waking), "what a sleeping brace listens to"
    assert [role for role, pin in pins.items() if pin in strapping and role not in PULLED_UP] == []
    assert [role for role, pin in pins.items() if pin == uart and role != "led"] == [], "it speaks at each reset"


def test_the_first_i2c_of_a_pico_is_on_pins_it_has() -> None:
    board = Board("pico_w")
    assert (board.main_sda % 4, board.main_scl % 4) == (0, 1)  # RP2040 datasheet 1.4.3: I2C0 on 0, 1, 4, 5, 8, 9 ...
