"""The air between virtual radios: Bumble controllers on one link, of this process and for free.

Bumble forwards data at once and reports it sent at once. With an interval, a controller keeps each packet
until the next connection event and sends at most so many of them in one, as a real pair of radios does.
"""

import asyncio
import dataclasses
import math
from collections import deque
from collections.abc import Callable
from typing import Any

from bumble import hci, ll
from bumble.controller import Controller
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host
from bumble.keys import KeyStore
from bumble.link import LocalLink
from bumble.pairing import PairingConfig
from bumble.transport.common import AsyncPipeSink

from talus_twin.board.costs import Costs

COSTS: Any = Costs()
PACKET_OCTETS = 251  # data length extension: what ESP32 and every current adapter agree on
CONTROLLER_PACKETS = 12  # of NimBLE's default pool
ESTABLISHED_S = 0.18  # six connection intervals of 30 ms: after so many without an answer there is no connection


@dataclasses.dataclass(frozen=True)
class Timing:
    """A connection's clock: an event each `interval_ms`, at most `packets` in each direction in one event."""

    interval_ms: float = COSTS.connection_interval_ms
    packets: int = 6


class Radio(Controller):  # type: ignore[misc]
    """A Bumble controller that answers scans and, with a Timing, takes the time a radio takes."""

    le_acl_data_packet_length = PACKET_OCTETS
    total_num_le_acl_data_packets = CONTROLLER_PACKETS

    def __init__(self, name: str, ether: "Ether", public_address: str) -> None:
        super().__init__(name, link=ether.link, public_address=public_address)
        self._timing = ether.timing
        self._waiting: deque[hci.HCI_AclDataPacket] = deque()
        self._event: asyncio.TimerHandle | None = None
        self._number = 0
        self._off = False

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Bumble hands it to the host in the next turn of the loop, by when a radio may have been switched off."""
        asyncio.get_running_loop().call_soon(self._hand_up, bytes(packet))

    def _hand_up(self, packet: bytes) -> None:
        if self.host and not self._off:
            self.host.on_packet(packet)

    def send_advertising_pdu(self, packet: ll.AdvertisingPdu) -> None:
        """Bumble's link has no scan requests: the scan response travels with the advertisement."""
        if self._off:  # a command that was on its way when it was switched off has set it going again
            return
        if isinstance(packet, ll.AdvInd):
            packet = dataclasses.replace(packet, data=packet.data + self.le_legacy_advertiser.scan_response_data)
        elif isinstance(packet, ll.AdvExtInd):
            for one in self.advertising_sets.values():
                if one.address == packet.advertiser_address:
                    packet = dataclasses.replace(packet, data=bytes(one.data) + bytes(one.scan_response_data))
        super().send_advertising_pdu(packet)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        if self._timing is None:
            super().on_hci_acl_data_packet(packet)
            return
        self._waiting.append(packet)
        if self._event is None:
            self._plan(self._timing)

    def _plan(self, timing: Timing) -> None:
        """Events lie on one grid for all, so both directions share an event and an answer takes the next."""
        loop = asyncio.get_running_loop()
        interval_s = timing.interval_ms / 1000
        # A timer may fire a hair early, in the interval that is just ending: no number comes twice.
        self._number = max(self._number, math.floor(loop.time() / interval_s)) + 1
        self._event = loop.call_at(self._number * interval_s, self._on_event, timing)

    def _on_event(self, timing: Timing) -> None:
        self._event = None
        for _ in range(min(timing.packets, len(self._waiting))):
            packet = self._waiting.popleft()
            if self.find_connection_by_handle(packet.connection_handle) is not None:
                super().on_hci_acl_data_packet(packet)
        if self._waiting:
            self._plan(timing)

    def on_hci_le_create_connection_cancel_command(self, command: Any) -> hci.HCI_StatusReturnParameters:
        """Bumble says yes and goes on waiting: end the attempt, as a controller does, with an event."""
        pending: Any = self.pending_le_connection  # type: ignore[has-type]
        if pending is not None:
            peer = pending.peer_address
            self.pending_le_connection = None
            self.send_hci_packet(
                hci.HCI_LE_Connection_Complete_Event(
                    status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                    connection_handle=0,
                    role=hci.Role.CENTRAL,
                    peer_address_type=peer.address_type,
                    peer_address=peer,
                    connection_interval=0,
                    peripheral_latency=0,
                    supervision_timeout=0,
                    central_clock_accuracy=0,
                )
            )
        return super().on_hci_le_create_connection_cancel_command(command)

    def create_le_connection(self, peer_address: hci.Address) -> None:
        """Bumble believes at once in a peer that may have fallen silent with what is heard of it still on its way."""
        super().create_le_connection(peer_address)
        if (made := self.le_connections.get(peer_address)) is not None:
            asyncio.get_running_loop().call_later(ESTABLISHED_S, self._must_be_met, made)

    def _must_be_met(self, made: Any) -> None:
        others = [one for radio in self.link.controllers if radio is not self for one in radio.le_connections.values()]
        met = any(one.self_address == made.peer_address for one in others)
        if not met and self.le_connections.get(made.peer_address) is made:
            self.on_le_disconnected(made, hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR)

    def stop(self) -> None:
        """Say nothing more: no advertisement, no packet, nothing to the host above."""
        self._off = True
        self._waiting.clear()
        if self._event is not None:
            self._event.cancel()
            self._event = None
        self.le_legacy_advertiser.stop()
        for one in self.advertising_sets.values():
            one.stop()


class Link(LocalLink):  # type: ignore[misc]
    """Bumble's, where data come from the address the connection was made with: public ones are heard too."""

    def send_acl_data(
        self, sender_controller: Controller, destination_address: hci.Address, transport: Any, data: bytes
    ) -> None:
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is not None and receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)


class Ether:
    """Everyone within earshot of each other."""

    def __init__(self, timing: Timing | None = None) -> None:
        self.link = Link()
        self.timing = timing

    def join(
        self, name: str, address: str, keystore: KeyStore, pairing: Callable[[Any], PairingConfig]
    ) -> tuple[Radio, Device]:
        """A new radio and the host above it, switched off; `address` is a static random one (C0 or above)."""
        radio = self._radio(name, "00:00:00:00:00:00")
        config = DeviceConfiguration(name=name, address=hci.Address(address), irk=bytes(16))
        device = Device(config=config, host=self._host(radio))
        device.keystore = keystore
        device.pairing_config_factory = pairing
        return radio, device

    def close(self) -> None:
        """Nobody speaks in it any more."""

    def _radio(self, name: str, public_address: str) -> Radio:
        return Radio(name, self, public_address)

    def _host(self, radio: Radio) -> Host:
        return Host(radio, AsyncPipeSink(radio))

    def leave(self, radio: Radio) -> None:
        """A radio falls silent as by a power cut; those it spoke with notice."""
        self.cut(radio)
        radio.stop()
        if radio in self.link.controllers:
            self.link.remove_controller(radio)

    def cut(self, radio: Radio) -> None:
        """Every connection of this radio is lost, on both sides, as when someone walks away."""
        reason = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
        for connection in list(radio.le_connections.values()):
            for other in list(self.link.controllers):
                for theirs in list(other.le_connections.values()):
                    if other is not radio and theirs.peer_address == connection.self_address:
                        other.on_le_disconnected(theirs, reason)
            radio.on_le_disconnected(connection, reason)
