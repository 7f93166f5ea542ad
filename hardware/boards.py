"""The four boards as rows: which pad each GPIO is led to, what the chip wants of it at reset, what feeds what.

Pads as printed on the board, from arduino-esp32's variants and MicroPython's board files; straps, wake pins and UART
outputs from the chips' datasheets. Which GPIO does what is said by talus.board alone.
"""

from typing import NamedTuple


class Pad(NamedTuple):
    """One pad of a board: what is printed beside it, its GPIO or None, its kind of pin, the net of a pad of supply."""

    name: str
    gpio: int | None
    kind: str
    net: str


class BoardFacts(NamedTuple):
    """What a board is to the rest of the circuit. kind: "xiao" charges by itself, "pico" needs a charger beside it."""

    name: str
    kind: str
    key: str
    pads: tuple[Pad, ...]
    peak_ma: float
    charge_ma: float
    charge_found: bool


def xiao(gpios: tuple[int, ...]) -> tuple[Pad, ...]:
    """Pads of an XIAO: D0 to D10 in this order, and its supplies. BAT+ takes the charge and gives the current."""
    signals = tuple(Pad(f"D{i}", gpio, "gpio", "") for i, gpio in enumerate(gpios))
    return (
        *signals,
        Pad("5V", None, "power out", "vbus"),
        Pad("3V3", None, "power out", "3v3"),
        Pad("GND", None, "ground", "gnd"),
        Pad("BAT+", None, "passive", "bat"),
        Pad("BAT-", None, "ground", "gnd"),
    )


PICO_SIGNALS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 26, 27, 28)
PICO_PADS = (
    *(Pad(f"GP{gpio}", gpio, "gpio", "") for gpio in PICO_SIGNALS),
    Pad("VBUS", None, "power out", "vbus"),
    Pad("VSYS", None, "power in", "vsys"),
    Pad("3V3", None, "power out", "3v3"),
    Pad("GND", None, "ground", "gnd"),
)

# Peak current of the chip while it sends: ESP-IDF's table for NimBLE; of a Pico W it was not found, 150 is taken.
# Charge current: see the README; of the C6 not found, the most of its family is taken; beside a Pico W, 1000 V / R.
BOARDS = (
    BoardFacts(
        "xiao_esp32c6", "xiao", "XIAO ESP32C6", xiao((0, 1, 2, 21, 22, 23, 16, 17, 19, 20, 18)), 240, 370, False
    ),
    BoardFacts("xiao_esp32c3", "xiao", "XIAO ESP32C3", xiao((2, 3, 4, 5, 6, 7, 21, 20, 8, 9, 10)), 262, 370, True),
    BoardFacts("xiao_esp32s3", "xiao", "XIAO ESP32S3", xiao((1, 2, 3, 4, 5, 6, 43, 44, 7, 8, 9)), 240, 110, True),
    BoardFacts("pico_w", "pico", "Pico W", PICO_PADS, 150, 213, True),
)

# Pins a chip looks at while it resets: (chip, GPIO, the level a start needs or "any", what it decides)
STRAPS = (
    ("ESP32-C6", 4, "any", "clock edges of SDIO, which is not used"),
    ("ESP32-C6", 5, "any", "clock edges of SDIO, which is not used"),
    ("ESP32-C6", 8, "high", "with 9 low it must be high, or no program can be loaded"),
    ("ESP32-C6", 9, "high", "low: it waits for a program instead of starting"),
    ("ESP32-C6", 15, "any", "where JTAG is, only after a fuse is burnt"),
    ("ESP32-C3", 2, "high", "low: it does not start from flash"),
    ("ESP32-C3", 8, "high", "with 9 low it must be high, or no program can be loaded"),
    ("ESP32-C3", 9, "high", "low: it waits for a program instead of starting"),
    ("ESP32-S3", 0, "high", "low: it waits for a program instead of starting"),
    ("ESP32-S3", 3, "any", "where JTAG is, only after a fuse is burnt"),
    ("ESP32-S3", 45, "low", "voltage of the flash"),
    ("ESP32-S3", 46, "low", "with 0 low it must be low"),
)
# The first UART's output: the chip speaks on it at each reset. (chip, GPIO)
TALKS = (("ESP32-C6", 16), ("ESP32-C3", 21), ("ESP32-S3", 43))
BEARS_TALK = ("led",)
# GPIOs whose level ends a deep sleep; an RP2040 has none and looks by itself. (chip, first, last)
WAKE = (("ESP32-C6", 0, 7), ("ESP32-C3", 0, 5), ("ESP32-S3", 0, 21))
WAKE_SIGNALS = ("button", "vbus_sense")
# What a GPIO bears above its supply, and from which share of the supply it reads high. (chip, V, share, mA as it is
# set after reset, where from)
GPIO = (
    ("ESP32-C6", 0.3, 0.75, 20.0, "datasheet: VIH 0.75 VDD to VDD + 0.3; 20 mA drive is the default"),
    ("ESP32-C3", 0.3, 0.75, 20.0, "datasheet: VIH 0.75 VDD to VDD + 0.3; 20 mA drive is the default"),
    ("ESP32-S3", 0.3, 0.75, 20.0, "datasheet: VIH 0.75 VDD to VDD + 0.3; 20 mA drive is the default"),
    ("RP2040", 0.3, 0.61, 4.0, "datasheet: VIH 2.0 V of 3.3, IOVDD + 0.3 at most; 4 mA drive is the default"),
)


def facts(name: str) -> BoardFacts:
    """A board's row. Raises ValueError for a name without one."""
    for row in BOARDS:
        if row.name == name:
            return row
    raise ValueError(f"board {name!r}: no row in hardware/boards.py")
