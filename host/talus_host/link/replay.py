"""A .talus file as a brace: its Info, then the frame stream as it came off the flash.

It answers what a brace with nothing to measure would: it has no clock, and an acknowledgement changes nothing.
"""

from collections.abc import AsyncGenerator, Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from talus.wire import gatt
from talus.wire.errors import WireError
from talus_host.errors import InputError, NotUnderstoodError
from talus_host.link import Reply
from talus_host.link.door import Door

CHUNK = 65536


class ReplayLink(Door):
    """Raises InputError when the file cannot be read and NotUnderstoodError when it is no .talus file."""

    by_air = False

    def __init__(self, path: Path, clock: Callable[[], int] = lambda: 0) -> None:
        self._path = path
        self._clock = clock
        self._info: dict[str, int] = {}

    async def open(self) -> None:
        if self._path.exists() and not self._path.is_file():
            raise InputError(f"{self._path}: is no regular file")  # a pipe would keep us waiting for ever
        try:
            with self._path.open("rb") as file:
                head = file.read(gatt.INFO_SIZE)
        except OSError as error:
            raise InputError(f"{self._path}: {error.strerror}") from error
        try:
            self._info = gatt.unpack_info(head)
        except WireError as error:
            raise NotUnderstoodError(f"{self._path}: not a .talus file: {error}") from error
        if self._info["protocol"] != gatt.PROTOCOL:
            raise NotUnderstoodError(
                f"{self._path}: protocol {self._info['protocol']}, this program reads {gatt.PROTOCOL}"
            )

    async def close(self) -> None:
        self._info = {}

    async def info(self) -> dict[str, int]:
        return dict(self._info)

    async def request(self, opcode: int, *operand: int) -> Reply:
        now_ms = self._clock()
        if opcode == gatt.COUNT:
            return Reply(gatt.COUNT_IS, (max(0, self._info["next"] - operand[0]),), now_ms, now_ms)
        result = gatt.SUCCESS if opcode == gatt.ACKNOWLEDGE else gatt.OPCODE_UNSUPPORTED
        return Reply(gatt.RESPONSE, (opcode, result, 0, 0), now_ms, now_ms)

    async def stream(self, first: int) -> AsyncGenerator[bytes, None]:
        """All of the file: whoever reads drops what he has."""
        with self._path.open("rb") as file:
            file.seek(gatt.INFO_SIZE)
            while chunk := file.read(CHUNK):
                yield chunk


def dump(file: BinaryIO, info: dict[str, int], frames: Iterable[bytes]) -> None:
    """Write a .talus file's content: a brace's Info and its frame stream."""
    file.write(gatt.pack_info(tuple(info[row[0]] for row in gatt.INFO_ROWS)))
    for one in frames:
        file.write(one)
