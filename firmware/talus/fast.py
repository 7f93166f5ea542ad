# The loops of plain.py once more, as machine code: MicroPython's viper, whose numbers are the chip's own words.
# Same names, same arguments, same results for every ring of values in +-32767 or MISSING (a test compares them);
# nothing is checked here. The comments are in plain.py.
# ruff: noqa: F821

import micropython
from micropython import const

_MASK = const(511)
_MISSING = const(-32768)
_SIGN = const(32768)
BINS = 128


@micropython.viper
def smooth(ring: ptr16, tick: int) -> int:
    here = (int(ring[tick & _MASK]) ^ _SIGN) - _SIGN
    before = (int(ring[(tick - 1) & _MASK]) ^ _SIGN) - _SIGN
    after = (int(ring[(tick + 1) & _MASK]) ^ _SIGN) - _SIGN
    if here == _MISSING or before == _MISSING or after == _MISSING:
        return here
    return (before + 2 * here + after) >> 2


@micropython.viper
def complete(ring: ptr16, start: int, end: int) -> bool:
    tick = start
    while tick < end:
        if int(ring[tick & _MASK]) == _SIGN:
            return False
        tick += 1
    return end > start


@micropython.viper
def lowest(ring: ptr16, start: int, end: int) -> int:
    best = -1
    least = 0
    before = (int(ring[(start - 1) & _MASK]) ^ _SIGN) - _SIGN
    here = (int(ring[start & _MASK]) ^ _SIGN) - _SIGN
    tick = start
    while tick < end:
        after = (int(ring[(tick + 1) & _MASK]) ^ _SIGN) - _SIGN
        if here != _MISSING:
            value = here
            if before != _MISSING and after != _MISSING:
                value = (before + 2 * here + after) >> 2
            if best < 0 or value < least:
                best = tick
                least = value
        before = here
        here = after
        tick += 1
    return best


@micropython.viper
def highest(ring: ptr16, start: int, end: int) -> int:
    most = 0
    tick = start
    while tick < end:
        value = int(ring[tick & _MASK]) ^ _SIGN
        if value > most:
            most = value
        tick += 1
    return most - _SIGN


@micropython.viper
def total(ring: ptr16, start: int, end: int, above: int) -> int:
    result = 0
    tick = start
    while tick < end:
        value = (int(ring[tick & _MASK]) ^ _SIGN) - _SIGN
        if value > above:
            result += value
        tick += 1
    return result


@micropython.viper
def slope(ring: ptr16, now: int) -> int:
    value = 0
    back = 0
    while back < 7:
        here = (int(ring[(now - back) & _MASK]) ^ _SIGN) - _SIGN
        if here == _MISSING and back != 3:
            return _MISSING
        value += here * (3 - back)
        back += 1
    value = value * 10 // 28
    if value > 32767:
        return 32767
    if value < -32767:
        return -32767
    return value


@micropython.viper
def jerk(up: ptr16, forward: ptr16, tick: int) -> int:
    a = int(up[tick & _MASK])
    b = int(up[(tick + 1) & _MASK])
    c = int(forward[tick & _MASK])
    d = int(forward[(tick + 1) & _MASK])
    if a == _SIGN or b == _SIGN or c == _SIGN or d == _SIGN:
        return _MISSING
    a = (b ^ _SIGN) - (a ^ _SIGN)
    c = (d ^ _SIGN) - (c ^ _SIGN)
    a = (0 - a if a < 0 else a) + (0 - c if c < 0 else c)
    return a if a < 32767 else 32767


@micropython.viper
def strained(ring: ptr16, quiet: int, start: int, end: int) -> int:
    change = 0
    limit = 0
    tick = quiet
    while tick < end:
        if tick == start:
            limit = 5 * change // (start - quiet) + 20
        a = int(ring[tick & _MASK])
        b = int(ring[(tick + 1) & _MASK])
        value = (b ^ _SIGN) - (a ^ _SIGN)
        if value < 0:
            value = 0 - value
        if tick < start:
            if a == _SIGN or b == _SIGN:
                return -1
            change += value
        elif start <= quiet:
            return -1
        elif value > limit:
            return tick
        tick += 1
    return -1


@micropython.viper
def stillest(ring: ptr16, start: int, end: int) -> int:
    best = -1
    least = 0
    middle = (start + end) >> 1
    first = start
    while first < end - 9:
        motion = first + 5 - middle
        motion = 20 * (0 - motion if motion < 0 else motion)
        tick = first
        while tick < first + 10:
            value = (int(ring[tick & _MASK]) ^ _SIGN) - _SIGN
            if value == _MISSING:
                return -1
            motion += 0 - value if value < 0 else value
            tick += 1
        if best < 0 or motion < least:
            best = first + 5
            least = motion
        first += 5
    return best


@micropython.viper
def spread(ring: ptr16, bins: ptr16, start: int, end: int) -> int:
    low = int(ring[start & _MASK]) ^ _SIGN
    high = low
    tick = start
    while tick < end:
        value = int(ring[tick & _MASK]) ^ _SIGN
        if value < low:
            low = value
        elif value > high:
            high = value
        tick += 1
    i = 0
    while i < 128:
        bins[i] = 0
        i += 1
    width = ((high - low) >> 7) + 1
    tick = start
    while tick < end:
        i = ((int(ring[tick & _MASK]) ^ _SIGN) - low) // width
        bins[i] = int(bins[i]) + 1
        tick += 1
    result = 0
    percent = 95
    while percent > 0:
        wanted = percent * (end - start)
        found = 128 * width
        below = 0
        i = 0
        while i < 128:
            here = 100 * int(bins[i])
            if here != 0 and below + here >= wanted:
                found = i * width + (wanted - below) * width // here
                break
            below += here
            i += 1
        result = found if percent == 95 else result - found
        percent -= 90
    return result


@micropython.viper
def resample(ring: ptr16, sums: ptr32, start: int, last: int):
    i = 0
    while i < 25:
        at = (last - start) * i
        tick = start + at // 24
        part = at % 24
        value = (int(ring[tick & _MASK]) ^ _SIGN) - _SIGN
        if part != 0:
            after = (int(ring[(tick + 1) & _MASK]) ^ _SIGN) - _SIGN
            value = (value * (24 - part) + after * part) // 24
        sums[i] = sums[i] + value
        i += 1


@micropython.viper
def carry(rings, n: ptr32, start: int, end: int):
    rates = ptr16(rings[0])
    forwards = ptr16(rings[1])
    ups = ptr16(rings[2])
    zero = n[0]
    turned = 0
    fore = 0
    high = 0
    gone = 0
    risen = 0
    weight = end - start - 1
    tick = start
    while tick < end:
        x = (turned >> 4) * 3748 >> 14
        q = x * x >> 13
        part = 8192 - (q * (8192 - q // 42) // 20 >> 13)
        sine = x * (8192 - (q * part // 6 >> 13)) >> 13
        part = 8192 - (q * (8192 - q // 30) // 12 >> 13)
        cosine = 8192 - (q * part >> 14)
        forward = (int(forwards[tick & _MASK]) ^ _SIGN) - _SIGN
        up = (int(ups[tick & _MASK]) ^ _SIGN) - _SIGN
        here = (cosine * forward - sine * up + 32768) >> 16
        fore += here
        gone += here * weight
        here = (sine * forward + cosine * up + 32768) >> 16
        high += here
        risen += here * weight
        weight -= 2
        turned += 10 * ((int(rates[tick & _MASK]) ^ _SIGN) - _SIGN) - zero
        if turned > 900000:
            turned = 900000
        elif turned < -900000:
            turned = -900000
        tick += 1
    n[1] = turned
    n[2] = fore
    n[3] = high
    n[4] = gone
    n[5] = risen


@micropython.viper
def scan(rings, n: ptr32, first: int, last: int):
    swing = ptr16(rings[0])
    jerks = ptr16(rings[1])
    moment = ptr16(rings[2])
    ankle = ptr16(rings[3])
    most = 0
    peak = _MISSING
    tick = last - 1
    while tick >= first:
        value = (int(swing[tick & _MASK]) ^ _SIGN) - _SIGN
        if value > most:
            most = value
        if value > peak:
            peak = value
        n[81 + tick - first] = most
        tick -= 1
    best = 0
    before = 0
    kinds = 0
    quiet = 0
    run = 0
    begun = first
    n[78] = 0
    n[80] = 0
    tick = first
    while tick < last:
        i = (tick - first) * 8 // (last - first) * 3
        seen = 0
        value = (int(jerks[tick & _MASK]) ^ _SIGN) - _SIGN
        beside = (int(jerks[(tick - 1) & _MASK]) ^ _SIGN) - _SIGN
        after = (int(jerks[(tick + 1) & _MASK]) ^ _SIGN) - _SIGN
        if after > beside:
            beside = after
        value = _MISSING if beside == _MISSING or value == _MISSING else (value + beside) >> 1
        if value != _MISSING and (value * 64 - n[i + 1]) * 4 > 5 * n[72] * n[i + 2]:
            seen = 1
        value = (int(moment[tick & _MASK]) ^ _SIGN) - _SIGN
        if value != _MISSING and value > n[74] and (value * 64 - n[i + 25]) * 4 > 5 * n[72] * n[i + 26]:
            seen |= 2
        value = (int(ankle[tick & _MASK]) ^ _SIGN) - _SIGN
        if value != _MISSING and (n[i + 49] - value * 64) * 4 > 5 * n[73] * n[i + 50]:
            seen |= 8
        rate = (int(swing[tick & _MASK]) ^ _SIGN) - _SIGN
        if rate > before:
            before = rate
        value = n[81 + tick - first]
        if before < value:
            value = before
        if value * 2 > peak and rate * 100 < value * n[75]:
            seen |= 4
        if seen == 0:
            quiet += 1
            if quiet > 2:
                kinds = 0
                run = 0
        else:
            if kinds == 0:
                begun = tick
            kinds |= seen
            quiet = 0
            if seen & (seen - 1):
                run += 1
            if run > 0 and run >= best:
                best = run
                n[77] = begun
                n[78] = kinds
                n[80] = tick + 1 - begun
        tick += 1
    n[76] = best


@micropython.viper
def learn(ring: ptr16, n: ptr32, first: int, last: int):
    which = n[79]
    tick = first
    while tick < last:
        value = (int(ring[tick & _MASK]) ^ _SIGN) - _SIGN
        if which == 0 and value != _MISSING:
            beside = (int(ring[(tick - 1) & _MASK]) ^ _SIGN) - _SIGN
            after = (int(ring[(tick + 1) & _MASK]) ^ _SIGN) - _SIGN
            if after > beside:
                beside = after
            value = _MISSING if beside == _MISSING else (value + beside) >> 1
        if value != _MISSING:
            i = which * 24 + (tick - first) * 8 // (last - first) * 3
            count = n[i]
            if count < 128:
                count += 1
                n[i] = count
            off = value * 64 - n[i + 1]
            far = 3 * n[i + 2] + 64
            if count > 32:
                if off > far:
                    off = far
                elif off < 0 - far:
                    off = 0 - far
            n[i + 1] = n[i + 1] + (off + (count >> 1)) // count
            off = (0 - off if off < 0 else off) - n[i + 2]
            n[i + 2] = n[i + 2] + (off + (count >> 1)) // count
        tick += 1


@micropython.viper
def sum_up(s, places: ptr8, sums):
    origin = ptr32(sums[0])
    count = ptr32(sums[1])
    totals = ptr32(sums[2])
    low = ptr32(sums[3])
    high = ptr32(sums[4])
    nothing = sums[5]
    i = 0
    while i < 11:
        given = s[places[i]]
        if given is not nothing:
            value = int(given)
            if count[i] == 0:
                origin[i] = value
            count[i] = count[i] + 1
            value -= origin[i]
            if value > 32767:
                value = 32767
            elif value < -32767:
                value = -32767
            totals[i] = totals[i] + value
            value *= value
            low[i] = low[i] + (value & 0xFFFF)
            high[i] = high[i] + (value >> 16)
        i += 1
