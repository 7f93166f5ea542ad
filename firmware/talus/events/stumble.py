# Says when the foot caught or dragged in swing. It says "possible stumble", never "fall", and keeps quiet until it has
# seen enough clean swings of this person to know what is normal. It needs a gyro and two kinds of evidence.
#
# Method: clinical reference, section 3.4. Deviations:
# 1. The person's normal is a running mean and mean deviation of each eighth of the swing, over some 30 clean swings,
#    not a median over 200: an ankle that still pushes off is no sign of anything in mid-swing. Sigma is 1.25 mean
#    deviations; a value far out moves the normal no more than three of them.
# 2. Acceleration is its change from tick to tick in the sagittal plane (at 100 Hz the band above 20 Hz), the mean of
#    two ticks. The dip of the shank's rate is against the lower of the peaks on either side, in the fast half.
# 3. Two kinds at once for `scuff_ms` make a disturbance; it lasts as long as there is any evidence around them, and may
#    be lost for 20 ms within: what shakes and what pushes do not peak together.
# 4. What follows a trip is looked at for two strides; the bout has ended when no swing follows for three seconds. A
#    stride is odd when it differs by a quarter.

from array import array

from talus.events.ring import MASK, MISSING, highest
from talus.events.stride import FLAGS
from talus.kernel import kernel
from talus.wire.kinds import STRIDE_INVALID

SCUFF, DRAG, TRIP, POSSIBLE_STUMBLE = range(4)
# Places in the kernel's numbers, behind the person's normal jerk, moment and ankle rate in clean swings. Its evidence
# bits: 1 acceleration, 2 moment, 4 shank, 8 ankle.
Z, Z_ANKLE, MOMENT_LEAST, KEPT_PCT, RUN, BEGUN, EVIDENCE, NORMAL, LENGTH, NUMBERS = range(72, 82)
NORMALS = 3
CLEAN_SWINGS = 15
SMEARED = 2  # ticks: an acceleration is told a tick before and a tick after
TICKS_MAX = 250
HARD_MG = 3500
WATCH_TICKS = 300


class Stumble:
    """`update` after each `gait.update`, with its bits; 1 when there is something to record.

    Then `values` is a "stumble" record and `back_ms` says how long before this tick the disturbance began.
    """

    def __init__(self, settings):
        self._numbers = array("i", [0] * (NUMBERS + TICKS_MAX))
        self.retune(settings)
        self._clean = 0
        self._swing = 0  # typical length, ticks
        self._stride_ms = 0
        self._watch = 0
        self._since = self._quiet = 0  # ticks since the swing was told, and since the last one
        self.values = [0, 0, 0]
        self.back_ms = 0

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        numbers = self._numbers
        numbers[Z] = settings.drag_z
        numbers[Z_ANKLE] = settings.drag_z_ankle
        numbers[MOMENT_LEAST] = settings.drag_moment_mnm
        numbers[KEPT_PCT] = 100 - settings.drag_dip_pct
        self._scuff_ticks = settings.scuff_ms // 10
        self._drag_ms = settings.drag_ms
        self._trip_pct = settings.trip_swing_pct

    def rest(self):
        """A pause in the grid begins: what followed the last disturbance was not seen."""
        self._watch = 0

    def update(self, gait, bits):
        """Look at the swing that `gait` has just told of, if it has."""
        if self._watch:
            self._since += 1
            self._quiet += 1
            if gait.broken:
                return self._tell(TRIP)  # what came of it was not seen
            if self._quiet > WATCH_TICKS:
                return self._tell(POSSIBLE_STUMBLE)
        if bits & 7 != 7:  # contact, toe off and mid-swing together: a swing seen by a gyro
            return 0
        if self._watch:
            self._quiet = 0
            return self._follow(gait, bits & 8)
        found = self._look(gait)
        if bits & 8 and not found and not gait.stride[FLAGS] & STRIDE_INVALID:
            self._stride_ms = gait.stride[0]
        return found

    def _follow(self, gait, closed):
        if closed and self._stride_ms and abs(gait.stride[0] - self._stride_ms) * 4 > self._stride_ms:
            return self._tell(POSSIBLE_STUMBLE)
        self._watch -= 1
        return 0 if self._watch else self._tell(TRIP)

    def _look(self, gait):
        swing = gait.swing_last - gait.swing_first
        first = gait.swing_first + swing // 10
        last = gait.swing_last - swing * 15 // 100
        if not 5 <= last - first <= TICKS_MAX:
            return 0
        numbers = self._numbers
        kernel.scan(gait.swing_rings, numbers, first, last)
        if numbers[RUN] < self._scuff_ticks or self._clean < CLEAN_SWINGS:
            self._learn(gait, first, last, swing)
            return 0
        lasted = max(numbers[RUN], numbers[LENGTH] - SMEARED) * 10
        self.values[1] = lasted
        self.values[2] = numbers[EVIDENCE]
        self.back_ms = gait.back_ms(numbers[BEGUN])
        self._since = self._quiet = 0
        changed = abs(swing - self._swing) * 100 > self._trip_pct * self._swing
        if changed or self._turned_back(gait, first, last):
            self._watch = 2
            return self._tell(POSSIBLE_STUMBLE) if self._hard(gait, first, last) else 0
        return self._tell(DRAG if lasted >= self._drag_ms or lasted * 100 >= 150 * swing else SCUFF)

    def _tell(self, what):
        self._watch = 0
        self.values[0] = what
        self.back_ms += self._since * 10
        return 1

    def _learn(self, gait, first, last, swing):
        self._clean = min(self._clean + 1, CLEAN_SWINGS)
        off = swing - self._swing
        self._swing += (off + (self._clean >> 1)) // self._clean
        for i in range(NORMALS):
            self._numbers[NORMAL] = i
            kernel.learn(gait.swing_rings[i + 1], self._numbers, first, last)

    def _turned_back(self, gait, first, last):
        """Whether the leg went back after it had reached half of its peak, and on again: before that half it comes from
        toe off, and at the swing's end it stays back."""
        half = highest(gait.swing_rate, first, last) >> 1
        forward = back = 0
        for tick in range(first, last):
            rate = gait.swing_rate[tick & MASK]
            if rate > half:
                forward = 1
            if forward and MISSING < rate < 0:
                back = 1
            elif back and rate > 0:
                return 1
        return 0

    def _hard(self, gait, first, last):
        for tick in range(first, last):
            if abs(gait.acc_up[tick & MASK]) > HARD_MG and gait.acc_up[tick & MASK] != MISSING:
                return 1
        return 0
