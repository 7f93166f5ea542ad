# The radio's table: UUIDs, what each characteristic carries, and the words of the control point.
# Control follows the pattern of the Record Access Control Point (opcodes 1 to 6) over a u32 sequence; it
# claims no conformance. Every characteristic of this service needs an encrypted, bonded link.
#
# Log carries nothing but a stretch of the frame stream: frames as they lie in flash, cut into notifications
# anywhere. The host grants credits (notifications it will take); the brace never has more outstanding.

import struct

from talus.wire.errors import RemoteError

PROTOCOL = 1

BASE = "%08x-7a1f-4c5e-9b0d-6f2ad1a7a105"
SERVICE = BASE % 0x00010000
INFO = BASE % 0x00010001  # read, notify: see INFO_ROWS
CONTROL = BASE % 0x00010002  # write, indicate: opcode u8, operator u8, operand
LOG = BASE % 0x00010003  # notify: the frame stream
LIVE = BASE % 0x00010004  # notify: raw samples as they are taken

DEVICE_INFORMATION = 0x180A
MANUFACTURER = 0x2A29
MODEL = 0x2A24
FIRMWARE_REVISION = 0x2A26
BATTERY_SERVICE = 0x180F
BATTERY_LEVEL = 0x2A19
CURRENT_TIME_SERVICE = 0x1805
CURRENT_TIME = 0x2A2B

NAME = "Talus"  # what an advertisement says: no serial number, no person

MTU = 247  # 244 bytes of notification fill one 251-octet link-layer packet; 517 is slower (three packets)
CONTROL_MAX = 20
CREDITS_MAX = 8  # notifications outstanding; NimBLE's pool has 12 buffers and incoming packets need some

# Opcodes 1 to 6 as in RACP; from 0x80 on they are ours.
REPORT = 0x01  # operator AT_LEAST, u32 sequence: send every flushed frame from the one that holds it
ABORT = 0x03  # stop reporting
COUNT = 0x04  # operator AT_LEAST, u32 sequence: how many flushed records there are
COUNT_IS = 0x05  # u32
RESPONSE = 0x06  # operator NULL, u8 request opcode, u8 result, then for REPORT: u32 frames' bytes, u32 CRC-32
CREDIT = 0x80  # u8 notifications more
ACKNOWLEDGE = 0x81  # u32 sequence: all records below it are committed by this host
TIME = 0x82  # u64 host's stamp -> TIME_IS
TIME_IS = 0x83  # u64 host's stamp, u48 brace ms at receipt, u16 ms until it was sent
SET_CLOCK = 0x84  # u48 brace ms, u48 UTC ms, u16 uncertainty ms: kept as a clock record

NULL = 0x00
AT_LEAST = 0x03

SUCCESS = 1
OPCODE_UNSUPPORTED = 2
INVALID_OPERATOR = 3
OPERATOR_UNSUPPORTED = 4
INVALID_OPERAND = 5
NO_RECORDS = 6
ABORT_FAILED = 7
NOT_COMPLETED = 8
RESULTS = {
    SUCCESS: "done",
    OPCODE_UNSUPPORTED: "opcode not supported",
    INVALID_OPERATOR: "operator not valid",
    OPERATOR_UNSUPPORTED: "operator not supported",
    INVALID_OPERAND: "operand not valid",
    NO_RECORDS: "no records",
    ABORT_FAILED: "nothing to abort",
    NOT_COMPLETED: "not completed",
}

# Info, in order: (field, struct code, meaning)
INFO_ROWS = (
    ("protocol", "B", "version of this page"),
    ("side", "B", "index into kinds.SIDES, 255 unknown"),
    ("device", "Q", "random id of the brace, made once"),
    ("journal", "Q", "random id of its flash, made at every format"),
    ("layout", "I", "digest of the record layouts"),
    ("boot", "H", "number of this boot"),
    ("now_ms", "Q", "ms since boot at this reading"),
    ("first", "I", "oldest sequence kept"),
    ("next", "I", "sequence behind the newest flushed record"),
    ("acknowledged", "I", "all below it were acknowledged by this host"),
    ("battery", "B", "percent, 255 unknown"),
    ("fault", "B", "0 none, else index into kinds.SENSORS + 1 of the worst"),
)
INFO_FORMAT = "<" + "".join(row[1] for row in INFO_ROWS)
INFO_SIZE = struct.calcsize(INFO_FORMAT)


def pack_info(values):
    """values: integers in the order of INFO_ROWS."""
    if len(values) != len(INFO_ROWS):
        raise ValueError("info: %d values where %d belong" % (len(values), len(INFO_ROWS)))
    return struct.pack(INFO_FORMAT, *values)


def unpack_info(data):
    """Info as a dict by field. A longer Info is a newer brace: its tail is left alone."""
    if len(data) < INFO_SIZE:
        raise RemoteError("info has %d bytes where %d belong" % (len(data), INFO_SIZE))
    values = struct.unpack_from(INFO_FORMAT, data, 0)
    return {row[0]: value for row, value in zip(INFO_ROWS, values)}


def pack_ms48(value):
    """A 48-bit millisecond count, little-endian."""
    return struct.pack("<IH", value & 0xFFFFFFFF, value >> 32)


def unpack_ms48(data, at=0):
    low, high = struct.unpack_from("<IH", data, at)
    return low + (high << 32)
