"""The brace of killed.py: journal and control point, of this process, as they are on a board."""

import contextlib
import os
import random
import signal
import sqlite3
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign.flash import Flash
from campaign.tally import Tally
from campaign.world import KINDS, some

from talus.bonds import Bonds
from talus.control import Control
from talus.journal import Journal
from talus.peer import Peer
from talus.wire import gatt, kinds
from talus_host.session import Record, Session
from talus_host.store import schema

CLOCK = kinds.BY_NAME["clock"]
IN_COMMIT_S = 0.004


class Desk:
    """A brace whose host is a process. It looks into the host's database at every acknowledgement."""

    forget = None

    def __init__(self, path: Path, seed: int, tally: Tally) -> None:
        self.path = path
        self.tally = tally
        self.chance = random.Random(seed)
        self.journal = Journal(Flash(self.chance, lambda _: None), "/log", self.chance.randbytes)
        bonds = Bonds()
        self.peer = Peer(bonds, self.journal.id)
        self.peer.host = b"a process"
        self.control = Control(self.journal, self, self.peer)
        self.ms = 5000

    def now_ms(self) -> int:
        return self.ms

    def on_set_clock(self, brace_ms: int, utc_ms: int, uncertainty_ms: int) -> None:
        self.journal.append(CLOCK, brace_ms, (utc_ms // 1000, utc_ms % 1000, uncertainty_ms, 0))

    def walk(self, count: int) -> None:
        for _ in range(count):
            self.ms += self.chance.randrange(200, 3000)
            kind = self.chance.choice(KINDS)
            self.journal.append(kind, self.ms, [some(self.chance, row[1]) for row in kind.fields])
        self.journal.flush()

    def info(self) -> bytes:
        have = {"protocol": gatt.PROTOCOL, "device": self.journal.device, "journal": self.journal.id, "boot": 1}
        have |= {"now_ms": self.ms, "first": self.journal.first, "next": self.journal.next, "battery": 80}
        return bytes(gatt.pack_info(tuple(have.get(row[0], 0) for row in gatt.INFO_ROWS)))

    def truth(self) -> list[Record]:
        buffer, session, reader, found = bytearray(4096), Session(0), self.journal.reader(0), []
        while size := reader.readinto(buffer):
            found += session.feed(bytes(buffer[:size]))
        return found

    def held(self) -> list[Record]:
        """What the database holds now, by a connection of its own."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            query = "SELECT sequence, boot, at_ms, kind, payload FROM record WHERE journal = ? ORDER BY sequence"
            return [Record(*row) for row in connection.execute(query, (schema.signed(self.journal.id),))]

    # -- serving one life of the host -----------------------------------------------------------

    def serve(self, pipe: Connection, process: Any, packed: bool) -> bool:
        """Answer until the host is gone; True when it came to its end."""
        with contextlib.suppress(EOFError, ConnectionResetError, BrokenPipeError):
            while True:
                said = pipe.recv()
                if said[0] == "done":
                    return True
                if said[0] == "committing":
                    time.sleep(self.chance.random() * IN_COMMIT_S)
                    os.kill(process.pid, signal.SIGKILL)
                elif said[0] == "put":
                    self.tally.commits += 1
                    assert said[3] == 0, "one identity, two contents"
                elif said[0] == "report":
                    self._report(pipe, said[1], packed)
                else:
                    pipe.send(self._answer(said))
        self.control.begin()
        return False

    def _answer(self, said: tuple[Any, ...]) -> Any:
        if said[0] == "info":
            return self.info()
        if said[0] == "now":
            return self.ms
        if said[1][0] == gatt.ACKNOWLEDGE:
            sequence = gatt.parse_request(said[1])[1][0]
            committed = {one.sequence for one in self.held()}
            assert set(range(sequence)) <= committed, "acknowledged before it was committed"
        return self.control.handle(said[1], self.ms)

    def _report(self, pipe: Connection, first: int, packed: bool) -> None:
        opcode = gatt.REPORT_PACKED if packed else gatt.REPORT
        answer = self.control.handle(gatt.request(opcode, first), self.ms)
        while answer is None:
            answer = self.control.fill(gatt.MTU - 3)
            if self.control.piece is not None:
                pipe.send(bytes(self.control.piece))
                self.control.piece = None
        pipe.send(b"")
