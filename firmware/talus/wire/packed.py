# Records of many frames as one: each told by its differences to the last of its kind, in a stream of bits.
# A packed frame stands for itself. Like a plain one it has magic, length, boot, first sequence, base and CRC; its body
# is the count of records u16 and the bits. It says of each kind how wide its fields are, so a reader needs no table.
#
# Method: Rice codes whose parameter follows the mean of what came (Rice 1971; LOCO-I, Weinberger 2000). Deviations:
# 1. Differences are taken modulo the field's width, so that "unknown" is as near as any other number.
# 2. The mean is a running one over sixteen, of each field of each kind.
# 3. A time is predicted by the step before; where a kind's records follow each other, by how long the last one took.

import struct

from talus.wire import frame, kinds
from talus.wire.errors import RemoteError

COUNT = 2
LONGEST = 12  # ones, then the number itself
TIME_BITS = 30  # of a time that no code fits
TIME_MAX_MS = (1 << 29) - 1
ROOM = 96  # bytes a record may need beside four for each of its own
MEAN = 8 << 4  # of a field's differences, before the first; in sixteenths
K_MAX = 15
WIDTHS = {"B": 1, "b": 1, "H": 2, "h": 2}
FOLLOWS = (kinds.BY_NAME["stride"].number, 0)  # a stride begins where the last ended: kind, field of its ms


class Field:
    """The differences of one field: the last value, their mean, the code's parameter."""

    def __init__(self, bits):
        self.bits = bits
        self.last = 0
        self.mean = MEAN
        self.k = 3

    def learn(self, code):
        self.mean += code - (self.mean >> 4)
        mean = self.mean >> 4
        while self.k < K_MAX and mean >= 2 << self.k:
            self.k += 1
        while self.k and mean < 1 << self.k:
            self.k -= 1


class Past:
    """What was told of one kind in this frame. widths: bytes of each field, () for one told as it is."""

    def __init__(self, widths, follows):
        self.fields = [Field(8 * width) for width in widths]
        self.widths = widths
        self.follows = follows
        self.time = Field(TIME_BITS)
        self.at = 0
        self.step = 0

    def expected(self):
        return self.at + (self.fields[0].last if self.follows else self.step)

    def note(self, at_ms):
        self.step = at_ms - self.at
        self.at = at_ms


def widths_of(number, length):
    """Bytes of each field of a payload this table knows and that is as long as it says; else ()."""
    kind = kinds.BY_NUMBER.get(number)
    if kind is None or length != kind.size:
        return ()
    for code in kind.codes:
        if code not in WIDTHS:
            return ()
    return tuple([WIDTHS[code] for code in kind.codes])


class Packer:
    """Fills `buffer` with one packed frame after the other: begin, add until it refuses, seal."""

    def __init__(self, buffer):
        self._buffer = buffer
        self._limit = min(len(buffer), frame.HEADER + frame.BODY_MAX)
        self.count = 0

    def begin(self, boot, first_sequence, base_ms):
        self.boot = boot
        self.first_sequence = first_sequence
        self.base_ms = base_ms
        self.count = 0
        self._pasts = {}
        self._kind = -1
        self._held = self._bits = 0  # bits that are no byte yet
        self._at = frame.HEADER + COUNT

    def add(self, number, at_ms, payload):
        """One record, at_ms after the base. False when it has no room here: seal, and begin another."""
        if self._at + 4 * len(payload) + ROOM > self._limit:
            return False
        past, widths = self._pasts.get(number), widths_of(number, len(payload))
        anew = past is None or past.widths != widths
        off_ms = at_ms if anew else at_ms - past.expected()
        if not -TIME_MAX_MS <= off_ms <= TIME_MAX_MS:
            return False
        self._name(number, anew)
        if anew:
            past = self._pasts[number] = self._introduce(number, widths)
        self._put_coded(past.time, zigzag(off_ms))
        past.note(at_ms)
        if past.widths:
            self._put_fields(past, payload)
        else:
            self._put(len(payload), 8)
            for byte in payload:
                self._put(byte, 8)
        self.count += 1
        return True

    def seal(self):
        """The size of the frame that now begins the buffer."""
        if self._bits:
            self._put(0, 8 - self._bits)
        struct.pack_into("<H", self._buffer, frame.HEADER, self.count)
        length = self._at - frame.HEADER
        return frame.seal(self._buffer, length, self.boot, self.first_sequence, self.base_ms, frame.MAGIC_PACKED)

    def _name(self, number, anew):
        if number == self._kind and not anew:
            self._put(0, 1)
        else:
            self._put(1, 1)
            self._put(number, 8)
            self._put(anew, 1)
            self._kind = number

    def _introduce(self, number, widths):
        self._put(len(widths), 8)
        for width in widths:
            self._put(width - 1, 1)
        follows = number == FOLLOWS[0] and bool(widths)
        if widths:
            self._put(follows, 1)
        return Past(widths, follows)

    def _put_fields(self, past, payload):
        at = 0
        for field in past.fields:
            value = payload[at]
            if field.bits == 16:
                value |= payload[at + 1] << 8
            at += field.bits >> 3
            half = 1 << (field.bits - 1)
            off = ((value - field.last + half) & (2 * half - 1)) - half
            field.last = value
            self._put_coded(field, zigzag(off))

    def _put_coded(self, field, code):
        k = field.k
        ones = code >> k
        if ones < LONGEST:
            self._put((1 << ones + 1) - 2, ones + 1)
            self._put(code & ((1 << k) - 1), k)
        else:
            self._put((1 << LONGEST) - 1, LONGEST)
            if field.bits > 15:
                self._put(code >> 15, field.bits - 15)
            self._put(code & 0x7FFF, min(15, field.bits))
        field.learn(code)

    def _put(self, value, bits):
        """Up to 16 bits."""
        held = self._held << bits | value
        bits += self._bits
        while bits >= 8:
            bits -= 8
            self._buffer[self._at] = held >> bits & 0xFF
            self._at += 1
        self._held = held & 0xFF
        self._bits = bits


def zigzag(value):
    return 2 * value if value >= 0 else -2 * value - 1


def unzigzag(code):
    return -(code >> 1) - 1 if code & 1 else code >> 1


class Bits:
    """A stream of bits, the first of each byte its highest. Raises RemoteError behind the end."""

    def __init__(self, data, at):
        self._data = data
        self._at = at
        self._held = self._have = 0

    def take(self, bits):
        """Up to 30 bits."""
        while self._have < bits:
            if self._at >= len(self._data):
                raise RemoteError("a packed frame ends inside a record")
            self._held = self._held << 8 | self._data[self._at]
            self._at += 1
            self._have += 8
        self._have -= bits
        value = self._held >> self._have
        self._held &= (1 << self._have) - 1
        return value

    def take_coded(self, field):
        ones = 0
        while ones < LONGEST and self.take(1):
            ones += 1
        code = ones << field.k | self.take(field.k) if ones < LONGEST else self.take(field.bits)
        field.learn(code)
        return code


def split(body):
    """Yield (kind number, ms after the base, payload) for each record of a packed frame's body."""
    if len(body) < COUNT:
        raise RemoteError("a packed frame of %d bytes has no count" % len(body))
    bits, pasts, number = Bits(body, COUNT), {}, -1
    for _ in range(struct.unpack_from("<H", body, 0)[0]):
        if bits.take(1):
            number = bits.take(8)
            if bits.take(1):
                pasts[number] = introduced(bits)
        past = pasts.get(number)
        if past is None:
            raise RemoteError("a packed frame tells of kind %d before it says what that is" % number)
        at_ms = past.expected() + unzigzag(bits.take_coded(past.time))
        past.note(at_ms)
        yield number, at_ms, fields_of(bits, past) if past.widths else raw_of(bits)


def introduced(bits):
    widths = [None] * bits.take(8)
    for i in range(len(widths)):
        widths[i] = bits.take(1) + 1
    return Past(widths, bool(widths) and bits.take(1) == 1)


def raw_of(bits):
    payload = bytearray(bits.take(8))
    for i in range(len(payload)):
        payload[i] = bits.take(8)
    return bytes(payload)


def fields_of(bits, past):
    payload = bytearray()
    for field in past.fields:
        mask = (1 << field.bits) - 1
        field.last = (field.last + unzigzag(bits.take_coded(field))) & mask
        payload.append(field.last & 0xFF)
        if field.bits == 16:
            payload.append(field.last >> 8)
    return bytes(payload)
