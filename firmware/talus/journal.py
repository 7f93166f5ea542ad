# Append-only records in flash: a frame is there whole or not at all, a sequence is never used twice.
# Records gather in one frame in memory, mirrored into memory that outlives a reset; flush() seals it, writes it and
# syncs the file. Only flushed records can be read back. The ring releases the oldest segment before room is short,
# and tells first what nobody had acknowledged; a flash that cannot be written leaves the frame held, and what no
# longer fits is dropped. Whatever is gone left its sequences unused, and a loss record counts it.

import struct

from talus.cursor import Cursor, count_records
from talus.segments import Segments
from talus.tail import HEAD, UNKNOWN_MV, recall, seal_head
from talus.wire import frame, kinds, record

SEGMENT_BYTES = 131072  # 128 KiB: a fortnight is some 30 files, and releasing one frees half a day
RESERVE_BYTES = 65536  # kept free: littlefs compacts and relocates into it, and no flush meets a full flash
CHECK_BYTES = 32768  # written between two looks at what is free: each look walks the whole volume
TRIES = 4  # a worn block is an error once, then littlefs takes another; half of them in the newest folder
RETRY_MS = 10000  # a flash that has refused is not tried again at each record
LEAD_MS = 5000  # a stride is told of up to this long after it began
META_FORMAT = "<QQHI"  # device, journal, boots so far, acknowledged
META_SIZE = struct.calcsize(META_FORMAT)

LOSS = kinds.BY_NAME["loss"]
OVERWRITTEN = kinds.LOSS_CAUSES.index("overwritten")
DAMAGED = kinds.LOSS_CAUSES.index("damaged")
NO_ROOM = kinds.LOSS_CAUSES.index("no_room")
FULL_ERRNO = (28, 51)  # ENOSPC on boards, and under Emscripten


class Journal:
    """Records in, frames of bytes out. `fs`: the file system's words; `random(n)` gives n bytes.

    memory: size, read() and write(buffer, length) of what outlives a reset but no loss of power; size 0: nothing does.
    refusal: errno with which the flash refused the last writing, None when it took it. A flash that refuses never
    keeps a journal from being made. since_ms: no record to come is of a moment more than LEAD_MS before it.
    recovered: records this start found in memory. last_battery_mv: what note_battery() was told before it, or None.
    """

    def __init__(self, fs, root, random, memory=None):
        self._fs = fs
        self._root = root
        self._memory = memory if memory is not None and memory.size else None
        self._buffer = bytearray(HEAD + frame.OVERHEAD + frame.BODY_MAX)
        self._frame = memoryview(self._buffer)[HEAD:]
        self._limit = frame.HEADER + frame.BODY_MAX  # where the frame's body ends at the latest
        if self._memory is not None:
            self._limit = min(self._limit, memory.size - HEAD - frame.TRAILER)
        self._end = frame.HEADER
        self._count = self._boot = 0  # of the frame in memory
        self._base_ms = self._last_ms = self.since_ms = 0
        self._file = None
        self._size = 0  # flushed bytes of the newest segment
        self._unchecked = CHECK_BYTES  # written since the free room was last looked at
        self._resume = False  # the newest segment is whole: go on behind its last frame
        self._tries = 0  # of the frame in memory that were refused
        self._tried_ms = 0  # when the last one was
        self._dropped = [0] * len(kinds.LOSS_CAUSES)  # records that never got a place in flash, by cause
        self._losses = []  # values of loss records still to be kept
        self.lost = 0  # records that were lost since the start
        self.refusal = None
        self._load_meta(random)
        self._begin()

    # -- what survives a reset ------------------------------------------------------------------

    def _load_meta(self, random):
        try:
            with self._fs.open(self._root + "/meta", "rb") as file:
                data = file.read()
        except OSError:
            data = b""
            self._make_root()
        self._named = len(data) == META_SIZE  # whether flash knows the ids: no record lies in it under others
        if self._named:
            self.device, self.id, self.boot, self.acknowledged = struct.unpack(META_FORMAT, data)
        else:
            self.device, self.id = struct.unpack("<QQ", random(16))
            self.boot = self.acknowledged = 0

    def _make_root(self):
        try:
            self._fs.mkdir(self._root)
        except OSError:
            pass  # it is there already

    def _begin(self):
        """Go on where flash and memory end; a boot of its own, also when flash did not let the last say its number."""
        from talus import recovery as start  # not needed again: whoever is short of memory may forget it

        self._segments = Segments(self._fs, self._root)
        self.segments = self._segments.firsts
        unread = start.load(self._segments, self._fs, self._root, SEGMENT_BYTES)
        # An empty flash goes on behind what was acknowledged: a sequence is never used twice.
        self.next = self.acknowledged
        lost = self._find_end(start) if self.segments else 0
        self._recover(max(lost, unread - self.next))
        self.boot = (self.boot + 1) & 0xFFFF
        try:
            self.remember()
        except OSError as error:
            self.refusal = error.args[0]
        if not self._count:
            self._tell_losses()
            self._mirror()

    def _find_end(self, start):
        """Set what comes next; returns how many records the damaged bytes behind the last whole frame may have held."""
        first = self.segments[-1]
        left = -1
        end = 0
        behind, boot, lost = first, 0, 0
        try:
            with self._segments.open(first) as file:
                behind, boot, end, left = start.scan(file, self._frame, first)
                if left > 0:
                    lost = start.most_records(file, self._frame, end, left, behind)
        except OSError:
            pass
        if left < 0:
            lost = (SEGMENT_BYTES - end) // start.SMALLEST
        self._resume = left == 0
        self.next = max(self.next, behind)
        self.boot = max(self.boot, boot)
        return lost

    def _recover(self, lost):
        """The frame that was being gathered when a reset came is flushed as a frame of its boot."""
        found, battery_mv = None, UNKNOWN_MV
        if self._memory is not None:
            found, battery_mv = recall(self._memory.read(), self.id)
        self.last_battery_mv = None if battery_mv == UNKNOWN_MV else battery_mv
        self.recovered = 0
        seal_head(self._buffer, self.id, battery_mv)
        if found is not None and self.next <= found.first_sequence:
            lost = min(lost, found.first_sequence - self.next)  # it knows what came before it
        else:
            found = None
        if lost:
            self._losses.append((self.next, lost, DAMAGED))
        self.next += lost
        if found is not None:
            self._take_back(found)

    def _take_back(self, found):
        self.next = found.first_sequence
        self._end = frame.HEADER + len(found.body)
        self._frame[frame.HEADER : self._end] = found.body
        self._count = self.recovered = count_records(found.body)
        self._boot, self._base_ms = found.boot, found.base_ms
        self.boot = max(self.boot, found.boot)
        told, self._losses = self._losses, []  # they belong to the boot that begins
        try:
            self.flush()
        except OSError:
            pass  # it is held as any frame is
        self._losses = told + self._losses

    def remember(self):
        """Put the ids, the number of this boot and what is acknowledged into flash, whole or as they were."""
        while not self._remembered():
            pass

    def _remembered(self):
        """Whether they are in flash; False when it was full and a segment was released."""
        try:
            with self._fs.open(self._root + "/meta.new", "wb") as file:
                file.write(struct.pack(META_FORMAT, self.device, self.id, self.boot, self.acknowledged))
            self._fs.rename(self._root + "/meta.new", self._root + "/meta")
            self._named = True
            return True
        except OSError as error:
            if error.args[0] not in FULL_ERRNO or not self._release_oldest():
                raise
            return False

    def _mirror(self):
        """Let memory that outlives a reset hold what flash does not hold yet."""
        if self._memory is not None:
            self._memory.write(self._buffer, HEAD + (self._seal() if self._count else 0))

    def note_battery(self, millivolts):
        """Let the next start know this voltage, unless the power goes: a reset it cannot explain may be its fault."""
        seal_head(self._buffer, self.id, millivolts)
        self._mirror()

    # -- writing --------------------------------------------------------------------------------

    def append(self, kind, time_ms, values):
        """Keep one record of a moment `time_ms` since boot. It is in memory until flush().

        Raises LocalError for values that do not fit. What a refusing flash leaves no room for is dropped and counted.
        """
        while self._count and not self._fits(kind, time_ms, values):
            if not self._made_room(time_ms):
                self.lose(NO_ROOM)
                return
        if not self._count:
            self._boot = self.boot
            near = 0 <= time_ms - self.since_ms <= record.OFFSET_MAX_MS - LEAD_MS
            self._base_ms = max(0, (self.since_ms if near else time_ms) - LEAD_MS)
        self._end = record.put(kind, time_ms - self._base_ms, values, self._frame, self._end)
        self._last_ms = time_ms
        self._count += 1
        self._mirror()

    def _fits(self, kind, time_ms, values):
        """Whether the frame in memory is of this boot, has room for this record and reaches its time."""
        length = record.HEADER + kind.size + (len(values[-1]) if kind.open_ended else 0)
        room = self._boot == self.boot and self._end + length <= self._limit
        return room and 0 <= time_ms - self._base_ms <= record.OFFSET_MAX_MS

    def _made_room(self, time_ms):
        """Flush to begin another frame, unless the flash has just refused."""
        if self.refusal is None or not 0 <= time_ms - self._tried_ms < RETRY_MS:
            self._tried_ms = time_ms
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

    @property
    def first(self):
        """The oldest sequence that can be read, or the next one where nothing can."""
        return self.segments[0] if self.segments else self.next

    def _seal(self):
        return frame.seal(self._frame, self._end - frame.HEADER, self._boot, self.next, self._base_ms)

    def flush(self):
        """Put what is pending into flash, whole. Raises OSError when it is refused; what is pending stays so."""
        if not self._count:
            return
        size = self._seal()
        self._tries = 0
        try:
            if not self._named:
                self._make_root()
                self.remember()
            while not self._written(size):
                pass
        except OSError as error:
            self.refusal = error.args[0]
            raise
        self.refusal = None
        self._size += size
        self._unchecked += size
        self.next += self._count
        self._count = 0
        self._end = frame.HEADER
        self._tell_losses()
        self._mirror()
        if self._unchecked >= CHECK_BYTES:
            self._unchecked = 0
            self._keep_room()

    def _tell_losses(self):
        """Skip the sequences of what was dropped, and keep a loss record for each stretch that is gone."""
        for cause in range(len(self._dropped)):
            if self._dropped[cause]:
                self._losses.append((self.next, self._dropped[cause], cause))
                self.next += self._dropped[cause]
                self._dropped[cause] = 0
        losses, self._losses = self._losses, []
        for values in losses:
            if values[2] != OVERWRITTEN:
                self.lost += values[1]
            self.append(LOSS, self._last_ms, values)

    def _written(self, size):
        """Whether the sealed frame is in flash; False when it is worth another try: a segment was released, or the
        newest was given up."""
        try:
            if self._file is None or self._size + size > SEGMENT_BYTES:
                self._open_newest(size)
            self._file.write(self._frame[:size])
            self._file.flush()
            return True
        except OSError as error:
            self._abandon_file()
            if error.args[0] in FULL_ERRNO:
                if not self._release_oldest():
                    raise
            else:
                self._tries += 1
                if self._tries == TRIES:
                    raise
            return False

    def _open_newest(self, size):
        """Go on in the newest segment if it is whole and has room, else begin one."""
        self._close_file()
        apart = self._tries >= TRIES // 2
        if self._resume and not apart:
            self._resume = False
            self._size = self._segments.size(self.segments[-1])
            if self._size + size <= SEGMENT_BYTES:
                self._file = self._segments.resume()
                return
        self._file = self._segments.begin(self.next, apart)
        self._size = 0

    def _close_file(self):
        if self._file is not None:
            self._file.close()
            self._file = None

    def _abandon_file(self):
        """Close what could not be written; littlefs keeps the file as it was flushed last."""
        try:
            self._close_file()
        except OSError:
            self._file = None
        self._resume = bool(self.segments)

    # -- the ring -------------------------------------------------------------------------------

    def _keep_room(self):
        """Release the oldest while little is free; what nobody acknowledged is told in flash before it goes."""
        try:
            while self._fs.free() < RESERVE_BYTES and self._can_release():
                oldest = self.segments[0]
                if self._note_overwritten(oldest, self.segments[1]):
                    self._tell_losses()
                    self.flush()
                if self.segments[0] == oldest:
                    self._segments.release()
        except OSError as error:
            self.refusal = error.args[0]

    def _can_release(self):
        """Whether there are two segments with records in them."""
        return len([first for first in self.segments if first != self.next]) > 1

    def _release_oldest(self):
        """Give back the oldest segment of a full flash; False where it is the only one with records in it."""
        if not self._can_release():
            return False
        first, behind = self.segments[:2]
        self._segments.release()  # first: what a flash in error keeps is not lost
        self._note_overwritten(first, behind)
        return True

    def _note_overwritten(self, first, behind):
        """Note all that is gone with the oldest segment and nobody had acknowledged; returns whether there is any.

        The newest such record tells the whole of it: an older one may have gone itself.
        """
        if self.acknowledged >= behind:
            return False
        if self._losses and self._losses[-1][2] == OVERWRITTEN:
            self._losses.pop()
        self.lost += behind - max(first, self.acknowledged)
        self._losses.append((self.acknowledged, behind - self.acknowledged, OVERWRITTEN))
        return True

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
        return Cursor(self._segments, sequence)
