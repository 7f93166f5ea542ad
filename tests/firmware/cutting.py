"""An hour of journal on a littlefs whose every program and erase is kept, so that each can be the last one.

What a brace does before a cut does not depend on the cut: the hour is lived once, and the flash and the memory of any
moment are made again from what was kept.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from talus import journal as journal_module
from talus.journal import Journal
from talus.wire import frame, kinds, record
from talus_twin.board.flash import BLOCK, LittleFiles, NorFlash
from talus_twin.board.memory import Memory
from talus_twin.board.wearing import stream_of

MINUTES = 60
STRIDES = 20
BLOCKS = 20
ACKNOWLEDGED_AT = (12, 27)
LOSS = kinds.BY_NAME["loss"].number
Operation = tuple[int, bytes | None]  # where; what was programmed, None: a block was erased


def small(patch: pytest.MonkeyPatch) -> None:
    """A ring that turns within the hour: everything else is as on a brace."""
    patch.setattr(journal_module, "SEGMENT_BYTES", 5000)
    patch.setattr(journal_module, "RESERVE_BYTES", 4 * BLOCK)
    patch.setattr(journal_module, "CHECK_BYTES", 1500)


class KeptFlash(NorFlash):
    """Keeps every operation."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(size_bytes)
        self.log: list[Operation] = []

    def prog(self, cfg: Any, block: int, off: int, data: bytes) -> int:
        self.log.append((block * BLOCK + off, bytes(data)))
        return super().prog(cfg, block, off, data)

    def erase(self, cfg: Any, block: int) -> int:
        self.log.append((block * BLOCK, None))
        return super().erase(cfg, block)


class KeptMemory(Memory):
    """Keeps what it was told, and after which operation of the flash."""

    def __init__(self, flash: KeptFlash) -> None:
        super().__init__()
        self._flash = flash
        self.log: list[tuple[int, bytes]] = [(0, b"")]

    def write(self, buffer: bytearray, length: int) -> None:
        super().write(buffer, length)
        self.log.append((len(self._flash.log), self.kept))


def perform(image: bytearray, operation: Operation, torn: bool = False) -> None:
    """One operation on a flash; torn: the power goes in its middle."""
    start, data = operation
    if data is None:
        size = BLOCK // 2 if torn else BLOCK
        image[start : start + size] = b"\xff" * size
    else:
        done = data[: len(data) // 2] if torn else data
        before = image[start : start + len(done)]
        image[start : start + len(done)] = bytes(a & b for a, b in zip(before, done, strict=True))


def dice(count: int) -> bytes:
    return bytes(range(count))


def steps() -> Iterator[tuple[str, int]]:
    """What an hour asks of the journal: ("acknowledge" or "flush", 0), or (kind, ms since the start), each once."""
    for number in range(MINUTES):
        at = number * 60_000
        for stride in range(STRIDES):
            yield "stride", at + 1_000 + stride * 2_900
            if number % 11 == 4 and stride == 6:
                yield "pressure", at + 29_001
                yield "flush", 0
        if number in (9, 31, 33, 50):
            yield "wear", at + 59_990
            yield "pressure", at + 59_991
        yield "minute", at
        yield "flush", 0
        if number in ACKNOWLEDGED_AT:
            yield "acknowledge", 0


def values_of(kind: str) -> list[object]:
    """Any values: what tells the records apart is their time."""
    return [None] * len(kinds.BY_NAME[kind].fields)


class Hour:
    """The hour as it was lived without a cut.

    Each after how many operations of the flash: kept: the ms of each record the journal took; flushed: how many of them
    were in flash; acknowledged: the sequence.
    """

    def __init__(self, program_bytes: int) -> None:
        self.program_bytes = program_bytes
        self.flash = KeptFlash(BLOCKS * BLOCK)
        self.memory = KeptMemory(self.flash)
        self.formatting = 0
        self.kept: list[tuple[int, int]] = []
        self.flushed: list[tuple[int, int]] = [(0, 0)]
        self.acknowledged: list[tuple[int, int]] = [(0, 0)]
        self.live()

    def live(self) -> None:
        files = LittleFiles(self.flash, self.program_bytes)
        self.formatting = len(self.flash.log)
        journal = Journal(files, "/log", dice, self.memory)
        for what, at_ms in steps():
            if what == "flush":
                journal.since_ms = self.kept[-1][1] + 60_000
                journal.flush()
                self.flushed.append((len(self.flash.log), len(self.kept)))
            elif what == "acknowledge":
                journal.acknowledge(journal.next)
                self.acknowledged.append((len(self.flash.log), journal.next))
            else:
                journal.append(kinds.BY_NAME[what], at_ms, values_of(what))
                self.kept.append((len(self.flash.log), at_ms))
        self.journal = journal

    def cuts(self) -> Iterator[tuple[int, bytes, bytes]]:
        """(operation that was torn, the flash, the memory) for every operation behind the formatting."""
        image = bytearray(b"\xff" * (BLOCKS * BLOCK))
        for operation in self.flash.log[: self.formatting]:
            perform(image, operation)
        told = 0
        for cut in range(self.formatting, len(self.flash.log)):
            torn = bytearray(image)
            perform(torn, self.flash.log[cut], torn=True)
            while told + 1 < len(self.memory.log) and self.memory.log[told + 1][0] <= cut:
                told += 1
            yield cut, bytes(torn), self.memory.log[told][1]
            perform(image, self.flash.log[cut])


def flash_of(image: bytes) -> NorFlash:
    flash = KeptFlash(len(image))
    flash.buffer[:] = image
    return flash


class Found:
    """What a journal gives out: every sequence, ms and boot of each record but the losses, stretches told lost."""

    def __init__(self, journal: Journal, damaged: bool = False) -> None:
        self.times: list[int] = []
        self.boots: list[int] = []
        self.sequences: list[int] = []
        self.lost: list[tuple[int, int]] = []
        reader = frame.Reader()
        for one in reader.feed(stream_of(journal)) + reader.finish():
            for index, (number, offset, payload) in enumerate(record.split(one.body)):
                self.sequences.append(one.first_sequence + index)
                if number == LOSS:
                    first, count, _ = record.read(number, payload)[1]
                    self.lost.append((first, first + count))
                else:
                    self.times.append(one.base_ms + offset)
                    self.boots.append(one.boot)
        assert damaged or reader.skipped == 0, "a torn frame was given out"

    def untold(self, acknowledged: int, behind: int) -> list[int]:
        """Sequences that are neither here, nor acknowledged, nor told lost."""
        here = set(self.sequences)
        told = {sequence for first, end in self.lost for sequence in range(first, end)}
        return [n for n in range(acknowledged, behind) if n not in here and n not in told]
