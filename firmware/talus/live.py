# Samples as they are taken, for whoever watches: never kept, never waited for. A piece is the ms since boot of its
# first sample (u32) and up to ten samples of RAW_CHANNELS (i16, the wire's units, "unknown" as in a record), 10 ms
# apart. What the radio has no room for is dropped: the next piece's time shows it.

from talus.wire import kinds

CHANNELS = len(kinds.RAW_CHANNELS)
HEADER = 4
SAMPLE_BYTES = 2 * CHANNELS
SAMPLES_MAX = 10
LIMIT = 32767


class Live:
    """`take` each tick; `piece` is what may be sent, or None; `sent` when it was. room: bytes of a notification."""

    def __init__(self, room):
        most = min(SAMPLES_MAX, (room - HEADER) // SAMPLE_BYTES)
        self._size = HEADER + SAMPLE_BYTES * most
        self._buffers = [bytearray(self._size), bytearray(self._size)]
        # Of each length: a view made when it is needed would allocate.
        lengths = range(HEADER, self._size + 1, SAMPLE_BYTES)
        self._views = [[memoryview(one)[:length] for length in lengths] for one in self._buffers]
        self._filling = 0
        self._end = 0
        self._next_ms = -1
        self.piece = None
        self.dropped = 0  # samples

    @staticmethod
    def fits(room):
        """Whether one sample fits a notification of so many bytes."""
        return room >= HEADER + SAMPLE_BYTES

    def take(self, time_ms, s):
        """One sample, time_ms since boot."""
        if self._end and time_ms != self._next_ms:
            self._close()
        buffer, at = self._buffers[self._filling], self._end
        if not at:
            for i in range(HEADER):
                buffer[i] = time_ms >> 8 * i & 0xFF
            at = HEADER
        for i in range(CHANNELS):
            value = s[i]
            if value is None:
                value = -32768
            elif value > LIMIT:
                value = LIMIT
            elif value < -LIMIT:
                value = -LIMIT
            buffer[at] = value & 0xFF
            buffer[at + 1] = value >> 8 & 0xFF
            at += 2
        self._end = at
        self._next_ms = time_ms + kinds.SAMPLE_MS
        if at + SAMPLE_BYTES > self._size:
            self._close()

    def _close(self):
        """This piece is full. One that still waits goes first; then this one is dropped."""
        count = (self._end - HEADER) // SAMPLE_BYTES
        if self.piece is not None:
            self.dropped += count
        else:
            self.piece = self._views[self._filling][count]
            self._filling = 1 - self._filling
        self._end = 0

    def sent(self):
        self.piece = None
