"""The one adapter of this computer, shared: it either listens or makes one connection at a time, and each in bounded
time; what is connected goes on beside that. Adapters that scan while they connect fail at either (bleak's threads)."""

import asyncio
from collections.abc import Callable

from talus_host.errors import NoAdapterError
from talus_host.link import Link, ble
from talus_host.service.pace import Pace

GRACE_S = 15.0  # for a platform to begin and end a scan
END_S = 5.0


class Air:
    """Hears braces and gives links to them. clock: UTC ms."""

    def __init__(self, clock: Callable[[], int], pace: Pace, backend: ble.Backend | None = None) -> None:
        self._clock = clock
        self._pace = pace
        self._backend = backend
        self._turn = asyncio.Lock()

    async def listen(self) -> list[ble.Found]:
        """Braces heard just now. Raises NoAdapterError."""
        async with self._turn:
            scan = asyncio.ensure_future(ble.scan(self._backend, self._pace.listen_s))
            scan.add_done_callback(lambda done: None if done.cancelled() else done.exception())
            try:
                await asyncio.wait({scan}, timeout=self._pace.listen_s + GRACE_S)
                if scan.done():
                    return scan.result()
                raise NoAdapterError("Bluetooth does not answer: switch it off and on again")
            finally:
                if not scan.done():  # nor may its end hang: then it is left behind
                    scan.cancel()
                    await asyncio.wait({scan}, timeout=END_S)

    def link(self, found: ble.Found) -> Link:
        """A link that never pairs: whose records come here is a person's decision, with `talus collect`."""
        return ble.BleLink(
            found, self._clock, self._backend, pairs=False, turn=self._turn, connect_s=self._pace.connect_s
        )
