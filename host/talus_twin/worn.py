"""A brace wears a recording, on CPython or on a real MicroPython; what comes back is what it kept in flash."""

from array import array
from collections.abc import Mapping

import numpy as np

from talus_twin.board import brace, wearing
from talus_twin.board.interpreter import Interpreter
from talus_twin.body.recording import Recording

PLAYED_FROM_MS = brace.START_US // 1000

INSIDE = """
from array import array
from talus_twin.board import wearing
columns = {}
for name in NAMES:
    with open('/columns/' + name, 'rb') as file:
        columns[name] = array('i', file.read())
with open('/stream', 'wb') as file:
    file.write(wearing.whole(columns, RATE_HZ, PLACE, ALIGNMENT))
"""


def as_arrays(columns: Mapping[str, np.ndarray]) -> "dict[str, array[int]]":
    """Columns as both interpreters read them without making an object."""
    return {name: array("i", np.asarray(column, dtype=np.int32).tobytes()) for name, column in columns.items()}


def wear_recording(played: Recording, interpreter: str = "cpython") -> bytes:
    """The frame stream of a brace that wore this recording and traced its gait events.

    A record at `at_ms` happened at `played.own_s(at_ms - PLAYED_FROM_MS)`. Raises InterpreterMissing.
    """
    columns = as_arrays(played.columns)
    place = played.imu_place or "shank"
    alignment = tuple(played.imu_alignment)
    if interpreter == "cpython":
        return bytes(wearing.whole(columns, played.rate_hz, place, alignment))
    with Interpreter() as inside:
        inside.install("talus", "talus_twin.chips", "talus_twin.board")
        for name, column in columns.items():
            inside.put(f"/columns/{name}", column.tobytes())
        inside.run(f"NAMES, RATE_HZ, PLACE, ALIGNMENT = {list(columns)!r}, {played.rate_hz}, {place!r}, {alignment!r}")
        inside.run(INSIDE)
        return inside.get("/stream")
