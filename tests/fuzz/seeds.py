"""Real bytes for each target to begin with."""

import functools
import json
import random

from fuzz.desk import Desk
from wire import packed_story

from talus.calibration_file import NONE_MADE
from talus.wire import frame, gatt, record
from talus.wire.kinds import KINDS


@functools.cache
def seeds(name: str) -> tuple[bytes, ...]:
    return MADE[name]()


def stream() -> bytes:
    buffer, reader, out = bytearray(4096), Desk().journal.reader(0), b""
    while size := reader.readinto(buffer):
        out += bytes(buffer[:size])
    return out


def packed_frames() -> bytes:
    return bytes(packed_story.frames(packed_story.made(60, 3), 600))


def bodies() -> tuple[bytes, ...]:
    return tuple(one.body for one in frame.Reader().feed(stream()))


def every_kind() -> tuple[bytes, ...]:
    made = []
    for kind in KINDS:
        buffer = bytearray(300)
        values = [
            b"1234" if row[1] == "*" else (1,) * int(row[1][:-1]) if len(row[1]) > 1 else 1 for row in kind.fields
        ]
        made.append(bytes(buffer[: record.pack(kind, 7, values, buffer)]))
    return tuple(made)


def info() -> bytes:
    return bytes(gatt.pack_info([gatt.PROTOCOL, 0, 1, 2, 3, 1, 5000, 0, 90, 0, 80, 0, 0, 0, 1, 2]))


def words() -> tuple[bytes, ...]:
    asked = [gatt.request(row[0], *([1] * len(row[2]))) for row in gatt.REQUESTS]
    return (*asked, *(gatt.answer(row[0], *([1] * len(row[1]))) for row in gatt.ANSWERS), info())


def orders() -> tuple[bytes, ...]:
    """Each request by itself, a pass, a host that goes, and some dialogues."""
    chance = random.Random(1)
    desk = Desk()
    digest, rows = desk.control._status.settings.digest, desk.control._status.settings.rows
    known = [gatt.request(row[0], *([chance.randrange(0, 90)] * len(row[2]))) for row in gatt.REQUESTS]
    known += [
        gatt.request(gatt.BEGIN_SETTINGS, rows),
        gatt.request(gatt.SET_SETTING, 3, 500),
        gatt.request(gatt.COMMIT_SETTINGS, digest),
        gatt.request(gatt.UNDO_SETTINGS, rows, digest),
        b"\xee",
        b"\xef",
    ]
    said = [bytes((len(one),)) + one for one in known]
    return (*said, b"".join(said), b"".join(reversed(said)))


def calibrations() -> tuple[bytes, ...]:
    whole = dict(NONE_MADE)
    more = {
        "encoder": {"zero": 100, "direction": 1, "gain": 16},
        "pressure": [None, {"site": 1, "full": 20000, "unloaded": 5, "curve": [0, 0, 100, 200, 300, 500]}, None, None],
    }
    return tuple(json.dumps(one).encode() for one in (whole, whole | more, more, {}))


MADE = {
    "frame_reader": lambda: (stream(), packed_frames(), stream()[7:300], b"\xf1\x7a\xff\x07" + stream()[:90]),
    "records": lambda: (*bodies(), *every_kind()),
    "packed_records": lambda: tuple(one.body for one in frame.Reader().feed(packed_frames())),
    "gatt_words": words,
    "session": lambda: (stream(), packed_frames(), *every_kind(), frame.Reader().feed(packed_frames())[0].body),
    "settings": lambda: (b"{}", b'{"version": 1, "amber_mmhg": 30}', b'{"still_s": 5, "amber_min": 15}', b"", b"{"),
    "calibration": calibrations,
    "replay": lambda: (info() + stream(), info() + packed_frames(), info(), b""),
    "control": orders,
}
