# The loops of plain_strides.py once more, as machine code, under the same law as fast.py: what is read once a
# stride.
# ruff: noqa: F821

import micropython
from micropython import const

_MASK = const(511)
_MISSING = const(-32768)
_SIGN = const(32768)


@micropython.viper
def top(ring: ptr16, start: int, end: int, rank: int) -> int:
    limit = 65536
    while True:
        most = 0
        count = 0
        tick = start
        while tick < end:
            value = int(ring[tick & _MASK]) ^ _SIGN
            if most < value and value < limit:
                most = value
                count = 1
            elif value == most:
                count += 1
            tick += 1
        if count > rank or most == 0:
            return most - _SIGN
        rank -= count
        limit = most


@micropython.viper
def work(rings, n: ptr32, start: int, end: int):
    moment = ptr16(rings[0])
    rate = ptr16(rings[1])
    forth = 0
    back = 0
    tick = start
    while tick < end:
        done = (int(moment[tick & _MASK]) ^ _SIGN) - _SIGN
        done = (done * ((int(rate[tick & _MASK]) ^ _SIGN) - _SIGN) + 512) >> 10
        if done > 0:
            forth += done
        else:
            back -= done
        tick += 1
    n[0] = forth
    n[1] = back


@micropython.viper
def rise(ring: ptr16, n: ptr32, start: int, end: int) -> int:
    found = -1
    pitch = 0
    begun = start
    slow = 0 - n[0]
    low = 0 - n[1]
    tick = start
    while tick < end:
        rate = (int(ring[tick & _MASK]) ^ _SIGN) - _SIGN
        pitch += rate
        if rate >= slow:
            begun = tick + 1
        if pitch >= low:
            found = -1
        elif found < 0:
            found = begun if begun < tick else tick
        tick += 1
    return found


@micropython.viper
def leaned(ring: ptr16, n: ptr32, start: int, end: int):
    lean = n[0]
    zero = n[1]
    since = n[2]
    least = 900000
    most = -900000
    upright = -1
    tick = start
    while tick < end:
        if tick >= since:
            if lean < least:
                least = lean
                upright = -1
            if lean > most:
                most = lean
            if lean >= 0 and upright < 0:
                upright = tick
        lean += 10 * ((int(ring[tick & _MASK]) ^ _SIGN) - _SIGN) - zero
        tick += 1
    n[3] = least
    n[4] = most
    n[5] = upright


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
