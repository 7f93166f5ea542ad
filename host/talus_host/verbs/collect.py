"""Fetch what is new: over the air from every brace in range, or from a file."""

import asyncio
import time
from pathlib import Path

import tzlocal

from talus_host.collect import Collected, collect
from talus_host.errors import BraceError, RoadError
from talus_host.link import Link, ble
from talus_host.link.replay import ReplayLink
from talus_host.store import Store
from talus_host.verbs.in_range import all_in_range
from talus_host.verbs.rim import aside, database, made, print_json, print_table, progress


def utc_ms() -> int:
    """This host's clock, UTC milliseconds."""
    return time.time_ns() // 1_000_000


def collect_into(folder: Path, address: str | None, file: Path | None, as_json: bool) -> None:
    """`talus collect`. Raises leaves of TalusError; whatever was whole before is in the database."""
    failed: list[BraceError | RoadError] = []
    if file:
        asyncio.run(_look_into(file))
    with Store(database(made(folder)), zone=str(tzlocal.get_localzone_name())) as store:
        done = asyncio.run(_from_file(store, file) if file else _from_air(store, address, failed))
    if as_json:
        print_json([summary(one) for one in done])
    else:
        _tell(done)
    if failed:
        raise type(failed[0])("; ".join(str(error) for error in failed))


async def _look_into(file: Path) -> None:
    """Raises what a file that is none raises, before a database is made for it."""
    async with ReplayLink(file):
        pass


async def _from_file(store: Store, file: Path) -> list[Collected]:
    return [await _one(store, ReplayLink(file, utc_ms), file.name)]


async def _from_air(
    store: Store, address: str | None, failed: list[BraceError | RoadError], backend: ble.Backend | None = None
) -> list[Collected]:
    """Every brace in range in turn; one that is a neighbour's, or walks away, does not keep the next from its turn."""
    found = await all_in_range(address, backend)
    done = []
    for one in found:
        try:
            done.append(await _one(store, ble.BleLink(one, utc_ms, backend), one.address))
        except (BraceError, RoadError) as error:
            failed.append(type(error)(f"{one.address}: {error}"))
    return done


async def _one(store: Store, link: Link, name: str) -> Collected:
    with progress(f"collecting from {name}", "records") as step:
        async with link:
            return await collect(link, store, clock=utc_ms, progress=step)


def summary(done: Collected) -> dict[str, object]:
    """One sync in numbers; device is 16 hex digits, clock_within_ms None for a brace without a clock."""
    return {
        "device": f"{done.info['device']:016x}",
        "records": done.records,
        "clock_records": done.clocks,
        "duplicates": done.duplicates,
        "conflicts": done.conflicts,
        "bytes": done.octets,
        "skipped_bytes": done.skipped,
        "missing_records": done.missing,
        "clock_within_ms": done.clock.uncertainty_ms if done.clock else None,
    }


def _tell(done: list[Collected]) -> None:
    """A row for each brace that sent more than its clock, and a sentence where that is not the whole story."""
    rows = [summary(one) for one in done]
    header = ("brace", "new records", "of them clock", "already here", "conflicts", "bytes", "noise bytes", "missing")
    if came := [[_text(value) for value in row.values()] for row, one in zip(rows, done, strict=True) if _tells(one)]:
        print_table("", (*header, "clock within ms"), came)
    for row, one in zip(rows, done, strict=True):
        if said := nothing_new(one):
            aside.print(f"brace {row['device']}: {said}", highlight=False)
        if row["missing_records"]:
            aside.print(
                f"brace {row['device']}: {row['missing_records']} records are damaged or were cut off; what was whole "
                "is stored",
                highlight=False,
            )


def _tells(done: Collected) -> bool:
    """Whether it sent anything that a row is for."""
    return done.octets > 0 and bool(done.records > done.clocks or done.duplicates or done.skipped or done.gaps)


def nothing_new(done: Collected) -> str:
    """The sentence for a brace that felt nothing since; "" for one that did."""
    if done.records > done.clocks:
        return ""
    if not done.clocks:
        return "nothing new"
    how_many = "1 record" if done.clocks == 1 else f"{done.clocks} records"
    within = f", to {done.clock.uncertainty_ms} ms" if done.clock else ""
    return f"nothing new but the time{within}: {how_many}, made by connecting"


def _text(value: object) -> str:
    return "–" if value is None else str(value)
