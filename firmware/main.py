# Composition only: make the parts of this board, join them in App, step for ever.
# The only firmware file, with boot.py, that knows `machine`, `time`, `bluetooth` and `os`.

import json
import os
import time

import machine

from talus import board
from talus.app import App
from talus.bus import Bus
from talus.calibration_file import load
from talus.settings import Settings

try:
    import bluetooth
except ImportError:  # a port without a radio: the brace measures and keeps, and serves nobody
    bluetooth = None

SAFE_BOOT_MS = 3000  # Ctrl-C here reaches the prompt, whatever the program below does
TICKS_MASK = (1 << 30) - 1

# machine.reset_cause() -> index into kinds.RESET_CAUSES; a port has some of them
CAUSES = ("PWRON_RESET", "HARD_RESET", "WDT_RESET", "SOFT_RESET", "BROWN_OUT_RESET", "DEEPSLEEP_RESET")


class Clock:
    """Ticks of the board, all wrapping at 2**30 whatever its port does."""

    sleep_ms = staticmethod(time.sleep_ms)
    sleep_us = staticmethod(time.sleep_us)

    def ticks_ms(self):
        return time.ticks_ms() & TICKS_MASK

    def ticks_us(self):
        return time.ticks_us() & TICKS_MASK


class Files:
    """The flash file system, in the six words the journal uses."""

    open = staticmethod(open)
    listdir = staticmethod(os.listdir)
    remove = staticmethod(os.remove)
    rename = staticmethod(os.rename)
    mkdir = staticmethod(os.mkdir)

    def size(self, path):
        return os.stat(path)[6]


class Power:
    """Why the board started, whether it charges, random bytes, and the watchdog."""

    def __init__(self, vbus):
        self._vbus = machine.Pin(vbus, machine.Pin.IN)
        self._watchdog = machine.WDT(timeout=board.WATCHDOG_MS)

    def reset_cause(self):
        cause = machine.reset_cause()
        for index, name in enumerate(CAUSES):
            if cause == getattr(machine, name, None):
                return index
        return None

    def charging(self):
        return bool(self._vbus.value())

    def random(self, count):
        return os.urandom(count)

    def feed(self):
        self._watchdog.feed()


def read_json(path):
    """What a fitter left in a file; {} where there is none. Raises ValueError for anything but a JSON object."""
    try:
        with open(path) as file:
            found = json.load(file)
    except OSError:
        return {}
    if not isinstance(found, dict):
        raise ValueError("%s: no JSON object" % path)
    return found


def make_settings():
    """The clinician's settings; a file that does not fit starts the brace on its defaults, and says so."""
    try:
        return Settings(read_json("/settings.json"))
    except ValueError as error:
        print("settings:", error, "- the defaults are in force")
        return Settings()


def make_calibration():
    """The brace's own constants, or what stands in for them; with none nothing is fitted and it measures nothing."""
    made, why = load(read_json, os.listdir)
    if why:
        print("calibration:", why)
    return made


def make_bus(name, scl, sda):
    """The bus of that row of board.BUSES on these two pins."""
    hertz, made_by = next(row[1:] for row in board.BUSES if row[0] == name)

    def make():
        pins = {"scl": machine.Pin(scl), "sda": machine.Pin(sda), "freq": hertz}
        return machine.I2C(0, **pins) if made_by == "hardware" else machine.SoftI2C(**pins)

    def lines():
        return tuple(machine.Pin(pin, machine.Pin.OPEN_DRAIN, value=1) for pin in (scl, sda))

    return Bus(make, lines, time.sleep_us)


def make_app(model):
    buses = {
        board.MAIN: make_bus(board.MAIN, model.main_scl, model.main_sda),
        board.SLOW: make_bus(board.SLOW, model.slow_scl, model.slow_sda),
    }
    pins = {
        "button": machine.Pin(model.button, machine.Pin.IN, machine.Pin.PULL_UP),
        "led": machine.Pin(model.led, machine.Pin.OUT),
        "haptic": machine.Pin(model.haptic, machine.Pin.OUT),
    }
    power = Power(model.vbus)
    return App(Clock(), buses, pins, Files(), bluetooth, power, model, make_settings(), make_calibration())


time.sleep_ms(SAFE_BOOT_MS)
app = make_app(board.Board(read_json("/board.json").get("board", "xiao_esp32c6")))
app.start()
while True:
    app.step()
