"""The braces of `a_brace` as processes of their own: the same names, each look and each order a question to them.

What lies in flash is a folder here; what the firmware's App keeps of its own lies there too, beside the strides.
"""

import asyncio
import shutil
import struct
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from talus import settings_file
from talus.bonds import Bonds
from talus.wire import kinds
from talus_host.session import Session
from talus_twin.alone import Alone, find_interpreter
from talus_twin.board.alone import FolderFiles
from talus_twin.radio import virtual_time
from talus_twin.radio.apart import Apart

ADDRESS = "D0:00:00:00:00:01"
CLOCK = kinds.BY_NAME["clock"].number
WALKED_AT_ONCE = 500
MEMORY = Path("/dev/shm")
HELPERS = """
from talus.wire import kinds
STRIDE = kinds.BY_NAME["stride"]
state = {}

def walk(strides, seed):
    for number in range(strides):
        for field in range(len(STRIDE.fields)):
            seed = (seed * 75 + 74) % 65537
            values[field] = seed % 30000
        app.journal.append(STRIDE, 1000 * number, values)
        brace.power.feed()  # a test's order may take long
    app.journal.flush()

def piece(begin):
    if begin:
        state["reader"] = app.journal.reader(0)
    return bytes(buffer[: state["reader"].readinto(buffer)])

values = [0] * len(STRIDE.fields)
buffer = bytearray(4096)
"""
LOOK = "(lambda it: ['call', None] if callable(it) else ['value', it])(%s)"


class Remote:
    """An object over there: its plain attributes are told, its methods called."""

    def __init__(self, process: Alone, name: str) -> None:
        self._process = process
        self._name = name

    def __getattr__(self, name: str) -> Any:
        where = f"{self._name}.{name}"
        what, told = self._process.tell(LOOK % where)
        if what == "value":
            return told
        return lambda *given: self._process.tell(f"{where}{given!r}" if len(given) != 1 else f"{where}({given[0]!r})")


class Status(Remote):
    """App, as it reports; its settings, and the clocks it was told, as it kept them."""

    def __init__(self, process: Alone, stream: Callable[[], bytes]) -> None:
        super().__init__(process, "app")
        self._stream = stream

    @property
    def settings(self) -> Remote:
        return Remote(self._process, "app.settings")

    @property
    def clocks(self) -> list[tuple[int, int, int]]:
        kept = []
        for one in Session(0).feed(self._stream()):
            if one.kind == CLOCK:
                utc_s, utc_ms, uncertainty_ms = struct.unpack_from("<IHH", one.payload)
                kept.append((one.at_ms, utc_s * 1000 + utc_ms, uncertainty_ms))
        return kept


class Folder:
    """A flash. kept: path -> bytes."""

    def __init__(self) -> None:
        # In memory where the machine has a place for it: MicroPython waits for the disk at every flush.
        self.path = Path(tempfile.mkdtemp(prefix="talus-", dir=MEMORY if MEMORY.is_dir() else None))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    @property
    def kept(self) -> dict[str, bytes]:
        return {
            one.relative_to(self.path).as_posix(): one.read_bytes() for one in self.path.rglob("*") if one.is_file()
        }


class Air:
    """Its radio from outside."""

    def __init__(self, process: Alone) -> None:
        self._process = process

    def cut(self) -> None:
        self._process.cut()

    def unplug(self) -> None:
        self._process.kill()

    @property
    def dead(self) -> bool:
        """Ended, or said something: an exception that leaves the interrupt is printed."""
        return not self._process.running or self._process.said != []


class Brace:
    """twin.a_brace.Brace, elsewhere."""

    def __init__(self, ether: Apart, files: Folder | None = None, address: str = ADDRESS) -> None:
        self.files = files or Folder()
        self.process = Alone(ether, self.files.path, address)
        self.process.start()
        self.process.do(HELPERS)
        self.air = Air(self.process)
        self.radio = Remote(self.process, "radio")
        self.journal = Remote(self.process, "app.journal")
        self.status = Status(self.process, self.stream)

    def walk(self, strides: int, seed: int = 1) -> None:
        while strides > 0:
            self.process.do(f"walk({min(strides, WALKED_AT_ONCE)}, {seed})")
            strides -= WALKED_AT_ONCE
            seed += 1

    def hosts(self) -> int:
        """How many hosts have a whole bond, as it lies in flash."""
        secrets = Bonds(FolderFiles(str(self.files.path)), "/bonds")._secrets
        return len([key for kind, key in secrets if kind == 1 and (2, key) in secrets])

    def stream(self) -> bytes:
        pieces = [self.process.tell("piece(True)")]
        while pieces[-1]:
            pieces.append(self.process.tell("piece(False)"))
        return b"".join(pieces)

    def settings_kept(self) -> dict[str, int]:
        changes = dict(settings_file.read(FolderFiles(str(self.files.path)), settings_file.IN_FORCE))
        changes.pop("version", None)
        return changes

    def pace(self, pace: int) -> None:
        """How loud it is from now on, whatever its state wants."""
        self.process.do(f"app._resting.power.pace = lambda now_ms: {pace}")

    async def restart(self) -> None:
        """The power goes and comes again."""
        self.process.kill()
        self.process.start()
        self.process.do(HELPERS)

    async def __aenter__(self) -> "Brace":
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            assert not self.process.said, self.process.said
        finally:
            self.process.kill()
            await asyncio.sleep(0.01)


def take_place() -> None:
    """From here on `a_brace` makes these, and time is real. Raises InterpreterMissing."""
    from twin import a_brace

    find_interpreter()
    a_brace.Brace = Brace  # type: ignore[misc,assignment]
    a_brace.Ether = Apart  # type: ignore[misc]
    virtual_time.run = asyncio.run  # type: ignore[assignment]
