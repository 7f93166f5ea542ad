"""Packed frames: one worked out by hand, the same on both interpreters, whole for any record, broken by no body."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import cases, packed_story

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


def test_a_frame_by_hand() -> None:
    """Two stumbles: (side 3, 250, 5) 3 ms after the base, and 1000 ms later one whose middle is unknown."""
    bits = (
        "1" "00001000" "1"  # another kind, 8, and a new one
        "00000011" "0" "1" "0" "0"  # three fields of 1, 2 and 1 bytes; it does not follow
        "0" "110"  # 3 ms: 6 zigzag, below 8, k is 3
        "0" "110"  # 3: 6
        "111111111111" "0" "000000111110100"  # 250: 500 is twelve eights and more, so the number itself
        "10" "010"  # 5: 10 is one eight and two
        "0"  # the same kind
        "111111111111" "000000000000000" "000011111001010"  # 1000 ms after 6 expected (3 and a step of 3): 997, 1994
        "0" "00"  # 3 again: the mean fell below eight, so k is 2
        "111111111111" "0" "000000111110101"  # 65535 after 250 is 251 back: 501, fifteen of 32 though k is 5 by now
        "0" "000"
    )  # fmt: skip
    body = bytearray(2048)
    packer = packed.Packer(body)
    packer.begin(1, 7, 0)
    assert packer.add(STUMBLE, 3, bytes.fromhex("03fa0005"))
    assert packer.add(STUMBLE, 1003, bytes.fromhex("03ffff05"))
    size = packer.seal()
    found, _ = frame.parse(bytes(body[:size]))
    assert found is not None and found.packed and found.first_sequence == 7
    told = "".join(f"{byte:08b}" for byte in found.body[2:])
    assert told[: len(bits)] == bits, f"{told}\n{bits}"
    assert set(told[len(bits) :]) <= {"0"} and len(told) - len(bits) < 8
    assert list(packed.split(found.body)) == [
        (STUMBLE, 3, bytes.fromhex("03fa0005")),
        (STUMBLE, 1003, bytes.fromhex("03ffff05")),
    ]


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
