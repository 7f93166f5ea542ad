# What plain_bits.py does, as machine code. Same names, same arguments, same results for every record (a test compares
# them); nothing is checked here. The comments are in plain_bits.py.
# ruff: noqa: F821

import micropython


@micropython.viper
def put(out: ptr8, stream: ptr32, value: int, bits: int):
    value |= stream[1] << bits
    bits += stream[2]
    at = stream[0]
    while bits > 7:
        bits -= 8
        out[at] = value >> bits
        at += 1
    stream[0] = at
    stream[1] = value & 0xFF
    stream[2] = bits


@micropython.viper
def tell(data: ptr8, n: ptr32, out: ptr8, stream: ptr32):
    at = n[0] + 4
    to = stream[0]
    held = stream[1]
    bits = stream[2]
    i = 10
    while i < n[2]:
        value = int(data[at])
        width = 8
        if n[i] > 255:
            at += 1
            value |= int(data[at]) << 8
            width = 16
        at += 1
        k = n[i + 1]
        if k == 15:
            k = n[i + 2]
            ones = 0
            while ones < n[k] and n[k + 1 + ones] != value:
                ones += 1
            code = (2 << ones) - 2
            size = ones + 1
            if ones < n[k]:
                width = 0
            else:
                code = 255
                size = 8
                if ones < 8:
                    n[k] = ones + 1
                else:
                    ones = 7
            while ones > 0:
                n[k + 1 + ones] = n[k + ones]
                ones -= 1
            n[k + 1] = value
        else:
            mean = n[i + 2]
            code = ((value - (mean >> n[1]) + 32768) & 0xFFFF) - 32768
            mean += code
            code = (code << 1) ^ (code >> 15)
            ones = code >> k
            if n[3] != 0:
                size = width
                code = value
                width = 0
                mean = value << n[1]
            elif ones < 8:
                n[i + 3] = n[i + 3] + code
                code += ((2 << ones) - 2 - ones) << k
                size = ones + 1 + k
                width = 0
            else:
                n[i + 3] = n[i + 3] + (8 << k)
                size = 9
                code = 511
                mean = value << n[1]
                if value == n[i]:
                    code = 510
                    width = 0
                    mean = n[i + 2]
            n[i + 2] = mean
        while size > 0:
            held = (held << size) | code
            bits += size
            while bits > 7:
                bits -= 8
                out[to] = held >> bits
                to += 1
            held &= 0xFF
            size = width
            code = value
            width = 0
        i += 4
        if i == n[2]:
            i = n[0]
            k = int(data[i + 4]) | int(data[i + 5]) << 8
            n[0] = at
            n[3] = 0
            n[4] = n[4] - 1
            if n[4] == 0 or at >= n[5] or to > n[6] or data[at] != data[i] or data[at + 1] != data[i + 1]:
                break
            k += n[8]
            if n[7] + (int(data[at + 2]) | int(data[at + 3]) << 8) != k:
                break
            n[8] = k
            at += 4
            held <<= 2 + n[9]
            bits += 2 + n[9]
            while bits > 7:
                bits -= 8
                out[to] = held >> bits
                to += 1
            held &= 0xFF
            i = 10
    stream[0] = to
    stream[1] = held
    stream[2] = bits
