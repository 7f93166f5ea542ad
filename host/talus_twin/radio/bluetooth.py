"""MicroPython's `bluetooth` module over a Bumble GATT server: same names, same errors, same order of events.

Calls return at once, as they do on a board; what takes the radio's time is done in turn behind them. Needs
a running event loop from BLE().active(True) on.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from bumble import att, core, hci
from bumble.device import Connection, Device
from bumble.gatt import GATT_DEVICE_NAME_CHARACTERISTIC, Characteristic, CharacteristicValue, Service

from talus_twin.radio.bonding import (
    OUR_IRK,
    OUR_IRK_KEY,
    PEER_SECRET,
    Delegate,
    SecretStore,
    ignore_what_is_no_pairing,
    key_of,
    pairing_config,
)
from talus_twin.radio.ether import CONTROLLER_PACKETS, Ether, Radio
from talus_twin.radio.permissions import guard

CONNECTED, DISCONNECTED, WRITTEN = 1, 2, 3
INDICATED, MTU_EXCHANGED, ENCRYPTED, GET_SECRET, SET_SECRET = 20, 21, 28, 29, 30
READ_ENCRYPTED, WRITE_ENCRYPTED = 0x0200, 0x1000
ENOMEM, ENODEV, EINVAL, ENOTCONN = 12, 19, 22, 128  # MicroPython's, whatever this machine's are
DEFAULT_BUFFER = 20
ADVERTISED_MAX = 31
KEY_OCTETS = 16

Handler = Callable[[int, tuple[Any, ...]], Any]


class UUID:
    """16-bit from an integer, 128-bit from text; bytes() gives it least significant octet first."""

    def __init__(self, value: int | str) -> None:
        self.bumble = core.UUID.from_16_bits(value) if isinstance(value, int) else core.UUID(value)

    def __bytes__(self) -> bytes:
        return bytes(self.bumble.to_bytes())


class TwinBluetooth:
    """What `import bluetooth` gives on a brace. One object is one board's radio."""

    FLAG_READ, FLAG_WRITE_NO_RESPONSE, FLAG_WRITE, FLAG_NOTIFY, FLAG_INDICATE = 0x02, 0x04, 0x08, 0x10, 0x20
    UUID: ClassVar[type[UUID]] = UUID

    def __init__(self, ether: Ether, address: str, bonding: bool = True) -> None:
        """bonding: whether this port can (ESP32 can, the Pico W's stock firmware cannot)."""
        self._ble = TwinBLE(ether, address, bonding)

    def BLE(self) -> "TwinBLE":
        return self._ble


class TwinBLE:
    """The one BLE object of a board."""

    def __init__(self, ether: Ether, address: str, bonding: bool) -> None:
        self.pool = CONTROLLER_PACKETS  # notifications in flight before ENOMEM; tests make it smaller
        self.dead = False  # an exception left the interrupt, or the stack hangs: no event will ever come again
        self._ether = ether
        self._address = address
        self._can_bond = bonding
        self._config: dict[str, Any] = {"mtu": 23, "bond": False, "gap_name": "MPY ESP32"}
        self._handler: Handler | None = None
        self._radio: Radio | None = None
        self._device: Device | None = None
        self._worker: asyncio.Task[None] | None = None
        self._work: asyncio.Queue[Callable[[], Awaitable[Any]]] = asyncio.Queue()
        self._indications: set[asyncio.Task[None]] = set()
        self._values: dict[int, bytes] = {}
        self._rooms: dict[int, tuple[int, bool]] = {}
        self._attributes: dict[int, Characteristic[bytes]] = {}
        self._flags: dict[int, int] = {}
        self._connections: dict[int, Connection] = {}
        self._pairing: set[int] = set()

    # -- the module's calls ---------------------------------------------------------------------

    def active(self, on: bool | None = None) -> bool:
        if on and self._device is None:
            self._switch_on()
        elif on is False and self._device is not None:
            self._switch_off()
        return self._device is not None

    def config(self, name: str | None = None, **values: Any) -> Any:
        if name == "mac":
            return 1, bytes(hci.Address(self._address))[::-1]
        if name is not None:
            return self._config[name]
        for key in values:
            if key in ("bond", "le_secure", "mitm", "io") and not self._can_bond:
                raise ValueError("unknown config param")
            if key == "rxbuf":
                raise ValueError("unknown config param")  # as on every port with synchronous events
        self._config.update(values)
        if self._device is not None:
            self._device.gatt_server.max_mtu = self._config["mtu"]
        return None

    def irq(self, handler: Handler | None) -> None:
        self._handler = handler
        self.dead = False

    def gap_advertise(
        self,
        interval_us: int | None,
        adv_data: bytes | None = None,
        *,
        resp_data: bytes | None = None,
        connectable: bool = True,
    ) -> None:
        device = self._must_be_on()
        if max(len(adv_data or b""), len(resp_data or b"")) > ADVERTISED_MAX:
            raise OSError(EINVAL)
        if interval_us is None:
            self._later(device.stop_advertising)
            return
        interval_ms = interval_us / 1000
        self._later(
            lambda: device.start_advertising(
                advertising_data=adv_data,
                scan_response_data=resp_data,
                advertising_interval_min=interval_ms,
                advertising_interval_max=interval_ms,
            )
        )

    def gap_disconnect(self, conn_handle: int) -> bool:
        connection = self._connections.get(conn_handle)
        if connection is None:
            return False
        self._later(connection.disconnect)
        return True

    def gap_pair(self, conn_handle: int) -> None:
        """A peripheral can only ask: the host decides."""
        self._must_be_on().request_pairing(self._must_know(conn_handle))

    def gatts_register_services(self, services: Any) -> tuple[tuple[int, ...], ...]:
        device = self._must_be_on()
        handles = []
        for service_uuid, characteristics in services:
            made = [self._characteristic(row[0], row[1]) for row in characteristics]
            device.add_service(Service(service_uuid.bumble, made))
            for one, row in zip(made, characteristics, strict=True):
                self._attributes[one.handle] = one
                self._flags[one.handle] = row[1]
                self._values[one.handle] = b""
            handles.append(tuple(one.handle for one in made))
        return tuple(handles)

    def gatts_read(self, value_handle: int) -> bytes:
        self._must_be_on()
        value = self._values[value_handle]
        if self._rooms.get(value_handle, (0, False))[1]:
            self._values[value_handle] = b""
        return value

    def gatts_write(self, value_handle: int, data: Any, send_update: bool = False) -> None:
        self._must_be_on()
        self._values[value_handle] = bytes(data)
        if send_update:
            for handle in self._connections:
                self.gatts_notify(handle, value_handle)

    def gatts_set_buffer(self, value_handle: int, length: int, append: bool = False) -> None:
        self._must_be_on()
        self._rooms[value_handle] = (length, append)

    def gatts_notify(self, conn_handle: int, value_handle: int, data: Any = None) -> None:
        connection = self._must_know(conn_handle)
        self._must_have_room()
        value = bytes(self._values[value_handle] if data is None else data)[: connection.att_mtu - 3]
        pdu = att.ATT_Handle_Value_Notification(attribute_handle=value_handle, attribute_value=value)
        self._must_be_on().gatt_server.send_gatt_pdu(connection, bytes(pdu))

    def gatts_indicate(self, conn_handle: int, value_handle: int, data: Any = None) -> None:
        connection = self._must_know(conn_handle)
        self._must_have_room()
        value = bytes(self._values[value_handle] if data is None else data)
        task = asyncio.get_running_loop().create_task(self._indicate(connection, value_handle, value))
        self._indications.add(task)
        task.add_done_callback(self._indications.discard)

    # -- power ----------------------------------------------------------------------------------

    def _switch_on(self) -> None:
        store = SecretStore(self._get_secret, self._set_secret, self._say_paired)
        self._radio, self._device = self._ether.join("brace", self._address, store, self._pairing_config)
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)
        ignore_what_is_no_pairing(self._device.smp_manager)
        guard(self._device.gatt_server, self._check)
        for one in self._device.gatt_server.attributes:
            if one.type == GATT_DEVICE_NAME_CHARACTERISTIC:
                one.value = CharacteristicValue(read=lambda _: str(self._config["gap_name"]).encode())
        if self._can_bond and self._get_secret(OUR_IRK, 0, OUR_IRK_KEY) is None:
            self._set_secret(OUR_IRK, OUR_IRK_KEY, secrets.token_bytes(16))
        self._worker = asyncio.get_running_loop().create_task(self._run_work())
        self._later(self._device.power_on)

    def unplug(self) -> None:
        """Power is gone."""
        self._handler = None
        self._switch_off()

    def _switch_off(self) -> None:
        """Every connection is lost, of which NimBLE says nothing any more, and every registration forgotten."""
        handler, self._handler = self._handler, None
        if self._radio is not None:
            self._ether.leave(self._radio)
        if self._worker is not None:
            self._worker.cancel()
        for task in self._indications:
            task.cancel()
        self._radio = self._device = self._worker = None
        self._work = asyncio.Queue()
        for forgotten in (self._connections, self._pairing, self._values, self._rooms, self._attributes, self._flags):
            forgotten.clear()
        self._handler = handler

    def cut(self) -> None:
        """The link is lost, as when someone walks away."""
        if self._radio is not None:
            self._ether.cut(self._radio)

    def _later(self, work: Callable[[], Awaitable[Any]]) -> None:
        self._work.put_nowait(work)

    async def _run_work(self) -> None:
        me = asyncio.current_task()
        while me and not me.cancelling():  # a stack's own waiting may swallow a cancellation
            work = await self._work.get()
            with contextlib.suppress(core.BaseBumbleError):  # a command that comes too late has no effect
                await work()

    # -- what the stack does --------------------------------------------------------------------

    def _fire(self, event: int, data: tuple[Any, ...]) -> Any:
        if self._handler is None:
            return None
        try:
            return self._handler(event, data)
        except Exception:
            self._handler = None
            self.dead = True
            return None

    def _hang(self) -> None:
        """The stack's task would spin for ever: nothing comes of it any more."""
        self._handler = None
        self.dead = True

    def _must_be_on(self) -> Device:
        if self._device is None:
            raise OSError(ENODEV)
        return self._device

    def _must_know(self, conn_handle: int) -> Connection:
        if conn_handle not in self._connections:
            raise OSError(-ENOTCONN)  # the sign is MicroPython's
        return self._connections[conn_handle]

    def _must_have_room(self) -> None:
        queue = self._must_be_on().host.le_acl_packet_queue
        if queue is not None and queue.pending >= self.pool:
            raise OSError(ENOMEM)

    def _characteristic(self, uuid: UUID, flags: int) -> Characteristic[bytes]:
        def read(connection: Connection) -> bytes:
            self._must_be_encrypted(connection, flags & READ_ENCRYPTED)  # read by its type it was not looked at before
            return self._values[made.handle]

        def write(connection: Connection, value: bytes) -> None:
            room, append = self._rooms.get(made.handle, (DEFAULT_BUFFER, False))
            before = self._values[made.handle] if append else b""
            self._values[made.handle] = (before + bytes(value))[:room]
            self._fire(WRITTEN, (connection.handle, made.handle))

        permissions = Characteristic.READABLE if flags & 0x02 else Characteristic.Permissions(0)
        if flags & 0x0C:
            permissions |= Characteristic.WRITEABLE
        properties = Characteristic.Properties(flags & 0xFF)
        made: Characteristic[bytes] = Characteristic(
            uuid.bumble, properties, permissions, CharacteristicValue(read=read, write=write)
        )
        return made

    def _check(self, connection: Connection, handle: int, writes: bool) -> None:
        self._must_be_encrypted(
            connection, self._flags.get(handle, 0) & (WRITE_ENCRYPTED if writes else READ_ENCRYPTED)
        )

    def _must_be_encrypted(self, connection: Connection | None, wanted: int) -> None:
        """Who is bonded is told to encrypt, who is not to pair."""
        if wanted and connection is not None and not connection.encryption:
            if self._get_secret(PEER_SECRET, 0, key_of(connection.peer_address)) is None:
                raise att.ATT_Error(att.ErrorCode.INSUFFICIENT_AUTHENTICATION)
            raise att.ATT_Error(att.ErrorCode.INSUFFICIENT_ENCRYPTION)

    async def _indicate(self, connection: Connection, value_handle: int, value: bytes) -> None:
        try:
            server = self._must_be_on().gatt_server
            await server.indicate_subscriber(connection, self._attributes[value_handle], value, force=True)
            status = 0
        except (TimeoutError, OSError):
            status = 1
        if connection.handle in self._connections:
            self._fire(INDICATED, (connection.handle, value_handle, status))

    # -- connections ----------------------------------------------------------------------------

    def _on_connection(self, connection: Connection) -> None:
        self._connections[connection.handle] = connection
        peer = (connection.peer_address.address_type & 1, memoryview(bytes(connection.peer_address)[::-1]))
        connection.on(Connection.EVENT_DISCONNECTION, lambda _: self._on_disconnection(connection, peer))
        connection.on(Connection.EVENT_CONNECTION_ENCRYPTION_CHANGE, lambda: self._on_encryption(connection))
        connection.on(Connection.EVENT_CONNECTION_ATT_MTU_UPDATE, lambda: self._on_mtu(connection))
        self._fire(CONNECTED, (connection.handle, *peer))

    def _on_disconnection(self, connection: Connection, peer: tuple[int, memoryview]) -> None:
        self._connections.pop(connection.handle, None)
        self._pairing.discard(connection.handle)
        for task in self._indications:
            task.cancel()
        self._fire(DISCONNECTED, (connection.handle, *peer))

    def _on_mtu(self, connection: Connection) -> None:
        self._fire(MTU_EXCHANGED, (connection.handle, connection.att_mtu))

    def _on_encryption(self, connection: Connection) -> None:
        if connection.handle not in self._pairing:  # a bond restored; of a new one NimBLE tells at its end
            self._fire(ENCRYPTED, (connection.handle, bool(connection.encryption), False, True, KEY_OCTETS))

    def _pairing_config(self, connection: Connection) -> Any:
        able = self._can_bond and bool(self._config["bond"])
        delegate = Delegate(connection, self._get_secret, self._set_secret, self._pairing.add, self._hang, able)
        return pairing_config(able, delegate)

    def _say_paired(self, address: hci.Address) -> bool:
        """Whether the keys are to be kept: both sides have to want a bond."""
        bonded = True
        for connection in self._connections.values():
            if connection.peer_address == address and connection.handle in self._pairing:
                self._pairing.discard(connection.handle)
                session = self._must_be_on().smp_manager.sessions.get(connection.handle)
                bonded = session is None or session.bonding
                self._fire(ENCRYPTED, (connection.handle, True, False, bonded, KEY_OCTETS))
        return bonded

    def _get_secret(self, kind: int, index: int, key: bytes | None) -> bytes | None:
        secret = self._fire(GET_SECRET, (kind, index, None if key is None else memoryview(key)))
        return None if secret is None else bytes(secret)

    def _set_secret(self, kind: int, key: bytes, secret: bytes | None) -> bool:
        return bool(self._fire(SET_SECRET, (kind, memoryview(key), None if secret is None else memoryview(secret))))
