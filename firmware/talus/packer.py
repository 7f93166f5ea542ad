# Records into packed frames, as talus.wire.packed has them: what is told of each kind, and by which parameters. What is
# done for each field is a kernel's.

import struct
from array import array

from talus.kernel_bits import bits
from talus.wire import frame, kinds
from talus.wire.packed import CODES, COUNT, FOLLOWS, K_MAX, LISTED, ONES, RECENT, STEPS, UNKNOWN, WITH
from talus.wire.record import HEADER

ROOM = 16  # bytes a record may need beside four for each field, or its payload where that is told as it is
SPAN_MS = 1 << 28  # of a frame's records: three days
ENOUGH = 8  # records say what a parameter should be
AT, SHIFT, END, FRESH, LEFT, STOP, LAST, BASE, AT_MS, TIME_K, FIRST = range(11)  # of the kernel's; then of each field
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
        self.time_sum = self.count = 0
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
            n[TIME_K], self.time_sum = parameter(self.time_sum, self.count), 0
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
        self.count = self.at = 0
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

    def add(self, data, at, stop, base_ms, most):
        """Records of data[at:stop], whose frame's base is base_ms after this one's: the first, and up to `most` that go
        on with it. How many; 0 where there is no room: seal, begin another. `at` is then where the next is."""
        number, size, at_ms = data[at], data[at + 1], base_ms + (data[at + 2] | data[at + 3] << 8)
        kind = self._known.get(number << 8 | size)
        if kind is None:
            kind = self._known[number << 8 | size] = Kind(number, size)
        if self._stream[0] + kind.most > self._limit or not -SPAN_MS <= at_ms <= SPAN_MS:
            return 0
        if kind is not self._last:
            self._name(kind)
        else:
            self._put(0, 1)
        self._put_time(kind, at_ms - (kind.next_ms if kind.way else self._before_ms))
        told = 1
        if kind.codes:
            n = kind.n
            n[AT], n[LEFT], n[STOP] = at, most if kind.way == FOLLOWS and not n[FRESH] else 1, stop
            n[LAST], n[BASE], n[AT_MS] = self._limit - kind.most, base_ms, at_ms
            told = n[LEFT]
            bits.tell(data, n, self._buffer, self._stream)
            told -= n[LEFT]
            at_ms = n[AT_MS]
        else:
            self._put_whole(data, at + HEADER, size)
        self.at = at + told * (HEADER + size)
        if kind.way == FOLLOWS:
            at = self.at - size
            kind.next_ms = at_ms + (data[at] | data[at + 1] << 8)
        else:
            kind.next_ms = 2 * at_ms - kind.at_ms
            kind.at_ms = at_ms
        kind.count += told
        self._before_ms = at_ms
        self.count += told
        return told

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
        self._put((kind.way << 3 | kind.n[SHIFT]) << 4 | kind.n[TIME_K], 9)
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
        k = kind.n[TIME_K]
        ones = code >> k
        if ones < ONES:
            self._put(((2 << ones) - 2 - ones << k) + code, ones + 1 + k)
            kind.time_sum += code
        else:
            self._put((1 << ONES) - 1, ONES)
            self._put(code >> 15, 15)
            self._put(code & 0x7FFF, 15)
            kind.time_sum += ONES << k

    def _fill_byte(self):
        if self._stream[2]:
            self._put(0, 8 - self._stream[2])

    def _put(self, value, size):
        """Up to 21 bits."""
        bits.put(self._buffer, self._stream, value, size)
