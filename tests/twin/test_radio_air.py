"""The virtual radio as bleak sees it: what is said in the air, what is refused, what a small pool and slow link do."""

import asyncio
import contextlib
import random
import time
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_16
from bumble.hci import HCI_LE_Set_Advertising_Enable_Command
from bumble.keys import MemoryKeyStore
from firmware.radio_story import MALFORMED
from twin.a_brace import ADDRESS, Brace, Shelf, in_the_air

from talus.radio import GET_SECRET, SET_SECRET
from talus.wire import gatt
from talus_host.collect import collect
from talus_host.errors import NotPairedError, RoadError
from talus_host.link.ble import Backend, BleLink, find
from talus_twin.radio import virtual_time
from talus_twin.radio.bluetooth import TwinBluetooth
from talus_twin.radio.central import Central, pairing_config
from talus_twin.radio.ether import Ether, Timing

pytestmark = pytest.mark.brace
PROTECTED = (gatt.INFO, normalize_uuid_16(gatt.BATTERY_LEVEL), normalize_uuid_16(gatt.CURRENT_TIME))
OPEN = (gatt.MANUFACTURER, gatt.MODEL, gatt.FIRMWARE_REVISION)
INSUFFICIENT_AUTHENTICATION = 5
RECONNECTS = 100


def utc_ms() -> int:
    return int(time.time() * 1000)


async def sync(backend: Backend, shelf: Shelf) -> float:
    """Bytes a second of the sync itself."""
    async with BleLink(await find(backend=backend, seconds=5), utc_ms, backend) as link:
        began = time.perf_counter()
        done = await collect(link, shelf, clock=utc_ms, exchanges=4)
        return done.octets / (time.perf_counter() - began)


def test_what_is_said_in_the_air_names_nobody() -> None:
    async def story() -> None:
        async with in_the_air(strides=1) as (_, central, _):
            heard = await BleakScanner.discover(0.3, return_adv=True, backend=central.scanner)
            ((device, data),) = heard.values()
            assert device.address == ADDRESS
            assert data.local_name == "Talus"
            assert data.service_uuids == [gatt.SERVICE]
            assert (data.manufacturer_data, data.service_data) == ({}, {})

    asyncio.run(story())


def test_every_protected_characteristic_is_refused_before_pairing() -> None:
    async def story() -> None:
        async with (
            in_the_air(strides=1) as (brace, central, backend),
            BleakClient((await find(backend=backend)).device, backend=central.client) as client,
        ):
            for uuid in OPEN:
                assert await client.read_gatt_char(normalize_uuid_16(uuid))
            for uuid in PROTECTED:
                with pytest.raises(BleakGATTProtocolError) as refused:
                    await client.read_gatt_char(uuid)
                assert refused.value.code == INSUFFICIENT_AUTHENTICATION
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.write_gatt_char(gatt.CONTROL, gatt.request(gatt.REPORT, 0), response=True)
            assert refused.value.code == INSUFFICIENT_AUTHENTICATION
            uuids = {one.uuid for service in client.services for one in service.characteristics}
            assert not any("2a25" in uuid for uuid in uuids)  # no serial number
            await client.pair()
            await asyncio.sleep(0.05)
            for uuid in PROTECTED[:2]:
                assert await client.read_gatt_char(uuid)
            assert brace.radio.authorised

    asyncio.run(story())


def test_malformed_writes_are_answered() -> None:
    """The table of the firmware's own test, but with 64 records of another kind, through the air."""

    async def story() -> None:
        async with (
            in_the_air(strides=0) as (brace, central, backend),
            BleakClient((await find(backend=backend)).device, pair=True, backend=central.client) as client,
        ):
            brace.walk(64 - brace.journal.next)
            answers: asyncio.Queue[bytes] = asyncio.Queue()
            await client.start_notify(gatt.CONTROL, lambda _, data: answers.put_nowait(bytes(data)))
            for written, answer in MALFORMED:
                if written:  # bleak writes no empty value
                    await client.write_gatt_char(gatt.CONTROL, written, response=True)
                    got = await asyncio.wait_for(answers.get(), 5)
                    assert got == bytes.fromhex(answer), written.hex()
            assert (brace.radio.failures, brace.air.dead) == (0, False)

    asyncio.run(story())


@pytest.mark.inside("a real radio's supervision ends it")
def test_a_brace_that_falls_silent_as_it_is_connected_to_is_lost_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its radio's window closes while its last advertisement is on the way to the host."""

    async def story() -> None:
        async with in_the_air(strides=1) as (brace, central, backend):
            link = BleLink(await find(backend=backend), utc_ms, backend)
            radio = (await central.device()) and central.radio
            assert radio is not None
            hear = radio.on_ll_advertising_pdu

            def heard(packet: object) -> None:
                if radio.pending_le_connection is not None:
                    brace.air.active(False)
                hear(packet)

            monkeypatch.setattr(radio, "on_ll_advertising_pdu", heard)
            with pytest.raises(RoadError):
                async with asyncio.timeout(5):
                    await link.open()
            assert not brace.air.active() and not radio.le_connections

    asyncio.run(story())


@pytest.mark.inside("the pool of a real stack has the size it has")
@pytest.mark.parametrize("pool", [1, 3])
def test_a_pool_that_is_always_full_loses_nothing(pool: int) -> None:
    async def story() -> None:
        async with in_the_air(strides=3000) as (brace, _, backend):
            brace.air.pool = pool
            shelf = Shelf()
            await sync(backend, shelf)
            assert len(shelf.held) == brace.journal.next

    asyncio.run(story())


@pytest.mark.parametrize("timing", [Timing(15, 6), Timing(30, 6), Timing(30, 4), Timing(30, 1), Timing(60, 4)])
def test_a_timed_link_brings_it_all(timing: Timing, capsys: pytest.CaptureFixture[str]) -> None:
    """In virtual time: the link's own speed, whatever this machine's is."""

    async def story() -> None:
        loop = asyncio.get_running_loop()
        async with in_the_air(strides=6000, timing=timing) as (brace, _, backend):
            shelf = Shelf()
            found = await find(backend=backend, seconds=5)
            zero_ms = 1_760_000_000_000 - brace.status.now_ms()

            def clock() -> int:
                return zero_ms + brace.status.now_ms()

            async with BleLink(found, clock, backend) as link:
                began = loop.time()
                done = await collect(link, shelf, clock=clock, run=virtual_time.inline)
                rate = done.octets / (loop.time() - began)
            assert len(shelf.held) == brace.journal.next
            assert done.clock is not None
            assert abs(done.clock.utc_ms - done.clock.brace_ms - zero_ms) <= done.clock.uncertainty_ms
            limit = 244 * timing.packets / timing.interval_ms * 1000
            with capsys.disabled():
                print(
                    f"\n  {timing.interval_ms} ms, {timing.packets} packets an event: {rate / 1000:.1f} of "
                    f"{limit / 1000:.1f} kB/s with clock exchange, clock within {done.clock.uncertainty_ms} ms"
                )

    virtual_time.run(story())


def test_a_hundred_cuts_lose_nothing_and_double_nothing() -> None:
    """In virtual time, each sync cut somewhere else; what arrives is everything, once."""

    async def story() -> None:
        dice = random.Random(5)
        async with in_the_air(strides=3000, timing=Timing(15, 6)) as (brace, _, backend):
            shelf = Shelf()

            async def attempt() -> None:
                async with BleLink(await find(backend=backend, seconds=5), brace.status.now_ms, backend) as link:
                    await collect(link, shelf, clock=brace.status.now_ms, exchanges=1, run=virtual_time.inline)

            cuts = 0
            while cuts < RECONNECTS:
                task = asyncio.ensure_future(attempt())
                await asyncio.sleep(dice.uniform(0.05, 1.5))
                brace.air.cut()
                cuts += 1
                with contextlib.suppress(RoadError, NotPairedError):
                    await task
                brace.radio.open_pairing()
                brace.walk(3, seed=cuts)
            await attempt()
            assert len(shelf.held) == brace.journal.next
            assert (brace.radio.failures, brace.air.dead) == (0, False)

    virtual_time.run(story())


def test_a_stranger_with_a_known_address_gets_nothing_and_breaks_nothing() -> None:
    async def story() -> None:
        async with in_the_air(strides=100) as (brace, central, backend):
            shelf = Shelf()
            await sync(backend, shelf)
            await asyncio.sleep(0.1)  # what this host has is kept beside its bond
            kept = dict(brace.files.kept)["bonds"]
            await central.close()
            thief = Central(central.ether)  # the same address, none of the keys
            with pytest.raises(NotPairedError):
                await sync(Backend(thief.scanner, thief.client), Shelf())
            assert brace.files.kept["bonds"] == kept
            await thief.close()
            brace.walk(10)
            await sync(backend, shelf)  # the owner's bond still holds
            assert len(shelf.held) == brace.journal.next

    asyncio.run(story())


@pytest.mark.inside("its port can bond")
def test_a_port_without_bonding_serves_nothing() -> None:
    async def story() -> None:
        ether = Ether()
        central = Central(ether)
        brace = Brace(ether)
        brace.use(TwinBluetooth(ether, ADDRESS, bonding=False))
        brace.walk(10)
        async with brace:
            assert not brace.radio.secure
            brace.radio.open_pairing()
            with pytest.raises(NotPairedError):
                await sync(Backend(central.scanner, central.client), Shelf())
            assert not brace.radio.authorised
        await central.close()

    asyncio.run(story())


@pytest.mark.inside("it shows the module, not the brace")
def test_an_exception_that_leaves_the_interrupt_ends_ble_for_good() -> None:
    """What the firmware must never do, and what this `bluetooth` would then do, as MicroPython does."""

    async def story() -> None:
        ether = Ether()
        central = Central(ether)
        air = TwinBluetooth(ether, ADDRESS).BLE()
        heard = []

        def handler(event: int, _: object) -> None:
            if event in (GET_SECRET, SET_SECRET):  # of the stack's own, at its start
                return
            heard.append(event)
            raise RuntimeError("as if")

        air.irq(handler)
        air.active(True)
        air.gap_advertise(100_000, adv_data=b"\x02\x01\x06", resp_data=b"")
        async with BleakClient(ADDRESS, backend=central.client):
            pass
        await asyncio.sleep(0.05)
        assert (heard, air.dead) == ([1], True)
        air.unplug()
        await central.close()

    asyncio.run(story())


@pytest.mark.inside("it shows the air, not the brace")
def test_a_radio_that_is_off_says_nothing_though_a_command_was_on_its_way_to_it() -> None:
    async def heard(central: Central) -> list[str]:
        async with BleakScanner(backend=central.scanner) as scanner:
            await asyncio.sleep(0.3)
        return [one.address for one in scanner.discovered_devices]

    async def story() -> None:
        ether = Ether()
        central = Central(ether)
        radio, device = ether.join("brace", ADDRESS, MemoryKeyStore(), pairing_config)
        await device.power_on()
        await device.start_advertising(advertising_interval_min=20, advertising_interval_max=20)
        assert await heard(central) == [ADDRESS]
        ether.leave(radio)
        radio.on_packet(bytes(HCI_LE_Set_Advertising_Enable_Command(advertising_enable=1)))
        assert await heard(central) == []
        await central.close()

    asyncio.run(story())


@pytest.mark.inside("it shows the module, not the brace")
def test_the_module_errs_as_micropythons_does() -> None:
    async def story() -> None:
        bluetooth = TwinBluetooth(Ether(), ADDRESS)
        air = bluetooth.BLE()
        with pytest.raises(OSError):
            air.gap_advertise(1000)  # not active
        air.active(True)
        with pytest.raises(ValueError, match="unknown config param"):
            air.config(rxbuf=1024)
        with pytest.raises(OSError) as caught:
            air.gap_advertise(1000, adv_data=bytes(32))
        assert caught.value.args == (22,)
        with pytest.raises(OSError) as caught:
            air.gatts_notify(0x41, 3, b"x")
        assert caught.value.args == (-128,)
        assert air.gap_disconnect(0x41) is False
        assert bytes(bluetooth.UUID(0x180A)) == b"\x0a\x18"
        assert bytes(bluetooth.UUID(gatt.SERVICE))[-4:] == b"\x00\x00\x01\x00"
        ((handle,),) = air.gatts_register_services(((bluetooth.UUID(0x180A), ((bluetooth.UUID(0x2A24), 2),)),))
        air.gatts_write(handle, b"model")
        assert air.gatts_read(handle) == b"model"
        air.active(False)
        assert air.active() is False

    asyncio.run(story())


def test_bonds_of_the_computer_live_in_a_file_if_told(tmp_path: Path) -> None:
    async def story() -> None:
        async with in_the_air(strides=20) as (brace, central, _):
            path = tmp_path / "bonds.json"
            shelf = Shelf()
            for _ in range(2):
                computer = Central(central.ether, "C0:FF:EE:00:00:03", path)
                await sync(Backend(computer.scanner, computer.client), shelf)
                await computer.close()
            assert len(shelf.held) == brace.journal.next
            with pytest.raises(BleakError):
                async with BleakClient("D0:00:00:00:00:99", backend=central.client, timeout=0.2):
                    pass

    asyncio.run(story())
