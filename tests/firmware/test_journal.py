"""The journal: what was flushed is there, whole, in order, once; what was not is gone and nothing else."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talus import journal as journal_module
from talus.journal import Journal
from talus.wire import frame, kinds, record
from talus_twin.board.files import MemoryFiles
from talus_twin.board.interpreter import Interpreter

WEAR = kinds.BY_NAME["wear"]
RAW = kinds.BY_NAME["raw"]


class Dice:
    """Random bytes that differ at every call, so that a second format shows."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, count: int) -> bytes:
        self.calls += 1
        return bytes([self.calls]) * count


def begin(files: MemoryFiles, dice: Dice | None = None) -> Journal:
    return Journal(files, "/log", dice or Dice())


def stream(journal: Journal, sequence: int = 0, step: int = 100) -> bytes:
    cursor = journal.reader(sequence)
    buffer = bytearray(step)
    found = b""
    while got := cursor.readinto(buffer):
        found += bytes(buffer[:got])
    cursor.close()
    return found


def records(data: bytes) -> list[tuple[int, int, int, tuple[object, ...]]]:
    """(sequence, boot, ms since boot, values) of every record in a frame stream."""
    reader = frame.Reader()
    found = []
    for one in reader.feed(data) + reader.finish():
        for index, (number, offset, payload) in enumerate(record.split(one.body)):
            values = record.read(number, payload)[1]
            found.append((one.first_sequence + index, one.boot, one.base_ms + offset, values))
    return found


def keep(journal: Journal, *edges: int, at_ms: int = 0) -> None:
    for edge in edges:
        journal.append(WEAR, at_ms + edge, (1, edge, 0))


def test_what_was_flushed_comes_back_in_order() -> None:
    journal = begin(MemoryFiles())
    keep(journal, 1, 2, 3)
    assert stream(journal) == b"" and journal.next == 0, "unflushed records never leave the brace"
    journal.flush()
    keep(journal, 4)
    assert records(stream(journal)) == [(0, 1, 1, (1, 1, 0)), (1, 1, 2, (1, 2, 0)), (2, 1, 3, (1, 3, 0))]
    journal.flush()
    assert [row[0] for row in records(stream(journal))] == [0, 1, 2, 3]
    assert journal.next == 4


def test_records_far_apart_in_time_keep_their_times() -> None:
    journal = begin(MemoryFiles())
    times = [0, 10, 5_000, 65_540, 70_000, 64_000, 40_000_000_000, 3]
    for at in times:
        journal.append(WEAR, at, (0, 0, 0))
    journal.flush()
    assert [row[2] for row in records(stream(journal))] == times


def test_a_reset_keeps_the_flushed_and_counts_boots() -> None:
    files = MemoryFiles()
    first = begin(files)
    keep(first, 1, 2)
    first.flush()
    keep(first, 3)  # in memory when the power goes
    second = begin(files)
    assert (second.device, second.id) == (first.device, first.id)
    keep(second, 9)
    second.flush()
    assert [(row[0], row[1], row[3][1]) for row in records(stream(second))] == [(0, 1, 1), (1, 1, 2), (2, 2, 9)]


def test_a_torn_tail_costs_no_flushed_record_and_no_sequence_comes_twice() -> None:
    files = MemoryFiles()
    journal = begin(files)
    keep(journal, 1, 2)
    journal.flush()
    name = next(name for name in files.kept if name.endswith(".seg"))
    files.kept[name] += b"\xf1\x7a\x30\x00torn"
    second = begin(files)
    keep(second, 5)
    second.flush()
    found = records(stream(second))
    # Eight bytes held at most two records: no sequence that may have been seen is used again, and no more is skipped.
    assert [row[0] for row in found] == [0, 1, 4, 5]
    assert found[2][3] == (2, 2, kinds.LOSS_CAUSES.index("damaged"))


def test_one_damaged_frame_never_costs_the_file() -> None:
    files = MemoryFiles()
    journal = begin(files)
    for edge in range(5):
        keep(journal, edge)
        journal.flush()
    name = next(name for name in files.kept if name.endswith(".seg"))
    data = bytearray(files.kept[name])
    data[len(data) // 2] ^= 0xFF
    files.kept[name] = bytes(data)
    assert [row[0] for row in records(stream(journal))] == [0, 1, 3, 4]


def test_a_damaged_length_is_never_read_into_memory() -> None:
    """64 KiB are more than a brace has free; what is damaged is sent as it is."""
    files = MemoryFiles()
    journal = begin(files)
    for edge in range(3):
        keep(journal, edge)
        journal.flush()
    name = next(name for name in files.kept if name.endswith(".seg"))
    data = bytearray(files.kept[name])
    data[2:4] = b"\xff\xff"
    files.kept[name] = bytes(data) + bytes(70_000)
    assert stream(journal, 2)[: len(data)] == data


def fill(journal: Journal, count: int) -> None:
    for edge in range(count):
        journal.append(RAW, edge, (1, 100, bytes(240)))
    journal.flush()


def test_reading_begins_at_the_frame_that_holds_the_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 10_000)
    journal = begin(MemoryFiles())
    fill(journal, 200)
    assert len(journal.segments) > 4
    for sequence in (0, 1, 57, 140, 199):
        found = [row[0] for row in records(stream(journal, sequence, 97))]
        assert found[0] <= sequence < found[0] + 9, "one frame holds at most 8 of these records"
        assert found == list(range(found[0], 200))
    assert stream(journal, 200) == b""


class SmallFiles(MemoryFiles):
    """A flash of so many bytes: ENOSPC beyond, as littlefs says it."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def charge(self, n: int) -> None:
        # A commit of one byte is an entry of the folder, for which littlefs keeps room.
        if n > 1 and sum(len(data) for data in self.kept.values()) + n > self.room:
            raise OSError(28)


def test_a_full_flash_gives_up_the_oldest_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 10_000)
    journal = begin(SmallFiles(60_000))
    fill(journal, 400)
    journal.flush()  # the loss that its last flush met
    found = records(stream(journal))
    losses = [row[3] for row in found if len(row[3]) == 3 and isinstance(row[3][2], int)]
    kept = [row[0] for row in found]
    assert kept[-1] == journal.next - 1 and kept == sorted(set(kept)) and kept[0] == journal.first > 0
    told = [(first, count) for first, count, cause in losses if cause == kinds.LOSS_CAUSES.index("overwritten")]
    assert told[-1] == (0, journal.first), "the newest tells all that is gone: an older one may have gone itself"


class WornFiles(MemoryFiles):
    """A flash that refuses every writing while .refuses: EIO, as a worn sector says it."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses: int | None = None
        self.tried = 0

    def open(self, path: str, mode: str = "r") -> object:
        self._refuse("w" in mode)
        return super().open(path, mode)

    def charge(self, n: int) -> None:
        self._refuse(True)

    def _refuse(self, writes: bool) -> None:
        if writes and self.refuses is not None:
            self.tried += 1
            raise OSError(self.refuses)


@pytest.mark.parametrize("errno", [5, 28])
def test_what_a_refusing_flash_leaves_no_room_for_is_counted(errno: int) -> None:
    files = WornFiles()
    journal = begin(files)
    keep(journal, 0)
    journal.flush()
    files.refuses = errno
    for edge in range(1, 401):
        keep(journal, edge)
    assert journal.refusal == errno and files.tried < 10, "not tried again at each record"
    with pytest.raises(OSError):
        journal.flush()
    held = journal.pending
    assert 0 < held < 400
    assert [row[0] for row in records(stream(journal))] == [0], "what was flushed can still be read"
    files.refuses = None
    journal.flush()
    keep(journal, 500)
    journal.flush()
    found = records(stream(journal))
    assert journal.refusal is None
    lost = 400 - held
    assert [row[3] for row in found[: held + 1]] == [(1, edge, 0) for edge in range(held + 1)]
    assert found[-2][3] == (held + 1, lost, kinds.LOSS_CAUSES.index("no_room"))
    assert [row[0] for row in found] == [*range(held + 1), held + 1 + lost, held + 2 + lost], (
        "their sequences are unused"
    )


def test_the_last_records_are_never_given_up_for_newer_ones() -> None:
    """Something else filled the flash: a segment more would not help for long."""
    files = SmallFiles(3000)
    journal = begin(files)
    fill(journal, 8)
    for _ in range(3):
        keep(journal, *range(400))
        with pytest.raises(OSError):
            journal.flush()
    assert [row[0] for row in records(stream(journal))] == list(range(8))


def test_a_journal_begins_on_a_flash_that_refuses_and_its_boot_is_its_own() -> None:
    files = WornFiles()
    journal = begin(files)
    keep(journal, 1)
    journal.flush()
    for number in (2, 3):
        files.refuses = 5
        journal = begin(files)
        assert journal.refusal == 5 and journal.boot == number
        files.refuses = None
        keep(journal, number)
        journal.flush()
    assert [row[1] for row in records(stream(journal))] == [1, 2, 3]


def test_no_record_lies_in_flash_under_an_id_that_flash_never_took() -> None:
    """Else a host would get it again under the next start's id."""
    files = WornFiles()
    files.refuses = 5
    journal = Journal(files, "/log", random.Random(1).randbytes)
    files.refuses = None
    keep(journal, 1)
    journal.flush()
    again = Journal(files, "/log", random.Random(2).randbytes)
    assert (again.device, again.id) == (journal.device, journal.id)
    assert [row[0] for row in records(stream(again))] == [0]


def test_a_full_flash_gives_up_a_segment_for_the_number_of_a_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 10_000)
    files = SmallFiles(60_000)
    fill(begin(files), 400)
    files.room = sum(len(data) for data in files.kept.values())
    before = begin(MemoryFiles()).boot
    second = begin(files)
    assert second.boot == before + 1 and second.refusal is None
    assert begin(files).boot == before + 2


def test_a_loss_told_on_the_way_pushes_no_record_out_of_its_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest segment goes while a record a minute later waits for its frame."""
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 10_000)
    journal = begin(SmallFiles(30_000))
    times = [minute * 61_000 + after for minute in range(250) for after in (0, 60_500)]
    for at in times:
        journal.append(RAW, at, (1, 100, bytes(240)))
    journal.flush()
    assert [row[2] for row in records(stream(journal)) if len(row[3][2:]) and isinstance(row[3][2], bytes)][
        -1
    ] == times[-1]


def test_a_segment_that_cannot_be_read_costs_its_sequences_and_nothing_else() -> None:
    files = MemoryFiles()
    journal = begin(files)
    keep(journal, 1)
    journal.flush()
    name = next(name for name in files.kept if name.endswith(".seg"))
    opened = files.open

    def open_(path: str, mode: str = "r") -> object:
        if path.endswith(name.rpartition("/")[2]):
            raise OSError(5)
        return opened(path, mode)

    files.open = open_  # type: ignore[method-assign]
    second = begin(files)
    assert second.next == journal_module.SEGMENT_BYTES // 5, "more records of 5 bytes and up were not in it"
    keep(second, 2)
    second.flush()


def test_acknowledged_records_are_given_up_without_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "SEGMENT_BYTES", 10_000)
    journal = begin(SmallFiles(60_000))
    for _ in range(40):
        fill(journal, 10)
        journal.acknowledge(journal.next)
    assert journal.first > 0
    assert not [row for row in records(stream(journal)) if len(row[3]) == 3 and isinstance(row[3][2], int)]


def test_an_acknowledgement_never_goes_back_nor_ahead() -> None:
    files = MemoryFiles()
    journal = begin(files)
    keep(journal, 1, 2, 3)
    journal.flush()
    for asked, held in ((2, 2), (1, 2), (9, 2), (3, 3)):
        journal.acknowledge(asked)
        assert journal.acknowledged == held
    assert begin(files).acknowledged == 3


def test_a_format_makes_another_journal() -> None:
    dice = Dice()
    assert begin(MemoryFiles(), dice).id != begin(MemoryFiles(), dice).id


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["keep", "flush", "reset", "late"]), max_size=60))
def test_any_life_keeps_what_was_flushed(life: list[str]) -> None:
    """The journal against the plainest model of it: a list of what was flushed."""
    files = MemoryFiles()
    journal = begin(files)
    flushed: list[int] = []
    pending: list[int] = []
    for turn, what in enumerate(life):
        if what in ("keep", "late"):
            if what == "late" and pending:
                flushed, pending = flushed + pending, []  # out of the frame's reach: it is closed first
            journal.append(WEAR, turn + (100_000 * (turn + 1) if what == "late" else 0), (1, turn, 0))
            pending.append(turn)
            if what == "late":
                journal.flush()
                flushed, pending = flushed + pending, []
        elif what == "flush":
            journal.flush()
            flushed, pending = flushed + pending, []
        else:
            journal, pending = begin(files), []
    found = records(stream(journal))
    assert [row[3][1] for row in found] == flushed
    assert [row[0] for row in found] == list(range(len(flushed)))


LIFE = """
from talus.journal import Journal
from talus.wire import kinds
from talus_twin.board.files import MemoryFiles
from talus_twin.board.memory import Memory
files = MemoryFiles()
memory = Memory()
out = b''
for boot in range(4):
    if boot == 3:
        memory.lose()
    journal = Journal(files, '/log', lambda n: bytes(range(n)), memory)
    out += bytes((journal.recovered,))
    for edge in range(200):
        journal.append(kinds.BY_NAME['wear'], edge * 700, (1, edge, boot))
        if edge % 37 == 0:
            journal.flush()
cursor = journal.reader(100)
buffer = bytearray(333)
while True:
    got = cursor.readinto(buffer)
    if not got:
        break
    out += bytes(buffer[:got])
"""


def test_micropython_writes_the_same_bytes(micropython: Interpreter) -> None:
    namespace: dict[str, object] = {}
    exec(LIFE, namespace)
    told = micropython.run(LIFE + "print(out.hex())").strip()
    assert len(told) > 2000 and bytes.fromhex(told)[1] > 0, "what was in memory is there again"
    assert bytes.fromhex(told) == namespace["out"]
