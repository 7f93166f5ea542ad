"""What every test may ask for: a real MicroPython, the recordings, a place of its own."""

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from talus_host.errors import NoAdapterError
from talus_twin.board.interpreter import Interpreter, InterpreterMissing

BRACES = ("twin", "process", "air")
GOLDEN = Path(__file__).parent / "golden"
IN_CI = os.environ.get("CI") == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--brace", choices=BRACES, default="twin", help="what the sync suite speaks with")
    parser.addoption("--accept", action="store_true", help="add to the golden files what they lack; then read the diff")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "brace: of the sync suite, which --brace points at another brace")
    config.addinivalue_line("markers", "inside(why): only the brace in this process can be told to do what it needs")
    config.addinivalue_line("markers", "computers(why): one adapter and no look inside are not enough")
    kind = config.getoption("--brace")
    if kind == "twin":
        return
    other = importlib.import_module({"process": "twin.a_process", "air": "twin.a_real"}[kind])
    try:
        other.take_place()
    except (InterpreterMissing, NoAdapterError) as error:
        raise pytest.UsageError(f"--brace={kind}: {error}") from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With another brace only the sync suite runs, and of it what that brace can do."""
    kind = config.getoption("--brace")
    if kind == "twin":
        return
    config.hook.pytest_deselected(items=[one for one in items if not one.get_closest_marker("brace")])
    items[:] = [one for one in items if one.get_closest_marker("brace")]
    for one in items:
        inside = one.get_closest_marker("inside") or (kind == "air" and one.get_closest_marker("computers"))
        if inside:
            one.add_marker(pytest.mark.skip(reason=f"not with --brace={kind}: {inside.args[0]}"))


def missing(what: str) -> None:
    """Skip aloud; in CI, where everything can be installed, fail instead."""
    if IN_CI:
        pytest.fail(f"CI must not skip: {what}")
    pytest.skip(what)


@pytest.fixture
def pango() -> None:
    """What a PDF's text is set with: a library of the system, not of the environment."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        missing("Pango is not on this machine (Debian: apt install libpangoft2-1.0-0): no PDF was made")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold a line to a golden file: it is there, or is added where the run was told --accept; none is ever changed."""

    def hold(name: str, line: str) -> None:
        path = GOLDEN / name
        if line in path.read_text().splitlines():
            return
        if not request.config.getoption("--accept"):
            pytest.fail(f"tests/golden/{name} lacks a line; `pytest --accept` adds it: {line[:200]}")
        with path.open("a") as file:
            file.write(line + "\n")

    return hold


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
