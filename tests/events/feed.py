# Runs in both interpreters: samples from bytes through every event, and what they said as lines of text.

import struct

import talus.wire.kinds as kinds
from talus.events.curve import Curve
from talus.events.exercise import Exercise
from talus.events.gait import INITIAL_CONTACT, STRIDE, TOE_OFF, Gait
from talus.events.minute import Minute
from talus.events.pressure import Pressure
from talus.events.stumble import Stumble
from talus.events.wear import Wear
from talus.settings import Settings

FORMAT = "<%dh" % kinds.SAMPLE_SIZE
WIDTH = 2 * kinds.SAMPLE_SIZE
MISSING = -32768


class Chain:
    """Every event at once, as the brace runs them."""

    def __init__(self, place):
        settings = Settings()
        self.gait = Gait(settings, place, None, kinds.PRESSURE_1)
        self.curve = Curve()
        self.pressure = Pressure(settings, (5, 1, 4, 6))
        self.minute = Minute(settings, self.pressure)
        self.wear = Wear(settings)
        self.stumble = Stumble(settings)
        self.exercise = Exercise(settings)
        self.exercise.start(0)
        self.bits = 0
        self.valid = 0

    def tick(self, s):
        """One tick of everything that must not allocate; a bit per event."""
        bits = self.gait.update(s)
        self.bits = bits
        self.valid = bits & STRIDE and not self.gait.stride[2] & kinds.STRIDE_INVALID
        if self.valid:
            self.curve.accumulate(self.gait)
        told = 1 if bits else 0
        if self.stumble.update(self.gait, bits):
            told |= 2
        if self.pressure.update(s):
            told |= 4
        if self.exercise.update(s, bits):
            told |= 8
        return told


def sample_at(data, tick, s):
    values = struct.unpack_from(FORMAT, data, tick * WIDTH)
    for i in range(kinds.SAMPLE_SIZE):
        s[i] = None if values[i] == MISSING else values[i]


def story(data, place):
    """What happened, line by line."""
    chain = Chain(place)
    gait = chain.gait
    s = [None] * kinds.SAMPLE_SIZE
    lines = []
    for tick in range(len(data) // WIDTH):
        sample_at(data, tick, s)
        told = chain.tick(s)
        now = tick * 10
        if chain.bits & INITIAL_CONTACT:
            lines.append("contact %d %r" % (now - gait.contact_back_ms, gait.low_confidence))
        if chain.bits & TOE_OFF:
            lines.append("toe_off %d" % (now - gait.toe_off_back_ms))
        if chain.bits & STRIDE:
            lines.append("stride %d %r" % (now - gait.stride_back_ms, gait.stride))
        if told & 2:
            lines.append("stumble %d %r" % (now - chain.stumble.back_ms, chain.stumble.values))
        if told & 4:
            lines.append("pressure %d %r" % (now, chain.pressure.values))
        if told & 8:
            lines.append("exercise %d %r" % (now, chain.exercise.values))
        if chain.minute.update(s, chain.valid):
            lines.append("minute %d %r" % (now, chain.minute.values))
            if chain.wear.minute(chain.minute, chain.pressure):
                lines.append("wear %r %d %d" % (chain.wear.state, chain.wear.evidence, chain.wear.edge_back_s))
    lines.append("curve %r" % (chain.curve.take(),))
    return lines
