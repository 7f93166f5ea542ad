# One table of cases for both interpreters: (kind, offset ms, values, the record's bytes in hex).
# The hex was worked out by hand from the layout: number, length, offset, then little-endian integers.
# story() walks the table and returns lines; a line that does not end in "ok" is a defect.

from talus.wire import clock, frame, kinds, record
from talus.wire.errors import LocalError, RemoteError

CASES = (
    ("wear", 0, (1, 12, 3), "04040000" + "01" + "0c00" + "03"),
    ("wear", 65535, (None, None, None), "0404ffff" + "ff" + "ffff" + "ff"),
    ("clock", 258, (1792000000, 999, 4, 0), "02090201" + "00c0cf6a" + "e703" + "0400" + "00"),
    ("loss", 1, (4294967294, 1, 2), "0d090100" + "feffffff" + "01000000" + "02"),
    ("phase", 10, (1, 0), "0e020a00" + "01" + "00"),
    ("health", 7, (0, 0, 2, 4, -2147483647), "0a080700" + "00000204" + "01000080"),
    ("health", 7, (4, 2, 1, 10, None), "0a080700" + "0402010a" + "00000080"),
    ("power", 8, (1, 2, 3912, 70000), "0f080800" + "01" + "02" + "480f" + "70110100"),
    ("prompt", 9, (1, 1, 0), "10030900" + "01" + "01" + "00"),
    ("stumble", 3, (3, 250, 5), "08040300" + "03" + "fa00" + "05"),
    (
        "exercise",
        9,
        (0, 12, 1850, 48, 150, None, -310, 91, 1, None),
        "09100900" + "000c" + "3a07" + "3000" + "9600" + "ffff" + "cafe" + "5b" + "01" + "ffff",
    ),
    (
        "boot",
        0,
        (0, 0, 1, 0, 3735928559, 3912, 0, 1, 3905, 12),
        "01130000" + "00000100" + "efbeadde" + "480f" + "00000000" + "01" + "410f" + "0c00",
    ),
    (
        "settings",
        2,
        (1, 2, 0, 1, 1, 4, 5, 6, 976, 0, None, 200, 213, 0, 400, None),
        "0b1e0200" + "01000000" + "02000000" + "00010104" + "0506" + "d0030000ffffc800" + "d50000009001ffff",
    ),
    (
        "pressure",
        5,
        (1, 1, 2, 1, 45, 934, 801, 425, 45),
        "070e0500" + "01010201" + "2d00" + "a603" + "2103" + "a901" + "2d00",
    ),
    (
        "stride",
        4660,
        (1234, 790, 16, -512, 87, 1205, 623, 934, 401, 88, 1150, 2875, None),
        "051a3412" + "d204" + "1603" + "1000" + "00fe" + "5700" + "b504" + "6f02" + "a603" + "9101" + "5800" + "7e04"
        "3b0b" + "ffff",
    ),
    (
        "minute",
        5000,
        (1, 31, 52, 0, 6000, 0, 0, 5998, 3205, 2210, 180, 0, None, 934, -215, 402, 310, 611, 84, 0, 1, 60, 41, -935),
        "03278813" + "011f3400" + "7017" + "00" + "0000" + "6e17" + "850c" + "a208" + "b400" + "0000" + "ffff" + "a603"
        "29ff" + "9201" + "3601" + "6302" + "5400" + "01" + "3c00" + "29" + "59fc",
    ),
    (
        "curve",
        6,
        (100, tuple(range(-12, 13)), (None,) + (1000,) * 24),
        "06660600"
        + "6400f4fff5fff6fff7fff8fff9fffafffbfffcfffdfffefffffF".lower()
        + "0000"
        + "0100020003000400050006000700080009000a000b000c00"
        + "0080"
        + "e803" * 24,
    ),
    (
        "walk",
        0,
        (51, 1320, 410, 655, 187, 1203, 150, 4120, 3305, 640, -215, 12),
        "11170000"
        + "33"
        + "2805"
        + "9a01"
        + "8f02"
        + "bb00"
        + "b304"
        + "9600"
        + "1810"
        + "e90c"
        + "8002"
        + "29ff"
        + "0c00",
    ),
    ("raw", 8, (3, 100, b"\x01\x02\x03\x04"), "0c080800" + "0300" + "6400" + "01020304"),
)

REFUSED = (
    ("wear", 0, (255, 0, 0), "wear.worn: 255 is not an integer from 0 to 254"),
    ("wear", 0, (0, -1, 0), "wear.edge_back: -1 is not an integer from 0 to 65534"),
    ("wear", 0, (0, 0), "wear: 2 values where 3 belong"),
    ("wear", 0, (0, 0, 0, 0), "wear: 4 values where 3 belong"),
    ("wear", -1, (0, 0, 0), "wear: offset -1 ms is not from 0 to 65535"),
    ("wear", 65536, (0, 0, 0), "wear: offset 65536 ms is not from 0 to 65535"),
    ("stride", 0, (1.5,) + (0,) * 12, "stride.duration: 1.5 is not an integer from 0 to 65534"),
    (
        "stride",
        0,
        (1000, 600, 0, 40000) + (0,) * 9,
        "stride.ankle_at_contact: 40000 is not an integer from -32767 to 32767",
    ),
    (
        "stride",
        0,
        (1000, 600, 0, -32768) + (0,) * 9,
        "stride.ankle_at_contact: -32768 is not an integer from -32767 to 32767",
    ),
    ("curve", 0, (1, (0,) * 24, (0,) * 25), "curve.angle: 24 values where 25 belong"),
    ("raw", 0, (1, 100, b"\x00" * 252), "raw: 256 bytes where at most 255 fit"),
)


def framed(hexes, boot=7, first=1000, base_ms=1 << 33):
    body = bytes.fromhex("".join(hexes))
    buffer = bytearray(frame.OVERHEAD + len(body))
    buffer[frame.HEADER : frame.HEADER + len(body)] = body
    size = frame.seal(buffer, len(body), boot, first, base_ms)
    return bytes(buffer[:size])


def check(lines, name, holds):
    lines.append("%s %s" % (name, "ok" if holds else "WRONG"))


def pack_lines(lines):
    for index, (name, offset, values, hexes) in enumerate(CASES):
        kind = kinds.BY_NAME[name]
        buffer = bytearray(400)
        end = record.pack(kind, offset, values, buffer, 3)
        check(lines, "pack %d %s %s" % (index, name, bytes(buffer[3:end]).hex()), bytes(buffer[3:end]).hex() == hexes)
        parts = list(record.split(bytes.fromhex(hexes)))
        number, seen_offset, payload = parts[0]
        seen_kind, seen = record.read(number, payload)
        check(lines, "read %d %s" % (index, name), (seen_kind.name, seen_offset, seen) == (name, offset, values))


def refusal_lines(lines):
    for name, offset, values, message in REFUSED:
        buffer = bytearray(400)
        try:
            record.pack(kinds.BY_NAME[name], offset, values, buffer)
            said = "nothing"
        except LocalError as error:
            said = str(error)
        check(lines, "refuse %s: %s" % (name, said), said == message and not any(buffer[:4]))


def age_lines(lines):
    wear = kinds.BY_NAME["wear"]
    check(lines, "older record lacks fields", record.unpack(wear, b"\x01\x0c\x00") == (1, 12, None))
    check(lines, "newer record has more", record.unpack(wear, b"\x01\x0c\x00\x03\x09\x09") == (1, 12, 3))
    check(lines, "newer kind is kept as bytes", record.read(200, b"\x05\x06") == (None, b"\x05\x06"))
    for torn, what in ((b"\x01\x0c", "field"), (b"", "nothing")):
        try:
            said = record.unpack(wear, torn)
        except RemoteError as error:
            said = str(error)
        expected = "wear.edge_back: the record ends inside it (2 bytes)" if torn else (None, None, None)
        check(lines, "torn inside %s" % what, said == expected)


def told(frames):
    return [(one.boot, one.first_sequence, one.base_ms, one.body) for one in frames]


def frame_lines(lines):
    hexes = [row[3] for row in CASES]
    one, two = framed(hexes[:11]), framed(hexes[11:], 8, 1011, 77)
    both = told([frame.parse(one)[0], frame.parse(two)[0]])
    lines.append("frames %s %s" % (one.hex(), two.hex()))
    stream = one + two
    reader = frame.Reader()
    check(lines, "whole", told(reader.feed(stream)) == both and reader.skipped == 0)
    reader = frame.Reader()
    found = []
    for at in range(len(stream)):
        found += reader.feed(stream[at : at + 1])
    check(lines, "byte by byte", told(found) == both and reader.skipped == 0)
    for noise in (b"\x00", b"\xf1", b"\xf1\x7a", b"\xf1\x7a\xff\xff" + b"\x11" * 40, one[:-1], one[5:40]):
        reader = frame.Reader()
        seen = told(reader.feed(noise + one + noise + two + noise) + reader.finish())
        check(lines, "noise %d" % len(noise), seen == both)
        check(lines, "noise counted %d" % reader.skipped, reader.skipped == 3 * len(noise))
    for at in range(0, len(one), 7):
        broken = bytearray(stream)
        broken[at] ^= 0x10
        reader = frame.Reader()
        seen = told(reader.feed(bytes(broken)) + reader.finish())
        check(lines, "bit turned at %d" % at, seen == both[1:])
    try:
        framed([])
        said = "nothing"
    except LocalError as error:
        said = str(error)
    check(lines, "empty frame", said == "frame: a body of 0 bytes is not from 1 to 2028")


# (ticks fed, milliseconds since boot that must come out): over the wrap at 2**30, twice
TICKS = (
    (5, 0),
    (1 << 29, (1 << 29) - 5),
    ((1 << 30) - 1, (1 << 30) - 6),
    (0, (1 << 30) - 5),
    (7, (1 << 30) + 2),
    (1 << 29, (1 << 30) + (1 << 29) - 5),
    (3, (1 << 31) - 2),
)
# (host sent, brace got, brace sent, host got, UTC of the brace's zero, uncertainty), worked out by hand: UTC zero is
# 1.8e12, the way there takes 30 ms, the way back 10 ms, so the offset errs by half the difference
EXCHANGES = (
    (1800000001000, 1030, 1035, 1800000001045, 1799999999990, 21),
    (1800000002000, 2010, 2010, 1800000002020, 1800000000000, 11),
)
# the same and one that says the most of the way back: what they allow, and what is left of it
NARROWED = (EXCHANGES[0][:4], EXCHANGES[1][:4], (1800000003000, 3040, 3050, 1800000003051))
# (stamp, ms its answer waits)
HELD = ((0, 0), (63, 63), (64, 0), (0x0102030405060708, 8))


def clock_lines(lines):
    unwrapper = clock.Unwrapper()
    for ticks, since in TICKS:
        check(lines, "ticks %d" % ticks, unwrapper.feed(ticks) == since)
    seen = [clock.exchange(*row[:4]) for row in EXCHANGES]
    for row, one in zip(EXCHANGES, seen):
        check(lines, "exchange %d +- %d" % one, one == row[4:])
    check(lines, "best", clock.best(seen) == seen[1])
    least, most = zip(*[clock.bounds(*row) for row in NARROWED])
    check(
        lines, "least %d most %d" % (max(least), min(most)), (max(least), min(most)) == (1799999999990, 1800000000001)
    )
    check(lines, "narrowed", clock.narrowed(max(least), min(most)) == (1799999999995, 7))
    check(lines, "contradicting", clock.narrowed(10, 7) is None)
    check(lines, "a stamp cut off", clock.narrowed(10, 8) == (9, 2))
    for stamp, held in HELD:
        check(lines, "hold %d" % held, clock.hold_ms(stamp) == held)


def story():
    lines = []
    clock_lines(lines)
    pack_lines(lines)
    refusal_lines(lines)
    age_lines(lines)
    frame_lines(lines)
    return lines
