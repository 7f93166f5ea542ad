# Runs inside a MicroPython of a given heap: stands in for a board's modules, then runs the deployed main.py on it.
# The leg walks all day: what each register answers was recorded beforehand and is read from files, without memory.
# Time is virtual: only what the program waits for passes, and a little for each transaction on a bus.

import gc
import sys

US_PER_BYTE = 25
TICKS_MASK = (1 << 30) - 1


class Over(Exception):
    """The time that was asked for has passed."""


class Time:
    def __init__(self, until_ms):
        self.ms = 0
        self.us = 0
        self._until_ms = until_ms

    def sleep_us(self, us):
        self.us += us
        if self.us >= 1000:
            self.ms += self.us // 1000
            self.us %= 1000
            if self.ms >= self._until_ms:
                raise Over

    def sleep_ms(self, ms):
        self.sleep_us(ms * 1000)

    def ticks_ms(self):
        return self.ms & TICKS_MASK

    def ticks_us(self):
        return self.ms % 1000000 * 1000 + self.us & TICKS_MASK

    def ticks_diff(self, a, b):
        return (a - b + 0x20000000 & TICKS_MASK) - 0x20000000

    def time(self):
        return self.ms // 1000


class Pin:
    IN, OUT, PULL_UP, OPEN_DRAIN, IRQ_RISING, IRQ_FALLING = range(6)

    def __init__(self, number, mode=0, pull=0, value=0):
        self._level = mode != Pin.IN or pull == Pin.PULL_UP  # a button nobody presses, no charger

    def value(self, level=None):
        return int(self._level)

    def irq(self, *given, **named):
        pass


class Bus:
    """Answers out of files, one for each register that was asked for while the leg was recorded."""

    def __init__(self, *given, **named):
        self._files = {}

    def readfrom_mem_into(self, address, register, buffer):
        clock.sleep_us(US_PER_BYTE * (4 + len(buffer)))
        place = address << 8 | register
        if place not in self._files:
            try:
                self._files[place] = open("/answers/%d" % place, "rb")  # noqa: PTH123, SIM115
            except OSError:
                self._files[place] = None
        file = self._files[place]
        if file is not None and file.readinto(buffer) < len(buffer):
            file.seek(0)
            file.readinto(buffer)

    def writeto_mem(self, address, register, data):
        clock.sleep_us(US_PER_BYTE * (2 + len(data)))


class Watchdog:
    def __init__(self, timeout=0):
        pass

    def feed(self):
        pass


class Kept:
    def __init__(self):
        self._data = bytearray(2048)
        self._size = 0

    def memory(self, data=None):
        if data is None:
            return bytes(self._data[: self._size])
        self._size = len(data)
        self._data[: self._size] = data


class Machine:
    Pin = Pin
    I2C = Bus
    SoftI2C = Bus
    WDT = Watchdog
    RTC = Kept
    PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = range(1, 6)

    def reset_cause(self):
        return 1

    def freq(self, hertz=None):
        return 160000000

    def lightsleep(self, ms=0):
        clock.sleep_ms(ms)


class Radio:
    """A radio nobody is near: it takes what it is given and says nothing."""

    def __init__(self):
        self._values = {}

    def active(self, on=None):
        return True

    def config(self, *given, **named):
        return 247

    def irq(self, handler):
        pass

    def gatts_register_services(self, services):
        handle = 0
        found = []
        for _, characteristics in services:
            handles = []
            for _ in characteristics:
                handle += 2
                handles.append(handle)
            found.append(tuple(handles))
        return tuple(found)

    def gatts_write(self, handle, data, send=False):
        self._values[handle] = data

    def gatts_set_buffer(self, handle, size, append=False):
        pass

    def gap_advertise(self, *given, **named):
        pass


class Bluetooth:
    BLE = Radio

    def UUID(self, value):
        return bytes(16 if isinstance(value, str) else 2)


clock = Time(HOURS * 3600000)  # noqa: F821
sys.modules["time"] = clock
sys.modules["machine"] = Machine()
sys.modules["bluetooth"] = Bluetooth()


def free():
    gc.collect()
    return gc.mem_free()


before = free()
print("heap", before + gc.mem_alloc(), "stand-ins", gc.mem_alloc())
import main  # noqa: E402

print("imported", before - free())
lowest = before


def watched(make):
    """The App as it is made, with a look at the heap at every minute's end."""

    def made(model):
        app = make(model)
        print("made", before - free())
        keep = app.journal.flush

        def flush():
            global lowest
            lowest = min(lowest, free())
            keep()

        app.journal.flush = flush
        main.app = app
        return app

    return made


main.make_app = watched(main.make_app)
try:
    main.run()
except Over:
    print("running", before - free(), "at most", before - lowest)
    print("records", main.app.journal.next, "of", clock.ms, "ms")
