# A report whose frames are packed as they leave; flash keeps them plain. A few records a pass, so that no sample waits
# for them. From the first bytes on that are no whole frame, everything goes out as it lies.

import binascii
import struct

from talus.wire import frame, record
from talus.wire.errors import WireError
from talus.wire.packed import Packer

RECORDS = 4  # a pass
PLAIN_FRAME = frame.OVERHEAD + frame.BODY_MAX


class Packing:
    """What Cursor is, of packed frames: prepare() until it is true, then readinto() for as long as there is something.

    It takes 5 KiB. Raises OSError where flash cannot be read.
    """

    def __init__(self, cursor):
        self._cursor = cursor
        self._in = bytearray(PLAIN_FRAME)
        self._out = bytearray(PLAIN_FRAME)
        self._packer = Packer(self._out)
        self._records = iter(())  # of the flash's frame that is being packed
        self._record = None  # the one that had no room
        self._sequence = self._base_ms = self._boot = 0  # of the record that comes next, of its frame
        self._at = self._end = 0  # what is ready of _out
        self._as_it_lies = False
        self._raw_at = self._raw_end = 0  # what was read of _in before it proved to be no frame

    def prepare(self):
        """Pack a little; True where readinto() has something to give, or nothing more will come."""
        if self._at < self._end or self._as_it_lies:
            return True
        for _ in range(RECORDS):
            if self._record is None and not self._next_record():
                return self._sealed()
            if not self._add():
                return self._sealed()
        return False

    def readinto(self, buffer):
        if self._at < self._end:
            size = min(len(buffer), self._end - self._at)
            buffer[:size] = memoryview(self._out)[self._at : self._at + size]
            self._at += size
            return size
        if self._raw_at < self._raw_end:
            size = min(len(buffer), self._raw_end - self._raw_at)
            buffer[:size] = memoryview(self._in)[self._raw_at : self._raw_at + size]
            self._raw_at += size
            return size
        return self._cursor.readinto(buffer)

    def close(self):
        self._cursor.close()

    def _sealed(self):
        """The frame is full, or nothing more comes."""
        self._at, self._end = 0, 0
        if self._packer.count:
            self._end = self._packer.seal()
            self._packer.count = 0
        return True

    def _add(self):
        number, offset_ms, payload = self._record
        packer = self._packer
        if not packer.count:
            packer.begin(self._boot, self._sequence, self._base_ms)
        elif packer.boot != self._boot or packer.first_sequence + packer.count != self._sequence:
            return False
        if not packer.add(number, self._base_ms - packer.base_ms + offset_ms, payload):
            return False
        self._record = None
        self._sequence += 1
        return True

    def _next_record(self):
        while True:
            for one in self._records:
                self._record = one
                return True
            if not self._next_frame():
                return False

    def _next_frame(self):
        """Read one more frame; False at the end, and where what comes is none."""
        have = self._read(0, frame.HEADER)
        if not have:
            return False
        size = have
        if have == frame.HEADER:
            magic, length, boot, first, low, high = struct.unpack_from("<HHHIIH", self._in, 0)
            if magic == frame.MAGIC and 0 < length <= frame.BODY_MAX:
                size += self._read(have, length + frame.TRAILER)
                if size == length + frame.OVERHEAD and self._whole(length):
                    self._boot, self._sequence, self._base_ms = boot, first, low + (high << 32)
                    self._records = record.split(memoryview(self._in)[frame.HEADER : frame.HEADER + length])
                    return True
        self._as_it_lies = True
        self._raw_at, self._raw_end = 0, size
        return False

    def _whole(self, length):
        end = frame.HEADER + length
        if binascii.crc32(memoryview(self._in)[:end]) & 0xFFFFFFFF != struct.unpack_from("<I", self._in, end)[0]:
            return False
        try:
            for _ in record.split(memoryview(self._in)[frame.HEADER : end]):
                pass
        except WireError:
            return False
        return True

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
