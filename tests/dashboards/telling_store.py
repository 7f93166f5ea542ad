"""A store with one person and their brace, served with a desk to them: what pages that take entries are tested with."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

from dashboards.visiting import TOKEN
from host.made_records import MINUTE_MS, Brace, utc_ms

from talus_dashboards.app import serve_async
from talus_dashboards.desk import Desk
from talus_dashboards.identity import PATIENT, Who
from talus_host.store import Store

ZONE = "Europe/Berlin"
BEGAN = utc_ms("2026-11-20T08:00:00", ZONE)
WORN_MIN = 180
OFF = BEGAN + WORN_MIN * MINUTE_MS  # 11:00 in Berlin
NOW_MS = OFF + 20 * MINUTE_MS
THEM = Who(PATIENT, "w", 1, "1", frozenset())


class Clock:
    """A now that a test moves."""

    def __init__(self, at_ms: int = NOW_MS) -> None:
        self.at_ms = at_ms

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)


def lived(path: Path, *, sides: tuple[str, ...] = ("left",), off: bool = True) -> Store:
    """One person with a brace a leg, worn since 8:00 and, if off, taken off at 11:00; synced at 11:15."""
    store = Store(path)
    store.add_person("Wearer 1", ZONE, 8.0)
    for number, side in enumerate(sides):
        brace = Brace(device=0xA1 + number, journal=0xB2 + number, side=number, boot_utc_ms=BEGAN)
        brace.add("boot", BEGAN, cause=0)
        brace.minutes(BEGAN, WORN_MIN, 1)
        if off:
            brace.minutes(OFF, 15, 0)
            brace.add("wear", OFF + 4 * MINUTE_MS, worn=0, edge_back=240)
        brace.clock(BEGAN + MINUTE_MS)
        brace.clock(OFF + 14 * MINUTE_MS)
        store.assign(brace.device, "1", side)
        store.put(brace.info(), brace.records, OFF + 15 * MINUTE_MS)
    return store


def told(store: Store) -> list[tuple[Any, ...]]:
    found = store.told("1")
    return sorted(found[["what", "side", "value", "told_by"]].itertuples(index=False, name=None))


class Served:
    """Pages over a store until they are closed."""

    def __init__(self, store: Store, clock: Callable[[], datetime], who: Who = THEM) -> None:
        said: Queue[str] = Queue()
        self._ready: Queue[Any] = Queue()

        async def run() -> None:
            stop = asyncio.Event()
            self._ready.put((asyncio.get_running_loop(), stop))
            given: dict[str, Any] = {"now": clock, "stopped": stop.wait, "who": who, "desk": Desk(store, clock)}
            await serve_async(store, port=0, token=TOKEN, announce=said.put, **given)

        self._thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
        self._thread.start()
        self.address = said.get(timeout=30)

    def close(self) -> None:
        loop, stop = self._ready.get()
        loop.call_soon_threadsafe(stop.set)
        self._thread.join(timeout=10)
