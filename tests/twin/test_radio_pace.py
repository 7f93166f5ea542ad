"""How loud the brace is: off, slow or fast, over the virtual radio and in virtual time."""

import asyncio
from typing import Any

import pytest
from bleak import BleakScanner
from bumble import hci
from firmware.radio_story import Board
from twin.a_brace import Brace, Shelf, in_the_air

from talus import radio
from talus.radio import FAST, OFF, SILENT_MS, SLOW
from talus.wire import gatt
from talus_host.collect import collect
from talus_host.link.ble import Backend, BleLink, find
from talus_twin.radio import virtual_time
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Timing

HCI_UNIT_MS = 0.625  # of an advertising interval


async def sync(brace: Brace, backend: Backend, shelf: Shelf) -> None:
    async with BleLink(await find(backend=backend, seconds=15), brace.status.now_ms, backend) as link:
        await collect(link, shelf, clock=brace.status.now_ms, exchanges=1, run=virtual_time.inline)


async def heard(central: Central) -> int:
    return len(await BleakScanner.discover(3, backend=central.scanner))


def interval_ms(brace: Brace) -> list[float]:
    """What the controller was told, of every advertisement that is on."""
    radio = brace.air._radio
    assert radio is not None
    on = [one for one in radio.advertising_sets.values() if one.enabled]
    return [one.parameters.primary_advertising_interval_min * HCI_UNIT_MS for one in on if one.parameters]


def test_off_is_silent_and_a_bonded_host_comes_back_after_it() -> None:
    async def story() -> None:
        async with in_the_air(strides=300, timing=Timing(30, 6)) as (brace, central, backend):
            shelf = Shelf()
            await sync(brace, backend, shelf)
            assert not brace.radio.pairing_open
            for pace in (SLOW, FAST, SLOW):
                brace.radio.pace(OFF)
                await asyncio.sleep(1)
                assert (brace.radio.off, brace.air.active(), await heard(central)) == (True, False, 0)
                brace.walk(30)
                brace.radio.pace(pace)
                await asyncio.sleep(1)
                assert (brace.radio.off, await heard(central)) == (False, 1)
                await sync(brace, backend, shelf)
                assert len(shelf.held) == brace.journal.next
            assert (brace.radio.failures, brace.air.dead) == (0, False)

    virtual_time.run(story())


def test_off_in_the_middle_of_a_command_fails_nothing() -> None:
    """The answer that was on its way finds nobody: in a demo its traceback would stand among the figures."""
    failed: list[dict[str, Any]] = []

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
        async with in_the_air(strides=1) as (brace, _, _):
            radio = brace.air._radio
            assert radio is not None
            answer = radio.send_hci_packet

            def answer_and_go_off(packet: hci.HCI_Packet) -> None:
                answer(packet)
                brace.air.active(False)

            radio.send_hci_packet = answer_and_go_off  # type: ignore[method-assign]
            brace.air.gap_advertise(None)
            await asyncio.sleep(1)
            assert not brace.air.active()

    virtual_time.run(story())
    assert failed == []


def test_what_is_protected_is_empty_after_off() -> None:
    async def story() -> None:
        async with in_the_air(strides=10) as (brace, _, backend):
            await sync(brace, backend, Shelf())
            brace.radio.pace(OFF)
            await asyncio.sleep(1)
            brace.radio.pace(SLOW)
            await asyncio.sleep(1)
            protected = (brace.radio._info, brace.radio._battery, brace.radio._time)
            assert [brace.air.gatts_read(one) for one in protected] == [b"", b"", b""]

    virtual_time.run(story())


def test_the_interval_is_the_one_asked_for() -> None:
    async def story() -> None:
        async with in_the_air(strides=1) as (brace, _, _):
            brace.radio.intervals(1000, 125)
            await asyncio.sleep(1)
            assert interval_ms(brace) == [125]  # the pairing window is open: somebody is waiting
            await asyncio.sleep(60)
            assert interval_ms(brace) == [1000]
            for pace, interval in ((FAST, 125), (SLOW, 1000), (FAST, 125)):
                brace.radio.pace(pace)
                await asyncio.sleep(0.1)
                assert interval_ms(brace) == [interval]

    virtual_time.run(story())


def test_a_pairing_window_opens_the_air_from_off() -> None:
    async def story() -> None:
        async with in_the_air(strides=20) as (brace, central, backend):
            brace.radio.pace(OFF)
            await asyncio.sleep(61)
            assert brace.radio.off
            brace.radio.open_pairing()
            shelf = Shelf()
            await sync(brace, backend, shelf)
            assert len(shelf.held) == brace.journal.next
            await asyncio.sleep(1)
            assert (brace.radio.off, await heard(central)) == (True, 0)  # one press, one host, and off as before

    virtual_time.run(story())


def test_off_lets_a_report_end() -> None:
    async def story() -> None:
        async with in_the_air(strides=6000, timing=Timing(30, 2)) as (brace, _, backend):
            shelf = Shelf()
            task = asyncio.ensure_future(sync(brace, backend, shelf))
            await asyncio.sleep(3)
            assert brace.radio.connected
            brace.radio.pace(OFF)
            await task
            assert len(shelf.held) == brace.journal.next
            await asyncio.sleep(1)
            assert brace.radio.off

    virtual_time.run(story())


def test_off_waits_half_a_minute_for_a_host_that_asks_nothing() -> None:
    async def story() -> None:
        async with (
            in_the_air(strides=10) as (brace, _, backend),
            BleLink(await find(backend=backend), brace.status.now_ms, backend) as link,
        ):
            await link.request(gatt.COUNT, 0)
            brace.radio.pace(OFF)
            await asyncio.sleep(SILENT_MS / 1000 - 1)
            await link.request(gatt.COUNT, 0)
            await asyncio.sleep(SILENT_MS / 1000 - 1)
            assert (brace.radio.off, brace.radio.connected) == (False, True)
            await asyncio.sleep(2)
            assert (brace.radio.off, brace.radio.connected) == (True, False)

    virtual_time.run(story())


def test_a_radio_that_went_deaf_is_started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by an exception in an interrupt: the stack tells nothing more, and advertises on."""
    monkeypatch.setattr(radio, "RENEW_MS", 5000)

    async def story() -> None:
        async with in_the_air(strides=10) as (brace, _, backend):
            shelf = Shelf()
            await sync(brace, backend, shelf)
            await asyncio.sleep(1)
            brace.air._handler = None
            brace.walk(5)
            await asyncio.sleep(6)
            await sync(brace, backend, shelf)
            assert len(shelf.held) == brace.journal.next

    virtual_time.run(story())


def test_a_stack_that_does_not_start_or_stop_is_asked_again_each_second() -> None:
    board = Board()
    board.bluetooth.refuse = [5]
    board.radio.pace(OFF)
    board.poll()
    assert (board.radio.off, board.radio.failures) == (False, 1), "nobody may sleep on it"
    board.poll(500)
    assert board.bluetooth.on is True
    board.poll(500)
    assert (board.radio.off, board.bluetooth.on) == (True, False)
    board.bluetooth.refuse = [5]
    board.radio.pace(SLOW)
    board.poll(10)
    assert (board.radio.off, len(board.bluetooth.advertised)) == (False, 1)
    board.poll(1000)
    assert (board.bluetooth.on, len(board.bluetooth.advertised)) == (True, 2)
