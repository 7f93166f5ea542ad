# Values <-> the bytes of one record. A record is kind u8, payload length u8, offset u16 (ms after its
# frame's base), payload. Refuses what does not fit, because MicroPython's struct wraps, fills and drops
# without a word. None is "unknown" and has a number of its own in every field.

import struct

from talus.wire.errors import LocalError, RemoteError
from talus.wire.kinds import BY_NUMBER, CODES, count_of

HEADER = 4
PAYLOAD_MAX = 255
OFFSET_MAX_MS = 65535


def put_value(code, value, buffer, at):
    """Write one integer or None at buffer[at:]; returns the position behind it."""
    size, low, high, unknown = CODES[code]
    if value is None:
        value = unknown
    elif not isinstance(value, int) or value < low or value > high:
        raise LocalError("%r is not an integer from %d to %d" % (value, low, high))
    if size > 2:
        struct.pack_into("<" + code, buffer, at, value)
        return at + size
    buffer[at] = value & 0xFF  # by hand: a third of struct's price, which looks its format up
    if size == 2:
        buffer[at + 1] = value >> 8 & 0xFF
    return at + size


def put_field(code, value, buffer, at):
    if code == "*":
        end = at + len(value)
        buffer[at:end] = value
        return end
    if len(code) == 1:
        return put_value(code, value, buffer, at)
    if len(value) != count_of(code):
        raise LocalError("%d values where %d belong" % (len(value), count_of(code)))
    for item in value:
        at = put_value(code[-1], item, buffer, at)
    return at


def put(kind, offset_ms, values, buffer, at=0):
    """As pack, on a brace, which keeps no field's name: raises LocalError(place of the field, what is wrong)."""
    codes = kind.codes
    if len(values) != len(codes):
        raise LocalError(None, "%d values where %d belong" % (len(values), len(codes)))
    if not 0 <= offset_ms <= OFFSET_MAX_MS:
        raise LocalError(None, "offset %d ms is not from 0 to %d" % (offset_ms, OFFSET_MAX_MS))
    length = kind.size + (len(values[-1]) if kind.open_ended else 0)
    if length > PAYLOAD_MAX:
        raise LocalError(None, "%d bytes where at most %d fit" % (length, PAYLOAD_MAX))
    if at + HEADER + length > len(buffer):
        raise LocalError(None, "no room for %d bytes" % (HEADER + length))
    end = at + HEADER
    place = 0
    try:
        for code in codes:
            put_one = put_value if len(code) == 1 and code != "*" else put_field
            end = put_one(code, values[place], buffer, end)
            place += 1
    except LocalError as error:
        raise LocalError(place, error.args[0]) from None
    struct.pack_into("<BBH", buffer, at, kind.number, length, offset_ms)
    return end


def pack(kind, offset_ms, values, buffer, at=0):
    """Write a record of `kind` into buffer[at:] and return the position behind it.

    values: one integer, None, tuple of integers (a list field) or bytes (the open end) per row of the kind,
    in the kind's order and in wire units. Raises LocalError naming the field and the value.
    """
    try:
        return put(kind, offset_ms, values, buffer, at)
    except LocalError as error:
        place, wrong = error.args
        name = kind.name if place is None else kind.name + "." + kind.names[place]
        raise LocalError("%s: %s" % (name, wrong)) from None


def unpack_value(code, payload, at):
    value = struct.unpack_from("<" + code, payload, at)[0]
    return None if value == CODES[code][3] else value


def unpack_field(code, width, payload, at):
    if code == "*":
        return bytes(payload[at:])
    if len(code) == 1:
        return unpack_value(code, payload, at)
    step = CODES[code[-1]][0]
    return tuple(unpack_value(code[-1], payload, at + i) for i in range(0, width, step))


def unpack(kind, payload):
    """Values of one payload, in the kind's order; None where unknown.

    A shorter payload is an older brace: the fields it lacks are None. A longer one is a newer brace: its
    tail is left alone. A payload that ends inside a field raises RemoteError.
    """
    values = []
    at = 0
    for code, width in zip(kind.codes, kind.widths):
        if at >= len(payload) and not (code == "*" and at == len(payload)):
            values.append(None)
            continue
        if at + width > len(payload):
            name = kind.names[len(values)]
            raise RemoteError("%s.%s: the record ends inside it (%d bytes)" % (kind.name, name, len(payload)))
        values.append(unpack_field(code, width, payload, at))
        at += width
    return tuple(values)


def split(body):
    """Yield (kind number, offset ms, payload) for each record of a frame's body, unknown kinds included."""
    at = 0
    view = memoryview(body)
    while at < len(body):
        if at + HEADER > len(body):
            raise RemoteError("record header ends after %d bytes" % (len(body) - at))
        number, length, offset_ms = struct.unpack_from("<BBH", body, at)
        if at + HEADER + length > len(body):
            raise RemoteError("record of kind %d ends after %d bytes" % (number, len(body) - at))
        yield number, offset_ms, view[at + HEADER : at + HEADER + length]
        at += HEADER + length


def read(number, payload):
    """(kind, values) of one split record, or (None, bytes) when this kind is newer than this table."""
    kind = BY_NUMBER.get(number)
    if kind is None:
        return None, bytes(payload)
    return kind, unpack(kind, payload)
