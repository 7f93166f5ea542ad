"""Go on collecting: in this terminal, or as a service of the user's own."""

import asyncio
import contextlib
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

import tzlocal

from talus_host.errors import InputError
from talus_host.export import atomic
from talus_host.link import ble
from talus_host.service import notify, unit
from talus_host.service.air import Air
from talus_host.service.alone import alone
from talus_host.service.log import Log
from talus_host.service.pace import Pace
from talus_host.service.watch import Watcher
from talus_host.store import Store
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.rim import aside, database, made, result

SIGNALS = ("SIGTERM", "SIGINT", "SIGBREAK", "SIGHUP")  # those this system has
INSTEAD = {
    "darwin": (
        "macOS has no systemd, and Talus writes no launch agent: it was never run on a Mac. Instead: put "
        "`{command} watch` into a script and add it under System Settings > General > Login Items; the program it "
        "runs in must be allowed under Privacy & Security > Bluetooth"
    ),
    "win32": (
        "Windows has no systemd, and Talus writes no task: it was never run on Windows. Instead: "
        '`schtasks /Create /SC ONLOGON /TN Talus /TR "{command} watch"`; pair each brace first with `talus collect`'
    ),
}
Systemctl = Callable[[Sequence[str]], str | None]


def watch_folder(folder: Path, minutes: float, log: Path | None, backend: ble.Backend | None = None) -> None:
    """`talus watch`. Raises AlreadyWatchingError and leaves of StoreError; returns when it was asked to stop."""
    if log is not None:
        atomic.check(log)
        aside.print(f"watching; what happens is told in {log}; Ctrl-C ends")
    with alone(made(folder)), Store(database(folder), zone=str(tzlocal.get_localzone_name())) as store:
        pace = Pace(every_s=minutes * 60)
        air = Air(utc_ms, pace, backend)
        told = Log(log or sys.stderr, utc_ms)
        alive = partial(notify.tell, notify.ALIVE)
        watcher = Watcher(folder, store, air, told, clock=utc_ms, chance=random.random, pace=pace, alive=alive)
        asyncio.run(until_asked(watcher))


async def until_asked(watcher: Watcher) -> None:
    """Watch until the system or a person asks to stop; asking again changes nothing."""
    work = asyncio.create_task(watcher.watch())
    with _asked(work):
        notify.tell(notify.READY)
        with contextlib.suppress(asyncio.CancelledError):
            await work


@contextlib.contextmanager
def _asked(work: "asyncio.Task[None]") -> Iterator[None]:
    """The signals that ask a program to end, while the block runs: the first one cancels the work."""
    loop, asked = asyncio.get_running_loop(), False

    def stop() -> None:
        nonlocal asked
        if not asked:
            notify.tell(notify.STOPPING)
            work.cancel()
        asked = True

    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = [(number, signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


# -- as a service ------------------------------------------------------------------------------------------------------


def install(folder: Path, minutes: float, platform: str = sys.platform, systemctl: Systemctl | None = None) -> None:
    """`talus watch --install`. Raises InputError where this system has no systemd, saying what to do instead."""
    command = _command()
    if platform in INSTEAD:
        raise InputError(INSTEAD[platform].format(command=command))
    where = unit.place()
    content = unit.text(command, made(folder).resolve(), minutes).encode()
    where.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(where, partial(_fill, content))
    result.print(f"wrote {where}", soft_wrap=True)
    _tell(unit.AFTER_INSTALL, systemctl or _systemctl)
    result.print(
        "It collects while you are logged in; `loginctl enable-linger` lets it go on without. `talus doctor` says how "
        f"each brace fares, `journalctl --user -u {unit.NAME}` what happened.",
        soft_wrap=True,
    )


def uninstall(platform: str = sys.platform, systemctl: Systemctl | None = None) -> None:
    """`talus watch --uninstall`. What was collected stays."""
    if platform in INSTEAD:
        raise InputError("there is nothing to take away: `talus watch --install` writes nothing on this system")
    where = unit.place()
    if not where.exists():
        raise InputError(f"no service is installed: there is no {where}")
    _tell(unit.BEFORE_REMOVAL, systemctl or _systemctl)
    where.unlink()
    result.print(f"removed {where}; what was collected stays", soft_wrap=True)
    _tell(unit.AFTER_REMOVAL, systemctl or _systemctl)


def _fill(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _command() -> Path:
    """The `talus` beside this interpreter. Raises InputError."""
    beside = Path(sys.executable).with_name("talus.exe" if sys.platform == "win32" else "talus")
    found = beside if beside.exists() else shutil.which("talus")
    if found is None:
        raise InputError("the talus command is not installed: `make test` or pip makes it")
    return Path(found).absolute()


def _tell(commands: Sequence[Sequence[str]], systemctl: Systemctl) -> None:
    """Say what was done, and what was refused and is left to do."""
    for words in commands:
        line = "systemctl --user " + " ".join(words)
        refused = systemctl(words)
        result.print(
            f"ran {line}" if refused is None else f"could not run {line} ({refused}): run it yourself", soft_wrap=True
        )


def _systemctl(words: Sequence[str]) -> str | None:
    """None, or why not."""
    try:
        done = subprocess.run(
            ["systemctl", "--user", *words], capture_output=True, text=True, timeout=60, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return getattr(error, "strerror", None) or "no answer"
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
