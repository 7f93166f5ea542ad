# The loops over a whole stride or swing, in plain Python; fast_strides.py is the same as machine code. Rings and spans
# are as in plain.py; what is more than one answer lies in an array of numbers, `n`.

from talus.plain import LIMIT, MASK, MISSING, highest

STEEPEST = 900000  # 90 degrees


def top(ring, start, end, rank):
    """The value of [start, end) that `rank` others are at least as large as."""
    limit = LIMIT + 1
    while True:
        most, count = MISSING, 0
        for tick in range(start, end):
            value = ring[tick & MASK]
            if most < value < limit:
                most, count = value, 1
            elif value == most:
                count += 1
        if count > rank or most == MISSING:
            return most
        rank -= count
        limit = most


def work(rings, n, start, end):
    """What rings[0] (mN.m) did along rings[1] (0.1 deg/s) in [start, end): forward into n[0], back into n[1].

    In 1024 mN.m x 0.001 deg, 17.87 microjoules.
    """
    n[0] = n[1] = 0
    for tick in range(start, end):
        done = (rings[0][tick & MASK] * rings[1][tick & MASK] + 512) >> 10
        if done > 0:
            n[0] += done
        else:
            n[1] -= done


def rise(ring, n, start, end):
    """The tick of [start, end) where the heel left the ground for good, or -1: where the foot's rate fell through
    -n[0] before its pitch, 0 at start, passed -n[1] (0.001 deg) for the last time."""
    found = -1
    pitch = 0
    begun = start
    for tick in range(start, end):
        rate = ring[tick & MASK]
        pitch += rate
        if rate >= -n[0]:
            begun = tick + 1
        if pitch >= -n[1]:
            found = -1
        elif found < 0:
            found = begun if begun < tick else tick
    return found


def leaned(ring, n, start, end):
    """How a segment leans through [start, end) when it leans n[0] at start, its rate is in the ring and the gyro's
    zero n[1] (0.01 deg/s). From tick n[2] on: least and most lean into n[3] and n[4], and into n[5] the first tick
    after the least where it is not negative, or -1. In 0.0001 deg."""
    lean = n[0]
    n[3], n[4], n[5] = STEEPEST, -STEEPEST, -1
    for tick in range(start, end):
        if tick >= n[2]:
            if lean < n[3]:
                n[3] = lean
                n[5] = -1
            if lean > n[4]:
                n[4] = lean
            if lean >= 0 and n[5] < 0:
                n[5] = tick
        lean += 10 * ring[tick & MASK] - n[1]


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
