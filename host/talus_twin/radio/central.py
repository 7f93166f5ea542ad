"""bleak's `backend=` over a Bumble device: ordinary bleak code scans, connects, pairs, reads and subscribes.

A computer's adapter in this process. What a platform keeps between runs (bonds) this keeps in a file, if told.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import core, hci
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.keys import JsonKeyStore, KeyStore, MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate

from talus_twin.radio.ether import Ether, Radio

HOST_MTU = 517  # what computers offer; the brace asks for less
UUID_LISTS = (0x02, 0x03, 0x04, 0x05, 0x06, 0x07)

T = TypeVar("T")


class Central:
    """One computer's Bluetooth adapter. `scanner` and `client` are bleak backends bound to it."""

    def __init__(self, ether: Ether, address: str = "C0:FF:EE:00:00:01", bonds: Path | None = None) -> None:
        self.ether = ether
        self.address = address
        self.keystore: KeyStore = JsonKeyStore(address, str(bonds)) if bonds else MemoryKeyStore()
        self.radio: Radio | None = None
        self._device: Device | None = None
        self.scanner: type[BaseBleakScanner] = type("BumbleScanner", (Scanner,), {"central": self})
        self.client: type[BaseBleakClient] = type("BumbleClient", (Client,), {"central": self})

    async def device(self) -> Device:
        """The Bumble device, switched on at first use."""
        if self._device is None:
            self.radio, self._device = self.ether.join("host", self.address, self.keystore, pairing_config)
            await self._device.power_on()
        return self._device

    async def close(self) -> None:
        if self.radio is not None:
            self.ether.leave(self.radio)
            await asyncio.sleep(0)
        self.radio = self._device = None


def pairing_config(_: Connection) -> PairingConfig:
    """Just Works with bonding; the bond bears the address the link uses."""
    delegate = PairingDelegate(PairingDelegate.NO_OUTPUT_NO_INPUT)
    identity = PairingConfig.AddressType.RANDOM
    return PairingConfig(sc=True, mitm=False, bonding=True, delegate=delegate, identity_address_type=identity)


class Scanner(BaseBleakScanner):
    """bleak's scanner over a Central."""

    central: ClassVar[Central]

    def __init__(self, detection_callback: Any, service_uuids: list[str] | None, _mode: str, **_: Any) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        device = await self.central.device()
        device.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        await device.start_scanning()

    async def stop(self) -> None:
        device = await self.central.device()
        device.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        await device.stop_scanning()

    def _on_advertisement(self, heard: Advertisement) -> None:
        uuids: list[str] = []
        for kind in UUID_LISTS:
            for found in heard.data.get_all(core.AdvertisingData.Type(kind)):  # type: ignore[call-overload]
                uuids += [long_uuid(one) for one in found if long_uuid(one) not in uuids]
        if not self.is_allowed_uuid(uuids):
            return
        name = heard.data.get(core.AdvertisingData.Type.COMPLETE_LOCAL_NAME)
        data = AdvertisementData(name, {}, {}, uuids, None, heard.rssi, (heard,))
        address = heard.address.to_string(False)
        device = self.create_or_update_device(address, address, name, heard.address, data)
        self.call_detection_callbacks(device, data)


class Client(BaseBleakClient):
    """bleak's client over a Central."""

    central: ClassVar[Central]

    def __init__(self, address_or_ble_device: BLEDevice | str, services: set[str] | None = None, **kwargs: Any) -> None:
        kwargs = {key: kwargs[key] for key in ("disconnected_callback", "timeout")}
        super().__init__(address_or_ble_device, **kwargs)
        if isinstance(address_or_ble_device, BLEDevice):  # heard: it is known whether the address is a public one
            self._brace = address_or_ble_device.details
        else:
            self._brace = hci.Address(address_or_ble_device)
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return self.address

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        device = await self.central.device()
        try:
            connection = await device.connect(self._brace, core.PhysicalTransport.LE, timeout=self._timeout)
            self._connection = connection
        except (core.TimeoutError, core.ConnectionError) as error:
            raise BleakDeviceNotFoundError(self.address, f"{self.address} did not answer") from error
        finally:
            if self._connection is None and self.central.radio is not None:
                self.central.radio.pending_le_connection = None  # given up, or cancelled while it was asked for
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        self._peer = Peer(connection)
        try:
            await self._restore_bond(connection)
            await self._ask(self._peer.request_mtu(HOST_MTU))
            await self._ask(self._peer.discover_services())
            self.services = await self._read_services(self._peer)
            if pair:
                await self.pair()
        except BaseException:
            await self.disconnect()
            raise

    async def _restore_bond(self, connection: Connection) -> None:
        """A platform encrypts a bonded link by itself; a brace that forgot the bond says no, and reads will."""
        if await self.central.keystore.get(str(connection.peer_address)) is None:
            return
        try:
            await self._ask(connection.encrypt())
        except BleakError:
            if self._connection is None:
                raise

    async def _read_services(self, peer: Peer) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in peer.services:
            ours = BleakGATTService(service, service.handle, long_uuid(service.uuid))
            found.add_service(ours)
            await self._ask(service.discover_characteristics())
            for one in service.characteristics:
                known = BleakGATTCharacteristic(
                    one, one.handle, long_uuid(one.uuid), names_of(one.properties), lambda: self.mtu_size - 3, ours
                )
                found.add_characteristic(known)
                await self._ask(one.discover_descriptors())
                for other in one.descriptors:
                    found.add_descriptor(BleakGATTDescriptor(other, other.handle, long_uuid(other.type), known))
        return found

    def _on_disconnection(self, _: int) -> None:
        self._connection = None
        self._peer = None
        self._subscribers.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(BleakError):  # it may be lost in the same moment
                await self._ask(self._connection.disconnect())

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """A platform that knows a bond does not pair again; unpair() first."""
        connection = self._must_be_connected()
        if await self.central.keystore.get(str(connection.peer_address)) is None:
            await self._ask(connection.pair())

    async def unpair(self) -> None:
        await self.central.keystore.delete(str(self._brace))

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        self._must_be_connected()
        return bytearray(await self._ask(characteristic.obj.read_value()))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        self._must_be_connected()
        return bytearray(await self._ask(descriptor.obj.read_value()))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        self._must_be_connected()
        await self._ask(characteristic.obj.write_value(bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        self._must_be_connected()
        await self._ask(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **kwargs: Any
    ) -> None:
        self._must_be_connected()

        def tell(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = tell
        await self._ask(characteristic.obj.subscribe(tell))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self._must_be_connected()
        await self._ask(characteristic.obj.unsubscribe(self._subscribers.pop(characteristic.handle, None)))

    def _must_be_connected(self) -> Connection:
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    async def _ask(self, work: Awaitable[T]) -> T:
        """Bumble's errors as bleak's. A request that a disconnection cut short is cancelled by Bumble, not by us."""
        task = asyncio.current_task()
        try:
            return await work
        except asyncio.CancelledError:
            if task is not None and task.cancelling():
                raise
            raise BleakError("disconnected") from None
        except core.ProtocolError as error:
            if error.error_namespace == "att":
                raise BleakGATTProtocolError(error.error_code) from error
            raise BleakError(str(error)) from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error) or type(error).__name__) from error


def long_uuid(uuid: core.UUID) -> str:
    """The 128-bit text bleak speaks."""
    return uuid.to_hex_str("-").lower() if len(uuid.uuid_bytes) == 16 else f"0000{uuid.to_hex_str().lower()}-{BASE}"


BASE = "0000-1000-8000-00805f9b34fb"
PROPERTIES = ((0x02, "read"), (0x04, "write-without-response"), (0x08, "write"), (0x10, "notify"), (0x20, "indicate"))


def names_of(properties: int) -> list[Any]:
    return [name for bit, name in PROPERTIES if properties & bit]
