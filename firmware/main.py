# Composition only: make the parts of this board, join them in App, step for ever.
# The only firmware file, with boot.py, that knows `machine`, `time`, `bluetooth` and `os`.

import os
import time

import bluetooth
import machine
from talus import board
from talus.app import App
from talus.calibration import Calibration
from talus.settings import Settings

SAFE_BOOT_MS = 3000  # Ctrl-C here reaches the prompt, whatever the program below does
TICKS_MASK = (1 << 30) - 1

# machine.reset_cause() -> index into kinds.RESET_CAUSES; a cause this port lacks is never returned
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

    def __init__(self, vbus_pin):
        self._vbus = None if vbus_pin is None else machine.Pin(vbus_pin, machine.Pin.IN)
        self._watchdog = machine.WDT(timeout=8000)

    def reset_cause(self):
        cause = machine.reset_cause()
        for index, name in enumerate(CAUSES):
            if cause == getattr(machine, name, None):
                return index
        return 0

    def charging(self):
        return None if self._vbus is None else bool(self._vbus.value())

    def random(self, count):
        return os.urandom(count)

    def feed(self):
        self._watchdog.feed()
