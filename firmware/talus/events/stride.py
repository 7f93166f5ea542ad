# One stride as numbers: what its record holds, read from the rings between two contacts of the same leg.
# A field whose channel was not measured through the whole of its window is None. A verdict names the first reason.
#
# Method: clinical reference, sections 2.4 step 6 and 3.1 to 3.6. Deviations:
# 1. Percentiles of the ankle angle come from 128 equal bins between its extremes, linear inside a bin: no sorting.
# 2. Shank-to-vertical is the ankle angle at mid-stance, where the foot is flat (0.1: psi = -theta), less the one in
#    quiet standing: the lean beyond that of standing in this shoe. Without a standing calibration it is not measured.
#    A slope of the ground is in it. A shank without an encoder leans as terrain.py says, at its own calmest instant.

from array import array

import talus.wire.kinds as kinds
from talus.events.ring import MASK, MISSING, complete, highest, total
from talus.kernel import kernel

STRIDE = kinds.BY_NAME["stride"]
FIELDS = {name: STRIDE.index(name) for name in STRIDE.names}
DURATION = FIELDS["duration"]
STANCE = FIELDS["stance"]
FLAGS = FIELDS["flags"]
ANKLE_AT_CONTACT = FIELDS["ankle_at_contact"]
ANKLE_SWING_PEAK = FIELDS["ankle_swing_peak"]
ANKLE_RANGE = FIELDS["ankle_range"]
FOOT_PITCH_AT_CONTACT = FIELDS["foot_pitch_at_contact"]
MOMENT_SWING = FIELDS["moment_swing"]
ASSIST_IMPULSE = FIELDS["assist_impulse"]
LOADING_IMPULSE = FIELDS["loading_impulse"]
SHANK_TO_VERTICAL = FIELDS["shank_to_vertical"]
SWING_RATE_PEAK = FIELDS["swing_rate_peak"]
SLAP_RATE = FIELDS["slap_rate"]
REASON = {name: i for i, name in enumerate(kinds.STRIDE_REASONS)}
HEEL, FLAT, FOREFOOT = 1, 2, 3  # index into CONTACTS + 1
CONTACT_SHIFT = 4
IMPULSE_MAX = kinds.CODES["H"][2]


class Stride:
    """`values` is the record in the order of its fields. Ticks and ms are on Gait's counter; -1 is not known."""

    def __init__(self, settings, angle, ankle_rate, moment, swing_rate, on_foot, stand):
        self._angle = angle
        self._ankle_rate = ankle_rate
        self._moment = moment
        self._swing_rate = swing_rate
        self._on_foot = on_foot  # then the rate is the shank's only where the ankle was measured too
        self._stand = stand  # ankle angle in quiet standing, or None
        self.retune(settings)
        self._bins = array("H", [0] * kernel.BINS)
        self.values = [None] * len(STRIDE.names)
        self.swing_cdeg = 0

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._shortest = settings.stride_min_ms
        self._longest = settings.stride_max_ms
        self._stance_least = settings.stance_min_pct
        self._stance_most = settings.stance_max_pct
        self._swing_least = settings.swing_min_ms
        self._swing_most = settings.swing_max_ms
        self._swing_range = settings.swing_range_min_cdeg
        self._jump = settings.stride_jump_pct
        self._slap_ticks = settings.slap_window_ms // 10
        self._heel = settings.heel_first_cdeg

    def measure(self, first_ms, toe_off_ms, last_ms):
        """Fill what the rings tell of the stride [first, last); the flags, pitch and verdict come after."""
        values = self.values
        for i in range(len(values)):
            values[i] = None
        first, last = first_ms // 10, last_ms // 10
        values[DURATION] = last_ms - first_ms
        values[FLAGS] = 0
        if complete(self._angle, first - 2, last):
            values[ANKLE_AT_CONTACT] = median_of_three(self._angle, first)
            values[ANKLE_RANGE] = self.spread(first, last)
        if not first_ms < toe_off_ms < last_ms:
            return
        values[STANCE] = toe_off_ms - first_ms
        toe_off = toe_off_ms // 10
        if complete(self._angle, toe_off, last):
            values[ANKLE_SWING_PEAK] = highest(self._angle, toe_off + (last - toe_off >> 2), last)
        if complete(self._moment, toe_off, last):
            push = total(self._moment, toe_off, last, 0)
            values[MOMENT_SWING] = push // (last - toe_off)
            values[ASSIST_IMPULSE] = told(push // 100)
        if complete(self._swing_rate, toe_off, last) and (
            not self._on_foot or complete(self._ankle_rate, toe_off, last)
        ):
            peak = highest(self._swing_rate, toe_off, last)
            values[SWING_RATE_PEAK] = peak if peak > 0 else 0

    def measure_stance(self, contact_ms, foot_flat, mid_stance, lean):
        """Fill what needs the foot to be flat: ticks, or -1; lean: the accelerometer's, of a shank, or None."""
        contact = contact_ms // 10
        if foot_flat >= 0 and complete(self._moment, contact, foot_flat + 1):
            self.values[LOADING_IMPULSE] = told(total(self._moment, contact, foot_flat, 0) // 100)
        if mid_stance < 0:
            return
        if complete(self._angle, mid_stance - 1, mid_stance + 2):
            if self._stand is not None:
                bent = total(self._angle, mid_stance - 1, mid_stance + 2, MISSING) // 3
                self.values[SHANK_TO_VERTICAL] = bent - self._stand
        elif lean is not None and not self._on_foot:
            self.values[SHANK_TO_VERTICAL] = -lean

    def measure_contact(self, contact_ms, pitch, sure):
        """Class of the contact from the foot's pitch (0.01 deg, None unknown), and how fast the foot came down."""
        contact = 0
        if pitch is not None:
            self.values[FOOT_PITCH_AT_CONTACT] = pitch
            contact = HEEL if pitch > self._heel else FOREFOOT if pitch < -self._heel else FLAT
        self.values[FLAGS] |= contact << CONTACT_SHIFT
        if not sure:
            self.values[FLAGS] |= kinds.STRIDE_LOW_CONFIDENCE
        elif contact == HEEL:
            tick = contact_ms // 10
            if complete(self._ankle_rate, tick, tick + self._slap_ticks):
                fastest = 0
                for at in range(tick, tick + self._slap_ticks):
                    if self._ankle_rate[at & MASK] < fastest:
                        fastest = self._ankle_rate[at & MASK]
                self.values[SLAP_RATE] = -fastest

    def judge(self, median_ms, gap, turned, rates):
        """Index into STRIDE_REASONS. `median_ms` of the bout or None; `rates`: a gyro saw the swing."""
        duration, stance = self.values[DURATION], self.values[STANCE]
        if gap:
            return REASON["gap"]
        if duration < self._shortest:
            return REASON["too_short"]
        if duration > self._longest:
            return REASON["too_long"]
        if stance is None:
            return REASON["order"]
        if not self._stance_least * duration <= 100 * stance <= self._stance_most * duration:
            return REASON["stance"]
        if not self._swing_least <= duration - stance <= self._swing_most:
            return REASON["swing"]
        if rates and self.swing_cdeg < self._swing_range:
            return REASON["range"]
        if median_ms is not None and abs(duration - median_ms) * 100 > self._jump * median_ms:
            return REASON["jump"]
        return REASON["turn"] if turned else 0

    def note_swing(self, toe_off_ms, last_ms):
        """How far the leg turned forward in the swing, in 0.01 deg; without a toe off there is none to look at."""
        self.swing_cdeg = 0
        if toe_off_ms >= 0:
            self.swing_cdeg = total(self._swing_rate, toe_off_ms // 10, last_ms // 10, 0) // 10

    def spread(self, first, last):
        """95th less 5th percentile of the ankle angle over [first, last)."""
        return kernel.spread(self._angle, self._bins, first, last)


def told(impulse):
    """An impulse as its field holds it: one beyond 65 N.m.s is no leg's and not known."""
    return impulse if impulse <= IMPULSE_MAX else None


def median_of_three(ring, tick):
    """The middle one of the value at a tick and the two before it."""
    a, b, c = ring[tick & MASK], ring[(tick - 1) & MASK], ring[(tick - 2) & MASK]
    return max(min(a, b), min(max(a, b), c))
