# Raw counts -> the units of a sample, in integers, for one brace on one leg. What is fitted and where it sits belongs
# here too: a channel without its constants is absent, never guessed. Refuses with one ValueError naming the field.
# Deviations from the clinical reference (4.6, 7.1, 7.2): 1. pressure is linear in conductance (b = 1) and neither
# creep nor temperature of the FSR is corrected; 2. one bridge gain for both directions, drift linear in temperature;
# 3. no correction of the encoder's eccentricity.

from talus.sensors.as5600 import COUNTS
from talus.sensors.lsm6dso import MILLI_DPS_PER_COUNT, MILLI_G_PER_1000_COUNTS
from talus.wire.kinds import (
    ACC_FORWARD,
    ACC_LATERAL,
    ACC_UP,
    GYRO_FRONTAL,
    GYRO_SAGITTAL,
    GYRO_TRANSVERSE,
    IMU_PLACES,
    PRESSURE_CHANNELS,
    SIDES,
    SITES,
)

COUNT_24 = 0x7FFFFF

# (section, field, lowest, highest, meaning); a section that is None is not fitted
ROWS = (
    ("", "id", 0, 0x3FFFFFFF, "number of this calibration, carried by the settings record; 0: none was made"),
    ("", "made_day", 0, 65534, "days since 1970-01-01 when it was made; 0 unknown"),
    ("", "side", 0, len(SIDES) - 1, "which leg, index into SIDES"),
    ("", "imu_place", 0, len(IMU_PLACES) - 1, "where the IMU sits, index into IMU_PLACES"),
    ("", "liner", 0, 1, "1: a thermometer sits in the liner"),
    ("", "reference", 0, 1, "1: the IMU's die temperature is taken as the ambient side"),
    ("encoder", "zero", 0, COUNTS - 1, "counts at neutral (foot at 90 deg to the shank)"),
    ("encoder", "direction", -1, 1, "1 when dorsiflexion counts up, -1 when down"),
    ("bridge", "offset", -COUNT_24, COUNT_24, "counts unloaded at at_cdegc"),
    ("bridge", "counts_per_100_mnm", -0x3FFFFFF, 0x3FFFFFF, "counts per 0.1 N.m toward dorsiflexion, not 0"),
    ("bridge", "counts_per_degc", -80000, 80000, "drift of the offset with the reference temperature"),
    ("bridge", "at_cdegc", -4000, 8500, "temperature of the offset, centi-degC"),
    ("gyro", "bias_x", -2000, 2000, "counts at rest about the chip's x"),
    ("gyro", "bias_y", -2000, 2000, "counts at rest about the chip's y"),
    ("gyro", "bias_z", -2000, 2000, "counts at rest about the chip's z"),
    ("accel", "bias_x", -2000, 2000, "counts in free fall along the chip's x"),
    ("accel", "bias_y", -2000, 2000, "counts in free fall along the chip's y"),
    ("accel", "bias_z", -2000, 2000, "counts in free fall along the chip's z"),
    ("pressure", "site", 1, len(SITES) - 1, "where this channel is assigned, index into SITES"),
    ("pressure", "full", 1000, 32767, "converter counts of the divider's supply"),
    ("pressure", "open", 0, 100000, "divider ratio x 16384 unloaded (G0)"),
    ("pressure", "slope", 1, 4000, "10 Pa per 4096 of that ratio (a)"),
)
# Rows of the alignment: forward, up and lateral axis of the leg in chip axes, per 1000. Turning toe-up is positive
# about lateral, so the gyro's sagittal, frontal and transverse rates are its lateral, forward and up components.
ALIGNMENT = (1000, 0, 0, 0, 1000, 0, 0, 0, 1000)
SMALL = 0x3FFFFFFF  # a larger product would be an object on the heap


def refuse(section, field, value, wanted):
    name = section + "." + field if section else field
    raise ValueError("calibration %s: %r is not %s" % (name, value, wanted))


def checked(section, given):
    """The given section's integers in the order of its rows; refuses what is missing, strange or out of range."""
    if not isinstance(given, dict):
        refuse("", section, given, "a section of fields")
    rest = dict(given)
    values = []
    for row_section, field, low, high, _ in ROWS:
        if row_section != section:
            continue
        value = rest.pop(field, None)
        if type(value) is not int or not low <= value <= high:
            refuse(section, field, value, "an integer from %d to %d" % (low, high))
        values.append(value)
    for field in rest:
        refuse(section, field, rest[field], "a field there is")
    return values


def aligned(rows, per_count, shift):
    """Alignment rows scaled to whole 2**-shift of a sample unit per count; a row must be a unit vector.

    per_count: sample units of 1000 counts.
    """
    if not isinstance(rows, (list, tuple)) or len(rows) != 9:
        refuse("", "alignment", rows, "9 integers")
    for value in rows:
        if type(value) is not int or not -1000 <= value <= 1000:
            refuse("", "alignment", value, "an integer from -1000 to 1000")
    for i in (0, 3, 6):
        length = rows[i] ** 2 + rows[i + 1] ** 2 + rows[i + 2] ** 2
        if not 970 * 970 <= length <= 1030 * 1030:
            refuse("", "alignment", tuple(rows[i : i + 3]), "a row of length 1000")
    return tuple((value * per_count * (1 << shift) + 500000) // 1000000 for value in rows)


class Pressure:
    """One FSR in a divider to ground: counts -> conductance ratio -> 10 Pa."""

    def __init__(self, given):
        self.site, self.full, self.open, self.slope = checked("pressure", given)
        self._most = (SMALL - 2048) // self.slope

    def from_counts(self, counts):
        """Pressure in 10 Pa, never below 0; None when the divider stands at its supply (a short)."""
        if counts <= 0:
            return 0
        left = self.full - counts
        if left <= 0:
            return None
        ratio = (counts << 14) // left - self.open
        if ratio <= 0:
            return 0
        if ratio > self._most:
            ratio = self._most
        value = ratio * self.slope + 2048 >> 12
        return value if value <= 65534 else 65534


class Calibration:
    """Constants of one brace.

    given: dict of the top-level rows, "alignment" (9 integers) and the sections: "encoder", "bridge", "gyro",
    "accel" (dict, or None or missing: not fitted) and "pressure" (4 dicts or None, one per channel).
    Raises ValueError naming the field and its range.
    """

    def __init__(self, given):
        sections = dict(given)
        encoder = sections.pop("encoder", None)
        bridge = sections.pop("bridge", None)
        gyro = sections.pop("gyro", None)
        accel = sections.pop("accel", None)
        pressure = sections.pop("pressure", None) or [None] * PRESSURE_CHANNELS
        alignment = sections.pop("alignment", ALIGNMENT)
        self.id, self.made_day, self.side, self.imu_place, liner, reference = checked("", sections)
        self.liner = bool(liner)
        self.reference = bool(reference)
        self.encoder = encoder is not None
        if self.encoder:
            self.zero, self.direction = checked("encoder", encoder)
            if self.direction == 0:
                refuse("encoder", "direction", 0, "1 or -1")
        self.bridge = bridge is not None
        if self.bridge:
            self.offset, self.per_100_mnm, self.per_degc, self.at_cdegc = checked("bridge", bridge)
            if self.per_100_mnm == 0:
                refuse("bridge", "counts_per_100_mnm", 0, "a gain")
            self._offset_now = self.offset
        self.gyro = gyro is not None
        self.gyro_bias = tuple(checked("gyro", gyro)) if self.gyro else (0, 0, 0)
        self.accel = accel is not None
        self.accel_bias = tuple(checked("accel", accel)) if self.accel else (0, 0, 0)
        self.gyro_rows = aligned(alignment, 10 * MILLI_DPS_PER_COUNT, 14)  # 0.1 deg/s
        self.accel_rows = aligned(alignment, MILLI_G_PER_1000_COUNTS, 14)  # milli-g
        if not isinstance(pressure, (list, tuple)):
            refuse("", "pressure", pressure, "a list of channels")
        if len(pressure) != PRESSURE_CHANNELS:
            refuse("", "pressure", len(pressure), "%d channels" % PRESSURE_CHANNELS)
        self.pressure = tuple(None if one is None else Pressure(one) for one in pressure)
        self.sites = tuple(0 if one is None else one.site for one in self.pressure)

    def angle(self, counts):
        """Ankle angle in centidegrees, -18000 to 17999, + dorsiflexion."""
        turned = ((counts - self.zero) * self.direction + 2048 & 4095) - 2048
        return turned * 1125 + 64 >> 7

    def warm(self, reference_cdegc):
        """The bridge stands at this temperature from now on; None leaves it where it was."""
        if self.bridge and reference_cdegc is not None:
            self._offset_now = self.offset + self.per_degc * (reference_cdegc - self.at_cdegc) // 100

    def moment(self, counts):
        """Moment in mN.m, + toward dorsiflexion."""
        loaded = counts - self._offset_now
        if loaded > COUNT_24:
            loaded = COUNT_24
        elif loaded < -COUNT_24:
            loaded = -COUNT_24
        return (loaded * 100 + (self.per_100_mnm >> 1)) // self.per_100_mnm

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
