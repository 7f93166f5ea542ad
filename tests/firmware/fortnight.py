"""Two weeks of a brace through its chips and a real littlefs, with all that ends a boot, and a witness beside it.

What is reduced against a real fortnight, for the time it takes: the brace is worn some two hours a day and walked in
for a minute and a half; at night it is switched off, but for one. Nothing of the firmware is replaced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from talus.settings import Settings
from talus.wire import kinds
from talus_twin.board import brace, wearing
from talus_twin.board.flash import LittleFiles, NorFlash, PowerCut
from talus_twin.board.memory import Memory
from talus_twin.board.power import Bitten, Off, VirtualPower
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play

ZONE = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 5, 4, tzinfo=ZONE)
DAYS = 14
RATE_HZ, SLOW_HZ = 100, 2
SHIFTS_S = 180  # who sits still moves the foot that often
WALK_S = 45
BOOT_MS = 900  # from a reset to the program's first millisecond
FLASH_BYTES = 2 << 20
POWER_ON, WATCHDOG, SOFT = (kinds.RESET_CAUSES.index(name) for name in ("power_on", "watchdog", "soft_reset"))


@dataclass(frozen=True)
class Seen:
    """A record as it was handed to the journal: of which moment, when, and of which boot."""

    kind: str
    utc_ms: float
    told_ms: float
    boot: int
    values: tuple[Any, ...]


class Fortnight:
    """One brace, one leg, one flash; boots follow each other.

    seen: every record the journal took and no loss of power cost; cost: those that one did; strides_ms: when a true
    stride began with the brace on; worn_ms, on_ms: stretches of wear and of power; flushed: (when, records seen then).
    """

    def __init__(self) -> None:
        self.flash = NorFlash(FLASH_BYTES)
        self.memory = Memory()
        self.seen: list[Seen] = []
        self.cost: list[Seen] = []
        self.strides_ms: list[float] = []
        self.worn_ms: list[tuple[float, float]] = []
        self.on_ms: list[tuple[float, float]] = []
        self.flushed: list[tuple[float, int]] = []
        self.recovered = self.resets = self.cuts = 0
        first = play(Person("foot_drop_brace", seed=5), [Activity("off", 60)])
        self.build = brace.Build(alignment=first.imu_alignment)
        self.last = {name: int(column[0]) for name, column in first.columns.items()}
        self.seed = 0
        self.utc_ms = FIRST.timestamp() * 1000
        self.running = False

    # -- boots ----------------------------------------------------------------------------------------

    def start(self, cause: int = POWER_ON) -> None:
        self.flash.restore()
        self.board = board = brace.make(
            {name: [value] for name, value in self.last.items()},
            RATE_HZ,
            build=self.build,
            files=LittleFiles(self.flash),
        )
        self.flash.attach(board.clock)
        board.power = VirtualPower(board.clock, cause, memory=self.memory)
        board.power.imu = board.chips["imu"]
        self.boot_ms = self.utc_ms + BOOT_MS
        self.now_us = brace.START_US
        self.app = wearing.app_of(board, Settings(), None, {"gate": board.chips["encoder"]})
        self.recovered += self.app.journal.recovered
        self.app.journal.append = self._witnessed(self.app.journal.append)
        self.app.journal.flush = self._noted(self.app.journal.flush)
        self.running = True
        self.app.start()
        self.on_ms.append((self.boot_ms, self.boot_ms))

    def _witnessed(self, append: Callable[..., None]) -> Callable[..., None]:
        def witnessed(kind: kinds.Kind, time_ms: int, values: Any) -> None:
            append(kind, time_ms, values)
            seen = Seen(kind.name, self.boot_ms + time_ms, self.clock_ms(), self.app.journal.boot, tuple(values))
            self.seen.append(seen)

        return witnessed

    def _noted(self, flush: Callable[[], None]) -> Callable[[], None]:
        def noted() -> None:
            flush()
            self.flushed.append((self.clock_ms(), len(self.seen) - self.app.journal.pending))

        return noted

    def clock_ms(self) -> float:
        return float(self.boot_ms + self.board.clock.elapsed_us() / 1000)

    def ended(self, lost: bool = False) -> None:
        """The boot is over; lost: with the power, and what was in memory with it."""
        self.utc_ms = self.clock_ms()
        self.on_ms[-1] = self.on_ms[-1][0], self.utc_ms
        self.running = False
        if lost:
            self.memory.lose()
            self.cuts += 1
            pending = self.app.journal.pending
            if pending:
                self.cost += self.seen[-pending:]
                del self.seen[-pending:]

    def reset(self, cause: int = SOFT) -> None:
        self.ended()
        self.resets += 1
        self.start(cause)

    def reset_thrice(self) -> None:
        for _ in range(3):
            self.reset()

    def cut(self) -> None:
        """The power goes and comes back."""
        self.ended(lost=True)
        self.start()

    def bitten(self) -> None:
        """The loop hangs until the watchdog bites."""
        self.board.clock.spend(9_000_000)
        try:
            self.app.step()
        except Bitten:
            pass
        else:
            raise AssertionError("the watchdog slept")
        self.reset(WATCHDOG)

    def cut_in_a_flush(self) -> None:
        """The power goes inside a program or an erase of the next minute's flush."""
        self.flash.cut_after = 5
        held = list(self.seen)
        try:
            self.still(70)
        except PowerCut:
            # The frame that was torn is the minute that was not finished: nothing of it was flushed.
            self.ended(lost=True)
        else:
            raise AssertionError("nothing was written for a minute")
        assert len(held) >= len(self.seen) - len(self.cost)
        self.start()

    def switched_off(self) -> None:
        """By the gesture for shipping."""
        self.app._resting.power.asked = True
        self.still(3)
        assert not self.running

    def synced(self) -> None:
        """A host says the time."""
        self.app.on_set_clock(self.app.now_ms(), round(self.clock_ms()), 10)

    # -- life -----------------------------------------------------------------------------------------

    def _live(self, columns: dict[str, list[int]], rate_hz: int) -> None:
        self.last = {name: int(column[-1]) for name, column in columns.items()}
        try:
            self.now_us = wearing.live(self.board, self.app, columns, rate_hz, self.now_us)
        except Off:
            self.ended()

    def acts(self, *acts: Activity, event_s: float | None = None, event: Callable[[], None] | None = None) -> None:
        """Live through a scene; event: what happens at event_s of it, while the person goes on."""
        self.seed += 1
        scene = play(Person("foot_drop_brace", seed=self.seed), list(acts))
        columns = {name: column.tolist() for name, column in scene.columns.items()}
        parts = [(0, round(scene.duration_s * RATE_HZ))]
        if event_s is not None:
            parts = [(0, round(event_s * RATE_HZ)), (round(event_s * RATE_HZ), parts[0][1])]
        for index, (low, high) in enumerate(parts):
            if index and event is not None:
                event()
            if not self.running:
                return
            begun_ms = self.boot_ms + self.now_us / 1000 - low * 1000 / RATE_HZ
            part = {name: column[low:high] if len(column) > 1 else column for name, column in columns.items()}
            for start, end in zip(scene.truth.strides["start_s"], scene.truth.strides["end_s"], strict=True):
                if low <= start * RATE_HZ and end * RATE_HZ < high:
                    self.strides_ms.append(begun_ms + start * 1000)
            self._live(part, RATE_HZ)

    def still(self, seconds: float, shifts: bool = True) -> None:
        """Stay as the last scene ended; who wears it shifts the foot by some degrees now and then."""
        points = max(2, round(seconds * SLOW_HZ))
        columns = {name: [value] * points for name, value in self.last.items()}
        if shifts:
            by = np.arange(points) // (SHIFTS_S * SLOW_HZ) % 2
            columns["ankle_angle"] = (self.last["ankle_angle"] + 450 * by).tolist()
            columns["acc_x"] = (self.last["acc_x"] + 30 * by).tolist()
            rest = {name: self.last[name] for name in ("ankle_angle", "acc_x")}
        self._live(columns, SLOW_HZ)
        if shifts:
            self.last |= rest

    def until(self, day: int, hour: int, minute: int = 0, second: int = 0, shifts: bool = False) -> None:
        """Stay so, switched on or off, until that time of the wall."""
        moment = FIRST + timedelta(days=day, hours=hour, minutes=minute, seconds=second)
        at_ms = moment.replace(tzinfo=ZONE).astimezone(UTC).timestamp() * 1000
        if self.running:
            self.still((at_ms - self.boot_ms - self.now_us / 1000) / 1000, shifts)
        else:
            self.utc_ms = at_ms

    def walk(self, event_s: float | None = None, event: Callable[[], None] | None = None) -> None:
        stand = Activity("stand", 5)
        self.acts(stand, Activity("walk", WALK_S), stand, Activity("sit", 5), event_s=event_s, event=event)

    def don(self) -> None:
        self.donned_ms = self.boot_ms + self.now_us / 1000 + 18_000
        self.acts(Activity("don", 20), Activity("sit", 5))

    def doff(self) -> None:
        self.worn_ms.append((self.donned_ms, self.boot_ms + self.now_us / 1000 + 2_000))
        self.acts(Activity("doff", 20), Activity("off", 5))
        self.last["liner"] = self.last["reference"]  # it has cooled

    def day(self, day: int, event: Callable[[], None] | None = None, sitting: Callable[[], None] | None = None) -> None:
        """Switched on at eight, worn from a quarter past, two walks; event in the second, sitting behind it."""
        self.until(day, 8)
        self.start()
        self.until(day, 8, 15)
        self.don()
        self.walk()
        self.synced()
        self.still(3600)
        self.walk(25.0, event)
        if self.running:
            self.synced()
            self.still(1500)
        if self.running and sitting is not None:
            sitting()
            self.synced()
            self.still(1500)
        if self.running:
            self.doff()
            self.still(1200, shifts=False)
            self.switched_off()


def lived() -> Fortnight:
    """The fortnight. Sunday to Monday the brace stays on, and somebody walks through midnight."""
    life = Fortnight()
    life.day(0)
    life.day(1, event=life.reset)
    life.day(2, event=life.bitten, sitting=life.bitten)
    life.day(3, sitting=life.reset_thrice)
    life.day(4, event=lambda: life.ended(lost=True))  # the battery is flat in mid-step; found on Sunday
    life.worn_ms.append((life.donned_ms, life.utc_ms))
    life.last["liner"] = life.last["reference"]
    through_midnight(life, 6)
    life.day(7, sitting=life.cut_in_a_flush)
    life.day(8, event=life.cut)
    life.day(9, sitting=lambda: flat(life))
    for day in range(10, DAYS):
        life.day(day, event=life.reset if day % 2 else life.bitten)
    return life


def through_midnight(life: Fortnight, day: int) -> None:
    """On from nine in the evening, worn until one; a walk at midnight, cut by a reset a few steps behind it."""
    life.until(day, 21)
    life.start()
    life.synced()
    life.don()
    life.walk()
    life.until(day, 23, 59, 40, shifts=True)
    life.walk(28.0, life.reset)
    life.synced()
    life.until(day + 1, 1, shifts=True)
    life.doff()
    life.still(900, shifts=False)
    life.switched_off()


def flat(life: Fortnight) -> None:
    """The cell sinks below what a brace may take from it: it ends the boot itself, in order."""
    life.last["battery_mv"] = 3000
    life.still(300)
    assert not life.running, "a flat battery switches the brace off"
    life.worn_ms.append((life.donned_ms, life.utc_ms))
    life.last["battery_mv"] = 4100
    life.utc_ms += 3_600_000
    life.start()
    life.donned_ms = life.boot_ms
