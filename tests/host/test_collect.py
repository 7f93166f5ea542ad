"""Whole syncs over the virtual radio, with bleak's own scanner and client: nothing lost, nothing doubled."""

import asyncio
import functools
import time
from collections.abc import Iterable

import pytest
from twin.a_brace import Brace, Shelf, in_the_air

from talus.control import Control
from talus.radio import PAIRING_MS
from talus.wire import frame, gatt
from talus_host.collect import Collected, Progress, collect
from talus_host.errors import LinkLostError, NotPairedError
from talus_host.link import ble
from talus_host.link.ble import Backend, BleLink, find
from talus_host.session import Record, Session
from talus_host.verbs.collect import _from_air

pytestmark = pytest.mark.brace


def utc_ms() -> int:
    return int(time.time() * 1000)


async def sync(backend: Backend, shelf: Shelf, progress: Progress | None = None, batch: int = 4000) -> Collected:
    found = await find(backend=backend, seconds=5)
    async with BleLink(found, utc_ms, backend) as link:
        return await collect(link, shelf, clock=utc_ms, progress=progress, batch=batch)


def truth(brace: Brace) -> list[Record]:
    return Session(0).feed(brace.stream())


def test_a_whole_sync_is_identical_and_the_next_brings_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    async def story() -> None:
        async with in_the_air(strides=40000) as (brace, _, backend):
            frames = len(frame.Reader().feed(brace.stream()))
            assert frames > 500
            shelf = Shelf()
            began = time.perf_counter()
            done = await sync(backend, shelf)
            took = time.perf_counter() - began
            assert shelf.records() == truth(brace)
            assert done.octets < len(brace.stream()), "packed, though records of noise leave little to pack"
            assert (done.duplicates, done.skipped, done.gaps) == (0, 0, [])
            assert brace.journal.acknowledged == brace.journal.next == done.records
            with capsys.disabled():
                rate = done.octets / took / 1000
                print(f"\n  {frames} frames, {done.octets} bytes with scan and pairing: {rate:.0f} kB/s")
            again = await sync(backend, shelf)
            assert again.clock is not None, "the clocks are compared at every connection"
            assert (again.records, shelf.puts[-1]) == (1, 1), "and that is a record"
            assert (done.clocks, again.clocks) == (1, 1)
            assert brace.radio.failures == 0

    asyncio.run(story())


def test_the_clock_of_the_brace_is_found_and_kept_as_a_record() -> None:
    async def story() -> None:
        async with in_the_air(strides=100) as (brace, _, backend):
            shelf = Shelf()
            done = await sync(backend, shelf)
            assert done.clock is not None
            before_ms, now_ms, after_ms = utc_ms(), brace.status.now_ms(), utc_ms()
            zero_ms = done.clock.utc_ms - done.clock.brace_ms
            allowed_ms = done.clock.uncertainty_ms + 2  # readings of two clocks, a millisecond each
            assert before_ms - now_ms - allowed_ms <= zero_ms <= after_ms - now_ms + allowed_ms
            (kept,) = brace.status.clocks
            assert kept == (done.clock.brace_ms, done.clock.utc_ms, done.clock.uncertainty_ms)
            assert shelf.records()[-1].kind == 2  # it travelled in the same sync

    asyncio.run(story())


def test_a_connection_lost_on_the_way_resumes_with_nothing_lost_or_doubled() -> None:
    async def story() -> None:
        async with in_the_air(strides=20000) as (brace, _, backend):
            shelf = Shelf()
            for cut_at in (300, 4000, 9000):

                def walk_away(records: int, _: int, limit: int = cut_at) -> None:
                    if records >= limit:
                        brace.air.cut()

                with pytest.raises(LinkLostError, match="what had arrived is kept"):
                    await sync(backend, shelf, walk_away, batch=1000)
                assert len(shelf.held) >= cut_at  # partial data kept
                assert brace.journal.acknowledged == 0  # and not yet acknowledged
            assert len(shelf.held) < 20000
            await sync(backend, shelf)
            assert shelf.records() == truth(brace)  # Shelf itself refuses a double

    asyncio.run(story())


def test_a_reset_on_the_way_resumes_over_the_bond_of_before() -> None:
    async def story() -> None:
        async with in_the_air(strides=8000) as (brace, central, backend):
            shelf = Shelf()

            def power_cut(records: int, _: int) -> None:
                if records >= 2000:
                    brace.air.unplug()

            with pytest.raises(LinkLostError):
                await sync(backend, shelf, power_cut)
            async with Brace(central.ether, brace.files) as after:  # same flash, a new boot, no pairing window
                assert after.journal.boot == 2
                await sync(backend, shelf)
                assert shelf.records() == truth(after)

    asyncio.run(story())


def test_a_cancelled_sync_keeps_what_came_and_can_be_repeated() -> None:
    async def story() -> None:
        async with in_the_air(strides=20000) as (brace, _, backend):
            shelf = Shelf()
            enough = asyncio.Event()
            task = asyncio.ensure_future(sync(backend, shelf, lambda n, _: enough.set() if n > 500 else None))
            await enough.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert 500 < len(shelf.held) < 20000
            await sync(backend, shelf)
            assert shelf.records() == truth(brace)

    asyncio.run(story())


def test_a_commit_that_fails_acknowledges_nothing() -> None:
    class Full(Shelf):
        def put(self, info: dict[str, int], records: Iterable[Record], received_utc_ms: int) -> None:
            raise OSError(28, "No space left on device")

    async def story() -> None:
        async with in_the_air(strides=500) as (brace, _, backend):
            with pytest.raises(OSError, match="No space"):
                await sync(backend, Full())
            assert brace.journal.acknowledged == 0
            shelf = Shelf()
            await sync(backend, shelf)
            assert shelf.records() == truth(brace)

    asyncio.run(story())


def test_a_brace_whose_window_is_shut_says_what_to_press() -> None:
    async def story() -> None:
        async with in_the_air(strides=10) as (brace, _, backend):
            brace.radio.poll(brace.status.now_ms() + PAIRING_MS)
            with pytest.raises(NotPairedError, match="hold the brace's button until its light blinks"):
                await sync(backend, Shelf())
            assert brace.hosts() == 0
            brace.radio.open_pairing()
            shelf = Shelf()
            await sync(backend, shelf)  # the computer kept nothing of the pairing the brace refused
            assert shelf.records() == truth(brace)
            brace.radio.forget()
            with pytest.raises(NotPairedError):
                await sync(backend, Shelf())

    asyncio.run(story())


def test_a_neighbours_brace_does_not_keep_ours_from_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble, "scan", functools.partial(ble.scan, seconds=1))

    async def story() -> None:
        async with (
            in_the_air(strides=200) as (ours, central, backend),
            Brace(central.ether, address="C0:FF:EE:00:00:77"),
        ):
            shelf, failed = Shelf(), []
            done = await _from_air(shelf, None, failed, backend)
            assert shelf.records() == truth(ours)
            assert [one.records for one in done] == [len(shelf.held)]
            assert [type(error) for error in failed] == [NotPairedError]
            assert str(failed[0]).startswith("C0:FF:EE:00:00:77")

    asyncio.run(story())


def test_two_computers_both_get_everything() -> None:
    async def story() -> None:
        async with in_the_air(strides=2000) as (brace, central, backend):
            first, second = Shelf(), Shelf()
            await sync(backend, first)
            other = type(central)(central.ether, "C0:FF:EE:00:00:02")
            brace.radio.open_pairing()
            await sync(Backend(other.scanner, other.client), second)
            assert second.records() == truth(brace)
            assert second.records()[: len(first.held)] == first.records()
            brace.walk(50, seed=2)
            await sync(Backend(other.scanner, other.client), second)
            assert await acknowledged(backend) < await acknowledged(Backend(other.scanner, other.client))
            assert await acknowledged(Backend(other.scanner, other.client)) == brace.journal.next
            await other.close()

    asyncio.run(story())


async def acknowledged(backend: Backend) -> int:
    """What the brace says this host has."""
    async with BleLink(await find(backend=backend, seconds=5), utc_ms, backend) as link:
        return (await link.info())["acknowledged"]


def test_what_a_host_has_outlives_a_reset_and_goes_with_its_bond() -> None:
    async def story() -> None:
        async with in_the_air(strides=200) as (brace, central, backend):
            await sync(backend, Shelf())
            had = await acknowledged(backend)
            assert had == brace.journal.next
            brace.air.unplug()
            async with Brace(central.ether, brace.files) as after:
                assert await acknowledged(backend) == had
                async with BleLink(await find(backend=backend, seconds=5), utc_ms, backend) as link:
                    reply = await link.request(gatt.FORGET)
                    assert reply.values[1] == gatt.SUCCESS
                    assert (await link.info())["next"] == after.journal.next, "to the end of this connection"
                with pytest.raises(NotPairedError):
                    await acknowledged(backend)

    asyncio.run(story())


@pytest.mark.parametrize(
    "result", [gatt.OPCODE_UNSUPPORTED, gatt.NOT_COMPLETED], ids=["an older one", "one without room"]
)
def test_a_brace_that_cannot_pack_sends_its_frames_as_they_lie(monkeypatch: pytest.MonkeyPatch, result: int) -> None:
    packing = Control.handle

    def older(self: Control, data: bytes, came_ms: int) -> bytes | None:
        if data[0] == gatt.REPORT_PACKED:
            return bytes(gatt.answer(gatt.RESPONSE, gatt.REPORT_PACKED, result, 0, 0))
        return packing(self, data, came_ms)

    monkeypatch.setattr(Control, "handle", older)

    async def story() -> None:
        async with in_the_air(strides=500) as (brace, _, backend):
            shelf = Shelf()
            done = await sync(backend, shelf)
            assert shelf.records() == truth(brace)
            assert done.octets == len(brace.stream())

    asyncio.run(story())
