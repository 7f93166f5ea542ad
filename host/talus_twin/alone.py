"""A brace in a process of its own: the firmware in a real MicroPython, whose own `bluetooth` is the radio.

On the air its HCI goes over a pseudo terminal to a Bumble controller. Nothing of the firmware is replaced; its
bus, chips and power are the twin's, its files a folder, its time this machine's.
"""

import contextlib
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import talus
import talus_twin
from talus.calibration import ALIGNMENT
from talus_twin.board.interpreter import InterpreterMissing
from talus_twin.radio.apart import Apart
from talus_twin.radio.ether import Radio

NAMED_BY = "MICROPYTHON"
UART = "MICROPYBTUART"  # MicroPython's unix port takes its radio's terminal from it
ADDRESS = "D0:00:00:00:00:01"
HEAP = "32m"
PATIENCE_S = 20.0
PROGRAM = Path(talus_twin.__file__).parent / "board/alone.py"
ABLE = "import bluetooth; bluetooth.BLE.gap_pair"  # there where the port can bond


class GoneError(RuntimeError):
    """The process ended or does not answer; the message ends with what it said last."""


def find_interpreter() -> Path:
    """The MicroPython that MICROPYTHON names. Raises InterpreterMissing, in one line, where it has no fit radio."""
    named = os.environ.get(NAMED_BY)
    if not named:
        raise InterpreterMissing(f"{NAMED_BY} names no interpreter: a unix MicroPython with NimBLE is needed")
    path = Path(named)
    if not os.access(path, os.X_OK):
        raise InterpreterMissing(f"{NAMED_BY}={named}: no program")
    if subprocess.run([path, "-c", ABLE], capture_output=True, check=False).returncode:
        raise InterpreterMissing(f"{NAMED_BY}={named}: has no `bluetooth` that can bond; NimBLE is needed")
    return path


@dataclass(frozen=True)
class Worn:
    """How the brace was built, and on what leg: a file of Leg columns (JSON, at most 15 minutes), or one at rest.

    imu_alignment: chip axes -> leg axes, as a scene has it. charging: on its cable, where its radio is never off.
    """

    side: str = "left"
    imu_place: str = "shank"
    imu_alignment: tuple[int, ...] = ALIGNMENT
    leg: str | None = None
    rate_hz: int = 100
    charging: bool = True


class Alone:
    """Use as a context manager. flash: the folder of its files, which outlives it."""

    def __init__(self, ether: Apart, flash: Path, address: str = ADDRESS, worn: Worn | None = None) -> None:
        self.flash = flash
        self.address = address
        self.said: list[str] = []  # what it printed by itself
        self._ether = ether
        self._worn = worn or Worn()
        self._interpreter = find_interpreter()
        self._process: subprocess.Popen[bytes] | None = None
        self._heard = b""
        self._radio: Radio | None = None
        self._transport: Any = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Power on; returns when the brace is on the air."""
        self.flash.mkdir(parents=True, exist_ok=True)
        self._folder = tempfile.TemporaryDirectory()  # its radio opens the terminal anew whenever it is switched on
        terminal = Path(self._folder.name) / "hci"
        self._radio, self._transport = self._ether.join_over(terminal, "brace", self.address)
        command = [str(self._interpreter), "-X", f"heapsize={HEAP}", str(PROGRAM)]
        surroundings: Mapping[str, str] = os.environ | {UART: str(terminal)}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, env=surroundings, bufsize=0
        )
        self._ask(self._options())

    def _options(self) -> dict[str, Any]:
        roots = [str(Path(one.__file__ or "").resolve().parents[1]) for one in (talus, talus_twin)]
        return {"path": roots, "flash": str(self.flash), **asdict(self._worn)}

    def tell(self, expression: str) -> Any:
        """The value of an expression over `app`, `radio` and `brace`, between two passes of the firmware."""
        return self._ask({"tell": expression})

    def do(self, statements: str) -> None:
        self._ask({"do": statements})

    def cut(self) -> None:
        """The link is lost, as when someone walks away."""
        if self._radio is not None:
            self._ether.cut(self._radio)

    def kill(self) -> None:
        """The power is gone: nothing of it gets another instruction."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        if self._radio is not None:
            self._ether.hang_up(self._radio, self._transport)
            self._radio = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self._heard = b""

    def _ask(self, asked: dict[str, Any]) -> Any:
        if self._process is None or self._process.stdin is None:
            raise GoneError("the brace is off")
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        return self._answer()

    def _answer(self) -> Any:
        end_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < end_s:
            line, found, rest = self._heard.partition(b"\n")
            if not found:
                self._listen()
                continue
            self._heard = rest
            if not line.startswith((b'{"ok":', b'{"error":')):
                self.said.append(line.decode(errors="replace").rstrip())
                continue
            answer = json.loads(line)
            if "error" in answer:
                raise GoneError(answer["error"])
            told = answer["ok"]
            return bytes.fromhex(told["hex"]) if isinstance(told, dict) and "hex" in told else told
        raise GoneError(f"no answer for {PATIENCE_S:g} s; {self._last()}")

    def _listen(self) -> None:
        assert self._process and self._process.stdout
        if not select.select([self._process.stdout], [], [], 1)[0]:
            return
        got = os.read(self._process.stdout.fileno(), 65536)
        if not got:
            raise GoneError(f"the process ended; {self._last()}")
        self._heard += got

    def _last(self) -> str:
        return "it said: " + " / ".join(self.said[-5:])
