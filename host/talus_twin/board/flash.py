"""The brace's flash on CPython: real littlefs on a NOR flash in memory, every program and erase charged to the clock.

`NorFlash.cut_after` cuts the power at one operation, torn in the middle; `LittleFiles` of the same flash is the brace
after its next start.
"""

from types import TracebackType
from typing import Any, Self

from littlefs import LittleFS, LittleFSError, UserContext, lfs

from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs

BLOCK = 4096
# As MicroPython's VfsLfs2 is made on these boards: 32-byte reads, programs of 32 bytes (ESP32) or 256 (RP2), caches of
# four of the larger, and metadata moved to fresh blocks after so many erases.
UNIT = 32
RP2_PROGRAM = 256
LOOKAHEAD = 32
BLOCK_CYCLES = 100
IO_ERROR = 5
ENOTDIR = 20
DIRECTORY = 2


class PowerCut(Exception):
    """The power went while flash was being written."""


class NorFlash(UserContext):  # type: ignore[misc]
    """NOR flash: programming clears bits, erasing sets a block's; counts and charges both.

    size_bytes: a multiple of 4096. .programs, .erases: operations so far; .worn: erases per block;
    .cut_after: the power goes inside this many-th operation from now on (None: never); .dead: blocks that take no
    program any more (the verification behind each program finds out); .refusing: blocks whose erase is an error.
    """

    def __init__(self, size_bytes: int, clock: VirtualClock | None = None, costs: Costs | None = None) -> None:
        if size_bytes <= 0 or size_bytes % BLOCK:
            raise ValueError(f"flash of {size_bytes} bytes: must be whole blocks of {BLOCK}")
        super().__init__(buffer=bytearray(b"\xff" * size_bytes))
        self.blocks = size_bytes // BLOCK
        self._clock = clock
        self._costs: Any = costs or Costs()
        self.programs = 0
        self.programmed_bytes = 0
        self.erases = 0
        self.reads = 0
        self.worn = [0] * self.blocks
        self.dead: set[int] = set()
        self.refusing: set[int] = set()
        self.cut_after: int | None = None

    def attach(self, clock: VirtualClock) -> None:
        """The clock of the next boot pays from here on."""
        self._clock = clock

    def _spend(self, us: int) -> None:
        if self._clock is not None:
            self._clock.spend(us)

    @property
    def cut(self) -> bool:
        """Whether the power has gone."""
        return self.cut_after is not None and self.cut_after < 0

    def restore(self) -> None:
        """The power is back; what lies in the flash lies there."""
        self.cut_after = None

    def _last(self) -> bool:
        """Whether this operation is the one the power does not survive."""
        if self.cut_after is None:
            return False
        self.cut_after -= 1
        return self.cut_after < 0

    def read(self, cfg: Any, block: int, off: int, size: int) -> bytearray:
        self.reads += 1
        self._spend(self._costs.read_call_us + size * self._costs.read_us_per_kib // 1024)
        start = block * BLOCK + off
        return self.buffer[start : start + size]

    def prog(self, cfg: Any, block: int, off: int, data: bytes) -> int:
        if self.cut:
            return -IO_ERROR
        cut = self._last()
        start = block * BLOCK + off
        done = b"" if block in self.dead else data[: len(data) // 2] if cut else data
        before = self.buffer[start : start + len(done)]
        self.buffer[start : start + len(done)] = bytes(a & b for a, b in zip(before, done, strict=True))
        if cut:
            return -IO_ERROR
        self.programs += 1
        self.programmed_bytes += len(data)
        pages = -(-len(data) // self._costs.program_bytes)
        self._spend(pages * self._costs.program_us)
        return 0

    def erase(self, cfg: Any, block: int) -> int:
        if self.cut:
            return -IO_ERROR
        cut = self._last()
        if block in self.refusing:
            return -IO_ERROR
        size = BLOCK // 2 if cut else BLOCK
        self.buffer[block * BLOCK : block * BLOCK + size] = b"\xff" * size
        if cut:
            return -IO_ERROR
        self.erases += 1
        self.worn[block] += 1
        self._spend(self._costs.erase_us)
        return 0

    def sync(self, cfg: Any) -> int:
        return 0


class _Told:
    """Turns littlefs's errors into OSError with the same number, as MicroPython's do, or into PowerCut."""

    def __init__(self, flash: NorFlash) -> None:
        self._flash = flash

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, LittleFSError):
            if self._flash.cut:
                raise PowerCut from error
            raise OSError(-error.code, error.name) from error


class LittleFile:
    """One open file of a LittleFiles. What was not flushed or closed is not there after a power cut."""

    def __init__(self, files: "LittleFiles", path: str, mode: str) -> None:
        self._files = files  # littlefs' C side lives as long as they do
        self._fs = files.fs
        self._told = files.told
        with self._told:
            self._file = lfs.file_open(self._fs, path, mode.replace("b", ""))
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def read(self, n: int = -1) -> bytes:
        with self._told:
            if n < 0:
                n = lfs.file_size(self._fs, self._file) - lfs.file_tell(self._fs, self._file)
            return bytes(lfs.file_read(self._fs, self._file, n))

    def readinto(self, buffer: bytearray | memoryview) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: bytes | bytearray | memoryview) -> int:
        with self._told:
            return int(lfs.file_write(self._fs, self._file, bytes(data)))

    def seek(self, offset: int, whence: int = 0) -> int:
        with self._told:
            return int(lfs.file_seek(self._fs, self._file, offset, whence))

    def tell(self) -> int:
        with self._told:
            return int(lfs.file_tell(self._fs, self._file))

    def flush(self) -> None:
        with self._told:
            lfs.file_sync(self._fs, self._file)

    def close(self) -> None:
        if self._open:
            self._open = False
            with self._told:
                lfs.file_close(self._fs, self._file)


class LittleFiles:
    """The file system handle of App on a NorFlash; formats a blank or unreadable one, as a board's own start does."""

    def __init__(self, flash: NorFlash, program_bytes: int = UNIT) -> None:
        self.flash = flash
        self.told = _Told(flash)
        self.formatted = False
        self._volume = LittleFS(
            context=flash,
            mount=False,
            block_size=BLOCK,
            block_count=flash.blocks,
            read_size=UNIT,
            prog_size=program_bytes,
            cache_size=min(BLOCK, 4 * max(UNIT, program_bytes)),
            lookahead_size=LOOKAHEAD,
            block_cycles=BLOCK_CYCLES,
        )
        self.fs = self._volume.fs
        with self.told:
            try:
                self._volume.mount()
            except LittleFSError:
                self._volume.format()
                self._volume.mount()
                self.formatted = True

    def open(self, path: str, mode: str = "r") -> LittleFile:
        return LittleFile(self, path, mode)

    def listdir(self, path: str = "/") -> list[str]:
        with self.told:
            if lfs.stat(self.fs, path).type != DIRECTORY:
                raise OSError(ENOTDIR, path)
            return sorted(self._volume.listdir(path))

    def remove(self, path: str) -> None:
        with self.told:
            lfs.remove(self.fs, path)

    def rmdir(self, path: str) -> None:
        with self.told:
            if lfs.stat(self.fs, path).type != DIRECTORY:
                raise OSError(ENOTDIR, path)
            lfs.remove(self.fs, path)

    def free(self) -> int:
        """Bytes that may still be written; walks the whole volume, as `os.statvfs` does."""
        with self.told:
            return (self.flash.blocks - int(lfs.fs_size(self.fs))) * BLOCK

    def rename(self, old: str, new: str) -> None:
        with self.told:
            lfs.rename(self.fs, old, new)

    def mkdir(self, path: str) -> None:
        with self.told:
            lfs.mkdir(self.fs, path)

    def size(self, path: str) -> int:
        with self.told:
            return int(lfs.stat(self.fs, path).size)
