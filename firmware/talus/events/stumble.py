# Says when the foot caught or dragged in swing. It says "possible stumble", never "fall", and keeps quiet until it has
# seen enough clean swings of this person to know what is normal. It needs a gyro and two kinds of evidence.
#
# Method: clinical reference, section 3.4. Deviations:
# 1. The person's normal is a running mean and mean deviation over about 512 ticks of clean swings, not a median over
#    200 swings; sigma is 1.25 mean deviations.
# 2. Acceleration is its change from tick to tick in the sagittal plane: at 100 Hz the band above 20 Hz.
# 3. What follows a trip is looked at for two strides or three seconds; a stride is odd when it differs by a quarter.

from talus.events.ring import MASK, MISSING, highest

SCUFF, DRAG, TRIP, POSSIBLE_STUMBLE = range(4)
ACC, MOMENT, SHANK, ANKLE = 1, 2, 4, 8
CLEAN_SWINGS = 10
TICKS_MAX = 250
MEMORY = 512
HARD_MG = 3500
WATCH_TICKS = 300


class Normal:
    """Mean and mean deviation of one quantity in clean swings; kept times 64."""

    def __init__(self):
        self.count = 0
        self.mean = 0
        self.off = 0

    def learn(self, value):
        if self.count < MEMORY:
            self.count += 1
        off = value * 64 - self.mean
        self.mean += nearest(off, self.count)
        self.off += nearest(abs(off) - self.off, self.count)

    def above(self, value, z):
        """Whether the value is more than z sigma above the mean."""
        return (value * 64 - self.mean) * 4 > 5 * z * self.off

    def below(self, value, z):
        return (self.mean - value * 64) * 4 > 5 * z * self.off


def nearest(value, count):
    """Quotient rounded to the nearest integer: a floor would pull every mean down."""
    return (value + (count >> 1)) // count


class Stumble:
    """`update` after each `gait.update`, with its bits; 1 when there is something to record.

    Then `values` is a "stumble" record and `back_ms` says how long before this tick the disturbance began.
    """

    def __init__(self, settings):
        self.retune(settings)
        self._jerk, self._moment, self._ankle = Normal(), Normal(), Normal()
        self._later = [0] * TICKS_MAX
        self._clean = 0
        self._swing = 0  # typical length, ticks
        self._stride_ms = 0
        self._watch = 0
        self._since = 0
        self._evidence = 0
        self._run = 0
        self._begun = 0
        self.values = [0, 0, 0]
        self.back_ms = 0

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._z = settings.drag_z
        self._z_ankle = settings.drag_z_ankle
        self._moment_least = settings.drag_moment_mnm
        self._kept_pct = 100 - settings.drag_dip_pct
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
            if self._since > WATCH_TICKS:
                return self._tell(POSSIBLE_STUMBLE)
        if bits & 7 != 7:  # contact, toe off and mid-swing together: a swing seen by a gyro
            return 0
        if self._watch:
            return self._follow(gait, bits & 8)
        found = self._look(gait)
        if bits & 8 and not found:
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
        self._scan(gait, first, last)
        if self._run < self._scuff_ticks or self._clean < CLEAN_SWINGS:
            self._learn(gait, first, last, swing)
            return 0
        lasted = self._run * 10
        self.values[1] = lasted
        self.values[2] = self._evidence
        self.back_ms = gait.back_ms(self._begun)
        self._since = 0
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

    def _scan(self, gait, first, last):
        """The longest stretch with two kinds of evidence at once: `_run` ticks from `_begun`."""
        self._look_ahead(gait.swing_rate, first, last)
        peak = highest(gait.swing_rate, first, last)
        self._run = self._evidence = 0
        before = run = kinds = 0
        for tick in range(first, last):
            rate = gait.swing_rate[tick & MASK]
            if rate > before:
                before = rate
            seen = self._evidence_at(gait, tick)
            between = before if before < self._later[tick - first] else self._later[tick - first]
            if between * 2 > peak and rate * 100 < between * self._kept_pct:
                seen |= SHANK
            # Two bits set: clearing the lowest leaves something.
            run = run + 1 if seen & (seen - 1) else 0
            kinds = kinds | seen if run else 0
            if run > self._run:
                self._run = run
                self._begun = tick - run + 1
                self._evidence = kinds

    def _look_ahead(self, rates, first, last):
        """The largest rate still to come, for each tick."""
        most = 0
        for tick in range(last - 1, first - 1, -1):
            rate = rates[tick & MASK]
            if rate > most:
                most = rate
            self._later[tick - first] = most

    def _evidence_at(self, gait, tick):
        seen = 0
        jerk = gait.jerk(tick)
        if jerk != MISSING and self._jerk.above(jerk, self._z):
            seen = ACC
        moment = gait.moment[tick & MASK]
        if moment != MISSING and moment > self._moment_least and self._moment.above(moment, self._z):
            seen |= MOMENT
        ankle = gait.ankle_rate[tick & MASK]
        if ankle != MISSING and self._ankle.below(ankle, self._z_ankle):
            seen |= ANKLE
        return seen

    def _learn(self, gait, first, last, swing):
        self._clean = min(self._clean + 1, CLEAN_SWINGS)
        self._swing += nearest(swing - self._swing, self._clean)
        for tick in range(first, last):
            jerk = gait.jerk(tick)
            if jerk != MISSING:
                self._jerk.learn(jerk)
            moment = gait.moment[tick & MASK]
            if moment != MISSING:
                self._moment.learn(moment)
            ankle = gait.ankle_rate[tick & MASK]
            if ankle != MISSING:
                self._ankle.learn(ankle)

    def _turned_back(self, gait, first, last):
        """Whether the leg went back after it had reached half of its peak: at toe off it still goes back by itself."""
        half = highest(gait.swing_rate, first, last) >> 1
        forward = 0
        for tick in range(first, last):
            rate = gait.swing_rate[tick & MASK]
            if rate > half:
                forward = 1
            elif forward and MISSING < rate < 0:
                return 1
        return 0

    def _hard(self, gait, first, last):
        for tick in range(first, last):
            if abs(gait.acc_up[tick & MASK]) > HARD_MG and gait.acc_up[tick & MASK] != MISSING:
                return 1
        return 0
