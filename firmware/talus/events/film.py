# What a film sensor adds to a pressure that lasts, taken off again once a second: it goes on settling under a held load
# and its gain moves with warmth. Clinical reference 4.6: P / (1 + c log10(1 + t/t0)), and 1 + alpha (T - 32).
# Deviations: 1. Of the sustained pressure only, never of a sample: stride peaks and wear do not need it. 2. t0 is 10 s,
# not 1: so long after loading it a fitter reads the puck, and what the film settled by then is in its curve. 3. The
# clock begins as late as a percentile of a minute sees a load. 4. A load over ten thirds of the one it began with sets
# it back too: a day under a strap must not make a new pressure look small. 5. log10 from straight pieces between powers
# of 2, 0.15 % at most. 6. A second that was not measured is not held.

HELD_MAX = 1 << 20  # s, 12 days
FROM_S = 10
LOG2_FROM = 213  # log2 of it, of 1/64; log10 of a number is its log2 over 212.6
SKIN_CDEGC = 3200


class Film:
    """One channel. late_s: what the clock begins with; values in 10 Pa."""

    def __init__(self):
        self._first = self._most = self._held = 0

    def correct(self, value, seconds, late_s, creep_permille, per_10000_degc, liner_cdegc):
        """The sustained pressure of the last so many seconds; a temperature that is None corrects nothing."""
        if 10 * value < 3 * self._most or 3 * value > 10 * self._first:
            self._first = self._most = value
            self._held = late_s
        else:
            self._held = min(self._held + seconds, HELD_MAX)
            if value > self._most:
                self._most = value
        power = 0
        since = self._held + FROM_S
        while since >> power > 1:
            power += 1
        log2 = 64 * power + (since << 6 >> power) - 64 - LOG2_FROM
        value = (10000 * value + 5000) // (10000 + 100 * creep_permille * log2 // 2126)
        if per_10000_degc and liner_cdegc is not None:
            warmer = max(-3000, min(3000, liner_cdegc - SKIN_CDEGC))
            value = value * (10000 + per_10000_degc * warmer // 100) // 10000
        return value
