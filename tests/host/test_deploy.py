"""A program onto a brace by the real mpremote, against the real MicroPython on a terminal: whole, or as before."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import serial
from host.a_board import SPEED, board, files_of, fill, kept, program, put, says
from serial.tools.list_ports_common import ListPortInfo

from talus_host.deploy import place
from talus_host.deploy.port import Port
from talus_host.errors import BraceError, InputError, LinkLostError, NoBraceError, RefusedError, TalusError
from talus_twin.usb.board import Make, PtyBoard

__all__ = ["board"]
ALL = ["main.mpy", "talus/__init__.mpy", "talus/large.mpy", "talus/what.mpy"]


def test_a_bare_board_gets_a_program_and_everything_somebody_has_stays(board: PtyBoard) -> None:
    done = put(board, program("1.0.0"))
    assert (done.slot, done.version, done.parts) == ("a", "1.0.0", ["flash 0 ok none"])
    assert done.copied == ALL and kept(board.flash)
    deadline = time.monotonic() + 10
    while "slot" not in (files := files_of(board.flash)) and time.monotonic() < deadline:
        time.sleep(0.05)  # the board runs on: a look between two of its writes finds a folder half told
    assert files["slot"] == b"a" and files["board.json"] == b'{"board": "xiao_esp32c6"}'
    assert not {"trial", "maintenance", "starts"} & set(files)


def test_the_third_deploy_copies_only_the_file_that_changed(board: PtyBoard) -> None:
    assert [put(board, program(version)).slot for version in ("1.0.0", "2.0.0")] == ["a", "b"]
    third = put(board, program("3.0.0"))
    assert (third.slot, third.copied, third.kept) == ("a", ["talus/what.mpy"], 3)
    assert put(board, program("2.0.0")).copied == []
    assert kept(board.flash)


def test_mpremote_itself_works_beside_a_running_program(board: PtyBoard) -> None:
    """Its soft reset runs boot.py alone: no program, and no watchdog that nobody feeds."""
    put(board, program())
    said = subprocess.run(
        [sys.executable, "-m", "mpremote", "connect", board.port, "fs", "cat", ":slot"],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (said.returncode, said.stdout) == (0, "a"), said.stderr


class Cable:
    """Cuts the line for good after so many bytes to the brace; None only counts them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int | None) -> None:
        self.sent = 0
        write = serial.Serial.write

        def cut(line: serial.Serial, data: bytes) -> int:
            if after is not None and self.sent + len(data) > after:
                write(line, data[: max(0, after - self.sent)])
                self.sent = after
                raise serial.SerialException("the cable was cut")
            self.sent += len(data)
            return int(write(line, data))

        monkeypatch.setattr(serial.Serial, "write", cut)


def test_a_deploy_that_is_cut_off_anywhere_leaves_the_old_program_and_can_be_repeated(
    board: PtyBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(board, program("1.0.0"))
    with monkeypatch.context() as patch:
        cable = Cable(patch, None)
        put(board, program("1.0.1"))
    whole = cable.sent
    put(board, program("1.0.0"))  # back in a
    board.power_off()
    shutil.rmtree(board.flash / "b")
    board.power_on()
    before = {name: data for name, data in files_of(board.flash).items() if name.startswith("a/")}
    for part in range(8):
        with monkeypatch.context() as patch:
            Cable(patch, whole * (2 * part + 1) // 16)
            with pytest.raises((LinkLostError, NoBraceError)):
                put(board, program(f"2.0.{part}", size=3000 + part))
        board.power_off()
        now = files_of(board.flash)
        assert now["slot"] == b"a" and kept(board.flash), part
        assert before == {name: data for name, data in now.items() if name.startswith("a/")}, part
        shutil.rmtree(board.flash / "b", ignore_errors=True)  # else the next would have less to copy
        board.power_on()
        said = says(board, "talus: well")
        assert said[-1] == "talus: well" and "talus: slot a version 1.0.0" in said, (part, said)
    done = put(board, program("2.0.0"))
    assert (done.slot, done.version) == ("b", "2.0.0")


def test_ctrl_c_in_mid_copy_lets_the_old_program_go_on_at_once(board: PtyBoard) -> None:
    put(board, program("1.0.0"))

    def step(done: int, total: int | None) -> None:
        if done > 2000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Port(board.port) as port:
        place.deploy(port, None, lambda line: None, step, program("2.0.0", size=9000))
    assert "talus: slot a version 1.0.0" in says(board, "talus: well")


@pytest.mark.parametrize("after", [1, 4])
def test_a_power_cut_of_the_brace_in_mid_copy_leaves_the_old_program(board: PtyBoard, after: int) -> None:
    put(board, program("0.9.0"))
    put(board, program("1.0.0"))
    count = 0

    def step(done: int, total: int | None) -> None:
        nonlocal count
        count += 1
        if count == after:
            board.power_off()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Port(board.port) as port:
        place.deploy(port, None, lambda line: None, step, program("2.0.0", size=9000))
    assert "a/main.mpy" not in files_of(board.flash), "half of a program is no slot to fall back on"
    board.power_on()
    assert "talus: slot b version 1.0.0" in says(board, "talus: well")
    assert put(board, program("2.0.0", size=9000)).slot == "a" and kept(board.flash)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"begin": "raise ValueError('broken')"}, "ValueError: broken"),
        ({"well": False}, "not well: flash"),
        ({"begin": "import machine, time; machine.WDT(timeout=8000); time.sleep(60)"}, "it said nothing"),
    ],
    ids=["crashes", "fails its self-test", "hangs"],
)
def test_a_slot_that_does_not_come_up_well_is_left(board: PtyBoard, what: dict[str, object], why: str) -> None:
    put(board, program("1.0.0"))
    with pytest.raises(BraceError, match=f"slot b did not prove itself.*{why}.*; slot a runs as before"):
        put(board, program("2.0.0", **what))  # type: ignore[arg-type]
    assert files_of(board.flash)["slot"] == b"a" and kept(board.flash)
    assert "trial" not in files_of(board.flash)


def test_a_crash_is_kept_at_most_a_kibibyte_of_it(board: PtyBoard) -> None:
    with pytest.raises(BraceError, match="there is no program here"):
        put(board, program(begin="raise ValueError('x' * 3000 + 'end')"))
    crash = files_of(board.flash)["crash.txt"]
    assert len(crash) == 1024 and crash.endswith(b"end\n")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (
            Make(machine="Raspberry Pi Pico W with RP2040", speed=SPEED),
            "Raspberry Pi Pico W with RP2040', which is no x",
        ),
        (Make(machine="ESP8266", speed=SPEED), "'ESP8266', which is no"),
        (Make(mpy=0x0105, speed=SPEED), "with .mpy version 5; Talus needs MicroPython 1.27"),
    ],
)
def test_another_board_or_interpreter_is_refused_and_nothing_is_written(tmp_path: Path, make: Make, why: str) -> None:
    flash = tmp_path / "flash"
    fill(flash)
    (flash / "board.json").write_bytes(b'{"board": "xiao_esp32c6"}')
    before = files_of(flash)
    with PtyBoard(flash, make) as board, pytest.raises(RefusedError) as told:
        put(board, program())
    assert why in str(told.value) and "\n" not in str(told.value)
    assert files_of(flash) == before


def test_a_board_that_says_it_is_another_of_ours_is_refused(board: PtyBoard) -> None:
    with Port(board.port) as port, pytest.raises(RefusedError, match="no pico_w"):
        place.deploy(port, "pico_w", lambda line: None, lambda done, total: None, program())


class Says:
    """A bare ESP32-C6 with this in its /board.json."""

    device = "ttyTEST"

    def __init__(self, file: str) -> None:
        self._file = file

    def run(self, _: str) -> str:
        return json.dumps(["micropython", [1, 27, 0], 6, "ESP32C6 module with ESP32C6", self._file, ""])


@pytest.mark.parametrize("file", ["", "{", "[]", "{}", '{"board": NaN}', '{"board": ["a"]}', '{"board": "nope"}'])
def test_a_board_file_that_names_no_board_locks_nobody_out(file: str) -> None:
    said: Any = Says(file)
    assert place.ask(said, None).board == place.ask(said, "xiao_esp32c6").board == "xiao_esp32c6"
    with pytest.raises(RefusedError, match="which is no xiao_esp32s3"):
        place.ask(said, "xiao_esp32s3")


def test_nobody_on_the_line_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(NoBraceError, match=r"cannot be opened|no MicroPython answers"), Port(str(tmp_path / "none")):
        pass


@pytest.mark.parametrize(
    ("ports", "error", "why"),
    [
        ((), NoBraceError, "no brace on a USB port"),
        (("ttyACM0", "ttyACM1"), InputError, "several USB ports .ttyACM0, ttyACM1."),
    ],
)
def test_a_port_that_is_not_named_is_the_only_one_of_usb(
    ports: tuple[str, ...], error: type[TalusError], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def there(*names: str) -> list[ListPortInfo]:
        found = [ListPortInfo(name) for name in (*names, "ttyS0")]
        for one in found[:-1]:
            one.vid = 0x303A
        return found

    monkeypatch.setattr("talus_host.deploy.port.list_ports.comports", lambda: there(*ports))
    with pytest.raises(error, match=why):
        Port()
    monkeypatch.setattr("talus_host.deploy.port.list_ports.comports", lambda: there("ttyACM7"))
    assert Port().device == "ttyACM7"
