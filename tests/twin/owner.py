"""What the bonded host does, and somebody who has its address. Each says in a few words what came of it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from bleak import BleakClient
from bleak.exc import BleakError
from bumble import att, core, hci
from firmware.radio_story import MALFORMED
from twin.scene import (
    OPEN,
    PAUSE_S,
    READABLE,
    Scene,
    all_of,
    connection_of,
    handle_of,
    raw,
    said,
)
from twin.stranger import gained, hears, tries, unbonded

from talus.bonds import HOSTS_MAX
from talus.radio import FAST, OFF
from talus.wire import gatt
from talus_twin.radio.central import Central

# -- somebody under a bonded host's address -----------------------------------------------------------


async def owner_returns(scene: Scene) -> str:
    """Without a window: reads, and is answered at the control point."""
    async with scene.joined() as client:
        await client.start_notify(gatt.CONTROL, lambda _, data: scene.heard.put_nowait(("", bytes(data))))
        for _ in range(60):
            if await said(client.read_gatt_char(gatt.INFO)) == "answered":
                return "owner welcome"
            await asyncio.sleep(0.05)
    return "owner shut out"


async def thief(scene: Scene, doing: Callable[[Scene, Central], Awaitable[str]]) -> str:
    await scene.bond_and_leave()
    assert scene.owner is not None
    address = scene.owner.address
    await scene.owner.close()
    async with scene.other(address) as other:
        came = await doing(scene, other)
    await asyncio.sleep(PAUSE_S)
    return f"{came}; {await owner_returns(scene)}, {scene.brace.hosts()} hosts, {scene.whole()}"


async def reads_as_owner(scene: Scene) -> str:
    async def doing(scene: Scene, central: Central) -> str:
        async with scene.joined(central) as client:
            return await all_of([client.read_gatt_char(one) for one in READABLE])

    return await thief(scene, doing)


async def pairs_as_owner(scene: Scene) -> str:
    async def doing(scene: Scene, central: Central) -> str:
        first = await tries(scene, central)
        return f"{gained(first)}, then {gained(await tries(scene, central))}"

    return await thief(scene, doing)


async def pairs_as_owner_for_once(scene: Scene) -> str:
    async def doing(scene: Scene, central: Central) -> str:
        (await central.device()).pairing_config_factory = unbonded
        return gained(await tries(scene, central))

    return await thief(scene, doing)


async def encrypts_with_a_wrong_key(scene: Scene) -> str:
    async def doing(scene: Scene, central: Central) -> str:
        async with scene.joined(central) as client:
            connection = connection_of(client)
            device = await central.device()
            command = hci.HCI_LE_Enable_Encryption_Command(
                connection_handle=connection.handle,
                random_number=bytes(8),
                encrypted_diversifier=0,
                long_term_key=b"guess" * 3 + b"!",
            )
            with contextlib.suppress(core.BaseBumbleError):
                await device.send_async_command(command)
            await asyncio.sleep(PAUSE_S)
            words = [await said(client.read_gatt_char(one)) for one in READABLE] if client.is_connected else ["lost"]
            return gained(words)

    return await thief(scene, doing)


# -- the bonded host --------------------------------------------------------------------------------------


async def restarts(scene: Scene) -> str:
    await scene.bond_and_leave()
    before = scene.brace.journal.boot
    await scene.brace.restart()
    return f"{await owner_returns(scene)}, {scene.brace.journal.boot - before} boot later"


async def returns_after_off(scene: Scene) -> str:
    """The radio loses its power and gets it again, three times, once with the owner on it."""
    await scene.bond_and_leave()
    words = []
    for _ in range(3):
        scene.brace.pace(OFF)
        await asyncio.sleep(2)
        off = await hears(scene)
        scene.brace.pace(FAST)
        words.append(f"{off}, {await owner_returns(scene)}")
        await asyncio.sleep(PAUSE_S)
    return f"{words[0] if len(set(words)) == 1 else words}; {scene.whole()}"


async def come_in_numbers(scene: Scene) -> str:
    """One host after the other bonds, one more than fit; the last is welcome, the first still known or not."""
    welcome = 0
    for number in range(HOSTS_MAX + 1):
        scene.brace.radio.open_pairing()
        async with scene.other(f"C0:FF:EE:00:01:{number:02X}") as one, scene.joined(one, pair=True) as client:
            for _ in range(60):
                if await said(client.read_gatt_char(gatt.INFO)) == "answered":
                    welcome += 1
                    break
                await asyncio.sleep(0.05)
        await asyncio.sleep(PAUSE_S)
    return f"{welcome} welcome, {scene.brace.hosts()} hosts, {scene.whole()}"


async def is_forgotten(scene: Scene) -> str:
    await scene.bond_and_leave()
    scene.brace.radio.forget()
    await asyncio.sleep(PAUSE_S)
    return f"{await owner_returns(scene)}, {scene.brace.hosts()} hosts"


async def is_kept_out(scene: Scene) -> str:
    """By a stranger that comes back as soon as it is sent away and says nothing."""
    await scene.bond_and_leave()
    loop, stays = asyncio.get_running_loop(), []
    async with scene.other() as stranger:
        for _ in range(4):
            async with scene.joined(stranger) as client:
                came = loop.time()
                while client.is_connected and loop.time() - came < 60:
                    await asyncio.sleep(0.25)
                stays.append(loop.time() - came)
    shorter = stays[0] > 20 and max(stays[2:]) < 10
    return f"{'less time each time' if shorter else stays}, {await owner_returns(scene)}"


async def leaves(scene: Scene) -> str:
    """What a stranger finds after the owner has read everything."""
    await scene.bond_and_leave()
    async with scene.other() as stranger, scene.joined(stranger) as client:
        return await all_of([client.read_gatt_char(one) for one in READABLE])


async def shuts_the_door(scene: Scene) -> str:
    async with scene.bonded(), scene.other() as stranger:
        try:
            async with scene.joined(stranger):
                return "a second host came in"
        except (BleakError, OSError, core.BaseBumbleError, Exception) as error:
            return type(error).__name__


async def writes_what_is_malformed(scene: Scene) -> str:
    async with scene.bonded() as client:
        for written, answer in MALFORMED:
            if answer[5:10] not in ("01 06", "81 01") and answer.startswith("06"):  # the rest depend on its records
                got = await scene.ask(client, written) if written else await ask_raw(scene, client, b"")
                if got != answer.replace(" ", ""):
                    return f"{written.hex()}: {got}"
        return "answered as the table says, " + scene.whole()


async def ask_raw(scene: Scene, client: BleakClient, value: bytes) -> str:
    await raw(client, att.ATT_Write_Request(handle_of(client, gatt.CONTROL), value))
    return await scene.answer()


async def writes_too_much(scene: Scene) -> str:
    """As long as the link takes it in one piece, and longer in prepared pieces."""
    async with scene.bonded() as client:
        words = []
        for value in (b"\x01\x03" + bytes(240), b"\xff" * 200):
            got = await said(raw(client, att.ATT_Write_Request(handle_of(client, gatt.CONTROL), value)))
            answer = await scene.answer(1)
            words.append("refused" if answer == "nothing" else f"result {answer[6:8]}" if got == "answered" else got)
        handle = handle_of(client, gatt.CONTROL)
        for at in range(0, 600, 200):
            await said(raw(client, att.ATT_Prepare_Write_Request(handle, at, bytes(200))))
        await said(raw(client, att.ATT_Execute_Write_Request(1)))
        with contextlib.suppress(TimeoutError):
            while True:
                await asyncio.wait_for(scene.heard.get(), 1)
        words.append("serves on" if await scene.ask(client, gatt.request(gatt.ABORT)) == ABORTED_NOTHING else "stuck")
        return ", ".join(words) + ", " + scene.whole()


ABORTED_NOTHING = "06000307" + "00" * 8


async def writes_where_none_may(scene: Scene) -> str:
    async with scene.bonded() as client:
        places = [handle_of(client, one) for one in (*READABLE, gatt.LOG, gatt.LIVE, *OPEN)]
        return await all_of([raw(client, att.ATT_Write_Request(one, b"\x00")) for one in places]) + ", " + scene.whole()


async def replays(scene: Scene) -> str:
    """Each request twice, out of order, and acknowledgements that go back."""
    async with scene.bonded() as client:
        end = scene.brace.journal.next
        clock = gatt.request(gatt.SET_CLOCK, 0, 0, 5, 400, 12)
        for request in (
            gatt.request(gatt.ABORT), gatt.request(gatt.ACKNOWLEDGE, end), gatt.request(gatt.ACKNOWLEDGE, 0),
            gatt.request(gatt.ACKNOWLEDGE, end), clock, clock, gatt.request(gatt.COMMIT_SETTINGS, 7),
            gatt.request(gatt.COMMIT_SETTINGS, 7), gatt.request(gatt.END_SET), gatt.request(gatt.END_SET),
        ):  # fmt: skip
            if await scene.ask(client, request) == "nothing":
                return f"{request.hex()}: no answer"
        kept = scene.brace.journal.acknowledged
        for _ in range(3):
            await client.write_gatt_char(gatt.CONTROL, gatt.request(gatt.REPORT, 0), response=True)
        aborted = await scene.ask(client, gatt.request(gatt.ABORT))
        again = await scene.ask(client, gatt.request(gatt.ABORT))
        went = "went back" if kept != end else "stands"
        return f"acknowledged {went}, result {aborted[6:8]} then {again[6:8]}, {scene.whole()}"


async def floods(scene: Scene) -> str:
    """More than the queue takes, without response; then one more that is answered."""
    async with scene.bonded() as client:
        for _ in range(60):
            await client.write_gatt_char(gatt.CONTROL, gatt.request(gatt.COUNT, 0), response=False)
        await asyncio.sleep(2)
        while not scene.heard.empty():
            scene.heard.get_nowait()
        answer = await scene.ask(client, gatt.request(gatt.ABORT))
        return ("serves on" if answer == ABORTED_NOTHING else answer) + ("" if not scene.brace.air.dead else ", dead")
