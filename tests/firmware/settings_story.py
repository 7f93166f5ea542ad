# Settings changed at the control point, on both interpreters: what each step answers, and that nothing is changed
# but by a whole change; and which file is taken at start. Each line of story() says what was checked and whether it
# held.

import struct

from firmware.radio_story import DISCONNECTED, ENCRYPTED, GET_SECRET, PEER, Board, line

from talus.settings import Settings
from talus.settings_file import IN_FORCE, PREVIOUS, ROWS, load
from talus.wire.kinds import HEALTH_REASONS
from talus_twin.board.files import MemoryFiles

RANGE = "setting amber_mmhg: %s is not an integer from 30 to 50"
# (what lies in the file, what is said of it)
BAD = (
    (b"", "/settings.json: no JSON object"),
    (b"[1, 2]", "/settings.json: no JSON object"),
    (b"{", "/settings.json: no JSON object"),
    (b'{"amber_mmhg": 40', "/settings.json: no JSON object"),
    (b"\xff\xfe{}", "/settings.json: no text"),
    (b"{7}", "/settings.json: '7' is no \"name\": integer"),
    (b'{"amber_mmhg" 40}', '/settings.json: \'"amber_mmhg" 40\' is no "name": integer'),
    (b'{"amber_mmhg": 40,}', "/settings.json: '' is no \"name\": integer"),
    (b'{"amber_mmhg": "40"}', 'setting amber_mmhg: "40" is not an integer'),
    (b'{"amber_mmhg": 40.5}', "setting amber_mmhg: 40.5 is not an integer"),
    (b'{"amber_mmhg": [40]}', "setting amber_mmhg: [40] is not an integer"),
    (b'{"amber_mmhg": null}', "setting amber_mmhg: null is not an integer"),
    (b'{"amber_mmhg": 40, "amber_mmhg": 41}', "setting amber_mmhg: is there twice"),
    (b'{"amber_mmhg": 29}', RANGE % "29"),
    (b'{"amber_mmhg": 51}', RANGE % "51"),
    (b'{"amber_mmhg": -40}', RANGE % "-40"),
    (b'{"amber_mmhg": 99999999999}', RANGE % "99999999999"),
    (b'{"amber": 40}', "setting amber: there is none of that name"),
    (b'{"version": 2}', "settings version: 2 is not one this firmware reads (1)"),
    (b'{"version": 0, "amber_mmhg": 40}', "settings version: 0 is not one this firmware reads (1)"),
)


def story():
    lines = []
    for chapter in (changing, breaking_off, starting):
        lines += ["%s: %s" % (chapter.__name__, one) for one in chapter()]
    return lines


def row_of(name):
    return [row[0] for row in ROWS].index(name)


def asked(board, opcode, code="", *values):
    """A settings request: hex of the result, and what the answer says of row and value."""
    answer = board.ask(bytes((opcode, 0)) + struct.pack("<" + code, *values))
    head, of, result, row, value = struct.unpack("<HBBIi", answer)
    return "%x" % result if (head, of) == (6, opcode) else "?", row, value


def changing():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    rows, amber = board.settings.rows, row_of("amber_mmhg")
    wanted = Settings({"amber_mmhg": 40})
    yield line("a step that begins nothing", asked(board, 0x86, "Hi", amber, 40), ("83", amber, 40))
    yield line("a host with other rows", asked(board, 0x85, "I", rows ^ 1), ("82", 0, 0))
    for row, value, result in ((amber, 51, "81"), (amber, -1, "81"), (len(ROWS), 1, "80")):
        asked(board, 0x85, "I", rows)
        asked(board, 0x86, "Hi", amber, 40)
        yield line("row %d, value %d" % (row, value), asked(board, 0x86, "Hi", row, value), (result, row, value))
        yield line("and that ends it", asked(board, 0x88, "I", wanted.digest), ("83", 0, 0))
    yield line("begin", asked(board, 0x85, "I", rows), ("1", 0, 0))
    yield line("a value", asked(board, 0x86, "Hi", amber, 40), ("1", amber, 40))
    yield line("another", asked(board, 0x86, "Hi", row_of("offset_mmhg"), 8), ("1", row_of("offset_mmhg"), 8))
    yield line("not what the host means", asked(board, 0x88, "I", wanted.digest), ("84", 0, 0))
    yield line("nothing has changed", (board.settings.amber_mmhg, "settings.json" in board.files.kept), (35, False))
    for again in (1, 2):
        asked(board, 0x85, "I", rows)
        asked(board, 0x86, "Hi", amber, 40)
        asked(board, 0x86, "Hi", row_of("offset_mmhg"), 8)
        asked(board, 0x87, "H", row_of("offset_mmhg"))
        yield line("committed, time %d" % again, asked(board, 0x88, "I", wanted.digest), ("1", 0, 0))
        yield line("in force", (board.settings.amber_mmhg, board.settings.digest), (40, wanted.digest))
        kept = [board.files.kept[name] for name in ("settings.json", "settings.prev.json")]
        yield line("kept, and the previous ones", kept, [b'{"version": 1,\n "amber_mmhg": 40}\n', b'{"version": 1}\n'])
    four = struct.pack("<HHiiii", 0x8B, amber, 40, 15, 25, 10)
    yield line("four rows read back", board.ask(b"\x8a\x00" + struct.pack("<H", amber)), four)
    last = board.ask(b"\x8a\x00" + struct.pack("<H", len(ROWS) - 1))
    yield line("behind the last there is nothing", last[8:], bytes(12))
    yield line("no such row", asked(board, 0x8A, "H", len(ROWS)), ("80", len(ROWS), 0))
    yield line("undone", asked(board, 0x89, "II", rows, wanted.digest), ("1", 0, 0))
    yield line("the defaults again", board.settings.digest, Settings().digest)
    yield line("undone twice is undone once", asked(board, 0x89, "II", rows, wanted.digest), ("84", 0, 0))
    yield line("and undone itself", asked(board, 0x89, "II", rows, Settings().digest), ("1", 0, 0))
    yield line("as they were", board.settings.amber_mmhg, 40)
    yield line("no interrupt failed", board.radio.failures, 0)


def breaking_off():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    rows, amber = board.settings.rows, row_of("amber_mmhg")
    digest = Settings({"amber_mmhg": 40}).digest
    yield line("no previous ones", asked(board, 0x89, "II", rows, board.settings.digest), ("85", 0, 0))
    asked(board, 0x85, "I", rows)
    asked(board, 0x86, "Hi", amber, 40)
    board.fire(DISCONNECTED, 5, 1, PEER[1:])
    board.poll()
    board.connect()
    board.fire(GET_SECRET, 1, 0, memoryview(PEER))
    board.fire(ENCRYPTED, 5, 1, 0, 1, 16)
    board.poll()
    yield line("the rows left memory with the host", board.forgotten, 1)
    yield line("a host that left has begun nothing", asked(board, 0x88, "I", digest), ("83", 0, 0))
    asked(board, 0x85, "I", rows)
    asked(board, 0x86, "Hi", amber, 40)
    opened = board.files.open

    def refused(path, mode):
        raise OSError(28)

    board.files.open = refused
    yield line("a flash that refuses", asked(board, 0x88, "I", digest), ("8", 0, 0))
    yield line("leaves what was", (board.settings.amber_mmhg, board.radio.connected), (35, True))
    board.files.open = opened
    asked(board, 0x85, "I", rows)
    asked(board, 0x86, "Hi", amber, 40)
    yield line("and is asked again", asked(board, 0x88, "I", digest), ("1", 0, 0))


def starting():
    """(amber_mmhg, what is wrong with the file, why) of a start on these files."""
    good, other = b'{"version": 1,\r\n  "amber_mmhg" : 40 }\n', b'{"amber_mmhg": 45}'
    yield line("no file", started(None, None), (35, "none", None))
    yield line("no file, but a previous one", started(None, other), (35, "none", None))
    yield line("an empty object", started(b" {}", other), (35, "none", None))
    yield line("one that fits", started(good, other), (40, "none", None))
    for text, why in BAD:
        yield line(
            "%r, previous ones" % text, started(text, good), (40, "previous", why + "; the previous ones are in force")
        )
        yield line("%r, none" % text, started(text, None), (35, "corrupt", why + "; the defaults are in force"))
        yield line("%r, bad ones" % text, started(text, b"{]"), (35, "corrupt", why + "; the defaults are in force"))


def started(in_force, previous):
    files = MemoryFiles()
    for path, data in ((IN_FORCE, in_force), (PREVIOUS, previous)):
        if data is not None:
            with files.open(path, "wb") as file:
                file.write(data)
    settings, why = load(files)
    return settings.amber_mmhg, HEALTH_REASONS[settings.trouble], why
