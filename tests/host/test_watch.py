"""`talus watch` over the virtual radio: several braces at once, each with its own trouble, nothing lost."""

import asyncio
import os
import random
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from host.watching import BRISK, LEFT, Leg, a_room, of, until, watching
from twin.a_brace import Shelf

from talus.peer import OUR_SECRET
from talus_host.errors import NotPairedError, StoreFullError
from talus_host.link import ble
from talus_host.link.ble import Backend
from talus_host.service import health
from talus_host.service.air import Air
from talus_host.service.watch import fault_of
from talus_twin.radio import virtual_time


def played(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    virtual_time.run(story())


def whole(shelf: Shelf, *legs: Leg) -> bool:
    if any(len(of(shelf, leg)) < leg.journal.next for leg in legs):
        return False
    return all(of(shelf, leg) == leg.truth() for leg in legs)


def test_both_legs_come_at_once_and_go_on_coming(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    took: dict[str, float] = {}

    async def story(name: str, count: int) -> None:
        async with a_room(tmp_path / name, 2000) as room:
            (tmp_path / name).mkdir()
            for leg in room.legs[count:]:
                leg.air.unplug()
            shelf, legs = Shelf(), room.legs[:count]
            async with watching(room.watcher(shelf)):
                took[name] = await until(lambda: whole(shelf, *legs))
                for leg in legs:
                    leg.walk(40, seed=9)
                again = await until(lambda: whole(shelf, *legs))
                assert again <= BRISK.every_s + BRISK.pause_s + BRISK.listen_s + 5
                await asyncio.sleep(BRISK.pause_s + BRISK.listen_s + 1)  # its next round writes it down
                told = health.read(tmp_path / name)
            assert [one["event"] for one in room.events("failed", "adapter_failed", "state_not_kept")] == []
            assert told is not None
            assert sorted(one.side or "" for one in told.known()) == ["left", "right"][:count]
            assert sum(one.records for one in told.known()) == len(shelf.held)

    virtual_time.run(story("one", 1))
    virtual_time.run(story("both", 2))
    with capsys.disabled():
        print(f"\n  2000 strides at 30 ms x 6 packets: one leg {took['one']:.1f} s, both {took['both']:.1f} s")
    assert took["both"] < 1.4 * took["one"]


def never_answers(backend: Backend, address: str) -> Backend:
    """The adapter, which never gets through to one brace that it hears all the same."""
    assert backend.client

    class Deaf(backend.client):  # type: ignore[name-defined,misc]
        async def connect(self, pair: bool, **kwargs: Any) -> None:
            if self.address == address:
                await asyncio.Event().wait()
            await super().connect(pair, **kwargs)

    return Backend(backend.scanner, Deaf)


def hangs_up(backend: Backend, address: str) -> Backend:
    """The adapter, whose link to one brace breaks as soon as it is asked anything."""
    assert backend.client

    class Broken(backend.client):  # type: ignore[name-defined,misc]
        async def write_gatt_char(self, *given: Any, **more: Any) -> None:
            if self.address == address:
                await self.disconnect()
            await super().write_gatt_char(*given, **more)

    return Backend(backend.scanner, Broken)


def says_nothing(backend: Backend, address: str) -> Backend:
    """The adapter, to which one brace never answers a request."""
    assert backend.client

    class Silent(backend.client):  # type: ignore[name-defined,misc]
        async def start_notify(self, characteristic: Any, callback: Any, **more: Any) -> None:
            quiet = self.address == address
            await super().start_notify(characteristic, (lambda _: None) if quiet else callback, **more)

    return Backend(backend.scanner, Silent)


@pytest.mark.parametrize("trouble", [never_answers, hangs_up, says_nothing, None])
def test_the_trouble_of_one_never_delays_the_other(
    trouble: Callable[[Backend, str], Backend] | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """None: a brace that does not know this computer."""

    async def story() -> None:
        async with a_room(tmp_path) as room:
            left, right = room.legs
            backend = trouble(room.backend, LEFT) if trouble else room.backend
            if not trouble:
                left.radio.forget()
            shelf = Shelf()
            watcher = room.watcher(shelf, air=Air(room.clock, BRISK, backend))
            first: list[float] = []
            async with watching(watcher):
                for number in range(5):
                    right.walk(20, seed=number)
                    first.append(await until(lambda: whole(shelf, right)))
            assert of(shelf, left) == []
            failures = room.events("failed")
            assert {one["brace"] for one in failures} == {watcher.health.shown(watcher.health.hash_of(LEFT))}
            assert len(failures) >= 3
            bound = BRISK.every_s + BRISK.pause_s + BRISK.listen_s + BRISK.connect_s + 2
            assert max(first) <= bound
            with capsys.disabled():
                name = trouble.__name__ if trouble else "not paired"
                print(f"\n  {name}: the other leg within {max(first):.0f} s each time, {len(failures)} failures")

    played(story)


@pytest.mark.parametrize("seed", range(int(os.environ.get("TALUS_WATCH_SEEDS", "2"))))
def test_two_legs_cut_and_a_watch_ended_at_any_moment_lose_and_double_nothing(seed: int, tmp_path: Path) -> None:
    async def story() -> None:
        chance = random.Random(seed)
        async with a_room(tmp_path, 1500) as room:
            shelf = Shelf()  # itself refuses a double
            for _ in range(4):
                async with watching(room.watcher(shelf)):  # ended at once where it is, and begun anew on its state
                    for _ in range(chance.randrange(1, 4)):
                        await asyncio.sleep(chance.uniform(0, 6))
                        leg = chance.choice(room.legs)
                        chance.choice((leg.air.cut, lambda leg=leg: leg.walk(chance.randrange(100), chance.random())))()
            async with watching(room.watcher(shelf)):
                await until(lambda: whole(shelf, *room.legs))
            assert {one["error"] for one in room.events("failed")} <= {"LinkLostError", "NoBraceError"}
            assert all(leg.radio.failures == 0 and not leg.air.dead for leg in room.legs)

    played(story)


def test_a_sync_without_end_is_given_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path, 6000) as room:
            room.legs[1].air.unplug()
            shelf = Shelf()
            async with watching(room.watcher(shelf, replace(BRISK, sync_s=4))):
                await until(lambda: room.events("failed"))
                (failed,) = room.events("failed")
                assert failed["error"] == "LinkLostError" and failed["failures"] == 1
                await until(lambda: whole(shelf, room.legs[0]))  # each try brought what it could

    played(story)


def test_a_brace_never_paired_is_never_paired_with(tmp_path: Path) -> None:
    """Its window stands open, a neighbour's as well as ours could: whose records come here a person decides."""

    async def story() -> None:
        async with a_room(tmp_path, paired=False) as room:
            for leg in room.legs:
                leg.radio.open_pairing()
            shelf = Shelf()
            async with watching(room.watcher(shelf)):
                await until(lambda: len(room.events("failed")) >= 2)
            assert shelf.held == {} and [leg.bonds.at(OUR_SECRET, 0) for leg in room.legs] == [None, None]
            assert {one["error"] for one in room.events("failed")} == {"NotPairedError"}

    played(story)


@pytest.mark.parametrize("side", ["the brace", "this computer"])
def test_a_bond_lost_on_either_side_is_told_and_mended_as_it_says(side: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path) as room:
            left, right = room.legs
            shelf = Shelf()
            air = Air(room.clock, BRISK, room.backend)
            watcher = room.watcher(shelf, air=air)
            async with watching(watcher):
                await until(lambda: whole(shelf, left, right))
                if side == "the brace":
                    left.radio.forget()
                else:
                    await room.central.keystore.delete(LEFT)
                left.walk(50, seed=5)
                await until(lambda: room.events("failed"))
                kept = next(one for one in watcher.health.known() if one.side == "left")
                assert (
                    kept.error is not None and "hold the brace's button" in kept.error and "talus collect" in kept.error
                )
                async with air._turn:  # one adapter, which the system shares out among programs
                    await mend(room.backend, room.clock, left)
                await until(lambda: whole(shelf, left, right))
                await until(lambda: kept.failures == 0)
                assert kept.error, "it stays to be read, and is over"

    played(story)


async def mend(backend: Backend, clock: Callable[[], int], leg: Leg) -> None:
    """What the words say: hold the button, `talus collect`, and again where it says so."""
    leg.radio.open_pairing()
    for _ in range(2):
        try:
            async with ble.BleLink(await ble.find(leg.at, backend, 5), clock, backend):
                return
        except NotPairedError:
            continue
    raise AssertionError("collect did not pair")


def test_a_full_disk_is_told_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    class Full(Shelf):
        full = True

        def put(self, info: Any, records: Any, received_utc_ms: int) -> Any:
            if self.full:
                raise StoreFullError("database talus.db: no room left on the disk; nothing of this step was kept")
            return super().put(info, records, received_utc_ms)

    async def story() -> None:
        async with a_room(tmp_path) as room:
            shelf = Full()
            async with watching(room.watcher(shelf)):
                await until(lambda: len(room.events("failed")) >= 4)
                assert [leg.journal.acknowledged for leg in room.legs] == [0, 0]
                assert "make room" in room.events("failed")[0]["says"]
                shelf.full = False
                await until(lambda: whole(shelf, *room.legs))

    played(story)


def test_a_clock_set_while_nobody_looked_is_told(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path) as room:
            shelf = Shelf()
            async with watching(room.watcher(shelf)):
                await until(lambda: whole(shelf, *room.legs))
                for off_ms, told in ((1000, 0), (3_601_000, 1)):  # a second is no step, an hour is
                    syncs, room.off_ms = len(room.events("synced")), off_ms
                    room.legs[0].walk(20, seed=off_ms)
                    await until(lambda: whole(shelf, *room.legs))
                    await until(lambda seen=syncs: len(room.events("synced")) >= seen + 2)
                    if told:
                        await until(lambda: room.events("clock_moved"))
                    else:
                        assert room.events("clock_moved") == []
            assert room.events("clock_moved")[0]["by_s"] == pytest.approx(3600, abs=2)

    played(story)


def test_a_fault_is_told_in_words() -> None:
    assert fault_of(0, 0) is None
    assert fault_of(1, 2) == "ankle angle sensor: it does not answer; look at its wires"
    assert fault_of(250, 2) == "a fault newer than this program"
    assert fault_of(1, 250) == "ankle angle sensor: newer than this program"
