# Samples of a chip's own oscillator -> the 100 Hz grid, by linear interpolation between two neighbours. The chip's
# timestamps say when; the board's clock is tied to them afresh at each poll. Nothing is made across a gap: a moment
# without a neighbour on each side is None. Time is the board's microseconds, wrapping at 2**30.

from talus.sensors.lsm6dso import TAG_ACCEL, TAG_GYRO, TAG_TIMESTAMP, WORD

MASK = 0x3FFFFFFF
HALF = 0x20000000
SLOTS = 64  # 0.6 s: the longest erase of flash (0.4 s) and what follows it
AXES = 6
NEIGHBOURS_US = 15000  # two samples further apart than this have lost one between them


class Inertial:
    """Takes what an LSM6DSO's FIFO brings; at(moment) fills .raw with its six axes in counts, gyro first.

    gyro, accel: which parts a slot is expected to have. A part that is not there is None in .raw.
    """

    def __init__(self, imu, gyro=True, accel=True):
        self._imu = imu
        self._wanted = (1 if gyro else 0) | (2 if accel else 0) | 4
        self._times = [0] * SLOTS
        self._values = [None] * (SLOTS * AXES)
        self.raw = [None] * AXES
        self.gyro_slots = 0
        self.accel_slots = 0
        self.empty()

    def empty(self):
        """Forget everything: the chip was started again."""
        self._newest = -1
        self._older = 0
        self._slot = -1
        self._have = 0

    def reaches(self, moment):
        """Whether a sample behind this moment is already here."""
        if self._newest < 0:
            return False
        return self._times[self._newest % SLOTS] - moment - 1 & MASK < HALF

    def take_in(self, now):
        """Read the words the driver fetched; now: when the chip's present time was read."""
        imu = self._imu
        buffer = imu.buffer
        at = 0
        end = imu.words * WORD
        while at < end:
            tag = buffer[at]
            slot = tag & 0x06
            if slot != self._slot:
                self._close()
                self._slot = slot
            tag >>= 3
            if tag == TAG_GYRO:
                self._axes(buffer, at, 0)
                self._have |= 1
            elif tag == TAG_ACCEL:
                self._axes(buffer, at, 3)
                self._have |= 2
            elif tag == TAG_TIMESTAMP:
                # Its low 16 bits (1.6 s) suffice: how long ago is all that is asked. Eighths of a tick's ns keep
                # the product small.
                age = (imu.stamp - (buffer[at + 2] << 8 | buffer[at + 1]) & 0xFFFF) * (imu.tick_ns >> 3) // 125
                self._times[(self._newest + 1) % SLOTS] = now - age & MASK
                self._have |= 4
            if self._have == self._wanted:
                self._close()
            at += WORD

    def _axes(self, buffer, at, axis):
        values = self._values
        place = (self._newest + 1) % SLOTS * AXES + axis
        values[place] = ((buffer[at + 2] ^ 0x80) << 8 | buffer[at + 1]) - 0x8000
        values[place + 1] = ((buffer[at + 4] ^ 0x80) << 8 | buffer[at + 3]) - 0x8000
        values[place + 2] = ((buffer[at + 6] ^ 0x80) << 8 | buffer[at + 5]) - 0x8000

    def _close(self):
        """The open slot is over: keep it if it says when it was."""
        have = self._have
        self._have = 0
        if not have & 4:
            return
        self._newest += 1
        place = self._newest % SLOTS * AXES
        if have & 1:
            self.gyro_slots += 1
        else:
            self._values[place] = None
        if have & 2:
            self.accel_slots += 1
        else:
            self._values[place + 3] = None
        if self._newest - self._older >= SLOTS - 1:
            self._older = self._newest - SLOTS + 2

    def at(self, moment):
        """Fill .raw for a moment; True when it lies between two of the chip's samples, else all are None."""
        times = self._times
        older = self._older
        while older < self._newest and moment - times[(older + 1) % SLOTS] & MASK < HALF:
            older += 1
        self._older = older
        raw = self.raw
        raw[0] = raw[3] = None
        if older >= self._newest:
            return False
        start = times[older % SLOTS]
        into = moment - start & MASK
        span = times[(older + 1) % SLOTS] - start & MASK
        if into >= HALF or span > NEIGHBOURS_US or span == 0:
            return False
        one = older % SLOTS * AXES
        two = (older + 1) % SLOTS * AXES
        self._between(one, two, 0, into, span)
        self._between(one, two, 3, into, span)
        return True

    def _between(self, one, two, axis, into, span):
        values = self._values
        raw = self.raw
        if values[one + axis] is None or values[two + axis] is None:
            return
        half = span >> 1
        i = axis
        while i < axis + 3:
            first = values[one + i]
            raw[i] = first + ((values[two + i] - first) * into + half) // span
            i += 1
