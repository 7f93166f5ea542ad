"""One brace, synced every so often and, while a page is looked at, watched over the same connection.

A brace has one connection at a time. So who watches never keeps a sync waiting: a sync that falls due goes on beside
the samples, and where no samples come the connection is given up and the next begins with the sync.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from talus_host.collect import collect
from talus_host.errors import RefusedError, RoadError
from talus_host.link import ble
from talus_host.link.answers import understood
from talus_host.store import Store
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.live import steady
from talus_host.verbs.live_feed import Feed
from talus_host.watching import Watching

LOOK_S = 0.2  # how soon a page that is opened is noticed
AGAIN_S = 2.0


class Attending:
    """`run` goes on until cancelled. every_s: from the end of a sync to the next, infinite for none; wake: called when
    somebody wants to look, since a brace is on the air for half a minute in two, or in ten where it rests; call: how a
    blocking call is made."""

    def __init__(
        self,
        store: Store,
        backend: ble.Backend | None,
        feed: Feed,
        every_s: float,
        wake: Callable[[], object],
        call: Callable[..., Awaitable[Any]] = asyncio.to_thread,
    ) -> None:
        self._store = store
        self._backend = backend
        self._feed = feed
        self._every_s = every_s
        self._wake = wake
        self._call = call
        self._due_s = asyncio.get_running_loop().time() + every_s

    @property
    def _due(self) -> bool:
        return asyncio.get_running_loop().time() >= self._due_s

    async def run(self) -> None:
        while True:
            while not self._due and not self._feed.looked_at:
                await asyncio.sleep(LOOK_S)
            self._feed.seeking()
            if self._feed.looked_at:
                self._wake()
            try:
                found = await ble.find(backend=self._backend)
                async with ble.BleLink(found, utc_ms, self._backend) as link:
                    if self._due:
                        await self._sync(link)
                    if self._feed.looked_at:
                        await self._watch(link)
                self._feed.seeking()
            except (RoadError, RefusedError) as error:  # the next round asks again
                self._feed.lost(error)
                await asyncio.sleep(AGAIN_S)

    async def _sync(self, link: ble.BleLink) -> None:
        await collect(link, self._store, clock=utc_ms, run=self._call)
        self._due_s = asyncio.get_running_loop().time() + self._every_s

    async def _watch(self, link: ble.BleLink) -> None:
        """Feed the page as long as somebody looks; who it is of is asked first, since any brace may have been found."""
        watching = Watching()
        watching.device = f"{(await link.info())['device']:016x}"
        syncing: asyncio.Task[None] | None = None
        self._feed.opened()

        def busy() -> bool:  # records have the right of way: samples that wait for them are no silence
            return syncing is not None and not syncing.done()

        async with contextlib.aclosing(steady(link.live(), busy)) as pieces:
            try:
                async for piece in pieces:  # a first one says that the brace has answered: the sync may ask now
                    with understood("the brace's samples"):
                        self._feed.take(watching.feed(piece), watching)
                    if syncing is not None and syncing.done():
                        syncing.result()
                        syncing = None
                    if syncing is None and not self._feed.looked_at:
                        return
                    if syncing is None and self._due:
                        syncing = asyncio.create_task(self._sync(link))
            finally:
                if syncing is not None:
                    syncing.cancel()
                    with contextlib.suppress(asyncio.CancelledError, RoadError, RefusedError):
                        await syncing
