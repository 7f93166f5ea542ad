"""Every file of the firmware is a program for a real MicroPython, and every room of it can be imported there."""

from pathlib import Path

import pytest

from talus_twin.board.interpreter import Interpreter

FIRMWARE = Path(__file__).parents[2] / "firmware"
FILES = sorted(path.relative_to(FIRMWARE).as_posix() for path in FIRMWARE.rglob("*.py"))


@pytest.mark.parametrize("name", FILES)
def test_micropython_compiles_it(name: str, micropython: Interpreter) -> None:
    micropython.put("/source.py", (FIRMWARE / name).read_bytes())
    micropython.run("compile(open('/source.py').read(), 'source', 'exec')")


def test_importing_does_nothing(micropython: Interpreter) -> None:
    """boot.py and main.py open the hardware; nothing else may need any."""
    modules = [name.removesuffix(".py").replace("/", ".") for name in FILES if name.startswith("talus/")]
    modules = [name.removesuffix(".__init__") for name in modules]
    told = micropython.run("\n".join(f"import {name}" for name in modules) + "\nprint('done')")
    assert told.split() == ["done"]
