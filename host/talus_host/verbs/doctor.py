"""What could keep Talus from working, each with what to do about it."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from rich.text import Text

from talus_host.errors import NoAdapterError, TalusError
from talus_host.link import ble
from talus_host.store import Store
from talus_host.verbs.rim import database, print_json, result

FREE_LOW_MB = 500
LISTEN_S = 5.0
STALE_DAYS = 3
STYLES = {"ok": "green", "note": "yellow", "wrong": "red"}


@dataclass(frozen=True)
class Finding:
    """what: the thing looked at; state: ok, note or wrong; says: what was seen and, unless ok, what to do."""

    what: str
    state: str
    says: str


def examine(folder: Path, as_json: bool) -> bool:
    """`talus doctor`: say every finding; False when anything is wrong."""
    looks: tuple[Callable[[Path], list[Finding]], ...] = (_database, _disk, _air)
    found = [finding for look in looks for finding in look(folder)]
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        for one in found:
            mark = (f"{one.state:<5}", STYLES[one.state])
            result.print(Text.assemble(mark, f" {one.what}: {one.says}"), soft_wrap=True)
    return all(one.state != "wrong" for one in found)


def _database(folder: Path) -> list[Finding]:
    path = database(folder)
    if not path.exists():
        return [Finding("database", "note", f"none yet at {path}; `talus collect` makes it")]
    try:
        with Store(path, create=False) as store:
            braces = store.braces()
            troubles = _troubles(store, braces)
    except TalusError as error:
        return [Finding("database", "wrong", str(error))]
    found = [Finding("database", "ok", f"{path}, {int(braces['records'].sum())} records; braces: {len(braces)}")]
    return found + [_brace(row, troubles.get(str(row["device"]), [])) for _, row in braces.iterrows()]


def _troubles(store: Store, braces: pd.DataFrame) -> dict[str, list[str]]:
    """device -> what its parts suffer from as far as its records go, in plain words."""
    found: dict[str, list[str]] = {}
    for person in braces["person_id"].unique():
        doubts = store.quality(str(person))
        now = doubts[doubts["what"].str.startswith("sensor_") & doubts["end_utc"].isna()]
        for one in now.to_dict("records"):
            found.setdefault(str(one["device"]), []).append(str(one["detail"]))
    return found


def _brace(row: "pd.Series[float]", troubles: list[str]) -> Finding:
    name = f"brace {row['device']} ({row['side']})"
    if pd.isna(row["last_sync_utc"]):
        return Finding(name, "note", "never synced; bring it near and run `talus collect`")
    age = pd.Timestamp.now("UTC") - row["last_sync_utc"]
    battery = "unknown" if pd.isna(row["battery_pct"]) else f"{row['battery_pct']:.0f} %"
    says = f"last sync {row['last_sync_utc']:%Y-%m-%d %H:%M} UTC, battery {battery}"
    if troubles:
        says += "; " + "; ".join(troubles)
    elif row["fault"]:  # NaN too: nobody knows
        says += "; it reports a fault" if row["fault"] == row["fault"] else "; not known whether it has a fault"
    if age > pd.Timedelta(days=STALE_DAYS):
        return Finding(name, "note", f"{says}; no data for {age.days} days: bring it near and run `talus collect`")
    return Finding(name, "note" if troubles or row["fault"] else "ok", says)


def _disk(folder: Path) -> list[Finding]:
    place = next(parent for parent in (folder, *folder.resolve().parents) if parent.exists())
    free_mb = shutil.disk_usage(place).free // 1_000_000
    state = "ok" if free_mb >= FREE_LOW_MB else "wrong"
    more = "" if state == "ok" else f"; less than {FREE_LOW_MB} MB: make room, a full disk stops collecting"
    return [Finding("disk", state, f"{free_mb} MB free{more}")]


def _air(_: Path) -> list[Finding]:
    try:
        heard = asyncio.run(ble.scan(seconds=LISTEN_S))
    except NoAdapterError as error:
        return [Finding("Bluetooth", "wrong", str(error))]
    found = [Finding("Bluetooth", "ok", "this computer's adapter answers")]
    if not heard:
        says = f"none heard in {LISTEN_S:g} s: charge it, press its button, hold it near"
        return [*found, Finding("braces in range", "note", says)]
    return found + [Finding(f"brace {one.address}", "ok", f"heard at {one.rssi} dBm") for one in heard]
