# Samples of a chip's own oscillator -> the 100 Hz grid, by linear interpolation between two neighbours. The chip's
# timestamps say when; the board's clock is tied to them afresh at each poll. Nothing is made across a gap: a moment
# without a neighbour on each side is None. Time is the board's microseconds, wrapping at 2**30.

from array import array

from talus.kernel import kernel
from talus.sensors.lsm6dso import WORD

MASK = 0x3FFFFFFF
HALF = 0x20000000
SLOTS = 64  # 0.6 s: the longest erase of flash (0.4 s) and what follows it
AXES = 6
# Places in the kernel's numbers.
NEWEST, OLDER, TAG_COUNT, HAVE, WANTED, GYRO_SLOTS, ACCEL_SLOTS, BYTES, STAMP, EIGHTH_NS, READ_AT, RAW = range(12)
GYRO_HERE, ACCEL_HERE, TIME_HERE = 1, 2, 4


class Inertial:
    """Takes what an LSM6DSO's FIFO brings; at(moment) leaves its six axes in counts from .numbers[RAW] on, gyro first.

    gyro, accel: which parts a slot is expected to have.
    """

    def __init__(self, imu, gyro=True, accel=True):
        self._imu = imu
        self._times = array("i", [0] * SLOTS)
        self._values = array("h", [0] * (SLOTS * (AXES + 1)))
        self.numbers = array("i", [0] * (RAW + 2 * AXES))
        self.numbers[WANTED] = (GYRO_HERE if gyro else 0) | (ACCEL_HERE if accel else 0) | TIME_HERE
        self.raw = [0] * AXES  # room for a single reading
        self.empty()

    def empty(self):
        """Forget everything: the chip was started again."""
        numbers = self.numbers
        numbers[NEWEST] = numbers[TAG_COUNT] = -1
        numbers[OLDER] = numbers[HAVE] = 0

    def reaches(self, moment):
        """Whether a sample behind this moment is already here."""
        newest = self.numbers[NEWEST]
        if newest < 0:
            return False
        return self._times[newest & SLOTS - 1] - moment - 1 & MASK < HALF

    def take_in(self, now):
        """Read the words the driver fetched; now: when the chip's present time was read."""
        imu, numbers = self._imu, self.numbers
        numbers[BYTES] = imu.words * WORD
        numbers[STAMP] = imu.stamp
        numbers[EIGHTH_NS] = imu.tick_ns >> 3
        numbers[READ_AT] = now
        kernel.take_in(imu.buffer, numbers, self._times, self._values)

    def at(self, moment):
        """The axes at a moment; bits of what is there, 0 when it does not lie between two of the chip's samples."""
        return kernel.between(self.numbers, self._times, self._values, moment)

    def count(self):
        """Count the samples anew: numbers[GYRO_SLOTS] and [ACCEL_SLOTS] are those come since."""
        self.numbers[GYRO_SLOTS] = self.numbers[ACCEL_SLOTS] = 0
