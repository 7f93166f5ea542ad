"""A control point with a journal of some records behind it, asked anything, and what it must still do after that."""

import random

from talus import settings_file
from talus.bonds import Bonds
from talus.control import Control
from talus.journal import Journal
from talus.peer import Peer
from talus.settings import Settings
from talus.wire import gatt, kinds
from talus_host.session import Session
from talus_twin.board.files import MemoryFiles

STRIDE, CLOCK = kinds.BY_NAME["stride"], kinds.BY_NAME["clock"]
RECORDS = 90


class Status:
    """What App is to a control point."""

    forget = None

    def __init__(self, journal: Journal, files: MemoryFiles) -> None:
        self.files = files
        self.settings, _ = settings_file.load(files)
        self._journal = journal

    def now_ms(self) -> int:
        return 100_000

    def tune(self, settings: Settings) -> None:
        self.settings = settings

    def on_set_clock(self, brace_ms: int, utc_ms: int, uncertainty_ms: int) -> None:
        self._journal.append(CLOCK, brace_ms, (utc_ms // 1000, utc_ms % 1000, min(uncertainty_ms, 65534), 0))

    @property
    def now(self) -> "Status":
        return self

    def watch(self, room: int) -> int:
        return int(gatt.SUCCESS)

    def begin_set(self, exercise: int) -> int:
        return int(gatt.SUCCESS if exercise < len(kinds.EXERCISES) else gatt.INVALID_OPERAND)

    def end_set(self) -> int:
        return int(gatt.NO_SET)


class Desk:
    """ask() gives requests as bytes; a byte 0xEE lets the radio do a pass instead, as 0xEF a host go."""

    def __init__(self) -> None:
        files = MemoryFiles()
        self.journal = Journal(files, "/log", random.Random(1).randbytes)
        for number in range(RECORDS):
            self.journal.append(STRIDE, 1000 * number, [number] * len(STRIDE.fields))
        self.journal.flush()
        peer = Peer(Bonds(), self.journal.id)
        peer.host = b"host"
        self.control = Control(self.journal, Status(self.journal, files), peer)

    def ask(self, data: bytes) -> None:
        control = self.control
        if data[:1] == b"\xee":
            self._pass()
        elif data[:1] == b"\xef":
            control.begin()
        else:
            answer = control.handle(data, 50_000)
            assert answer is None or 2 <= len(answer) <= gatt.CONTROL_MAX
            if answer is not None:
                gatt.parse_answer(answer)
        assert 0 <= control.credits <= gatt.CREDITS_MAX
        assert self.journal.acknowledged <= self.journal.next

    def _pass(self) -> bytes | None:
        """As Radio does: a piece for each credit, or the answer that ends the report."""
        control, sent = self.control, 0
        while control.reporting or control.piece is not None:
            if control.piece is None:
                answer = control.fill(gatt.MTU - 3)
                if answer is not None:
                    return bytes(answer)
                if control.piece is None:
                    return None
            if not control.credits:
                return None
            assert 0 < len(control.piece) <= gatt.MTU - 3
            self.heard = getattr(self, "heard", b"") + bytes(control.piece)
            control.piece = None
            control.credits -= 1
            sent += 1
        return None

    def must_serve(self) -> None:
        """A host that comes now gets every record once, packed or as they lie."""
        for opcode in (gatt.REPORT, gatt.REPORT_PACKED):
            self.control.begin()
            self.heard = b""
            assert self.control.handle(gatt.request(opcode, 0), 1) is None
            answer = None
            for _ in range(10_000):
                self.control.handle(gatt.request(gatt.CREDIT, gatt.CREDITS_MAX), 1)
                answer = self._pass()
                if answer is not None:
                    break
            assert answer is not None and gatt.parse_answer(answer)[1][1] == gatt.SUCCESS
            session = Session(0)
            found = session.feed(self.heard)
            assert [one.sequence for one in found] == list(range(self.journal.next)) and not session.skipped
            assert [one.payload[:2] for one in found[:RECORDS]] == [
                number.to_bytes(2, "little") for number in range(RECORDS)
            ]
