"""The collector that goes on: it listens, and every brace heard that is due is synced in a task of its own.

A brace's trouble is its own: each has its own task, its own wait and its own word in the state. No connection is made
but to a brace heard in the listening just before. Cancelled, it lets every brace go, and a commit once begun is
finished first. Errors that are nobody's fault but ours are told and waited out, too: the others go on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from talus.wire import kinds
from talus_host import words
from talus_host.collect import Collected, Store, collect
from talus_host.errors import LinkLostError, TalusError
from talus_host.link import Link
from talus_host.link.ble import Found
from talus_host.service import health as state
from talus_host.service.health import BraceHealth, Health
from talus_host.service.log import Log
from talus_host.service.pace import WORTH_RECORDS, Pace, advice

UNKNOWN_BATTERY = 255
END_S = 60.0  # to let a brace go; a commit is waited for even so
CLOCK_STEP_MS = 2000.0  # beyond what an exchange over a bad link errs by
CLOCK_DRIFT = 0.01  # a brace in light sleep counts by a bad oscillator


class Ears(Protocol):
    """What hears braces and gives links to them: service.air.Air."""

    async def listen(self) -> list[Found]: ...

    def link(self, found: Found) -> Link: ...


class Watcher:
    """clock: UTC ms; chance: 0 to 1, at random; run: how a blocking call is made; alive: called each round."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        air: Ears,
        log: Log,
        *,
        clock: Callable[[], int],
        chance: Callable[[], float],
        pace: Pace,
        run: Callable[..., Awaitable[Any]] = asyncio.to_thread,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self.health = state.read(folder) or Health()
        self._folder, self._store, self._air, self._log = folder, store, air, log
        self._clock, self._chance, self._pace, self._run, self._alive = clock, chance, pace, run, alive
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._due_s: dict[str, float] = {}  # by the loop's clock, which nobody sets
        self._deaf = 0  # listenings in a row that failed
        self._kept_s = float("-inf")
        self._changed = True

    async def watch(self) -> None:
        """Until cancelled."""
        now_ms = self._clock()
        self.health.started_ms, self.health.stopped_ms, self.health.adapter = now_ms, None, None
        for one in self.health.braces.values():
            one.failures, one.next_try_ms = 0, None  # a person who starts it anew wants it tried now
        self._log.say("started", braces=len(self.health.known()))
        try:
            while True:
                wait_s = await self._round()
                await self._keep()
                self._alive()
                await asyncio.sleep(wait_s)
        finally:
            await self._end()

    async def _round(self) -> float:
        """Listen, begin what is due; seconds until the next round."""
        try:
            heard = await self._air.listen()
        except Exception as error:  # what a platform's Bluetooth raises has no list
            self._deaf += 1
            wait_s = self._pace.after(self._deaf, error, self._chance())
            says = in_words(error)
            self._changed = self._changed or self.health.adapter != says
            self.health.adapter = says
            told = {"error": type(error).__name__, "says": advice(error)}
            self._log.say("adapter_failed", **told, failures=self._deaf, next_try_s=round(wait_s, 1))
            return wait_s
        if self._deaf:
            self._deaf, self.health.adapter, self._changed = 0, None, True
            self._log.say("adapter_back")
        for found in heard:
            self._hear(found)
        return self._pace.pause_s

    def _hear(self, found: Found) -> None:
        key = self.health.hash_of(found.address)
        one = self.health.braces.setdefault(key, BraceHealth())
        one.seen_ms = self._clock()
        if key in self._busy or asyncio.get_running_loop().time() < self._due_s.get(key, 0.0):
            return
        self._log.say("heard", brace=self.health.shown(key), rssi_dbm=found.rssi)
        task = asyncio.create_task(self._sync(key, one, found))
        self._busy[key] = task
        task.add_done_callback(lambda _: self._busy.pop(key, None))

    async def _sync(self, key: str, one: BraceHealth, found: Found) -> None:
        """One brace once, whatever comes of it."""
        began_s, came = asyncio.get_running_loop().time(), 0

        def count(taken: int, _: int) -> None:
            nonlocal came
            came = taken

        try:
            async with asyncio.timeout(self._pace.sync_s), self._air.link(found) as link:
                done = await collect(link, self._store, clock=self._clock, progress=count, run=self._run)
        except TimeoutError:
            limit = LinkLostError(f"the sync took over {self._pace.sync_s:g} s: what had arrived is kept, try again")
            self._failed(key, one, limit, came, began_s)
        except Exception as error:  # a supervisor: what is wrong with one brace must not end the others
            self._failed(key, one, error, came, began_s)
        else:
            self._synced(key, one, done, began_s)

    # -- what came of it ----------------------------------------------------------------------------------------------

    def _synced(self, key: str, one: BraceHealth, done: Collected, began_s: float) -> None:
        info, now_ms = done.info, self._clock()
        self.health.braces[key] = one
        self.health.is_same(key, f"{info['device']:016x}")
        one.side = kinds.SIDES[info["side"]] if info["side"] < len(kinds.SIDES) else None
        one.battery_pct = None if info["battery"] == UNKNOWN_BATTERY else info["battery"]
        one.fault = fault_of(info["fault"], info["fault_reason"])
        one.synced_ms, one.failures = now_ms, 0
        one.records += done.records
        one.missing += done.missing
        self._compare_clocks(key, one, done)
        numbers = {
            "records": done.records,
            "clock_records": done.clocks,
            "duplicates": done.duplicates,
            "conflicts": done.conflicts,
        }
        within = done.clock.uncertainty_ms if done.clock else None
        self._log.say(
            "synced",
            brace=self.health.shown(key),
            **numbers,
            missing=done.missing,
            bytes=done.octets,
            seconds=self._since(began_s),
            battery_pct=one.battery_pct,
            clock_within_ms=within,
            next_try_s=self._wait(key, one, self._pace.again(self._chance())),
        )

    def _failed(self, key: str, one: BraceHealth, error: BaseException, came: int, began_s: float) -> None:
        one.failures = 1 if came >= WORTH_RECORDS else one.failures + 1
        kind = type(error).__name__
        one.error, one.error_kind, one.error_ms = in_words(error), kind, self._clock()
        self._log.say(
            "failed",
            brace=self.health.shown(key),
            error=kind,
            says=advice(error),
            records=came,
            seconds=self._since(began_s),
            failures=one.failures,
            next_try_s=self._wait(key, one, self._pace.after(one.failures, error, self._chance())),
        )

    def _wait(self, key: str, one: BraceHealth, seconds: float) -> float:
        self._due_s[key] = asyncio.get_running_loop().time() + seconds
        one.next_try_ms = self._clock() + round(seconds * 1000)
        self._changed = True
        return round(seconds, 1)

    @staticmethod
    def _since(began_s: float) -> float:
        return round(asyncio.get_running_loop().time() - began_s, 1)

    def _compare_clocks(self, key: str, one: BraceHealth, done: Collected) -> None:
        """Whether this computer's clock jumped since the last exchange with the same boot of this brace."""
        if done.clock is None:
            return
        now = [done.info["boot"], done.clock.brace_ms, done.clock.utc_ms]
        before, one.clock = one.clock, now
        if before is None or before[0] != now[0]:
            return
        passed_ms = now[1] - before[1]
        off_ms = now[2] - before[2] - passed_ms
        if abs(off_ms) > CLOCK_STEP_MS + CLOCK_DRIFT * abs(passed_ms):
            one.clock_moved_s, one.clock_moved_ms = off_ms / 1000, self._clock()
            self._log.say("clock_moved", brace=self.health.shown(key), by_s=round(off_ms / 1000, 1))

    # -- its own ------------------------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        """Write the state when it changed, or now and then for what was only heard."""
        now_s = asyncio.get_running_loop().time()
        if not self._changed and now_s < self._kept_s + self._pace.keep_s:
            return
        self._kept_s, self._changed = now_s, False
        self.health.beat_ms = self._clock()
        self.health.trim()
        self._due_s = {key: due_s for key, due_s in self._due_s.items() if key in self.health.braces}
        writing = asyncio.ensure_future(self._run(state.write, self._folder, state.text(self.health)))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])  # else it could replace what is written at the end
            raise
        except TalusError as error:  # the disk is full, say: the records matter more
            self._changed = True
            self._log.say("state_not_kept", error=type(error).__name__)

    async def _end(self) -> None:
        """Let every brace go; whoever cancels again waits likewise."""
        tasks = list(self._busy.values())
        self._log.say("stopping", syncing=len(tasks))
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=END_S)
        self.health.stopped_ms, self._changed = self._clock(), True
        await self._keep()
        self._log.say("stopped")


def in_words(error: BaseException) -> str:
    """An error for the state: ours say what to do, others at least what they are."""
    return str(error) if isinstance(error, TalusError) else f"{type(error).__name__}: {error}"


def fault_of(fault: int, reason: int) -> str | None:
    """Info's worst fault in plain words, None for none."""
    if not fault:
        return None
    if fault > len(kinds.SENSORS):
        return "a fault newer than this program"
    part = words.part(kinds.SENSORS[fault - 1])
    why = kinds.HEALTH_REASONS[reason] if reason < len(kinds.HEALTH_REASONS) else "newer than this program"
    return f"{part}: {words.REASONS.get(why, why)}"
