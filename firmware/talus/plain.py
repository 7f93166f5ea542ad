# The loops over many samples, in plain Python: the meaning of each, and what runs where fast.py cannot.
# A ring is an array("h") of 512 values by tick & MASK, MISSING where nothing was measured; spans are [start, end).
# At most four arguments each, as machine code takes no more: what is longer lies in one array of numbers.

MASK = 511
MISSING = -32768
LIMIT = 32767


def smooth(ring, tick):
    """(1, 2, 1)/4 around a tick: -3 dB at 18 Hz and no delay; the value itself where a neighbour is missing."""
    here = ring[tick & MASK]
    before = ring[(tick - 1) & MASK]
    after = ring[(tick + 1) & MASK]
    if here == MISSING or before == MISSING or after == MISSING:
        return here
    return (before + 2 * here + after) >> 2


def complete(ring, start, end):
    """Whether every tick of [start, end) was measured."""
    for tick in range(start, end):
        if ring[tick & MASK] == MISSING:
            return False
    return end > start


def lowest(ring, start, end):
    """The tick of the smallest smoothed value in [start, end), or -1 where nothing was measured."""
    best = -1
    least = 0
    for tick in range(start, end):
        value = smooth(ring, tick)
        if value != MISSING and (best < 0 or value < least):
            best, least = tick, value
    return best


def highest(ring, start, end):
    """The largest value in [start, end), or MISSING."""
    most = MISSING
    for tick in range(start, end):
        value = ring[tick & MASK]
        if value > most:
            most = value
    return most


def total(ring, start, end, above):
    """Sum of the values in [start, end) that are larger than `above`: MISSING for all measured ones."""
    result = 0
    for tick in range(start, end):
        value = ring[tick & MASK]
        if value > above:
            result += value
    return result


def slope(ring, now):
    """0.1 units a second three ticks ago (Savitzky and Golay 1964, quadratic, 7 points), clamped, or MISSING."""
    for back in range(7):
        if back != 3 and ring[(now - back) & MASK] == MISSING:
            return MISSING
    value = 3 * (ring[now & MASK] - ring[(now - 6) & MASK]) + 2 * (ring[(now - 1) & MASK] - ring[(now - 5) & MASK])
    value = (value + ring[(now - 2) & MASK] - ring[(now - 4) & MASK]) * 10 // 28
    return LIMIT if value > LIMIT else -LIMIT if value < -LIMIT else value


def jerk(up, forward, tick):
    """Change of the acceleration in the sagittal plane from a tick to the next, milli-g, clamped, or MISSING."""
    here, there = tick & MASK, (tick + 1) & MASK
    if up[here] == MISSING or up[there] == MISSING or forward[here] == MISSING or forward[there] == MISSING:
        return MISSING
    value = abs(up[there] - up[here]) + abs(forward[there] - forward[here])
    return value if value < LIMIT else LIMIT


def strained(ring, quiet, start, end):
    """The first change in [start, end) beyond five times the mean one in [quiet, start) and 20, or -1."""
    change = 0
    for tick in range(quiet, start):
        here, after = ring[tick & MASK], ring[(tick + 1) & MASK]
        if here == MISSING or after == MISSING:
            return -1
        change += abs(after - here)
    if start <= quiet:
        return -1
    limit = 5 * change // (start - quiet) + 20  # 2 N.m/s: the bridge's noise at 100 Hz
    for tick in range(start, end):
        if abs(ring[(tick + 1) & MASK] - ring[tick & MASK]) > limit:
            return tick
    return -1


def stillest(ring, start, end):
    """Centre of the 10 ticks with the least motion, half-overlapping, or -1 where one was missing.

    A foot lies still for long: 2 units for every tick from the middle settle what would be noise.
    """
    best = -1
    least = 0
    middle = (start + end) // 2
    for first in range(start, end - 9, 5):
        motion = 20 * abs(first + 5 - middle)
        for tick in range(first, first + 10):
            value = ring[tick & MASK]
            if value == MISSING:
                return -1
            motion += abs(value)
        if best < 0 or motion < least:
            best, least = first + 5, motion
    return best


BINS = 128


def spread(ring, bins, start, end):
    """95th less 5th percentile of [start, end), from BINS equal bins between its extremes, linear inside a bin."""
    low = high = ring[start & MASK]
    for tick in range(start, end):
        value = ring[tick & MASK]
        if value < low:
            low = value
        elif value > high:
            high = value
    for i in range(BINS):
        bins[i] = 0
    width = (high - low) // BINS + 1
    for tick in range(start, end):
        bins[(ring[tick & MASK] - low) // width] += 1
    return percentile(bins, 95, end - start, width) - percentile(bins, 5, end - start, width)


def percentile(bins, percent, count, width):
    """Above the lowest value."""
    wanted = percent * count
    below = 0
    for i in range(BINS):
        here = 100 * bins[i]
        if below + here >= wanted and here:
            return i * width + (wanted - below) * width // here
        below += here
    return BINS * width


def resample(ring, sums, start, last):
    """Add 25 evenly spaced values of [start, last], linear between ticks."""
    for i in range(25):
        at = (last - start) * i
        tick = start + at // 24
        part = at % 24
        value = ring[tick & MASK]
        if part:
            value = (value * (24 - part) + ring[(tick + 1) & MASK] * part) // 24
        sums[i] += value


def sum_up(s, places, sums):
    """One sample into the sums of a minute: (first value, count, sum, low and high halves of the squares, None) of each
    of eleven channels, counted from the first value on; a channel that is None is left out."""
    origin, count, total = sums[0], sums[1], sums[2]
    low, high = sums[3], sums[4]
    for i in range(11):
        value = s[places[i]]
        if value is None:
            continue
        if not count[i]:
            origin[i] = value
        count[i] += 1
        value -= origin[i]
        if not -32767 <= value <= 32767:
            value = 32767 if value > 0 else -32767
        total[i] += value
        value *= value
        low[i] += value & 0xFFFF
        high[i] += value >> 16
