"""The power goes inside every single program and erase of an hour of journal, on a real littlefs: the volume mounts,
every flushed record is whole and there once, and the sequence goes on."""

from talus.journal import Journal
from talus.wire import frame, kinds, record
from talus_twin.board.flash import LittleFiles, NorFlash, PowerCut
from talus_twin.board.wearing import stream_of

STRIDE, MINUTE = kinds.BY_NAME["stride"], kinds.BY_NAME["minute"]
MINUTES = 60
STRIDES = 20
FLASH_BYTES = 256 << 10


def dice(count: int) -> bytes:
    return bytes(range(count))


def minute(journal: Journal, number: int) -> None:
    """What a minute keeps: its strides and itself, then one flush; every value tells which record it is."""
    for stride in range(STRIDES):
        values = [number, stride, 0] + [None] * (len(STRIDE.fields) - 3)
        journal.append(STRIDE, number * 60_000 + stride * 1_000, values)
    journal.append(MINUTE, number * 60_000, [1, 0, STRIDES] + [None] * (len(MINUTE.fields) - 3))
    journal.flush()


def live(flash: NorFlash) -> int:
    """Write MINUTES; returns how many minutes were flushed before the power went."""
    flushed = 0
    try:
        journal = Journal(LittleFiles(flash), "/log", dice)
        for number in range(MINUTES):
            minute(journal, number)
            flushed = number + 1
    except PowerCut:
        pass
    return flushed


def told(journal: Journal) -> list[tuple[int, str, int]]:
    """(sequence, kind, first value) of every record that can be read back."""
    reader = frame.Reader()
    found = []
    for one in reader.feed(stream_of(journal)) + reader.finish():
        for index, (number, _, payload) in enumerate(record.split(one.body)):
            kind, values = record.read(number, payload)
            found.append((one.first_sequence + index, kind.name, values[0]))
    assert reader.skipped == 0, "a torn frame was given out"
    return found


def test_no_cut_costs_a_flushed_record() -> None:
    whole = NorFlash(FLASH_BYTES)
    assert live(whole) == MINUTES
    operations = whole.programs + whole.erases
    assert operations > 1000
    for cut in range(operations):
        flash = NorFlash(FLASH_BYTES)
        flash.cut_after = cut
        flushed = live(flash)
        flash.restore()
        after = Journal(LittleFiles(flash), "/log", dice)
        minute(after, 99)
        found = told(after)
        sequences = [sequence for sequence, _, _ in found]
        assert sequences == sorted(set(sequences)), f"cut {cut}: a sequence came twice"
        strides = [value for _, kind, value in found if kind == "stride"]
        kept = len(strides) // STRIDES - 1
        assert kept in (flushed, flushed + 1), f"cut {cut}: {flushed} minutes were flushed, {kept} are there"
        expected = [number for number in (*range(kept), 99) for _ in range(STRIDES)]
        assert strides == expected, f"cut {cut}: a minute is torn"
