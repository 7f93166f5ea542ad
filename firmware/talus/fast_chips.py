# The loops of plain_chips.py once more, as machine code, under the same law as fast.py: a second file of it, because
# what is made of a chip's answer and what is made of a stride are two things, and together they pass a file's cap.
# ruff: noqa: F821

import micropython
from micropython import const

_SIGN = const(32768)


@micropython.viper
def take_in(buffer: ptr8, n: ptr32, times: ptr32, values: ptr16):
    at = 0
    have = n[3]
    end = n[7]
    while at < end:
        tag = int(buffer[at])
        closing = (tag & 6) != n[2]
        place = (n[0] + 1) & 63
        if closing:
            n[2] = tag & 6
        else:
            tag >>= 3
            if tag == 1 or tag == 2:
                axis = place * 7 + 3 * tag - 3
                i = at + 1
                while i < at + 7:
                    values[axis] = int(buffer[i + 1]) << 8 | int(buffer[i])
                    axis += 1
                    i += 2
                have |= tag
            elif tag == 4:
                age = ((n[8] - (int(buffer[at + 2]) << 8 | int(buffer[at + 1]))) & 0xFFFF) * n[9] // 125
                times[place] = (n[10] - age) & 0x3FFFFFFF
                have |= 4
            at += 7
            closing = have == n[4]
        if closing:
            if have & 4:
                n[0] = n[0] + 1
                values[place * 7 + 6] = have
                n[5] = n[5] + (have & 1)
                n[6] = n[6] + (have >> 1 & 1)
                if n[0] - n[1] >= 63:
                    n[1] = n[0] - 62
            have = 0
    n[3] = have


@micropython.viper
def between(n: ptr32, times: ptr32, values: ptr16, moment: int) -> int:
    older = n[1]
    newest = n[0]
    if newest < 0 or (times[newest & 63] - moment - 1) & 0x3FFFFFFF >= 0x20000000:
        return -1
    while older < newest and (moment - times[(older + 1) & 63]) & 0x3FFFFFFF < 0x20000000:
        older += 1
    n[1] = older
    if older >= newest:
        return 0
    one = older & 63
    two = (older + 1) & 63
    into = (moment - times[one]) & 0x3FFFFFFF
    span = (times[two] - times[one]) & 0x3FFFFFFF
    if into >= 0x20000000 or span > 15000 or span == 0:
        return 0
    one *= 7
    two *= 7
    have = int(values[one + 6]) & int(values[two + 6])
    half = span >> 1
    i = 0
    while i < 6:
        if have & (1 if i < 3 else 2):
            first = (int(values[one + i]) ^ _SIGN) - _SIGN
            last = (int(values[two + i]) ^ _SIGN) - _SIGN
            n[11 + i] = first + ((last - first) * into + half) // span
        i += 1
    return have


@micropython.viper
def turn(n: ptr32, tables, have: int, s):
    nothing = tables[2]
    at = 11
    place = 3
    part = 0
    while part < 2:
        if have & (part + 1):
            m = ptr32(tables[part])
            x = n[at] - m[9]
            y = n[at + 1] - m[10]
            z = n[at + 2] - m[11]
            s[place] = (m[0] * x + m[1] * y + m[2] * z + 8192) >> 14
            s[place + 1] = (m[3] * x + m[4] * y + m[5] * z + 8192) >> 14
            s[7 if part else 2] = (m[6] * x + m[7] * y + m[8] * z + 8192) >> 14
        else:
            s[place] = nothing
            s[place + 1] = nothing
            s[7 if part else 2] = nothing
        at += 3
        place += 2
        part += 1


@micropython.viper
def pressed(t: ptr32, counts: int) -> int:
    if counts <= 0:
        return 0
    left = t[0] - counts
    if left <= 0:
        return -1
    ratio = (counts << 14) // left
    last = t[3]
    i = last
    while ratio < t[i]:
        if i == 4:
            return 0
        i -= 3
    beyond = 0
    if ratio > t[1]:
        ratio = t[1]
        beyond = 0x10000
    ratio -= t[i]
    if i == last and ratio > t[2]:
        ratio = t[2]
    value = t[i + 1] + ((ratio * t[i + 2] + 2048) >> 12)
    if i < last and value > t[i + 4]:
        value = t[i + 4]
    return (value if value < 65534 else 65534) | beyond


@micropython.viper
def bent(t: ptr32, counts: int) -> int:
    turned = (((((counts - t[0]) * t[1] + 2048) & 4095) - 2048) * 1125 + 64) >> 7
    i = 2 + (counts >> 8)
    return turned + t[i] + (((t[i + 1] - t[i]) * (counts & 255)) >> 8)


@micropython.viper
def strain(t: ptr32, counts: int) -> int:
    loaded = counts - t[0]
    if loaded > 0x7FFFFF:
        loaded = 0x7FFFFF
    elif loaded < -0x7FFFFF:
        loaded = -0x7FFFFF
    per = t[1]
    if (loaded ^ per) < 0:
        per = t[2]
    return (loaded * 100 + (per >> 1)) // per
