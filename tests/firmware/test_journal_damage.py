"""Flash that wears out, fills up or loses bits: one bad record or frame never costs the file, and what is lost is
counted as far as anybody can know."""

import random
import struct
from contextlib import suppress

import pytest
from firmware.cutting import Found, dice, values_of

from talus import journal as journal_module
from talus.journal import Journal
from talus.recovery import SMALLEST
from talus.wire import frame, kinds
from talus_twin.board.files import MemoryFiles
from talus_twin.board.flash import LittleFiles, NorFlash
from talus_twin.board.memory import Memory

STRIDE, WEAR = kinds.BY_NAME["stride"], kinds.BY_NAME["wear"]
FRAMES, RECORDS = 5, 7


def begin(files: object, memory: Memory | None = None) -> Journal:
    return Journal(files, "/log", dice, memory)


def written() -> tuple[MemoryFiles, str, int]:
    """Five frames of seven records: the files, the segment's name, and a frame's size."""
    files = MemoryFiles()
    journal = begin(files)
    for number in range(FRAMES):
        for index in range(RECORDS):
            journal.append(STRIDE, number * 60_000 + index, values_of("stride"))
        journal.flush()
    name, *_ = sorted(name for name in files.kept if name.endswith(".seg"))
    return files, name, len(files.kept[name]) // FRAMES


def damage(files: MemoryFiles, name: str, at: int, data: bytes) -> None:
    kept = bytearray(files.kept[name])
    kept[at : at + len(data)] = data
    files.kept[name] = bytes(kept)


def goes_on(journal: Journal) -> Found:
    journal.append(WEAR, 1, values_of("wear"))
    journal.flush()
    return Found(journal, damaged=True)


# (what is spoilt, where from the last frame's start, with what, sequences skipped and told)
TAILS = (
    ("a payload", 30, b"\xaa", RECORDS),
    ("its checksum", -1, b"\x00\x01", RECORDS),
    ("its magic", 0, b"\x00\x00", None),
    ("its length", 2, b"\xff\xff", None),
    ("a record's length", frame.HEADER + 1, b"\xff", None),
    ("its sequence", 6, b"\x09", None),
)


@pytest.mark.parametrize(("what", "at", "data", "lost"), TAILS, ids=[row[0] for row in TAILS])
def test_a_damaged_last_frame_is_counted_as_far_as_it_can_be_known(
    what: str, at: int, data: bytes, lost: int | None
) -> None:
    files, name, size = written()
    damage(files, name, (FRAMES - 1) * size + at if at >= 0 else FRAMES * size - 2, data)
    found = goes_on(begin(files))
    first = (FRAMES - 1) * RECORDS
    most = size // SMALLEST + 1
    ((told, behind),) = found.lost
    assert told == first
    assert behind - told == (lost or most), "the records' heads tell how many there were, or its size how many at most"
    assert found.sequences == [*range(first), behind, behind + 1], "no sequence is used twice"


def test_damage_before_a_whole_frame_skips_nothing() -> None:
    files, name, size = written()
    damage(files, name, 2 * size + 5, b"\xaa" * (size + 20))
    found = goes_on(begin(files))
    assert found.lost == []
    assert found.sequences == [*range(2 * RECORDS), *range(4 * RECORDS, 5 * RECORDS + 1)]


def test_the_tail_in_memory_knows_what_damage_hides() -> None:
    files, memory = MemoryFiles(), Memory()
    journal = begin(files, memory)
    for index in range(2 * RECORDS):
        if index == RECORDS:
            journal.flush()
        journal.append(STRIDE, index, values_of("stride"))
    (name,) = [name for name in files.kept if name.endswith(".seg")]
    damage(files, name, 0, b"\x00\x00")
    found = goes_on(begin(files, memory))
    assert found.lost == [(0, RECORDS)]
    assert found.sequences == list(range(RECORDS, 2 * RECORDS + 2))


def test_a_folder_that_cannot_be_read_costs_its_records_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 250)
    files, _, _ = written()
    folders = [name for name in files.listdir("/log") if name != "meta"]
    assert len(folders) == 2
    listed = files.listdir

    def listdir(path: str = "/") -> list[str]:
        if path.endswith(folders[1]):
            raise OSError(84)
        return listed(path)

    files.listdir = listdir  # type: ignore[method-assign]
    journal = begin(files)
    most = 4 * 250 // SMALLEST
    assert journal.next >= int(folders[1], 16) + most
    found = goes_on(journal)
    assert found.sequences[: 4 * RECORDS] == list(range(4 * RECORDS))
    assert found.untold(4 * RECORDS, journal.next) == [], "what may have been in it is told"


@pytest.mark.parametrize("seed", range(8))
def test_any_damage_anywhere_costs_what_it_covers(seed: int) -> None:
    """Every frame whose bytes are whole is given out, and no sequence twice, whatever lies between."""
    dice = random.Random(seed)
    files, name, size = written()
    spoilt = set()
    for _ in range(dice.randrange(1, 4)):
        at, length = dice.randrange(FRAMES * size), dice.randrange(1, 60)
        damage(files, name, at, bytes(dice.randrange(256) for _ in range(length)))
        spoilt |= {at // size, min(FRAMES - 1, (at + length - 1) // size)}
    found = goes_on(begin(files))
    whole = [n for n in range(FRAMES * RECORDS) if n // RECORDS not in spoilt]
    assert [n for n in found.sequences if n in whole] == whole
    assert found.sequences == sorted(set(found.sequences))


def test_bytes_with_every_magic_in_them_are_read_in_time() -> None:
    files, name, _ = written()
    files.kept[name] += struct.pack("<H", frame.MAGIC) * 3000
    assert goes_on(begin(files)).sequences[: FRAMES * RECORDS] == list(range(FRAMES * RECORDS))


def minutes(journal: Journal, count: int, first: int = 0) -> list[int]:
    """Keep them; returns the ms of every record."""
    kept = []
    for number in range(first, first + count):
        for index in range(20):
            kept.append(number * 60_000 + index)
            journal.append(STRIDE, kept[-1], values_of("stride"))
        with suppress(OSError):  # held, and tried again with the next
            journal.flush()
    return kept


@pytest.mark.parametrize("seed", range(6))
def test_blocks_that_wear_out_cost_no_record(seed: int) -> None:
    """Ten blocks of 64 die, one after another, in use: their programs fail verification, or their erases are errors."""
    flash = NorFlash(64 * 4096)
    journal = begin(LittleFiles(flash))
    blocks = random.Random(seed).sample(range(2, 64), 10)
    kept = []
    for number, block in enumerate(blocks):
        kept += minutes(journal, 12, 12 * number)
        (flash.dead if number % 2 else flash.refusing).add(block)
    kept += minutes(journal, 12, 12 * len(blocks))
    journal.flush()
    found = Found(journal)
    assert found.times == kept and found.lost == []
    flash.dead.clear()
    flash.refusing.clear()
    assert Found(begin(LittleFiles(flash))).times == kept


def test_a_disk_that_others_filled_holds_the_frame_and_goes_on() -> None:
    flash = NorFlash(64 * 4096)
    files = LittleFiles(flash)
    journal = begin(files)
    kept = minutes(journal, 3)
    with files.open("/other", "wb") as other:
        other.write(bytes(files.free() - 3 * 4096))
    with pytest.raises(OSError):
        for number in range(3, 60):
            before = list(kept)
            kept += [number * 60_000 + index for index in range(20)]
            for index in range(20):
                journal.append(STRIDE, number * 60_000 + index, values_of("stride"))
            journal.flush()
    assert Found(journal).times == before, "what was flushed is there"
    files.remove("/other")
    kept += minutes(journal, 3, 70)
    found = Found(journal)
    assert found.times == kept and found.lost == [] and journal.refusal is None
