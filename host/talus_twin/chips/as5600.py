# AS5600 (datasheet v1-06): the angle behind its slow filter, a magnet that can be missing, weak or strong.
# The filter is a pure delay here: half of the settling time.

from talus_twin.chips import Chip
from talus_twin.chips.leg import ANGLE

CONF_HIGH = 0x07
STATUS = 0x0B
RAW_HIGH = 0x0C
AGC = 0x1A
SIZE = 0x1D
# Slow filter bits 9:8 of CONF -> settling time in us: 16x, 8x, 4x, 2x
SETTLING_US = (2200, 1100, 550, 286)
# Power mode bits 1:0 of CONF -> how often it looks by itself, in us; 0: always
POLLING_US = (0, 5000, 20000, 100000)


class AS5600(Chip):
    """zero: counts at neutral; direction: 1 or -1. Faults: magnet "missing", "weak", "strong"; stuck.

    Another fault, glitch_every: each so-many-th reading has a bit flipped on the wires; 0 none.
    """

    def __init__(self, address, leg, zero, direction):
        Chip.__init__(self, address, leg)
        self.zero = zero
        self.direction = direction
        self.magnet = "ok"
        self.glitch_every = 0
        self._readings = 0
        self._delay = SETTLING_US[0] // 2
        self._polling = 0
        self.powered = True  # a board may gate its supply; it wakes with its registers empty
        self._registers = bytearray(SIZE)
        self._raw = zero

    def answers(self):
        return not self.silent and self.powered and self.leg.has(ANGLE)

    def value(self, level):
        """The gate of its supply, as the pin that drives it."""
        if level and not self.powered:
            for i in range(SIZE):
                self._registers[i] = 0
        self.powered = bool(level)

    def write(self, register, data, now):
        for value in data:
            if register in (CONF_HIGH, CONF_HIGH + 1):
                self._registers[register] = value
            register += 1
        self._delay = SETTLING_US[self._registers[CONF_HIGH] & 3] // 2
        self._polling = POLLING_US[self._registers[CONF_HIGH + 1] & 3]

    def _measure(self, now):
        registers = self._registers
        if self.magnet == "missing":
            registers[STATUS] = 0x10
            registers[AGC] = 0x80
            self._raw = 0
        else:
            registers[STATUS] = 0x20 if self.magnet == "ok" else 0x30 if self.magnet == "weak" else 0x28
            registers[AGC] = 0x40 if self.magnet == "ok" else 0x80 if self.magnet == "weak" else 0
            if not self.stuck:
                at = now - self._delay
                if self._polling:
                    at -= at % self._polling
                angle = self.leg.read(ANGLE, at)
                if angle is not None:
                    self._raw = self.zero + self.direction * ((angle * 1024 + 4500) // 9000) & 0x0FFF
        raw = self._raw
        if self.glitch_every:
            self._readings += 1
            if self._readings % self.glitch_every == 0:
                raw ^= 0x200
        registers[RAW_HIGH] = registers[RAW_HIGH + 2] = raw >> 8
        registers[RAW_HIGH + 1] = registers[RAW_HIGH + 3] = raw & 0xFF

    def read(self, register, buffer, now):
        self._measure(now)
        registers = self._registers
        # Reading on from the high byte of an angle goes back to it behind the low one.
        again = register if register == RAW_HIGH or register == RAW_HIGH + 2 else 0
        i = 0
        while i < len(buffer):
            buffer[i] = registers[register] if register < SIZE else 0
            register += 1
            if again and register == again + 2:
                register = again
            i += 1
