"""A brace that has records and a radio and nothing else, for tests of the radio and of what collects from it."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterable, Mapping

from talus import settings_file
from talus.bonds import Bonds
from talus.journal import Journal
from talus.radio import Radio
from talus.settings import Settings
from talus.wire import gatt, kinds
from talus_host.link.ble import Backend
from talus_host.session import Record
from talus_host.store import Put
from talus_twin.board.files import MemoryFiles
from talus_twin.radio.bluetooth import TwinBluetooth
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether, Timing

STRIDE = kinds.BY_NAME["stride"]
CLOCK = kinds.BY_NAME["clock"]
ADDRESS = "D0:00:00:00:00:01"


class LoopClock:
    """The board's clock: the event loop's, as ticks."""

    def ticks_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000) & ((1 << 30) - 1)


class Status:
    """What App tells its radio, and what the radio told App."""

    side, battery, fault, fault_reason, state = 0, 87, 0, 0, 0
    forget = live = None

    def __init__(self, journal: Journal, files: MemoryFiles) -> None:
        self.files = files
        self.settings, _ = settings_file.load(files)
        self.boot = journal.boot
        self._journal = journal
        self._zero = asyncio.get_running_loop().time()
        self.clocks: list[tuple[int, int, int]] = []

    @property
    def now(self) -> "Status":
        """Nobody counts a set of it, and nobody watches."""
        return self

    @property
    def settings_digest(self) -> int:
        return int(self.settings.digest)

    @property
    def rows_digest(self) -> int:
        return int(self.settings.rows)

    def tune(self, settings: Settings) -> None:
        self.settings = settings

    def now_ms(self) -> int:
        return int((asyncio.get_running_loop().time() - self._zero) * 1000) + 5000

    def begin_set(self, exercise: int) -> int:
        return gatt.NOT_MEASURABLE

    def end_set(self) -> int:
        return gatt.NO_SET

    def watch(self, room: int) -> int:
        return gatt.NOT_COMPLETED if room else gatt.SUCCESS

    def on_set_clock(self, brace_ms: int, utc_ms: int, uncertainty_ms: int) -> None:
        self.clocks.append((brace_ms, utc_ms, uncertainty_ms))
        self._journal.append(CLOCK, brace_ms, (utc_ms // 1000, utc_ms % 1000, uncertainty_ms, 0))


class Brace:
    """Firmware radio, journal and bonds over a virtual radio; its loop runs while the context is open."""

    def __init__(self, ether: Ether, files: MemoryFiles | None = None, address: str = ADDRESS) -> None:
        self.files = files or MemoryFiles()
        self.journal = Journal(self.files, "/log", random.Random(7).randbytes)
        self.status = Status(self.journal, self.files)
        self.bonds = Bonds(self.files, "/bonds")
        self._ether = ether
        self._address = address
        self._free = ether.timing is None
        self._loop: asyncio.Task[None] | None = None
        self.use(TwinBluetooth(ether, address))

    def use(self, bluetooth: TwinBluetooth) -> None:
        self.air = bluetooth.BLE()
        self.radio = Radio(bluetooth, self.journal, LoopClock(), self.status, self.bonds, advertise_ms=100)

    def walk(self, strides: int, seed: int = 1) -> None:
        """Keep so many stride records, flushed."""
        chance = random.Random(seed)
        for number in range(strides):
            values = [chance.randrange(0, 30000) for _ in STRIDE.fields]
            self.journal.append(STRIDE, 1000 * number, values)
        self.journal.flush()

    def hosts(self) -> int:
        """How many hosts have a whole bond, as it lies in flash."""
        secrets = Bonds(self.files, "/bonds")._secrets
        return len([key for kind, key in secrets if kind == 1 and (2, key) in secrets])

    def settings_kept(self) -> dict[str, int]:
        """What its settings file changes, as a start would read it; the version aside."""
        changes = dict(settings_file.read(self.files, settings_file.IN_FORCE))
        changes.pop("version", None)
        return changes

    def stream(self) -> bytes:
        """The journal's own bytes, all of them."""
        buffer, out = bytearray(4096), b""
        reader = self.journal.reader(0)
        while size := reader.readinto(buffer):
            out += bytes(buffer[:size])
        return out

    async def run(self) -> None:
        """The loop's pass: each millisecond, and oftener where the air costs no time and there is work."""
        while True:
            self.radio.poll(self.status.now_ms())
            await asyncio.sleep(0 if self.radio.busy and self._free else 0.001)

    def pace(self, pace: int) -> None:
        """How loud it is from now on."""
        self.radio.pace(pace)

    async def restart(self) -> None:
        """The power goes and comes again."""
        await self.__aexit__()
        self.__init__(self._ether, self.files, self._address)  # type: ignore[misc]
        await self.__aenter__()

    async def __aenter__(self) -> "Brace":
        self.radio.start()
        self._loop = asyncio.get_running_loop().create_task(self.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._loop
        self._loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._loop
        self.air.unplug()
        await asyncio.sleep(0.01)  # what was on its way in the virtual air arrives nowhere


class Shelf:
    """A store in memory: what it holds, how often it was told, and how the links of syncs fared that ended."""

    def __init__(self) -> None:
        self.held: dict[tuple[int, int, int], Record] = {}
        self.puts: list[int] = []
        self.links: list[dict[str, int | None]] = []

    def first_missing(self, device: int, journal: int, first: int) -> int:
        while (device, journal, first) in self.held:
            first += 1
        return first

    def put(self, info: dict[str, int], records: Iterable[Record], received_utc_ms: int) -> Put:
        records = list(records)
        self.puts.append(len(records))
        for one in records:
            identity = (info["device"], info["journal"], one.sequence)
            assert identity not in self.held, f"{identity} came twice"
            self.held[identity] = one
        return Put(len(records), len(records), 0, ())

    def end_sync(self, device: int, received_utc_ms: int, link: Mapping[str, int | None]) -> None:
        self.links.append(dict(link))

    def records(self) -> list[Record]:
        return [self.held[identity] for identity in sorted(self.held)]


@contextlib.asynccontextmanager
async def in_the_air(
    strides: int, timing: Timing | None = None, files: MemoryFiles | None = None
) -> AsyncIterator[tuple[Brace, Central, Backend]]:
    """A walking brace with its pairing window open, a computer, and the backend that joins them to bleak."""
    ether = Ether(timing)
    central = Central(ether)
    brace = Brace(ether, files)
    brace.walk(strides)
    async with brace:
        brace.radio.open_pairing()
        try:
            yield brace, central, Backend(central.scanner, central.client)
        finally:
            await central.close()
    ether.close()
