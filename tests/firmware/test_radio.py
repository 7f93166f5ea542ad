"""The firmware's radio, with its control handling, told on both interpreters through its interrupts."""

import datetime
import struct
from pathlib import Path

from firmware import radio_story
from hypothesis import given
from hypothesis import strategies as st

from talus.bonds import HOSTS_MAX, Bonds
from talus.control import current_time
from talus.wire import gatt
from talus_twin.board.files import MemoryFiles
from talus_twin.board.interpreter import Interpreter


def test_the_story_holds_on_cpython() -> None:
    lines = radio_story.story()
    assert [line for line in lines if line.endswith("WRONG")] == []
    assert len(lines) > 60


def test_micropython_tells_the_same_story(micropython: Interpreter) -> None:
    micropython.put("/lib/radio_story.py", Path(radio_story.__file__).read_bytes())
    told = micropython.run("import radio_story\nfor line in radio_story.story(): print(line)").splitlines()
    assert told == radio_story.story()


IDLE = """
import micropython, radio_story
board = radio_story.Board()
def passes():
    micropython.heap_lock()
    try:
        for _ in range(100):
            board.radio.poll(100000)
    finally:
        micropython.heap_unlock()
passes()
board.radio.open_pairing()
board.pair()
passes()
print(board.radio.authorised, board.radio.failures)
"""


def test_a_pass_with_nothing_to_do_allocates_nothing(micropython: Interpreter) -> None:
    """Advertising, and with a welcome host that asks nothing: on the 32-bit build, with the heap locked."""
    micropython.put("/lib/radio_story.py", Path(radio_story.__file__).read_bytes())
    assert micropython.run(IDLE).split() == ["True", "0"]


@given(st.binary(max_size=gatt.CONTROL_MAX + 1))
def test_every_write_is_read_or_refused(data: bytes) -> None:
    """Whatever comes: a result of the table, and operands only where all bytes are accounted for."""
    result, operand = gatt.parse_request(data)
    assert result == gatt.SUCCESS or (result in gatt.RESULTS and operand == ())
    if result == gatt.SUCCESS:
        assert gatt.request(data[0], *operand) == data


@given(st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2200, 1, 1)))
def test_current_time_is_the_calendars(when: datetime.datetime) -> None:
    utc_ms = round((when - datetime.datetime(1970, 1, 1)).total_seconds() * 1000)
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=utc_ms)
    date, clock = (when.month, when.day), (when.hour, when.minute, when.second)
    fraction = when.microsecond // 1000 * 256 // 1000
    assert current_time(utc_ms) == struct.pack("<H8B", when.year, *date, *clock, when.isoweekday(), fraction, 0)


def test_a_torn_bond_file_is_nobodys_bond() -> None:
    files = MemoryFiles()
    bonds = Bonds(files, "/bonds")
    bonds.set(1, b"a", b"secret")
    bonds.save()
    whole = files.kept["bonds"]
    assert Bonds(files, "/bonds").get(1, b"a") == b"secret"
    for cut in range(len(whole)):
        files.kept["bonds"] = whole[:cut]
        assert len(Bonds(files, "/bonds")) == 0


def test_twelve_hosts_fit_whole_beside_the_stacks_own_secret_and_nobody_is_pushed_out() -> None:
    bonds = Bonds()
    assert bonds.set(10, b"irk", b"own")
    for host in range(HOSTS_MAX):
        assert bonds.set(1, bytes([host]), b"ours")
        assert bonds.set(2, bytes([host]), b"theirs")
    assert not bonds.set(1, b"one more", b"ours")
    assert not bonds.set(2, b"one more", b"theirs")
    assert bonds.set(1, b"\0", b"anew")  # who is known may pair again
    assert (bonds.get(2, b"\0"), bonds.get(10, b"irk")) == (b"theirs", b"own")
