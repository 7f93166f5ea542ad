"""Verbs about a brace on a cable: a new program, its logs, its prompt, and back to a bare board."""

import subprocess
import sys

import typer

from talus_host.deploy import place, places
from talus_host.deploy.port import Port, found
from talus_host.verbs.rim import aside, progress, result

CRASH = "/crash.txt"
LOGS = (CRASH, "/selftest_a.txt", "/selftest_b.txt")
ERASE = """
import os
def talus_erase(folder):
    for name in os.listdir(folder or "/"):
        path = folder + "/" + name
        try:
            if os.stat(path)[0] & 0x4000:
                talus_erase(path)
                os.rmdir(path)
            else:
                os.remove(path)
        except OSError:
            pass  # where a port shows folders that are no flash
talus_erase("")
"""


def deploy_program(device: str | None, board: str | None) -> None:
    """`talus deploy`"""
    with progress("copying", "bytes") as step, Port(device) as port:
        done = place.deploy(port, board, aside.print, step)
    result.print(f"slot {done.slot} runs version {done.version} and is well:")
    for line in done.parts:
        name, channel, state, reason = line.split(" ")
        which = f"{name} {channel}" if channel != "0" else name
        result.print(f"  {which:<16} {state}" + ("" if reason == "none" else f" ({reason})"))
    if all(" absent " in line for line in done.parts if not line.startswith("gauge ")):
        aside.print("it has no calibration yet, and so does not know its parts: talus calibrate --port says them")


def print_logs(device: str | None) -> None:
    """`talus logs`"""
    with Port(device) as port:
        kept = {path: port.get(path) for path in log_paths(port)}
        tables = [table for slot in "ab" if kept[CRASH] and (table := port.get(f"/{slot}/{places.TABLE}"))]
        port.reset()
    for path, data in kept.items():
        if data is not None:
            result.print(f"-- {path}")
            result.print(places.with_sources(data.decode(errors="replace").rstrip(), tables))
    if not any(kept.values()):
        aside.print("nothing was logged")


def log_paths(port: Port) -> list[str]:
    """What a brace keeps for who looks after it: crashes, self-tests, the support log; nothing of a person."""
    port.run(place.LIST)
    return [*LOGS, *port.value("talus_list('/support')")]


def open_repl(device: str | None) -> int:
    """`talus repl`: mpremote's own; Ctrl-] leaves it, and the brace starts again."""
    device = device or found()
    with Port(device) as port:
        _calm(port)
    aside.print("maintenance for ten minutes: Enter shows the prompt, Ctrl-] starts the brace again", highlight=False)
    code = subprocess.run([sys.executable, "-m", "mpremote", "connect", device, "repl"]).returncode
    if code == 0:
        with Port(device) as port:
            port.reset()
    return code


def _calm(port: Port) -> None:
    """At a prompt that lasts: where a loader is, perhaps a watchdog is, too."""
    if port.value("'run' in globals()"):
        place.maintain(port)


def erase_brace(device: str | None, sure: bool) -> None:
    """`talus erase`"""
    device = device or found()
    if not sure:
        what = f"Erase everything on the brace at {device}: program, settings, calibration, bonds, every record?"
        typer.confirm(what, abort=True, err=True)
    with Port(device) as port:
        _calm(port)
        port.run(ERASE, within_s=120)
        port.reset()
    result.print(f"{device}: erased; MicroPython is all that is left on it")
