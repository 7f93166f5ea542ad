# The radio's table: UUIDs, what each characteristic carries, and the words of the control point.
# Control follows the pattern of the Record Access Control Point (opcodes 1 to 6) over a u32 sequence; it
# claims no conformance. Every characteristic but Device Information needs an encrypted, bonded link.
#
# Log carries nothing but a stretch of the frame stream: frames as they lie in flash, or packed, cut into notifications
# anywhere. The host grants credits (notifications it will take); the brace never has more outstanding.

import struct

from talus.wire.clock import hold_ms
from talus.wire.errors import LocalError, RemoteError

PROTOCOL = 1

BASE = "%08x-7a1f-4c5e-9b0d-6f2ad1a7a105"
SERVICE = BASE % 0x00010000
INFO = BASE % 0x00010001  # read, notify: see INFO_ROWS; empty until this host is authorised
CONTROL = BASE % 0x00010002  # write (with or without response): REQUESTS; indicate: ANSWERS
LOG = BASE % 0x00010003  # notify: the frame stream
LIVE = BASE % 0x00010004  # notify: samples as they are taken, see LIVE_HEADER

DEVICE_INFORMATION = 0x180A
MANUFACTURER = 0x2A29
MODEL = 0x2A24
FIRMWARE_REVISION = 0x2A26
BATTERY_SERVICE = 0x180F
BATTERY_LEVEL = 0x2A19
CURRENT_TIME_SERVICE = 0x1805
CURRENT_TIME = 0x2A2B  # read only: it is local time without a zone, and a write could move a day of wear

# What a characteristic allows: the specification's bits, and NimBLE's two for an encrypted link.
READ = 0x0002
WRITE_NO_RESPONSE = 0x0004
WRITE = 0x0008
NOTIFY = 0x0010
INDICATE = 0x0020
READ_ENCRYPTED = 0x0200
WRITE_ENCRYPTED = 0x1000
SECRET_READ = READ | READ_ENCRYPTED
SECRET_WRITE = WRITE | WRITE_NO_RESPONSE | WRITE_ENCRYPTED

# (service, ((characteristic, what it allows), ...))
SERVICES = (
    (DEVICE_INFORMATION, ((MANUFACTURER, READ), (MODEL, READ), (FIRMWARE_REVISION, READ))),
    (BATTERY_SERVICE, ((BATTERY_LEVEL, SECRET_READ | NOTIFY),)),
    (CURRENT_TIME_SERVICE, ((CURRENT_TIME, SECRET_READ | NOTIFY),)),
    (
        SERVICE,
        (
            (INFO, SECRET_READ | NOTIFY),
            (CONTROL, SECRET_WRITE | INDICATE),
            (LOG, NOTIFY),
            (LIVE, NOTIFY),
        ),
    ),
)

# A piece of Live: ms since boot of its first sample, then RAW_CHANNELS of each as i16, SAMPLE_MS apart.
LIVE_HEADER = "<I"

NAME = "Talus"  # what an advertisement says: no serial number, no person

MTU = 247  # 244 bytes of notification fill one 251-octet link-layer packet; 517 is slower (three packets)
CONTROL_MAX = 20  # every request and answer fits the smallest MTU of 23
CREDITS_MAX = 8  # notifications outstanding; NimBLE's pool has 12 buffers and incoming packets need some

# Opcodes 1 to 6 as in RACP; from 0x80 on they are ours.
REPORT = 0x01
ABORT = 0x03
COUNT = 0x04
COUNT_IS = 0x05
RESPONSE = 0x06
CREDIT = 0x80
ACKNOWLEDGE = 0x81
TIME = 0x82
TIME_IS = 0x83
SET_CLOCK = 0x84
BEGIN_SETTINGS = 0x85
SET_SETTING = 0x86
DEFAULT_SETTING = 0x87
COMMIT_SETTINGS = 0x88
UNDO_SETTINGS = 0x89
READ_SETTINGS = 0x8A
SETTINGS_ARE = 0x8B
BEGIN_SET = 0x8C
END_SET = 0x8D
REPORT_PACKED = 0x8E
FORGET = 0x8F
WATCH = 0x90

NULL = 0x00
AT_LEAST = 0x03

# A request is opcode u8, operator u8, operand. (opcode, operator, operand, answer, meaning).
# 48-bit milliseconds are written "IH". A row with no answer is answered only when it is malformed.
REQUESTS = (
    (REPORT, AT_LEAST, "I", RESPONSE, "send every flushed frame from the one that holds this sequence"),
    (ABORT, NULL, "", RESPONSE, "stop reporting; the report then has no answer of its own"),
    (COUNT, AT_LEAST, "I", COUNT_IS, "how many flushed records are there from this sequence on"),
    (CREDIT, NULL, "B", None, "notifications of Log this host will take, on top of those granted"),
    (ACKNOWLEDGE, NULL, "I", RESPONSE, "all records below this sequence are committed by this host"),
    (
        TIME,
        NULL,
        "Q",
        TIME_IS,
        "the host's own stamp, returned as it came: its low 6 bits are ms the answer is to wait",
    ),
    (SET_CLOCK, NULL, "IHIHH", RESPONSE, "brace ms since boot, UTC ms, uncertainty ms: kept as a clock record"),
    (BEGIN_SETTINGS, NULL, "I", RESPONSE, "digest of the host's rows: change settings, from those in force on"),
    (SET_SETTING, NULL, "HI", RESPONSE, "row, value (i32)"),
    (DEFAULT_SETTING, NULL, "H", RESPONSE, "row"),
    (COMMIT_SETTINGS, NULL, "I", RESPONSE, "digest of all as they should be now: kept, in force from the next minute"),
    (UNDO_SETTINGS, NULL, "II", RESPONSE, "digest of the host's rows, of what is undone: the previous ones are kept"),
    (READ_SETTINGS, NULL, "H", SETTINGS_ARE, "values from this row on"),
    (BEGIN_SET, NULL, "B", RESPONSE, "index into kinds.EXERCISES: count repetitions from now on"),
    (END_SET, NULL, "", RESPONSE, "the set is over: what was counted becomes a record"),
    (REPORT_PACKED, AT_LEAST, "I", RESPONSE, "as REPORT, in packed frames: half the bytes"),
    (FORGET, NULL, "", RESPONSE, "this host's bond is no more, from the end of this connection on"),
    (WATCH, NULL, "B", RESPONSE, "1: samples on Live as they are taken, until 0 or the end of this connection"),
)
SETTINGS_AT_ONCE = 4

# An answer is opcode u8, NULL, values. (opcode, values, meaning)
ANSWERS = (
    (COUNT_IS, "I", "records"),
    (
        RESPONSE,
        "BBII",
        "opcode asked, result; of a report the bytes sent on Log and their CRC-32, of a setting row, value",
    ),
    (TIME_IS, "QIHH", "the host's stamp, brace ms since boot when the request came, ms until this answer left"),
    (SETTINGS_ARE, "HIIII", "row, its value and the next three (i32); 0 behind the last row"),
)

SUCCESS = 1
OPCODE_UNSUPPORTED = 2
INVALID_OPERATOR = 3
OPERATOR_UNSUPPORTED = 4
INVALID_OPERAND = 5
NO_RECORDS = 6
ABORT_FAILED = 7
NOT_COMPLETED = 8
UNKNOWN_SETTING = 0x80
OUT_OF_RANGE = 0x81
OTHER_ROWS = 0x82
NOT_BEGUN = 0x83
OTHER_DIGEST = 0x84
NO_PREVIOUS = 0x85
NOT_MEASURABLE = 0x86
NO_SET = 0x87
TOO_OFTEN = 0x88
RESULTS = {
    SUCCESS: "done",
    OPCODE_UNSUPPORTED: "opcode not supported",
    INVALID_OPERATOR: "operator not valid",
    OPERATOR_UNSUPPORTED: "operator not supported",
    INVALID_OPERAND: "operand not valid",
    NO_RECORDS: "no records",
    ABORT_FAILED: "nothing to abort",
    NOT_COMPLETED: "not completed",
    UNKNOWN_SETTING: "no setting of that number",
    OUT_OF_RANGE: "out of range",
    OTHER_ROWS: "another version of the settings",
    NOT_BEGUN: "no change is begun, or one of its steps was refused",
    OTHER_DIGEST: "other settings than this host believes",
    NO_PREVIOUS: "no previous settings that fit",
    NOT_MEASURABLE: "this brace has no sensor that sees this exercise",
    NO_SET: "no set of an exercise is under way",
    TOO_OFTEN: "asked too often: wait a minute",
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
    ("fault_reason", "B", "index into kinds.HEALTH_REASONS of that fault"),
    ("state", "B", "index into kinds.POWER_STATES, 255 unknown"),
    ("settings", "I", "digest of every setting in force"),
    ("rows", "I", "digest of the settings' rows: a host with another one must not write them"),
)
INFO_FORMAT = "<" + "".join(row[1] for row in INFO_ROWS)
INFO_SIZE = struct.calcsize(INFO_FORMAT)


def pack_info(values):
    """values: integers in the order of INFO_ROWS. Raises LocalError."""
    return pack_values("".join(row[1] for row in INFO_ROWS), values, "info")


def unpack_info(data):
    """Info as a dict by field. A longer Info is a newer brace: its tail is left alone."""
    if len(data) < INFO_SIZE:
        raise RemoteError("info has %d bytes where %d belong" % (len(data), INFO_SIZE))
    values = struct.unpack_from(INFO_FORMAT, data, 0)
    return {row[0]: value for row, value in zip(INFO_ROWS, values)}


def request(opcode, *operand):
    """The bytes of one request; operand: integers as in its row of REQUESTS. Raises LocalError."""
    for row in REQUESTS:
        if row[0] == opcode:
            return bytes((opcode, row[1])) + pack_values(row[2], operand, "request 0x%02x" % opcode)
    raise LocalError("request 0x%02x: there is none of that opcode" % opcode)


def parse_request(data):
    """(result, operand) of a request as it came: SUCCESS and a tuple, or why it is refused and ()."""
    for row in REQUESTS:
        if len(data) and row[0] == data[0]:
            if len(data) < 2:
                return INVALID_OPERATOR, ()
            if row[1] != data[1]:
                return (OPERATOR_UNSUPPORTED if data[1] <= 6 else INVALID_OPERATOR), ()
            if len(data) != 2 + struct.calcsize("<" + row[2]):
                return INVALID_OPERAND, ()
            return SUCCESS, struct.unpack_from("<" + row[2], data, 2)
    return OPCODE_UNSUPPORTED, ()


def answer(opcode, *values):
    """The bytes of one answer; values: integers as in its row of ANSWERS. Raises LocalError."""
    for row in ANSWERS:
        if row[0] == opcode:
            return bytes((opcode, NULL)) + pack_values(row[1], values, "answer 0x%02x" % opcode)
    raise LocalError("answer 0x%02x: there is none of that opcode" % opcode)


def early(answered, held_ms):
    """Whether this answer, held so long, is a TIME_IS that the host's stamp asks to hold longer."""
    return answered[0] == TIME_IS and held_ms < hold_ms(answered[2])


def put_held(time_is, held_ms):
    """A TIME_IS whose last value says how long the brace held it."""
    return time_is[:-2] + struct.pack("<H", min(held_ms, 0xFFFF))


def parse_answer(data):
    """(opcode, values) of an answer as it came. A longer one is a newer brace: its tail is left alone."""
    if len(data) < 2:
        raise RemoteError("an answer of %d bytes says nothing" % len(data))
    for row in ANSWERS:
        if row[0] == data[0]:
            if len(data) < 2 + struct.calcsize("<" + row[1]):
                raise RemoteError("answer 0x%02x has %d bytes: too few" % (data[0], len(data)))
            return data[0], struct.unpack_from("<" + row[1], data, 2)
    raise RemoteError("answer 0x%02x is not one this table knows" % data[0])


WIDTHS = {"B": 0xFF, "H": 0xFFFF, "I": 0xFFFFFFFF, "Q": 0xFFFFFFFFFFFFFFFF}


def pack_values(codes, values, what):
    """Integers by their codes, checked: MicroPython's struct wraps, fills and drops without a word."""
    if len(values) != len(codes):
        raise LocalError("%s: %d values where %d belong" % (what, len(values), len(codes)))
    for code, value in zip(codes, values):
        if not 0 <= value <= WIDTHS[code]:
            raise LocalError("%s: %d is not from 0 to %d" % (what, value, WIDTHS[code]))
    return struct.pack("<" + codes, *values)


def split_ms48(value):
    """A 48-bit millisecond count as the two integers (low 32, high 16) its codes "IH" carry."""
    return value & 0xFFFFFFFF, value >> 32


def join_ms48(low, high):
    return low + (high << 32)


def signed(value):
    """The i32 a code "I" carried."""
    return value - (1 << 32) if value >> 31 else value
