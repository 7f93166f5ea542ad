# What else a minute's walking shows, as means over its strides on the level: work, push-off, clearance, the shank in
# swing. One thing is read a tick, behind the tick that closes a stride. A stride whose channels were not measured
# through the whole of a window adds nothing there, and a field that less than half of the strides have is None.
#
# Method: clinical reference, sections 2.1, 3.3, 3.5 and 3.6. Deviations:
# 1. Work takes the ankle's rate from its 7-point derivative: the encoder's steps times the moment would be rectified
#    into half as much again.
# 2. A stride counts when it is valid, sure of its contact and neither its bout's first, a turn, a ramp nor stairs, nor
#    followed by stairs: its swing was then already on them. The last of a bout is in it: only the desk knows it.
# 3. The shank leans at mid-stance by what the stride's record says, and from there on by the gyro.

from array import array

import talus.wire.kinds as kinds
from talus.events.ring import LIMIT, MASK, MISSING, complete, lowest, smooth
from talus.events.stride import FLAGS, SHANK_TO_VERTICAL

WALK = kinds.BY_NAME["walk"]
FIELDS = len(WALK.names) - 1
PEAK, RETURNED, STORED, PUSHED, PUSH_RATE, FLAT_AFTER, RANGE, BACK, PITCH, SLOPE, CLIMB = range(FIELDS)
NOT_LEVEL = kinds.STRIDE_TURN | kinds.STRIDE_RAMP | kinds.STRIDE_STAIRS_UP | kinds.STRIDE_STAIRS_DOWN
LEFT_OUT = NOT_LEVEL | kinds.STRIDE_INVALID | kinds.STRIDE_LOW_CONFIDENCE | kinds.STRIDE_FIRST_OF_BOUT
STAIRS = kinds.STRIDE_STAIRS_UP | kinds.STRIDE_STAIRS_DOWN
PEAK_RANK = 20  # a twentieth of the samples lies above the 95th percentile
WORK_MOST = 3600000  # 64 J
HALF_TURN = 18000  # 0.01 deg
STRIDES_MAX = 254
UNIT = 5595  # 1024 mN.m x 0.001 deg are 17.87 microjoules, this many are 0.1 J


class Walk:
    """`begin` when a stride has closed, `step` on each tick while `due`, `take` at the end of a minute."""

    def __init__(self, gait, stand):
        self._gait = gait
        self._stand = stand
        self._returned = self._stored = 0
        self._sum = array("i", [0] * FIELDS)
        self._count = array("H", [0] * FIELDS)
        self._now = [None] * FIELDS
        self.strides = 0
        self.due = 0
        self._whole = False  # a stride waits for the next one to say that it did not end on stairs

    def rest(self):
        """A pause in the grid begins: what was not read of the last stride is lost, and so it is not counted."""
        self.due = 0

    def begin(self):
        """The gait has closed a stride."""
        flags = self._gait.stride[FLAGS]
        if flags & STAIRS:
            self._whole = False
        self._settle()
        self.due = 0 if flags & LEFT_OUT else 1

    def _settle(self):
        """The stride that waits is one of the minute's."""
        if not self._whole or self.strides >= STRIDES_MAX:
            return
        self._whole = False
        self.strides += 1
        for i in range(FIELDS):
            value = self._now[i]
            if value is not None:
                self._sum[i] += value
                self._count[i] += 1

    def step(self):
        """One part of what is read of it."""
        part = self.due
        self.due = part + 1
        if part == 1:
            self._read_work()
        elif part == 2:
            self._read_push_off()
        else:
            self._read_swing()
            self.due = 0
            self._whole = True

    def _read_work(self):
        gait, now = self._gait, self._now
        now[RETURNED] = now[STORED] = None
        if self._work(gait.first_tick, gait.last_tick):
            now[RETURNED], now[STORED] = self._returned, self._stored

    def _read_push_off(self):
        gait, now = self._gait, self._now
        rise, off, last = gait.rise_tick, gait.toe_off_tick, gait.last_tick
        now[PUSHED] = now[PUSH_RATE] = now[PEAK] = None
        now[FLAT_AFTER] = gait.flat_ms
        if complete(gait.moment, off, last):
            now[PEAK] = top(gait.moment, off, last, (last - off) // PEAK_RANK)
        if 0 <= rise < off and complete(gait.ankle_rate, rise, off + 1):
            fastest = -smooth(gait.ankle_rate, lowest(gait.ankle_rate, rise, off + 1))
            now[PUSH_RATE] = fastest if fastest > 0 else 0
            if self._work(rise, off):
                now[PUSHED] = self._returned

    def _work(self, start, end):
        """Whether moment and angle were there in [start, end): what the brace gave back and took up in it, mJ."""
        moment, rate = self._gait.moment, self._gait.ankle_rate
        if not complete(moment, start, end) or not complete(rate, start, end):
            return False
        forth = back = 0
        for tick in range(start, end):
            done = (moment[tick & MASK] * rate[tick & MASK] + 512) >> 10
            if done > 0:
                forth += done
            else:
                back -= done
        self._returned = min(forth, WORK_MOST) * 100 // UNIT
        self._stored = min(back, WORK_MOST) * 100 // UNIT
        return True

    def _read_swing(self):
        gait, now = self._gait, self._now
        now[RANGE] = now[BACK] = now[PITCH] = None
        now[SLOPE], now[CLIMB] = gait.terrain.slope, gait.terrain.climb
        known = gait.stride[SHANK_TO_VERTICAL]
        off, last, rates = gait.toe_off_tick, gait.last_tick, gait.swing_rate
        start = off if known is None else gait.still_tick
        if not complete(rates, start, last) or (gait.on_foot and not complete(gait.ankle_rate, start, last)):
            return
        zero = gait.bias
        lean = 0 if known is None else -100 * known  # 0.0001 deg
        least, most = HALF_TURN * 100, -HALF_TURN * 100
        upright = -1  # the first tick behind the least where it does not lean forward
        for tick in range(start, last):
            if tick >= off:
                if lean < least:
                    least = lean
                    upright = -1
                if lean > most:
                    most = lean
                if lean >= 0 and upright < 0:
                    upright = tick
            lean += 10 * rates[tick & MASK] - zero
        if most - least > HALF_TURN * 100:
            return
        now[RANGE] = (most - least) // 100
        if known is None:
            return
        now[BACK] = -least // 100
        if upright >= 0 and self._stand is not None and gait.angle[upright & MASK] != MISSING:
            now[PITCH] = gait.angle[upright & MASK] - self._stand

    def take(self):
        """Values of a "walk" record and begin again; None where no stride was added. It allocates: once a minute."""
        self._settle()
        if not self.strides:
            return None
        values = [self.strides]
        for i in range(FIELDS):
            count = self._count[i]
            known = count and 2 * count >= self.strides
            values.append((self._sum[i] + count // 2) // count if known else None)
            self._sum[i] = self._count[i] = 0
        self.strides = 0
        return values


def top(ring, start, end, rank):
    """The value of [start, end) that `rank` others are at least as large as."""
    limit = LIMIT + 1
    while True:
        most, count = MISSING, 0
        for tick in range(start, end):
            value = ring[tick & MASK]
            if most < value < limit:
                most, count = value, 1
            elif value == most:
                count += 1
        if count > rank or most == MISSING:
            return most
        rank -= count
        limit = most
