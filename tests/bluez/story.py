"""In the guest: a computer with BlueZ meets a brace, step by step, through bleak's own backend. Prints a table.

A step that fails is told with its traceback, and the next one goes on from whatever state that left.
"""

import asyncio
import contextlib
import os
import sqlite3
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping

from bluez import Bluez
from orders import Orders

from talus.wire import gatt
from talus_host.collect import Collected, Progress, collect
from talus_host.errors import LinkLostError, NoBraceError, NotPairedError
from talus_host.link import ble
from talus_host.link.parting import part
from talus_host.session import Record, Session

ADDRESS = "D0:00:00:00:00:01"
STRIDES = 1500
CUTS = 5
RECONNECTS = 10
STEP_S = 400.0
FOLDER = "/run/talus"


def utc_ms() -> int:
    return time.time_ns() // 1_000_000


class Kept:
    """What a put did."""

    def __init__(self, added: int) -> None:
        self.added, self.conflicts = added, 0


class Shelf:
    """A store in memory that refuses a double. The real one takes half a minute to import here: it has its own step."""

    def __init__(self) -> None:
        self.held: dict[int, Record] = {}

    def first_missing(self, device: int, journal: int, first: int) -> int:
        while first in self.held:
            first += 1
        return first

    def put(self, info: Mapping[str, int], records: Iterable[Record], received_utc_ms: int) -> Kept:
        before = len(self.held)
        for one in records:
            assert one.sequence not in self.held, f"record {one.sequence} came twice"
            self.held[one.sequence] = one
        return Kept(len(self.held) - before)

    def end_sync(self, device: int, received_utc_ms: int, link: Mapping[str, int | None]) -> None:
        """How the link fared is not asked here."""


class Story:
    """The steps, in their order; what they share."""

    def __init__(self, bluez: Bluez, orders: Orders) -> None:
        self.bluez = bluez
        self.orders = orders
        self.shelf = Shelf()
        self.note = ""
        self.agentless = False

    async def sync(self, shelf: Shelf | None = None, progress: Progress | None = None) -> Collected:
        """What a collector does at home."""
        found = await ble.find(ADDRESS)
        async with ble.BleLink(found, utc_ms) as link:
            return await collect(link, shelf or self.shelf, clock=utc_ms, progress=progress, batch=500)

    def must_equal_the_truth(self) -> None:
        acknowledged, stream = self.orders.truth()
        truth = {one.sequence: one for one in Session().feed(stream)}
        newer = [sequence for sequence in truth if sequence not in self.shelf.held]
        assert all(sequence >= acknowledged for sequence in newer), f"missing: {newer[:5]}, acknowledged {acknowledged}"
        differing = [s for s, one in self.shelf.held.items() if truth.get(s) != one]
        assert not differing, f"{len(differing)} records differ from the brace's, the first is {differing[0]}"
        assert acknowledged == max(self.shelf.held) + 1, f"acknowledged {acknowledged} of {len(self.shelf.held)}"

    async def a_scan_hears_the_brace(self) -> None:
        (found,) = await ble.scan(seconds=8, until_first=True)
        assert (found.address, found.name) == (ADDRESS, gatt.NAME)
        self.note = f"{found.name}, {found.rssi} dBm"

    async def nobody_is_let_in_unasked(self) -> None:
        """Without the button: no pairing, no record, and no bond left on this side."""
        began = time.monotonic()
        try:
            await self.sync()
        except NotPairedError as error:
            self.note = f"after {time.monotonic() - began:.1f} s: {error}"
        else:
            raise AssertionError("a stranger collected")
        assert not self.shelf.held
        device = await self.bluez.device(ADDRESS)
        assert not device.get("Paired") and not device.get("Bonded"), device
        assert "authorised=False" in self.orders("state")

    async def the_button_lets_it_pair(self) -> None:
        self.orders("press")
        found = await ble.find(ADDRESS)
        async with ble.BleLink(found, utc_ms) as link:
            info = await link.info()
        device = await self.bluez.device(ADDRESS)
        assert device["Paired"] and device["Bonded"], device
        self.note = f"journal {info['journal']:016x}; the desktop's agent was asked {self.bluez.asked or 'nothing'}"

    async def a_sync_brings_every_record(self) -> None:
        self.orders(f"walk {STRIDES}")
        began = time.monotonic()
        done = await self.sync()
        assert done.records >= STRIDES and not (done.duplicates or done.gaps or done.skipped)
        self.must_equal_the_truth()
        within = done.clock and done.clock.uncertainty_ms
        rate = done.octets / (time.monotonic() - began) / 1000
        self.note = f"{done.records} records, {rate:.1f} kB/s with the scan, clock within {within} ms"

    async def it_comes_back_over_its_bond(self) -> None:
        slowest = 0.0
        for _ in range(RECONNECTS):
            began = time.monotonic()
            await self.sync()
            slowest = max(slowest, time.monotonic() - began)
        self.must_equal_the_truth()
        self.note = f"{RECONNECTS} times, the slowest in {slowest:.1f} s"

    async def walking_away_in_mid_sync_loses_nothing(self) -> None:
        self.orders(f"walk {STRIDES}")
        for cut in range(CUTS):
            limit = 100 + 20 * cut
            cut_once = self.once_at(limit, "cut")
            try:
                await self.sync(progress=cut_once)
            except LinkLostError:
                continue
            raise AssertionError(f"cut {cut} was not noticed")
        done = await self.sync()
        self.must_equal_the_truth()
        self.note = f"{CUTS} cuts, then the last {done.records} records"

    async def a_reset_in_mid_sync_loses_nothing(self) -> None:
        self.orders(f"walk {STRIDES}")
        try:
            await self.sync(progress=self.once_at(200, "off"))
        except LinkLostError:
            pass
        else:
            raise AssertionError("the reset was not noticed")
        self.note = self.orders("on")
        await self.sync()
        self.must_equal_the_truth()

    def once_at(self, limit: int, order: str) -> Progress:
        """A progress that gives this order once so many records came."""
        done: list[str] = []

        def progress(records: int, _: int) -> None:
            if records >= limit and not done:
                done.append(self.orders(order))

        return progress

    async def a_brace_that_is_off_is_not_found(self) -> None:
        self.orders("off")
        try:
            await self.sync()
        except (NoBraceError, LinkLostError) as error:
            self.note = f"{type(error).__name__}: {error}"
        else:
            raise AssertionError("found, though it is off")
        finally:
            self.orders("on")

    async def the_bond_outlives_bluez(self) -> None:
        restart = await asyncio.create_subprocess_exec("tests/bluez/bluetoothd.sh")
        await restart.wait()
        await power_up(self.bluez)
        self.agentless = True  # the new daemon knows of none
        self.orders("walk 100")
        self.note = f"{(await self.sync()).records} records after a restart of bluetoothd"
        self.must_equal_the_truth()

    async def a_brace_that_forgot_is_told_from_a_weak_link_by_words_alone(self) -> None:
        self.orders("forget")
        try:
            await self.sync()
        except LinkLostError as error:
            self.note = str(error)
            assert ble.BOND_HINT in self.note
        else:
            raise AssertionError("collected without a bond")
        assert (await self.bluez.device(ADDRESS))["Bonded"], "who advertises as a brace could end its bond"

    async def removed_here_and_with_the_button_it_pairs_anew(self) -> None:
        await self.bluez.remove(ADDRESS)
        assert self.agentless, "the desktop's agent is still there"
        self.orders("press")
        self.orders("walk 100")
        self.note = f"{(await self.sync()).records} records, with no agent but the collector's own"
        self.must_equal_the_truth()

    async def brace_and_computer_forget_each_other(self) -> None:
        """What `talus forget` does, and the button makes them meet again."""
        waiting = await part(ble.BleLink(await ble.find(ADDRESS), utc_ms, pairs=False))
        assert waiting is not None and not await self.bluez.device(ADDRESS)
        assert self.orders("hosts") == "0"
        self.orders("press")
        self.note = f"{(await self.sync()).records} records after they met again"
        self.must_equal_the_truth()

    async def the_command_fills_a_database(self) -> None:
        """`talus collect`, as a person types it: the real store, from the first record on."""
        command = "import sys; from talus_host.cli import main; sys.argv[0] = 'talus'; main()"
        environment = dict(os.environ, NO_COLOR="1")
        collect = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", command, "collect", "--data", FOLDER),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await collect.communicate()
        assert collect.returncode == 0, f"exit code {collect.returncode}: {said.decode()}"
        with contextlib.closing(sqlite3.connect(f"{FOLDER}/talus.db")) as database:
            rows = database.execute("select sequence, boot, kind, payload from record order by sequence").fetchall()
        held = {one.sequence: (one.boot, one.kind, one.payload) for one in Session().feed(self.orders.truth()[1])}
        assert len(rows) >= len(self.shelf.held)
        assert [row for row in rows if held[row[0]] != row[1:]] == []
        assert [row[0] for row in rows] == list(range(len(rows)))
        self.note = f"{len(rows)} records in the database"

    def steps(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self.a_scan_hears_the_brace,
            self.nobody_is_let_in_unasked,
            self.the_button_lets_it_pair,
            self.a_sync_brings_every_record,
            self.it_comes_back_over_its_bond,
            self.walking_away_in_mid_sync_loses_nothing,
            self.a_reset_in_mid_sync_loses_nothing,
            self.a_brace_that_is_off_is_not_found,
            self.the_bond_outlives_bluez,
            self.a_brace_that_forgot_is_told_from_a_weak_link_by_words_alone,
            self.removed_here_and_with_the_button_it_pairs_anew,
            self.brace_and_computer_forget_each_other,
            self.the_command_fills_a_database,
        ]


async def power_up(bluez: Bluez) -> None:
    """Wait for an adapter that can be switched on."""
    async with asyncio.timeout(60):
        while True:
            try:
                if await bluez.adapter():
                    await bluez.power(True)
                    return
            except OSError:
                pass
            await asyncio.sleep(0.2)


async def tell() -> int:
    rows: list[tuple[str, float, str, str]] = []
    async with Bluez() as bluez:
        await power_up(bluez)
        await bluez.register_agent()
        story = Story(bluez, Orders())
        for step in story.steps():
            name = step.__name__.replace("_", " ")
            story.note, verdict = "", "pass"
            began = time.monotonic()
            try:
                async with asyncio.timeout(STEP_S):
                    await step()
            except Exception:  # whatever it is, the step failed
                verdict = "FAIL"
                traceback.print_exc()
            rows.append((verdict, time.monotonic() - began, name, story.note))
            print(f"{verdict}  {rows[-1][1]:6.1f} s  {name}: {story.note}", flush=True)
    failed = sum(row[0] == "FAIL" for row in rows)
    print("\n  result   seconds  step")
    for verdict, seconds, name, _ in rows:
        print(f"  {verdict:6} {seconds:9.1f}  {name}")
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


def main() -> int:
    print(f"guest: {time.clock_gettime(time.CLOCK_BOOTTIME):.1f} s after power on, the story begins", flush=True)
    return asyncio.run(tell())


if __name__ == "__main__":
    sys.exit(main())
