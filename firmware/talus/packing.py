# A report whose frames are packed as they leave; flash keeps them plain. A few records a pass, so that no sample waits
# for them. From the first bytes on that are no whole frame, everything goes out as it lies.

import binascii
import struct

from talus.kernel_bits import FAST
from talus.packer import Packer
from talus.wire import frame, gatt
from talus.wire.record import HEADER

WORK, WORK_PLAIN = 48, 12  # a pass, in records: some 300,000 instructions of a Cortex-M7; without machine code
STRETCH, INTRODUCED = 4, 24  # of it for each stretch of records, and for a kind that is new to a frame
PLAIN_FRAME = frame.OVERHEAD + frame.BODY_MAX
PIECE = gatt.MTU - 3  # what a notification holds: what is less waits for the next frame


class Packing:
    """What Cursor is, of packed frames: prepare() until it is true, then readinto() for as long as there is something.

    It takes 5 KiB. Raises OSError where flash cannot be read.
    """

    def __init__(self, cursor):
        self._cursor = cursor
        self._in = bytearray(PLAIN_FRAME)
        self._out = bytearray(PIECE + PLAIN_FRAME)  # what is left of a frame, right before the next
        self._packer = Packer(memoryview(self._out)[PIECE:])
        self._sequence = self._base_ms = self._boot = 0  # of the record that comes next, of its frame
        self._breaks = False  # it is not the one behind the last
        self._next = self._end = 0  # where in _in that record is, and where its frame's end
        self._left, self._right = PIECE, PIECE  # what is ready of _out
        self._as_it_lies = False
        self._raw_at = self._raw_end = 0  # what was read of _in before it proved to be no frame

    def prepare(self):
        """Pack a little; True where readinto() has a whole piece to give, or nothing more will come."""
        if self._right - self._left >= PIECE or self._as_it_lies:
            return True
        left = WORK if FAST else WORK_PLAIN
        while left > 0:
            if self._next == self._end and not self._next_frame():
                self._as_it_lies = True
                self._seal()
                return True
            told = self._add(max(1, left - STRETCH))
            if not told:
                self._seal()
                return self._right - self._left >= PIECE
            left -= STRETCH + told
            if self._packer.introduced:
                self._packer.introduced = False
                left -= INTRODUCED
        return False

    def readinto(self, buffer):
        if self._left < self._right:
            size = min(len(buffer), self._right - self._left)
            buffer[:size] = memoryview(self._out)[self._left : self._left + size]
            self._left += size
            return size
        if self._raw_at < self._raw_end:
            size = min(len(buffer), self._raw_end - self._raw_at)
            buffer[:size] = memoryview(self._in)[self._raw_at : self._raw_at + size]
            self._raw_at += size
            return size
        return self._cursor.readinto(buffer)

    def close(self):
        self._cursor.close()

    def _begin(self):
        """A packed frame begins where the last did: what is left of that moves before it."""
        rest = bytes(memoryview(self._out)[self._left : self._right])
        self._left, self._right = PIECE - len(rest), PIECE
        self._out[self._left : PIECE] = rest
        self._packer.begin(self._boot, self._sequence, self._base_ms)
        self._breaks = False

    def _seal(self):
        if self._packer.count:
            self._right = PIECE + self._packer.seal()
            self._packer.count = 0

    def _add(self, most):
        """Up to so many records; 0 where the next does not belong into this frame."""
        packer = self._packer
        if not packer.count:
            self._begin()
        elif self._breaks:
            return 0
        told = packer.add(self._in, self._next, self._end, self._base_ms - packer.base_ms, most)
        if told:
            self._next = packer.at
            self._sequence += told
        return told

    def _next_frame(self):
        """Read one more frame; False at the end, and where what comes is none."""
        have = self._read(0, frame.HEADER)
        size = have
        if have == frame.HEADER:
            magic, length, boot, first, low, high = struct.unpack_from("<HHHIIH", self._in, 0)
            if magic == frame.MAGIC and 0 < length <= frame.BODY_MAX:
                size += self._read(have, length + frame.TRAILER)
                if size == length + frame.OVERHEAD and self._whole(frame.HEADER + length):
                    self._breaks = boot != self._boot or first != self._sequence
                    self._boot, self._sequence, self._base_ms = boot, first, low + (high << 32)
                    self._next, self._end = frame.HEADER, frame.HEADER + length
                    return True
        self._raw_at, self._raw_end = 0, size
        return False

    def _whole(self, end):
        """Whether CRC and records of the frame in _in hold."""
        if binascii.crc32(memoryview(self._in)[:end]) & 0xFFFFFFFF != struct.unpack_from("<I", self._in, end)[0]:
            return False
        at = frame.HEADER
        while at + HEADER <= end:
            at += HEADER + self._in[at + 1]
        return at == end

    def _read(self, at, count):
        """Up to `count` bytes into _in[at:]; returns how many there were."""
        view = memoryview(self._in)
        got = 0
        while got < count:
            size = self._cursor.readinto(view[at + got : at + count])
            if not size:
                break
            got += size
        return got
