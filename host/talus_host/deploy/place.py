"""A program onto a brace: into the slot that does not run, only what changed, on trial until it proves itself.

The slot that runs is never touched, nor settings, calibration, bonds and journal. Whatever breaks off leaves the idle
slot without its main.mpy, which is no slot for the loader; the same command again goes on where it stopped.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from talus.board import BOARD_ROWS
from talus_host.deploy.build import FIRMWARE, Built, build
from talus_host.deploy.port import Port
from talus_host.errors import BraceError, InputError, RefusedError

MPY_VERSION = 6  # of the .mpy format, what mpy-cross 1.27 writes
OLDEST = (1, 27)  # what the firmware is tested on
TRIES = 2
BACK_S = 15.0  # until a board that was reset answers
PROOF_S = 90.0  # two trials that hang until the watchdog, then the slot before
ROOT_MAIN = b"run()\n"  # boot.py's; mpremote's soft reset leaves main.py out, and so the program
MAIN = "main.mpy"
HELD = "main.old"  # its name while the slot is worked on
# What sys.implementation._mpy calls a processor -> mpy-cross's name.
ARCHITECTURES = [
    "none",
    "x86",
    "x64",
    "armv6",
    "armv6m",
    "armv7m",
    "armv7em",
    "armv7emsp",
    "armv7emdp",
    "xtensa",
    "xtensawin",
    "rv32imc",
    "rv64imc",
]

FACTS = """
import json, os, sys
def talus_text(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
print(json.dumps([sys.implementation.name, list(sys.implementation.version[:3]), getattr(sys.implementation, "_mpy", 0),
    os.uname().machine, talus_text("/board.json"), talus_text("/slot")[:1]]))
"""
LIST = """
import os
def talus_list(folder):
    found = []
    try:
        for name in sorted(os.listdir(folder)):
            path = folder + "/" + name
            if os.stat(path)[0] & 0x4000:
                found += talus_list(path)
            else:
                found.append(path)
    except OSError:
        pass
    return found
"""
Say = Callable[[str], None]
Step = Callable[[int, int | None], None]
Make = Callable[[Path, str | None], list[Built]]


@dataclass(frozen=True)
class Facts:
    """What a brace says of itself. board: a name of talus.board; slot: the one that runs, "" on a bare board."""

    release: str
    architecture: str | None
    machine: str
    board: str
    slot: str


@dataclass(frozen=True)
class Outcome:
    """slot: where the program lies; version: what it says; parts: its self-test; copied, kept: files."""

    slot: str
    version: str
    parts: list[str]
    copied: list[str]
    kept: int


def ask(port: Port, board: str | None) -> Facts:
    """Raises RefusedError where the program would not run: another interpreter, another board."""
    name, version, mpy, machine, file, slot = json.loads(port.run(FACTS))
    release = ".".join(map(str, version))
    if name != "micropython" or mpy & 0xFF != MPY_VERSION or tuple(version[:2]) < OLDEST:
        raise RefusedError(
            f"{port.device}: it runs {name} {release} with .mpy version {mpy & 0xFF}; Talus needs MicroPython "
            f"{OLDEST[0]}.{OLDEST[1]} or newer with .mpy version {MPY_VERSION}: flash that first"
        )
    try:
        told = json.loads(file)["board"] if file else None
    except (ValueError, KeyError, TypeError):
        told = None
    if not isinstance(told, str) or told not in {row[0] for row in BOARD_ROWS}:
        told = None  # no board anybody knows: as good as no file, and written anew
    native = mpy >> 10 & 0x0F  # which processor's native code it loads; 0: none's
    architecture = ARCHITECTURES[native] if 0 < native < len(ARCHITECTURES) else None
    return Facts(release, architecture, machine, _board(port, machine, told, board), slot)


def _board(port: Port, machine: str, told: str | None, asked: str | None) -> str:
    chips = {row[0]: row[1] for row in BOARD_ROWS}
    if asked is not None and asked not in chips:
        raise InputError(f"BOARD={asked}: there is {', '.join(chips)}")
    if told is not None and asked is not None and told != asked:
        raise RefusedError(f"{port.device}: its /board.json says {told}, not {asked}; nothing was changed")
    here = [name for name, chip in chips.items() if chip.replace("-", "") in machine.replace("-", "")]
    wanted = asked or told
    if wanted is None and len(here) == 1:
        return here[0]
    if wanted not in here:
        raise RefusedError(f"{port.device}: this is '{machine}', which is no {wanted or ' or '.join(chips)}")
    return wanted


def loader() -> bytes:
    """boot.py, which a brace keeps as it is written."""
    return (FIRMWARE / "boot.py").read_bytes()


def maintain(port: Port) -> None:
    """Start the brace again at its prompt, without program and watchdog; ten minutes later it goes back to work."""
    put_changed(port, {"/boot.py": loader(), "/main.py": ROOT_MAIN})
    port.put("/maintenance", b"1")
    port.reset()
    port.close()
    port.open(within_s=BACK_S)
    if not port.value("'timer' in globals() and timer is not None"):
        raise BraceError(f"{port.device}: it did not come up in maintenance; press its reset button and try again")
    port.stay()


def put_changed(port: Port, files: dict[str, bytes]) -> list[str]:
    """Of these files, write those that differ; returns which."""
    there = port.hashes(list(files))
    changed = [path for path, data in files.items() if there[path] != hashlib.sha256(data).digest()]
    for path in changed:
        port.put(path, files[path])
    return changed


def firmware(into: Path, architecture: str | None) -> list[Built]:
    """The program of this checkout, compiled for the loader that will import it."""
    return build(into, architecture, (loader().decode(),))


def deploy(port: Port, board: str | None, say: Say, step: Step, make: Make = firmware) -> Outcome:
    """What `make` compiles, onto the brace at this port. Raises BraceError when it does not prove itself.

    However it ends, a brace that still answers goes back to work.
    """
    try:
        target, copied, kept = _place(port, board, say, step, make)
    except BaseException:
        port.resume()
        raise
    port.reset()
    version, parts = _watch(port, target, say)
    return Outcome(target, version, parts, copied, kept)


def _place(port: Port, board: str | None, say: Say, step: Step, make: Make) -> tuple[str, list[str], int]:
    """(slot, files copied, files that were there): on trial from the next start on."""
    facts = ask(port, board)
    say(f"{port.device}: {facts.machine}, MicroPython {facts.release}, board {facts.board}")
    maintain(port)  # before anything slow: a watchdog may run
    with tempfile.TemporaryDirectory() as folder:
        built = make(Path(folder), facts.architecture)
        target = "b" if facts.slot == "a" else "a"
        say(f"maintenance; slot {facts.slot or 'none'} stays, slot {target} is written")
        put_changed(port, {"/board.json": json.dumps({"board": facts.board}).encode()})
        copied = _fill(port, Path(folder), built, target, step)
    say(f"slot {target}: {len(copied)} files copied, {len(built) - len(copied)} were there")
    port.put("/trial", f"{target}{TRIES}".encode())
    return target, copied, len(built) - len(copied)


def _fill(port: Port, folder: Path, built: list[Built], slot: str, step: Step) -> list[str]:
    """Make the slot hold exactly these files; it is one only at the end. Returns the names that were copied."""
    root = f"/{slot}"
    port.run(LIST + FORGET)
    port.run(f"talus_forget('/trial')\ntalus_forget('/starts')\ntalus_move('{root}/{MAIN}', '{root}/{HELD}')")
    there = port.hashes(port.value(f"talus_list('{root}')"))
    wanted = {f"{root}/{HELD if one.path == MAIN else one.path}": one for one in built}
    changed = [path for path, one in wanted.items() if there.get(path) != bytes.fromhex(one.sha256)]
    for path in there.keys() - wanted.keys():
        port.run(f"talus_forget({path!r})")
    for parent in sorted({parent for path in changed for parent in _parents(path)}):
        port.run(f"talus_folder({parent!r})")
    total, done = sum(wanted[path].size for path in changed), 0

    def piece(size: int) -> None:
        nonlocal done
        done += size
        step(done, total)

    for path in changed:
        port.put(path, (folder / wanted[path].path).read_bytes(), piece)
    arrived = port.hashes(list(wanted))
    torn = [path for path, one in wanted.items() if arrived[path] != bytes.fromhex(one.sha256)]
    if torn:
        raise BraceError(f"{port.device}: {torn[0]} is not what was written; the flash may be worn")
    port.run(f"talus_move('{root}/{HELD}', '{root}/{MAIN}')")
    return [wanted[path].path for path in changed]


FORGET = """
def talus_forget(path):
    try:
        os.remove(path)
    except OSError:
        pass
def talus_move(path, to):
    try:
        os.rename(path, to)
    except OSError:
        pass
def talus_folder(path):
    try:
        os.mkdir(path)
    except OSError:
        pass
"""


def _parents(path: str) -> list[str]:
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[: count + 1]) for count in range(len(parts))]


def _watch(port: Port, slot: str, say: Say) -> tuple[str, list[str]]:
    """What the new program says of itself; BraceError when another slot answers or none."""
    running, version, why = "", "", "it said nothing"
    parts: list[str] = []
    for line in port.lines(PROOF_S):
        words = line.removeprefix("talus: ").split(" ")
        if not line.startswith("talus: "):
            continue
        if words[0] == "slot":
            running, version, parts = words[1], words[3], []
        elif words[0] == "part":
            parts.append(" ".join(words[1:]))
        elif words[0] == "well" and running == slot:
            return version, parts
        elif words[0] == "well":
            raise BraceError(f"slot {slot} did not prove itself ({why}); slot {running} runs as before")
        elif words[0] in ("not", "crash:"):
            why = " ".join(words)
            say(f"slot {slot}: {why}")
        elif words[0] == "no":
            raise BraceError(f"slot {slot} did not prove itself ({why}), and there is {' '.join(words)}")
    raise BraceError(f"slot {slot} did not prove itself in {PROOF_S:.0f} s ({why}); `make logs` may say more")
