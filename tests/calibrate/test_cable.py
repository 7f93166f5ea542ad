"""A brace on a cable, through mpremote's own transport: the tools are brought, the parts read, the file comes into
force and is undone, and the program that was there runs again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from host.a_board import files_of, stand
from host.commands import Talus, refused

from talus_host.calibrate.bench import Bench
from talus_host.deploy.port import Port
from talus_host.verbs.calibrate import Terminal
from talus_twin.usb.board import Make, PtyBoard

LEG = """
import sys
virtual = sys.modules["virtual"]
virtual.buses["main"]._chips[0x36].leg.load(virtual.clock.us, 100, %r)
"""
REST = {"moment": [0], "reference": [2500], "liner": [2500], "ankle_angle": [0]}


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PtyBoard]:
    """Bare of any program: the tools are all there is."""
    yield from stand(tmp_path / "flash", Make(speed=200))


@pytest.fixture
def talus(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Talus:
    from host.commands import Done

    from talus_host import cli

    def run(*words: str, home: Path | None = None) -> Done:
        monkeypatch.setenv("TALUS_HOME", str(home))
        capfd.readouterr()
        code = cli.run(list(words))
        said = capfd.readouterr()
        return Done(code, said.out, said.err)

    return run


def test_the_encoder_of_a_brace_on_a_cable(
    board: PtyBoard, talus: Talus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person at the keyboard turns the ankle as they are told; the jig stands behind the chips."""
    words = ("calibrate", "--port", board.port, "--side", "left", "--step", "encoder")
    read = Bench.read

    def turned(self: Bench, reads: str, known: dict) -> object:
        deg = 12.0 if known["angle_deg"] is None else known["angle_deg"]
        self.port.run(LEG % {**REST, "ankle_angle": [round(100 * deg)]})
        return read(self, reads, known)

    monkeypatch.setattr(Bench, "read", turned)
    monkeypatch.setattr(Terminal, "ask", lambda self, said, answers: "y" if "y" in answers else answers[0])
    for number in (1, 2):
        done = talus(*words, home=tmp_path)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"calibration {number} is in force on the brace: encoder\n"
    files = files_of(board.flash)
    given = json.loads(files["calibration.json"])
    assert given["encoder"] == {"zero": 1234, "direction": -1, "gain": 64} and given["id"] == 2
    assert {"calibrations/1.json", "calibrations/2.json"} <= set(files)
    done = talus("calibrate", "--port", board.port, "--undo", home=tmp_path)
    assert done.stdout == "calibration 1 is in force again\n"
    assert json.loads(files_of(board.flash)["calibration.json"])["id"] == 1
    refused(talus("calibrate", "--port", board.port, "--undo", home=tmp_path), 76, "none is kept from before number 1")


def test_whoever_leaves_finds_the_brace_at_work_and_the_readings_kept(
    board: PtyBoard, talus: Talus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(self: Terminal, said: str, answers: object) -> str:
        asked.append(said)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr(Terminal, "ask", ask)
    words = ("calibrate", "--port", board.port, "--side", "left", "--step", "encoder")
    done = talus(*words, home=tmp_path)
    assert done.returncode == 130 and done.stderr.endswith("talus: stopped; what was stored stays stored\n")
    kept = json.loads((tmp_path / "calibrating.json").read_bytes())
    assert [row["counts"] for row in kept["encoder"]] == [1234]
    with Port(board.port) as port:
        assert port.value("'timer' in globals() and timer is not None") is False, "no maintenance any more"
    asked.clear()
    done = talus(*words, home=tmp_path)
    assert asked[0].startswith("  2 of 4: ") and "going on with the readings in" in done.stderr
