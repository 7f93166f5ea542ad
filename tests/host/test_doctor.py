"""`talus doctor`: a row for each thing that can keep a brace's records from coming, each made to happen."""

import asyncio
import shutil
import sqlite3
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError
from bleak.exc import BleakBluetoothNotAvailableReason as Reason
from host.a_writer import RECEIVED, a_brace
from host.watching import BRISK, LEFT, Room, a_room, until, watching
from twin.a_brace import Shelf

from talus_host.errors import StoreFullError
from talus_host.link.ble import Backend
from talus_host.service import alone, health
from talus_host.service.health import BraceHealth, Health
from talus_host.store import Store
from talus_host.verbs import doctor, doctor_air, doctor_clock, doctor_watch
from talus_host.verbs.finding import Finding, ago
from talus_twin.radio import virtual_time

NOW_MS = 1_800_000_000_000
DAY_MS = 86_400_000


def row(found: list[Finding], start: str) -> Finding:
    (one,) = [each for each in found if each.what.startswith(start)]
    return one


# -- the adapter -------------------------------------------------------------------------------------------------------

FAILURES: tuple[tuple[BaseException, str, str], ...] = (
    (BleakBluetoothNotAvailableError("x", Reason.NO_BLUETOOTH), "has no Bluetooth adapter", "plug one in"),
    (BleakBluetoothNotAvailableError("x", Reason.POWERED_OFF), "is switched off", "switch it on"),
    (BleakBluetoothNotAvailableError("x", Reason.NO_BLE_CENTRAL_ROLE), "cannot do Bluetooth Low Energy", "another one"),
    (BleakBluetoothNotAvailableError("x", Reason.DENIED_BY_USER), "is not permitted", "usermod -aG bluetooth"),
    (BleakBluetoothNotAvailableError("x", Reason.DENIED_BY_SYSTEM), "does not permit", "usermod -aG bluetooth"),
    (BleakBluetoothNotAvailableError("x", Reason.DENIED_BY_UNKNOWN), "is not permitted", "usermod -aG bluetooth"),
    (BleakBluetoothNotAvailableError("odd", Reason.UNKNOWN), "odd", "switched on, permitted?"),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), "not permit Bluetooth to this user", "usermod"),
    (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "does not run", "systemctl start bluetooth"),
    (BleakDBusError("org.bluez.Error.NotReady", []), "switched off", "bluetoothctl power on"),
    (BleakDBusError("org.bluez.Error.InProgress", []), "another program", "wait"),
    (PermissionError(13, "Permission denied"), "not permit Bluetooth to this user", "usermod"),
    (FileNotFoundError(2, "No such file"), "service does not answer", "systemctl start bluetooth"),
)


@pytest.mark.parametrize(("error", "seen", "do"), FAILURES, ids=lambda value: str(value)[:40])
def test_an_adapter_that_cannot_be_used_is_told_with_what_to_do(
    error: BaseException, seen: str, do: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")

    class Broken(BaseBleakScanner):
        def __init__(self, *_: object, **__: object) -> None:
            super().__init__(None, None)

        async def start(self) -> None:
            raise error

        async def stop(self) -> None:
            pass

    (found,) = asyncio.run(doctor_air.look(None, False, int, Backend(scanner=Broken), 0.1))
    assert (found.what, found.state) == ("Bluetooth", "wrong")
    assert seen in found.says and do in found.says


def test_every_system_is_told_how_to_permit_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from talus_host.link.adapter import PERMIT, SERVICE, no_adapter

    assert set(PERMIT) == set(SERVICE) == {"linux", "darwin", "win32"}
    for platform, words in PERMIT.items():
        monkeypatch.setattr("sys.platform", platform)
        assert words in str(no_adapter(BleakBluetoothNotAvailableError("x", Reason.DENIED_BY_SYSTEM)))
    monkeypatch.setattr("sys.platform", "plan9")
    assert "look into the system's settings" in str(no_adapter(OSError()))


# -- the air ----------------------------------------------------------------------------------------------------------


async def looked(room: Room, told: Health | None = None, watched: bool = False) -> list[Finding]:
    return await doctor_air.look(told, watched, room.clock, room.backend, 1)


def test_what_is_heard_and_whether_it_knows_this_computer(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path, 30) as room:
            left, right = room.legs
            right.radio.forget()
            before = [len(leg.bonds) for leg in room.legs]
            found = await looked(room)
            assert row(found, "Bluetooth").state == "ok"
            good, bad = row(found, f"bond with {left.at}"), row(found, f"bond with {right.at}")
            assert good.state == "ok" and "30 records wait" in good.says and f"{left.journal.device:016x}" in good.says
            assert bad.state == "note" and "hold the brace's button" in bad.says and "not yours" in bad.says
            assert [len(leg.bonds) for leg in room.legs] == before, "asking pairs nothing and forgets nothing"
            assert await room.central.keystore.get(f"{right.at}") is not None

    virtual_time.run(story())


def test_a_brace_of_another_version_is_told_and_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with a_room(tmp_path, 30) as room:
            monkeypatch.setattr(doctor_air.kinds, "digest", lambda: 0xDEADBEEF)
            told = row(await looked(room), f"bond with {room.legs[0].at}")
            assert told.state == "note" and "30 records wait" in told.says
            assert told.says.endswith(doctor_air.OTHER_LAYOUTS) and "all of them are kept" in told.says

    virtual_time.run(story())


@pytest.mark.parametrize("side", ["the brace", "this computer"])
def test_a_bond_lost_on_either_side_of_a_brace_collected_from(side: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path, 30) as room:
            left, right = room.legs
            right.air.unplug()
            async with watching(room.watcher(Shelf())):
                await until(lambda: room.events("synced"))
            if side == "the brace":
                left.radio.forget()
            else:
                await room.central.keystore.delete(LEFT)
            found = row(await looked(room, health.read(tmp_path)), "bond with")
            assert found.state == "wrong" and "lost, though it was collected from before" in found.says
            assert "hold the brace's button until its light blinks, then run `talus collect`" in found.says
            async with watching(room.watcher(Shelf())):
                await until(lambda: room.events("failed"))
                await asyncio.sleep(5)
                told = row(doctor_watch.look(tmp_path, room.clock()), "collecting from")
            assert told.state == "wrong" and "hold the brace's button" in told.says and "failed once" in told.says

    virtual_time.run(story())


def test_silence_is_told(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path, 1) as room:
            for leg in room.legs:
                leg.air.unplug()
            found = row(await looked(room), "braces in range")
            assert found.state == "note" and "charge it, press its button, hold it near" in found.says
            assert row(await looked(room, watched=True), "braces in range").state == "ok"

    virtual_time.run(story())


def test_a_brace_that_is_watched_is_left_to_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path, 1) as room:
            found = await looked(room, watched=True)
            assert [one.what for one in found if one.what.startswith("bond")] == []
            assert len(found) == 3

    virtual_time.run(story())


# -- the database ------------------------------------------------------------------------------------------------------


def test_a_database_nothing_was_collected_into(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db"):
        pass
    found = row(doctor._database(tmp_path), "braces")
    assert found.state == "note" and "none was ever collected from" in found.says and "talus collect" in found.says


def test_a_database_another_program_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WRITE_WAIT_S", 0.02)
    with Store(tmp_path / "talus.db"):
        pass
    assert row(doctor._database(tmp_path), "database").state == "ok"
    other = sqlite3.connect(tmp_path / "talus.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    found = row(doctor._database(tmp_path), "database")
    assert found.state == "wrong" and "keeps it locked" in found.says and "close that program" in found.says
    other.execute("ROLLBACK")
    other.close()
    assert row(doctor._database(tmp_path), "database").state == "ok"


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 10**7, 10**7))
    found = row(doctor._disk(tmp_path), "disk")
    assert found.state == "wrong" and "10 MB free" in found.says and "make room" in found.says


# -- the clock ---------------------------------------------------------------------------------------------------------


def clock(folder: Path, now_ms: int, kept: bool | None = True) -> Finding:
    return row(doctor_clock.look(folder, now_ms, lambda: kept), "clock")


def test_a_clock_that_is_right_or_kept_by_nobody(tmp_path: Path) -> None:
    assert clock(tmp_path, NOW_MS).state == clock(tmp_path, NOW_MS, None).state == "ok"
    found = clock(tmp_path, NOW_MS, False)
    assert found.state == "note" and "set-ntp true" in found.says


def test_a_clock_that_forgot_the_year(tmp_path: Path) -> None:
    found = clock(tmp_path, 0)
    assert found.state == "wrong" and "1970-01-01" in found.says and "set date and time" in found.says


def test_a_clock_that_is_behind_its_own_syncs(tmp_path: Path) -> None:
    brace = a_brace(1)
    with Store(tmp_path / "talus.db") as store:
        store.put(brace.info(), brace.records[:20], NOW_MS)
    assert RECEIVED != NOW_MS
    assert clock(tmp_path, NOW_MS + 1000).state == "ok"
    found = clock(tmp_path, NOW_MS - DAY_MS)
    assert found.state == "wrong" and "one of the two is wrong" in found.says


def test_a_clock_that_jumped_against_a_brace(tmp_path: Path) -> None:
    one = BraceHealth(device="0a", clock_moved_s=-3600.0, clock_moved_ms=NOW_MS - DAY_MS)
    health.write(tmp_path, health.text(Health(braces={"k": one})))
    found = clock(tmp_path, NOW_MS)
    assert found.state == "note" and "jumped by -3600 s" in found.says
    assert clock(tmp_path, NOW_MS + 30 * DAY_MS).state == "ok"


# -- the service -------------------------------------------------------------------------------------------------------

RUNS = Health(started_ms=NOW_MS - DAY_MS, beat_ms=NOW_MS - 5000)
WELL = BraceHealth(
    device="000000000000000a", side="left", seen_ms=NOW_MS - 9000, synced_ms=NOW_MS - 600_000, records=50
)


def service(folder: Path, told: Health | None, runs: bool = True) -> list[Finding]:
    if told:
        health.write(folder, health.text(told))
    if not runs:
        return doctor_watch.look(folder, NOW_MS)
    with alone.alone(folder):
        return doctor_watch.look(folder, NOW_MS)


@pytest.mark.parametrize(
    ("told", "runs", "state", "says"),
    [
        (None, False, "ok", "talus watch --install"),
        (None, True, "note", "just started"),
        (RUNS, True, "ok", "runs, active 5 s ago"),
        (replace(RUNS, stopped_ms=NOW_MS - 120_000), False, "note", "stopped 2 min ago"),
        (RUNS, False, "wrong", "ended without a word"),
        (replace(RUNS, beat_ms=NOW_MS - 3 * 3_600_000), True, "wrong", "systemctl --user restart"),
        (replace(RUNS, adapter="Bluetooth is switched off: switch it on"), True, "wrong", "switch it on"),
    ],
)
def test_whether_it_runs(told: Health | None, runs: bool, state: str, says: str, tmp_path: Path) -> None:
    found = row(service(tmp_path, told, runs), "service")
    assert found.state == state and says in found.says


FULL = "database talus.db: no room left on the disk; nothing of this step was kept"
FAILING = replace(WELL, failures=2, error=FULL, error_kind="StoreFullError", error_ms=NOW_MS - 60_000)
LOST = replace(FAILING, error="the connection was lost", error_kind="LinkLostError")


@pytest.mark.parametrize(
    ("one", "state", "says"),
    [
        (WELL, "ok", "heard 9 s ago, last sync 10 min ago, 50 records so far, battery unknown"),
        (replace(WELL, battery_pct=40), "ok", "battery 40 %"),
        (replace(WELL, fault="clock: two clocks of the brace disagree"), "note", "two clocks of the brace disagree"),
        (replace(WELL, missing=3), "ok", "3 records came damaged or not at all"),
        (
            replace(WELL, error="it broke", error_ms=NOW_MS - DAY_MS * 3),
            "ok",
            "its last error, over since: 3 days ago, it broke",
        ),
        (FAILING, "wrong", f"failed 2 times since, last 60 s ago: {FULL}"),
        (replace(FAILING, next_try_ms=NOW_MS + 300_000), "wrong", "next try in 5 min"),
        (LOST, "note", "failed 2 times"),
        (replace(LOST, failures=5), "wrong", "its bond may be lost: hold its button"),
        (replace(WELL, synced_ms=None), "ok", "last sync never"),
        (replace(WELL, seen_ms=NOW_MS - 5 * DAY_MS), "note", "out of reach: charge it, press its button, hold it near"),
    ],
)
def test_how_a_brace_fares(one: BraceHealth, state: str, says: str, tmp_path: Path) -> None:
    found = row(service(tmp_path, replace(RUNS, braces={"k": one})), "collecting from 000000000000000a")
    assert found.state == state and says in found.says


def test_a_stranger_is_no_alarm(tmp_path: Path) -> None:
    one = BraceHealth(seen_ms=NOW_MS, failures=9, error="the brace does not know us", error_kind="NotPairedError")
    found = row(service(tmp_path, replace(RUNS, braces={"k": one})), "a brace not known")
    assert found.state == "note" and "not yours, leave it" in found.says
    assert len(service(tmp_path, replace(RUNS, braces={"k": BraceHealth(seen_ms=NOW_MS)}))) == 1


def test_what_the_watch_met_is_what_the_doctor_tells(tmp_path: Path) -> None:
    class Full(Shelf):
        def put(self, info: Any, records: Any, received_utc_ms: int) -> Any:
            raise StoreFullError(FULL)

    async def story() -> None:
        async with a_room(tmp_path, 10) as room:
            async with watching(room.watcher(Full())):
                await until(lambda: len(room.events("failed")) >= 2)
                await asyncio.sleep(BRISK.pause_s + BRISK.listen_s + 1)
            found = doctor_watch.look(tmp_path, room.clock())
            assert row(found, "service").state == "note"
            assert sum("no room left on the disk" in one.says for one in found) == 2

    virtual_time.run(story())


def test_times_are_told_as_people_say_them() -> None:
    told = [ago(NOW_MS - seconds * 1000, NOW_MS) for seconds in (0, 59, 119, 120, 7199, 7200, 200_000)]
    assert told == ["0 s ago", "59 s ago", "119 s ago", "2 min ago", "120 min ago", "2 h ago", "2 days ago"]
    assert ago(NOW_MS + 30_000, NOW_MS) == "in 30 s"
