# Counts repetitions in a set the person has started, and sums the set up when it ends. It counts nothing outside a set,
# nothing while walking, and leaves what a sagittal hinge cannot see (eversion, circles, standing on one leg) at None.
#
# Method: clinical reference, section 6.3. Deviations:
# 1. The 3 Hz low-pass is a running mean of 15 ticks (-3 dB at 2.95 Hz).
# 2. Up is a rise by the least excursion from the valley, down a fall to 0.3 of the way back: the valley and the peak of
#    the repetition itself stand for the personal P5 and P95, which a first set does not have.
# 3. A set without any bend above the least excursion is judged by dips of the moment (6.3 rule 5).

import talus.wire.kinds as kinds
from talus.events.ring import Typical

SPAN = 15
REPETITIONS_MAX = 254
DORSIFLEXION = kinds.EXERCISES.index("dorsiflexion")
HEEL_RAISE = kinds.EXERCISES.index("heel_raise")
NEVER = 1 << 29


class Repetitions:
    """One signal's turns: up by `least` from a valley, then down to 0.3 of the way, is one."""

    def __init__(self):
        self._kept = [0] * SPAN
        self._ranges = Typical()
        self._holds = Typical()
        self.clear()

    def retune(self, settings, least):
        self._least = least
        self._down_pct = settings.rep_down_pct
        self._share = settings.rep_share_pct
        self._shortest = settings.rep_min_ms // 10
        self._longest = settings.rep_max_ms // 10
        self._apart = settings.rep_apart_ms // 10

    def clear(self):
        self.count = 0
        self.first_at = self.last_at = -NEVER
        self._sum = 0
        self._filled = 0
        self._ranges.clear()
        self._holds.clear()
        self.drop()

    def drop(self):
        """Give up the repetition under way."""
        self._up = False
        self._low = self._high = NEVER
        self._low_at = self._top = 0

    def range(self):
        return self._ranges.median

    def hold_ticks(self):
        return self._holds.median

    def step(self, value, tick):
        """Take in a value; 1 when a repetition is complete."""
        i = tick % SPAN
        if self._filled < SPAN:
            self._filled += 1
        else:
            self._sum -= self._kept[i]
        self._kept[i] = value
        self._sum += value
        if self._filled < SPAN:
            return 0
        value = self._sum // SPAN
        if not self._up:
            return self._wait_for_rise(value, tick)
        if value > self._high:
            self._high = value
        height = self._high - self._low
        if value * 100 > self._low * 100 + 60 * height:
            self._top += 1
        if value * 100 >= self._low * 100 + self._down_pct * height:
            return 0
        return self._complete(height, tick)

    def _wait_for_rise(self, value, tick):
        if value < self._low:
            self._low, self._low_at = value, tick
        least = self._least
        if self._ranges.count >= 3:
            least = max(least, self._ranges.median * self._share // 100)
        if value - self._low >= least:
            self._up = True
            self._high = value
            self._top = 0
        elif value - self._low < self._least >> 2:
            self._low_at = tick  # it has not begun to rise
        return 0

    def _complete(self, height, tick):
        begun = self._low_at
        top = self._top
        self.drop()
        if not self._shortest <= tick - begun <= self._longest or begun - self.last_at < self._apart - SPAN:
            return 0
        if not self.count:
            self.first_at = begun
        self.last_at = tick
        if self.count < REPETITIONS_MAX:
            self.count += 1
        self._ranges.add(height)
        self._holds.add(top)
        return 1


class Exercise:
    """`start` a set, `update` once a tick with the bits of `gait`; 1 when the set has ended, with `values`.

    `exercise` is an index into EXERCISES. A set ends with `stop` or when nothing comes for `set_pause_ms`.
    """

    def __init__(self, settings):
        self._angle = Repetitions()
        self._moment = Repetitions()
        self.retune(settings)
        self._tick = 0
        self._step_at = -NEVER
        self._begun = 0
        self._ending = False
        self.exercise = None
        self.values = [None] * len(kinds.BY_NAME["exercise"].names)

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._pause = settings.set_pause_ms // 10
        self._angle.retune(settings, settings.rep_min_cdeg)
        self._moment.retune(settings, settings.rep_moment_dip_mnm)

    def start(self, exercise):
        """Begin a set; one that is under way is given up."""
        self.exercise = exercise
        self._angle.clear()
        self._moment.clear()
        self._begun = self._tick
        self._ending = False

    def stop(self):
        """End the set at the next tick."""
        self._ending = self.exercise is not None

    def update(self, s, bits):
        """Take in one sample of the grid and what gait said of it."""
        self._tick += 1
        if self.exercise is None:
            return 0
        if bits & 2:
            self._walk()
        angle, moment = s[kinds.ANGLE], s[kinds.MOMENT]
        if angle is not None:
            self._angle.step(-angle if self.exercise == HEEL_RAISE else angle, self._tick)
        if moment is not None:
            self._moment.step(max(-32767, -moment), self._tick)
        last = max(self._angle.last_at, self._moment.last_at, self._begun)
        if self._ending or self._tick - last > self._pause:
            return self._finish()
        return 0

    def _walk(self):
        """Two toe offs within four seconds are walking: what goes on is no repetition."""
        if self._tick - self._step_at < 400:
            self._angle.drop()
            self._moment.drop()
        self._step_at = self._tick

    def _finish(self):
        values = self.values
        by_angle = self._angle.count > 0 or not self._moment.count
        counted = self._angle if by_angle else self._moment
        values[0] = self.exercise
        values[1] = counted.count
        values[2] = self._angle.range() if self._angle.count else None
        values[3] = (counted.last_at - counted.first_at) // 100 if counted.count else 0
        values[4] = counted.hold_ticks() if counted.count else None
        values[5] = self._moment.range() if self._moment.count else None
        self.exercise = None
        self._ending = False
        return 1
