"""The verbs of a brace on a cable as a person types them, with the whole firmware behind the terminal."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from host.a_board import files_of, stand
from host.commands import Talus, refused

from talus_twin.board.brace import Build
from talus_twin.chips.leg import Leg
from talus_twin.usb.board import Make, PtyBoard

CALIBRATION = json.dumps(Build().fitted(Leg()))
PARTS = ("encoder", "bridge", "imu_gyro", "imu_accel", "pressure 1", "pressure 4", "thermometer", "gauge")


@pytest.fixture(scope="module")
def brace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PtyBoard]:
    """A board bare of any program, in a brace somebody has calibrated."""
    flash = tmp_path_factory.mktemp("brace") / "flash"
    flash.mkdir()
    (flash / "calibration.json").write_text(CALIBRATION)
    yield from stand(flash, Make(speed=10))  # the ten minutes of maintenance are one of this machine's


def test_the_whole_firmware_goes_onto_a_bare_board_and_says_its_self_test(talus: Talus, brace: PtyBoard) -> None:
    done = talus("deploy", "--port", brace.port)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0] == "slot a runs version 0.1.0 and is well:"
    told = [" ".join(line.split()) for line in said]
    assert [part for part in PARTS if f"{part} ok" not in told] == []
    files = files_of(brace.flash)
    assert files["slot"] == b"a" and json.loads(files["board.json"]) == {"board": "xiao_esp32c6"}
    assert files["calibration.json"].decode() == CALIBRATION
    assert any(name.startswith("log/") for name in files), "it keeps its records"


def test_logs_print_what_is_kept_and_the_brace_goes_on(talus: Talus, brace: PtyBoard) -> None:
    done = talus("logs", "--port", brace.port)
    assert done.returncode == 0, done.stderr
    assert "-- /selftest_a.txt" in done.stdout and "encoder 0 ok none" in done.stdout
    assert " boot " in done.stdout, "the support log"


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
    for verb in ("deploy", "logs", "repl", "erase"):
        more = ["--yes"] if verb == "erase" else []
        refused(talus(verb, "--port", str(tmp_path / "none"), *more), 69, "none", "cannot be opened")


def test_a_port_of_somebody_elses_says_what_to_join(
    talus: Talus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = tmp_path / "ttyACM0"
    port.touch()
    monkeypatch.setattr("os.access", lambda *_: False)  # a superuser may open everything
    refused(talus("logs", "--port", str(port)), 77, "ttyACM0", "join the group")
