"""A reader of the journal that stands at its end while the brace goes on."""

from collections.abc import Callable

import pytest
from firmware.test_journal import begin, keep, records

from talus import journal as journal_module
from talus_twin.board.files import MemoryFiles
from talus_twin.board.flash import LittleFiles, NorFlash


@pytest.mark.parametrize(
    "open_files", [MemoryFiles, lambda: LittleFiles(NorFlash(1 << 18))], ids=["in memory", "littlefs"]
)
def test_a_reader_at_the_end_sees_what_is_appended_before_the_next_segment_begins(
    monkeypatch: pytest.MonkeyPatch, open_files: Callable[[], MemoryFiles]
) -> None:
    """A handle knows a file as long as it was when it was opened."""
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 4_000)
    journal = begin(open_files())
    keep(journal, *range(5))
    journal.flush()
    cursor, buffer, read = journal.reader(0), bytearray(4096), b""
    while got := cursor.readinto(buffer):
        read += bytes(buffer[:got])
    for first in range(5, 1500, 5):
        keep(journal, *range(first, first + 5))
        journal.flush()
    assert len(journal.segments) > 1
    while got := cursor.readinto(buffer):
        read += bytes(buffer[:got])
    assert [one[0] for one in records(read)] == list(range(journal.next))
