"""Samples as they are taken: whole pieces, times that tell every hole, nothing waited for, nothing allocated."""

import struct
from pathlib import Path

import pytest
from firmware import live_story

from talus.live import CHANNELS, HEADER, SAMPLE_BYTES, Live
from talus_twin.board.interpreter import Interpreter


def read(piece: bytes) -> tuple[int, list[tuple[int, ...]]]:
    (time_ms,) = struct.unpack_from("<I", piece)
    rows = [struct.unpack_from(f"<{CHANNELS}h", piece, at) for at in range(HEADER, len(piece), SAMPLE_BYTES)]
    return time_ms, rows


def expected(sample: list[int | None]) -> tuple[int, ...]:
    return tuple(-32768 if v is None else max(-32767, min(32767, v)) for v in sample[:CHANNELS])


def test_every_sample_comes_at_its_time_and_a_hole_begins_a_piece() -> None:
    made = live_story.samples(100, 7)
    live, told = Live(244), []
    for time_ms, sample in made:
        live.take(time_ms, sample)
        if live.piece is not None:
            begin_ms, rows = read(bytes(live.piece))
            told += [(begin_ms + 10 * n, row) for n, row in enumerate(rows)]
            live.sent()
    whole = [(time_ms, expected(sample)) for time_ms, sample in made]
    assert told == whole[: len(told)]
    assert len(told) == 94, "30 and 4 up to the hole, 60 behind it, and 6 that are no piece yet"
    assert live.dropped == 0


def test_what_is_not_sent_in_time_is_dropped_whole_and_counted() -> None:
    live = Live(244)
    for time_ms, sample in live_story.samples(33, 7):
        live.take(time_ms, sample)
    assert live.dropped == 20
    assert read(bytes(live.piece or b""))[0] == 0, "the oldest piece goes first"
    live.sent()
    for time_ms, sample in live_story.samples(40, 7)[33:]:
        live.take(time_ms, sample)
    assert read(bytes(live.piece or b""))[0] == 300


@pytest.mark.parametrize(("room", "most"), [(244, 10), (182, 7), (28, 1)])
def test_a_piece_fits_its_notification(room: int, most: int) -> None:
    assert Live.fits(room)
    live = Live(room)
    for time_ms, sample in live_story.samples(20, 3):
        if live.piece is None:
            live.take(time_ms, sample)
    assert len(read(bytes(live.piece or b""))[1]) == most


def test_the_smallest_link_carries_none() -> None:
    assert not Live.fits(20)


def test_no_sample_allocates_and_both_interpreters_tell_the_same(micropython: Interpreter) -> None:
    micropython.put("/lib/live_story.py", Path(live_story.__file__).read_bytes())
    told = micropython.run(
        "import live_story, micropython\n"
        "for line in live_story.story(micropython.heap_lock, micropython.heap_unlock): print(line)"
    ).splitlines()
    assert told == list(live_story.story())
    assert sum(not line.startswith("dropped") for line in told) > 10
