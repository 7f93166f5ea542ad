# A set the person has started: counts its repetitions, or its stands on one leg, and sums it up when it ends. It counts
# nothing outside a set, nothing while walking, and says None where no sensor saw the exercise: what a sagittal hinge
# cannot see (eversion, circles) is no row of EXERCISES.
#
# Method: clinical reference, section 6.3. Deviations:
# 1. The 3 Hz low-pass is a running mean of 15 ticks (-3 dB at 2.95 Hz).
# 2. A repetition's own valley and peak stand for P5 and P95: a level that drifts, or a person who shifts, moves both.
#    Up is 0.6 of the set's median range above the valley, so that fatigue is followed; the first three count by the
#    least excursion until the set ends, and are then judged like the others.
# 3. The shank's swing is the turn of gravity in it, not an integral of its rate, which drifts in a hold.
# 4. Dips of the moment count for the set when they are more than twice what the ankle's angle shows (rule 5).
# 5. Heel raises turn the moment's sign, too: who pushes down loads the brace.
# 6. One leg is told from two by the heel's pressure alone: toward the ground the moment is the same.

import talus.wire.kinds as kinds
from talus.events.repetitions import NEVER, Repetitions
from talus.events.standing import Standing

DORSIFLEXION = kinds.EXERCISES.index("dorsiflexion")
HEEL_RAISE = kinds.EXERCISES.index("heel_raise")
HOLD = kinds.EXERCISES.index("hold")
SINGLE_LEG_STAND = kinds.EXERCISES.index("single_leg_stand")
NONE, BY_ANGLE, BY_MOMENT, BY_STANCE = range(len(kinds.EXERCISE_SIGNS))
TOE_OFF = 2  # of gait's bits
WALK = 400  # ticks: two steps within are walking
STEP = 100  # ticks behind a toe off that are its swing
BEFORE = 150  # ticks before the first of them that were walking, too
GAP = 20  # ticks without a signal that end a repetition
PCT_MAX = 254


class Exercise:
    """`start` a set, `update` once a tick with the bits of `gait`; 1 when the set has ended, with `values`.

    `exercise` is an index into EXERCISES. A set ends with `stop` or when nothing comes for `set_pause_ms`.
    `heel` is the sample index of the heel's pressure channel, or None; `on_shank` whether the IMU sits there.
    """

    def __init__(self, settings, heel=None, on_shank=True):
        self._heel = heel
        self._on_shank = on_shank
        self._angle = Repetitions()
        self._moment = Repetitions()
        self._standing = Standing()
        self._tick = 0
        self.exercise = None
        self.retune(settings)
        self.values = [None] * len(kinds.BY_NAME["exercise"].codes)

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._pause = settings.set_pause_ms // 10
        self._seen_pct = settings.set_seen_pct
        longest = settings.hold_max_ms if self.exercise == HOLD else settings.rep_max_ms
        self._angle.retune(settings, settings.rep_min_cdeg, longest)
        self._moment.retune(settings, settings.rep_moment_dip_mnm, longest)
        self._standing.retune(settings)
        self._settings = settings

    def start(self, exercise):
        """Begin a set; one that is under way is given up."""
        self.exercise = exercise
        self.retune(self._settings)
        for one in (self._angle, self._moment, self._standing):
            one.clear()
        self._begun = self._tick
        self._step_at = self._walked_at = -NEVER
        self._angles = self._moments = self._stances = 0  # ticks that were seen
        self._angle_at = self._moment_at = self._tick
        self._forward16 = self._upward16 = self._heel16 = None
        self._ending = False

    def stop(self):
        """End the set at the next tick."""
        self._ending = self.exercise is not None

    def update(self, s, bits):
        """Take in one sample of the grid and what gait said of it."""
        self._tick += 1
        if self.exercise is None:
            return 0
        if bits & TOE_OFF:
            self._walk()
        if self.exercise == SINGLE_LEG_STAND:
            self._stand(s)
        else:
            self._look_around(s)
            self._count(s)
        if self._ending or self._paused():
            return self._finish()
        return 0

    def _paused(self):
        angle, moment, standing = self._angle, self._moment, self._standing
        if angle.up or standing.up or (moment.up and not self._angles):
            return False
        last = max(angle.last_at, moment.last_at, standing.last_at, self._begun)
        return self._tick - last > self._pause

    def _look_around(self, s):
        """Does the shank swing, is the heel released?"""
        forward, upward = s[kinds.ACC_FORWARD], s[kinds.ACC_UP]
        if self._on_shank and forward is not None and upward is not None:
            if self._forward16 is None:
                self._forward16, self._upward16 = forward << 4, upward << 4
            self._forward16 += forward - (self._forward16 >> 4)
            self._upward16 += upward - (self._upward16 >> 4)
            forward, upward = self._forward16 >> 4, self._upward16 >> 4
            self._angle.guard(forward, upward)
            self._moment.guard(forward, upward)
        heel = s[self._heel] if self._heel is not None and self.exercise == HEEL_RAISE else None
        if heel is not None:
            if self._heel16 is None:
                self._heel16 = heel << 4
            self._heel16 += heel - (self._heel16 >> 4)
            self._angle.press(self._heel16 >> 4)
            self._moment.press(self._heel16 >> 4)

    def _count(self, s):
        angle, moment, tick = s[kinds.ANGLE], s[kinds.MOMENT], self._tick
        if angle is not None:
            self._angles += 1
            if tick - self._angle_at > GAP:
                self._angle.drop()
            self._angle_at = tick
            self._angle.step(-angle if self.exercise == HEEL_RAISE else angle, tick)
        if moment is not None:
            self._moments += 1
            if tick - self._moment_at > GAP:
                self._moment.drop()
            self._moment_at = tick
            self._moment.step(moment if self.exercise == HEEL_RAISE else -moment, tick)
        if tick - self._walked_at < STEP:
            self._angle.drop()
            self._moment.drop()

    def _stand(self, s):
        heel = None if self._heel is None else s[self._heel]
        rate = s[kinds.GYRO_SAGITTAL]
        if heel is not None and rate is not None and self._on_shank:
            self._stances += 1
            self._standing.step(heel, rate, self._tick)

    def _walk(self):
        """Two toe offs within four seconds are walking: what goes on, and what has just been, is no repetition."""
        if self._tick - self._step_at < WALK:
            self._angle.undo(self._step_at - BEFORE)
            self._moment.undo(self._step_at - BEFORE)
            self._walked_at = self._tick
        self._step_at = self._tick

    def _seen(self, ticks):
        """Was this seen for enough of the set? A count of a part of it would be too low."""
        return ticks > 0 and ticks * 100 >= (self._tick - self._begun) * self._seen_pct

    def _finish(self):
        values = self.values
        for i in range(len(values)):
            values[i] = None
        values[0] = self.exercise
        if self.exercise == SINGLE_LEG_STAND:
            self._tell_stands(values)
        else:
            self._tell_repetitions(values)
        self.exercise = None
        self._ending = False
        return 1

    def _tell_repetitions(self, values):
        angle, moment = self._angle, self._moment
        bends = angle.count - angle.incomplete()
        dips = moment.count - moment.incomplete()
        sign = BY_ANGLE if self._seen(self._angles) else NONE
        if self._seen(self._moments) and (sign == NONE or dips > 2 * bends):
            sign = BY_MOMENT
        values[8] = sign
        if sign == NONE:
            return
        counted = angle if sign == BY_ANGLE else moment
        count = bends if sign == BY_ANGLE else dips
        values[1] = count
        values[3] = (counted.last_at - counted.first_at) // 100 if count else 0
        if not count:
            return
        values[4] = counted.hold_ticks()
        values[7] = clamped(counted.fatigue())
        if sign == BY_ANGLE:
            values[2], values[6] = angle.range(), angle.peak()
        if dips:
            values[5] = moment.range()

    def _tell_stands(self, values):
        standing = self._standing
        standing.stop()
        if not self._seen(self._stances) or standing.reference() is None:
            values[8] = NONE
            return
        values[8] = BY_STANCE
        values[1] = standing.count
        values[3] = (standing.last_at - standing.first_at) // 100 if standing.count else 0
        values[4] = standing.hold_ticks()
        values[9] = standing.sway() if standing.count else None


def clamped(share):
    """A share its field can hold."""
    return share if share is None else min(PCT_MAX, share)
