"""What tests of a brace on a cable share: boards on a terminal, small programs for them, and what must survive."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from talus_host.deploy import place
from talus_host.deploy.build import Built, compiled
from talus_host.deploy.port import Port
from talus_twin.board.interpreter import InterpreterMissing, find_micropython, find_node
from talus_twin.usb.board import Make, PtyBoard

SPEED = 60.0
# A program as the loader and a deploy know one: run(slot, trial, confirm), and words on the line.
PROGRAM = """
import time
from talus import what
def run(slot, trial, confirm):
    what.begin()
    print("talus: slot", slot, "version", what.VERSION)
    time.sleep_ms(5000)
    print("talus: part flash 0 ok none")
    if not what.WELL:
        print("talus: not well: flash")
        return
    print("talus: well")
    confirm()
    while True:
        time.sleep_ms(10)
"""
WHAT = "VERSION, WELL = %r, %r\ndef begin():\n    %s\n"
# Settings, calibration, bonds and journal of somebody, byte for byte.
KEPT = {
    "settings.json": b'{"version": 1, "amber_mmhg": 31}',
    "calibration.json": b'{"id": 7}',
    "calibrations/7.json": b'{"id": 7}',
    "bonds": bytes(range(256)),
    "log/meta": b"\x00\x01meta",
    "log/0000/00000001": bytes(range(255, -1, -1)) * 20,
}


def program(version: str = "1.0.0", well: bool = True, begin: str = "pass", size: int = 3000) -> place.Make:
    """Compiles a small program of four files; one of them is `size` bytes of the same, one differs by version."""

    def make(into: Path, architecture: str | None) -> list[Built]:
        texts = {
            "main.py": PROGRAM,
            "talus/__init__.py": "",
            "talus/large.py": f"LARGE = {bytes(size)!r}",
            "talus/what.py": WHAT % (version, well, begin),
        }
        built = []
        for path, text in texts.items():
            data = compiled(path, text, into)
            target = into / Path(path).with_suffix(".mpy")
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(data)
            built.append(Built(target.relative_to(into).as_posix(), hashlib.sha256(data).hexdigest(), len(data)))
        return built

    return make


def put(board: PtyBoard, make: place.Make, said: list[str] | None = None) -> place.Outcome:
    """One deploy over the board's terminal."""
    with Port(board.port) as port:
        return place.deploy(port, None, (said if said is not None else []).append, lambda done, total: None, make)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fill(flash: Path) -> None:
    """Somebody's brace: what a deploy must leave as it is."""
    for name, data in KEPT.items():
        (flash / name).parent.mkdir(parents=True, exist_ok=True)
        (flash / name).write_bytes(data)


def kept(flash: Path) -> bool:
    return all((flash / name).read_bytes() == data for name, data in KEPT.items())


def says(board: PtyBoard, word: str, within_s: float = 10.0) -> list[str]:
    """What the running program says up to a line that begins so."""
    port = Port(board.port)
    lines: list[str] = []
    for line in port.lines(within_s):
        lines.append(line)
        if line.startswith(word):
            break
    port.close()
    return lines


def stand(flash: Path, make: Make | None = None) -> Iterator[PtyBoard]:
    from conftest import missing

    try:
        find_node(), find_micropython()
    except InterpreterMissing as error:
        missing(str(error))
    with PtyBoard(flash, make or Make(speed=SPEED)) as board:
        yield board


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PtyBoard]:
    """A bare board with somebody's files on it."""
    fill(tmp_path / "flash")
    yield from stand(tmp_path / "flash")
