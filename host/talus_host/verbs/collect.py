"""Fetch what is new: over the air from every brace in range, or from a file."""

import asyncio
import time
from pathlib import Path

import tzlocal

from talus_host.collect import Collected, collect
from talus_host.errors import NoBraceError
from talus_host.link import Link, ble
from talus_host.link.replay import ReplayLink
from talus_host.store import Store
from talus_host.verbs.rim import aside, database, made, print_json, print_table, progress


def utc_ms() -> int:
    """This host's clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000


def collect_into(folder: Path, address: str | None, file: Path | None, as_json: bool) -> None:
    """`talus collect`. Raises leaves of TalusError; whatever was whole before is in the database."""
    with Store(database(made(folder)), zone=str(tzlocal.get_localzone_name())) as store:
        done = asyncio.run(_collect(store, address, file))
    rows = [summary(one) for one in done]
    if as_json:
        print_json(rows)
        return
    header = ("brace", "new records", "already here", "bytes", "noise", "gaps", "clock within")
    print_table("", header, [[_text(value) for value in row.values()] for row in rows])


async def _collect(store: Store, address: str | None, file: Path | None) -> list[Collected]:
    if file is not None:
        return [await _one(store, ReplayLink(file, utc_ms), file.name)]
    with aside.status("listening for braces"):
        found = [await ble.find(address)] if address else await ble.scan()
    if not found:
        raise NoBraceError("no brace in range: heard none in 10 s; is it charged, switched on and near?")
    return [await _one(store, ble.BleLink(one, utc_ms), one.address) for one in found]


async def _one(store: Store, link: Link, name: str) -> Collected:
    with progress(f"collecting from {name}", "records") as step:
        async with link:
            return await collect(link, store, clock=utc_ms, progress=step)


def summary(done: Collected) -> dict[str, object]:
    """One sync in numbers; device is 16 hex digits, clock_within_ms None for a brace without a clock."""
    return {
        "device": f"{done.info['device']:016x}",
        "records": done.records,
        "duplicates": done.duplicates,
        "bytes": done.octets,
        "skipped_bytes": done.skipped,
        "missing_records": sum(behind - first for first, behind in done.gaps),
        "clock_within_ms": done.clock.uncertainty_ms if done.clock else None,
    }


def _text(value: object) -> str:
    return "–" if value is None else str(value)
