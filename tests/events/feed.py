# Runs in both interpreters: samples from bytes through every event, and what they said as lines of text.

import struct

import talus.wire.kinds as kinds
from talus.events.exercise import Exercise
from talus.events.gait import INITIAL_CONTACT, TOE_OFF
from talus.events.minute import TICKS, Minute
from talus.events.pressure import Pressure
from talus.events.walking import VALID, Walking
from talus.events.wear import Wear
from talus.settings import Settings

FORMAT = "<%dh" % kinds.SAMPLE_SIZE
WIDTH = 2 * kinds.SAMPLE_SIZE
MISSING = -32768
STAND = 300


class Chain:
    """Every event at once, as the brace runs them."""

    def __init__(self, place):
        settings = Settings()
        self.walking = Walking(self, settings, place, None, kinds.PRESSURE_1, STAND)
        self.gait = self.walking.gait
        self.pressure = Pressure(settings, (5, 1, 4, 6))
        self.minute = Minute(settings, self.pressure)
        self.wear = Wear(settings)
        self.exercise = Exercise(settings)
        self.exercise.start(0)
        self.bits = 0
        self.valid = 0
        self.now_ms = -10
        self.told = 0

    def at_ms(self, back_ms):
        return self.now_ms - back_ms

    def keep_at(self, kind, time_ms, values):
        if kind.number == 8:
            self.told |= 2

    def tick(self, s):
        """One tick of everything that must not allocate; a bit per event."""
        self.now_ms += 10
        self.told = 0
        bits = self.walking.update(s)
        self.bits = bits
        self.valid = bits & VALID
        if bits:
            self.told |= 1
        if self.pressure.update(s):
            self.told |= 4
        if self.exercise.update(s, bits):
            self.told |= 8
        return self.told


class Teller(Chain):
    """The same, and its records as lines."""

    def __init__(self, place):
        Chain.__init__(self, place)
        self.lines = []

    def keep_at(self, kind, time_ms, values):
        Chain.keep_at(self, kind, time_ms, values)
        self.lines.append("%s %d %r" % (kind.name, time_ms, list(values)))


def sample_at(data, tick, s):
    values = struct.unpack_from(FORMAT, data, tick * WIDTH)
    for i in range(kinds.SAMPLE_SIZE):
        s[i] = None if values[i] == MISSING else values[i]


def story(data, place):
    """What happened, line by line."""
    chain = Teller(place)
    gait = chain.gait
    s = [None] * kinds.SAMPLE_SIZE
    lines = chain.lines
    for tick in range(len(data) // WIDTH):
        sample_at(data, tick, s)
        told = chain.tick(s)
        now = tick * 10
        if chain.bits & INITIAL_CONTACT:
            lines.append("contact %d %r" % (now - gait.contact_back_ms, gait.low_confidence))
        if chain.bits & TOE_OFF:
            lines.append("toe_off %d" % (now - gait.toe_off_back_ms))
        if told & 4:
            lines.append("pressure %d %r" % (now, chain.pressure.values))
        if told & 8:
            lines.append("exercise %d %r" % (now, chain.exercise.values))
        if chain.minute.update(s, chain.valid):
            lines.append("minute %d %r" % (now, chain.minute.values))
            if chain.wear.minute(chain.minute, chain.pressure):
                lines.append("wear %r %d %d" % (chain.wear.state, chain.wear.evidence, chain.wear.edge_back_s))
            chain.walking.minute(TICKS * 10)
    chain.walking.settle()
    chain.walking.minute(0)
    chain.walking.hour()
    return lines
