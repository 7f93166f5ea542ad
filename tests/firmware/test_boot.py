"""The loader on a real MicroPython: a way in whatever the program does, and a slot to go back to."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from host.a_board import KEPT, board, files_of, program, put, says, stand

from talus_host.deploy.port import Port
from talus_twin.usb.board import Make, PtyBoard

__all__ = ["board"]


def slots(flash: Path, **begin: str) -> None:
    """Lay programs into slots by hand, as a deploy leaves them: a="pass", b="raise ValueError(1)"."""
    from talus_host.deploy import place

    (flash / "boot.py").write_bytes(place.loader())
    (flash / "main.py").write_bytes(place.ROOT_MAIN)
    for slot, what in begin.items():
        (flash / slot).mkdir(parents=True)
        program(slot, begin=what)(flash / slot, None)


@pytest.fixture
def flash(tmp_path: Path) -> Path:
    folder = tmp_path / "flash"
    folder.mkdir()
    return folder


@pytest.fixture
def off(flash: Path) -> Iterator[PtyBoard]:
    """A board whose power is off, so that a test can lay its files."""
    for one in stand(flash, Make(speed=60)):
        one.power_off()
        yield one


CRASH = "raise ValueError('broken')"


def test_a_proved_slot_that_crashes_again_and_again_is_left_for_the_other(off: PtyBoard, flash: Path) -> None:
    slots(flash, a=CRASH, b="pass")
    (flash / "slot").write_text("a")
    off.power_on()
    said = says(off, "talus: well")
    assert said.count("talus: crash: ValueError: broken") == 4  # the one after power on counts for nothing
    assert "talus: slot b version b" in said
    time.sleep(0.2)
    assert (flash / "slot").read_text() == "b" and not (flash / "starts").exists()


def test_when_no_slot_comes_up_the_prompt_is_kept(off: PtyBoard, flash: Path) -> None:
    slots(flash, a=CRASH, b=CRASH)
    (flash / "slot").write_text("a")
    off.power_on()
    said = says(off, "talus: no slot comes up")
    assert said[-1].startswith("talus: no slot comes up; run `make deploy`")
    assert said.count("talus: crash: ValueError: broken") == 7
    with Port(off.port) as port:
        assert port.value("1 + 1") == 2


def test_a_battery_that_is_nearly_flat_loses_no_slot(off: PtyBoard, flash: Path) -> None:
    """Ten starts that end before the program has proved itself, each after a loss of power."""
    slots(flash, a="pass", b="pass")
    (flash / "slot").write_text("a")
    for _ in range(10):
        off.power_on()
        says(off, "talus: slot a")
        off.power_off()
    off.power_on()
    assert "talus: slot a version a" in says(off, "talus: well")
    assert (flash / "slot").read_text() == "a"


DEAF = """import time
    while True:
        try:
            time.sleep(1)
        except KeyboardInterrupt:
            pass"""


def test_ctrl_c_in_the_first_seconds_reaches_the_prompt_whatever_the_program_does(flash: Path) -> None:
    for one in stand(flash, Make(speed=2)):
        one.power_off()
        slots(flash, a=DEAF)
        (flash / "slot").write_text("a")
        one.power_on()
        says(one, "talus: Ctrl-C")
        with Port(one.port) as port:
            assert port.value("1 + 1") == 2
            time.sleep(2)  # four of the board's: the window is over, and nothing has started
            assert port.value("2 + 2") == 4


def test_maintenance_is_kept_once_and_ends_by_itself(off: PtyBoard, flash: Path) -> None:
    slots(flash, a="pass")
    (flash / "slot").write_text("a")
    (flash / "maintenance").write_text("1")
    off.make = Make(speed=600)
    off.power_on()
    assert "talus: maintenance" in says(off, "talus: maintenance")
    assert not (flash / "maintenance").exists()
    assert says(off, "talus: well", 5)[-1] == "talus: well", "after ten minutes it goes back to work"


def test_a_person_who_stops_a_program_that_is_starting_is_no_fault_of_it(board: PtyBoard) -> None:
    put(board, program("1.0.0"))
    for _ in range(4):
        with Port(board.port) as port:
            port.reset()
        says(board, "talus: slot a")
    with Port(board.port):
        pass
    assert "starts" not in files_of(board.flash)
    assert (board.flash / "settings.json").read_bytes() == KEPT["settings.json"]
