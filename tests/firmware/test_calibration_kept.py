"""A new calibration comes into force whole or not at all, whenever the power goes; a damaged one is stood in for."""

import json
from typing import Any

import pytest

from talus import calibration_keep as keep
from talus.calibration_file import IN_FORCE, KEEP, KEPT, kept_ids, load
from talus.settings import Settings
from talus.wire import frame, kinds, record
from talus.wire.kinds import HEALTH_REASONS
from talus_twin.board import brace, wearing
from talus_twin.board.files import MemoryFiles
from talus_twin.board.flash import LittleFiles, NorFlash

FLASH_BYTES = 64 * 4096


def made(number: int, zero: int = 100) -> dict[str, Any]:
    top = {"id": number, "made_day": 20000, "side": 0, "imu_place": 0, "liner": 0, "reference": 0}
    return {**top, "encoder": {"zero": zero, "direction": 1}, "steps": [["encoder", 20000, "wearer"]]}


def put(files: Any, path: str, given: Any) -> None:
    with files.open(path, "wb") as file:
        file.write(given if isinstance(given, bytes) else json.dumps(given).encode())


def reader(files: Any) -> Any:
    """As main.py reads: {} where there is no file, ValueError for what is none."""

    def read(path: str) -> dict[str, Any]:
        try:
            with files.open(path, "rb") as file:
                found = json.loads(bytes(file.read()))
        except OSError:
            return {}
        if not isinstance(found, dict):
            raise ValueError(f"{path}: no JSON object")
        return found

    return read


def loaded(files: Any) -> tuple[int, str, str | None]:
    one, why = load(reader(files), files.listdir)
    return one.id, HEALTH_REASONS[one.trouble], why


@pytest.fixture
def files() -> MemoryFiles:
    return MemoryFiles()


def test_the_first_is_kept_and_undone_to(files: MemoryFiles) -> None:
    put(files, IN_FORCE, made(1, 11))  # made before there was a folder
    put(files, keep.NEW, made(2, 22))
    assert keep.accept(files, json.loads) == 2
    assert loaded(files) == (2, "none", None) and kept_ids(files.listdir) == [2, 1]
    assert keep.undo(files, json.loads) == 1
    assert loaded(files) == (1, "none", None)
    assert keep.next_number(files, json.loads) == 3, "a number is never used twice"
    with pytest.raises(ValueError, match="none is kept from before number 1"):
        keep.undo(files, json.loads)


def test_few_are_kept(files: MemoryFiles) -> None:
    for number in range(1, 12):
        put(files, keep.NEW, made(number))
        keep.accept(files, json.loads)
    assert kept_ids(files.listdir) == list(range(11, 11 - KEEP, -1))


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (made(3), "calibration id: 3 was used before"),
        ({**made(9), "encoder": {"zero": 5}}, "calibration encoder.direction: None is not an integer from -1 to 1"),
        (b"{", "Expecting property name"),
    ],
)
def test_what_does_not_fit_changes_nothing(files: MemoryFiles, given: Any, line: str) -> None:
    put(files, keep.NEW, made(5))
    keep.accept(files, json.loads)
    put(files, keep.NEW, given)
    with pytest.raises(ValueError, match=line):
        keep.accept(files, json.loads)
    assert loaded(files) == (5, "none", None)


@pytest.mark.parametrize("damage", [b"\x00", b"{", b"[1]", json.dumps({"id": 1}).encode()])
def test_a_damaged_one_is_stood_in_for_by_the_newest_that_fits(files: MemoryFiles, damage: bytes) -> None:
    for number in (1, 2, 3):
        put(files, keep.NEW, made(number, 10 * number))
        keep.accept(files, json.loads)
    put(files, IN_FORCE, damage)
    put(files, f"{KEPT}/3.json", damage)
    number, reason, why = loaded(files)
    assert (number, reason) == (2, "previous") and why and why.endswith("number 2 is in force")
    for number in (1, 2):
        files.remove(f"{KEPT}/{number}.json")
    assert loaded(files)[:2] == (0, "corrupt")


@pytest.mark.parametrize(
    ("reason", "state"), [("previous", "degraded"), ("corrupt", "failed"), ("not_calibrated", "failed"), ("none", None)]
)
def test_the_brace_says_so_in_a_health_record_and_in_info(reason: str, state: str | None) -> None:
    one = brace.make()
    one.calibration.trouble = HEALTH_REASONS.index(reason)
    app = wearing.app_of(one, Settings())
    app.start()
    wearing.step_until(one, app, 3_000_000)
    app.stop()
    part = kinds.SENSORS.index("calibration")
    reader = frame.Reader()
    told = [
        dict(zip(kind.names, values, strict=False))
        for body in reader.feed(wearing.stream_of(app.journal)) + reader.finish()
        for number, _, payload in record.split(body.body)
        for kind, values in [record.read(number, payload)]
        if kind.name == "health"
    ]
    found = [row for row in told if row["sensor"] == part]
    if state is None:
        assert found == []
    else:
        assert [(row["state"], row["reason"]) for row in found] == [
            (kinds.SENSOR_STATES.index(state), HEALTH_REASONS.index(reason))
        ]
        assert app.fault == part + 1 and app.fault_reason == HEALTH_REASONS.index(reason)


def test_without_one_nothing_is_fitted_and_it_is_told(files: MemoryFiles) -> None:
    assert loaded(files) == (0, "not_calibrated", "there is none")


@pytest.mark.parametrize("word", ["accept", "undo"])
def test_the_power_goes_at_every_program_and_erase(word: str) -> None:
    """At every one of them the volume mounts and the brace has the old calibration or the new one, whole."""

    def begin() -> tuple[NorFlash, LittleFiles]:
        flash = NorFlash(FLASH_BYTES)
        files = LittleFiles(flash)
        for number in range(1, KEEP + 2):
            put(files, keep.NEW, made(number))
            keep.accept(files, json.loads)
        if word == "accept":
            put(files, keep.NEW, made(KEEP + 2))
        return flash, files

    expected = {"accept": {KEEP + 1, KEEP + 2}, "undo": {KEEP, KEEP + 1}}[word]
    cut, seen = 0, []
    while True:
        flash, files = begin()
        flash.cut_after = cut
        try:
            getattr(keep, word)(files, json.loads)
        except Exception:
            assert flash.cut
        whole = not flash.cut
        after = NorFlash(FLASH_BYTES)  # what lies in the flash, and nothing of the program that was cut
        after.buffer[:] = flash.buffer
        again = LittleFiles(after)
        number, reason, why = loaded(again)
        assert (reason, why) == ("none", None) and number in expected, f"cut {cut}"
        assert len(kept_ids(again.listdir)) <= KEEP + 1
        seen.append(number)
        if whole:
            break
        put(again, keep.NEW, made(keep.next_number(again, json.loads)))
        keep.accept(again, json.loads)
        cut += 1
    assert cut > 5 and set(seen) == expected, "old at first, new at the end"
    assert seen[0] == KEEP + 1
