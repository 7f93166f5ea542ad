"""This computer's clock, which every record is placed by: is it right, as far as it can know."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from talus_host.errors import TalusError
from talus_host.service import health
from talus_host.store import Store
from talus_host.verbs.finding import NOTE, OK, WRONG, Finding, moment
from talus_host.verbs.rim import database

EARLIEST_MS = 1_790_000_000_000  # 2026-09-21: no Talus ran before
LEEWAY_MS = 60_000
TOLD_FOR_MS = 7 * 86_400_000
SET_IT = "set date and time (Linux: `sudo timedatectl set-ntp true`), or records are placed on wrong days"


def look(folder: Path, now_ms: int, is_kept: Callable[[], bool | None]) -> list[Finding]:
    """is_kept: whether network time keeps this clock, None where nobody can say."""
    return [Finding("clock", *_judge(folder, now_ms, is_kept))]


def _judge(folder: Path, now_ms: int, is_kept: Callable[[], bool | None]) -> tuple[str, str]:
    says = f"this computer says {moment(now_ms)}"
    if now_ms < EARLIEST_MS:
        return WRONG, f"{says}, which is before Talus was written: {SET_IT}"
    last_ms = _last_sync_ms(folder)
    if last_ms is not None and last_ms > now_ms + LEEWAY_MS:
        return WRONG, f"{says}, but it synced a brace at {moment(last_ms)}: one of the two is wrong; {SET_IT}"
    told = health.read(folder)
    for one in told.known() if told else ():
        if one.clock_moved_s is not None and now_ms - (one.clock_moved_ms or 0) < TOLD_FOR_MS:
            when = moment(one.clock_moved_ms or 0)
            return NOTE, (
                f"{says}; against the clock of brace {one.device} it jumped by {one.clock_moved_s:+.0f} s before {when}"
                f": if the time above is wrong, {SET_IT}"
            )
    if is_kept() is False:
        return NOTE, f"{says}; network time does not keep it: look whether that is right, else {SET_IT}"
    return OK, says


def _last_sync_ms(folder: Path) -> int | None:
    """When the newest sync in the database was, by this computer's clock of then."""
    if not database(folder).exists():
        return None
    try:
        with Store(database(folder), create=False) as store:
            last = store.braces()["last_sync_utc"].max()
    except TalusError:
        return None  # another row says why
    return None if last != last else int(last.timestamp() * 1000)


def kept_by_network() -> bool | None:
    """What systemd says of it; None where it cannot be asked (macOS and Windows keep their clocks by themselves)."""
    if shutil.which("timedatectl") is None:
        return None
    try:
        words = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(done.stdout.strip())
