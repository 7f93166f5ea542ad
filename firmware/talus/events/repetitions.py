# One signal's turns: a rise from the valley and the fall that follows it are a repetition. Integers, nothing allocated
# per sample. Rules: clinical reference, section 6.3; deviations are at the head of exercise.py.

from array import array

from talus.events.ring import Typical

SPAN = 15
REPETITIONS_MAX = 254
NEVER = 1 << 29
FEW = 3  # repetitions that a set's personal range, and its fatigue, are taken from
KEPT = 48  # repetitions a set's medians are taken over; of longer sets the last three are kept in the last places
QUICK = 5  # a fifth of a quick repetition lies before a quarter of the least rise, or below 0.3 of the way down
REST = 20  # ticks within a quarter of the least rise: it stands still
FARTHEST_MG = 4000  # a difference of accelerations whose square still fits


class Repetitions:
    """`guard` and `press` with what else the leg does, then `step` with the signal, once a tick."""

    def __init__(self):
        self._kept = [0] * SPAN
        self._usual = Typical()
        self._ranges, self._peaks, self._holds, self._ends = [array("i", [0] * KEPT) for _ in range(4)]
        self._sorted = [0] * KEPT
        self.clear()

    def retune(self, settings, least, longest_ms):
        self._least = least
        self._up_pct, self._down_pct = settings.rep_up_pct, settings.rep_down_pct
        self._shortest = settings.rep_min_ms // 10
        self._longest = longest_ms // 10
        self._stale = settings.rep_max_ms // 20
        self._apart = settings.rep_apart_ms // 10
        chord = settings.rep_swing_cdeg * 175 // 1000  # milli-g that gravity moves when the shank turns so far
        self._swing = chord * chord
        self._release_pct, self._pressed = settings.rep_release_pct, settings.rep_pressed_dapa

    def clear(self):
        self.count = 0
        self.first_at = self.last_at = -NEVER
        self._topped_at = -NEVER
        self._sum = self._filled = 0
        self._usual.clear()
        self._forward = self._upward = 0
        self._heel = NEVER
        self.drop()

    def drop(self):
        """Give up the repetition under way."""
        self.up = self.rising = False
        self._swung = False
        self._released = True
        self._low = self._high = NEVER
        self._low_at = self._top = self._top_from = 0
        self._rest = self._rest_at = 0

    def guard(self, forward, upward):
        """Where gravity lies in the shank, milli-g: a shank that swings makes no repetition."""
        if not self.rising:
            self._forward, self._upward = forward, upward
            return
        forward = min(FARTHEST_MG, abs(forward - self._forward))
        upward = min(FARTHEST_MG, abs(upward - self._upward))
        if forward * forward + upward * upward > self._swing:
            self._swung = True

    def press(self, heel):
        """The heel's pressure, 10 Pa: where it carries something before a heel raise, the raise takes it away."""
        if not self.rising:
            self._heel = heel
            self._released = heel < self._pressed
        elif heel * 100 < self._heel * self._release_pct:
            self._released = True

    def range(self):
        return self._median(self._ranges)

    def peak(self):
        return self._median(self._peaks)

    def hold_ticks(self):
        return self._median(self._holds)

    def _median(self, values):
        """Over the set; None before the first."""
        count = min(self.count, KEPT)
        return self._middle(values, 0, count) if count else None

    def _middle(self, values, first, count):
        """The median of `count` values from the place `first` on."""
        ordered = self._sorted
        for i in range(KEPT):
            ordered[i] = values[first + i] if i < count else NEVER
        ordered.sort()  # in its own place: a slice and `sorted` would allocate
        return ordered[count >> 1]

    def fatigue(self):
        """Median range of the last three as a share of the first three, %; None where these are not six whole ones."""
        if self.count < 2 * FEW or self.incomplete():
            return None
        last = self.count - FEW if self.count <= KEPT else KEPT - FEW
        return self._middle(self._ranges, last, FEW) * 100 // max(1, self._middle(self._ranges, 0, FEW))

    def incomplete(self):
        """Of the first few, which were taken without a personal range: how many are none by that of the set."""
        if self.count < FEW:
            return 0
        usual, missed = self.range(), 0
        for i in range(FEW):
            missed += self._ranges[i] * 100 < usual * self._up_pct
        return missed

    def undo(self, since):
        """Take back what ended since that tick: it was walking."""
        while self.count and self._ends[place_of(self.count - 1)] >= since:
            self.count -= 1
        self.last_at = self._ends[place_of(self.count - 1)] if self.count else -NEVER

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
        if not self.up:
            return self._wait_for_rise(value, tick)
        if not self._released and self._rests(value, tick):
            self.drop()  # up on a loaded heel is no raise: a knee has straightened, and a raise begins here
            return 0
        if value > self._high:
            self._high = value
        height = self._high - self._low
        if self._up_pct * height > 100 * self._top_from:
            self._top_from, self._top = height, 0  # the top is where a share of the way up lies behind it
        if (value - self._low) * 100 > self._up_pct * height:
            self._top += 1
        if tick - self._low_at > self._longest:
            self.drop()
        elif (self._high - value) * 100 > (100 - self._down_pct) * self._span(height):
            return self._complete(height, tick)
        return 0

    def _rests(self, value, tick):
        """Has it stood still for a while?"""
        if abs(value - self._rest) > self._least >> 2:
            self._rest, self._rest_at = value, tick
        return tick - self._rest_at > REST

    def _span(self, height):
        """What a fall is a share of: where the level rose before, the rise is longer than the repetition."""
        return min(height, self._usual.median) if self.count else height

    def _wait_for_rise(self, value, tick):
        if value < self._low:
            self._low, self._low_at = value, tick
        rise = value - self._low
        least = self._least
        if self.count >= FEW:
            least = max(least, self._usual.median * self._up_pct // 100)
        if rise >= least:
            self.up = True
            self._high = self._rest = value
            self._rest_at = tick
            self._top, self._top_from = 0, rise
        elif rise < self._least >> 2:
            self._low_at = tick  # it has not begun to rise
        elif tick - self._low_at > self._stale:
            self._low, self._low_at = value, tick  # it rests higher than before
        self.rising = tick != self._low_at
        return 0

    def _complete(self, height, tick):
        begun, top, high = self._low_at, self._top, self._high
        lasted = tick - begun
        spoilt = self._swung or not self._released
        self.drop()
        topped_at = tick - (top >> 1)
        if spoilt or lasted * QUICK < self._shortest * (QUICK - 1) or topped_at - self._topped_at < self._apart:
            return 0
        if not self.count:
            self.first_at = begun
        self.last_at = tick
        self._topped_at = topped_at
        place = place_of(self.count)
        self._ranges[place] = height
        self._peaks[place] = high
        self._holds[place] = top
        self._ends[place] = tick
        if self.count < REPETITIONS_MAX:
            self.count += 1
        self._usual.add(height)
        return 1


def place_of(number):
    """Where the repetition of this number, from 0, is kept."""
    return number if number < KEPT else KEPT - FEW + number % FEW
