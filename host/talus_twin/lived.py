"""Weeks of life as they would lie: what went before as a frame stream, the last fortnight in a brace's flash.

Every record is written by the firmware's own journal, so it went through the same wire as one that was measured.
"""

import random
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from talus.journal import META_FORMAT, Journal
from talus.wire import gatt, kinds
from talus_twin.board.files import MemoryFiles
from talus_twin.board.wearing import stream_of
from talus_twin.body.history import Boot, History

ROOT = "/log"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Early:
    """A brace's Info (gatt.INFO_ROWS) and the frame stream it would have sent before the cut."""

    info: dict[str, int]
    stream: bytes


def lay_down(history: History, files: Any, side: str, seed: int | None, step: Progress | None = None) -> Early:
    """Write the late boots into `files` (a flash without a journal) and return the early ones as a file's content.

    seed: of the ids of brace and journal; None: ids that nobody else has.
    """
    boots = len(history.boots)
    dice = random.Random(seed).randbytes
    before = Journal(MemoryFiles(), ROOT, dice)
    _write(before, history.early, lambda done: step(done, boots) if step else None)
    ids = (before.device, before.id, before.boot, before.next)
    files.mkdir(ROOT)
    with files.open(f"{ROOT}/meta", "wb") as file:
        file.write(struct.pack(META_FORMAT, *ids))
    after = Journal(files, ROOT, dice)
    _write(after, history.late, lambda done: step(len(history.early) + done, boots) if step else None)
    after.close()
    info = dict.fromkeys((row[0] for row in gatt.INFO_ROWS), 0)
    info |= {"protocol": gatt.PROTOCOL, "side": kinds.SIDES.index(side), "device": before.device, "journal": before.id}
    info |= {"layout": kinds.digest(), "boot": before.boot, "next": before.next, "battery": 255}
    return Early(info, stream_of(before))


def _write(journal: Journal, boots: Iterable[Boot], done: Callable[[int], None]) -> None:
    for count, boot in enumerate(boots, 1):
        journal.flush()
        journal.boot = boot.number
        for kind, at_ms, values in boot.records:
            journal.append(kinds.BY_NAME[kind], at_ms, values)
        done(count)
    journal.flush()
    journal.remember()
