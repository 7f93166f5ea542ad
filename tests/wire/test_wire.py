"""The shared language says the same on CPython and on MicroPython, from one table of cases."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import cases

from talus.wire import clock, frame, kinds, record
from talus.wire.errors import RemoteError
from talus_twin.board.interpreter import Interpreter

GOLDEN = Path(__file__).parents[1] / "golden"


def test_every_case_holds_on_cpython() -> None:
    wrong = [line for line in cases.story() if line.endswith("WRONG")]
    assert wrong == []


def test_micropython_tells_the_same_story(micropython: Interpreter) -> None:
    micropython.put("/lib/cases.py", Path(cases.__file__).read_bytes())
    told = micropython.run("import cases\nfor line in cases.story(): print(line)").splitlines()
    assert told == cases.story()


def test_every_kind_has_a_case() -> None:
    assert {kind.name for kind in kinds.KINDS} == {row[0] for row in cases.CASES}


def test_a_stride_and_a_minute_fit_their_flash() -> None:
    assert record.HEADER + kinds.BY_NAME["stride"].size <= 32
    assert record.HEADER + kinds.BY_NAME["minute"].size <= 44


def test_frames_written_before_still_read_the_same() -> None:
    """Golden frames are only ever added to; a record may since have grown fields at its end."""
    lines = (GOLDEN / "frames.txt").read_text().splitlines()
    assert lines
    for line in lines:
        name, boot, first, base_ms, hexes, values = line.split("\t")
        found, _ = frame.parse(bytes.fromhex(hexes))
        assert found is not None, name
        assert (found.boot, found.first_sequence, found.base_ms) == (int(boot), int(first), int(base_ms))
        seen = [record.read(number, payload) for number, _, payload in record.split(found.body)]
        assert [kind.name for kind, _ in seen] == [name]
        expected = eval(values, {"__builtins__": {}})
        assert seen[0][1][: len(expected)] == expected


def test_every_kind_as_it_is_now_has_a_golden_frame(golden: Callable[[str, str], None]) -> None:
    """So that whatever grows next is held to what was before it."""
    lines = [line.split("\t") for line in (GOLDEN / "frames.txt").read_text().splitlines()]
    held = {(line[0], len(eval(line[5], {"__builtins__": {}}))) for line in lines}
    for name, _, values, hexes in cases.CASES:
        if (name, len(values)) not in held:
            held.add((name, len(values)))
            whole = cases.framed([hexes[:4] + "0000" + hexes[8:]], boot=1, first=0, base_ms=1000).hex()
            golden("frames.txt", "\t".join((name, "1", "0", "1000", whole, repr(values))))


def test_the_layout_only_grows(golden: Callable[[str, str], None]) -> None:
    """Every row ever published is still there, at its place in its kind."""
    for row in kinds.table_text().splitlines():
        golden("layout.txt", row)
    now: dict[str, list[str]] = {}
    for row in kinds.table_text().splitlines():
        now.setdefault(row.split(" ")[0], []).append(row)
    for number, rows in _by_kind((GOLDEN / "layout.txt").read_text()).items():
        assert now[number][: len(rows)] == rows


def _by_kind(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in text.splitlines():
        found.setdefault(row.split(" ")[0], []).append(row)
    return found


def test_kind_numbers_and_names_are_used_once() -> None:
    assert len({kind.number for kind in kinds.KINDS}) == len({kind.name for kind in kinds.KINDS}) == len(kinds.KINDS)


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=30))
def test_any_cut_of_the_stream_gives_the_same_frames(noise: bytes, cuts: list[int]) -> None:
    stream = cases.framed([row[3] for row in cases.CASES[:5]]) + noise + cases.framed([cases.CASES[5][3]], first=5)
    whole = frame.Reader()
    expected = cases.told(whole.feed(stream) + whole.finish())
    reader = frame.Reader()
    found, at = [], 0
    for cut in cuts:
        found += reader.feed(stream[at : at + cut])
        at += cut
    found += reader.feed(stream[at:]) + reader.finish()
    assert cases.told(found) == expected
    assert reader.skipped == whole.skipped


@given(st.binary(max_size=80))
def test_no_body_can_break_the_splitter(body: bytes) -> None:
    try:
        parts = list(record.split(body))
    except RemoteError:
        return
    assert sum(record.HEADER + len(payload) for _, _, payload in parts) == len(body)


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.name)
def test_struct_agrees_with_the_rows(kind: kinds.Kind) -> None:
    """Python's own struct, told the row's codes in one format, finds the same width."""
    codes = "".join(row[1] for row in kind.fields if row[1] != "*")
    assert struct.calcsize("<" + codes) == kind.size


@given(st.integers(0, 10**13), st.integers(0, 10**9), st.integers(0, 400), st.integers(0, 50), st.integers(0, 400))
def test_the_true_offset_lies_within_the_uncertainty(utc: int, boot_ms: int, out: int, stay: int, back: int) -> None:
    """Physics: the host's clock reads offset + brace's clock; the way there takes `out`, the way back `back` ms."""
    offset, unsure = clock.exchange(
        utc + boot_ms, boot_ms + out, boot_ms + out + stay, utc + boot_ms + out + stay + back
    )
    assert abs(offset - utc) <= unsure


def test_the_best_exchange_is_the_one_least_delayed() -> None:
    assert clock.best([(10, 9), (12, 3), (11, 5)]) == (12, 3)
    assert clock.best([]) is None
