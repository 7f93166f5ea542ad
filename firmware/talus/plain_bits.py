# The bits of a packed frame (talus.wire.packed), in plain Python: the meaning of each, and what runs where fast_bits.py
# cannot. The stream is (where its next byte goes, bits that are none yet, how many). Numbers of a kind: where its
# record begins, shift of its means, end of its fields, 1 in a frame's first record; how many records may be told, where
# data end, where the stream's last record may begin, ms of data's base, of the record, parameter of the time; then of
# each field "unknown" (beyond 255 it has two bytes), parameter or LISTED, mean << shift, sum of codes. In place of a
# listed one's mean is where its list lies: how many, then RECENT numbers.

from talus.wire.packed import LISTED, ONES, RECENT


def put(out, stream, value, bits):
    """Up to 21 bits."""
    held = stream[1] << bits | value
    bits += stream[2]
    at = stream[0]
    while bits > 7:
        bits -= 8
        out[at] = held >> bits & 0xFF
        at += 1
    stream[0] = at
    stream[1] = held & 0xFF
    stream[2] = bits


FIRST = 10


def tell(data, n, out, stream):
    """The fields of a record whose kind and time are told, and those behind it that are of its kind and begin as it
    ends. n[0] is then behind them, n[4] less by so many, n[8] the time of the last."""
    head = data[n[0]], data[n[0] + 1]
    while True:
        lasts_ms = data[n[0] + 4] | data[n[0] + 5] << 8
        at = n[0] = tell_one(data, n, out, stream)
        n[3] = 0
        n[4] -= 1
        if not n[4] or at >= n[5] or stream[0] > n[6] or (data[at], data[at + 1]) != head:
            return
        next_ms = n[8] + lasts_ms
        if n[7] + (data[at + 2] | data[at + 3] << 8) != next_ms:
            return
        n[8] = next_ms
        put(out, stream, 0, 2 + n[9])


def tell_one(data, n, out, stream):
    at = n[0] + 4
    for i in range(FIRST, n[2], 4):
        value, width = data[at], 8
        if n[i] > 255:
            value, width = value | data[at + 1] << 8, 16
        at += width >> 3
        k = n[i + 1]
        if k == LISTED:
            tell_place(n, n[i + 2], value, width, out, stream)
            continue
        mean = n[i + 2]
        off = (value - (mean >> n[1]) + 32768 & 0xFFFF) - 32768
        code = off << 1 ^ off >> 15
        ones = code >> k
        if not n[3] and ones < ONES:
            n[i + 2] = mean + off
            n[i + 3] += code
            put(out, stream, ((2 << ones) - 2 - ones << k) + code, ones + 1 + k)
            continue
        unknown = value == n[i]
        if not n[3]:
            n[i + 3] += ONES << k
            put(out, stream, (2 << ONES) - (2 if unknown else 1), ONES + 1)
        if n[3] or not unknown:
            put(out, stream, value, width)
            n[i + 2] = value << n[1]
    return at


def tell_place(n, at, value, width, out, stream):
    count = n[at]
    place = 0
    while place < count and n[at + 1 + place] != value:
        place += 1
    if place < count:
        put(out, stream, (2 << place) - 2, place + 1)
    else:
        put(out, stream, (1 << ONES) - 1, ONES)
        put(out, stream, value, width)
        if count < RECENT:
            n[at] = count + 1
        else:
            place = RECENT - 1
    while place:
        n[at + 1 + place] = n[at + place]
        place -= 1
    n[at + 1] = value
