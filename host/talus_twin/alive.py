"""A brace alive in this process: the firmware's App on a virtual board, on the air, on a leg that goes on walking.

Its clock is virtual. It lives through a scene as fast as this machine can, or keeps pace with the wall while
somebody talks to it; scenes follow each other without a seam.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from talus import settings_file
from talus.wire import kinds
from talus_twin.board import brace, wearing
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play
from talus_twin.radio.bluetooth import TwinBluetooth
from talus_twin.radio.ether import Ether

ADDRESS = "D0:00:00:00:00:01"  # a static one: what an ESP32 with its public address is to a host
STEP_US = 1000 * kinds.SAMPLE_MS
BREATH_STEPS = 50  # passes between two turns of the event loop while catching up
LATE_STEPS = 60_000  # ten minutes behind the wall the brace lets the time go: the machine was asleep
PRESS_TICKS = 20
HEARD_S = 30  # of this machine: a press is heard within half a second of the brace's


@dataclass(frozen=True)
class Stretch:
    """What a leg does for a while: Leg columns of rate_hz points a second, and how the IMU was fitted."""

    columns: Mapping[str, Any]
    rate_hz: int
    imu_place: str
    imu_alignment: tuple[int, ...]

    @property
    def duration_us(self) -> int:
        return max(len(column) for column in self.columns.values()) * 1_000_000 // self.rate_hz


class Button:
    """A button a program presses: value() is 0 while it is down, as a pin to ground reads."""

    def __init__(self) -> None:
        self._left = 0

    def press(self, ticks: int = PRESS_TICKS) -> None:
        self._left = ticks

    def value(self) -> int:
        self._left = max(0, self._left - 1)
        return 0 if self._left else 1


def strolls(person: Person, seconds: float, battery_pct: float, seed: int) -> Iterator[Stretch]:
    """One person without end: standing, a walk of about `seconds` with turns, standing."""
    while True:
        acts = [Activity("stand", 12), Activity("walk", seconds, turn_every_s=30), Activity("stand", 8)]
        seed += 1
        scene = play(replace(person, seed=seed), acts, battery_pct=battery_pct)
        yield Stretch(scene.columns, scene.rate_hz, scene.person.imu_place, scene.imu_alignment)


class LiveBrace:
    """files: its flash; life: what it lives through, the last of it held; side, sites: as it was fitted; address: its
    own in this ether; seed: of what it draws by chance, its ids; None: nobody else's."""

    def __init__(
        self,
        ether: Ether,
        files: Any,
        life: Iterator[Stretch],
        side: str,
        sites: tuple[str, ...],
        *,
        address: str = ADDRESS,
        seed: int | None = None,
    ) -> None:
        self._life = life
        first = next(life)
        build = brace.Build(side, first.imu_place, sites, first.imu_alignment)
        self.board = brace.make(first.columns, first.rate_hz, build=build, files=files, seed=seed)
        self._ends_us: int | None = brace.START_US + first.duration_us
        self.button = Button()
        bluetooth = TwinBluetooth(ether, address)
        self.air = bluetooth.BLE()
        settings, _ = settings_file.load(self.board.files)
        self.app = wearing.app_of(self.board, settings, bluetooth, {"button": self.button})

    def start(self) -> None:
        """Power on. Needs a running event loop, as its radio does."""
        self.app.start()

    def stop(self) -> None:
        """Power off on purpose: what is in memory goes to flash, the radio falls silent."""
        self.app.stop()
        self.air.unplug()

    async def invite(self) -> None:
        """Press the button and wait until a new host may pair, while it keeps pace: one that asks before is sent away.

        Raises TimeoutError.
        """
        self.button.press()
        async with asyncio.timeout(HEARD_S):
            while not self.app.radio.pairing_open:
                await asyncio.sleep(STEP_US / 1e6)

    def _step(self) -> None:
        if self._ends_us and self.board.clock.elapsed_us() >= self._ends_us - wearing.AHEAD_US:
            following = next(self._life, None)
            if following:
                self.board.leg.load(self._ends_us, following.rate_hz, following.columns)
            self._ends_us = self._ends_us + following.duration_us if following else None
        self.board.power.horizon_us = self._ends_us and self._ends_us - wearing.AHEAD_US
        wearing.step(self.board, self.app)

    async def catch_up(self, seconds: float, step: Callable[[int, int], None] | None = None) -> None:
        """Live through so many seconds as fast as this machine can."""
        clock = self.board.clock
        begun = clock.elapsed_us()
        passes = lived = 0
        while lived < seconds * 1e6:
            self._step()
            lived = clock.elapsed_us() - begun
            if passes % BREATH_STEPS == 0:
                if step:
                    step(min(round(lived / 1e6), round(seconds)), round(seconds))
                await asyncio.sleep(0)
            passes += 1

    async def keep_pace(self) -> None:
        """Live at the wall's pace until cancelled."""
        loop = asyncio.get_running_loop()
        clock = self.board.clock
        ahead = clock.elapsed_us() - loop.time() * 1e6
        while True:
            behind = loop.time() * 1e6 + ahead - clock.elapsed_us()
            if behind > LATE_STEPS * STEP_US:
                ahead -= behind
                continue
            for _ in range(BREATH_STEPS):
                if loop.time() * 1e6 + ahead - clock.elapsed_us() < STEP_US:
                    break
                self._step()
                await asyncio.sleep(0)
            await asyncio.sleep(STEP_US / 2e6)
