"""The async driver: a link, a session and a store, joined. What has arrived is committed, then acknowledged.

Any step may fail or be cancelled at any point and be repeated: what was whole is kept, nothing is kept twice,
and the brace is told only of what is committed.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from talus.wire import gatt, kinds
from talus_host.errors import RefusedError
from talus_host.link import Link
from talus_host.session import ClockExchange, ClockPair, Record, Session

EXCHANGES = 16  # one alone errs by half the connection interval; what sixteen agree on by a few milliseconds
MOST_EXCHANGES = 3  # times as many, while the interval is so long that they do not agree on it well
GOOD_MS = 4
CLOCK = kinds.BY_NAME["clock"].number
BATCH = 4000  # records a commit: a second of work for SQLite, a minute of radio at the worst
Progress = Callable[[int, int], None]


class Kept(Protocol):
    """What a commit did: records that were new, and records known before with other content (the first is kept)."""

    @property
    def added(self) -> int: ...

    @property
    def conflicts(self) -> int: ...


class Store(Protocol):
    """Where records go. Each may be called from another thread than the one that made the store."""

    def first_missing(self, device: int, journal: int, first: int) -> int:
        """The lowest sequence from `first` on that is not stored: where a sync goes on."""

    def put(self, info: Mapping[str, int], records: Iterable[Any], received_utc_ms: int) -> Kept:
        """Keep records (session.Record), each identity once, in one transaction."""

    def end_sync(self, device: int, received_utc_ms: int, link: Mapping[str, int | None]) -> None:
        """The sync whose puts shared this moment came to its end; link: Collected.link of it, empty for a file."""


@dataclass
class Collected:
    """What one sync did. records: those the store did not have; clocks: of what came, clock records, of which each
    connection makes one; duplicates: those it had, conflicts of them with other content; gaps: half-open stretches of
    sequences that should have come; skipped: bytes of noise; took_ms: all of it, stream_ms: while records came, with
    the commits between them; None where there was none."""

    info: dict[str, int]
    records: int = 0
    clocks: int = 0
    octets: int = 0
    duplicates: int = 0
    conflicts: int = 0
    skipped: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)
    clock: ClockPair | None = None
    took_ms: int = 0
    stream_ms: int | None = None

    @property
    def missing(self) -> int:
        """Records that should have come and did not."""
        return sum(behind - first for first, behind in self.gaps)

    @property
    def link(self) -> dict[str, int | None]:
        """How the link fared, as a store keeps it."""
        names = ("took_ms", "stream_ms", "octets", "skipped", "missing")
        return {name: getattr(self, name) for name in names} | {
            "within_ms": self.clock.uncertainty_ms if self.clock else None
        }


async def collect(
    link: Link,
    store: Store,
    *,
    clock: Callable[[], int],
    progress: Progress | None = None,
    exchanges: int = EXCHANGES,
    batch: int = BATCH,
    run: Callable[..., Awaitable[Any]] = asyncio.to_thread,
) -> Collected:
    """Fetch what the store lacks from an open link.

    clock: UTC ms now; progress(records so far, records expected); run: how a blocking call is made. Raises
    leaves of BraceError, RoadError and StoreError; all that was whole by then is in the store.
    """
    began_s = _now_s()
    info = await link.info()
    received_ms = clock()
    first = await run(store.first_missing, info["device"], info["journal"], info["first"])
    keeper = Keeper(store, info, received_ms, run)
    session = Session(info["journal"], first)
    done = Collected(info)
    done.clock = await tell_the_time(link, exchanges)
    if first < info["next"] or done.clock is not None:
        await _fetch(link, session, keeper, done, progress, batch)
        if keeper.taken:  # of a sync that brought nothing, nothing new is committed
            await acknowledge(link, session.next)
    else:
        await keeper.keep(())  # nothing new, but the brace was seen
    done.took_ms = _since_ms(began_s)
    await keeper.end(done.link if link.by_air else {})
    return done


async def _fetch(
    link: Link, session: Session, keeper: "Keeper", done: Collected, progress: Progress | None, batch: int
) -> None:
    """The stream to its end, into the store; what was whole is kept however it ends."""
    first, began_s = session.next, _now_s()
    try:
        async with contextlib.aclosing(link.stream(first)) as stream:
            async for piece in stream:
                done.octets += len(piece)
                keeper.take(session.feed(piece))
                if progress:
                    progress(keeper.taken, max(done.info["next"] - first, keeper.taken))
                if keeper.waiting >= batch:
                    await keeper.keep_waiting()
        done.stream_ms = _since_ms(began_s)
    finally:
        keeper.take(session.finish())
        await keeper.keep_waiting()
    _count(done, session, keeper)


def _now_s() -> float:
    """The loop's own clock, which nobody sets."""
    return asyncio.get_running_loop().time()


def _since_ms(began_s: float) -> int:
    return round((_now_s() - began_s) * 1000)


def _count(done: Collected, session: Session, keeper: "Keeper") -> None:
    """Fill in what a stream that came to its end brought."""
    done.records, done.conflicts, done.skipped = keeper.added, keeper.conflicts, session.skipped
    done.clocks = min(keeper.clocks, keeper.added)
    done.duplicates = session.duplicates + keeper.taken - keeper.added
    done.gaps = list(session.gaps)
    if session.next < done.info["next"]:
        done.gaps.append((session.next, done.info["next"]))  # promised, and the stream ended before


class Keeper:
    """Gathers records and commits them; a commit once begun is finished, whoever cancels."""

    def __init__(
        self, store: Store, info: Mapping[str, int], received_ms: int, run: Callable[..., Awaitable[Any]]
    ) -> None:
        self.taken = self.added = self.conflicts = self.clocks = 0
        self._store = store
        self._info = info
        self._received_ms = received_ms
        self._run = run
        self._records: list[Record] = []

    @property
    def waiting(self) -> int:
        return len(self._records)

    def take(self, records: list[Record]) -> None:
        self._records += records
        self.taken += len(records)
        self.clocks += sum(one.kind == CLOCK for one in records)

    async def keep_waiting(self) -> None:
        if self._records:
            records, self._records = self._records, []
            await self.keep(records)

    async def keep(self, records: Iterable[Record]) -> None:
        kept: Kept = await self._whole(self._store.put, self._info, records, self._received_ms)
        self.added += kept.added
        self.conflicts += kept.conflicts

    async def end(self, link: Mapping[str, int | None]) -> None:
        await self._whole(self._store.end_sync, self._info["device"], self._received_ms, link)

    async def _whole(self, commit: Callable[..., Any], *given: Any) -> Any:
        begun = asyncio.ensure_future(self._run(commit, *given))
        try:
            return await asyncio.shield(begun)
        except asyncio.CancelledError:
            await begun
            raise


async def tell_the_time(link: Link, exchanges: int) -> ClockPair | None:
    """Measure the brace's clock against ours and have it kept as a record; None for a brace without one."""
    most = exchanges * MOST_EXCHANGES
    measured = ClockExchange()
    pair: ClockPair | None = None
    while len(measured) < exchanges or (pair and pair.uncertainty_ms > GOOD_MS and len(measured) < most):
        await asyncio.sleep(measured.pause_ms / 1000)
        reply = await link.request(gatt.TIME, measured.hold_ms)
        if reply.opcode != gatt.TIME_IS:
            return None
        got_ms = gatt.join_ms48(reply.values[1], reply.values[2])
        measured.add(reply.asked_ms, got_ms, got_ms + reply.values[3], reply.heard_ms)
        pair = measured.best()
    if pair is None:
        return None
    when = (*gatt.split_ms48(pair.brace_ms), *gatt.split_ms48(pair.utc_ms), pair.uncertainty_ms)
    reply = await link.request(gatt.SET_CLOCK, *when)
    return pair if reply.values[1] == gatt.SUCCESS else None


async def acknowledge(link: Link, sequence: int) -> None:
    """Tell the brace that all records below `sequence` are committed here."""
    reply = await link.request(gatt.ACKNOWLEDGE, sequence)
    if reply.values[1] != gatt.SUCCESS:
        raise RefusedError(f"the brace refused the acknowledgement up to {sequence}: {gatt.RESULTS[reply.values[1]]}")
