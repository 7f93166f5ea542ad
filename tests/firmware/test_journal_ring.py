"""The journal's files: few in a folder, the oldest released before room is short, and what is lost told first."""

import pytest
from firmware.cutting import Found, dice, values_of

from talus import journal as journal_module
from talus.journal import Journal
from talus.segments import GROUP_SEGMENTS
from talus.wire import kinds
from talus_twin.board.files import MemoryFiles
from talus_twin.board.flash import LittleFiles, NorFlash
from talus_twin.board.wearing import stream_of

STRIDE = kinds.BY_NAME["stride"]
ROOM = 60_000


class RingFiles(MemoryFiles):
    """A flash of ROOM bytes that says what is free; .met: how often it was full."""

    def __init__(self, others: int = 0) -> None:
        super().__init__()
        self.others = others
        self.met = 0

    def free(self) -> int:
        return ROOM - self.others - sum(len(data) for data in self.kept.values())

    def charge(self, n: int) -> None:
        if n > 1 and self.free() < n:
            self.met += 1
            raise OSError(28)


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 5_000)
    monkeypatch.setattr(journal_module, "RESERVE_BYTES", 10_000)
    monkeypatch.setattr(journal_module, "CHECK_BYTES", 2_500)


def begin(files: object) -> Journal:
    return Journal(files, "/log", dice)


def live(journal: Journal, minutes: int, acknowledge: bool = False) -> None:
    for _ in range(minutes):
        for _ in range(20):
            journal.append(STRIDE, journal.next, values_of("stride"))
        journal.flush()
        if acknowledge:
            journal.acknowledge(journal.next - 40)


def flatten(files: MemoryFiles) -> None:
    """The layout before there were folders."""
    for name in [name for name in files.kept if name.endswith(".seg")]:
        files.kept["log/" + name.rpartition("/")[2]] = files.kept.pop(name)
    files._folders = {"", "log"}


def names(files: MemoryFiles) -> list[str]:
    return sorted(name for name in files.kept if name.endswith(".seg"))


def test_a_folder_holds_at_most_four_segments_and_goes_with_its_last() -> None:
    files = RingFiles()
    journal = begin(files)
    live(journal, 400)
    folders = [name for name in files.listdir("/log") if name != "meta"]
    assert len(folders) >= 3
    for folder in folders:
        inside = files.listdir("/log/" + folder)
        assert 1 <= len(inside) <= GROUP_SEGMENTS
        assert folder in (folders[0], inside[0][:8]), "a folder is named by its first; the oldest may have lost it"
    assert journal.first > 0 and len(journal.segments) == len(names(files))


def test_room_is_kept_before_it_is_needed_and_what_is_lost_is_told_before_it_goes() -> None:
    files = RingFiles()
    journal = begin(files)
    least = ROOM
    for _ in range(400):
        live(journal, 1)
        least = min(least, files.free())
        assert Found(journal).untold(0, journal.next) == []
    assert files.met == 0 and least > 10_000 - 2_500 - 1_000, "no flush met a full flash"
    assert journal.first > 0 and journal.refusal is None
    assert journal.lost == journal.first, "each once, though each loss record tells all"


def test_what_is_acknowledged_goes_without_a_loss() -> None:
    files = RingFiles()
    journal = begin(files)
    live(journal, 400, acknowledge=True)
    assert journal.first > 0 and files.met == 0
    assert Found(journal).lost == []


def test_other_files_that_fill_the_flash_cost_no_more_than_they_take() -> None:
    files = RingFiles(others=25_000)
    journal = begin(files)
    live(journal, 200)
    kept = sum(len(files.kept[name]) for name in names(files))
    assert kept > ROOM - 25_000 - 10_000 - 2 * 5_000


def test_segments_beside_the_folders_are_read_on_and_released_first() -> None:
    files = RingFiles()
    live(begin(files), 40)
    flatten(files)
    flat = names(files)
    assert len(flat) > 4 and all(name.count("/") == 1 for name in flat)
    journal = begin(files)
    assert journal.next == 800 and Found(journal).sequences == list(range(800))
    live(journal, 20)
    assert Found(journal).sequences == list(range(1200)), "it went on"
    assert [name for name in names(files) if name.count("/") == 2], "new segments lie in folders"
    again = begin(files)
    assert Found(again).sequences == list(range(1200))
    live(again, 200)
    assert all(name.count("/") == 2 for name in names(files)), "the ring has turned"
    assert Found(again).untold(0, again.next) == []


def test_what_a_flash_in_error_would_not_release_is_not_told_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    files = RingFiles()
    journal = begin(files)
    live(journal, 30)
    before = journal.first

    def refuse(_: str) -> None:
        raise OSError(5)

    monkeypatch.setattr(files, "remove", refuse)
    monkeypatch.setattr(files, "free", lambda: 0)
    journal.append(STRIDE, journal.next, values_of("stride"))
    with pytest.raises(OSError):
        journal.flush()
    monkeypatch.undo()
    live(journal, 1)
    assert journal.first == before and Found(journal).lost == [] and journal.lost == 0


def test_a_folder_left_empty_by_a_power_cut_goes_at_the_next_start() -> None:
    files = RingFiles()
    live(begin(files), 10)
    files.mkdir("/log/000000aa")
    files.mkdir("/log/00ffffff")
    journal = begin(files)
    assert [name for name in files.listdir("/log") if name != "meta"] == ["00000000"]
    assert journal.next == 200


def test_a_reader_passes_over_what_was_released_under_it() -> None:
    files = RingFiles()
    journal = begin(files)
    live(journal, 60)
    cursor = journal.reader(0)
    buffer = bytearray(100)
    assert cursor.readinto(buffer) == 100
    live(journal, 200)
    assert journal.first > 0
    assert cursor.readinto(buffer) == 100
    assert bytes(buffer) == stream_of(journal)[:100]


def test_the_ring_turns_on_littlefs_without_ever_being_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "RESERVE_BYTES", 24_000)
    flash = NorFlash(40 * 4096)
    files = LittleFiles(flash)
    journal = begin(files)
    least = files.free()
    for _ in range(600):
        live(journal, 1)
        least = min(least, files.free())
    assert journal.first > 0 and journal.refusal is None and least >= 24_000 - 3 * 4096
    assert Found(journal).untold(0, journal.next) == []
    assert max(flash.worn) < 8 * sum(flash.worn) / len(flash.worn), "littlefs spreads the erases"
