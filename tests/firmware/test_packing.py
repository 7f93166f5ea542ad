"""A packed report brings the records of a plain one, from any sequence, over boots and damage, in any size of piece."""

import math
import random

import pytest

from talus import packing as told  # by name: main.py, where it ran on this interpreter, has left its package
from talus.journal import Journal
from talus.packing import Packing
from talus.wire import frame, kinds
from talus_host.session import Record, Session
from talus_twin.board.files import MemoryFiles

STRIDE, MINUTE, CLOCK = (kinds.BY_NAME[name] for name in ("stride", "minute", "clock"))


def journal(files: MemoryFiles, boots: int = 2, strides: int = 400) -> Journal:
    """Boots of a walk: a stride each second, a minute each minute and flushed with it, a clock now and then."""
    chance = random.Random(11)
    for _ in range(boots):
        kept = Journal(files, "/log", random.Random(3).randbytes)
        for n in range(strides):
            at_ms = 5000 + 1000 * n
            kept.append(STRIDE, at_ms, [1000 + chance.randrange(80) for _ in STRIDE.fields])
            if n % 60 == 59:
                kept.append(MINUTE, at_ms, [chance.randrange(9) for _ in MINUTE.fields])
                kept.flush()
            if n % 200 == 0:
                kept.append(CLOCK, at_ms, (1792000000 + n, 5, 4, 0))
        kept.close()
    return Journal(files, "/log", random.Random(3).randbytes)


def walk(strides: int) -> Journal:
    """Each stride begins as the last ends; every field is one of 80 numbers, none likelier than another."""
    chance, kept, at_ms = random.Random(7), Journal(MemoryFiles(), "/log", random.Random(3).randbytes), 5000
    for _ in range(strides):
        values = [1000 + chance.randrange(80) for _ in STRIDE.fields]
        values[2] = 0x0410  # flags
        kept.append(STRIDE, at_ms, values)
        at_ms += values[0]
    kept.flush()
    return kept


def plain(kept: Journal, sequence: int = 0) -> bytes:
    cursor, buffer, out = kept.reader(sequence), bytearray(4096), b""
    while size := cursor.readinto(buffer):
        out += bytes(buffer[:size])
    return out


def packed(kept: Journal, sequence: int = 0, room: int = 244) -> bytes:
    return b"".join(pieces(kept, sequence, room))


def pieces(kept: Journal, sequence: int = 0, room: int = 244) -> list[bytes]:
    packing, buffer, idle = Packing(kept.reader(sequence)), bytearray(room), 0
    out: list[bytes] = []
    while True:
        if not packing.prepare():
            idle += 1
            assert idle < 10_000
            continue
        size = packing.readinto(buffer)
        if not size:
            return out
        out.append(bytes(buffer[:size]))


def records(stream: bytes, have: int = 0) -> list[Record]:
    session = Session(0, have)
    return session.feed(stream) + session.finish()


@pytest.mark.parametrize("room", [20, 244, 4096])
def test_the_same_records_in_half_the_bytes(room: int) -> None:
    kept = journal(MemoryFiles())
    one, other = plain(kept), packed(kept, room=room)
    assert records(other) == records(one)
    assert len(records(other)) > 800
    assert len(other) < 0.6 * len(one)
    assert all(found.packed for found in frame.Reader().feed(other))


@pytest.mark.parametrize("fast", [False, True])
def test_a_walk_takes_little_more_than_what_it_tells(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve fields of log2(80) bits each, and at most one more for a Rice code; heads and first records are 10 %."""
    monkeypatch.setattr(told, "FAST", fast)  # with machine code a pass tells longer stretches
    kept = walk(2000)
    sent = pieces(kept)
    assert records(b"".join(sent)) == records(plain(kept))
    assert sum(map(len, sent)) < 1.1 * 2000 * 12 * (math.log2(80) + 1) / 8
    assert {len(one) for one in sent[:-1]} == {244}, "each notification is full"
    found = frame.Reader().feed(b"".join(sent))
    assert all(0.95 * frame.BODY_MAX < len(one.body) <= frame.BODY_MAX for one in found[:-1])


@pytest.mark.parametrize("sequence", [1, 17, 250, 409, 700])
def test_it_goes_on_from_any_record(sequence: int) -> None:
    kept = journal(MemoryFiles())
    assert records(packed(kept, sequence), sequence) == records(plain(kept, sequence), sequence)


@pytest.mark.parametrize("at", [3, 900, 5000, -30])
def test_what_is_damaged_and_behind_it_goes_out_as_it_lies(at: int) -> None:
    files = MemoryFiles()
    kept = journal(files)
    path = max(files.kept, key=lambda name: len(files.kept[name]))
    data = bytearray(files.kept[path])
    data[at] ^= 0x40
    files.kept[path] = bytes(data)
    one, other = records(plain(kept)), records(packed(kept))
    assert other == one
    assert len(one) < len(records(plain(journal(MemoryFiles()))))


def test_nothing_flushed_is_nothing_sent() -> None:
    assert packed(Journal(MemoryFiles(), "/log", random.Random(3).randbytes)) == b""
