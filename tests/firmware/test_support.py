"""The support log: what can stand in it, how much, how often, and what a flash that refuses does to it."""

import re
from collections.abc import Iterator

import pytest

from talus import support
from talus.support import CRASH, FILE_BYTES, FOLDER, NEW, OLD, WORDS, Support
from talus.wire import kinds
from talus_twin.board.clock import VirtualClock
from talus_twin.board.costs import Costs
from talus_twin.board.files import MemoryFiles

ACTIVE, QUIET, STORED = range(3)
TRACEBACK = """Traceback (most recent call last):
  File "boot.py", line 120, in run
  File "/a/main.py", line 170, in run
  File "/a/talus/radio.py", line 210, in <Maria Muster, 12 Elm St>
ValueError: Maria's phone aa:bb:cc:dd:ee:ff wrote 'hello' {0}
"""


@pytest.fixture
def files() -> MemoryFiles:
    costs = Costs()
    return MemoryFiles(VirtualClock(costs), costs)


def put(files: MemoryFiles, path: str, text: str) -> None:
    with files.open(path, "wb") as file:
        file.write(text.encode())


def rows(files: MemoryFiles) -> Iterator[list[str]]:
    for path in (OLD, NEW):
        try:
            with files.open(path, "rb") as file:
                text = file.read().decode()
        except OSError:
            continue
        assert text.endswith("\n")
        for line in text.splitlines():
            yield line.split(" ")


def live(files: MemoryFiles, boot: int, days: int, millivolts: int = 3800, state: int = ACTIVE) -> Support:
    log = Support(files, boot)
    log.started(0, 1, (0, 1, 0), 0, millivolts)
    for minute in range(1, days * 24 * 60):
        if minute % 180 == 0:
            log.part(minute, (0, 0, minute // 180 % 2 + 1, 4, 16))
        log.minute(minute, state, millivolts, 0)
    return log


def allowed() -> set[str]:
    lists = (kinds.RESET_CAUSES, kinds.SLOTS, kinds.SENSORS, kinds.SENSOR_STATES, kinds.HEALTH_REASONS)
    return {row[0] for row in WORDS} | {one for words in lists for one in words} | {"none"}


def test_only_words_of_a_list_and_numbers_can_stand_in_it(files: MemoryFiles) -> None:
    put(files, CRASH, TRACEBACK)
    live(files, 7, 3)
    wild = Support(files, 8)
    wild.started(99, None, (1, 2, 3), 5, None)
    wild.part(1, (250, 9, 77, 200, 2**31 - 1))
    wild.minute(80, QUIET, 3000, 12)
    crash = 0
    for row in rows(files):
        number = re.compile(r"-?\d+|\d+\.\d+\.\d+")
        words = [word for word in row if not number.fullmatch(word)]
        if row[2] == "crash":
            crash += 1
            assert words == ["crash", "ValueError", "boot.py:120", "main.py:170", "radio.py:210"]
        else:
            assert set(words) <= allowed(), row
    assert crash == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Maria Muster",
        '  File "Maria Muster", line 3, in x\n12 Elm St, aa:bb:cc:dd:ee:ff',
        "X" * 5000,
        '  File "a.py", line 9 9, in\nE: x',
        TRACEBACK * 40,
    ],
)
def test_whatever_a_crash_left_becomes_names_and_line_numbers(files: MemoryFiles, text: str) -> None:
    put(files, CRASH, text)
    assert Support(files, 1).started(3, 1, (0, 1, 0), 0, 3900)
    (crash,) = [row for row in rows(files) if row[2] == "crash"]
    assert len(" ".join(crash)) < 1024
    for word in crash[3:]:
        assert re.fullmatch(r"[A-Za-z0-9._]{1,24}(:\d+)?", word)


def test_bytes_that_are_no_text_are_no_crash(files: MemoryFiles) -> None:
    with files.open(CRASH, "wb") as file:
        file.write(b"\xff\xfe\x00")
    assert not Support(files, 1).started(3, 1, (0, 1, 0), 0, 3900)


def test_a_crash_is_noted_once_for_all_the_boots_that_find_it(files: MemoryFiles) -> None:
    put(files, CRASH, TRACEBACK)
    told = [Support(files, boot).started(3, 1, (0, 1, 0), 0, 3900) for boot in range(3)]
    assert told == [True, False, False]
    put(files, CRASH, TRACEBACK.replace("210", "211"))
    assert Support(files, 4).started(3, 1, (0, 1, 0), 0, 3900)


def test_it_keeps_weeks_and_never_grows(files: MemoryFiles) -> None:
    for week in range(12):
        live(files, week + 1, 7)
        assert (
            sum(files.size(path) for path in (NEW, OLD) if path.split("/")[-1] in files.listdir(FOLDER))
            <= 2 * FILE_BYTES
        )
    kept = {int(row[0]) for row in rows(files)}
    assert {12, 11, 10} <= kept and 1 not in kept


class Counting:
    """Files that count how often something is written, and may refuse."""

    def __init__(self, files: MemoryFiles) -> None:
        self._files = files
        self.writes = 0
        self.full = False

    def open(self, path: str, mode: str) -> object:
        if "r" not in mode:
            self.writes += 1
            if self.full:
                raise OSError(28)
        return self._files.open(path, mode)

    def __getattr__(self, name: str) -> object:
        return getattr(self._files, name)


def test_it_is_written_a_few_times_an_hour_whatever_happens(files: MemoryFiles) -> None:
    counting = Counting(files)
    log = Support(counting, 1)
    log.started(0, 1, (0, 1, 0), 0, 3900)
    for minute in range(1, 61):
        for _ in range(50):
            log.part(minute, (0, 0, 2, 4, 16))
        log.minute(minute, ACTIVE, 3300, minute)
    assert counting.writes <= 7
    assert any(row[2] == "dropped" and int(row[3]) > 400 for row in rows(files))
    counting.writes = 0
    for minute in range(61, 61 + 24 * 60):
        log.minute(minute, ACTIVE, 3900, 60)
    assert counting.writes <= 25, "in a quiet day once an hour, with the voltage"


def test_a_full_flash_costs_rows_and_no_word(files: MemoryFiles) -> None:
    counting = Counting(files)
    counting.full = True
    log = Support(counting, 1)
    log.started(0, 1, (0, 1, 0), 0, 3900)
    for minute in range(1, 600):
        log.part(minute, (0, 0, 2, 4, 16))
        log.minute(minute, ACTIVE, 3900, 0)
    counting.full = False
    log.minute(700, ACTIVE, 3900, 0)
    assert [row[2] for row in rows(files)][-1] == "battery", "what was noted since the last try is all there is"
    assert len(list(rows(files))) <= 12


def test_the_next_start_knows_the_last_voltage(files: MemoryFiles) -> None:
    assert Support(files, 1).last_mv is None
    log = Support(files, 1)
    log.started(0, 1, (0, 1, 0), 0, 3900)
    assert Support(files, 2).last_mv == 3900
    for minute in range(1, 200):
        log.minute(minute, ACTIVE, 3600 - 2 * minute, 0)
    assert Support(files, 2).last_mv == pytest.approx(3600 - 2 * 199, abs=20), "while it is low, every ten minutes"
    put(files, NEW, "rubbish battery\n1 2 battery x\n1 2 battery\n3 4 battery 3700 9\n")
    assert Support(files, 3).last_mv is None


def test_a_day_is_summed_by_power_state(files: MemoryFiles) -> None:
    log = Support(files, 1)
    for minute in range(1, 24 * 60 + 61):
        log.minute(minute, STORED if minute <= 480 else QUIET if minute <= 1000 else ACTIVE, 3900, 0)
    (power,) = [row for row in rows(files) if row[2] == "power"]
    assert power[3:] == ["440", "520", "480", "0"]


def test_every_word_has_its_meaning() -> None:
    assert all(row[1] for row in WORDS) and len({row[0] for row in WORDS}) == len(WORDS)
    assert support.FILE_BYTES <= 32768
