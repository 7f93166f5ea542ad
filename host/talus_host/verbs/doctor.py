"""What could keep Talus from working, each with what to do about it."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from rich.text import Text

from talus_host.errors import StoreBusyError, TalusError
from talus_host.service import alone, health
from talus_host.store import Store
from talus_host.verbs import doctor_air, doctor_clock, doctor_watch
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.finding import Finding
from talus_host.verbs.rim import database, print_json, result

FREE_LOW_MB = 500
WRITE_WAIT_S = 3.0  # a commit of ours takes a second
STALE_DAYS = 3
STYLES = {"ok": "green", "note": "yellow", "wrong": "red"}


def examine(folder: Path, as_json: bool) -> bool:
    """`talus doctor`: say every finding; False when anything is wrong."""
    looks: tuple[Callable[[Path], list[Finding]], ...] = (_clock, _database, _disk, _service, _air)
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
            store.check_writing(WRITE_WAIT_S)
    except StoreBusyError as error:
        says = (
            f"{error}; close that program, a database browser say: until then nothing is kept, and the braces keep it"
        )
        return [Finding("database", "wrong", says)]
    except TalusError as error:
        return [Finding("database", "wrong", str(error))]
    found = [Finding("database", "ok", f"{path}, {int(braces['records'].sum())} records; braces: {len(braces)}")]
    if braces.empty:
        found.append(
            Finding("braces", "note", f"none was ever collected from: {doctor_air.NEAR} and run `talus collect`")
        )
    return found + [_brace(row, troubles.get(str(row["device"]), [])) for _, row in braces.iterrows()]


def _clock(folder: Path) -> list[Finding]:
    return doctor_clock.look(folder, utc_ms(), doctor_clock.kept_by_network)


def _service(folder: Path) -> list[Finding]:
    return doctor_watch.look(folder, utc_ms())


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


def _air(folder: Path) -> list[Finding]:
    return asyncio.run(doctor_air.look(health.read(folder), alone.is_watched(folder), utc_ms))
