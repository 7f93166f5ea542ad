"""The verbs of a brace on a cable as a person types them, with the whole firmware behind the terminal."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from host.a_board import files_of, stand
from host.commands import Talus, refused

from talus_twin.usb.board import Make, PtyBoard


@pytest.fixture(scope="module")
def brace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PtyBoard]:
    """A board, bare of any program."""
    yield from stand(tmp_path_factory.mktemp("brace") / "flash", Make(speed=60))


def test_the_whole_firmware_goes_onto_a_bare_board_and_says_its_self_test(talus: Talus, brace: PtyBoard) -> None:
    done = talus("deploy", "--port", brace.port)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0] == "slot a runs version 0.1.0 and is well:"
    assert "gauge ok" in [" ".join(line.split()) for line in said]
    files = files_of(brace.flash)
    assert files["slot"] == b"a" and json.loads(files["board.json"]) == {"board": "xiao_esp32c6"}
    assert any(name.startswith("log/") for name in files), "it keeps its records"


def test_logs_print_what_is_kept_and_the_brace_goes_on(talus: Talus, brace: PtyBoard) -> None:
    done = talus("logs", "--port", brace.port)
    assert done.returncode == 0, done.stderr
    assert "-- /selftest_a.txt" in done.stdout and "gauge 0 ok none" in done.stdout


def test_erase_asks_and_takes_everything_only_when_it_is_sure(
    talus: Talus, brace: PtyBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(files_of(brace.flash))
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    done = talus("erase", "--port", brace.port)
    assert done.returncode == 130 and "Erase everything" in done.stderr
    assert before <= set(files_of(brace.flash))
    assert talus("erase", "--port", brace.port, "--yes").returncode == 0
    assert files_of(brace.flash) == {}


def test_a_port_that_is_none_is_one_line(talus: Talus, tmp_path: Path) -> None:
    for verb in ("deploy", "logs", "erase"):
        more = ["--yes"] if verb == "erase" else []
        refused(talus(verb, "--port", str(tmp_path / "none"), *more), 69, "none", "cannot be opened")
