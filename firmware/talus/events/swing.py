# Finds the swings of one leg in its sagittal rate: one lobe toward + per stride, whatever its height.
# It anchors and decides nothing about the instants of contact and toe off.
#
# Method: Salarian 2004 as in the clinical reference, section 2.4, step 2. Deviations:
# 1. A running mean of 11 ticks stands for the 4 Hz low-pass: -3 dB at 4.0 Hz, exact in integers, and its delay is
#    5 ticks at every frequency, so that nothing has to be subtracted later.
# 2. The lobe, not the window, is judged: height, integral and width imply the 2 s motion gate of step 1.
# 3. The share of the median asks for less than the first swing of a bout needs, never for more: a foot swings at a
#    third of its usual rate round a turn and as a walk ends.
# 4. A second lobe too close to an accepted one is dropped even when it is larger: the first has been reported.

from talus.events.ring import MASK, Typical

SPAN = 11
CENTRE = 5


class Swing:
    """Call `step` with each tick; after it returned True, the lobe is `[start, end]` with its `peak` at `peak_at`.

    Rates are 0.1 deg/s. `stride_ticks` is the person's own median stride, or None.
    """

    def __init__(self, settings):
        self.retune(settings)
        self._peaks = Typical()
        self.stride_ticks = None
        self.reset()

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._floor = settings.swing_rate_floor_ddps
        self._share = settings.swing_rate_share_pct
        self._first = settings.swing_rate_start_ddps
        self._end_rate = settings.swing_end_ddps
        self._apart = settings.swing_apart_ms // 10
        self._apart_pct = settings.swing_apart_pct
        self._lobe = settings.swing_lobe_min_cdeg
        self._narrow = settings.swing_lobe_min_ms // 10
        self._wide = settings.swing_lobe_max_ms // 10

    def reset(self):
        """Begin again, as after a gap; the person's typical height is kept."""
        self._sum = 0
        self._filled = 0
        self._inside = False
        self._low = 0
        self._area = 0
        self.start = 0
        self.end = 0
        self.peak = 0
        self.peak_at = 0
        self.accepted_at = -100000

    def forget(self):
        """A new bout: the height typical of the last one need not hold."""
        self._peaks.clear()
        self.stride_ticks = None

    def step(self, ring, tick):
        """Take in `ring[tick]`; True when an accepted lobe has ended about 5 ticks ago."""
        self._sum += ring[tick & MASK]
        if self._filled < SPAN:
            self._filled += 1
            return False
        self._sum -= ring[(tick - SPAN) & MASK]
        rate = self._sum // SPAN
        tick -= CENTRE
        if not self._inside:
            if rate > self._end_rate:
                self._inside = True
                self.start = self.end = self.peak_at = tick
                self.peak = self._area = rate
                self._low = 0
            return False
        if rate > self._end_rate >> 1:
            self._area += rate
            self._low = 0
            self.end = tick
            if rate > self.peak:
                self.peak = rate
                self.peak_at = tick
            return False
        self._low += 1
        if rate > -self._end_rate and self._low < 10:
            return False  # a hesitation: the swing may go on
        self._inside = False
        return self._accept()

    def threshold(self):
        """The height a lobe needs now."""
        if self._peaks.median is None:
            return self._first
        own = self._peaks.median * self._share // 100
        if own > self._first:
            return self._first  # a step round a turn, or the last of a walk: it would do to begin one
        return own if own > self._floor else self._floor

    def _accept(self):
        apart = self._apart
        if self.stride_ticks is not None and self.stride_ticks * self._apart_pct // 100 > apart:
            apart = self.stride_ticks * self._apart_pct // 100
        width = self.end - self.start
        if (
            self.peak < self.threshold()
            or self._area // 10 < self._lobe
            or not self._narrow <= width <= self._wide
            or self.peak_at - self.accepted_at < apart
        ):
            return False
        self.accepted_at = self.peak_at
        self._peaks.add(self.peak)
        return True
