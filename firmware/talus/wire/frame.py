# Records <-> frames: what lies in flash and what travels are the same bytes.
# A frame is magic u16, body length u16, boot u16, first sequence u32, base ms u32 + u16 (since that boot),
# body, CRC-32 of all before it. Its n-th record has sequence first + n. A Reader takes bytes in any pieces,
# gives only frames whose CRC holds, and finds its way again after noise.

import binascii
import struct

from talus.wire.errors import LocalError

MAGIC = 0x7AF1
MAGIC_PACKED = 0x7BF1  # the body is one of talus.wire.packed
HEADER = 16
TRAILER = 4
OVERHEAD = HEADER + TRAILER
BODY_MAX = 2028  # with the overhead 2 KiB: half a flash block, and what the brace can hold in memory
BASE_MAX_MS = (1 << 48) - 1

MAGIC_BYTES = struct.pack("<H", MAGIC)
FIRST_BYTE = MAGIC_BYTES[0]
SECOND_BYTES = (MAGIC >> 8, MAGIC_PACKED >> 8)


def seal(buffer, length, boot, first_sequence, base_ms, magic=MAGIC):
    """Turn buffer[HEADER : HEADER + length] into a frame in place; returns the frame's size in bytes."""
    if not 0 < length <= BODY_MAX:
        raise LocalError("frame: a body of %d bytes is not from 1 to %d" % (length, BODY_MAX))
    if not 0 <= boot <= 65535:
        raise LocalError("frame: boot %d is not from 0 to 65535" % boot)
    if not 0 <= first_sequence <= 4294967295:
        raise LocalError("frame: sequence %d is not from 0 to 4294967295" % first_sequence)
    if not 0 <= base_ms <= BASE_MAX_MS:
        raise LocalError("frame: base %d ms is not from 0 to %d" % (base_ms, BASE_MAX_MS))
    low = base_ms & 0xFFFFFFFF
    struct.pack_into("<HHHIIH", buffer, 0, magic, length, boot, first_sequence, low, base_ms >> 32)
    end = HEADER + length
    crc = binascii.crc32(memoryview(buffer)[:end]) & 0xFFFFFFFF
    struct.pack_into("<I", buffer, end, crc)
    return end + TRAILER


class Frame:
    """One frame whose CRC held: boot, first_sequence, base_ms, the body's bytes and whether they are packed."""

    def __init__(self, boot, first_sequence, base_ms, body, packed=False):
        self.boot = boot
        self.first_sequence = first_sequence
        self.base_ms = base_ms
        self.body = body
        self.packed = packed


def parse(data, at=0):
    """Look for a frame at data[at:]: (Frame, its size), (None, 0) when more bytes are needed, or
    (None, -1) when no frame begins here."""
    have = len(data) - at
    if have < 2:
        return None, 0
    if data[at] != FIRST_BYTE or data[at + 1] not in SECOND_BYTES:
        return None, -1
    if have < HEADER:
        return None, 0
    magic, length, boot, first, low, high = struct.unpack_from("<HHHIIH", data, at)
    if not 0 < length <= BODY_MAX:
        return None, -1
    end = HEADER + length
    if have < end + TRAILER:
        return None, 0
    view = memoryview(data)
    if binascii.crc32(view[at : at + end]) & 0xFFFFFFFF != struct.unpack_from("<I", data, at + end)[0]:
        return None, -1
    body = bytes(view[at + HEADER : at + end])
    return Frame(boot, first, low + (high << 32), body, magic == MAGIC_PACKED), end + TRAILER


class Reader:
    """Bytes in, whole frames out; remembers half a frame between calls and counts what it had to skip.

    A damaged length can point past the end of everything: `finish` gives up waiting and looks for
    frames in what is left.
    """

    def __init__(self):
        self.pending = b""
        self.skipped = 0

    def feed(self, data):
        """Returns the list of frames completed by these bytes."""
        return self._take(self.pending + bytes(data), False)

    def finish(self):
        """No more bytes will come: returns the frames hidden behind a damaged length, and forgets the rest."""
        frames = self._take(self.pending, True)
        self.skipped += len(self.pending)
        self.pending = b""
        return frames

    def _take(self, data, last):
        frames = []
        at = 0
        while at < len(data):
            found, size = parse(data, at)
            if found is not None:
                frames.append(found)
                at += size
            elif size == 0 and not last:
                break
            else:
                next_at = data.find(bytes((FIRST_BYTE,)), at + 1)
                if next_at < 0:
                    next_at = len(data)
                self.skipped += next_at - at
                at = next_at
                if last and len(data) - at < OVERHEAD:
                    break
        self.pending = data[at:]
        return frames
