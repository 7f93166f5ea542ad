# The instants of one stride, read backwards from its swing in the rings: toe off, contact, foot flat, mid-stance.
# Times are ms on the tick counter (tick x 10); ticks are whole samples. It judges nothing: that is stride.py.
#
# Method: clinical reference, section 2.4, steps 3 to 5. Deviations:
# 1. The foot's own rate is one more candidate for the contact: without it most braces have a single one. A heel
#    touches as the foot begins to fall (its rate crosses zero downward; a quarter of the fall's rate where no impact
#    was felt), a flat foot or its toes as the foot being lowered is stopped (its rate rises fastest). Which it was, its
#    pitch since mid-stance says, or what was felt nearer to; strain and ankle follow a foot in the air: a heel's only.
#    A shank gyro alone: the first third from the zero crossing to the minimum.
# 2. Candidates are joined by a weighted median that is linear between its members, so that it does not jump.
# 3. Jerk is the first difference of the acceleration in the sagittal plane (a difference is the high-pass), and its
#    candidate is the onset of the impact, not its height, which comes 10 to 30 ms later.
# 4. The ankle's candidate is half of its plantarflexing rate after swing: at 15 deg/s many feet still swing.
# 5. Toe off is the end of the minimum of the foot's rate: where an eighth of its depth is lost.
# 6. Strain is compared with five times its mean (not median) absolute change in mid-swing: no sorting per stride.

from talus.events.ring import MASK, MISSING, complete, crossing_ms, highest, lowest, smooth, total
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
        self._lowered = settings.contact_lowered_ms // 10
        self._stopped = settings.contact_stopped_ms // 10
        self._high = settings.contact_high_cdeg
        self._low = settings.contact_low_cdeg

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

    def find_contact(self, peak_at, end, foot_known, ankle_range, mid_stance=-1):
        """From the swing's peak and end, ticks; `ankle_range` (0.01 deg) of the last stride, or None; `mid_stance`: the
        tick where the foot last lay flat, or -1."""
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
        if not foot_known:
            self._offer(zero_ms + (least * 10 - zero_ms) // 3, RATE)
            self._offer_jerk(first, last)
            self._offer_strain(peak_at, first, last)
            self._offer_heel(peak_at, first, last)
            self._join(zero_ms)
            return
        # On the foot alone a forefoot contact is hidden inside the lobe: its heel comes down as the swing went on.
        alone = self.foot_rate[zero & MASK] == self._swing_rate[zero & MASK]
        falls_ms = self._falls(peak_at, zero - 2 * self._contact_before if alone else first, last)
        stops_ms = self._stops(falls_ms)
        felt = max(last, stops_ms // 10 + 4)
        self._offer_jerk(first, felt)
        if self._lands_flat(falls_ms, stops_ms, mid_stance):
            self._offer(stops_ms, RATE)
        else:
            self._offer_heel(peak_at, first, felt)
            if falls_ms >= 0:
                self._offer(falls_ms if self._count else self._quarter(falls_ms), RATE)
            self._offer_strain(peak_at, first, last)
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

    def _falls(self, peak_at, first, last):
        """When the foot stops turning toes up, or all but does before its heel comes down and turns it on; ms, or -1.
        It is the contact of a foot that lands on its heel."""
        ring = self.foot_rate
        little = highest(ring, peak_at - 5, last) // 5
        while first > peak_at and smooth(ring, first - 1) <= 0:
            first -= 1  # it fell before the shank had come to rest
        before = smooth(ring, first - 1)
        here = smooth(ring, first)
        for tick in range(first, last):
            after = smooth(ring, tick + 1)
            if here <= 0 < before:
                return crossing_ms(ring, tick - 1)
            if 0 < here < little and here <= before and here < after:
                return tick * 10
            before = here
            here = after
        return -1

    def _quarter(self, falls_ms):
        """When a fall has reached a quarter of its fastest; ms."""
        ring = self.foot_rate
        tick = falls_ms // 10
        down = lowest(ring, tick, tick + self._stopped)
        if down < 0 or smooth(ring, down) > -self._flat_rate:
            return falls_ms
        limit = smooth(ring, down) >> 2
        while tick < down and smooth(ring, tick + 1) > limit:
            tick += 1
        here, after = smooth(ring, tick), smooth(ring, tick + 1)
        return tick * 10 + (limit - here) * 10 // (after - here) if after < here else falls_ms

    def _stops(self, falls_ms):
        """When a foot that was being lowered is stopped: its rate rises fastest there; ms, or -1 where it never fell.
        It is the contact of a foot that lands flat or on its toes."""
        if falls_ms < 0:
            return -1
        ring = self.foot_rate
        first = down = falls_ms // 10
        least = 0
        for tick in range(first, first + self._lowered):
            rate = smooth(ring, tick)
            if rate < least:
                least, down = rate, tick
            elif least < -self._flat_rate and rate > least >> 1:
                break  # stopped: what falls later is another fall
        if least > -self._flat_rate:
            return -1
        most = at = 0
        for tick in range(down, down + self._stopped):
            rise = smooth(ring, tick + 1) - smooth(ring, tick)
            if rise > most:
                most, at = rise, tick
        return at * 10 + 5 if at else -1

    def _lands_flat(self, falls_ms, stops_ms, mid_stance):
        """Whether the foot touched when stopped, not when it began to fall: its pitch says, else what was felt."""
        if stops_ms < 0:
            return False
        if mid_stance >= 0 and complete(self.foot_rate, mid_stance, falls_ms // 10):
            pitch = total(self.foot_rate, mid_stance, falls_ms // 10, MISSING) // 10
            if pitch > self._high:
                return False
            if pitch < self._low:
                return True
        if not self._count:
            return False
        felt = self._at[0]
        return abs(felt - stops_ms) < abs(felt - falls_ms)

    def _offer_jerk(self, first, last):
        """The onset of the impact: two thirds of the largest jerk, at most 40 ms before it; a swing's end is less."""
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
        while ring[at & MASK] < most * 2 // 3:
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
