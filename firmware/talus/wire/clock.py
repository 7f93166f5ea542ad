# Ticks, their wrap, and the pairs that tie them to UTC.
# A board counts milliseconds that wrap (at 2**30 on 32-bit boards, about 12.4 days); a record carries
# milliseconds since boot, which do not. A pair (ms since boot, UTC ms, +- ms) is what a clock record says.

TICKS_PERIOD = 1 << 30
HOLD_MASK = 63  # ms: an interval of 60 ms is the longest a host's system chooses by itself
LATE_MS = 1000  # an interrupt that came between reading ticks and feeding them lasts far less


class Unwrapper:
    """Ticks that wrap at `period` (a power of two) -> milliseconds since boot; feed it at least once a period.

    Ticks read up to LATE_MS before the last ones fed are a moment ago, not almost a period later.
    """

    def __init__(self, period=TICKS_PERIOD):
        self._mask = period - 1
        self._last = None
        self._total = 0

    def feed(self, ticks):
        if self._last is None:
            self._last = ticks
        ahead = (ticks - self._last) & self._mask
        if ahead > self._mask - LATE_MS:
            return self._total - (self._mask - ahead + 1)
        self._last = ticks
        self._total += ahead
        return self._total


def hold_ms(stamp):
    """How long the answer to an exchange of this stamp is to wait: the host moves it about in the radio's interval.

    A radio speaks only once an interval. What waits for it least, of several that begin at different moments of it,
    tells the truth best; the host chooses when it asks, and by this when the brace answers.
    """
    return stamp & HOLD_MASK


def bounds(host_sent_ms, brace_got_ms, brace_sent_ms, host_got_ms):
    """(least, most) that the UTC of the brace's zero can be by one exchange: nothing arrives before it was sent."""
    return host_sent_ms - brace_got_ms, host_got_ms - brace_sent_ms


def narrowed(least_ms, most_ms):
    """(UTC of the brace's zero, uncertainty) by the latest `least` and the earliest `most` of several exchanges.

    None where they contradict each other: a clock was set meanwhile. Each stamp is whole milliseconds, cut.
    """
    if least_ms > most_ms + 2:
        return None
    return (least_ms + most_ms) // 2, (abs(most_ms - least_ms) + 1) // 2 + 1


def exchange(host_sent_ms, brace_got_ms, brace_sent_ms, host_got_ms):
    """One four-timestamp exchange -> (UTC of the brace's zero in ms, uncertainty in ms).

    The host's stamps are UTC ms, the brace's ms since boot. Whatever way the radio's delay was shared out,
    the truth lies within half of the round trip. A brace that says it held the answer for longer than the round
    trip took has a coarse clock: what it is wrong by widens the interval.
    """
    delay = (host_got_ms - host_sent_ms) - (brace_sent_ms - brace_got_ms)
    offset = ((host_sent_ms - brace_got_ms) + (host_got_ms - brace_sent_ms)) // 2
    return offset, (abs(delay) + 1) // 2 + 1


def best(exchanges):
    """The exchange with the smallest uncertainty: the one the radio delayed least. None of none."""
    chosen = None
    for one in exchanges:
        if chosen is None or one[1] < chosen[1]:
            chosen = one
    return chosen
