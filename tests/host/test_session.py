"""The session: bytes in any pieces become each record once, and what is missing is told."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from talus.wire import frame, kinds, record
from talus_host.session import ClockExchange, Record, Session

WEAR = kinds.BY_NAME["wear"]


def a_frame(first: int, count: int, boot: int = 3, base_ms: int = 1_000_000) -> bytes:
    """`count` wear records, 10 ms apart, sequences from `first` on."""
    buffer = bytearray(frame.OVERHEAD + frame.BODY_MAX)
    end = frame.HEADER
    for n in range(count):
        end = record.pack(WEAR, 10 * n, [n % 2] + [None] * (len(WEAR.fields) - 1), buffer, end)
    return bytes(buffer[: frame.seal(buffer, end - frame.HEADER, boot, first, base_ms)])


STREAM = a_frame(0, 4) + a_frame(4, 1, base_ms=2_000_000) + a_frame(5, 3, boot=4, base_ms=0)


def test_records_carry_their_identity_and_time() -> None:
    got = Session(1).feed(STREAM)
    assert [one.sequence for one in got] == list(range(8))
    assert [one.at_ms for one in got] == [1_000_000, 1_000_010, 1_000_020, 1_000_030, 2_000_000, 0, 10, 20]
    assert [one.boot for one in got] == [3] * 5 + [4] * 3
    assert {one.kind for one in got} == {WEAR.number}
    assert got[1].payload[0] == 1


@given(st.lists(st.integers(1, 40), max_size=30))
def test_any_cutting_gives_the_same_records(cuts: list[int]) -> None:
    session = Session(1)
    got: list[Record] = []
    at = 0
    for cut in [*cuts, len(STREAM)]:
        got += session.feed(STREAM[at : at + cut])
        at += cut
    assert got + session.finish() == Session(1).feed(STREAM)
    assert (session.gaps, session.duplicates, session.skipped) == ([], 0, 0)


@given(st.binary(max_size=200))
def test_noise_between_frames_costs_no_frame(noise: bytes) -> None:
    session = Session(1)
    got = session.feed(noise + STREAM) + session.finish()
    assert [one.sequence for one in got] == list(range(8))
    assert session.skipped == len(noise)


def test_a_damaged_frame_is_a_gap_and_its_bytes_are_counted() -> None:
    frames = [a_frame(0, 4), a_frame(4, 2), a_frame(6, 1)]
    damaged = bytearray(frames[1])
    damaged[20] ^= 0x40
    session = Session(1)
    got = session.feed(frames[0] + bytes(damaged) + frames[2]) + session.finish()
    assert [one.sequence for one in got] == [0, 1, 2, 3, 6]
    assert session.gaps == [(4, 6)]
    assert session.skipped == len(damaged)


def test_a_gap_is_filled_by_what_comes_later() -> None:
    session = Session(1, have=2)
    session.feed(a_frame(8, 2))
    assert session.gaps == [(2, 8)]
    assert [one.sequence for one in session.feed(a_frame(4, 2))] == [4, 5]
    assert session.gaps == [(2, 4), (6, 8)]
    session.feed(a_frame(2, 2) + a_frame(6, 2))
    assert (session.gaps, session.duplicates, session.next) == ([], 0, 10)


def test_what_is_had_already_is_a_duplicate() -> None:
    session = Session(1, have=2)
    assert [one.sequence for one in session.feed(a_frame(0, 4))] == [2, 3]
    assert session.feed(a_frame(0, 4)) == []
    assert session.duplicates == 2 + 4


def test_a_record_of_an_unknown_kind_is_kept_as_it_came() -> None:
    body = struct.pack("<BBH", 200, 3, 7) + b"abc"
    buffer = bytearray(frame.HEADER) + bytearray(body) + bytearray(frame.TRAILER)
    size = frame.seal(buffer, len(body), 1, 0, 100)
    assert Session(1).feed(bytes(buffer[:size])) == [Record(0, 1, 107, 200, b"abc")]


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=20),
)
def test_the_true_offset_lies_within_the_uncertainty(offset: int, trips: list[tuple[int, int, int]]) -> None:
    """Delays there and back as a radio deals them out, unequal, and a brace that holds its answer."""
    measured = ClockExchange()
    brace_ms = 5000
    for there, back, held in trips:
        host_sent = brace_ms + offset - there
        measured.add(host_sent, brace_ms, brace_ms + held, brace_ms + held + offset + back)
        brace_ms += 100
    pair = measured.best()
    assert pair is not None
    assert abs((pair.utc_ms - pair.brace_ms) - offset) <= pair.uncertainty_ms
    assert pair.uncertainty_ms <= min(there + back for there, back, _ in trips) / 2 + 2


def test_without_an_exchange_there_is_no_time() -> None:
    assert ClockExchange().best() is None
