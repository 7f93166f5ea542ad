"""What tests of `talus watch` share: two legs with braces on one ether, a watcher over it, in virtual time."""

import asyncio
import contextlib
import io
import json
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.a_brace import Brace, Shelf

from talus.journal import Journal
from talus.wire.kinds import SIDES
from talus_host.collect import Store
from talus_host.link.ble import Backend, BleLink, Found, scan
from talus_host.service.air import Air
from talus_host.service.log import Log
from talus_host.service.pace import Pace
from talus_host.service.watch import Watcher
from talus_host.session import Record, Session
from talus_twin.board.files import MemoryFiles
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether, Timing
from talus_twin.radio.virtual_time import inline

UTC_MS = 1_800_000_000_000
PACE = Timing(30, 6)
LEFT, RIGHT = "D0:00:00:00:00:01", "D0:00:00:00:00:02"
BRISK = Pace(listen_s=1, pause_s=2, every_s=30, first_s=4, most_s=30, connect_s=5, sync_s=600, keep_s=5)


class Leg(Brace):
    """A brace with an identity of its own, whose loop passes seldom while nothing is to do."""

    def __init__(self, ether: Ether, address: str, side: int) -> None:
        files = MemoryFiles()
        Journal(files, "/log", random.Random(address).randbytes)  # formats it
        super().__init__(ether, files, address)
        self.status.side = side
        self.at = address

    async def run(self) -> None:
        while True:
            self.radio.poll(self.status.now_ms())
            await asyncio.sleep(0.001 if self.radio.busy else 0.05)

    def truth(self) -> list[Record]:
        return Session(0).feed(self.stream())


@dataclass
class Room:
    """A computer and two legs. clock: UTC ms, as virtual time passes; off_ms: what its clock is set wrong by."""

    folder: Path
    ether: Ether
    central: Central
    backend: Backend
    legs: list[Leg]
    told: io.StringIO = field(default_factory=io.StringIO)
    off_ms: int = 0

    def clock(self) -> int:
        return UTC_MS + self.off_ms + int(asyncio.get_running_loop().time() * 1000)

    def watcher(self, store: Store, pace: Pace = BRISK, air: Any = None, run: Any = inline) -> Watcher:
        air = air or Air(self.clock, pace, self.backend)
        log = Log(self.told, self.clock)
        return Watcher(self.folder, store, air, log, clock=self.clock, chance=lambda: 0.5, pace=pace, run=run)

    def events(self, *names: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.told.getvalue().splitlines()]
        return [line for line in lines if not names or line["event"] in names]

    async def pair(self) -> None:
        """What a person did once, with `talus collect`."""
        for leg in self.legs:
            leg.radio.open_pairing()
        for found in await scan(self.backend, 1):
            async with BleLink(found, self.clock, self.backend):
                pass


@contextlib.asynccontextmanager
async def a_room(
    folder: Path, strides: int = 300, paired: bool = True, timing: Timing | None = PACE
) -> AsyncIterator[Room]:
    ether = Ether(timing)
    central = Central(ether)
    legs = [Leg(ether, LEFT, SIDES.index("left")), Leg(ether, RIGHT, SIDES.index("right"))]
    async with legs[0], legs[1]:
        room = Room(folder, ether, central, Backend(central.scanner, central.client), legs)
        for seed, leg in enumerate(legs):
            leg.walk(strides, seed)
        try:
            if paired:
                await room.pair()
            yield room
        finally:
            await central.close()


@contextlib.asynccontextmanager
async def watching(watcher: Watcher) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(watcher.watch())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], object], seconds: float = 600) -> float:
    """Wait for it in virtual time; returns how long that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not true():
        assert loop.time() - began < seconds, "it never came true"
        await asyncio.sleep(0.05)
    return loop.time() - began


def of(shelf: Shelf, leg: Leg) -> list[Record]:
    """What a shelf holds of one leg."""
    mine = {identity: one for identity, one in shelf.held.items() if identity[1] == leg.journal.id}
    return [mine[identity] for identity in sorted(mine)]


def heard(address: str, device: Any = None) -> Found:
    return Found(address, "Talus", -50, device)
