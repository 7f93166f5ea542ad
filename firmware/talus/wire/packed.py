# Records of many frames as one, in a stream of bits. A packed frame stands for itself: like a plain one it has magic,
# length, boot, first sequence, base and CRC; its body is the count of records u16 and the bits, the highest first.
# Of each kind it says first how its fields are told, so a reader needs no table and a writer (talus.packer) may choose.
#
# A record is its kind, by its place among those told last; its time, by how far it is from where it was expected; its
# fields, each by its difference to the mean of those before. Differences are Rice codes (Rice 1971). Deviations:
# 1. A field's parameter holds for a frame, chosen by what came in the frame before: learning costs a frame nothing.
# 2. A mean forgets, and `shift` says how slowly; with 0 it is the last number.
# 3. Differences are modulo 65536. What no code fits is told as it is, and "unknown" by a word that moves no mean.
# 4. Words and bits are near each other in time and not in number: told by their place among those told last, as kinds.

import struct

from talus.wire.errors import RemoteError

COUNT = 2
ONES = 8  # of a code's first part: with so many, no code follows
K_MAX = 13  # 7 ones and 13 bits are any number of a field
LISTED = 15  # in place of a parameter: told by place
RECENT = 8  # so many have a place
TIME_BITS = 30  # of a time that no code fits, in two halves
TIME_MAX_MS = (1 << 29) - 1
SIZE_MAX = 255
CODES = "BbHh"
UNKNOWN = (255, 128, 65535, 32768)  # of each code, without its sign
WITH, STEPS, FOLLOWS = range(3)  # expected at the time of the record before; a step after its kind's last; at its end


class Told:
    """A kind of records: how they are told, and what was told of them.

    codes: index into CODES of each field; none where payloads, of `size` bytes, are told as they are. ks: of each field
    the parameter or LISTED; time_k: the parameter of the time.
    """

    def __init__(self, number, size, codes, ks, time_k, way, shift):
        self.number, self.size, self.codes = number, size, codes
        self.ks, self.time_k, self.way, self.shift = ks, time_k, way, shift
        self.bits = [8 << (code >> 1) for code in codes]
        self.format = "<" + "".join(["BBHH"[code] for code in codes])
        self.past = [[] if k == LISTED else None for k in ks]  # what was told last, the latest first; a mean << shift
        self.at_ms = self.step_ms = self.lasts_ms = 0

    def expected(self, before_ms):
        if self.way == WITH:
            return before_ms
        return self.at_ms + (self.step_ms if self.way == STEPS else self.lasts_ms)

    def note(self, at_ms, values):
        self.step_ms = at_ms - self.at_ms
        self.at_ms = at_ms
        if self.codes:
            self.lasts_ms = values[0]


class Bits:
    """A stream of bits. Raises RemoteError behind the end."""

    def __init__(self, data, at):
        self._data = data
        self._at = at
        self._held = self._have = 0

    def take(self, bits):
        """Up to 16 bits."""
        while self._have < bits:
            if self._at >= len(self._data):
                raise RemoteError("a packed frame ends inside a record")
            self._held = (self._held & 0xFFFF) << 8 | self._data[self._at]
            self._at += 1
            self._have += 8
        self._have -= bits
        return self._held >> self._have & (1 << bits) - 1

    def ones(self):
        """How many ones come before a zero, which is taken with them; or ONES."""
        ones = 0
        while ones < ONES and self.take(1):
            ones += 1
        return ones

    def bytes(self, size):
        """From the next whole byte on."""
        self._have = 0
        end = self._at + size
        if end > len(self._data):
            raise RemoteError("a packed frame ends inside a record")
        taken = bytes(self._data[self._at : end])
        self._at = end
        return taken

    def end(self):
        """Only what is missing to a whole byte may follow, in zeros."""
        if self._at < len(self._data) or self.take(self._have):
            raise RemoteError("a packed frame goes on behind its last record")


def split(body):
    """Yield (kind number, ms after the base, payload) for each record of a packed frame's body."""
    if len(body) < COUNT:
        raise RemoteError("a packed frame of %d bytes has no count" % len(body))
    bits, told, at_ms = Bits(body, COUNT), [], 0
    for _ in range(struct.unpack_from("<H", body, 0)[0]):
        kind = placed(bits, told)
        if kind is None:
            kind = introduced(bits)
            kind.at_ms = at_ms
            told.insert(0, kind)
        at_ms = kind.expected(at_ms) + off_of(bits, kind.time_k)
        if not -TIME_MAX_MS <= at_ms <= TIME_MAX_MS:
            raise RemoteError("a packed record is %d ms from its frame's base" % at_ms)
        values = fields_of(bits, kind)
        payload = struct.pack(kind.format, *values) if kind.codes else bits.bytes(kind.size)
        kind.note(at_ms, values)
        yield kind.number, at_ms, payload
    bits.end()


def placed(bits, told):
    """What is told by its place, now the first of them; None where it is new, and follows."""
    ones = bits.ones()
    if ones == ONES:
        del told[RECENT - 1 :]
        return None
    if ones >= len(told):
        raise RemoteError("a packed frame names what it has not told")
    told.insert(0, told.pop(ones))
    return told[0]


def introduced(bits):
    number, count, way, shift, time_k = bits.take(8), bits.take(8), bits.take(2), bits.take(3), bits.take(4)
    codes, ks = [], []
    for _ in range(count):
        codes.append(bits.take(2))
        ks.append(bits.take(4))
    size = sum([1 + (code >> 1) for code in codes]) if count else bits.take(8)
    wrong = [k for k in ks if K_MAX < k < LISTED]
    if wrong or time_k > K_MAX or way > FOLLOWS or size > SIZE_MAX or (way == FOLLOWS and not count):
        raise RemoteError("a packed frame says of kind %d what cannot be" % number)
    return Told(number, size, codes, ks, time_k, way, shift)


def off_of(bits, k):
    """ms from where the record was expected."""
    ones = bits.ones()
    code = ones << k | bits.take(k) if ones < ONES else bits.take(15) << 15 | bits.take(15)
    return -(code >> 1) - 1 if code & 1 else code >> 1


def fields_of(bits, kind):
    values, past = [], kind.past
    for i in range(len(kind.codes)):
        k = kind.ks[i]
        if k == LISTED:
            value = placed(bits, past[i])
            if value is None:
                value = bits.take(kind.bits[i])
                past[i].insert(0, value)
        else:
            value = coded(bits, kind, i, k)
        values.append(value)
    return values


def coded(bits, kind, i, k):
    ones = bits.ones() if kind.past[i] is not None else ONES + 1
    if ones < ONES:
        code = ones << k | bits.take(k)
        off = -(code >> 1) - 1 if code & 1 else code >> 1
        value = (kind.past[i] >> kind.shift) + off & 0xFFFF
        kind.past[i] += off
        if value >> kind.bits[i]:
            raise RemoteError("kind %d: field %d is beyond its width" % (kind.number, i))
        return value
    if ones == ONES and not bits.take(1):
        return UNKNOWN[kind.codes[i]]
    value = bits.take(kind.bits[i])
    kind.past[i] = value << kind.shift
    return value
