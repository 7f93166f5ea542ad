"""`talus live --page`: the page of one brace, served by the process that holds the link to it."""

import asyncio
import contextlib

from talus_host.errors import BraceError, RoadError
from talus_host.link import ble
from talus_host.link.answers import understood
from talus_host.verbs.beside import beside
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.in_range import one_in_range
from talus_host.verbs.live import Take, steady
from talus_host.verbs.live_feed import Feed
from talus_host.verbs.pages import Listening, serve_pages
from talus_host.watching import Samples, Watching

SAYS = "The page shows what the brace feels now. Ctrl-C ends."
AGAIN_S = 3.0  # longer than a bonded ESP32-S3 needs to come back


async def show(
    address: str | None, seconds: float | None, take: Take, port: int, backend: ble.Backend | None = None
) -> None:
    """Serve the page until Ctrl-C or for so long. Raises what keeps the first sample from coming; after it, a lost
    link is told on the page and made again."""
    feed = Feed()

    def both(new: Samples, watching: Watching) -> None:
        feed.take(new, watching)
        take(new, watching)

    async def enough() -> None:
        await (asyncio.sleep(seconds) if seconds else asyncio.Event().wait())

    found = await one_in_range(address, backend)
    async with beside(follow(found, feed, both, backend)):
        await serve_pages(None, Listening(port), SAYS, feed=feed, stopped=enough)


async def follow(found: ble.Found, feed: Feed, take: Take, backend: ble.Backend | None = None) -> None:
    """Hand every piece to `take`, over as many connections as it needs."""
    watching = Watching()
    while True:
        try:
            async with ble.BleLink(found, utc_ms, backend) as link:
                watching.device = watching.device or f"{(await link.info())['device']:016x}"
                feed.opened()
                async with contextlib.aclosing(steady(link.live())) as pieces:
                    async for piece in pieces:
                        with understood("the brace's samples"):
                            take(watching.feed(piece), watching)
        except (BraceError, RoadError) as error:
            if not watching.taken:
                raise
            feed.lost(error)
            await asyncio.sleep(AGAIN_S)
            found = await heard_again(found, feed, backend)


async def heard_again(found: ble.Found, feed: Feed, backend: ble.Backend | None) -> ble.Found:
    """The same brace once it is heard."""
    while True:
        try:
            return await ble.find(found.address, backend)
        except RoadError as error:
            feed.lost(error)
            await asyncio.sleep(AGAIN_S)
