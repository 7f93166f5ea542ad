# Raw counts -> the units of a sample, in integers, for one brace on one leg. What is fitted and where it sits belongs
# here too: a channel without its constants is absent, never guessed. What a file may hold and who checks it:
# calibration_file, needed at start only.
# Deviations from the clinical reference (4.6, 7.3): 1. creep and temperature of an FSR are taken off the sustained
# pressure, in events.film; 2. its power law comes as a table of straight pieces; 3. no zero is taken in service: a
# brace wrongly taken for off would learn the pressure on a leg as nothing, so offsets are a fitter's alone.

from array import array

from talus.kernel import chips
from talus.wire.kinds import (
    ACC_FORWARD,
    ACC_LATERAL,
    ACC_UP,
    GYRO_FRONTAL,
    GYRO_SAGITTAL,
    GYRO_TRANSVERSE,
)

COUNT_24 = 0x7FFFFF
BEYOND = 0x10000  # beside a pressure
SMALL = 0x3FFFFFFF  # a larger product would be an object on the heap
WIDEST_CDEGC = 12500
# Rows of the alignment: forward, up and lateral axis of the leg in chip axes, per 1000. Turning toe-up is positive
# about lateral, so the gyro's sagittal, frontal and transverse rates are its lateral, forward and up components.
ALIGNMENT = (1000, 0, 0, 0, 1000, 0, 0, 0, 1000)


class Pressure:
    """One FSR in a divider to ground: counts -> conductance ratio -> 10 Pa.

    pieces: (ratio, 10 Pa, 10 Pa per 4096 of the ratio) of each straight piece, flat, rising. top: the ratio behind
    which no pressure is believed. .beyond: the last reading lay there; its number is then the least it can be.
    .table: what chips.pressed() takes. .worn: its floor, fit and warmth, None where not given.
    """

    def __init__(self, site, full, pieces, top, worn=(None, None, None)):
        self.site = site
        self.worn = worn
        self.beyond = False
        # The most of a ratio in the last piece, whose product still is a small integer.
        head = (full, top, (SMALL - 2048) // pieces[-1], len(pieces) + 1)
        self.table = array("i", head + tuple(pieces))

    def from_counts(self, counts):
        """Pressure in 10 Pa, never below 0; None when the divider stands at its supply (a short)."""
        value = chips.pressed(self.table, counts)
        self.beyond = value >= BEYOND
        return None if value < 0 else value & BEYOND - 1


class Calibration:
    """Constants of one brace, filled in from a dict by calibration_file.fill, which says what it may hold.

    .trouble: index into HEALTH_REASONS of what is wrong with the file it should have come from, 0 for nothing.
    Raises ValueError naming the field and its range.
    """

    trouble = 0

    def __init__(self, given):
        from talus.calibration_file import fill  # at start only: it need not stay in memory

        fill(self, given)

    def angle(self, counts):
        """Ankle angle in centidegrees, + dorsiflexion."""
        return chips.bent(self.turn, counts)

    def warm(self, reference_cdegc):
        """The bridge stands at this temperature from now on; None leaves it where it was."""
        if not self.bridge or reference_cdegc is None:
            return
        warmer = reference_cdegc - self.at_cdegc
        if warmer > WIDEST_CDEGC:
            warmer = WIDEST_CDEGC
        elif warmer < -WIDEST_CDEGC:
            warmer = -WIDEST_CDEGC
        tenths = warmer // 10  # its square over 16 times 10000 still is a small integer
        self.strain[0] = (
            self.offset + self.per_degc * warmer // 100 + (tenths * tenths >> 4) * self.per_100_degc2 // 625
        )

    def moment(self, counts):
        """Moment in mN.m, + toward dorsiflexion; each direction has its own gain, and both are 0 at 0."""
        return chips.strain(self.strain, counts)

    def turning(self, x, y, z, sample):
        """Gyro counts about the chip's axes -> the three rates of the sample, 0.1 deg/s."""
        x -= self.gyro_bias[0]
        y -= self.gyro_bias[1]
        z -= self.gyro_bias[2]
        rows = self.gyro_rows
        sample[GYRO_FRONTAL] = rows[0] * x + rows[1] * y + rows[2] * z + 8192 >> 14
        sample[GYRO_TRANSVERSE] = rows[3] * x + rows[4] * y + rows[5] * z + 8192 >> 14
        sample[GYRO_SAGITTAL] = rows[6] * x + rows[7] * y + rows[8] * z + 8192 >> 14

    def pushing(self, x, y, z, sample):
        """Accelerometer counts along the chip's axes -> the three accelerations of the sample, milli-g."""
        x -= self.accel_bias[0]
        y -= self.accel_bias[1]
        z -= self.accel_bias[2]
        rows = self.accel_rows
        sample[ACC_FORWARD] = rows[0] * x + rows[1] * y + rows[2] * z + 8192 >> 14
        sample[ACC_UP] = rows[3] * x + rows[4] * y + rows[5] * z + 8192 >> 14
        sample[ACC_LATERAL] = rows[6] * x + rows[7] * y + rows[8] * z + 8192 >> 14
