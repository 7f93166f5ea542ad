# Runs inside a MicroPython: the firmware's own loop on bus answers recorded beforehand, timed tick by tick.
# What stands in for hardware (clock, buses, watchdog) is counted call by call, its cost measured in a loop of its own
# and taken off; flash is timed and taken off. The heap is collected between ticks, untimed.

import gc
import time

from talus.settings import Settings
from talus_twin.board import brace, wearing

try:  # WebAssembly's own ticks are whole milliseconds
    from js import performance

    def ticks_us():
        return int(performance.now() * 1000) & 0x3FFFFFFF

except ImportError:
    ticks_us = time.ticks_us

SECTIONS = (
    ("take", "sampler", "take"),
    ("walking", "walking", "update"),
    ("pressure", "_pressure", "update"),
    ("checks", "checks", "update"),
    ("watch", "_resting", "watch"),
    ("append", "journal", "append"),
    ("minute", "_minute", "update"),
    ("serve", "", "serve"),
)


QUEUE = 0x78  # the inertial unit's: read through a slice, which takes a byte less quickly than bytes do


def canned(now, twin, answers, counts):
    """A bus that answers what was recorded, register by register, in the order it was asked.

    Closures rather than classes: an attribute's price depends on what else was looked up lately, and would be taken
    off at another price than it had. now: [us]; answers: (address << 8 | register) -> [bytes, place].
    """
    read_us, write_us = twin._read_us, twin._write_us

    def readfrom_mem_into(address, register, buffer):
        kept = answers[address << 8 | register]
        at = kept[1]
        end = at + len(buffer)
        if end > kept[2]:
            at, end = 0, len(buffer)
        data = kept[0]
        i = 0
        while at < end:
            buffer[i] = data[at]
            at += 1
            i += 1
        kept[1] = end
        now[0] = now[0] + read_us[i] & 0x3FFFFFFF
        counts[0] += 1
        counts[6 if register < QUEUE else 7] += i

    def writeto_mem(address, register, data):
        now[0] = now[0] + write_us[len(data)] & 0x3FFFFFFF
        counts[1] += 1

    return Handle(readfrom_mem_into=readfrom_mem_into, writeto_mem=writeto_mem)


def clock_of(now, counts):
    """The board's clock as it stood while the answers were recorded."""

    def ticks_us():
        counts[2] += 1
        return now[0]

    def ticks_ms():
        counts[3] += 1
        return now[0] // 1000

    def sleep_us(us):
        counts[4] += 1
        now[0] = now[0] + us & 0x3FFFFFFF

    def sleep_ms(ms):
        counts[4] += 1
        now[0] = now[0] + ms * 1000 & 0x3FFFFFFF

    return Handle(ticks_us=ticks_us, ticks_ms=ticks_ms, sleep_us=sleep_us, sleep_ms=sleep_ms, spend=sleep_us)


class Handle:
    """A handle of the board made of functions."""

    def __init__(self, **words):
        for name in words:
            setattr(self, name, words[name])


class Calm:
    """A watchdog fed for nothing; everything else is the twin's."""

    def __init__(self, power, counts):
        self._power = power
        self._counts = counts

    def __getattr__(self, name):
        return getattr(self._power, name)

    def feed(self):
        self._counts[5] += 1


class Timed:
    """Files whose time is taken aside: flash is waited for, not computed."""

    def __init__(self, inner, aside):
        self._inner = inner
        self._aside = aside

    def __getattr__(self, name):
        call = getattr(self._inner, name)
        aside = self._aside

        def timed(*given):
            begun = ticks_us()
            got = call(*given)
            if name == "open":
                got = Timed(got, aside)
            aside[0] += since(begun)
            return got

        return timed

    def __enter__(self):
        return self

    def __exit__(self, kind, error, at):
        self.close()


def loop(turns):
    """The fixed reference: a loop that compares and adds."""
    i = 0
    while i < turns:
        i += 1


def since(begun):
    """Microseconds; a clock that is read while its milliseconds turn over may step back by one."""
    return (ticks_us() - begun + 0x20000000 & 0x3FFFFFFF) - 0x20000000


def timed(call, *given):
    """Microseconds of a call, the least of five."""
    best = 0x3FFFFFFF
    for _ in range(5):
        begun = ticks_us()
        call(*given)
        best = min(best, since(begun))
    return best


def repeat(call, given, times):
    i = 0
    while i < times:
        call(*given)
        i += 1


def nothing():
    pass


class Bench:
    """answers: (address << 8 | register) -> bytes; alignment: of the inertial unit on that leg."""

    def __init__(self, answers, pass_us, alignment):
        self._answers = answers
        self._pass_us = pass_us
        self._alignment = alignment

    def make(self):
        self.counts = [0] * 8  # reads, writes, ticks in us and in ms, sleeps, feedings; bytes read, of the queue
        self.aside = [0]
        self.now = [0]
        one = self.one = brace.make(build=brace.Build(alignment=self._alignment))
        twin = one.buses
        one.clock = clock_of(self.now, self.counts)
        self.kept = {place: [data, 0, len(data)] for place, data in self._answers.items()}
        one.buses = {name: canned(self.now, twin[name], self.kept, self.counts) for name in twin}
        one.power = Calm(one.power, self.counts)
        one.files = Timed(one.files, self.aside)
        self.app = wearing.app_of(one, Settings())
        self.app.start()

    def units(self):
        """Nanoseconds of one call of each stand-in and byte, in the order of the counts."""
        times = 4000
        empty = timed(repeat, nothing, (), times)
        bus, clock = self.one.buses["main"], self.one.clock
        for place in self.kept:
            if self.kept[place][2] > 400:
                break
        few, many = bytearray(2), bytearray(22)
        queue = next(place for place in self.kept if place & 255 == QUEUE)
        calls = (
            (bus.readfrom_mem_into, (place >> 8, place & 255, few)),
            (bus.writeto_mem, (place >> 8, place & 255, few)),
            (clock.ticks_us, ()),
            (clock.ticks_ms, ()),
            (clock.sleep_us, (1,)),
            (self.one.power.feed, ()),
            (bus.readfrom_mem_into, (place >> 8, place & 255, many)),
            (bus.readfrom_mem_into, (queue >> 8, QUEUE, memoryview(many)[:22])),
        )
        units = [(timed(repeat, call, given, times) - empty) * 1000 // times for call, given in calls]
        units[6] = (units[6] - units[0]) // 20
        units[0] -= 2 * units[6]
        units[7] = (units[7] - units[0]) // 22
        return units

    def _begin(self):
        self.make()
        units = self.units()
        self.make()
        return units

    def _off_us(self, units):
        off = 0
        for i in range(8):
            off += self.counts[i] * units[i]
        return off // 1000

    def _step(self, tick):
        """One pass, untimed work of the bench before it; the microseconds it took."""
        if tick % 50 == 0:
            gc.collect()
        self.now[0] = self.now[0] + self._pass_us & 0x3FFFFFFF
        for i in range(8):
            self.counts[i] = 0
        self.aside[0] = 0
        begun = ticks_us()
        self.app.step()
        return since(begun) - self.aside[0]

    def run(self, ticks, first):
        """Microseconds of each tick from `first` on, the stand-ins taken off; and their mean."""
        units = self._begin()
        took = [0] * ticks
        off = 0
        for tick in range(ticks):
            took[tick] = self._step(tick)
            if tick >= first:
                taken = self._off_us(units)
                took[tick] -= taken
                off += taken
        return took[first:], off // (ticks - first)

    def allocated(self, ticks, first):
        """Bytes a tick that keeps no record leaves on the heap, the most of them."""
        self.make()
        most = 0
        for tick in range(ticks):
            before = self.app.journal.pending, self.app.journal.next
            gc.disable()
            bytes_before = gc.mem_alloc() if tick >= first else 0
            self.app.step()
            left = gc.mem_alloc() - bytes_before
            if tick >= first and before == (self.app.journal.pending, self.app.journal.next):
                most = max(most, left)
            gc.enable()
            self.now[0] = self.now[0] + self._pass_us & 0x3FFFFFFF
        return most

    def profile(self, ticks, first):
        """(section, mean, worst) in microseconds, stand-ins taken off; the watching itself weighs on the outer ones."""
        units = self._begin()
        rows = []
        for name, owner, word in SECTIONS:
            part = getattr(self.app, owner, None) if owner else self.app
            if part is not None:
                rows.append(self._watch(name, part, word, units))
        for tick in range(ticks):
            if tick == first:
                for row in rows:
                    row[1] = row[2] = 0
            self._step(tick)
        return [(row[0], row[1] // (ticks - first), row[2]) for row in rows]

    def _watch(self, name, part, word, units):
        call = getattr(part, word)
        row = [name, 0, 0]

        def watched(*given):
            before = self._off_us(units)
            begun = ticks_us()
            got = call(*given)
            us = since(begun) - self._off_us(units) + before
            row[1] += us
            row[2] = max(row[2], us)
            return got

        setattr(part, word, watched)
        return row


def kept_answers(folder):
    """The answers beside an index of (place, file)."""
    found = {}
    with open(folder + "/index") as file:
        for line in file:
            place, name = line.split()
            with open(folder + "/" + name, "rb") as data:
                found[int(place)] = whole(data)
    return found


def whole(file):
    """All of a file; from a machine's ROM in its place: on its heap it would be in the way of what is allocated."""
    try:
        return memoryview(file)
    except TypeError:
        return file.read()


def least(runs):
    """Tick by tick the least of several runs: what the machine did beside it is no cost of the sample."""
    return [min(run[i] for run in runs) for i in range(len(runs[0]))]
