"""A brace that lives through everything: its flash, its resets, its clock, and the truth of what it promised.

A record is promised once flush() has returned, or once it lay in memory that outlives the reset that came. Every
record's payload is made only once, so that one that came twice, or torn, is seen in any database.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable

from campaign.flash import Flash, PowerCut
from twin.a_brace import ADDRESS, Brace, Status

from talus.bonds import Bonds
from talus.journal import Journal
from talus.radio import Radio
from talus.wire import kinds, record
from talus_host.session import Record, Session
from talus_twin.board.memory import Memory
from talus_twin.radio.bluetooth import TwinBluetooth
from talus_twin.radio.ether import Ether

DAY_MS = 86_400_000
KINDS = [kinds.BY_NAME[name] for name in ("stride", "stride", "stride", "stride", "minute", "curve")]
WALKS_EVERY_S = 0.7


class BraceClock:
    """The loop's time and what was leapt over; a leap stands for hours in which nobody was near."""

    def __init__(self) -> None:
        self.leapt_ms = 0

    def ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000) + self.leapt_ms

    def ticks_ms(self) -> int:
        return self.ms() & ((1 << 30) - 1)


class CampaignStatus(Status):
    """Status on a clock that leaps."""

    def __init__(self, journal: Journal, files: Flash, clock: BraceClock) -> None:
        super().__init__(journal, files)
        self._clock = clock
        self._zero_ms = clock.ms()

    def now_ms(self) -> int:
        return self._clock.ms() - self._zero_ms + 5000


class Truth:
    """What was kept, by payload: (kind, boot, ms), and which of it was promised."""

    def __init__(self) -> None:
        self.made: dict[bytes, tuple[int, int, int]] = {}
        self.promised: set[bytes] = set()
        self.pending: list[bytes] = []

    def promise(self) -> None:
        self.promised.update(self.pending)
        self.pending = []

    def check(self, records: list[Record]) -> None:
        """Every promise is among these records once, none twice, none torn."""
        ours = {kind.number for kind in KINDS}
        seen: set[bytes] = set()
        for one in records:
            if one.kind in ours:
                assert one.payload in self.made, f"record {one.sequence} was never made: torn"
                assert self.made[one.payload] == (one.kind, one.boot, one.at_ms), f"record {one.sequence} was changed"
                assert one.payload not in seen, f"record {one.sequence} came twice"
                seen.add(one.payload)
        lost = sorted(self.made[one][1:] for one in self.promised - seen)
        assert not lost, f"{len(lost)} records are lost, (boot, ms) from {lost[0]} to {lost[-1]}"


class CampaignBrace(Brace):
    """Firmware radio, journal, bonds and memory over a flash that fails; it walks while it serves."""

    def __init__(self, world: "World", ether: Ether) -> None:
        self.world = world
        self.files = world.flash
        self.journal = Journal(world.flash, "/log", world.chance.randbytes, world.memory)
        self.status = CampaignStatus(self.journal, world.flash, world.clock)
        self.bonds = Bonds(world.flash, "/bonds")
        self._free = ether.timing is None
        self._loop = None
        self.truth = world.truth
        flush = self.journal.flush

        def flush_and_promise() -> None:
            flush()
            self.truth.promise()

        self.journal.flush = flush_and_promise
        bluetooth = TwinBluetooth(ether, ADDRESS)
        self.air = bluetooth.BLE()
        self.radio = Radio(bluetooth, self.journal, world.clock, self.status, self.bonds, advertise_ms=100)

    def keep(self, count: int) -> None:
        """So many records no other is like, each some time after the last."""
        world, chance = self.world, self.world.chance
        for _ in range(count):
            world.clock.leapt_ms += chance.randrange(200, 3000)
            kind, at_ms = chance.choice(KINDS), self.status.now_ms()
            values = [some(chance, row[1]) for row in kind.fields]
            buffer = bytearray(300)
            payload = bytes(buffer[record.HEADER : record.pack(kind, 0, values, buffer)])
            dropped = sum(self.journal._dropped)
            self.truth.made[payload] = (kind.number, self.journal.boot, at_ms)
            self.journal.append(kind, at_ms, values)
            if sum(self.journal._dropped) == dropped:
                self.truth.pending.append(payload)

    async def run(self) -> None:
        walks_at = 0.0
        time = asyncio.get_running_loop().time
        while True:
            if self.world.walking and time() >= walks_at:
                walks_at = time() + WALKS_EVERY_S
                self.keep(self.world.chance.randrange(3))
                if self.world.chance.random() < 0.3:
                    with contextlib.suppress(OSError):
                        self.journal.flush()
            self.radio.poll(self.status.now_ms())
            await asyncio.sleep(0.002 if self.radio.busy else 0.01 if self.radio.connected else 0.05)


def some(chance: random.Random, code: str) -> object:
    """A value of a field; neighbours are alike, as a person's strides are, and no two records are."""
    if len(code) > 1:
        return tuple(chance.randrange(0, 3000) for _ in range(int(code[:-1])))
    if chance.random() < 0.05:
        return None
    return chance.randrange(0, 100) if code in "bB" else chance.randrange(0, 1000)


class World:
    """One brace over all its boots and formats. `brace` is the boot that runs, None while there is no power."""

    def __init__(self, chance: random.Random, ether: Ether, struck: Callable[[str], None]) -> None:
        self.chance = chance
        self.ether = ether
        self.struck = struck
        self.clock = BraceClock()
        self.truth = Truth()
        self.flash = Flash(chance, struck)
        self.memory = Memory()
        self.brace: CampaignBrace | None = None
        self.walking = True
        self.boots = self.journal_id = 0
        self.past: dict[tuple[int, int], list[Record]] = {}  # what journals held when they were erased
        self._life: asyncio.Task[None] | None = None
        self._down = asyncio.Event()
        self._lost_power = False

    async def live(self) -> None:
        """Boot after boot, for as long as the world turns."""
        while True:
            self._down.clear()
            await self._one_boot()

    async def _one_boot(self) -> None:
        try:
            brace = CampaignBrace(self, self.ether)
        except PowerCut:
            self._after(lost_power=False)  # in the middle of a start; memory is as the last boot left it
            return
        self.boots += 1
        if brace.journal.id != self.journal_id:
            self.truth.pending = []  # flash never took the id they were gathered under
        self.journal_id = brace.journal.id
        if not brace.journal.pending:
            self.truth.promise()  # what memory held was taken back
        self.brace = brace
        async with brace:
            assert brace._loop is not None
            down = asyncio.ensure_future(self._down.wait())
            await asyncio.wait((brace._loop, down), return_when=asyncio.FIRST_COMPLETED)
            down.cancel()
            self.brace = None
            if brace._loop.done():
                error = brace._loop.exception()
                if not isinstance(error, PowerCut):
                    raise error or AssertionError("the loop ended")
                brace._loop = asyncio.ensure_future(asyncio.sleep(0))
        self._after(lost_power=self.chance.random() < 0.5 if not self._down.is_set() else self._lost_power)
        await asyncio.sleep(self.chance.uniform(0.05, 3))

    def _after(self, lost_power: bool) -> None:
        """Flash as it is now, memory if the power held; what was pending is then taken back by the next start."""
        if lost_power:
            self.memory.lose()
            self.truth.pending = []
        self.flash = Flash(self.chance, self.struck, self.flash)

    def down(self, lost_power: bool) -> None:
        """The boot that runs ends here: a reset, or the power goes."""
        self._lost_power = lost_power
        self._down.set()

    def erase(self) -> None:
        """The flash is formatted and the brace starts anew: another journal, no bond, the same old sequences."""
        self.truth = Truth()
        self.flash = Flash(self.chance, self.struck)
        self.memory.lose()
        self.down(lost_power=True)

    def walk(self, count: int) -> None:
        """So many records more, and flushed if the flash takes them."""
        if self.brace is None:
            return
        try:
            self.brace.keep(count)
            self.brace.journal.flush()
        except PowerCut:
            self.down(self.chance.random() < 0.5)
        except OSError:
            pass  # they are held

    def start(self) -> None:
        self._life = asyncio.ensure_future(self.live())

    async def stop(self) -> None:
        if self._life is not None:
            self._life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._life

    async def up(self) -> CampaignBrace:
        """The boot that runs, as soon as one does."""
        while self.brace is None:
            assert self._life is not None
            if self._life.done():
                self._life.result()
            await asyncio.sleep(0.05)
        return self.brace

    def held(self) -> list[Record]:
        """Every record that lies flushed in the brace, by its own stream."""
        assert self.brace is not None
        session = Session(0)
        found = session.feed(self.brace.stream())
        assert session.duplicates == 0
        return found
