"""One brace on a cable, spoken to through mpremote's own transport: run a line, get and put a file, reset.

What goes wrong on the way is a RoadError, what the brace answers is a BraceError. A put is whole or not at all: the new
file gets its name after it has arrived and its hash is right. Breaking off is harmless at any byte.
"""

import ast
import base64
import contextlib
import hashlib
import io
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial.tools import list_ports

from talus_host.errors import BraceError, InputError, LinkLostError, NoBraceError, PortForbiddenError, TalusError

CHUNK = 1024  # of a file, at a time: the brace holds it about three times
STAY_S = 60.0  # how often a brace in maintenance is asked to stay there
QUIET_S = 20.0  # an erase of many sectors answers nothing meanwhile
HASH = """
import hashlib, os
def talus_hash(path):
    try:
        with open(path, "rb") as file:
            made, buffer = hashlib.sha256(), bytearray(512)
            while True:
                count = file.readinto(buffer)
                if not count:
                    return made.digest()
                made.update(memoryview(buffer)[:count])
    except OSError:
        return None
"""


def found() -> str:
    """The one serial port of USB this machine has. Raises NoBraceError for none, InputError for several."""
    ports = [port.device for port in sorted(list_ports.comports()) if port.vid is not None]
    if not ports:
        raise NoBraceError("no brace on a USB port; plug it in, or name its port: PORT=/dev/ttyACM0")
    if len(ports) > 1:
        raise InputError(f"several USB ports ({', '.join(ports)}): name the brace's, PORT={ports[0]}")
    return ports[0]


@contextlib.contextmanager
def _road(device: str) -> Iterator[None]:
    """What the transport raises, as an error of ours; what it prints about it, nowhere."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    except TransportExecError as error:
        said = (error.error_output.strip().splitlines() or ["nothing"])[-1]
        raise BraceError(f"{device}: the brace answered {said}") from error
    except (TransportError, serial.SerialException, OSError) as error:
        raise LinkLostError(f"{device}: the connection broke ({error}); repeating is harmless") from error


class Port:
    """A brace at its prompt. Use as a context manager; a running program is stopped on entry."""

    def __init__(self, device: str | None = None) -> None:
        self.device = device or found()
        self._transport: Any = None
        self._asked_s: float | None = None  # when a brace in maintenance was last asked to stay

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self, within_s: float = 0.0, patience_s: float = 10.0) -> None:
        """At the prompt; tries again for so long, as a board that resets is gone from USB for a while."""
        end = time.monotonic() + within_s
        while True:
            try:
                self.connect()
                with _road(self.device):
                    self._transport.enter_raw_repl(soft_reset=False, timeout_overall=patience_s)
                return
            except (NoBraceError, LinkLostError) as error:
                self.close()
                if time.monotonic() >= end:
                    if isinstance(error, NoBraceError):
                        raise
                    raise NoBraceError(f"{self.device}: no MicroPython answers there ({error.__cause__})") from error
                time.sleep(0.2)

    def connect(self) -> None:
        """The line alone: what runs goes on running."""
        try:
            self._transport = SerialTransport(self.device, baudrate=115200, timeout=QUIET_S)
        except (TransportError, OSError) as error:
            if Path(self.device).exists() and not os.access(self.device, os.R_OK | os.W_OK):
                raise PortForbiddenError(
                    f"{self.device}: this user may not open it; join the group that `ls -l {self.device}` names"
                ) from error
            raise NoBraceError(f"{self.device}: cannot be opened; is it plugged in, or in use elsewhere?") from error

    def close(self) -> None:
        if self._transport is not None:
            with contextlib.suppress(TransportError, OSError):
                if self._transport.in_raw_repl:
                    self._transport.exit_raw_repl()
            with contextlib.suppress(TransportError, OSError):
                self._transport.close()
            self._transport = None

    def stay(self) -> None:
        """From now on a brace in maintenance is kept there by what it is asked to run."""
        self._asked_s = time.monotonic()
        self.run("stay()")

    def run(self, source: str, within_s: float = QUIET_S) -> str:
        """What the brace printed. Raises BraceError with the last line of its traceback."""
        if self._asked_s is not None and time.monotonic() - self._asked_s > STAY_S:
            self.stay()
        with _road(self.device):
            said, error = self._transport.exec_raw(source, timeout=within_s)
            if error:
                raise TransportExecError(1, error.decode(errors="replace"))
        return bytes(said).decode(errors="replace").replace("\r\n", "\n")

    def value(self, expression: str) -> Any:
        """A plain value of the brace's."""
        return ast.literal_eval(self.run(f"print(repr({expression}))").strip())

    def get(self, path: str) -> bytes | None:
        """A file; None where there is none."""
        if self.hashes([path])[path] is None:
            return None
        pieces = []
        self.run(f"talus_file = open({path!r}, 'rb')")
        while piece := self.value(f"talus_file.read({CHUNK})"):
            pieces.append(piece)
        self.run("talus_file.close()")
        return b"".join(pieces)

    def put(self, path: str, data: bytes, step: Callable[[int], None] | None = None) -> None:
        """Write a file, whole or not at all, in folders that exist. step: called with the bytes of each piece."""
        new = path + ".new"
        self.run(f"import os, binascii\ntalus_file = open({new!r}, 'wb')")
        for at in range(0, len(data), CHUNK):
            piece = data[at : at + CHUNK]
            self.run(f"talus_file.write(binascii.a2b_base64({base64.b64encode(piece)!r}))")
            if step is not None:
                step(len(piece))
        self.run("talus_file.close()")
        if self.hashes([new])[new] != hashlib.sha256(data).digest():
            raise LinkLostError(f"{self.device}: {path} did not arrive whole; the one before is still there")
        self.run(f"os.rename({new!r}, {path!r})")

    def hashes(self, paths: list[str]) -> dict[str, bytes | None]:
        """SHA-256 of each file; None where there is none."""
        self.run(HASH)
        return {path: self.value(f"talus_hash({path!r})") for path in paths}

    def reset(self) -> None:
        """Start the brace again, as its button does; the line stays open where the system lets it."""
        self._asked_s = None
        with _road(self.device):
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")
            self._transport.in_raw_repl = False

    def resume(self) -> None:
        """Back to work after something broke off, if it still answers; else it does so by itself, in time."""
        with contextlib.suppress(TalusError, KeyboardInterrupt):
            self.close()
            self.open(patience_s=2)
            self.reset()

    def lines(self, within_s: float) -> Iterator[str]:
        """What the running program says, line by line, until so long has passed; a lost line is opened again."""
        end = time.monotonic() + within_s
        pending = b""
        while time.monotonic() < end:
            try:
                if self._transport is None:
                    self.connect()
                count = self._transport.serial.in_waiting
                pending += self._transport.serial.read(count) if count else b""
            except (NoBraceError, OSError):
                self.close()
            while b"\n" in pending:
                line, _, pending = pending.partition(b"\n")
                yield line.decode(errors="replace").strip()
            time.sleep(0.02)
