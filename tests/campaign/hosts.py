"""Computers that collect: a virtual adapter whose notifications can be spoilt, a real database, a clock that jumps."""

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from campaign.tally import Tally
from campaign.world import World

from talus.wire import gatt
from talus_host.collect import Collected, collect
from talus_host.link.ble import Backend, BleLink, find
from talus_host.session import Record
from talus_host.store import Put, Store, schema
from talus_twin.radio import central, virtual_time

UTC0_MS = 1_780_000_000_000
PATIENT_S = 900  # of virtual time; a sync that takes longer hangs


class Killed(BaseException):
    """The host's process ends here, as by a signal nobody can catch."""


class Air:
    """What the next pieces, answers and requests will suffer, each so many times."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pieces: dict[str, int] = {}
        self.repeat_requests = 0
        self.repeat_answers = 0
        self.octets = 0
        self.struck: Callable[[str], None] = lambda _: None

    def spoil(self, data: bytes) -> list[bytes]:
        for fault, left in self.pieces.items():
            if left:
                self.pieces[fault] = left - 1
                self.struck(fault)
                return self._spoilt(fault, data)
        return [data]

    def _spoilt(self, fault: str, data: bytes) -> list[bytes]:
        if fault == "piece duplicated":
            return [data, data]
        if fault == "piece dropped":
            return []
        if fault == "piece cut short":
            return [data[: self.chance.randrange(len(data))]]
        spoilt = bytearray(data)
        for _ in range(self.chance.choice((1, 1, 8))):
            spoilt[self.chance.randrange(len(spoilt))] ^= 1 << self.chance.randrange(8)
        return [bytes(spoilt)]


class SpoiltClient(central.Client):
    """bleak's client over the virtual adapter, through an Air."""

    air: Air

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **kwargs: Any
    ) -> None:
        air, is_log = self.air, characteristic.uuid == gatt.LOG

        def hand_on(data: bytearray) -> None:
            if is_log:
                air.octets += len(data)
                for one in air.spoil(bytes(data)):
                    callback(bytearray(one))
                return
            callback(data)
            if air.repeat_answers:
                air.repeat_answers -= 1
                air.struck("answer repeated")
                callback(data)

        await super().start_notify(characteristic, hand_on, **kwargs)

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        await super().write_gatt_char(characteristic, data, response)
        if self.air.repeat_requests:
            self.air.repeat_requests -= 1
            self.air.struck("request repeated")
            await super().write_gatt_char(characteristic, data, response)


class Shelf:
    """The real store, and when the process that uses it is to die."""

    def __init__(self, path: Path, tally: Tally) -> None:
        self.store = Store(path)
        self.tally = tally
        self.die: str | None = None

    def first_missing(self, device: int, journal: int, first: int) -> int:
        return self.store.first_missing(device, journal, first)

    def put(self, info: Mapping[str, int], records: Iterable[Record], received_utc_ms: int) -> Put:
        if self.die == "host killed before a commit":
            raise Killed
        done = self.store.put(info, records, received_utc_ms)
        self.tally.received += done.received
        self.tally.commits += 1
        assert done.conflicts == 0, "one identity, two contents"
        if self.die == "host killed behind a commit":
            raise Killed
        return done

    def end_sync(self, device: int, received_utc_ms: int, link: Mapping[str, int | None]) -> None:
        self.store.end_sync(device, received_utc_ms, link)


class Host:
    """One computer. jump_ms: by how much its clock is wrong."""

    def __init__(self, number: int, world: World, path: Path, tally: Tally) -> None:
        self.world = world
        self.tally = tally
        self.path = path
        self.shelf = Shelf(path, tally)
        self.air = Air(world.chance)
        self.jump_ms = 0
        self.paired = False
        self.central = central.Central(world.ether, f"C0:FF:EE:00:00:{number:02X}")
        self.central.client = type("OneClient", (SpoiltClient,), {"central": self.central, "air": self.air})
        self.backend = Backend(self.central.scanner, self.central.client)
        self.link: BleLink | None = None
        self.talking: asyncio.Task[None] | None = None

    def utc_ms(self) -> int:
        return UTC0_MS + self.world.clock.ms() + self.jump_ms

    async def sync(self, packs: bool, batch: int = 4000) -> Collected:
        """One sync from the scan on. Raises TalusError, Killed."""
        world = self.world
        if not self.paired:
            (await world.up()).radio.open_pairing()
        self.tally.syncs += 1
        try:
            async with asyncio.timeout(PATIENT_S):
                found = await find(backend=self.backend, seconds=5)
                async with BleLink(found, self.utc_ms, self.backend) as link:
                    link._packs = packs
                    self.link, self.paired = link, True
                    done = await collect(
                        link, self.shelf, clock=self.utc_ms, exchanges=3, batch=batch, run=virtual_time.inline
                    )
                    self.tally.whole += 1
                    return done
        finally:
            self.link = None

    def records(self, device: int, journal: int) -> list[Record]:
        """What its database holds of one journal."""
        connection = sqlite3.connect(self.path)
        query = "SELECT sequence, boot, at_ms, kind, payload FROM record WHERE device = ? AND journal = ? ORDER BY 1"
        try:
            return [Record(*row) for row in connection.execute(query, (schema.signed(device), schema.signed(journal)))]
        finally:
            connection.close()
