# The instants of one stride, read backwards from its swing in the rings: toe off, contact, foot flat, mid-stance.
# Times are ms on the tick counter (tick x 10); ticks are whole samples. It judges nothing: that is stride.py.
#
# Method: clinical reference, section 2.4, steps 3 to 5. Deviations:
# 1. The foot's own rate crossing zero downward (or, with a shank gyro alone, the first third from the zero crossing to
#    the minimum) is one more candidate for the contact: without it most braces have a single candidate.
# 2. Candidates are joined by a weighted median that is linear between its members, so that it does not jump.
# 3. Jerk is the first difference of the acceleration in the sagittal plane (a difference is the high-pass), and its
#    candidate is the onset of the impact, not its height, which comes 10 to 30 ms later.
# 4. The ankle's candidate is half of its plantarflexing rate after swing: at 15 deg/s many feet still swing.
# 5. Toe off is the end of the minimum of the foot's rate: where an eighth of its depth is lost.
# 6. Strain is compared with five times its mean (not median) absolute change in mid-swing: no sorting per stride.

from talus.events.ring import MASK, MISSING, crossing_ms, highest, lowest, smooth
from talus.kernel import kernel

CANDIDATES = 6
# Weights in tenths: Clinical reference 2.4, step 4; the first row is deviation 1.
RATE, JERK, STRAIN, HEEL, ANKLE = 8, 10, 8, 8, 6


class Phases:
    """Reads the rings of one Gait; each method leaves its answer in attributes."""

    def __init__(self, settings, swing_rate, foot_rate, ankle_rate, moment, jerk, heel):
        self._swing_rate = swing_rate
        self.foot_rate = foot_rate
        self._ankle_rate = ankle_rate
        self._moment = moment
        self._jerk = jerk
        self._heel = heel
        self.retune(settings)
        self._at = [0] * CANDIDATES
        self._weight = [0] * CANDIDATES
        self._count = 0
        self.toe_off_ms = 0
        self.toe_off_by_rate = False
        self.contact_ms = 0
        self.sure = True

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._before = settings.toe_off_before_ms // 10
        self._after = settings.toe_off_after_ms // 10
        self._toe_off_rate = -settings.toe_off_rate_ddps
        self._contact_before = settings.contact_before_ms // 10
        self._contact_after = settings.contact_after_ms // 10
        self._minimum = settings.contact_minimum_ms // 10
        self._ankle_ddps = -settings.contact_ankle_ddps
        self._spread = settings.contact_spread_ms
        self._flat_rate = settings.flat_rate_ddps
        self._flat_hold = settings.flat_hold_ms // 10

    def find_toe_off(self, start, earliest):
        """From the tick where the swing began; never before `earliest`."""
        zero = start
        for _ in range(15):
            if smooth(self._swing_rate, zero) <= 0:
                break
            zero -= 1
        first = zero - self._before
        if first < earliest:
            first = earliest
        ring = self.foot_rate
        at = lowest(ring, first, zero + self._after)
        self.toe_off_by_rate = at >= 0 and smooth(ring, at) <= self._toe_off_rate
        if not self.toe_off_by_rate:
            self.toe_off_ms = crossing_ms(self._swing_rate, zero)
            return
        # The foot turns down fastest as it leaves the ground and is stopped at once: the instant is the end of that
        # minimum, where it has lost an eighth of its depth.
        limit = smooth(ring, at) * 7 >> 3
        for _ in range(10):
            if smooth(ring, at + 1) > limit:
                break
            at += 1
        here, after = smooth(ring, at), smooth(ring, at + 1)
        self.toe_off_ms = at * 10 + (limit - here) * 10 // (after - here) if after > here else at * 10

    def find_contact(self, peak_at, end, foot_known, ankle_range):
        """From the swing's peak and end, ticks; `ankle_range` (0.01 deg) of the last stride, or None."""
        zero = end + 9
        after = smooth(self._swing_rate, zero + 1)
        while zero > peak_at:
            here = smooth(self._swing_rate, zero)
            if here > 0 >= after:
                break
            after = here
            zero -= 1
        least = zero + 1
        while least < zero + self._minimum and smooth(self._swing_rate, least + 1) < smooth(self._swing_rate, least):
            least += 1
        first = zero - self._contact_before
        last = least + self._contact_after
        self._count = 0
        zero_ms = crossing_ms(self._swing_rate, zero)
        if foot_known:
            # On the foot alone a forefoot contact is hidden inside the lobe: its heel comes down as the swing went on.
            alone = self.foot_rate[zero & MASK] == self._swing_rate[zero & MASK]
            self._offer_foot(peak_at, zero - 2 * self._contact_before if alone else first, last)
        else:
            self._offer(zero_ms + (least * 10 - zero_ms) // 3, RATE)
        self._offer_jerk(first, last)
        self._offer_strain(peak_at, first, last)
        self._offer_heel(peak_at, first, last)
        self._offer_ankle(first, last, ankle_range)
        self._join(zero_ms)

    def _offer(self, at_ms, weight):
        """Keep a candidate in order of time."""
        i = self._count
        while i and self._at[i - 1] > at_ms:
            self._at[i] = self._at[i - 1]
            self._weight[i] = self._weight[i - 1]
            i -= 1
        self._at[i] = at_ms
        self._weight[i] = weight
        self._count += 1

    def _offer_foot(self, peak_at, first, last):
        """Where the foot stops turning toes up, or all but does before its heel comes down and turns it on."""
        ring = self.foot_rate
        little = highest(ring, peak_at - 5, last) // 5
        before = smooth(ring, first - 1)
        here = smooth(ring, first)
        for tick in range(first, last):
            after = smooth(ring, tick + 1)
            if here <= 0 < before:
                self._offer(crossing_ms(ring, tick - 1), RATE)
                return
            if 0 < here < little and here <= before and here < after:
                self._offer(tick * 10, RATE)
                return
            before = here
            here = after

    def _offer_jerk(self, first, last):
        """The onset of the impact: half of the largest jerk, within 40 ms before it."""
        ring = self._jerk
        most = at = 0
        for tick in range(first, last):
            jerk = ring[tick & MASK]
            if jerk == MISSING:
                return
            if jerk > most:
                most, at = jerk, tick
        if most < 100:  # 0.1 g in a tick: less is the swing itself
            return
        at -= 4
        while ring[at & MASK] < most >> 1:
            at += 1
        self._offer(at * 10 + 5, JERK)

    def _offer_strain(self, peak_at, first, last):
        tick = kernel.strained(self._moment, peak_at - 5, first, last)
        if tick >= 0:
            self._offer(tick * 10 + 5, STRAIN)

    def _offer_heel(self, peak_at, first, last):
        ring = self._heel
        level = highest(ring, peak_at - 5, first)
        if level == MISSING:
            return
        level += 50  # 0.5 kPa above anything in mid-swing
        for tick in range(first, last):
            if ring[tick & MASK] > level:
                self._offer(tick * 10, HEEL)
                return

    def _offer_ankle(self, first, last, ankle_range):
        weight = ANKLE
        if ankle_range is not None and ankle_range < 800:  # w = clip(ROM / 8 deg, 0, 1)
            weight = ANKLE * ankle_range // 800
        if not weight:
            return
        ring = self._ankle_rate
        at = lowest(ring, first, last)
        if at < 0 or smooth(ring, at) > self._ankle_ddps:
            return
        half = smooth(ring, at) >> 1
        for tick in range(at, first, -1):
            if smooth(ring, tick - 1) > half:
                self._offer(tick * 10, weight)
                return

    def _join(self, otherwise_ms):
        """The weighted median, linear between candidates; the zero crossing where there is none."""
        count = self._count
        self.sure = count > 0
        if not count:
            self.contact_ms = otherwise_ms
            return
        self.sure = self._at[count - 1] - self._at[0] <= self._spread
        whole = 0
        for i in range(count):
            whole += self._weight[i]
        before = 0  # twice the weight up to the middle of candidate i, against the whole
        for i in range(count):
            middle = before + self._weight[i]
            if middle >= whole:
                if not i:
                    break
                span = self._weight[i - 1] + self._weight[i]
                share = whole - (middle - span)
                self.contact_ms = self._at[i - 1] + (self._at[i] - self._at[i - 1]) * share // span
                return
            before += 2 * self._weight[i]
        self.contact_ms = self._at[count - 1] if count == 1 or middle < whole else self._at[0]

    def foot_flat(self, contact, latest):
        """First tick from `contact` where the foot's rate stays small, or -1."""
        ring, rate = self.foot_rate, self._flat_rate
        held = 0
        for tick in range(contact, latest):
            value = ring[tick & MASK]
            held = held + 1 if value != MISSING and -rate < value < rate else 0
            if held == self._flat_hold:
                return tick - held + 1
        return -1

    def mid_stance(self, start, end):
        """Centre of the 100 ms with the least foot motion, half-overlapping windows, or -1."""
        return kernel.stillest(self.foot_rate, start, end)
