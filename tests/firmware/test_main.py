"""main.py as a board would run it, with the module names of a board standing for the twin's handles."""

import builtins
import io
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from talus.board import MAIN, SLOW
from talus.board import Board as Model
from talus.bus import CLOCKS, Bus
from talus_twin.board import brace
from talus_twin.board.files import MemoryFiles

SOURCE = (Path(__file__).parents[2] / "firmware/main.py").read_text()
STEPS = 600


class Over(Exception):
    """The watchdog has been fed often enough."""


class Board:
    """Modules machine, time, os and perhaps bluetooth, and what was asked of them."""

    def __init__(self, files: dict[str, str], cause: int = 1, bluetooth: object = None) -> None:
        self.twin = brace.make()
        self.files = MemoryFiles()
        for path, text in files.items():
            with self.files.open(path, "wb") as file:
                file.write(text.encode())
        self.pins: list[tuple[Any, ...]] = []
        self.buses: list[dict[str, Any]] = []
        self.slept_ms: list[int] = []
        self.fed = 0
        self.cause = cause
        self.trial = False
        self.confirmed: list[str] = []
        self.modules = {"machine": self.machine(), "time": self.time(), "os": self.os()}
        if bluetooth is not None:
            self.modules["bluetooth"] = bluetooth

    def machine(self) -> object:
        def pin(*words: Any, **more: Any) -> object:
            self.pins.append(words)
            return SimpleNamespace(number=words[0], value=lambda *level: 1)

        def bus(*words: Any, **more: Any) -> object:
            self.buses.append(more)
            return self.twin.buses[MAIN if words else SLOW]

        for number, name in enumerate(("IN", "OUT", "PULL_UP", "OPEN_DRAIN")):
            setattr(pin, name, name if name != "IN" else number)
        causes = {"PWRON_RESET": 1, "HARD_RESET": 2, "WDT_RESET": 3, "DEEPSLEEP_RESET": 4, "SOFT_RESET": 5}
        return SimpleNamespace(
            Pin=pin, I2C=bus, SoftI2C=bus, WDT=self.watchdog, reset_cause=lambda: self.cause, **causes
        )

    def watchdog(self, timeout: int) -> object:
        assert timeout <= 8388, "the longest the RP2040 has"

        def feed() -> None:
            self.fed += 1
            if self.fed == STEPS:
                raise Over

        return SimpleNamespace(feed=feed)

    def time(self) -> object:
        clock = self.twin.clock

        def sleep_ms(ms: int) -> None:
            self.slept_ms.append(ms)
            clock.sleep_ms(ms)

        return SimpleNamespace(
            ticks_ms=clock.ticks_ms,
            ticks_us=clock.ticks_us,
            ticks_diff=lambda a, b: (a - b + 0x20000000 & 0x3FFFFFFF) - 0x20000000,
            sleep_ms=sleep_ms,
            sleep_us=clock.sleep_us,
        )

    def os(self) -> object:
        files = self.files
        return SimpleNamespace(
            listdir=files.listdir,
            remove=files.remove,
            rename=files.rename,
            mkdir=files.mkdir,
            rmdir=files.rmdir,
            statvfs=lambda path: (4096, 4096, 512, 500, 500),
            stat=lambda path: (0,) * 6 + (files.size(path),),
            urandom=self.twin.power.random,
        )

    def open(self, path: str, mode: str = "r") -> Any:
        file = self.files.open(path, mode)
        return file if "b" in mode else io.StringIO(file.read().decode())

    def load(self) -> dict[str, Any]:
        """main.py's names."""

        def fetch(name: str, *rest: Any) -> Any:
            if name == "bluetooth" and name not in self.modules:
                raise ImportError(name)
            return self.modules[name] if name in self.modules else builtins.__import__(name, *rest)

        names: dict[str, Any] = {"__builtins__": {**vars(builtins), "__import__": fetch, "open": self.open}}
        exec(compile(SOURCE, "main.py", "exec"), names)
        return names

    def run(self, over: bool = True) -> dict[str, Any]:
        """What main.py holds when the power goes; over: it would have gone on."""
        names = self.load()
        make = names["make_app"]

        def keep(model: object) -> Any:
            names["app"] = make(model)
            return names["app"]

        names["make_app"] = keep
        with pytest.raises(Over) if over else nullcontext():
            names["run"]("b", self.trial, lambda: self.confirmed.append("b"))
        return names


def test_a_board_without_a_radio_and_without_a_fitter_runs() -> None:
    board = Board({})
    app = board.run()["app"]
    assert app.radio is None and app.sampler.taken >= STEPS - 30
    assert board.files.listdir("/log"), "it keeps its records"
    assert [bus["freq"] for bus in board.buses] == [400000, 100000]


def test_what_was_finished_outlives_a_reset_where_the_clock_keeps_memory() -> None:
    kept = [b""]

    def memory(*data: bytes) -> bytes:
        """As machine.RTC().memory of an ESP32: of 2048 bytes, over a reset."""
        if data:
            kept[0] = bytes(data[0])
            assert len(kept[0]) <= 2048
        return kept[0]

    first = Board({})
    first.modules["machine"].RTC = lambda: SimpleNamespace(memory=memory)
    app = first.run()["app"]
    app.on_set_clock(1, 1_793_664_000_000, 7)
    assert app.journal.pending
    second = Board({}, cause=5)
    second.files, second.modules["os"] = first.files, first.modules["os"]
    second.modules["machine"].RTC = lambda: SimpleNamespace(memory=memory)
    journal = second.run()["app"].journal
    assert journal.recovered == app.journal.pending and journal.id == app.journal.id


@pytest.mark.parametrize(
    "files",
    [
        {"/settings.json": "[1, 2]", "/calibration.json": "7"},
        {"/settings.json": "{", "/calibration.json": '{"id": 1}'},
        {"/settings.json": '{"gait_gap_ms": "50"}', "/calibration.json": '{"encoder": 5}'},
    ],
)
def test_files_that_do_not_fit_start_it_on_the_defaults(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    app = Board(files).run()["app"]
    assert app.sampler.taken
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said[:2]] == ["settings", "calibration"]


def test_a_program_that_is_well_says_so_confirms_and_keeps_its_self_test(capsys: pytest.CaptureFixture[str]) -> None:
    board = Board({})
    board.run()
    said = capsys.readouterr().out.splitlines()
    assert "talus: slot b version 0.1.0" in said and said[-1] == "talus: well"
    assert board.confirmed == ["b"]
    assert "gauge 0 ok none" in board.files.kept["selftest_b.txt"].decode().splitlines()


def test_a_part_that_worked_under_the_other_slot_keeps_a_new_one_from_confirming(
    capsys: pytest.CaptureFixture[str],
) -> None:
    board = Board({"/selftest_a.txt": "gauge 0 ok none"})
    board.trial = True
    board.twin.chips["gauge"].silent = True
    board.run(over=False)
    assert board.confirmed == []
    assert "talus: not well: gauge" in capsys.readouterr().out.splitlines()
    assert "selftest_b.txt" not in board.files.kept


def test_a_part_that_was_broken_before_keeps_no_new_program_out() -> None:
    board = Board({"/selftest_a.txt": "gauge 0 failed no_answer"})
    board.trial = True
    board.twin.chips["gauge"].silent = True
    board.run()
    assert board.confirmed == ["b"]


@pytest.mark.parametrize(("cause", "index"), [(1, 0), (3, 2), (4, 5), (99, None)])
def test_why_it_started(cause: int, index: int | None) -> None:
    assert Board({}, cause).run()["app"]._power.reset_cause() == index


class Line:
    """One wire of a bus, which writes down what it is driven to."""

    def __init__(self, log: list[tuple[str, int]], name: str) -> None:
        self._log = log
        self._name = name

    def value(self, level: int) -> None:
        self._log.append((self._name, level))


def test_a_bus_that_is_held_is_clocked_free_and_begun_again() -> None:
    log: list[tuple[str, int]] = []
    made = [SimpleNamespace(readfrom_mem_into=object(), writeto_mem=object()) for _ in range(2)]
    waiting = iter(made)
    bus = Bus(lambda: next(waiting), lambda: (Line(log, "scl"), Line(log, "sda")), lambda us: None)
    bus.recover()
    assert bus.readfrom_mem_into is made[1].readfrom_mem_into
    assert log[: 2 * CLOCKS] == [("scl", 0), ("scl", 1)] * 9
    assert log[2 * CLOCKS :] == [("scl", 0), ("sda", 0), ("scl", 1), ("sda", 1)], "a stop: SDA rises while SCL is high"


class Asleep(Exception):
    """The chip is off, or starts again: main.py gets no further."""


class Sleeper:
    """An ESP32's words for sleep on a board, and its Power: the button is pressed for `held` looks at it."""

    def __init__(self, held: int = 0, motion: int = 0, starts: str = "") -> None:
        self.board = Board({"/starts": starts} if starts else {})
        self.board.fed = STEPS  # of a watchdog nobody ends
        self.wakes: dict[str, tuple[Any, ...]] = {}
        self.slept_ms: list[int] = []
        self.levels = iter([0] * held)
        machine = self.board.modules["machine"]
        machine.lightsleep = self.slept_ms.append
        machine.deepsleep = machine.reset = self.off
        self.board.modules["esp32"] = SimpleNamespace(
            WAKEUP_ANY_HIGH=True,
            WAKEUP_ALL_LOW=False,
            wake_on_gpio=lambda pins, level: self.wakes.update(gpio=pins),
            wake_on_ext1=lambda pins, level: self.wakes.update(ext1=pins),
        )
        self.button = SimpleNamespace(value=lambda: next(self.levels, 1))
        self.power = self.board.load()["Power"](Model("xiao_esp32c6"), self.button)
        self.power._motion = (SimpleNamespace(value=lambda: motion),)

    def off(self) -> None:
        raise Asleep

    def switch_off(self) -> None:
        with pytest.raises(Asleep):
            self.power.off()


def test_a_start_that_ends_in_order_is_no_failed_one() -> None:
    """Who presses the button of a flat brace again and again loses neither the slot nor the program."""
    one = Sleeper(starts="1")
    one.switch_off()
    assert "starts" not in one.board.files.listdir("/")


def test_it_goes_off_when_the_hand_has_left_the_button() -> None:
    one = Sleeper(held=25)
    one.switch_off()
    assert sum(one.board.slept_ms) == 2500 and one.board.fed >= STEPS + 25, "and the watchdog waits with it"
    assert one.wakes["ext1"] == (one.button,)


def test_a_button_that_hangs_neither_keeps_it_on_nor_wakes_it() -> None:
    one = Sleeper(held=10**6)
    one.switch_off()
    assert sum(one.board.slept_ms) <= 10_000 and one.wakes["ext1"] == ()


def test_an_interrupt_that_is_never_let_go_does_not_end_every_sleep() -> None:
    """An inertial unit that fell silent while it pulled its pin: ten passes a second, no more."""
    for motion, wakes, slept in ((0, 1, 4000), (1, 0, 100)):
        one = Sleeper(motion=motion)
        one.power.sleep_ms(4000)
        assert len(one.wakes["gpio"]) == wakes and one.slept_ms == [slept]
