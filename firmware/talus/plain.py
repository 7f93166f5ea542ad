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


# -- stumble: rings are (swing rate, jerk, moment, ankle rate). In the array of numbers three normals (count,
# mean and mean deviation times 64) of jerk, moment and ankle rate; then z, z of the ankle, least moment, percent kept;
# then what scan() found: run, where it began, evidence; which normal learn() teaches; room for the ticks of a swing.

MEMORY = 512


def scan(rings, n, first, last):
    """The longest stretch of [first, last) with two kinds of evidence at once."""
    swing = rings[0]
    most = 0
    for tick in range(last - 1, first - 1, -1):
        if swing[tick & MASK] > most:
            most = swing[tick & MASK]
        n[17 + tick - first] = most
    peak = highest(swing, first, last)
    n[13] = n[15] = 0
    before = run = kinds = 0
    for tick in range(first, last):
        rate = swing[tick & MASK]
        if rate > before:
            before = rate
        seen = evidence(rings, n, tick)
        between = before if before < n[17 + tick - first] else n[17 + tick - first]
        if between * 2 > peak and rate * 100 < between * n[12]:
            seen |= 4
        # Two bits set: clearing the lowest leaves something.
        run = run + 1 if seen & (seen - 1) else 0
        kinds = kinds | seen if run else 0
        if run > n[13]:
            n[13] = run
            n[14] = tick - run + 1
            n[15] = kinds


def evidence(rings, n, tick):
    seen = 0
    value = rings[1][tick & MASK]
    if value != MISSING and (value * 64 - n[1]) * 4 > 5 * n[9] * n[2]:
        seen = 1
    value = rings[2][tick & MASK]
    if value != MISSING and value > n[11] and (value * 64 - n[4]) * 4 > 5 * n[9] * n[5]:
        seen |= 2
    value = rings[3][tick & MASK]
    if value != MISSING and (n[7] - value * 64) * 4 > 5 * n[10] * n[8]:
        seen |= 8
    return seen


def learn(ring, n, first, last):
    """Take a ring's [first, last) into the normal at n[16]; quotients to the nearest integer: a floor would pull every
    mean down."""
    i = n[16]
    for tick in range(first, last):
        value = ring[tick & MASK]
        if value == MISSING:
            continue
        count = n[i]
        if count < MEMORY:
            count += 1
            n[i] = count
        off = value * 64 - n[i + 1]
        n[i + 1] += (off + (count >> 1)) // count
        off = abs(off) - n[i + 2]
        n[i + 2] += (off + (count >> 1)) // count


def sum_up(s, places, sums):
    """One sample into the sums of a minute: (first value, count, sum, low and high halves of the squares, None) of each
    of seven channels, counted from the first value on; a channel that is None is left out."""
    origin, count, total = sums[0], sums[1], sums[2]
    low, high = sums[3], sums[4]
    for i in range(7):
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
