# What turns the answers of the chips into a sample, in plain Python; fast_chips.py is the same as machine code. Tables
# and numbers are array("i").
#
# The inertial queue: slots of 7 values (x, y, z of the gyro, of the accelerometer, which were there: bits 1, 2 and 4
# for the time) by number & 63; in the array of numbers newest slot, the one before the moment, TAG_CNT and bits of the
# open one, bits wanted; gyro and accelerometer slots counted; bytes, stamp and tick (ns / 8) of the buffer, when it was
# read; and the six axes that between() leaves, from AXES on.

SLOTS = 64
WIDTH = 7
AXES = 11
CLOCK_MASK = 0x3FFFFFFF
HALF = 0x20000000


def take_in(buffer, n, times, values):
    """FIFO words of 7 bytes into slots."""
    at = 0
    have = n[3]
    while at < n[7]:
        tag = buffer[at]
        closing = tag & 0x06 != n[2]
        place = (n[0] + 1) % SLOTS
        if closing:
            n[2] = tag & 0x06
        else:
            tag >>= 3
            if tag == 1 or tag == 2:
                axis = place * WIDTH + 3 * tag - 3
                for i in range(3):
                    values[axis + i] = ((buffer[at + 2 + 2 * i] ^ 0x80) << 8 | buffer[at + 1 + 2 * i]) - 0x8000
                have |= tag
            elif tag == 4:
                # Its low 16 bits (1.6 s) suffice: how long ago is all that is asked. Eighths keep the product small.
                age = (n[8] - (buffer[at + 2] << 8 | buffer[at + 1]) & 0xFFFF) * n[9] // 125
                times[place] = n[10] - age & CLOCK_MASK
                have |= 4
            at += WIDTH
            closing = have == n[4]
        if closing:
            if have & 4:
                n[0] += 1
                values[place * WIDTH + 6] = have
                n[5] += have & 1
                n[6] += have >> 1 & 1
                if n[0] - n[1] >= SLOTS - 1:
                    n[1] = n[0] - SLOTS + 2
            have = 0
    n[3] = have


def between(n, times, values, moment):
    """The axes at a moment; bits: 1 gyro, 2 accelerometer, 4 it lies between two slots not further apart than 15 ms.

    -1 when no slot behind the moment is here.
    """
    older, newest = n[1], n[0]
    if newest < 0 or times[newest % SLOTS] - moment - 1 & CLOCK_MASK >= HALF:
        return -1
    while older < newest and moment - times[(older + 1) % SLOTS] & CLOCK_MASK < HALF:
        older += 1
    n[1] = older
    if older >= newest:
        return 0
    one, two = older % SLOTS, (older + 1) % SLOTS
    into = moment - times[one] & CLOCK_MASK
    span = times[two] - times[one] & CLOCK_MASK
    if into >= HALF or span > 15000 or span == 0:
        return 0
    one *= WIDTH
    two *= WIDTH
    have = values[one + 6] & values[two + 6]
    half = span >> 1
    for i in range(6):
        if have & (1 if i < 3 else 2):
            first = values[one + i]
            n[AXES + i] = first + ((values[two + i] - first) * into + half) // span
    return have


def turn(n, tables, have, s):
    """The axes that are here, as rates and accelerations of the leg in a sample; None for the others.

    tables: nine of the rows in 2**-14 of a unit and three of the bias, of gyro and accelerometer; and None. Turning
    toe-up is positive about lateral, so the rates about the leg's axes are its components.
    """
    for part in range(2):
        places = (5, 6, 7) if part else (3, 4, 2)
        m, at = tables[part], AXES + 3 * part
        x, y, z = n[at] - m[9], n[at + 1] - m[10], n[at + 2] - m[11]
        for i in range(3):
            here = have & (part + 1)
            s[places[i]] = m[3 * i] * x + m[3 * i + 1] * y + m[3 * i + 2] * z + 8192 >> 14 if here else None


BEYOND = 0x10000


def pressed(t, counts):
    """10 Pa, never below 0, with BEYOND where it is the least it can be; -1 when the divider stands at its supply.

    t: full, top and most of the last piece, where that lies; three for each piece (calibration.Pressure).
    """
    if counts <= 0:
        return 0
    left = t[0] - counts
    if left <= 0:
        return -1
    ratio = (counts << 14) // left
    last = i = t[3]
    while ratio < t[i]:
        if i == 4:
            return 0
        i -= 3
    beyond = 0
    if ratio > t[1]:
        ratio, beyond = t[1], BEYOND
    ratio -= t[i]
    if i == last and ratio > t[2]:
        ratio = t[2]
    value = t[i + 1] + (ratio * t[i + 2] + 2048 >> 12)
    if i < last and value > t[i + 4]:
        value = t[i + 4]  # the slope is rounded; more counts are never less pressure
    return (value if value < 65534 else 65534) | beyond


def bent(t, counts):
    """Centidegrees; t: zero, direction, and what is added at each 16th of a turn of counts, the first again last."""
    turned = ((counts - t[0]) * t[1] + 2048 & 4095) - 2048
    i = 2 + (counts >> 8)
    return (turned * 1125 + 64 >> 7) + t[i] + ((t[i + 1] - t[i]) * (counts & 255) >> 8)


def strain(t, counts):
    """mN.m; t: offset, counts per 0.1 N.m toward dorsiflexion and toward plantarflexion."""
    loaded = max(-0x7FFFFF, min(0x7FFFFF, counts - t[0]))
    per = t[2] if (loaded < 0) == (t[1] > 0) else t[1]
    return (loaded * 100 + (per >> 1)) // per
