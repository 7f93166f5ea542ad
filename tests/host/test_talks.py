"""This host and braces of other versions, as golden talks have them: read, or refused in a line."""

import asyncio

import pytest
from host.a_talk import GOLDEN, OldBrace, Talk
from twin.a_brace import Shelf

from talus.wire import gatt, kinds, record
from talus_host.collect import Collected, collect
from talus_host.errors import NotUnderstoodError, RefusedError
from talus_host.link import parting

BEFORE, NEWER = "talk_before_packing.txt", "talk_of_a_newer_brace.txt"


def synced(brace: OldBrace, shelf: Shelf) -> Collected:
    return asyncio.run(collect(brace.link, shelf, clock=lambda: 1_800_000_000_000))


@pytest.mark.parametrize("name", [path.name for path in sorted(GOLDEN.glob("talk_*.txt"))])
def test_every_record_of_another_version_is_kept_as_it_came(name: str) -> None:
    talk, shelf = Talk(name), Shelf()
    done = synced(OldBrace(talk), shelf)
    assert shelf.records() == talk.records and len(talk.records) > 2
    assert (done.records, done.gaps, done.skipped, done.octets) == (len(talk.records), [], 0, len(talk.pieces()))
    assert done.clock is not None


def test_an_older_brace_is_asked_to_pack_once_and_then_sends_plainly() -> None:
    brace = OldBrace(Talk(BEFORE))
    synced(brace, Shelf())
    asked = [data[0] for data in brace.written if data[0] not in (gatt.TIME, gatt.SET_CLOCK)]
    assert [one for one in asked if one in (gatt.REPORT_PACKED, gatt.REPORT)] == [gatt.REPORT_PACKED, gatt.REPORT]
    assert asked[-1] == gatt.ACKNOWLEDGE


def test_what_only_newer_braces_do_is_refused_in_words() -> None:
    brace = OldBrace(Talk(BEFORE))
    with pytest.raises(RefusedError, match="firmware cannot forget one computer, and nothing was changed"):
        asyncio.run(parting.ask(brace.link))


def test_of_a_newer_record_the_known_fields_are_read_and_of_a_newer_kind_its_bytes() -> None:
    shelf = Shelf()
    synced(OldBrace(Talk(NEWER)), shelf)
    wear, strange, stumble = shelf.records()
    assert record.read(wear.kind, wear.payload)[1] == (1, 12, 3)
    assert record.read(strange.kind, strange.payload) == (None, b"\x05\x06")
    assert record.read(stumble.kind, stumble.payload)[1] == (3, 250, 5)
    assert gatt.unpack_info(Talk(NEWER).infos[0])["layout"] == 0xDEADBEEF != kinds.digest()


@pytest.mark.parametrize("name", [BEFORE, NEWER])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda info: b"\x02" + info[1:], "the brace speaks protocol 2, this program 1: bring"),
        (lambda info: b"\x00" + info[1:], "the brace speaks protocol 0, this program 1: bring"),
        (lambda info: info[:40], r"the brace's state: info has 40 bytes where \d+ belong"),
    ],
)
def test_a_protocol_that_is_not_ours_is_refused_before_anything_is_asked(name: str, spoil: object, said: str) -> None:
    talk, shelf = Talk(name), Shelf()
    brace = OldBrace(talk, spoil(talk.infos[0]))  # type: ignore[operator]
    with pytest.raises(NotUnderstoodError, match=said) as caught:
        synced(brace, shelf)
    assert "\n" not in str(caught.value)
    assert brace.written == [] and shelf.held == {} and shelf.puts == []
