"""What every test may ask for: a real MicroPython, the recordings, a place of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from talus_twin.board.interpreter import Interpreter, InterpreterMissing

IN_CI = os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skip aloud; in CI, where everything can be installed, fail instead."""
    if IN_CI:
        pytest.fail(f"CI must not skip: {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def micropython() -> Iterator[Interpreter]:
    """One MicroPython for the whole run, with the firmware's shared rooms and the chips in its /lib."""
    try:
        interpreter = Interpreter()
    except InterpreterMissing as error:
        missing(str(error))
        raise
    with interpreter:
        interpreter.install("talus", "talus_twin.chips", "talus_twin.board")
        yield interpreter


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Folder of real walking recordings, named by TALUS_DATA; never part of the project."""
    folder = os.environ.get("TALUS_DATA")
    if not folder or not Path(folder).is_dir():
        missing("TALUS_DATA names no folder of recordings: the tests on real walking were not run")
    return Path(str(folder))
