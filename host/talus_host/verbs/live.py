"""`talus live`: what a brace feels right now, as a line a second, as a Parquet file, or as a page."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from pathlib import Path

import numpy as np
from rich.live import Live as Screen
from rich.table import Table

from talus.wire import kinds
from talus_host.errors import InputError, LinkLostError
from talus_host.export.parquet import write_parquet
from talus_host.link import ble
from talus_host.link.answers import understood
from talus_host.store.recordings import DEVICE
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.in_range import one_in_range
from talus_host.verbs.pages import try_port
from talus_host.verbs.rim import aside, number
from talus_host.watching import Samples, Watching, joined

KEPT_S = 10  # of the page and of a line's mean
SHOWN_HZ = 2
SILENT_S = 5.0  # fifty pieces, and ten times what the flash keeps a brace busy at most
Take = Callable[[Samples, Watching], None]


class Recent:
    """The last seconds of samples, for whoever draws them."""

    def __init__(self, seconds: float = KEPT_S) -> None:
        self._parts: deque[Samples] = deque()
        self._kept_ms = 1000 * seconds
        self.dropped = self.taken = 0

    def add(self, new: Samples, watching: Watching) -> None:
        if self._parts and new.at_ms[0] < self._parts[-1].at_ms[-1]:
            self._parts.clear()  # the brace started again, and its clock with it
        self._parts.append(new)
        self.taken, self.dropped = watching.taken, watching.dropped
        while self._parts[-1].at_ms[-1] - self._parts[0].at_ms[0] > self._kept_ms:
            self._parts.popleft()

    def samples(self) -> Samples:
        return joined(list(self._parts))


def live(address: str | None, seconds: float | None, record: Path | None, port: int | None = None) -> None:
    """Watch until Ctrl-C or for so long, as lines or, with a port, as a page. Raises leaves of TalusError."""
    if record is not None and record.is_dir():
        raise InputError(f"record {record}: is a folder, not a file")
    if record is not None and not record.parent.is_dir():
        raise InputError(f"record {record}: there is no folder {record.parent}")
    if port is not None:
        try_port(port)
    recent, kept, notes = Recent(), [], {}

    def take(new: Samples, watching: Watching) -> None:
        recent.add(new, watching)
        if record is not None:
            kept.append(new)
            notes[DEVICE.decode()] = watching.device  # so that erasing a person finds it

    try:
        if port is not None:
            from talus_host.verbs.live_page import show

            asyncio.run(show(address, seconds, take, port))
        else:
            asyncio.run(on_screen(watch(address, seconds, take), recent))
    finally:  # a lost link and Ctrl-C keep what came
        if record is not None and kept:
            write_parquet(joined(kept).table(), record, notes=notes)
            aside.print(f"{recent.taken} samples in {record}, {recent.dropped} dropped on the way", highlight=False)
    if record is None:
        aside.print(f"{recent.taken} samples, {recent.dropped} dropped on the way", highlight=False)


async def on_screen(work: Awaitable[None], recent: Recent) -> None:
    """The newest second in the terminal while `work` goes on."""
    with Screen(console=aside, refresh_per_second=SHOWN_HZ, get_renderable=lambda: picture(recent), transient=True):
        await work


async def watch(address: str | None, seconds: float | None, take: Take, backend: ble.Backend | None = None) -> None:
    """Hand every piece to `take`. Only one brace may be meant."""
    found = await one_in_range(address, backend)
    watching = Watching()
    async with ble.BleLink(found, utc_ms, backend) as link:
        watching.device = f"{(await link.info())['device']:016x}"
        async for piece in until(link.live(), seconds):
            with understood("the brace's samples"):
                take(watching.feed(piece), watching)


async def steady(
    pieces: AsyncGenerator[bytes, None], busy: Callable[[], bool] = lambda: False
) -> AsyncGenerator[bytes, None]:
    """The same as long as they come. Raises LinkLostError when none did for SILENT_S, and the link is not `busy`."""
    async with contextlib.aclosing(pieces):
        while True:
            coming = asyncio.ensure_future(anext(pieces))
            try:
                while not (await asyncio.wait({coming}, timeout=SILENT_S))[0]:
                    if not busy():
                        raise LinkLostError(f"the brace sent no sample for {SILENT_S:g} s")
            finally:
                if not coming.done():
                    coming.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await coming
            try:
                piece = coming.result()
            except StopAsyncIteration:
                return
            yield piece


async def until(pieces: AsyncIterator[bytes], seconds: float | None) -> AsyncIterator[bytes]:
    """The same for so many seconds of this host; the source is closed whatever happens."""
    loop = asyncio.get_running_loop()
    end_s = None if seconds is None else loop.time() + seconds
    try:
        async for piece in pieces:
            yield piece
            if end_s is not None and loop.time() >= end_s:
                return
    finally:
        await pieces.aclose()  # type: ignore[attr-defined]


def picture(recent: Recent) -> Table:
    """The newest second: each channel's mean and range."""
    samples = recent.samples()
    table = Table.grid(padding=(0, 2))
    lately = samples.values[-1000 // kinds.SAMPLE_MS :]
    for index, (name, _, unit) in enumerate(kinds.RAW_CHANNELS):
        own = lately[:, index]
        own = own[~np.isnan(own)]
        if not len(own):
            table.add_row(name.replace("_", " "), "not measured", "", "")
        else:
            table.add_row(name.replace("_", " "), number(float(own.mean()), 2), unit, f"± {np.ptp(own) / 2:.2f}")
    table.add_row("samples", str(recent.taken), f"{recent.dropped} dropped", "")
    return table
