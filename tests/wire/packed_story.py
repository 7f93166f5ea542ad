# Runs in both interpreters: records of a little generator through the packer and back, as lines of text.

import binascii

from talus.packer import Packer
from talus.wire import frame, kinds, packed

BASE_MS = 600000000
NUMBERS = (5, 5, 5, 3, 5, 17, 4, 2, 200)


def made(count, seed):
    """(kind number, ms, payload) as a walk's: fields that wander, now and then unknown, now and then another length."""
    state, at_ms, past, out = seed, 0, {}, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) & 0x3FFFFFFF
        number = NUMBERS[(state >> 8) % len(NUMBERS)]
        size = kinds.BY_NUMBER[number].size if number in kinds.BY_NUMBER else 7
        if state >> 5 & 63 == 0:
            size -= 1
        payload = bytearray(past.get(number) or bytes(size))[:size]
        payload += bytes(size - len(payload))
        for i in range(0, size, 2):
            state = (state * 1103515245 + 12345) & 0x3FFFFFFF
            payload[i] = (payload[i] + (state >> 9) % 9 - 4) & 0xFF if state >> 20 & 31 else 0xFF
        past[number] = bytes(payload)
        at_ms += (state >> 7) % 3000 - 100
        out.append((number, at_ms, bytes(payload)))
    return out


def frames(records, size=frame.OVERHEAD + frame.BODY_MAX):
    """The records as packed frames, in one run of bytes."""
    buffer = bytearray(size)
    packer = Packer(buffer)
    out = b""
    for sequence, (number, at_ms, payload) in enumerate(records):
        if not packer.count:
            packer.begin(1, sequence, BASE_MS + at_ms)
            base_ms = at_ms
        data = bytes((number, len(payload), 0, 0)) + payload
        if not packer.add(data, 0, len(data), at_ms - base_ms, 1):
            out += bytes(buffer[: packer.seal()])
            packer.begin(1, sequence, BASE_MS + at_ms)
            base_ms = at_ms
            packer.add(data, 0, len(data), 0, 1)
    return out + bytes(buffer[: packer.seal()])


def read(data):
    """(sequence, kind number, ms, payload) of every record."""
    found = []
    for one in frame.Reader().feed(data):
        sequence = one.first_sequence
        for number, at_ms, payload in packed.split(one.body):
            found.append((sequence, number, one.base_ms + at_ms - BASE_MS, payload))
            sequence += 1
    return found


def story():
    for seed in (1, 2, 3):
        records = made(400, seed)
        data = frames(records)
        same = [(n, number, at, payload) for n, (number, at, payload) in enumerate(records)] == read(data)
        yield "%d %d %08x %s" % (seed, len(data), binascii.crc32(data) & 0xFFFFFFFF, "ok" if same else "WRONG")
