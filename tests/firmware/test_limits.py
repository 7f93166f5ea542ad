"""How often and how long: what one host, known or not, can take from a brace before it is somebody else's turn."""

import struct

import pytest
from firmware.radio_story import CONNECTED, CONTROL, DISCONNECTED, ENCRYPTED, INDICATED, PEER, SET_SECRET, Board

from talus.wire import gatt

SET_CLOCK = b"\x84\x00" + struct.pack("<IHIHH", 99000, 0, 5, 400, 12)
COMMIT, UNDO, BEGIN_SET = b"\x88\x00" + bytes(4), b"\x89\x00" + bytes(8), b"\x8c\x00\x00"
DONE, TOO_OFTEN = 0x01, 0x88
MINUTE_MS = 60_000


class Busy(Board):
    """Each set of an exercise it is asked for begins."""

    def begin_set(self, exercise: int) -> int:
        return DONE


def met() -> Busy:
    board = Busy()
    board.radio.open_pairing()
    board.pair()
    return board


def result(board: Board, request: bytes) -> int:
    told = board.ask(request)
    assert told is not None and told[2] == request[0]
    return int(told[3])


def leaves(board: Board) -> None:
    board.fire(DISCONNECTED, 5, 1, PEER[1:])
    board.poll()


def test_a_host_gone_wrong_makes_forty_clock_records_and_then_four_a_minute() -> None:
    board = met()
    results = [result(board, SET_CLOCK) for _ in range(500)]
    assert results == [DONE] * 40 + [TOO_OFTEN] * 460
    assert len(board.told) == 40
    for minute in range(1, 6):
        for _ in range(12):
            board.poll(5000)
            result(board, SET_CLOCK)
        assert len(board.told) == 40 + 4 * minute
    board.poll(24 * 60 * MINUTE_MS)
    assert board.bluetooth.gone == [5], "a day without a word is longer than it waits"


def test_a_new_connection_makes_no_new_allowance() -> None:
    board = met()
    for _ in range(40):
        result(board, SET_CLOCK)
    leaves(board)
    board.radio.open_pairing()
    board.pair()
    assert result(board, SET_CLOCK) == TOO_OFTEN
    board.poll(10 * MINUTE_MS)
    assert [result(board, SET_CLOCK) for _ in range(41)] == [DONE] * 40 + [TOO_OFTEN], "never more than forty running"


@pytest.mark.parametrize("request_", [SET_CLOCK, COMMIT, UNDO, BEGIN_SET], ids=lambda one: hex(one[0]))
def test_whatever_makes_a_record_or_a_file_counts(request_: bytes) -> None:
    board = met()
    first = [result(board, request_) for _ in range(40)]
    assert TOO_OFTEN not in first
    assert result(board, request_) == result(board, SET_CLOCK) == TOO_OFTEN


def test_what_only_reads_is_never_refused_for_its_number() -> None:
    board = met()
    for _ in range(40):
        result(board, SET_CLOCK)
    for _ in range(200):
        assert board.ask(b"\x82\x00" + bytes(8))[:2] == b"\x83\x00"  # type: ignore[index]
        assert board.ask(b"\x04\x03" + bytes(4)) == bytes.fromhex("050040000000")
        assert result(board, b"\x81\x00\x40\x00\x00\x00") == DONE


def test_a_flood_of_malformed_writes_is_dropped_and_counted_and_the_rest_answered() -> None:
    board = met()
    for _ in range(1000):
        board.write(b"\xff" * 20)
    for _ in range(20):
        board.poll()
        board.fire(INDICATED, 5, CONTROL, 0)
    assert board.bluetooth.indicated == [bytes.fromhex("0600ff02") + bytes(8)] * 8
    assert board.radio.failures == 992 and board.bluetooth.gone == []
    assert result(board, SET_CLOCK) == DONE


def silent_ms(board: Board) -> int:
    """How long a stranger that says nothing may stay."""
    before, waited = len(board.bluetooth.gone), 0
    board.fire(CONNECTED, 5, 1, memoryview(PEER)[1:])
    board.poll()
    while len(board.bluetooth.gone) == before:
        board.poll(100)
        waited += 100
    return waited


def test_who_comes_again_and_again_and_says_nothing_has_less_time_each_time() -> None:
    board = Board()
    assert [silent_ms(board) for _ in range(4)] == [30100, 15100, 7600, 7600]
    board.radio.open_pairing()
    assert silent_ms(board) == 30100, "a person at the button gets it all"
    board.poll(MINUTE_MS)
    board.radio.open_pairing()
    board.pair()
    leaves(board)
    assert silent_ms(board) == 30100, "and so it is after somebody known was there"


def test_pairing_again_and_again_outside_the_window_writes_nothing() -> None:
    board = met()
    leaves(board)
    opened: list[tuple[str, str]] = []
    reading = board.files.open

    def noted(path: str, mode: str = "r") -> object:
        opened.append((path, mode))
        return reading(path, mode)

    board.files.open = noted
    for attempt in range(50):
        board.connect()
        board.fire(ENCRYPTED, 5, 1, 0, 1, 16)
        for kind in (1, 2):
            assert not board.fire(SET_SECRET, kind, memoryview(bytes([attempt]) * 7), memoryview(b"theirs"))
        board.poll()
        assert len(board.bluetooth.gone) == attempt + 1, "sent away at once"
        leaves(board)
    assert [one for one in opened if "w" in one[1]] == [] and board.radio.failures == 0


def test_a_known_host_that_only_stays_gives_its_place_up() -> None:
    board = met()
    for _ in range(20):
        board.poll(10 * MINUTE_MS)
        board.ask(b"\x04\x03" + bytes(4))
    assert board.bluetooth.gone == [], "one that asks stays"
    board.poll(15 * MINUTE_MS + 1)
    assert board.bluetooth.gone == [5]
    watched = met()
    watched.live = type("Live", (), {"piece": None})()
    for _ in range(10):
        watched.poll(10 * MINUTE_MS)
    assert watched.bluetooth.gone == [], "and so does one that watches"


def test_every_limit_has_words() -> None:
    assert gatt.RESULTS[TOO_OFTEN] == "asked too often: wait a minute"
