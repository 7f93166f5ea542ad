"""A real brace near a real adapter: what a person with a hand on the button and a computer can ask of it.

A test that wants more (a second computer, a look inside, a power cut) is skipped at the moment it wants it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from talus_host.link.ble import Backend, scan
from talus_twin.radio import virtual_time

WINDOW = "hold the brace's button until its light blinks, then press Enter here: "


class Unable:
    """Whatever is asked of it ends the test."""

    def __getattr__(self, name: str) -> Any:
        pytest.skip(f"not with --brace=air: wants {name.replace('_', ' ')}")


class Radio(Unable):
    def poll(self, now_ms: int) -> None:
        """A real window shuts by itself; nobody opened it."""

    def open_pairing(self) -> None:
        with Path("/dev/tty").open("r+") as terminal:  # pytest holds the standard streams
            terminal.write("\n" + WINDOW)
            terminal.flush()
            terminal.readline()


class Status(Unable):
    def now_ms(self) -> int:
        return 0


class Brace(Unable):
    """The one nearby."""

    def __init__(self) -> None:
        self.radio = Radio()
        self.status = Status()


class Adapter(Unable):
    """This machine's, as a Central: bleak's own backends."""

    scanner = client = None


@contextlib.asynccontextmanager
async def in_the_air(*_: Any, **__: Any) -> AsyncIterator[tuple[Brace, Adapter, Backend]]:
    yield Brace(), Adapter(), Backend()


def take_place() -> None:
    """From here on `a_brace` gives this, and time is real. Raises NoAdapterError."""
    from twin import a_brace

    asyncio.run(scan(seconds=0.1))
    a_brace.in_the_air = in_the_air  # type: ignore[assignment]
    virtual_time.run = asyncio.run  # type: ignore[assignment]
