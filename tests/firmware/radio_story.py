# The radio against a `bluetooth` that only writes down what it is asked, on both interpreters. Each line of
# story() says what was checked and whether it held; expected bytes are written out from the protocol page.

import binascii
import struct

from talus.bonds import Bonds
from talus.journal import Journal
from talus.radio import Radio
from talus.settings import Settings
from talus.wire import gatt, kinds
from talus_twin.board.files import MemoryFiles

CONNECTED, DISCONNECTED, WRITTEN = 1, 2, 3
INDICATED, MTU_EXCHANGED, ENCRYPTED, GET_SECRET, SET_SECRET = 20, 21, 28, 29, 30
WEAR = kinds.BY_NAME["wear"]
PEER = b"\x01\x01\x00\x00\xee\xff\xc0"
CONTROL = 32  # handles are given out in the order of gatt.SERVICES, 10 for each service
INFO, LOG = 31, 33

# (what is written, the answer): opcode u8, operator u8, operand / 06 00, opcode asked, result, u32, u32
MALFORMED = (
    (b"", "0600 00 02 00000000 00000000"),
    (b"\x07", "0600 07 02 00000000 00000000"),
    (b"\x02\x01", "0600 02 02 00000000 00000000"),
    (b"\xff" * 20, "0600 ff 02 00000000 00000000"),
    (b"\x01", "0600 01 03 00000000 00000000"),
    (b"\x01\x07\x00\x00\x00\x00", "0600 01 03 00000000 00000000"),
    (b"\x01\x01", "0600 01 04 00000000 00000000"),
    (b"\x01\x03", "0600 01 05 00000000 00000000"),
    (b"\x01\x03\x00\x00\x00", "0600 01 05 00000000 00000000"),
    (b"\x01\x03\x00\x00\x00\x00\x00", "0600 01 05 00000000 00000000"),
    (b"\x80\x00", "0600 80 05 00000000 00000000"),
    (b"\x82\x00" + bytes(19), "0600 82 05 00000000 00000000"),
    (b"\x03\x00", "0600 03 07 00000000 00000000"),
    (b"\x81\x00\xff\xff\x00\x00", "0600 81 05 00000000 00000000"),
    (b"\x84\x00" + b"\xff" * 14, "0600 84 05 00000000 00000000"),
    (b"\x84\x00" + bytes(6) + b"\xff" * 8, "0600 84 05 00000000 00000000"),
    (b"\x01\x03\x40\x00\x00\x00", "0600 01 06 00000000 00000000"),
    (b"\x04\x03\x02\x00\x00\x00", "0500 3e000000"),
    (b"\x04\x03\x00\x01\x00\x00", "0500 00000000"),
    (b"\x81\x00\x40\x00\x00\x00", "0600 81 01 00000000 00000000"),
)


class Recorder:
    """A `bluetooth` module and its BLE object in one: keeps values, notes calls, raises what it is told to."""

    def __init__(self):
        self.values = {}
        self.sent = []
        self.indicated = []
        self.gone = []
        self.advertised = []
        self.registered = ()
        self.refuse = []

    def BLE(self):
        return self

    def UUID(self, value):
        return bytes(16)

    def irq(self, handler):
        self.fire = handler

    def active(self, on):
        self.may_send()
        self.on = on

    def config(self, **values):
        pass

    def gatts_register_services(self, services):
        self.registered = services
        return tuple(tuple(10 * s + c + 1 for c in range(len(row[1]))) for s, row in enumerate(services))

    def gatts_set_buffer(self, handle, length, append=False):
        self.room = length

    def gatts_write(self, handle, data):
        self.values[handle] = bytes(data)

    def gatts_read(self, handle):
        return self.values[handle]

    def gap_advertise(self, interval_us, adv_data=None, resp_data=None):
        self.advertised.append((interval_us, bytes(adv_data), bytes(resp_data)))

    def gap_disconnect(self, handle):
        self.gone.append(handle)
        return True

    def may_send(self):
        if self.refuse:
            error = self.refuse.pop(0)
            if error == "leaves":
                return self.fire(DISCONNECTED, (5, 1, PEER[1:]))
            if error:
                raise OSError(error)
        return None

    def gatts_notify(self, connection, handle, data):
        self.may_send()
        self.sent.append(bytes(data))

    def gatts_indicate(self, connection, handle, data):
        self.may_send()
        self.indicated.append(bytes(data))


class Board:
    """Clock, status and journal of 64 records for one radio."""

    side, boot, battery, fault = 1, 1, 60, 0
    fault_reason, state, settings_digest, rows_digest = 0, 0, 7, 8

    def __init__(self):
        self.ms = 100000
        self.now, self.live = self, None  # nobody watches
        self.told = []
        self.forgotten = 0
        self.settings = Settings()
        self.bluetooth = Recorder()
        self.files = MemoryFiles()
        self.journal = Journal(self.files, "/log", lambda n: bytes(range(n)))
        for n in range(64):
            self.journal.append(WEAR, 1000 + 100 * n, [n & 1] + [None] * (len(WEAR.fields) - 1))
        self.journal.flush()
        self.bonds = Bonds(self.files, "/bonds")
        self.radio = Radio(self.bluetooth, self.journal, self, self, self.bonds, 500)
        self.radio.start()
        self.poll()

    def ticks_ms(self):
        return (self.ms + (1 << 30) - 90000) & ((1 << 30) - 1)  # wraps on the way

    def now_ms(self):
        return self.ms

    def forget(self):
        self.forgotten += 1

    def tune(self, settings):
        self.settings = settings

    def on_set_clock(self, brace_ms, utc_ms, uncertainty_ms):
        self.told.append((brace_ms, utc_ms, uncertainty_ms))

    def poll(self, ms=0):
        self.ms += ms
        self.radio.poll(self.ms)

    def fire(self, event, *data):
        return self.bluetooth.fire(event, data)

    def write(self, data):
        """A host writes: as the stack does it, the value first, cut to the room there is, then the event."""
        self.bluetooth.values[CONTROL] = bytes(data)[: self.bluetooth.room]
        self.fire(WRITTEN, 5, CONTROL)

    def ask(self, data):
        """Write, pass, confirm: the answer, or None."""
        before = len(self.bluetooth.indicated)
        self.write(data)
        self.poll()
        if len(self.bluetooth.indicated) == before:
            return None
        self.fire(INDICATED, 5, CONTROL, 0)
        return self.bluetooth.indicated[-1]

    def connect(self):
        self.fire(CONNECTED, 5, 1, memoryview(PEER)[1:])
        self.fire(MTU_EXCHANGED, 5, 43)

    def pair(self):
        """NimBLE's order: encrypted is said before the secrets are stored."""
        self.connect()
        self.fire(ENCRYPTED, 5, 1, 0, 1, 16)
        kept = [self.fire(SET_SECRET, kind, memoryview(PEER), memoryview(b"secret")) for kind in (1, 2)]
        self.poll()
        return kept


def line(what, got, wanted):
    return what + (": holds" if got == wanted else ": %r is not %r WRONG" % (got, wanted))


def story():
    lines = []
    for chapter in (
        advertising,
        strangers,
        pairing,
        worn_out,
        spoofing,
        malformed,
        answering,
        reporting,
        losing,
        surviving,
    ):
        lines += ["%s: %s" % (chapter.__name__, one) for one in chapter()]
    return lines


def advertising():
    board = Board()
    bluetooth = board.bluetooth
    flags = [[allows for _, allows in row[1]] for row in bluetooth.registered]
    yield line("open is Device Information and nothing else", flags[0], [2, 2, 2])
    yield line("the rest wants encryption or only notifies", flags[1:], [[0x212], [0x212], [0x212, 0x102C, 0x10, 0x10]])
    interval, said, answered = bluetooth.advertised[0]
    yield line("interval", interval, 500000)
    yield line("flags and one service", (said[:5], len(said)), (b"\x02\x01\x06\x11\x07", 21))
    yield line("a neutral name", answered, b"\x06\x09Talus")
    yield line("nothing to read", [bluetooth.values[h] for h in (11, 21, INFO)], [b"", b"", b""])


def strangers():
    board = Board()
    board.connect()
    board.write(b"\x04\x03\x00\x00\x00\x00")
    board.poll()
    yield line("an unencrypted host is not answered", board.bluetooth.indicated, [])
    yield line("and reads nothing", board.bluetooth.values[INFO], b"")
    board.poll(30001)
    yield line("and is sent away", board.bluetooth.gone, [5])
    yield line("outside the window no secret is kept", board.pair(), [False, False])
    yield line("and the host is sent away", board.bluetooth.gone, [5, 5])
    yield line("nothing stored", len(board.bonds), 0)


def pairing():
    board = Board()
    board.radio.open_pairing()
    yield line("inside the window secrets are kept", board.pair(), [True, True])
    yield line("and the host is welcome", board.radio.authorised, True)
    info = gatt.unpack_info(board.bluetooth.values[INFO])
    yield line("who", (info["device"], info["journal"]), (0x0706050403020100, 0x0F0E0D0C0B0A0908))
    yield line("what", (info["first"], info["next"], info["side"], info["battery"]), (0, 64, 1, 60))
    yield line("the window shuts behind it", board.radio.pairing_open, False)
    board.fire(DISCONNECTED, 5, 1, PEER[1:])
    board.poll()
    yield line("nothing to read after it left", board.bluetooth.values[INFO], b"")
    again = Bonds(board.files, "/bonds")
    yield line("the bond survives a reset", (len(again), again.get(1, PEER)), (2, b"secret"))
    board.connect()
    secret = board.fire(GET_SECRET, 1, 0, memoryview(PEER))
    board.fire(ENCRYPTED, 5, 1, 0, 1, 16)
    board.poll()
    yield line("a bonded host is welcome without a window", (secret, board.radio.authorised), (b"secret", True))
    board.radio.forget()
    yield line("forgotten", (len(board.bonds), len(Bonds(board.files, "/bonds"))), (0, 0))


def worn_out():
    """A flash that refuses: the gesture still works until the next reset."""
    board = Board()
    board.radio.open_pairing()
    board.pair()

    def refused(path, mode):
        raise OSError(5)

    board.files.open = refused
    board.radio.forget()
    yield line("forgotten on a worn flash", (len(board.bonds), board.radio.failures), (0, 1))


def spoofing():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    board.fire(DISCONNECTED, 5, 1, PEER[1:])
    board.poll()
    board.connect()
    found = board.fire(GET_SECRET, 2, 0, memoryview(PEER))
    deleted = board.fire(SET_SECRET, 2, memoryview(PEER), None)
    yield line("a known address pairs anew: its secret stays", (found, deleted), (b"secret", False))
    yield line("and is found no more", board.fire(GET_SECRET, 2, 0, memoryview(PEER)), None)
    board.fire(ENCRYPTED, 5, 1, 0, 1, 16)
    board.fire(SET_SECRET, 1, memoryview(PEER), memoryview(b"forged"))
    board.poll()
    yield line("it gets nothing", (board.radio.authorised, board.bluetooth.values[INFO]), (False, b""))
    yield line("the bond is the old one", board.bonds.get(1, PEER), b"secret")
    board.connect()
    yield line("the stack's own secrets are kept always", board.fire(SET_SECRET, 10, b"k", memoryview(b"irk")), True)


def malformed():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    for written, answer in MALFORMED:
        got = board.ask(written)
        got = got and binascii.hexlify(got).decode()
        yield line(binascii.hexlify(written).decode() or "nothing", got, answer.replace(" ", ""))
    yield line("a credit for nothing is not answered", board.ask(b"\x80\x00\x08"), None)
    yield line("no interrupt failed", board.radio.failures, 0)
    yield line("acknowledged", board.journal.acknowledged, 64)


def answering():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    board.write(b"\x82\x00" + bytes(range(8)))
    board.poll(7)
    held = struct.pack("<8sIHH", bytes(range(8)), 100000, 0, 7)
    yield line("time: stamp back, when it came, how long it was held", board.bluetooth.indicated, [b"\x83\x00" + held])
    board.write(b"\x84\x00" + struct.pack("<IHIHH", 99000, 0, 5, 400, 12))
    board.poll()
    yield line("the next answer waits for the confirmation", (len(board.bluetooth.indicated), len(board.told)), (1, 1))
    board.fire(INDICATED, 5, CONTROL, 0)
    board.bluetooth.refuse = [12]
    board.poll()
    yield line("and for a free buffer", len(board.bluetooth.indicated), 1)
    board.poll()
    yield line("clock set", board.bluetooth.indicated[1:], [b"\x06\x00\x84\x01" + bytes(8)])
    yield line("told", board.told, [(99000, 5 + (400 << 32), 12)])
    board.poll(1000)
    utc_s = (5 + (400 << 32) + board.ms - 99000) // 1000
    shown = board.bluetooth.values[21]
    yield line("the time can be read", shown[4:7], bytes((utc_s // 3600 % 24, utc_s // 60 % 60, utc_s % 60)))


def reporting():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    bluetooth = board.bluetooth
    (whole,) = (bytes(data) for name, data in board.files.kept.items() if name.endswith(".seg"))
    yield line("report: no answer yet", board.ask(b"\x01\x03\x00\x00\x00\x00"), None)
    yield line("and nothing without credit", bluetooth.sent, [])
    board.ask(b"\x80\x00\x03")
    yield line("three credits, three pieces of mtu - 3", [len(piece) for piece in bluetooth.sent], [40, 40, 40])
    bluetooth.refuse = [0, 12]
    board.ask(b"\x80\x00\xff")
    yield line("one, then no buffer", len(bluetooth.sent), 4)
    board.poll()
    yield line("the refused one is tried again, never more than eight", len(bluetooth.sent), 4 + 7)
    while len(bluetooth.indicated) == 0:
        board.ask(b"\x80\x00\x08")
    yield line("all of it, once, in order", b"".join(bluetooth.sent) == whole, True)
    end = struct.pack("<II", len(whole), binascii.crc32(whole) & 0xFFFFFFFF)
    yield line("how much, and its crc", bluetooth.indicated, [b"\x06\x00\x01\x01" + end])
    bluetooth.sent.clear()
    board.ask(b"\x01\x03\x00\x00\x00\x00")
    board.ask(b"\x80\x00\x01")
    yield line("abort", board.ask(b"\x03\x00"), b"\x06\x00\x03\x01" + bytes(8))
    board.ask(b"\x80\x00\x08")
    yield line("and silence", len(bluetooth.sent), 1)
    bluetooth.sent.clear()
    board.ask(b"\x01\x03\x00\x00\x00\x00")
    board.ask(b"\x80\x00\x01")
    board.ask(b"\x01\x03\x3f\x00\x00\x00")
    board.ask(b"\x80\x00\x08")
    yield line("a second report begins anew", bluetooth.sent[1], whole[:40])


def losing():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    board.ask(b"\x01\x03\x00\x00\x00\x00")
    board.bluetooth.refuse = [-128]
    board.ask(b"\x80\x00\x08")
    yield line("an error that is not ENOMEM is a lost host", board.bluetooth.gone, [5])
    board.poll()
    yield line("advertising again", len(board.bluetooth.advertised), 2)
    board.radio.open_pairing()
    board.pair()
    board.ask(b"\x01\x03\x00\x00\x00\x00")
    board.bluetooth.refuse = [0, "leaves"]
    board.ask(b"\x80\x00\x08")
    board.poll()
    yield line("a host that leaves in the middle of a pass", (board.radio.connected, board.radio.failures), (False, 0))
    yield line("and again", len(board.bluetooth.advertised), 3)
    yield line("a write that comes late does nothing", (board.ask(b"\x03\x00"), board.radio.failures), (None, 0))


def surviving():
    board = Board()
    board.radio.open_pairing()
    board.pair()
    yield line("an event from elsewhere", board.fire(99, 5), None)
    yield line("an event with nothing in it", board.fire(WRITTEN), None)
    yield line("is counted, and never leaves the interrupt", board.radio.failures, 1)
    for _ in range(12):
        board.write(b"\x03\x00")
    yield line("a flood is cut off", board.radio.failures, 1 + 4)
    for _ in range(8):
        board.poll()
        board.fire(INDICATED, 5, CONTROL, 0)
    yield line("and the rest answered", len(board.bluetooth.indicated), 8)
