# A board's clock as it really runs: a crystal that is wrong by so much and bends with its temperature, and in light
# sleep an oscillator that is corrected at waking and by what the correction leaves. The truth that a host's idea of a
# record's time is measured against; the host is told nothing of it.

from bisect import bisect_right
from itertools import pairwise

STEP_MS = 60000
TURNOVER_DEGC = 25.0  # of a 32 kHz tuning fork
BEND_PPM = -0.034  # per degC squared
RAW_SLEEP_PPM = 10000.0  # an RC oscillator in light sleep, before it is corrected


class DriftingClock:
    """brace_ms(true_ms) and true_ms(brace_ms), both from the boot on and floats.

    ppm: how much too fast at the turnover; degc(true_ms): the board's temperature; slope: ppm per degC on top of the
    bend; asleep: (from, to, share) in true ms, rising; share: what of RAW_SLEEP_PPM its correction leaves.
    """

    def __init__(self, lasts_ms, ppm=0.0, degc=None, slope=0.0, bend=BEND_PPM, asleep=()):
        self._true, self._brace = [0.0], [0.0]
        edges = set(range(0, int(lasts_ms) + STEP_MS, STEP_MS))
        for start, end, _ in asleep:
            edges.update((start, end))
        edges = sorted(edges)
        sleeps = list(asleep)
        for start, end in pairwise(edges):
            while sleeps and sleeps[0][1] <= start:
                sleeps.pop(0)
            off = (degc((start + end) / 2) if degc else TURNOVER_DEGC) - TURNOVER_DEGC
            wrong = ppm + bend * off * off + slope * off
            if sleeps and sleeps[0][0] <= start:
                wrong += sleeps[0][2] * RAW_SLEEP_PPM  # it is corrected by the crystal, and is as wrong on top of it
            self._true.append(float(end))
            self._brace.append(self._brace[-1] + (end - start) * (1 + wrong * 1e-6))

    def brace_ms(self, true_ms):
        return _along(self._true, self._brace, true_ms)

    def true_ms(self, brace_ms):
        return _along(self._brace, self._true, brace_ms)


def _along(x, y, at):
    i = min(max(bisect_right(x, at) - 1, 0), len(x) - 2)
    return y[i] + (y[i + 1] - y[i]) * (at - x[i]) / (x[i + 1] - x[i])
