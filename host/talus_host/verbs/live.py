"""`talus live`: what a brace feels right now, as a line a second, as a Parquet file, or as a page."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
from rich.live import Live as Screen
from rich.table import Table

from talus.wire import kinds
from talus.wire.errors import WireError
from talus_host.errors import InputError, NotUnderstoodError
from talus_host.export.parquet import write_parquet
from talus_host.link import ble
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.in_range import one_in_range
from talus_host.verbs.rim import aside, number
from talus_host.watching import Samples, Watching, joined

KEPT_S = 10  # of the page and of a line's mean
SHOWN_HZ = 2
Take = Callable[[Samples, Watching], None]


class Recent:
    """The last seconds of samples, for whoever draws them."""

    def __init__(self, seconds: float = KEPT_S) -> None:
        self._parts: deque[Samples] = deque()
        self._kept_ms = 1000 * seconds
        self.dropped = self.taken = 0

    def add(self, new: Samples, watching: Watching) -> None:
        self._parts.append(new)
        self.taken, self.dropped = watching.taken, watching.dropped
        while self._parts[-1].at_ms[-1] - self._parts[0].at_ms[0] > self._kept_ms:
            self._parts.popleft()

    def samples(self) -> Samples:
        return joined(list(self._parts))


def live(address: str | None, seconds: float | None, record: Path | None) -> None:
    """Watch until Ctrl-C or for so long. Raises InputError, RefusedError and RoadErrors."""
    if record is not None and record.is_dir():
        raise InputError(f"record {record}: is a folder, not a file")
    if record is not None and not record.parent.is_dir():
        raise InputError(f"record {record}: there is no folder {record.parent}")
    recent, kept = Recent(), []

    def take(new: Samples, watching: Watching) -> None:
        recent.add(new, watching)
        if record is not None:
            kept.append(new)

    try:
        with Screen(console=aside, refresh_per_second=SHOWN_HZ, get_renderable=lambda: picture(recent), transient=True):
            asyncio.run(watch(address, seconds, take))
    finally:  # a lost link and Ctrl-C keep what came
        if record is not None and kept:
            write_parquet(joined(kept).table(), record)
            aside.print(f"{recent.taken} samples in {record}, {recent.dropped} dropped on the way", highlight=False)
    if record is None:
        aside.print(f"{recent.taken} samples, {recent.dropped} dropped on the way", highlight=False)


async def watch(address: str | None, seconds: float | None, take: Take, backend: ble.Backend | None = None) -> None:
    """Hand every piece to `take`. Only one brace may be meant."""
    found = await one_in_range(address, backend)
    watching = Watching()
    async with ble.BleLink(found, utc_ms, backend) as link:
        async for piece in until(link.live(), seconds):
            try:
                take(watching.feed(piece), watching)
            except WireError as error:
                raise NotUnderstoodError(f"the brace's samples: {error}") from error


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
