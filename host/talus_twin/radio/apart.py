"""An air with a thread of its own: whoever waits for a brace of another process does not keep its radio waiting.

Everything said into it and heard from it crosses between two event loops; what lies in it is Ether's.
"""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bumble.host import Host
from bumble.transport.common import Transport
from bumble.transport.pty import open_pty_transport

from talus_twin.radio.ether import Ether, Radio, Timing

T = TypeVar("T")
PATIENCE_S = 10.0


class Crossing:
    """A packet sink that hands on to another loop's."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sink: Any) -> None:
        self._loop = loop
        self._sink = sink

    def on_packet(self, packet: bytes) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._sink.on_packet, packet)


class Source:
    """A radio as the source of a host in this loop."""

    def __init__(self, radio: Radio) -> None:
        self._radio = radio

    def set_packet_sink(self, sink: Any) -> None:
        self._radio.host = Crossing(asyncio.get_running_loop(), sink)


class Apart(Ether):
    """Ether in its own thread; close() ends it."""

    def __init__(self, timing: Timing | None = None) -> None:
        super().__init__(timing)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def _there(self, call: Callable[..., T], *arguments: Any) -> T:
        async def words() -> T:
            return call(*arguments)

        return asyncio.run_coroutine_threadsafe(words(), self._loop).result(PATIENCE_S)

    def _radio(self, name: str, public_address: str) -> Radio:
        return self._there(super()._radio, name, public_address)

    def _host(self, radio: Radio) -> Host:
        return Host(Source(radio), Crossing(self._loop, radio))

    def leave(self, radio: Radio) -> None:
        self._there(super().leave, radio)

    def cut(self, radio: Radio) -> None:
        if threading.current_thread() is self._thread:
            super().cut(radio)
        else:
            self._there(super().cut, radio)

    def join_over(self, terminal: Path, name: str, address: str) -> tuple[Radio, Transport]:
        """A radio whose host is another process: HCI (H4) over a pseudo terminal, `terminal` a link to be made to it.

        address: its public one, as a chip's maker gives it.
        """

        async def words() -> tuple[Radio, Transport]:
            transport = await open_pty_transport(str(terminal))
            radio = Radio(name, self, address)
            radio.host = transport.sink
            transport.source.set_packet_sink(radio)
            return radio, transport

        return asyncio.run_coroutine_threadsafe(words(), self._loop).result(PATIENCE_S)

    def hang_up(self, radio: Radio, transport: Transport) -> None:
        """The other process is gone."""
        self.leave(radio)
        asyncio.run_coroutine_threadsafe(transport.close(), self._loop).result(PATIENCE_S)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()
