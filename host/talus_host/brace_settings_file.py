"""The settings of a brace on a cable: its two files, read and written by the firmware's own words over its prompt. The
brace reads them when it starts again, and checks them then.
"""

import io
from typing import Protocol

from talus.settings import Settings
from talus.settings_file import PREVIOUS, keep, load, read
from talus_host.brace_settings import Read, Values, checked, values_of
from talus_host.errors import InputError, RefusedError

NO_FILE = 2  # ENOENT, as the firmware knows it


class Port(Protocol):
    """What is needed of the road."""

    device: str

    def get(self, path: str) -> bytes | None: ...

    def put(self, path: str, data: bytes) -> None: ...


class Written(io.BytesIO):
    """A file under its working name: it stays here until it is renamed."""

    def close(self) -> None:
        self.whole = self.getvalue()
        super().close()


class PortFiles:
    """The firmware's file handle over a port: open and rename, which is all that settings need."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._written = Written()

    def open(self, path: str, mode: str) -> io.BytesIO:
        if mode == "wb":
            self._written = Written()
            return self._written
        data = self._port.get(path)
        if data is None:
            raise OSError(NO_FILE, path)
        return io.BytesIO(data)

    def rename(self, _: str, path: str) -> None:
        self._port.put(path, self._written.whole)


def read_file(port: Port) -> tuple[Read, str | None]:
    """What the brace starts with, and what is wrong with its file."""
    settings, why = load(PortFiles(port))
    return Read(port.device, values_of(settings), settings.digest, False), why


def change_file(port: Port, wanted: Values, before: Read, why: str | None) -> Read:
    """All of `wanted`, or nothing. Raises InputError."""
    return _keep(port, checked({**before.values, **wanted}), before, why)


def undo_file(port: Port, before: Read, why: str | None) -> Read:
    """The settings before the last change. Raises RefusedError where none are kept that fit."""
    try:
        changes = read(PortFiles(port), PREVIOUS)
        settings = checked(changes)
    except (ValueError, InputError) as error:
        raise RefusedError(f"no previous settings that fit ({error}); nothing was changed") from error
    if not changes:
        raise RefusedError("no previous settings; nothing was changed")
    return _keep(port, settings, before, why)


def _keep(port: Port, settings: Settings, before: Read, why: str | None) -> Read:
    if settings.digest != before.digest or why:
        keep(PortFiles(port), checked(before.values), settings)
    return Read(port.device, values_of(settings), settings.digest, settings.digest != before.digest)
