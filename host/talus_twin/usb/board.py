"""A board on a terminal of this machine: what opens it (mpremote, a person) meets MicroPython as over USB.

Its flash is a folder, which outlives it. What runs on it is the real interpreter with the twin's chips behind the
buses; its radio is silent, and a loop that never asks the time cannot be stopped by Ctrl-C.
"""

import contextlib
import json
import os
import subprocess
import tty
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import talus_twin
from talus.board import Board, part
from talus_twin.board import brace
from talus_twin.board.interpreter import HEAP_BYTES, find_micropython, find_node

HERE = Path(__file__).parent
TWIN = Path(talus_twin.__file__).parent
GUESTS = ("chips", "board/bus.py", "board/clock.py", "board/costs.py")


@dataclass(frozen=True)
class Make:
    """What kind of board it says it is, and how fast its seconds pass (20: twenty of them in one of ours)."""

    name: str = "xiao_esp32c6"
    machine: str = "ESP32C6 module with ESP32C6"
    release: str = "1.27.0"
    mpy: int = 0  # sys.implementation._mpy; 0: the interpreter's own
    speed: float = 20.0


def virtual() -> dict[str, str | None]:
    """What the interpreter imports beside the firmware: its path there -> the file here, None for an empty one."""
    files: dict[str, str | None] = {"virtual.py": str(TWIN / "board/virtual.py")}
    files |= {"talus_twin/__init__.py": None, "talus_twin/board/__init__.py": None}
    for name in GUESTS:
        place = TWIN / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            files["talus_twin/" + file.relative_to(TWIN).as_posix()] = str(file)
    return files


def _config(make: Make) -> dict[str, Any]:
    board = Board(make.name)
    build = brace.Build()

    def of(*names: str) -> list[Any]:
        return [getattr(build, name) for name in names]

    divider = of("divider_full", "divider_open", "divider_slope")
    given: dict[str, list[Any]] = {
        "encoder": of("encoder_zero", "encoder_direction"),
        "bridge": of("bridge_offset", "bridge_per_100_mnm", "bridge_per_degc", "bridge_at_cdegc")
        + of("bridge_error_ppm", "bridge_noise"),
        "imu": of("imu_bias", "imu_accel_bias", "imu_fine", "imu_error_ppm", "imu_noise"),
        "pressure": [[divider] * 4, *of("adc_error_ppm")],
        "thermometer": of("thermometer_error_ppm"),
        "gauge": [],
    }
    return {
        "pins": {str(board.button): 1},
        "sda": {str(board.main_sda): "main", str(board.slow_sda): "slow"},
        "chips": [[name, part(name)[1], [part(name)[2], *given[name]]] for name in given],
        "uname": [make.name.split("_")[-1], make.release, make.machine],
        "mpy": make.mpy,
    }


class PtyBoard:
    """Use as a context manager. `port`: the terminal's path; `flash`: the folder of its files."""

    def __init__(self, flash: Path, make: Make | None = None) -> None:
        self.flash = flash
        self.make = make or Make()
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)  # and held open, so that a host may come and go
        os.set_blocking(self._master, False)
        self.port = os.ttyname(self._slave)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.flash.mkdir(parents=True, exist_ok=True)
        self.power_on()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.power_off()
        os.close(self._master)
        os.close(self._slave)

    def power_on(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._master, 4096):  # what was said to it while it was off, nobody has heard
                pass
        options = {
            "module": str(find_micropython()),
            "folder": str(self.flash),
            "virtual": virtual(),
            "config": _config(self.make),
            "speed": self.make.speed,
            "heapBytes": HEAP_BYTES,
        }
        command = [find_node(), str(HERE / "bridge.mjs"), json.dumps(options)]
        self._process = subprocess.Popen(command, stdin=self._master, stdout=self._master)

    def power_off(self) -> None:
        """As a pulled plug: nothing of it gets another instruction."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
