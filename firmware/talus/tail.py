# The frame being gathered, in memory that outlives a reset: a head, then the frame as it would lie in flash.
# The head says whose it is and keeps what else the next start wants to know; head and frame have a CRC-32 each.

import binascii
import struct

from talus.wire import frame

HEAD_FORMAT = "<QHH"  # journal, battery in mV, nothing yet; then the CRC-32 of these
HEAD = struct.calcsize(HEAD_FORMAT) + 4
UNKNOWN_MV = 65535


def seal_head(buffer, journal, battery_mv):
    """Write the head into buffer[:HEAD]."""
    struct.pack_into(HEAD_FORMAT, buffer, 0, journal, battery_mv, 0)
    struct.pack_into("<I", buffer, HEAD - 4, binascii.crc32(memoryview(buffer)[: HEAD - 4]) & 0xFFFFFFFF)


def recall(data, journal):
    """(frame or None, battery in mV or UNKNOWN_MV) as that memory tells it; nothing where it is another's or torn."""
    if len(data) < HEAD:
        return None, UNKNOWN_MV
    crc = binascii.crc32(memoryview(data)[: HEAD - 4]) & 0xFFFFFFFF
    whose, battery_mv, _ = struct.unpack_from(HEAD_FORMAT, data, 0)
    if whose != journal or crc != struct.unpack_from("<I", data, HEAD - 4)[0]:
        return None, UNKNOWN_MV
    return frame.parse(data, HEAD)[0], battery_mv
