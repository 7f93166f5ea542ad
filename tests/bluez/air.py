"""What is on the air: the controller under the guest's BlueZ and a brace that walks beside it, both on one Bumble link.

A line asks for what a hand or a bad day does to a brace; a line answers. BlueZ and the collector know nothing of it.
"""

import asyncio
import base64
import contextlib
import itertools
import random
from typing import Any

from bumble import hci

from talus.peer import OUR_SECRET
from talus.wire import kinds
from talus_twin.alive import LiveBrace, strolls
from talus_twin.board.files import MemoryFiles
from talus_twin.board.wearing import stream_of
from talus_twin.body.history import Course
from talus_twin.radio.ether import Ether, Radio

ADAPTER = "F0:0D:00:00:00:01"
STRIDE = kinds.BY_NAME["stride"]
WALK_S = 30.0


class Adapter(Radio):
    """The controller below BlueZ: one with a public address, and without two features Bumble does not do right.

    It claims LL privacy and extended advertising, but tells a connection by the event of older controllers; the
    kernel then waits for the newer event and gives up (google/bumble issue 841). A controller that has neither
    feature is an ordinary one of Bluetooth 4.2.
    """

    def __init__(self, ether: Ether, source: Any, sink: Any) -> None:
        super().__init__("adapter", ether, ADAPTER)
        self.le_features &= ~(hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING)
        self.host = sink
        source.set_packet_sink(self)

    @property
    def random_address(self) -> hci.Address:
        """Bumble's link names every sender by it, also one that connects with its public address, as BlueZ does."""
        return self.public_address

    @random_address.setter
    def random_address(self, _: hci.Address) -> None:
        """BlueZ makes a new one for each scan; nothing on this link asks for it."""


class Air:
    """What the lines on the socket do."""

    def __init__(self, ether: Ether) -> None:
        self._ether = ether
        self._files = MemoryFiles()
        course = Course(0)
        self._sites = course.sites
        self._life = itertools.repeat(next(strolls(course.person, WALK_S, 82.0, 1)))
        self._chance = random.Random(1)
        self._tasks: list[asyncio.Task[None]] = []
        self.brace: LiveBrace | None = None

    async def on(self) -> str:
        self.brace = LiveBrace(self._ether, self._files, self._life, "left", self._sites)
        self.brace.start()
        self._tasks = [asyncio.create_task(one) for one in (self.brace.keep_pace(), self._keep_loud(self.brace))]
        return f"boot {self.brace.app.boot}"

    @staticmethod
    async def _keep_loud(brace: LiveBrace) -> None:
        """As a charger does: else its radio is off but for half a minute now and then, and each scan would wait."""
        while True:
            brace.app._resting.power.gesture(brace.app.now_ms())
            await asyncio.sleep(1)

    async def off(self) -> str:
        """The power is gone, without a word to anybody."""
        assert self.brace
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.brace.air.unplug()
        self.brace = None
        return "off"

    async def press(self) -> str:
        """The button, until the pairing window is open."""
        assert self.brace
        await self.brace.invite()
        return "pairing"

    async def close(self) -> str:
        """The pairing window, before its minute is over."""
        assert self.brace
        self.brace.app.radio._pairing_until = 0
        while self.brace.app.radio.pairing_open:
            await asyncio.sleep(0.02)
        return "closed"

    async def forget(self) -> str:
        assert self.brace
        self.brace.app.radio.forget()
        return "forgotten"

    async def hosts(self) -> str:
        """How many computers it knows, once what is connected has gone."""
        assert self.brace
        while self.brace.app.radio.connected:
            await asyncio.sleep(0.02)
        return str(sum(kind == OUR_SECRET for kind, _ in self.brace.app.radio._bonds._secrets))

    async def cut(self) -> str:
        """Out of range, and back."""
        assert self.brace
        self.brace.air.cut()
        return "cut"

    async def walk(self, strides: str) -> str:
        """So many stride records more, flushed: a day's worth takes a day otherwise."""
        assert self.brace
        journal = self.brace.app.journal
        for _ in range(int(strides)):
            values = [self._chance.randrange(0, 30000) for _ in STRIDE.fields]
            journal.append(STRIDE, self.brace.app.now_ms(), values)
        journal.flush()
        return str(journal.next)

    async def truth(self) -> str:
        """How far the journal was acknowledged, and its own bytes."""
        assert self.brace
        journal = self.brace.app.journal
        return f"{journal.acknowledged} {base64.b64encode(stream_of(journal)).decode()}"

    async def state(self) -> str:
        assert self.brace
        radio = self.brace.app.radio
        return f"connected={radio.connected} authorised={radio.authorised} failures={radio.failures}"

    async def obey(self, line: str) -> str:
        verb, *rest = line.split()
        try:
            return str(await getattr(self, verb)(*rest))
        except Exception as error:  # whatever it is, the guest must hear of it
            return f"failed: {error!r}"
