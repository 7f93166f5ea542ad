"""A brace's side of pairing as NimBLE and MicroPython do it, including what they do badly.

There is no veto: whoever asks is paired with. A host that is known and pairs again makes the stack ask for
its old secret's deletion, over and over for as long as it still finds that secret. "Encrypted" is said
before the new secret is stored.
"""

import json
import struct
from collections.abc import Callable
from typing import Any

from bumble import hci
from bumble.device import Connection
from bumble.keys import KeyStore, PairingKeys
from bumble.pairing import PairingConfig, PairingDelegate

OUR_SECRET = 1
PEER_SECRET = 2
OUR_IRK = 10  # MicroPython's own kind: kept from the first start on, under this key
OUR_IRK_KEY = b"irk"
PAIRING_REQUEST = b"\x01"
HANGS_AFTER = 64

Get = Callable[[int, int, bytes | None], bytes | None]
Set = Callable[[int, bytes, bytes | None], bool]


class BoardHangs(RuntimeError):
    """On a board, NimBLE's task would now spin for ever and the watchdog would bite."""


def key_of(address: hci.Address) -> bytes:
    """NimBLE's name for a peer: address type, then the six octets, least significant first."""
    return struct.pack("<B", address.address_type & 1) + bytes(address)


class SecretStore(KeyStore):  # type: ignore[misc]
    """Bumble's key store, kept by the firmware through MicroPython's two secret events."""

    def __init__(self, get: Get, put: Set, before_storing: Callable[[hci.Address], bool]) -> None:
        self._get = get
        self._put = put
        self._before_storing = before_storing

    async def get(self, name: str) -> PairingKeys | None:
        secret = self._get(OUR_SECRET, 0, key_of(hci.Address(name)))
        return PairingKeys.from_dict(json.loads(bytes(secret))) if secret else None

    async def update(self, name: str, keys: PairingKeys) -> None:
        address = hci.Address(name)
        if not self._before_storing(address):
            return  # Bumble asks also where no bond was wanted
        secret = json.dumps(keys.to_dict()).encode()
        self._put(OUR_SECRET, key_of(address), secret)
        self._put(PEER_SECRET, key_of(address), secret)

    async def delete(self, name: str) -> None:
        for kind in (OUR_SECRET, PEER_SECRET):
            self._put(kind, key_of(hci.Address(name)), None)


class Delegate(PairingDelegate):  # type: ignore[misc]
    """Just Works, and NimBLE's answer to a known host that pairs again."""

    def __init__(
        self,
        connection: Connection,
        get: Get,
        put: Set,
        began: Callable[[int], None],
        hangs: Callable[[], None],
        able: bool,
    ) -> None:
        super().__init__(PairingDelegate.NO_OUTPUT_NO_INPUT)
        self._key = key_of(connection.peer_address)
        self._handle = connection.handle
        self._get = get
        self._put = put
        self._began = began
        self._hangs = hangs
        self._able = able

    async def accept(self) -> bool:
        if not self._able:
            return False
        self._began(self._handle)
        for _ in range(HANGS_AFTER):
            if self._get(PEER_SECRET, 0, self._key) is None:
                return True
            for kind in (OUR_SECRET, PEER_SECRET):
                self._put(kind, self._key, None)
        self._hangs()
        raise BoardHangs("the firmware refuses to delete a secret and still gives it out")


def ignore_what_is_no_pairing(manager: Any) -> None:
    """Of a pairing nobody asked for NimBLE hears nothing; Bumble answers, and two of them never end."""
    heard = manager.on_smp_pdu

    def on_smp_pdu(connection: Connection, pdu: bytes) -> None:
        if connection.handle in manager.sessions or pdu[:1] == PAIRING_REQUEST:
            heard(connection, pdu)

    manager.on_smp_pdu = on_smp_pdu


def pairing_config(able: bool, delegate: Any) -> PairingConfig:
    """LE Secure Connections with bonding and without MITM protection: a brace has no display."""
    return PairingConfig(
        sc=True,
        mitm=False,
        bonding=able,
        delegate=delegate,
        # Bumble hands out the public identity unless told: the bond would bear another name.
        identity_address_type=PairingConfig.AddressType.RANDOM,
    )
