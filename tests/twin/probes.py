"""What somebody with a radio may try on a brace, as rows: name, who does what, and the only right answer.

The same rows run against the twin's own `bluetooth`, against a MicroPython with NimBLE (`--brace=process`) and, where
one adapter can do them, against a brace in the air (`--brace=air`). A probe says in words what came of it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_16
from bumble import att, core, hci
from bumble.pairing import PairingConfig
from firmware.radio_story import MALFORMED

from talus.wire import gatt
from talus_host.link.ble import Backend, find
from talus_twin.radio.central import Central

Doing = Callable[["Scene"], Awaitable[str]]

READABLE = (gatt.INFO, normalize_uuid_16(gatt.BATTERY_LEVEL), normalize_uuid_16(gatt.CURRENT_TIME))
TELLING = (*READABLE, gatt.CONTROL, gatt.LOG, gatt.LIVE)
OPEN = tuple(normalize_uuid_16(one) for one in (gatt.MANUFACTURER, gatt.MODEL, gatt.FIRMWARE_REVISION))
NAMES = normalize_uuid_16(0x2A00)
SERIAL = normalize_uuid_16(0x2A25)
STRANGER = "C0:FF:EE:00:00:66"
SMP = 6
PAUSE_S = 0.5
REFUSALS = (5, 15)  # ATT: not authenticated, not encrypted


@dataclass
class Scene:
    """brace: as a_brace has it; owner: the computer that may bond; air: no second computer, no look inside."""

    brace: Any
    owner: Central | None
    backend: Backend
    heard: asyncio.Queue[tuple[str, bytes]] = field(default_factory=asyncio.Queue)

    @contextlib.asynccontextmanager
    async def joined(self, central: Central | None = None, pair: bool = False) -> AsyncIterator[BleakClient]:
        backend = self.backend if central is None else Backend(central.scanner, central.client)
        found = await find(backend=backend, seconds=15)
        async with BleakClient(found.device, pair=pair, backend=backend.client) as client:
            yield client

    @contextlib.asynccontextmanager
    async def bonded(self) -> AsyncIterator[BleakClient]:
        """The owner, welcome: paired at the first time, and ready for answers."""
        if not self.brace.hosts():
            self.brace.radio.open_pairing()
        async with self.joined(pair=True) as client:
            for _ in range(100):
                if await said(client.read_gatt_char(gatt.INFO)) == "answered":
                    break
                await asyncio.sleep(0.05)
            await client.start_notify(gatt.CONTROL, lambda _, data: self.heard.put_nowait(("control", bytes(data))))
            yield client

    @contextlib.asynccontextmanager
    async def other(self, address: str = STRANGER) -> AsyncIterator[Central]:
        assert self.owner is not None
        central = Central(self.owner.ether, address)
        try:
            yield central
        finally:
            await central.close()

    async def bond_and_leave(self) -> None:
        async with self.bonded():
            pass
        await asyncio.sleep(PAUSE_S)

    async def answer(self, seconds: float = 5) -> str:
        try:
            return (await asyncio.wait_for(self.heard.get(), seconds))[1].hex()
        except TimeoutError:
            return "nothing"

    async def ask(self, client: BleakClient, request: bytes) -> str:
        await client.write_gatt_char(gatt.CONTROL, request, response=True)
        return await self.answer()

    def whole(self) -> str:
        """Whether nothing gave way: no restart, no failed interrupt, nothing said on the console."""
        failures, dead = self.brace.radio.failures, self.brace.air.dead
        return "whole" if (failures, dead) == (0, False) else f"{failures} failures, dead: {dead}"


async def said(doing: Awaitable[Any]) -> str:
    """What came of one request: "answered" with something, "empty", "refused", an ATT error's number, or "lost"."""
    try:
        got = await asyncio.wait_for(doing, 10)
    except BleakGATTProtocolError as error:
        return "refused" if int(error.args[0]) in REFUSALS else f"error {int(error.args[0])}"
    except att.ATT_Error as error:
        return "refused" if int(error.error_code) in REFUSALS else f"error {int(error.error_code)}"
    except (BleakError, core.BaseBumbleError):
        return "lost"
    except TimeoutError:
        return "no answer"
    if isinstance(got, att.ATT_Error_Response):
        return "refused" if got.error_code in REFUSALS else f"error {int(got.error_code)}"
    return "empty" if isinstance(got, bytes | bytearray) and not got else "answered"


async def all_of(doings: list[Awaitable[Any]]) -> str:
    """One word where all say the same."""
    words = [await said(doing) for doing in doings]
    return words[0] if len(set(words)) == 1 else ", ".join(words)


def handle_of(client: BleakClient, uuid: str) -> int:
    found = client.services.get_characteristic(uuid)
    assert found is not None, uuid
    return found.handle


def raw(client: BleakClient, request: att.ATT_PDU) -> Awaitable[Any]:
    """An ATT request bleak has no words for."""
    return client._backend._peer.gatt_client.send_request(request)  # type: ignore[attr-defined,no-any-return]


def connection_of(client: BleakClient) -> Any:
    return client._backend._connection  # type: ignore[attr-defined]


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
    return f"{gained(first)}, then {gained(again)}; {scene.brace.hosts()} hosts, {scene.whole()}"


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


async def is_forgotten(scene: Scene) -> str:
    await scene.bond_and_leave()
    scene.brace.radio.forget()
    await asyncio.sleep(PAUSE_S)
    return f"{await owner_returns(scene)}, {scene.brace.hosts()} hosts"


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


# (name, who, what is done, the only right answer, whether one adapter without a look inside can do it)
PROBES: tuple[tuple[str, str, Doing, str, bool], ...] = (
    ("listens", "stranger", hears, "Talus, 0 more", True),
    ("reads names", "stranger", reads_names, "Talus; Talus, a model, a version; no serial", True),
    ("renames", "stranger", renames, "error 3", False),
    ("reads", "stranger", reads, "refused", True),
    ("reads by type", "stranger", reads_by_type, "refused", False),
    ("reads a later part", "stranger", reads_blob, "refused", False),
    ("reads several at once", "stranger", reads_multiple, "refused", False),
    ("writes", "stranger", writes, "refused", False),
    ("prepares a write", "stranger", prepares_a_write, "not taken, whole", False),
    ("subscribes and writes blindly", "stranger", writes_blindly, "nothing, whole", False),
    ("sends garbage", "stranger", sends_garbage, "answered, whole", False),
    ("stays and asks nothing", "stranger", stays, "sent away", True),
    ("pairs outside the window", "stranger", pairs_uninvited, "nothing, then nothing; 0 hosts, whole", False),
    ("pairs inside it without a bond", "stranger", pairs_for_once, "nothing; 0 hosts, whole", False),
    ("reads after the owner", "stranger", leaves, "refused", False),
    ("comes beside the owner", "stranger", shuts_the_door, "NoBraceError", False),
    ("reads", "owner's address", reads_as_owner, "refused; owner welcome, 1 hosts, whole", False),
    ("pairs anew", "owner's address", pairs_as_owner, "nothing, then nothing; owner welcome, 1 hosts, whole", False),
    ("pairs anew for once", "owner's address", pairs_as_owner_for_once, "nothing; owner welcome, 1 hosts, whole", False),
    ("guesses the key", "owner's address", encrypts_with_a_wrong_key, "nothing; owner welcome, 1 hosts, whole", False),
    ("returns after a restart", "owner", restarts, "owner welcome, 1 boot later", False),
    ("returns after the forget gesture", "owner", is_forgotten, "owner shut out, 0 hosts", False),
    ("writes what is malformed", "owner", writes_what_is_malformed, "answered as the table says, whole", False),
    ("writes too much", "owner", writes_too_much, "result 05, result 02, serves on, whole", False),
    ("writes where none may", "owner", writes_where_none_may, "error 3, whole", False),
    ("replays and goes back", "owner", replays, "acknowledged stands, result 01 then 07, whole", False),
    ("floods", "owner", floods, "serves on", False),
)  # fmt: skip
