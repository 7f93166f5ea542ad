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


STEEPEST = 900000  # 90 degrees


def carry(rings, n, start, end):
    """Accelerations rings[1] (forward) and rings[2] (up) of [start, end), as they lie in the frame of the first tick,
    for the segment turns at rings[0] and the gyro's zero is n[0] (0.01 deg/s).

    n[1]: how far it has turned (0.0001 deg); n[2], n[3]: sums forward and up, 8 milli-g; n[4], n[5]: twice how far that
    takes it from first to last tick when it begins and ends equally fast, 8 milli-g x tick x tick.
    """
    turned = 0
    n[2] = n[3] = n[4] = n[5] = 0
    weight = end - start - 1
    for tick in range(start, end):
        x = (turned >> 4) * 3748 >> 14  # rad x 8192
        q = x * x >> 13
        part = 8192 - (q * (8192 - q // 42) // 20 >> 13)
        sine = x * (8192 - (q * part // 6 >> 13)) >> 13
        part = 8192 - (q * (8192 - q // 30) // 12 >> 13)
        cosine = 8192 - (q * part >> 14)
        forward, up = rings[1][tick & MASK], rings[2][tick & MASK]
        here = (cosine * forward - sine * up + 32768) >> 16
        n[2] += here
        n[4] += here * weight
        here = (sine * forward + cosine * up + 32768) >> 16
        n[3] += here
        n[5] += here * weight
        weight -= 2
        turned += 10 * rings[0][tick & MASK] - n[0]
        if turned > STEEPEST:
            turned = STEEPEST
        elif turned < -STEEPEST:
            turned = -STEEPEST
    n[1] = turned


# -- stumble: rings are (swing rate, jerk, moment, ankle rate). In the array of numbers three normals, of jerk, moment
# and ankle rate, each with PHASES parts of the swing's window (count, mean and mean deviation times 64); then z, z of
# the ankle, least moment, percent kept; then what scan() found: ticks with two kinds of evidence, where the stretch
# began, its evidence; which normal learn() teaches; the stretch's length; room for the ticks of a swing.

PHASES = 8
MEMORY = 128
HOLE = 2  # ticks without evidence that do not end a stretch


def scan(rings, n, first, last):
    """The stretch of evidence in [first, last) that has two kinds of it at once in the most ticks."""
    swing = rings[0]
    most = 0
    for tick in range(last - 1, first - 1, -1):
        if swing[tick & MASK] > most:
            most = swing[tick & MASK]
        n[81 + tick - first] = most
    peak = highest(swing, first, last)
    n[76] = n[78] = n[80] = 0
    before = kinds = quiet = run = 0
    begun = first
    for tick in range(first, last):
        rate = swing[tick & MASK]
        if rate > before:
            before = rate
        seen = evidence(rings, n, tick, (tick - first) * PHASES // (last - first) * 3)
        between = before if before < n[81 + tick - first] else n[81 + tick - first]
        if between * 2 > peak and rate * 100 < between * n[75]:
            seen |= 4
        if not seen:
            quiet += 1
            if quiet > HOLE:
                kinds = run = 0
            continue
        if not kinds:
            begun = tick
        kinds |= seen
        quiet = 0
        if seen & (seen - 1):  # two bits set: clearing the lowest leaves something
            run += 1
        if run and run >= n[76]:
            n[76] = run
            n[77] = begun
            n[78] = kinds
            n[80] = tick + 1 - begun


def evidence(rings, n, tick, i):
    seen = 0
    value = around(rings[1], tick)
    if value != MISSING and (value * 64 - n[i + 1]) * 4 > 5 * n[72] * n[i + 2]:
        seen = 1
    value = rings[2][tick & MASK]
    if value != MISSING and value > n[74] and (value * 64 - n[i + 25]) * 4 > 5 * n[72] * n[i + 26]:
        seen |= 2
    value = rings[3][tick & MASK]
    if value != MISSING and (n[i + 49] - value * 64) * 4 > 5 * n[73] * n[i + 50]:
        seen |= 8
    return seen


def around(ring, tick):
    """The larger of a value's two means with a neighbour: half a period of what shakes at 25 Hz, or MISSING."""
    value = ring[tick & MASK]
    beside = ring[(tick - 1) & MASK]
    if ring[(tick + 1) & MASK] > beside:
        beside = ring[(tick + 1) & MASK]
    return MISSING if value == MISSING or beside == MISSING else (value + beside) >> 1


def learn(ring, n, first, last):
    """Take a ring's [first, last) into the normal whose number is in n[79]: 0 jerk, 1 moment, 2 ankle rate.

    Quotients to the nearest integer: a floor would pull every mean down. What is far out moves a normal that is known
    no more than three deviations would.
    """
    for tick in range(first, last):
        value = around(ring, tick) if not n[79] else ring[tick & MASK]
        if value == MISSING:
            continue
        i = n[79] * 24 + (tick - first) * PHASES // (last - first) * 3
        count = n[i]
        if count < MEMORY:
            count += 1
            n[i] = count
        off = value * 64 - n[i + 1]
        far = 3 * n[i + 2] + 64
        if count > 32:
            off = far if off > far else -far if off < -far else off
        n[i + 1] += (off + (count >> 1)) // count
        off = abs(off) - n[i + 2]
        n[i + 2] += (off + (count >> 1)) // count


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
