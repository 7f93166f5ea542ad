# The modules a board has and the WebAssembly build has not: machine, time, os with uname and urandom, a silent radio.
# Behind the buses sit the twin's chips on a leg at rest; time is virtual and charged by the table of costs, and waits
# for the real clock no more than the bridge is told to. Runs in MicroPython, before boot.py.

import builtins
import json
import os
import sys

from talus_twin.board.bus import VirtualBus
from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs
from talus_twin.chips.ads1115 import ADS1115
from talus_twin.chips.as5600 import AS5600
from talus_twin.chips.leg import Leg
from talus_twin.chips.lsm6dso import LSM6DSO
from talus_twin.chips.max17048 import MAX17048
from talus_twin.chips.nau7802 import NAU7802
from talus_twin.chips.tmp117 import TMP117

CHIPS = {
    "encoder": AS5600,
    "bridge": NAU7802,
    "imu": LSM6DSO,
    "pressure": ADS1115,
    "thermometer": TMP117,
    "gauge": MAX17048,
}
HARD, WATCHDOG = 2, 3
ERRNO = {20: 17, 31: 21, 44: 2, 51: 28, 54: 20, 55: 39}  # Emscripten's, as every board has them
POLL_US = 20000

host = sys.modules["_host"]
config = json.loads(host.config())
costs = Costs()
clock = VirtualClock(costs)
watchdog = [0, 0]  # timeout and last feeding, ms; 0 is none
heard = [0]


def look():
    """Between two instructions that take time: Ctrl-C, the watchdog, the real clock."""
    if watchdog[0] and clock.ticks_ms() - watchdog[1] & 0x3FFFFFFF > watchdog[0]:
        host.reset(WATCHDOG)
    if clock.us - heard[0] & 0x3FFFFFFF > POLL_US:
        heard[0] = clock.us
        host.pace(clock.elapsed_us() // 1000)


def translated(call):
    """A word of the file system whose errors are a board's."""

    def words(*given, **more):
        try:
            return call(*given, **more)
        except OSError as error:
            number = error.errno  # and no chain of the two: MicroPython has none, and warns
            raise OSError(ERRNO.get(number, number))  # noqa: B904

    return words


class Module:
    """A module by another: what it has not, that one has."""

    def __init__(self, base=None, **words):
        if base is not None:
            for name in dir(base):
                if not name.startswith("__"):
                    setattr(self, name, getattr(base, name))
        for name in words:
            setattr(self, name, words[name])


def sleep_us(us):
    while us > 0:
        part = min(us, 100000)
        clock.sleep_us(part)
        us -= part
        look()


def sleep_ms(ms):
    sleep_us(ms * 1000)


def ticks(read):
    def now():
        clock.spend(2)
        look()
        return read()

    return now


class Pin:
    IN, OUT, OPEN_DRAIN, PULL_UP, PULL_DOWN = 1, 3, 7, 2, 1
    IRQ_RISING, IRQ_FALLING = 1, 2

    def __init__(self, number, mode=-1, pull=-1, value=None):
        self._number = number
        self._level = config["pins"].get(str(number), 0) if value is None else value

    def value(self, *level):
        if level:
            self._level = level[0]
        return self._level

    def init(self, *words, **more):
        pass

    def irq(self, handler=None, trigger=0, wake=None):
        return self


class Bus:
    """machine.I2C and SoftI2C: the bus these two pins lead to."""

    def __init__(self, *number, scl=None, sda=None, freq=400000):
        made = buses[config["sda"][str(sda._number)]]
        self.readfrom_mem_into = made.readfrom_mem_into
        self.writeto_mem = made.writeto_mem
        self.scan = made.scan


class Watchdog:
    def __init__(self, id=0, timeout=5000):
        watchdog[:] = [timeout, clock.ticks_ms()]

    def feed(self):
        watchdog[1] = clock.ticks_ms()
        look()


class Memory:
    """machine.RTC: keeps bytes over every reset but a loss of power."""

    def memory(self, data=None):
        if data is None:
            return bytes.fromhex(host.rtc())
        host.keepRtc(bytes(data).hex())


class Timer:
    ONE_SHOT, PERIODIC = 0, 1

    def __init__(self, number=-1):
        pass

    def init(self, period=0, mode=0, callback=None):
        host.alarm(period, callback)

    def deinit(self):
        host.alarm(-1, None)


class Silence:
    """bluetooth.BLE: on the air, and nobody comes."""

    def irq(self, handler):
        pass

    def active(self, *on):
        return True

    def config(self, *name, **more):
        return (0, bytes(6)) if name else None

    def gatts_register_services(self, services):
        handle = 0
        found = []
        for service in services:
            handles = []
            for _ in service[1]:
                handle += 2
                handles.append(handle)
            found.append(tuple(handles))
        return tuple(found)

    def gatts_write(self, handle, data, send_update=False):
        pass

    def gatts_read(self, handle):
        return b""

    def gatts_set_buffer(self, handle, size, append=False):
        pass

    def gap_advertise(self, interval, adv_data=None, resp_data=None, connectable=True):
        pass

    def gap_disconnect(self, connection):
        return False


def urandom(count):
    return bytes([host.random() for _ in range(count)])


def make_buses():
    leg = Leg()
    on = {}
    for name, bus, given in config["chips"]:
        given = [tuple(one) if isinstance(one, list) else one for one in given]
        on.setdefault(bus, []).append(CHIPS[name](given[0], leg, *given[1:]))
    return {bus: VirtualBus(clock, costs, on[bus]) for bus in on}


buses = make_buses()


def install():
    freq = [160000000]

    def speed(*hertz):
        freq[:] = hertz or freq
        return freq[0]

    causes = {"PWRON_RESET": 1, "HARD_RESET": 2, "WDT_RESET": 3, "DEEPSLEEP_RESET": 4, "SOFT_RESET": 5}
    machine = Module(
        Pin=Pin,
        I2C=Bus,
        SoftI2C=Bus,
        WDT=Watchdog,
        RTC=Memory,
        Timer=Timer,
        freq=speed,
        reset=lambda: host.reset(HARD),
        soft_reset=lambda: host.reset(5),
        reset_cause=lambda: host.cause,
        lightsleep=lambda ms=0: sleep_ms(ms),
        unique_id=lambda: b"twin",
        **causes,
    )
    base = __import__("time")
    sys.modules["machine"] = machine
    sys.modules["bluetooth"] = Module(BLE=Silence, UUID=lambda name: bytes(16))
    sys.modules["esp32"] = Module(wake_on_gpio=lambda pins, level: None, WAKEUP_ANY_HIGH=True, WAKEUP_ALL_LOW=False)
    sys.modules["time"] = Module(
        base,
        ticks_ms=ticks(clock.ticks_ms),
        ticks_us=ticks(lambda: clock.us),
        ticks_diff=lambda a, b: ((a - b + 0x20000000) & 0x3FFFFFFF) - 0x20000000,
        sleep_ms=sleep_ms,
        sleep_us=sleep_us,
        sleep=lambda seconds: sleep_us(int(seconds * 1000000)),
    )
    told = config["uname"]
    uname = Module(sysname=told[0], nodename=told[0], release=told[1], version=told[1], machine=told[2])
    builtins.open = translated(open)
    words = ("stat", "listdir", "ilistdir", "remove", "unlink", "rename", "mkdir", "rmdir", "chdir", "statvfs")
    files = {word: translated(getattr(os, word)) for word in words}
    sys.modules["os"] = Module(os, uname=lambda: uname, urandom=urandom, sync=lambda: None, **files)
    if config["mpy"]:
        kind = Module(sys.implementation, _mpy=config["mpy"], _machine=told[2])
        sys.modules["sys"] = Module(sys, implementation=kind)
