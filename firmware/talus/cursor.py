# A place in the journal's frame stream, as a radio reads it. Bytes are given as they lie: what is damaged among
# them is told by its CRC on the other side, and what was released under the reader is passed over.

import struct

from talus.wire import frame, record
from talus.wire.errors import WireError


class Cursor:
    """From the frame that holds `sequence` (or the first behind it) to the last flushed.

    readinto() fills a buffer, 0 where the stream ends for now. Raises OSError where flash cannot be read.
    """

    def __init__(self, segments, sequence):
        self._segments = segments
        self._at = 0
        self._file = None
        self._final = False  # opened since another segment followed
        self._first = -1
        for first in segments.firsts:
            if first <= sequence or self._first < 0:
                self._first = first
        if self._first >= 0:
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
        self._file = self._segments.open(self._first)

    def _next_segment(self):
        for first in self._segments.firsts:
            if first > self._first:
                self._first = first
                self._at = 0
                self._final = False
                self._open()
                return True
        return False

    def prepare(self):
        """Whether readinto() may be called: at once."""
        return True

    def readinto(self, buffer):
        """Fill `buffer` with the stream's next bytes; returns how many, 0 at its end (for now)."""
        if self._file is None:
            return 0
        while True:
            if self._first >= self._segments.firsts[0]:  # not released meanwhile: its blocks may hold others' bytes
                self._file.seek(self._at)
                got = self._file.readinto(buffer)
                if got:
                    self._at += got
                    return got
                if self._first == self._segments.firsts[-1]:
                    return 0
                if not self._final:  # an open file is as long as it was when it was opened: look again at all of it
                    self._final = True
                    self._open()
                    continue
            if not self._next_segment():
                return 0

    def close(self):
        if self._file is not None:
            self._file.close()
            self._file = None


def count_records(body):
    """How many records a frame's body holds; 0 where they do not fill it."""
    try:
        return sum(1 for _ in record.split(body))
    except WireError:
        return 0
