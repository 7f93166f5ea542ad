"""Where a probe takes place: the brace, who may come, and words for what came of a request."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from typing import Any

from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_16
from bumble import att, core

from talus.wire import gatt
from talus_host.link.ble import Backend, find
from talus_twin.radio.central import Central

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
