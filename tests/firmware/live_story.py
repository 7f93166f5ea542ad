# Runs in both interpreters: samples through Live with the heap locked, and what came out of it.

import binascii

from talus.live import CHANNELS, HEADER, SAMPLE_BYTES, Live


def samples(count, seed):
    """(ms, sample): a walk of numbers, some of them unknown or beyond, with a hole behind the 33rd."""
    state, out = seed, []
    for n in range(count):
        s = [None] * (CHANNELS + 2)
        for i in range(CHANNELS):
            state = (state * 1103515245 + 12345) & 0x3FFFFFFF
            s[i] = None if state & 15 == 0 else (state >> 8) % 80000 - 40000
        out.append((10 * n + (500 if n > 33 else 0), s))
    return out


def story(lock=None, unlock=None):
    live = Live(244)
    for every in (1, 25):
        for n, (time_ms, s) in enumerate(samples(100, every)):
            if lock:
                lock()
            try:
                live.take(time_ms, s)
            finally:
                if unlock:
                    unlock()
            if live.piece is not None and n % every == 0:
                piece = bytes(live.piece)
                yield "%d %d %08x" % (n, (len(piece) - HEADER) // SAMPLE_BYTES, binascii.crc32(piece) & 0xFFFFFFFF)
                live.sent()
        yield "dropped %d" % live.dropped
