"""What the bench needs on a brace, brought there beside the program: a slot holds only what the program reaches, under
shortened names. Compiled from this checkout into /fitting, and only what changed is copied."""

import ast
import tempfile
from pathlib import Path

import talus

FOLDER = "/fitting"
ROOTS = ("talus.fitting", "talus.calibration_keep")
FIRMWARE = Path(talus.__file__).resolve().parents[1]
FOLDERS = f"""
import os
for talus_folder in ({FOLDER!r}, {FOLDER + "/talus"!r}, {FOLDER + "/talus/sensors"!r}, {FOLDER + "/talus/wire"!r}):
    try:
        os.mkdir(talus_folder)
    except OSError:
        pass
"""


def needed() -> dict[str, str]:
    """Path below the firmware's folder -> text, of every file the roots import, however deep."""
    found: dict[str, str] = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if path is None or path.relative_to(FIRMWARE).as_posix() in found:
            continue
        text = path.read_text("utf-8")
        found[path.relative_to(FIRMWARE).as_posix()] = text
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        parent = name.rpartition(".")[0]
        if parent:
            waiting.append(parent)
    return found


def _path(name: str) -> Path | None:
    path = FIRMWARE.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def compiled() -> dict[str, bytes]:
    """Path on the brace -> what mpy-cross makes of it."""
    from talus_host.deploy.build import compiled as compile_one
    from talus_host.deploy.compact_text import NATIVE

    with tempfile.TemporaryDirectory() as folder:
        return {
            f"{FOLDER}/{Path(path).with_suffix('.mpy').as_posix()}": compile_one(path, text, Path(folder))
            for path, text in needed().items()
            if not any(line.strip() in NATIVE for line in text.splitlines())  # its plain sibling runs
        }
