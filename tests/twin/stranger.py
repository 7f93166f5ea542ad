"""What somebody does whom the brace does not know. Each says in a few words what came of it."""

import asyncio
import contextlib
from typing import Any

from bleak import BleakScanner
from bleak.exc import BleakError
from bumble import att, core
from bumble.pairing import PairingConfig
from twin.scene import (
    NAMES,
    OPEN,
    PAUSE_S,
    READABLE,
    SERIAL,
    SMP,
    TELLING,
    Scene,
    all_of,
    connection_of,
    handle_of,
    raw,
    said,
)

from talus.wire import gatt
from talus_twin.radio.central import Central

# -- a stranger, before any pairing ------------------------------------------------------------------


async def hears(scene: Scene) -> str:
    heard = await BleakScanner.discover(3, return_adv=True, backend=scene.backend.scanner)
    ours = [data for _, data in heard.values() if gatt.SERVICE in data.service_uuids]
    if not ours:
        return "nothing"
    data = ours[0]
    strange = set(data.service_uuids) - {gatt.SERVICE}
    return f"{data.local_name}, {len(strange) + len(data.manufacturer_data) + len(data.service_data)} more"


async def reads_names(scene: Scene) -> str:
    async with scene.joined() as client:
        name = bytes(await client.read_gatt_char(NAMES)).decode()
        device = [bytes(await client.read_gatt_char(one)).decode() for one in OPEN]
        serial = client.services.get_characteristic(SERIAL)
        version = device[2].replace(".", "").isdigit()
        return (
            f"{name}; {device[0]}, a model, {'a version' if version else device[2]}; {'a' if serial else 'no'} serial"
        )


async def renames(scene: Scene) -> str:
    async with scene.joined() as client:
        request = att.ATT_Write_Request(attribute_handle=handle_of(client, NAMES), attribute_value=b"Mallory")
        return await said(raw(client, request))


async def reads(scene: Scene) -> str:
    async with scene.joined() as client:
        return await all_of([client.read_gatt_char(one) for one in READABLE])


async def reads_by_type(scene: Scene) -> str:
    async with scene.joined() as client:
        kinds = [
            core.UUID(gatt.INFO),
            *(core.UUID.from_16_bits(one) for one in (gatt.BATTERY_LEVEL, gatt.CURRENT_TIME)),
        ]
        return await all_of([raw(client, att.ATT_Read_By_Type_Request(1, 0xFFFF, one)) for one in kinds])


async def reads_blob(scene: Scene) -> str:
    async with scene.joined() as client:
        handles = [handle_of(client, one) for one in READABLE]
        return await all_of([raw(client, att.ATT_Read_Blob_Request(one, 1)) for one in handles])


async def reads_multiple(scene: Scene) -> str:
    async with scene.joined() as client:
        handles = [handle_of(client, one) for one in READABLE]
        return await said(raw(client, att.ATT_Read_Multiple_Request(handles)))


async def writes(scene: Scene) -> str:
    async with scene.joined() as client:
        requests = [gatt.request(gatt.REPORT, 0), gatt.request(gatt.ACKNOWLEDGE, 1), b"", b"\xff" * 20]
        handle = handle_of(client, gatt.CONTROL)
        return await all_of([raw(client, att.ATT_Write_Request(handle, one)) for one in requests])


async def prepares_a_write(scene: Scene) -> str:
    async with scene.joined() as client:
        handle = handle_of(client, gatt.CONTROL)
        first = await said(raw(client, att.ATT_Prepare_Write_Request(handle, 0, gatt.request(gatt.REPORT, 0))))
        await said(raw(client, att.ATT_Execute_Write_Request(1)))
        return ("not taken" if first != "answered" else "taken") + ", " + scene.whole()


async def writes_blindly(scene: Scene) -> str:
    """Without response, each request many times, and listens on everything."""
    async with scene.joined() as client:
        for uuid in TELLING:
            with contextlib.suppress(BleakError):  # a stack may refuse a subscription; ours takes it and says nothing
                await client.start_notify(uuid, lambda _, data: scene.heard.put_nowait(("", bytes(data))))
        for _ in range(10):
            for request in (gatt.request(gatt.REPORT, 0), gatt.request(gatt.CREDIT, 8), gatt.request(gatt.COUNT, 0)):
                await client.write_gatt_char(gatt.CONTROL, request, response=False)
        return await scene.answer(2) + ", " + scene.whole()


async def sends_garbage(scene: Scene) -> str:
    """ATT and pairing packets that are none."""
    async with scene.joined() as client:
        connection = connection_of(client)
        for payload in (b"\x3f", b"\x02", b"\x08\x01", b"\xd2\x01\x00\xff", b"\x12", b"\x16\x00", b"\xff" * 60):
            connection.send_l2cap_pdu(att.ATT_CID, payload)
        for payload in (b"\x00", b"\x01", b"\x02\x00\x00", b"\x0c" + bytes(64), b"\x0d" + bytes(32), b"\xff", b"\x04"):
            connection.send_l2cap_pdu(SMP, payload)
        await asyncio.sleep(PAUSE_S)
    async with scene.joined() as client:
        return await said(client.read_gatt_char(OPEN[0])) + ", " + scene.whole()


# -- pairing where none is allowed --------------------------------------------------------------------


async def tries(scene: Scene, central: Central) -> list[str]:
    """Pair, then read what is protected; a link that is gone says so."""
    words = []
    try:
        async with scene.joined(central) as client:
            await said(client.pair())
            await asyncio.sleep(PAUSE_S)  # a brace that welcomed it would have something to read by now
            words += [await said(client.read_gatt_char(one)) for one in READABLE]
            await said(client.write_gatt_char(gatt.CONTROL, gatt.request(gatt.REPORT, 0), response=True))
            await asyncio.sleep(PAUSE_S)
            words.append("kept" if client.is_connected else "sent away")
    except (BleakError, core.BaseBumbleError):
        words.append("lost")
    return words


def gained(words: list[str]) -> str:
    return "something" if "answered" in words else "nothing"


async def pairs_uninvited(scene: Scene) -> str:
    async with scene.other() as stranger:
        first = await tries(scene, stranger)
        again = await tries(scene, stranger)  # with the key it may have kept
    left = "stayed" if "kept" in first else "sent away"
    return f"{gained(first)} and {left}, then {gained(again)}; {scene.brace.hosts()} hosts, {scene.whole()}"


async def reads_while_it_pairs(scene: Scene) -> str:
    """After the owner, whose values were there to read: a link is encrypted before it is judged."""
    await scene.bond_and_leave()
    words: list[str] = []
    async with scene.other() as stranger:
        with contextlib.suppress(BleakError, core.BaseBumbleError):
            async with scene.joined(stranger) as client:
                pairing = asyncio.ensure_future(said(client.pair()))
                while client.is_connected and len(words) < 2000:
                    words.append(await said(client.read_gatt_char(gatt.INFO)))
                await pairing
    return f"{gained(words)}; {scene.brace.hosts()} hosts, {scene.whole()}"


async def stays(scene: Scene) -> str:
    """Neither pairs nor asks."""
    async with scene.joined() as client:
        for seconds in range(40):
            if not client.is_connected:
                return "sent away" if seconds > 20 else f"sent away after {seconds} s"
            await asyncio.sleep(1)
    return "kept"


async def pairs_for_once(scene: Scene) -> str:
    """Inside the window, but without keeping a bond."""
    scene.brace.radio.open_pairing()
    async with scene.other() as stranger:
        (await stranger.device()).pairing_config_factory = unbonded
        first = await tries(scene, stranger)
    return f"{gained(first)}; {scene.brace.hosts()} hosts, {scene.whole()}"


def unbonded(_: Any) -> PairingConfig:
    return PairingConfig(sc=True, mitm=False, bonding=False, identity_address_type=PairingConfig.AddressType.RANDOM)
