# What the ground does under the leg: how the shank leans at mid-stance, its slope there, and how far the ankle rose on
# the way to it. Read once a stride from the IMU alone (a shank's slope needs the ankle too); None where not measured.
# One shank cannot see a step, only its rise: a lift, an escalator and a kerb are what their numbers say.
#
# Method: clinical reference, sections 0.1, 2.4 step 8 and 6.2. Deviations:
# 1. The accelerometer's lean is not read at mid-stance, where the shank turns and a hand's breadth of it weighs several
#    degrees: accelerations are turned by the gyro into one frame and averaged from one mid-stance to the next. The leg
#    is then as fast as it was, so that what is left is gravity.
# 2. A slope is judged against the person's own usual one, which follows by `CREEP` a stride: a wrong zero of the
#    encoder or an IMU that slipped is constant, a ramp is not, and a day outlasts it.
# 3. The ankle stands still at both mid-stances; a shank's IMU then moves as fast as it turns above it (3.7), and is
#    taken to sit `imu_height_mm` high.
# 4. A rise is stairs where the ground is not sloped and the heel does not land first. The ankle's angle is no cue: the
#    brace holds it.

from array import array

import talus.wire.kinds as kinds
from talus.events.ring import MISSING, complete, total
from talus.kernel import kernel

BIAS, TURNED, FORE, HIGH, GONE, RISEN, NUMBERS = range(7)
SHORTEST, LONGEST = 30, 400  # ticks between mid-stances
GRAVITY_LEAST, GRAVITY_MOST = 100, 140  # 8 milli-g a tick, of the part along the segment: 0.8 to 1.12 g
LEAN_MOST = 90  # and across: 45 degrees
CREEP = 2  # 0.01 deg a stride: two hundred strides for a slip of 4 degrees, and as long a ramp (E)
KNOWN = 8  # strides whose mean is the first usual slope


class Terrain:
    """`look` between two mid-stances, then `lean` and `slope` (0.01 deg) at the later one and `climb` (mm) up to it."""

    def __init__(self, settings, rings, angle, on_foot, stand):
        self._rings = rings  # rate of the IMU's own segment, acceleration forward and up
        self._angle = angle
        self._on_foot = on_foot
        self._stand = stand or 0
        self._numbers = array("i", [0] * NUMBERS)
        self._known = 0
        self._usual = 0
        self.retune(settings)
        self.clear()

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._ramp = settings.ramp_cdeg
        self._stairs = settings.stair_climb_mm
        self._height = 0 if self._on_foot else settings.imu_height_mm

    def clear(self):
        """Nothing is known of this stride."""
        self.lean = self.slope = self.climb = None

    def look(self, first, last, bias):
        """From one mid-stance to the next, ticks or -1; bias: the gyro's zero, 0.01 deg/s."""
        self.clear()
        count = last - first
        if first < 0 or not SHORTEST <= count <= LONGEST:
            return
        rate, forward, up = self._rings
        end = last + 3
        if not complete(rate, first - 2, end) or not complete(forward, first, end) or not complete(up, first, end):
            return
        n = self._numbers
        n[BIAS] = bias
        kernel.carry(self._rings, n, first, last)
        high, fore = n[HIGH], n[FORE]
        if not GRAVITY_LEAST * count <= high <= GRAVITY_MOST * count or not abs(fore) <= LEAN_MOST * count:
            return
        share = fore * 8192 // high
        square = share * share >> 13
        # arc tangent to 0.005 deg (Abramowitz and Stegun 4.4.49, its first terms)
        part = 2631 - (square * (1198 - (square * 319 >> 13)) >> 13)
        before = (share * (8186 - (square * part >> 13)) >> 13) * 5730 >> 13
        self.lean = before + n[TURNED] // 100
        if self._on_foot:
            self.slope = self.lean
        elif complete(self._angle, last - 1, last + 2):
            self.slope = self.lean + total(self._angle, last - 1, last + 2, MISSING) // 3 - self._stand
        length = 8192 + (square >> 1) - (square * square >> 16)
        gone, risen = within(n[GONE] // 255), within(n[RISEN] // 255)  # mm
        speed = self._rises(first, before) + self._rises(last, self.lean)
        self.climb = within((gone * share + risen * 8192) // length + speed * count // 200)

    def _rises(self, tick, lean):
        """How fast a point of the shank rises while it turns about the ankle, mm/s."""
        rate = total(self._rings[0], tick - 2, tick + 3, MISSING) // 5
        return -self._height * lean // 573 * rate // 5730

    def judge(self, heel_first):
        """The flags of the stride whose mid-stance was looked at last."""
        climb, slope = self.climb, self.slope
        stepped = climb is not None and abs(climb) > self._stairs
        if slope is not None:
            if self._known == KNOWN and abs(slope - self._usual) > self._ramp:
                self._follow(slope)
                return kinds.STRIDE_RAMP
            if not stepped:
                self._follow(slope)
        if not stepped or heel_first:
            return 0
        return kinds.STRIDE_STAIRS_UP if climb > 0 else kinds.STRIDE_STAIRS_DOWN

    def _follow(self, slope):
        if self._known == KNOWN:
            self._usual += CREEP if slope > self._usual else -CREEP
        else:
            self._known += 1
            self._usual += (slope - self._usual) // self._known


def within(mm):
    """What no leg does in a stride is as far as a record holds."""
    return 32767 if mm > 32767 else -32767 if mm < -32767 else mm
