# Records into packed frames, as talus.wire.packed has them: what is told of each kind, and by which parameters. What is
# done for each field is a kernel's.

import struct
from array import array

from talus.kernel_bits import bits
from talus.wire import frame, kinds
from talus.wire.packed import CODES, COUNT, FOLLOWS, K_MAX, LISTED, ONES, RECENT, STEPS, TIME_MAX_MS, UNKNOWN, WITH

ROOM = 16  # bytes a record may need beside four for each field, or its payload where that is told as it is
ENOUGH = 8  # records say what a parameter should be
AT, SHIFT, END, FRESH, FIRST = range(5)  # of the kernel's numbers; four words a field follow
LIMIT, K, PAST, SUM = range(4)  # its "unknown", parameter, mean << shift, sum of codes

# kind -> (where it is expected, shift of its means, fields that are words or bits)
WAYS = {
    kinds.BY_NAME["minute"].number: (STEPS, 0, (0, 1)),
    kinds.BY_NAME["stride"].number: (FOLLOWS, 3, (2,)),
    kinds.BY_NAME["walk"].number: (WITH, 3, ()),
}


class Kind:
    """What is told of records of one kind and one size, from frame to frame. Those of another table are told whole."""

    def __init__(self, number, size):
        self.number, self.size = number, size
        kind = kinds.BY_NUMBER.get(number)
        self.codes, self.way, shift, listed = (), WITH, 0, ()
        if kind is not None and size == kind.size and all(code in CODES for code in kind.codes):
            self.codes = tuple([CODES.index(code) for code in kind.codes])
            self.way, shift, listed = WAYS.get(number, (WITH, 0, ()))
        self.most = ROOM + (4 * len(self.codes) or size)
        self.time_k = self.time_sum = self.count = 0
        self.at_ms = self.next_ms = 0
        self.end = FIRST + 4 * len(self.codes)
        self.n = array("i", [0] * (self.end + len(listed) * (1 + RECENT)))
        self.n[SHIFT], self.n[END] = shift, self.end
        place = self.end
        for i in range(len(self.codes)):
            at = FIRST + 4 * i
            self.n[at + LIMIT] = UNKNOWN[self.codes[i]]
            self.n[at + K] = 2 + 5 * (self.codes[i] >> 1)
            if i in listed:
                self.n[at + K], self.n[at + PAST] = LISTED, place
                place += 1 + RECENT

    def begin(self, before_ms):
        """It is new to a frame: each parameter the logarithm of its mean code in the last."""
        self.at_ms = self.next_ms = before_ms
        n, tuned = self.n, self.count >= ENOUGH
        n[FRESH] = 1
        if tuned:
            self.time_k, self.time_sum = parameter(self.time_sum, self.count), 0
        for at in range(FIRST, self.end, 4):
            if n[at + K] == LISTED:
                n[n[at + PAST]] = 0
            elif tuned:
                n[at + K], n[at + SUM] = parameter(n[at + SUM], self.count), 0
        if tuned:
            self.count = 0


def parameter(total, count):
    return min(len(bin(total // count)) - 3, K_MAX)


class Packer:
    """Fills `buffer` with one packed frame after the other: begin, add until it refuses, seal."""

    def __init__(self, buffer):
        self._buffer = buffer
        self._limit = min(len(buffer), frame.HEADER + frame.BODY_MAX)
        self._known = {}
        self._stream = array("i", [0, 0, 0])  # where the next byte goes, bits that are none yet, how many
        self.count = 0
        self.introduced = False  # a kind, which takes as long as some records: set here, taken back by who looks

    def begin(self, boot, first_sequence, base_ms):
        self.boot = boot
        self.first_sequence = first_sequence
        self.base_ms = base_ms
        self.count = 0
        self._before_ms = 0  # the last record's time
        self._told = []  # kinds of this frame, the latest first
        self._last = None  # the first of them
        self._stream[0], self._stream[2] = frame.HEADER + COUNT, 0

    def add(self, number, at_ms, data, at, size):
        """The record data[at : at + size], at_ms after the base. False where it has no room: seal, begin another."""
        kind = self._known.get(number << 8 | size)
        if kind is None:
            kind = self._known[number << 8 | size] = Kind(number, size)
        stream = self._stream
        if stream[0] + kind.most > self._limit or not -TIME_MAX_MS <= at_ms <= TIME_MAX_MS:
            return False
        if kind is self._last and at_ms == (kind.next_ms if kind.way else self._before_ms):
            bits.put(self._buffer, stream, 0, 2 + kind.time_k)  # as below, for what is most of a walk
            kind.count += 1
        else:
            self._name(kind)
            self._put_time(kind, at_ms - (kind.next_ms if kind.way else self._before_ms))
        if kind.codes:
            kind.n[AT] = at
            bits.tell(data, kind.n, self._buffer, stream)
            kind.n[FRESH] = 0
        else:
            self._put_whole(data, at, size)
        if kind.way == FOLLOWS:
            kind.next_ms = at_ms + (data[at] | data[at + 1] << 8)
        else:
            kind.next_ms = 2 * at_ms - kind.at_ms
            kind.at_ms = at_ms
        self._before_ms = at_ms
        self.count += 1
        return True

    def seal(self):
        """The size of the frame that now begins the buffer."""
        self._fill_byte()
        struct.pack_into("<H", self._buffer, frame.HEADER, self.count)
        length = self._stream[0] - frame.HEADER
        return frame.seal(self._buffer, length, self.boot, self.first_sequence, self.base_ms, frame.MAGIC_PACKED)

    def _name(self, kind):
        """By its place, or as a new one."""
        told = self._told
        self._last = kind
        if kind in told:
            place = told.index(kind)
            self._put((2 << place) - 2, place + 1)
            told.insert(0, told.pop(place))
        else:
            self._put((1 << ONES) - 1, ONES)
            if len(told) == RECENT:
                told.pop()
            told.insert(0, kind)
            self._introduce(kind)

    def _introduce(self, kind):
        self.introduced = True
        kind.begin(self._before_ms)
        self._put(kind.number << 8 | len(kind.codes), 16)
        self._put((kind.way << 3 | kind.n[SHIFT]) << 4 | kind.time_k, 9)
        if not kind.codes:
            self._put(kind.size, 8)
        for i in range(len(kind.codes)):
            self._put(kind.codes[i] << 4 | kind.n[FIRST + 4 * i + K], 6)

    def _put_whole(self, data, at, size):
        """A payload as it is, from the next byte on."""
        self._fill_byte()
        to = self._stream[0]
        self._buffer[to : to + size] = data[at : at + size]
        self._stream[0] = to + size

    def _put_time(self, kind, off_ms):
        code = 2 * off_ms if off_ms >= 0 else -2 * off_ms - 1
        k = kind.time_k
        ones = code >> k
        if ones < ONES:
            self._put(((2 << ones) - 2 - ones << k) + code, ones + 1 + k)
            kind.time_sum += code
        else:
            self._put((1 << ONES) - 1, ONES)
            self._put(code >> 15, 15)
            self._put(code & 0x7FFF, 15)
            kind.time_sum += ONES << k
        kind.count += 1

    def _fill_byte(self):
        if self._stream[2]:
            self._put(0, 8 - self._stream[2])

    def _put(self, value, size):
        """Up to 21 bits."""
        bits.put(self._buffer, self._stream, value, size)
