# Runs in both interpreters: the samples of one set through gait and the counting of it, and what became of it.

import struct

import talus.wire.kinds as kinds
from talus.events.exercise import Exercise
from talus.events.gait import Gait
from talus.settings import Settings

FORMAT = "<%dh" % kinds.SAMPLE_SIZE
WIDTH = 2 * kinds.SAMPLE_SIZE
MISSING = -32768


def record(data, exercise, heel, lock=None, unlock=None):
    """The values of the set's record; lock and unlock: called around each tick of it."""
    settings = Settings()
    machine, gait = Exercise(settings, heel), Gait(settings, 0, None, heel)
    machine.start(exercise)
    s = [None] * kinds.SAMPLE_SIZE
    for tick in range(len(data) // WIDTH):
        values = struct.unpack_from(FORMAT, data, tick * WIDTH)
        for i in range(kinds.SAMPLE_SIZE):
            s[i] = None if values[i] == MISSING else values[i]
        bits = gait.update(s)
        if tick == len(data) // WIDTH - 1:
            machine.stop()
        if lock:
            lock()
        try:
            ended = machine.update(s, bits)
        finally:
            if unlock:
                unlock()
        if ended:
            break
    return machine.values
