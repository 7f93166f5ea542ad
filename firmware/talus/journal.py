# Append-only records in flash: a frame is there whole or not at all, a sequence is never used twice.
# Records gather in one frame in memory; flush() seals it, writes it and syncs the file. Only flushed
# records can be read back. Segments are files named by their first sequence, so `ls` is the index.
# When the flash is full the oldest segment goes; when it cannot be written at all the frame in memory is held and
# what no longer fits is dropped. Whatever is gone left its sequences unused, and a loss record counts it.

import struct

from talus.wire import frame, kinds, record
from talus.wire.errors import WireError

SEGMENT_BYTES = 131072  # 128 KiB: a fortnight is some 30 files, and releasing one frees half a day
LEAD_MS = 5000  # a stride is told of up to this long after it began
LOST_TAIL = 4096  # sequences skipped after a damaged tail: more than one flush can hold
LOST_SEGMENT = SEGMENT_BYTES // record.HEADER  # and after a segment that cannot be read at all
META_FORMAT = "<QQHI"  # device, journal, boots so far, acknowledged
META_SIZE = struct.calcsize(META_FORMAT)

LOSS = kinds.BY_NAME["loss"]
OVERWRITTEN = kinds.LOSS_CAUSES.index("overwritten")
DAMAGED = kinds.LOSS_CAUSES.index("damaged")
NO_ROOM = kinds.LOSS_CAUSES.index("no_room")
FULL_ERRNO = (28, 51)  # ENOSPC on boards, and under Emscripten


class Journal:
    """Records in, frames of bytes out. `fs` opens, lists, removes and renames; `random(n)` gives n bytes.

    refusal: errno with which the flash refused the last writing, None when it took it. A flash that refuses never
    keeps a journal from being made.
    """

    def __init__(self, fs, root, random):
        self._fs = fs
        self._root = root
        self._buffer = bytearray(frame.OVERHEAD + frame.BODY_MAX)
        self._end = frame.HEADER
        self._count = 0
        self._base_ms = self._last_ms = 0
        self._file = None
        self._size = 0  # flushed bytes of the newest segment
        self._resume = False  # the newest segment is whole: go on behind its last frame
        self._dropped = [0] * len(kinds.LOSS_CAUSES)  # records that never got a place in flash, by cause
        self._losses = []  # values of loss records still to be kept
        self.refusal = None
        self._load_meta(random)
        self._load_segments()
        self._begin_boot()

    def _path(self, name):
        return self._root + "/" + name

    # -- what survives a reset ------------------------------------------------------------------

    def _load_meta(self, random):
        try:
            with self._fs.open(self._path("meta"), "rb") as file:
                data = file.read()
        except OSError:
            data = b""
            self._make_root()
        if len(data) == META_SIZE:
            self.device, self.id, self.boot, self.acknowledged = struct.unpack(META_FORMAT, data)
        else:
            self.device, self.id = struct.unpack("<QQ", random(16))
            self.boot = self.acknowledged = 0

    def _begin_boot(self):
        """A boot of its own, also when the flash did not let the last one say its number."""
        self.boot = (self.boot + 1) & 0xFFFF
        try:
            self.remember()
        except OSError as error:
            self.refusal = error.args[0]

    def _make_root(self):
        try:
            self._fs.mkdir(self._root)
        except OSError:
            pass  # it is there already

    def remember(self):
        """Put the ids, the number of this boot and what is acknowledged into flash, whole or as they were."""
        while not self._remembered():
            pass

    def _remembered(self):
        """Whether they are in flash; False when it was full and a segment was released."""
        try:
            with self._fs.open(self._path("meta.new"), "wb") as file:
                file.write(struct.pack(META_FORMAT, self.device, self.id, self.boot, self.acknowledged))
            self._fs.rename(self._path("meta.new"), self._path("meta"))
            return True
        except OSError as error:
            if error.args[0] not in FULL_ERRNO or not self._release_oldest():
                raise
            return False

    def _load_segments(self):
        try:
            names = self._fs.listdir(self._root)
        except OSError:
            names = []  # the root could not even be made
        self.segments = sorted(int(name[:8], 16) for name in names if name.endswith(".seg"))
        # An empty flash goes on behind what was acknowledged: a sequence is never used twice.
        self.first = self.segments[0] if self.segments else self.acknowledged
        self.next = self.first
        if not self.segments:
            return
        self.next, lost = self._scan(self.segments[-1])
        if lost:
            self.append(LOSS, 0, (self.next, lost, DAMAGED))
            self.next += lost
        else:
            self._resume = True

    def _scan(self, first):
        """(sequence behind the last whole frame of a segment, sequences to skip because it is damaged, else 0)."""
        reader = frame.Reader()
        behind = first
        try:
            with self._fs.open(self._path(segment_name(first)), "rb") as file:
                chunk = file.read(1024)
                while chunk:
                    behind = self._behind(reader.feed(chunk), behind)
                    chunk = file.read(1024)
        except OSError:
            return behind, LOST_SEGMENT
        behind = self._behind(reader.finish(), behind)
        return behind, LOST_TAIL if reader.skipped else 0

    def _behind(self, frames, behind):
        """The sequence behind these frames; their boot is over, whatever the flash remembers."""
        for one in frames:
            behind = one.first_sequence + count_records(one.body)
            self.boot = max(self.boot, one.boot)
        return behind

    # -- writing --------------------------------------------------------------------------------

    def append(self, kind, time_ms, values):
        """Keep one record of a moment `time_ms` since boot. It is in memory until flush().

        Raises LocalError for values that do not fit. What a refusing flash leaves no room for is dropped and counted.
        """
        while self._count and not self._fits(kind, time_ms, values):
            if not self._made_room():
                self.lose(NO_ROOM)
                return
        if not self._count:
            self._base_ms = max(0, time_ms - LEAD_MS)
        self._end = record.pack(kind, time_ms - self._base_ms, values, self._buffer, self._end)
        self._last_ms = time_ms
        self._count += 1

    def _fits(self, kind, time_ms, values):
        """Whether the frame in memory has room for this record and reaches its time."""
        length = record.HEADER + kind.size + (len(values[-1]) if kind.open_ended else 0)
        room = self._end + length <= frame.HEADER + frame.BODY_MAX
        return room and 0 <= time_ms - self._base_ms <= record.OFFSET_MAX_MS

    def _made_room(self):
        """Flush to begin another frame; a flash that has just refused is not tried again at each record."""
        if self.refusal is None:
            try:
                self.flush()
            except OSError:
                pass
        return self.refusal is None

    def lose(self, cause):
        """One record will not be kept: an index into LOSS_CAUSES says why."""
        self._dropped[cause] += 1

    @property
    def pending(self):
        """Records in memory, not yet in flash."""
        return self._count

    def flush(self):
        """Put what is pending into flash, whole. Raises OSError when it is refused; what is pending stays so."""
        if not self._count:
            return
        size = frame.seal(self._buffer, self._end - frame.HEADER, self.boot, self.next, self._base_ms)
        try:
            while not self._written(size):
                pass
        except OSError as error:
            self.refusal = error.args[0]
            raise
        self.refusal = None
        self._size += size
        self.next += self._count
        self._count = 0
        self._end = frame.HEADER
        self._tell_losses()

    def _tell_losses(self):
        """Skip the sequences of what was dropped, and keep a loss record for each stretch that is gone."""
        for cause in range(len(self._dropped)):
            if self._dropped[cause]:
                self._losses.append((self.next, self._dropped[cause], cause))
                self.next += self._dropped[cause]
                self._dropped[cause] = 0
        losses, self._losses = self._losses, []
        for values in losses:
            self.append(LOSS, self._last_ms, values)

    def _written(self, size):
        """Whether the sealed frame is in flash; False when it was full and a segment was released."""
        try:
            if self._file is None or self._size + size > SEGMENT_BYTES:
                self._open_newest(size)
            self._file.write(memoryview(self._buffer)[:size])
            self._file.flush()
            return True
        except OSError as error:
            self._abandon_file()
            if error.args[0] not in FULL_ERRNO or not self._release_oldest():
                raise
            return False

    def _open_newest(self, size):
        """Go on in the segment of the last boot if it is whole and has room, else begin one."""
        self._close_file()
        if self._resume:
            self._resume = False
            path = self._path(segment_name(self.segments[-1]))
            self._size = self._fs.size(path)
            if self._size + size <= SEGMENT_BYTES:
                self._file = self._fs.open(path, "ab")
                return
        self._file = self._fs.open(self._path(segment_name(self.next)), "wb")
        self._size = 0
        if not self.segments or self.segments[-1] != self.next:
            self.segments.append(self.next)

    def _close_file(self):
        if self._file is not None:
            self._file.close()
            self._file = None

    def _abandon_file(self):
        """Close what could not be written; what of it reached flash is noise that readers skip."""
        try:
            self._close_file()
        except OSError:
            self._file = None

    def _release_oldest(self):
        """Give back the oldest segment; False where it is the only one with records in it."""
        if len([first for first in self.segments if first != self.next]) < 2:
            return False
        self._fs.remove(self._path(segment_name(self.segments[0])))
        lost_from = max(self.segments.pop(0), self.acknowledged)
        self.first = self.segments[0]
        if lost_from < self.first:
            self._note_overwritten(lost_from)
        return True

    def _note_overwritten(self, lost_from):
        """Nobody had acknowledged [lost_from, first): one loss record tells all of it that is not told yet."""
        if self._losses and self._losses[-1][2] == OVERWRITTEN:
            lost_from = self._losses.pop()[0]
        self._losses.append((lost_from, self.first - lost_from, OVERWRITTEN))

    def acknowledge(self, sequence):
        """All records below `sequence` are safe elsewhere. Never goes back, never past what was flushed."""
        if self.acknowledged < sequence <= self.next:
            self.acknowledged = sequence
            self.remember()

    def close(self):
        self.flush()
        self._close_file()

    # -- reading --------------------------------------------------------------------------------

    def reader(self, sequence):
        """The frame stream from the frame that holds `sequence` (or the first behind it) to the last flushed."""
        return Cursor(self, sequence)

    def open_segment(self, first):
        return self._fs.open(self._path(segment_name(first)), "rb")


class Cursor:
    """A place in the frame stream. readinto() fills a buffer with flushed bytes, 0 where they end."""

    def __init__(self, journal, sequence):
        self._journal = journal
        self._at = 0
        self._file = None
        self._segment = 0
        for index, first in enumerate(journal.segments):
            if first <= sequence:
                self._segment = index
        self._first = journal.segments[self._segment] if journal.segments else None
        if self._first is not None:
            self._skip_to(sequence)

    def _skip_to(self, sequence):
        header = bytearray(frame.HEADER)
        self._open()
        while True:
            self._file.seek(self._at)
            if self._file.readinto(header) < frame.HEADER:
                return
            magic, length, _, first = struct.unpack_from("<HHHI", header, 0)
            if magic != frame.MAGIC or length > frame.BODY_MAX or first >= sequence:
                return  # damaged bytes are sent as they are: the other side finds its way
            self._file.seek(self._at + frame.HEADER)
            if first + count_records(self._file.read(length)) > sequence:
                return
            self._at += length + frame.OVERHEAD

    def _open(self):
        self.close()
        self._file = self._journal.open_segment(self._first)

    def _next_segment(self):
        later = [first for first in self._journal.segments if first > self._first]
        if not later:
            return False
        self._first = later[0]
        self._at = 0
        self._open()
        return True

    def readinto(self, buffer):
        """Fill `buffer` with the stream's next bytes; returns how many, 0 at its end (for now)."""
        if self._file is None:
            return 0
        while True:
            self._file.seek(self._at)
            got = self._file.readinto(buffer)
            if got:
                self._at += got
                return got
            if not self._next_segment():
                return 0

    def close(self):
        if self._file is not None:
            self._file.close()
            self._file = None


def segment_name(first):
    return "%08x.seg" % first


def count_records(body):
    try:
        return sum(1 for _ in record.split(body))
    except WireError:
        return 0
