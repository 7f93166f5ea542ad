"""How often `talus watch` tries: over ears without a radio, so that hours pass in no time."""

import asyncio
import io
import itertools
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from host.watching import BRISK, LEFT, RIGHT, heard, watching
from twin.a_brace import Shelf

from talus_host.errors import LinkLostError, NoAdapterError, NotPairedError, NotUnderstoodError
from talus_host.link import ble
from talus_host.link.ble import Found
from talus_host.service import health
from talus_host.service.air import Air
from talus_host.service.log import Log
from talus_host.service.pace import Pace
from talus_host.service.watch import Watcher
from talus_twin.radio import virtual_time
from talus_twin.radio.virtual_time import inline


def played(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    virtual_time.run(story())


class FakeAir:
    """Ears without a radio: what is heard, and what becomes of a link, are said by the test."""

    def __init__(self, addresses: list[str], error: Exception) -> None:
        self.addresses, self.error = addresses, error
        self.listened: list[list[Found]] = []
        self.asked: list[tuple[float, Found]] = []
        self.deaf: Exception | None = None

    async def listen(self) -> list[Found]:
        await asyncio.sleep(1)
        if self.deaf:
            raise self.deaf
        self.listened.append([heard(address) for address in self.addresses])
        return self.listened[-1]

    def link(self, found: Found) -> Any:
        self.asked.append((asyncio.get_running_loop().time(), found))
        raise self.error

    def times(self, address: str) -> list[float]:
        return [at_s for at_s, found in self.asked if found.address == address]


def fake(
    folder: Path, air: FakeAir, pace: Pace, chance: Callable[[], float] = lambda: 0.5
) -> tuple[Watcher, io.StringIO]:
    told = io.StringIO()

    def clock() -> int:
        return 1_800_000_000_000 + int(asyncio.get_running_loop().time() * 1000)

    log = Log(told, clock)
    return Watcher(folder, Shelf(), air, log, clock=clock, chance=chance, pace=pace, run=inline), told


def test_a_wait_grows_to_its_bound_and_chance_shortens_it() -> None:
    pace = Pace()
    for chance in (0.0, 0.5, 1.0):
        waits = [pace.after(number, LinkLostError(), chance) for number in range(1, 400)]
        assert waits == sorted(waits)
        assert waits[0] == pace.first_s * (0.5 + 0.5 * chance) >= 2.0
        assert waits[-1] == pace.most_s * (0.5 + 0.5 * chance) <= pace.most_s
    assert pace.after(1, NotPairedError(), 1.0) == pace.most_s  # only a person can change it
    assert pace.after(1, NotUnderstoodError(), 1.0) == pace.most_s


def test_a_link_that_always_breaks_is_tried_a_few_times_an_hour_and_with_chance(tmp_path: Path) -> None:
    async def story() -> None:
        chance = random.Random(3).random
        air = FakeAir([LEFT, RIGHT], LinkLostError("broke"))
        watcher, _ = fake(tmp_path, air, Pace(), chance)
        async with watching(watcher):
            await asyncio.sleep(6 * 3600)
        for address in (LEFT, RIGHT):
            times = air.times(address)
            waits = [after - before for before, after in itertools.pairwise(times)]
            assert 24 <= len(times) <= 24 + 24 + 10, "bounded from both sides: it goes on, and it is no storm"
            assert max(waits) <= Pace().most_s + Pace().pause_s + 2
        assert air.times(LEFT) != air.times(RIGHT)

    played(story)


def test_every_connect_is_to_what_was_heard_just_before(tmp_path: Path) -> None:
    async def story() -> None:
        air = FakeAir([LEFT], LinkLostError("broke"))
        watcher, _ = fake(tmp_path, air, BRISK)
        async with watching(watcher):
            await asyncio.sleep(60)
            assert len(air.asked) > 2
            assert all(any(found is one for listened in air.listened for one in listened) for _, found in air.asked)
            assert len({id(found) for _, found in air.asked}) == len(air.asked), (
                "no address is remembered to connect to"
            )
            air.addresses = []  # out of range
            await asyncio.sleep(5)
            before = len(air.asked)
            await asyncio.sleep(300)
            assert len(air.asked) == before

    played(story)


def test_a_brace_heard_while_it_is_synced_is_not_connected_to_again(tmp_path: Path) -> None:
    class Endless:
        async def __aenter__(self) -> None:
            await asyncio.Event().wait()

        async def __aexit__(self, *_: object) -> None:
            pass

    class Held(FakeAir):
        def link(self, found: Found) -> Any:
            self.asked.append((asyncio.get_running_loop().time(), found))
            return Endless()

    async def story() -> None:
        air = Held([LEFT, RIGHT], LinkLostError())
        watcher, told = fake(tmp_path, air, BRISK)
        async with watching(watcher):
            await asyncio.sleep(BRISK.sync_s - 60)
            assert len(air.asked) == 2
            await asyncio.sleep(120)
            assert told.getvalue().count("LinkLostError") == 2

    played(story)


def test_an_error_of_our_own_ends_nobody(tmp_path: Path) -> None:
    async def story() -> None:
        watcher, told = fake(tmp_path, FakeAir([LEFT], ZeroDivisionError("D0:00:00:00:00:01")), BRISK)
        async with watching(watcher) as task:
            await asyncio.sleep(60)
            assert not task.done()
        assert "report it" in told.getvalue() and LEFT not in told.getvalue()
        kept = health.read(tmp_path)
        assert kept is not None and kept.known()[0].error == "ZeroDivisionError: D0:00:00:00:00:01"

    played(story)


def test_an_adapter_that_goes_is_waited_for_and_told(tmp_path: Path) -> None:
    async def story() -> None:
        air = FakeAir([LEFT], LinkLostError("broke"))
        watcher, told = fake(tmp_path, air, BRISK)
        air.deaf = NoAdapterError("no Bluetooth adapter this program may use (Bluetooth is switched off): switch it on")
        async with watching(watcher):
            await asyncio.sleep(120)
            kept = health.read(tmp_path)
            assert kept is not None and kept.adapter == str(air.deaf)
            assert 4 <= told.getvalue().count("adapter_failed") <= 20
            air.deaf = None
            await asyncio.sleep(2 * BRISK.most_s)
            kept = health.read(tmp_path)
            assert kept is not None and kept.adapter is None and air.asked
        assert told.getvalue().count("adapter_back") == 1

    played(story)


def test_whatever_a_platform_raises_is_waited_out(tmp_path: Path) -> None:
    async def story() -> None:
        air = FakeAir([LEFT], LinkLostError("broke"))
        watcher, told = fake(tmp_path, air, BRISK)
        air.deaf = EOFError()  # as when the system's bus goes away
        async with watching(watcher) as task:
            await asyncio.sleep(60)
            assert not task.done() and "adapter_failed" in told.getvalue()
            air.deaf = None
            await asyncio.sleep(2 * BRISK.most_s)
            assert air.asked

    played(story)


def test_a_scan_that_never_ends_is_an_adapter_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object) -> list[Found]:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.Event().wait()  # nor does it let itself be ended
        return []

    monkeypatch.setattr(ble, "scan", hang)

    async def story() -> None:
        air = Air(int, BRISK)
        for _ in range(2):  # and its turn is free again
            with pytest.raises(NoAdapterError, match="does not answer"):
                await air.listen()

    played(story)
