"""Packed frames: one worked out by hand, the same on both interpreters, whole for any record; no other is taken."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import cases, packed_story

from talus.packer import Packer
from talus.wire import frame, packed
from talus.wire.errors import RemoteError
from talus.wire.kinds import BY_NAME
from talus_host.session import Session
from talus_twin.board.interpreter import Interpreter

STUMBLE = BY_NAME["stumble"].number
GOLDEN = Path(__file__).parents[1] / "golden"
HAND = [(STUMBLE, 3, bytes.fromhex("03fa0005")), (STUMBLE, 1003, bytes.fromhex("03ffff05"))]
CASES = [(BY_NAME[name].number, 1000 * n, bytes.fromhex(row)[4:]) for n, (name, _, _, row) in enumerate(cases.CASES)]
WALKS = {"two stumbles": HAND, "a record of each kind": CASES, "a walk": packed_story.made(24, 1)}
ANY = st.tuples(st.integers(0, 255), st.integers(-(1 << 28), 1 << 28), st.binary(max_size=255))


def packed_bits(*told: str) -> bytes:
    """Groups of bits as the body of a frame, behind a count of as many records."""
    text = "".join(told).replace(" ", "")
    text += "0" * (-len(text) % 8)
    return bytes((len(told), 0)) + bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def test_a_frame_by_hand() -> None:
    """Three stumbles: (3, 250, 5) 3 ms after the base; (unknown, 65535, 6) 1 ms on; (4, 5000, 5) 1 ms back."""
    body = packed_bits(
        "11111111 00001000 00000011"  # a kind not told before, 8, of three fields
        "00 000 0000"  # expected at the time of the record before, means are the last number, k of the time is 0
        "00 0010  10 0111  00 0010"  # B with k 2, H with k 7, B with k 2
        "1111110"  # 3 ms: 6 zigzag
        "00000011 0000000011111010 00000101",  # 3, 250, 5 as they are
        "0 110"  # the kind told last; 1 ms: 2
        "11111111 0"  # unknown: 255 is 252 from 3, 504 zigzag, 126 fours
        "1110 1110101"  # 65535 is 251 below 250, 501: three times 128 and 117
        "0 10",  # 1 more than 5: 2
        "0 10"
        "0 10"  # 4 is 1 more than 3: the unknown has moved nothing
        "11111111 1 0001001110001000"  # 5000, 5001 from -1: no code, so as it is
        "0 01",  # 1 less than 6: 1
    )
    buffer = bytearray(2048)
    packer = Packer(buffer)
    packer.begin(1, 7, 0)
    rows = [(3, "03fa0005"), (4, "ffffff06"), (3, "04881305")]
    for at_ms, payload in rows:
        assert packer.add(bytes((STUMBLE, 4, 0, 0)) + bytes.fromhex(payload), 0, 8, at_ms, 1) == 1
    found, _ = frame.parse(bytes(buffer[: packer.seal()]))
    assert found is not None and found.packed and found.first_sequence == 7
    assert found.body == body
    assert list(packed.split(body)) == [(STUMBLE, at_ms, bytes.fromhex(payload)) for at_ms, payload in rows]


KIND = "11111111 11001000"  # not told before, 200
LIST = f"{KIND} 00000001 00 000 0000 00 1111"  # of one byte, told by its place
BYTE = f"{KIND} 00000001 00 000 0000 00 0000"  # of one byte, told by differences


def test_words_are_told_by_their_place_among_the_last() -> None:
    new = "11111111"
    body = packed_bits(f"{LIST} 0 {new} 00000111", f"0 0 {new} 00001001", "0 0 10", "0 0 0", "0 0 10")
    assert [payload[0] for _, _, payload in packed.split(body)] == [7, 9, 7, 7, 9]


def test_what_a_kind_does_is_expected() -> None:
    """A time by the step before, and by how long the last one took: both without a difference to tell."""
    steps = packed_bits(f"{KIND} 00000001 01 000 0001 00 0000 00 00000001", "0 1110 0 0", "0 00 0", "0 00 0")
    assert [at_ms for _, at_ms, _ in packed.split(steps)] == [0, 3, 6, 9]
    follows = packed_bits(f"{KIND} 00000001 10 000 0000 00 0000 0 00000101", "0 0 110", "0 0 0")
    assert [(at_ms, payload[0]) for _, at_ms, payload in packed.split(follows)] == [(0, 5), (5, 6), (11, 6)]


def test_a_mean_forgets_slowly() -> None:
    """A shift of 1: half of each difference stays."""
    body = packed_bits(f"{KIND} 00000001 00 001 0000 00 0010 0 01100100", "0 0 110 00", "0 0 0 00", "0 0 0 00")
    assert [payload[0] for _, _, payload in packed.split(body)] == [100, 104, 102, 102]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("no count", b"\x01"),
        ("ends in a kind", b"\x01\x00\xff\xc8"),
        ("ends in a payload", packed_bits(f"{KIND} 00000000 00 000 0000 00000101")),
        ("a byte behind the last record", packed_bits(f"{LIST} 0 11111111 00000111") + b"\x00"),
        ("ones behind the last record", packed_bits(f"{LIST} 0 11111111 00000111 1")),
        ("a kind nobody introduced", packed_bits("0")),
        ("a place nobody has", packed_bits(f"{LIST} 0 11111111 00000111", "0 0 10")),
        ("a parameter that is none", packed_bits(f"{KIND} 00000001 00 000 0000 00 1110 00000000 0")),
        ("a time's parameter that is none", packed_bits(f"{KIND} 00000001 00 000 1110 00 0000 00000000 0")),
        ("a way that is none", packed_bits(f"{KIND} 00000001 11 000 0000 00 0000 00000000 0")),
        ("it follows, and lasts no time", packed_bits(f"{KIND} 00000000 10 000 0000 00000000 0")),
        ("more than a record holds", packed_bits(f"{KIND} 10000000 00 000 0000" + "10 0000" * 128 + "0" * 2049)),
        ("256 in a byte", packed_bits(f"{BYTE} 0 11111111", "0 0 110")),
        ("-1 in a byte", packed_bits(f"{BYTE} 0 00000000", "0 0 10")),
        ("days from its base", packed_bits(f"{BYTE} 11111111 {'1' * 30} 00000000")),
    ],
)
def test_what_cannot_be_is_refused(what: str, body: bytes) -> None:
    with pytest.raises(RemoteError):
        list(packed.split(body))


def test_both_interpreters_pack_alike(micropython: Interpreter) -> None:
    told = list(packed_story.story())
    assert all(line.endswith("ok") for line in told)
    micropython.put("/lib/packed_story.py", Path(packed_story.__file__).read_bytes())
    assert micropython.run("import packed_story\nfor line in packed_story.story(): print(line)").splitlines() == told


def test_frames_packed_before_still_read_the_same() -> None:
    """A brace goes on packing as it was taught; golden frames are only ever added to."""
    lines = [line for line in (GOLDEN / "packed.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        name, hexes, told = line.split("\t")
        records = [one.split(" ") for one in told.split(";")]
        expected = [(n, int(kind), int(ms), bytes.fromhex(hx)) for n, (kind, ms, hx) in enumerate(records)]
        assert packed_story.read(bytes.fromhex(hexes)) == expected, name


@pytest.mark.parametrize("name", WALKS)
def test_frames_as_they_are_packed_now_are_golden(name: str, golden: Callable[[str, str], None]) -> None:
    records = WALKS[name]
    told = ";".join(f"{kind} {ms} {payload.hex()}" for kind, ms, payload in records)
    golden("packed.txt", f"{name}\t{packed_story.frames(records).hex()}\t{told}")


@given(st.lists(ANY, min_size=1, max_size=60))
def test_any_records_come_back(records: list[tuple[int, int, bytes]]) -> None:
    assert packed_story.read(packed_story.frames(records)) == [(n, *row) for n, row in enumerate(records)]


@given(st.binary(max_size=200))
def test_no_body_can_break_the_reader(body: bytes) -> None:
    try:
        for number, _, payload in packed.split(body):
            assert 0 <= number <= 255 and len(payload) <= 510
    except RemoteError:
        pass


def test_a_record_from_before_its_boot_is_no_record() -> None:
    body = packed_bits(f"{BYTE} 0 00000111", f"0 11111111 {'0' * 28}11 0")
    assert [at_ms for _, at_ms, _ in packed.split(body)] == [0, -2]
    buffer = bytearray(bytes(frame.HEADER) + body + bytes(frame.TRAILER))
    for base_ms, times in ((1, [1]), (2, [2, 0])):
        size = frame.seal(buffer, len(body), 1, 0, base_ms, frame.MAGIC_PACKED)
        assert [one.at_ms for one in Session(0).feed(bytes(buffer[:size]))] == times


@pytest.mark.parametrize("damage", [0, 7, 15, 40, 90])
def test_a_damaged_frame_is_a_gap_and_the_next_is_read(damage: int) -> None:
    records = packed_story.made(300, 5)
    data = packed_story.frames(records, 600)
    sizes = [one.first_sequence for one in frame.Reader().feed(data)]
    assert len(sizes) > 3
    torn = bytearray(data)
    torn[damage] ^= 0x10
    session = Session(0)
    found = session.feed(bytes(torn)) + session.finish()
    assert [one.sequence for one in found] == list(range(sizes[1], len(records)))
    assert session.gaps == [(0, sizes[1])]
