"""What the deployed firmware takes of a brace's memory: its files, the heap of each, and a life in a small heap.

MICROPYTHON=path names a unix build of MicroPython (32-bit, as boards are). There the whole of `main` runs on a walking
leg with every sensor fitted and a radio, in a heap of HEAP KiB (96) and for HOURS (1): first in that heap, and if it
is too small, in the smallest one that is enough. What stands in for a board's modules is measured and given on top.
ROM=1 puts the slot into a ROMFS image, given on top too: its code is run where it lies, as on a board with a partition
for one. Stock MicroPython images have none; without one a slot's code is read into the heap.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from cost_machines import rom_image
from cost_recording import record

from talus_host.deploy.build import Built, build
from talus_twin.board import brace
from talus_twin.board.interpreter import Interpreter

TICKS = 6000
STEP_KIB = 4
ASK_THE_BUNDLE = ("changing", "recovery")  # they come while talus.app is there, and import names of it
INSIDE = Path(__file__).with_name("memory_board.py")
START = """
import sys, vfs
vfs.umount("/")
vfs.mount(vfs.VfsPosix({folder!r}), "/")
sys.path[:] = ["/b"]
if {rom}:
    rom = open("/rom", "rb").read()
    vfs.mount(vfs.VfsRom(rom), "/b")
HOURS = {hours}
exec(open("/inside.py").read())
"""

IMPORTS = """
import gc, sys
sys.path.insert(0, "/slot")
for name in NAMES:
    gc.collect()
    before = gc.mem_alloc()
    __import__(name)
    gc.collect()
    print(name, gc.mem_alloc() - before)
"""


def module_names(files: list[Built]) -> list[str]:
    names = [one.path.removesuffix(".mpy").removesuffix("/__init__").replace("/", ".") for one in files]
    names = [name for name in names if name.startswith("talus")]
    late = [name for name in names if name.rpartition(".")[2] in ASK_THE_BUNDLE]
    return sorted(names, key=lambda name: (name in late, name == "talus.app", name.count(".") != 2, name))


def heap_of_rooms() -> list[tuple[str, int]]:
    """(module, bytes of heap behind its import) on the WebAssembly build, whose words are of a board's size."""
    with tempfile.TemporaryDirectory() as folder, Interpreter() as inside:
        files = build(Path(folder))
        for one in files:
            inside.put("/slot/" + one.path, Path(folder, one.path).read_bytes())
        inside.run(f"NAMES = {module_names(files)!r}")
        return [(name, int(size)) for name, size in (line.split() for line in inside.run(IMPORTS).splitlines())]


def furnish(folder: Path) -> None:
    """A board's file system: the compiled slot, a fitter's calibration and what the chips will answer."""
    build(folder / "b")
    answers, alignment = record(TICKS)
    (folder / "answers").mkdir()
    for place, data in answers.items():
        (folder / "answers" / str(place)).write_bytes(data)
    fitted = brace.Build(alignment=alignment).fitted(brace.make().leg)
    (folder / "calibration.json").write_text(json.dumps(fitted))
    (folder / "inside.py").write_text(INSIDE.read_text())
    slot = folder / "b"
    (folder / "rom").write_bytes(rom_image({"/" + one.relative_to(slot).as_posix(): one.read_bytes()
                                            for one in sorted(slot.rglob("*.mpy"))}))  # fmt: skip


def live(program: str, folder: Path, hours: float, heap_bytes: int, rom: bool) -> str:
    """What the brace printed over so many hours in that heap, or how it ended."""
    for kept in ("log", "bonds"):
        subprocess.run(["rm", "-rf", str(folder / kept)], check=True)
    (folder / "start.py").write_text(START.format(folder=str(folder), hours=hours, rom=rom))
    command = [program, "-X", f"heapsize={heap_bytes}", str(folder / "start.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found, text
    return int(found[1])


def prove(program: str, hours: float, kib: int, rom: bool = False) -> None:
    """The life in that heap, else the smallest that is enough for a twentieth of an hour, and the life in that one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        furnish(folder)
        spare = number(r"stand-ins (\d+)", live(program, folder, 0.001, 1 << 20, rom))
        said = live(program, folder, hours, kib * 1024 + spare, rom)
        if "records" not in said:
            sys.stdout.write(f"{kib} KiB are too little: {said.strip().splitlines()[-1]}\n")
            while "records" not in live(program, folder, 0.05, kib * 1024 + spare, rom):
                kib += STEP_KIB
            said = live(program, folder, hours, kib * 1024 + spare, rom)
        given = "what stands in and the image" if rom else "what stands in"
        sys.stdout.write(f"{hours:g} h of walking in a heap of {kib} KiB and {spare} bytes for {given}\n")
        sys.stdout.write("\n".join(line for line in said.splitlines() if "talus:" not in line) + "\n")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        files = build(Path(name))
    heap = dict(heap_of_rooms())
    sys.stdout.write("a slot's files: bytes compiled, bytes of heap behind the import (WebAssembly)\n")
    for one in sorted(files, key=lambda one: -one.size):
        module = one.path.removesuffix(".mpy").removesuffix("/__init__").replace("/", ".")
        sys.stdout.write(f"  {one.path:<32}{one.size:7}{heap.get(module, ''):>9}\n")
    total = sum(one.size for one in files)
    sys.stdout.write(f"  {'all ' + str(len(files)):<32}{total:7}{sum(heap.values()):9}\n")
    program = os.environ.get("MICROPYTHON", "")
    if not program or program.endswith(".elf"):
        sys.stdout.write("the heap of a whole brace: not measured, name a unix build by MICROPYTHON=path\n")
        return
    prove(program, float(os.environ.get("HOURS", "1")), int(os.environ.get("HEAP", "96")), bool(os.environ.get("ROM")))


if __name__ == "__main__":
    main()
