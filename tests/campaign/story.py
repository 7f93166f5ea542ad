"""One campaign: syncs with faults in them until enough have struck, then a clean one, then the truth."""

import asyncio
import contextlib
import random
from collections.abc import Iterator
from pathlib import Path

from campaign.faults import FAULTS, Scene
from campaign.hosts import Host, Killed
from campaign.tally import Tally
from campaign.world import DAY_MS, World

from talus.control import Control
from talus_host.collect import Collected
from talus_host.errors import TalusError
from talus_host.session import Record
from talus_host.store import put
from talus_twin.radio import virtual_time
from talus_twin.radio.ether import Ether, Timing

TIMINGS = (None, Timing(15, 4), Timing(30, 6), Timing(30, 1), Timing(60, 3))
CLEAN_EVERY = 15  # syncs
FORMAT_EVERY = 90
MINOR = ("request repeated", "answer repeated", "flash refuses")  # told in the table, and not among the faults wanted
WEIGHTS = [4 if fault in ("queue of requests full", "malformed requests") else 1 for fault in FAULTS]  # they miss often
TRIES = 12  # of a clean sync: leftovers of faults may still strike


class Campaign:
    """seed: of everything that is chosen. hosts: how many computers collect."""

    def __init__(self, seed: int, folder: Path, tally: Tally, hosts: int = 1) -> None:
        self.chance = random.Random(seed)
        self.tally = tally
        self.ether = Ether(self.chance.choice(TIMINGS))
        self.world = World(self.chance, self.ether, self.count)
        self.hosts = [Host(n + 1, self.world, folder / f"host{n + 1}.db", tally) for n in range(hosts)]
        self.struck = 0
        self.syncing: Host | None = None
        for host in self.hosts:
            host.air.struck = self.count

    def count(self, fault: str) -> None:
        self.struck += fault not in MINOR
        self.tally.faults[fault] += 1

    # -- one sync with faults -------------------------------------------------------------------

    async def strike(self, fault: str, scene: Scene) -> None:
        """At some moment from the scan to behind the acknowledgement, the early ones more often."""
        await asyncio.sleep(0.05 * 200 ** self.chance.random())
        if FAULTS[fault](scene):
            self.count(fault)

    async def spoilt_sync(self, host: Host) -> None:
        self.syncing = host
        packs, batch = self.chance.random() < 0.6, self.chance.choice((20, 100, 4000))
        task = asyncio.ensure_future(host.sync(packs, batch))
        scene = Scene(self.world, host, task, self.count)
        faults = self.chance.choices(list(FAULTS), WEIGHTS, k=self.chance.choice((1, 2, 3, 4)))
        strikes = [asyncio.ensure_future(self.strike(fault, scene)) for fault in faults]
        try:
            await task
        except (TalusError, OSError) as error:
            self.tally.ended[type(error).__name__] += 1
            if type(error).__name__ == "NotPairedError":
                host.paired = False
        except Killed:
            self.count(host.shelf.die or "")
            host.shelf.die = None
        except asyncio.CancelledError:
            self.tally.ended["CancelledError"] += 1
        for one in strikes:
            one.cancel()
        await asyncio.gather(*strikes, return_exceptions=True)

    # -- clean syncs and the truth --------------------------------------------------------------

    async def clean_sync(self, host: Host) -> Collected:
        """Nothing new strikes; returns the sync that came to its end."""
        self.syncing = host
        host.shelf.die = None
        host.air.pieces, host.air.repeat_requests, host.air.repeat_answers = {}, 0, 0
        failed: TalusError | None = None
        for _ in range(TRIES):
            self.world.flash.cut_in, self.world.flash.refuse = None, 0
            try:
                return await host.sync(packs=self.chance.random() < 0.6)
            except TalusError as error:
                failed = error
                if type(error).__name__ == "NotPairedError":
                    host.paired = False
                await asyncio.sleep(3)
        raise AssertionError(f"no clean sync in {TRIES}: {failed}") from failed

    async def settle(self) -> None:
        """Every host collects all there is; then its database is the brace's truth, record for record."""
        self.world.walking = False
        for host in self.hosts:
            await self.clean_sync(host)
        for host in self.hosts:
            await self.clean_sync(host)  # the others' clock records
        brace = await self.world.up()
        truth = self.world.held()
        for host in self.hosts:
            have = host.records(brace.journal.device, brace.journal.id)
            same(have, truth, len(self.hosts))
        self.world.truth.check(truth)
        self.world.walking = True

    async def format(self) -> None:
        """The flash is erased: another journal, the same sequences anew, no bond."""
        brace = await self.world.up()
        journal = (brace.journal.device, brace.journal.id)
        self.world.past[journal] = self.world.held()
        self.world.erase()
        self.count("brace erased")
        for host in self.hosts:
            host.paired = False

    # -- all of it ------------------------------------------------------------------------------

    async def run(self, faults: int) -> None:
        self.world.start()
        syncs = 0
        try:
            while self.struck < faults:
                syncs += 1
                await self.world.up()
                self.world.walk(self.chance.choice((0, 5, 60, 250)))
                host = self.chance.choice(self.hosts)
                host.central.ether.timing = self.chance.choice(TIMINGS)
                await self.spoilt_sync(host)
                if syncs % CLEAN_EVERY == 0:
                    await self.clean_sync(host)
                if syncs % FORMAT_EVERY == 0:
                    await self.settle()
                    await self.format()
            await self.settle()
            await self._close()
        finally:
            await self.world.stop()
            for host in self.hosts:
                await host.central.close()

    async def _close(self) -> None:
        """Everything of every journal, of which the past ones must not have changed."""
        world, tally = self.world, self.tally
        brace = await world.up()
        world.past[brace.journal.device, brace.journal.id] = truth = world.held()
        for host in self.hosts:
            for (device, journal), records in world.past.items():
                have = host.records(device, journal)
                same(have, records, len(self.hosts))
                tally.records += len(have)
            tally.octets += host.air.octets
        assert truth
        tally.boots += world.boots
        tally.days += world.clock.leapt_ms / DAY_MS


def same(have: list[Record], truth: list[Record], late: int) -> None:
    """A database holds the brace's truth, record for record; but for clock records of the last exchanges, `late`."""
    lost = sorted({one.sequence for one in truth[: len(truth) - late]} - {one.sequence for one in have})
    ends = (truth[-1].sequence, have[-1].sequence)
    assert not lost, f"lost: {lost}, the last are {ends}"
    more = sorted({one.sequence for one in have} - {one.sequence for one in truth})
    assert not more, f"not the brace's: {more}"
    assert have == truth[: len(have)]


def fight(seed: int, folder: Path, tally: Tally, faults: int, hosts: int = 1, views: bool = True) -> None:
    """One campaign in virtual time, every acknowledgement checked at its moment.

    views: make them at each commit, which takes the longest of all; else once at the end.
    """

    async def story() -> Campaign:
        campaign = Campaign(seed, folder, tally, hosts)
        with watched(campaign), contextlib.nullcontext() if views else no_views():
            await campaign.run(faults)
        return campaign

    for host in virtual_time.run(story()).hosts:
        host.shelf.store.rebuild()
        host.shelf.store.close()


@contextlib.contextmanager
def no_views() -> Iterator[None]:
    """Commits keep records, and make nothing of them."""
    made = put._make_views
    put._make_views = lambda *_: set()
    try:
        yield
    finally:
        put._make_views = made


@contextlib.contextmanager
def watched(campaign: Campaign) -> Iterator[None]:
    """No acknowledgement reaches the brace before all of it that lies in its flash is committed."""
    acknowledge = Control._acknowledge

    def checked(self: Control, sequence: int) -> int:
        journal, host = self._journal, campaign.syncing
        assert host is not None
        committed = host.shelf.first_missing(journal.device, journal.id, journal.first)
        if sequence > max(committed, journal.acknowledged):  # a hole in flash itself is nobody's to commit
            lying = {one.sequence for one in host.world.held() if committed <= one.sequence < sequence}
            kept = {one.sequence for one in host.records(journal.device, journal.id)}
            assert lying <= kept, f"{sequence} told, {committed} committed, {sorted(lying - kept)} not"
        return acknowledge(self, sequence)

    Control._acknowledge = checked
    try:
        yield
    finally:
        Control._acknowledge = acknowledge
