# Composition only: make the parts of this board, join them in App, step for ever. boot.py imports it from a slot.
# The only firmware file, with boot.py, that knows `machine`, `time`, `bluetooth` and `os`.

import gc
import json
import os
import sys
import time

import machine

if hasattr(gc, "threshold"):
    gc.threshold(4096)  # while modules load: a hole one leaves is filled by the next, and the heap stays whole

from talus import board
from talus.bus import Bus
from talus.wire import kinds

try:
    import bluetooth
except ImportError:  # a port without a radio: the brace measures and keeps, and serves nobody
    bluetooth = None
try:
    import esp32
except ImportError:  # another port: its light sleep loses the radio chip or its clock, so it only idles
    esp32 = None

PROOF_MS = 5000  # a program that has stepped so long and whose parts do what they did has proved itself
# Rooms whose work is done when the brace runs: they leave memory, and come again for whoever asks.
LEFT = ("settings_file", "changing", "exercising", "calibration_file", "recovery", "starting", "selftest", "proof")
LEFT += ("packing", "packer", "kernel_bits", "fast_bits", "plain_bits", "wire.packed", "live")
TICKS_MASK = (1 << 30) - 1
STARTS = "starts"  # boot.py's count: a brace that goes off in order, a flat one too, has not failed to start
HELD_MS = 100
RELEASE_MS = 10000
NAP_MS = 100

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
    """The flash file system, in the words the journal uses."""

    open = staticmethod(open)
    listdir = staticmethod(os.listdir)
    remove = staticmethod(os.remove)
    rename = staticmethod(os.rename)
    mkdir = staticmethod(os.mkdir)
    rmdir = staticmethod(os.rmdir)

    def size(self, path):
        return os.stat(path)[6]

    def free(self):
        block, _, _, blocks = os.statvfs("/")[:4]
        return block * blocks


class Memory:
    """What outlives a reset but no loss of power: 2 KiB beside an ESP32's clock; other ports have none to give."""

    def __init__(self):
        clock = machine.RTC() if hasattr(machine, "RTC") else None
        self._keep = getattr(clock, "memory", None)
        self.size = 2048 if self._keep else 0

    def read(self):
        return self._keep() if self._keep else b""

    def write(self, buffer, length):
        if self._keep:
            self._keep(memoryview(buffer)[:length])


class Power:
    """Why the board started, whether it charges, random bytes, what outlives a reset, sleep, and the watchdog."""

    def __init__(self, model, button):
        self.memory = Memory()
        self._vbus = machine.Pin(model.vbus, machine.Pin.IN)
        self._button = button
        self._motion = (machine.Pin(model.imu_int, machine.Pin.IN),)
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

    def sleep_ms(self, ms):
        """Light sleep that a jerk of the shank ends, and the button where the chip has EXT1. The radio is off.

        The charger does not: a level that lasts would wake it for ever. It is seen after at most half a watchdog.
        """
        if esp32 is None:
            time.sleep_ms(ms)
            return
        motion = self._motion
        if motion[0].value():  # moved just now, or a chip that no longer answers holds it: it would end any sleep
            motion = ()
            ms = min(ms, HELD_MS)
        esp32.wake_on_gpio(motion, esp32.WAKEUP_ANY_HIGH)
        if hasattr(esp32, "wake_on_ext1"):
            esp32.wake_on_ext1((self._button,), esp32.WAKEUP_ALL_LOW)
        machine.lightsleep(ms)

    def speed(self, mhz):
        if esp32 is not None:
            machine.freq(mhz * 1000000)

    def off(self):
        """Deep sleep until the charger comes, or the button where the chip has EXT1; it starts as from a reset."""
        if STARTS in os.listdir("/"):
            os.remove("/" + STARTS)
        left_ms = RELEASE_MS
        while left_ms and not self._button.value():  # the hand that asked for it is still there, and would end it
            self._nap()
            left_ms -= NAP_MS
        button = (self._button,) if left_ms else ()  # one that hangs wakes nobody
        if esp32 is None:
            while not self._vbus.value() and (not button or self._button.value()):
                self._nap()
            machine.reset()
        if hasattr(esp32, "wake_on_ext0"):  # ESP32-S3: no other pin ends its deep sleep
            esp32.wake_on_gpio((), esp32.WAKEUP_ANY_HIGH)
            esp32.wake_on_ext0(self._vbus, esp32.WAKEUP_ANY_HIGH)
        else:
            esp32.wake_on_gpio((self._vbus,), esp32.WAKEUP_ANY_HIGH)
        if hasattr(esp32, "wake_on_ext1"):
            esp32.wake_on_ext1(button, esp32.WAKEUP_ALL_LOW)
        machine.deepsleep()

    def _nap(self):
        self._watchdog.feed()
        time.sleep_ms(NAP_MS)

    def reset(self):
        machine.reset()


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
    """The clinician's settings, or what stands in for them: said here and in a health record."""
    from talus.settings_file import load

    made, why = load(Files())
    if why:
        print("settings:", why)
    return made


def make_calibration():
    """The brace's own constants, or what stands in for them; with none nothing is fitted and it measures nothing."""
    from talus.calibration_file import load

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
        "gate": machine.Pin(model.gate, machine.Pin.OUT),
    }
    power = Power(model, pins["button"])
    settings, calibration = make_settings(), make_calibration()
    leave()
    from talus.app import App  # behind what only the start needs: never both in memory

    return App(Clock(), buses, pins, Files(), bluetooth, power, model, settings, calibration)


def leave():
    """Forget the rooms of the start."""
    for name in LEFT:
        if sys.modules.pop("talus." + name, None):
            room, _, name = ("talus." + name).rpartition(".")
            if hasattr(sys.modules[room], name):
                delattr(sys.modules[room], name)
    gc.collect()


def prove(app, slot, trial):
    """Say and keep the self-test. False where a slot on trial makes a part fail that worked under the other."""
    from talus import VERSION, proof

    files = Files()
    lines = proof.told(app.sampler.parts)
    print("talus: slot", slot or "root", "version", ".".join([str(number) for number in VERSION]))
    for line in lines:
        print("talus: part", line)
    failing = proof.worse(proof.read(files, "a" if slot == "b" else "b"), lines) if trial else ()
    print("talus: not well: " + " ".join(failing) if failing else "talus: well")
    if not failing:
        proof.keep(files, slot, lines)
    return not failing


def run(slot="", trial=False, confirm=None):
    """The program of a slot ("" is the root, where bare copies lie); returns only when it is not well.

    confirm: called when it is well; a slot on trial that never calls it is left for the other.
    """
    app = make_app(board.Board(read_json("/board.json").get("board", "xiao_esp32c6")))
    app.slot = kinds.SLOTS.index(slot or "root")
    app.forget = leave
    app.start()
    leave()
    if hasattr(gc, "threshold"):
        gc.threshold(-1)  # from here on little is made, and a collection takes milliseconds
    begun = time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), begun) < PROOF_MS:
        app.step()
    if not prove(app, slot, trial):
        return
    leave()
    if confirm is not None:
        confirm()
    while True:
        app.step()


if __name__ == "__main__":
    run()
