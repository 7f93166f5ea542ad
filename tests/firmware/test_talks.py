"""This brace and hosts of other versions: what an old host wrote, as a golden talk has it, gets what it got then."""

import binascii
import struct

import pytest
from firmware import radio_story
from host.a_talk import Talk

from talus.bonds import Bonds
from talus.journal import Journal
from talus.radio import Radio
from talus.settings import Settings
from talus.wire import frame, gatt, kinds, record
from talus_twin.board.files import MemoryFiles

BEFORE = "talk_before_packing.txt"
SINCE = (gatt.REPORT_PACKED, gatt.FORGET, gatt.WATCH)  # what no brace of then knew


class Board(radio_story.Board):
    """The board of then: clock, ids and records as in the talk, whatever fields records have grown since."""

    def __init__(self, talk: Talk) -> None:
        self.ms, self.told, self.forgotten = 100000, [], 0
        self.now, self.live = self, None
        self.settings, self.files, self.bluetooth = Settings(), MemoryFiles(), radio_story.Recorder()
        self.journal = Journal(self.files, "/log", lambda n: bytes(range(n)))
        for one in talk.records:
            kind = kinds.BY_NUMBER[one.kind]
            self.journal.append(kind, one.at_ms, record.unpack(kind, one.payload))
        self.journal.flush()
        self.bonds = Bonds(self.files, "/bonds")
        self.radio = Radio(self.bluetooth, self.journal, self, self, self.bonds, 500)
        self.radio.start()
        self.poll()
        self.radio.open_pairing()
        self.pair()

    def asked(self, data: bytes) -> tuple[list[bytes], bytes | None]:
        """(pieces of Log, the answer)"""
        before = len(self.bluetooth.sent)
        told = self.ask(data)
        return self.bluetooth.sent[before:], told


def test_an_old_host_gets_what_it_got_then() -> None:
    talk = Talk(BEFORE)
    board, sent = Board(talk), b""
    assert same_info(board, talk.infos[0])
    for asked, came in talk.turns:
        if asked[0] in SINCE:
            continue
        pieces, told = board.asked(asked)
        answers = [what for mark, what in came if mark == "<"]
        sent += b"".join(pieces)
        if pieces:  # a record may have grown since, and the report with it
            end = struct.pack("<II", len(sent), binascii.crc32(sent) & 0xFFFFFFFF)
            answers = [answers[0][:4] + end]
        assert [told] == (answers or [None]), asked.hex()
    board.poll(1000)
    board.poll()
    assert same_info(board, talk.infos[1])
    frames = frame.Reader().feed(sent)
    assert frames and not any(one.packed for one in frames), "a host that never asks for packed frames gets plain ones"
    told = [(one.base_ms + ms, kind, bytes(payload)) for one in frames for kind, ms, payload in record.split(one.body)]
    assert [one[:2] for one in told] == [(one.at_ms, one.kind) for one in talk.records]
    assert all(now[2].startswith(then.payload) for now, then in zip(told, talk.records, strict=True))


def same_info(board: Board, then: bytes) -> bool:
    """Every byte of Info as it was, but the layouts' digest; it may have grown behind."""
    now = board.bluetooth.values[radio_story.INFO]
    at = struct.calcsize("<BBQQ")
    return bool(now[:at] + now[at + 4 : len(then)] == then[:at] + then[at + 4 :])


NEWEST = max(row[0] for row in gatt.REQUESTS)


@pytest.mark.parametrize("operand", [b"", b"\x00", b"\x00\x01", bytes(18)])
@pytest.mark.parametrize("opcode", [0x02, 0x07, 0x7F, NEWEST + 1, 0xFE])
def test_a_newer_host_is_told_what_this_brace_cannot_and_goes_on(opcode: int, operand: bytes) -> None:
    board = Board(Talk(BEFORE))
    request = bytes((opcode,)) + operand
    assert board.asked(request) == ([], bytes((0x06, 0, opcode, 0x02)) + bytes(8)), "opcode not supported"
    assert board.asked(b"\x04\x03\x00\x00\x00\x00") == ([], bytes.fromhex("050007000000")), "and it serves on"


@pytest.mark.parametrize("row", gatt.REQUESTS, ids=lambda row: hex(row[0]))
def test_a_request_that_has_grown_is_refused_and_changes_nothing(row: tuple[int, int, str, int | None, str]) -> None:
    board = Board(Talk(BEFORE))
    longer = bytes(row[:2]) + bytes(struct.calcsize("<" + row[2]) + 1)
    before = board.bonds.get(1, radio_story.PEER), board.journal.next, board.journal.acknowledged
    assert board.asked(longer) == ([], bytes((0x06, 0, row[0], 0x05)) + bytes(8)), "operand not valid"
    assert (board.bonds.get(1, radio_story.PEER), board.journal.next, board.journal.acknowledged) == before
    assert board.told == [] and not board.radio._control.reporting


def test_settings_of_another_version_are_not_written() -> None:
    board = Board(Talk(BEFORE))
    for request in (b"\x85\x00\x39\x30\x00\x00", b"\x89\x00\x39\x30\x00\x00\x00\x00\x00\x00"):
        _, told = board.asked(request)
        assert told is not None and told[3] == 0x82, "another version of the settings"
    assert board.settings.digest == Settings().digest
