"""`talus watch` at its rim: signals, the lock, the log without a person in it, the state, the unit."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import missing
from host.commands import Talus, refused
from host.watching import BRISK, LEFT, RIGHT, a_room, until, watching
from twin.a_brace import Shelf

from talus_host.errors import AlreadyWatchingError, InputError
from talus_host.service import alone, health, log, notify, pace, unit
from talus_host.service.air import Air
from talus_host.store import Store, engine
from talus_host.verbs import watch
from talus_twin.radio import virtual_time

LABEL, ZONE = "Mrs Example", "Antarctica/Troll"


# -- stopping ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_in_the_middle_of_a_commit_it_finishes_it(number: signal.Signals, tmp_path: Path) -> None:
    class Slow(Shelf):
        began, may_end = threading.Event(), threading.Event()

        def put(self, info: Any, records: Any, received_utc_ms: int) -> Any:
            self.began.set()
            assert self.may_end.wait(30)
            return super().put(info, records, received_utc_ms)

    async def story() -> None:
        async with a_room(tmp_path, 200, timing=None) as room:  # in real time, as threads and signals are
            room.legs[1].air.unplug()
            Slow.began.clear()
            Slow.may_end.clear()
            shelf = Slow()
            watcher = room.watcher(shelf, run=asyncio.to_thread)
            before = signal.getsignal(number)
            work = asyncio.create_task(watch.until_asked(watcher))
            while not Slow.began.is_set():
                await asyncio.sleep(0.01)
            os.kill(os.getpid(), number)
            await asyncio.sleep(0.05)
            os.kill(os.getpid(), number)  # whoever asks twice waits likewise
            await asyncio.sleep(0.1)
            assert not work.done() and shelf.held == {}
            Slow.may_end.set()
            await asyncio.wait_for(work, 10)
            assert len(shelf.held) >= 200
            assert [one["event"] for one in room.events()][-2:] == ["stopping", "stopped"]
            assert signal.getsignal(number) == before
            kept = health.read(tmp_path)
            assert kept is not None and kept.stopped_ms is not None

    asyncio.run(story())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's Bluetooth can be hidden from one program")
def test_the_installed_command_goes_on_without_an_adapter_and_ends_in_order(talus: Talus, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("talus")
    words = [command, "watch", "--data", tmp_path, "--log", tmp_path / "log"]
    hidden = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus"}
    one = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=hidden)
    try:
        for _ in range(600):
            if (tmp_path / "log").exists() and "adapter_failed" in (tmp_path / "log").read_text():
                break
            assert one.poll() is None, one.communicate()
            threading.Event().wait(0.1)
        refused(talus("watch", home=tmp_path), 75, "already: stop it first")
        assert alone.is_watched(tmp_path)
        one.send_signal(signal.SIGTERM)
        assert one.communicate(timeout=30)[0] == ""
        assert one.returncode == 0
    finally:
        one.kill()
        one.wait()
    events = [json.loads(line)["event"] for line in (tmp_path / "log").read_text().splitlines()]
    assert (events[0], events[1], events[-1]) == ("started", "adapter_failed", "stopped")
    assert not alone.is_watched(tmp_path)
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600


def test_one_a_folder(tmp_path: Path) -> None:
    assert not alone.is_watched(tmp_path)
    with alone.alone(tmp_path):
        assert alone.is_watched(tmp_path)
        with pytest.raises(AlreadyWatchingError, match="another `talus watch` collects into"), alone.alone(tmp_path):
            pass
        assert alone.is_watched(tmp_path), "being asked changes nothing"
    assert not alone.is_watched(tmp_path)
    with alone.alone(tmp_path):
        pass


# -- a database that is kept from us -----------------------------------------------------------------------------------


def test_a_locked_database_is_told_waited_out_and_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 20)

    async def story() -> None:
        async with a_room(tmp_path, 100) as room:
            with Store(tmp_path / "talus.db", zone="UTC") as store:
                other = sqlite3.connect(tmp_path / "talus.db", isolation_level=None)
                other.execute("BEGIN IMMEDIATE")
                watcher = room.watcher(store)
                async with watching(watcher):
                    await until(lambda: len(room.events("failed")) >= 4)
                    assert {one["error"] for one in room.events("failed")} == {"StoreBusyError"}
                    assert "keeps the database locked: close it" in room.events("failed")[0]["says"]
                    assert [leg.journal.acknowledged for leg in room.legs] == [0, 0]
                    other.execute("ROLLBACK")
                    other.close()
                    await until(lambda: len(room.events("synced")) >= 2)
                for leg in room.legs:
                    assert store.first_missing(leg.journal.device, leg.journal.id) == leg.journal.next

    virtual_time.run(story())


# -- the log ----------------------------------------------------------------------------------------------------------


def test_the_log_has_nothing_of_a_person_in_it(tmp_path: Path) -> None:
    """Good syncs and every kind of failure there is; the errors' own words name addresses and paths on purpose."""

    async def story() -> None:
        folder = tmp_path / "Mrs Example"
        folder.mkdir()
        async with a_room(folder, 100) as room:
            with Store(folder / "talus.db", zone=ZONE) as store:
                person = store.add_person(LABEL, ZONE)
                watcher = room.watcher(store)
                async with watching(watcher):
                    await until(lambda: len(room.events("synced")) >= 2)
                    for leg in room.legs:
                        store.assign(leg.journal.device, person)
                        leg.radio.forget()
                    await until(lambda: len(room.events("failed")) >= 2)
                one = watcher.health.known()[0]
                for name, _ in pace.ADVICE:
                    error = getattr(sys.modules["talus_host.errors"], name)(f"{LEFT} {LABEL} {folder}: broke")
                    watcher._failed(watcher.health.hash_of(LEFT), one, error, 0, 0.0)
            told = room.told.getvalue()
            secrets = [LEFT, RIGHT, *LEFT.split(":")[:1], LABEL, "Example", ZONE, str(tmp_path), str(folder)]
            secrets += [f"{leg.journal.device:016x}" for leg in room.legs]
            secrets += [str(number) for leg in room.legs for number in (leg.journal.device, leg.journal.id)]
            braces = {line["brace"] for line in room.events() if "brace" in line}
            for secret in secrets[:2] + secrets[3:]:
                assert secret.upper() not in told.upper()
            for line in room.events():
                assert set(line) <= {"at", "event", *log.EVENTS[line["event"]]}
            assert {(one["clock_records"], one["records"] > 100) for one in room.events("synced")[:2]} == {(1, True)}
            assert len(braces) <= 4, "two hashes of addresses before they told their ids, two of ids after"
            assert all(len(one) == 8 and int(one, 16) >= 0 for one in braces)

    virtual_time.run(story())


def test_a_field_without_a_row_is_refused(tmp_path: Path) -> None:
    one = log.Log(tmp_path / "log", lambda: 0)
    with pytest.raises(KeyError, match="address"):
        one.say("heard", brace="00000000", address=LEFT)
    with pytest.raises(KeyError):
        one.say("whatever")


def test_a_hash_says_nothing_in_another_folder() -> None:
    one, other = health.Health(), health.Health()
    assert one.hash_of(LEFT) == one.hash_of(LEFT.lower()) != other.hash_of(LEFT)
    assert one.hash_of(LEFT) != one.hash_of(RIGHT)


def test_a_log_file_is_kept_small_and_a_full_disk_does_not_stop_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "FILE_MAX", 500)
    one = log.Log(tmp_path / "log", lambda: 0)
    for _ in range(40):
        one.say("adapter_back")
    assert (tmp_path / "log").stat().st_size <= 600 and (tmp_path / "log.1").stat().st_size <= 600
    log.Log(Path("/dev/full"), lambda: 0).say("adapter_back")


# -- the state ---------------------------------------------------------------------------------------------------------


def test_the_state_is_its_owners_alone_and_names_no_address(tmp_path: Path) -> None:
    async def story() -> None:
        async with a_room(tmp_path, 20) as room, watching(room.watcher(Shelf())):
            await until(lambda: len(room.events("synced")) >= 2)
        text = (tmp_path / health.NAME).read_text()
        assert stat.S_IMODE((tmp_path / health.NAME).stat().st_mode) == 0o600
        assert LEFT not in text and RIGHT not in text
        kept = health.read(tmp_path)
        assert kept is not None and health.text(kept).decode() == text
        assert {one.device for one in kept.known()} == {f"{leg.journal.device:016x}" for leg in room.legs}
        assert all(one.battery_pct == 87 and one.failures == 0 and one.error is None for one in kept.known())

    virtual_time.run(story())


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": 9}', '{"version": 1}', '{"version": 1, "braces": [1]}']
)
def test_a_damaged_state_is_none(content: str, tmp_path: Path) -> None:
    (tmp_path / health.NAME).write_text(content)
    assert health.read(tmp_path) is None


def test_a_brace_under_a_new_address_is_the_same_one_and_strangers_are_forgotten() -> None:
    kept = health.Health()
    kept.braces = {"old": health.BraceHealth(device="0a", records=5), "new": health.BraceHealth(records=2)}
    kept.is_same("new", "0a")
    assert list(kept.braces) == ["new"] and kept.braces["new"].records == 7
    kept.braces |= {f"s{number}": health.BraceHealth(seen_ms=number) for number in range(200)}
    kept.trim()
    assert len(kept.braces) == health.BRACES_MAX
    assert "new" in kept.braces and "s199" in kept.braces and "s0" not in kept.braces


# -- systemd ----------------------------------------------------------------------------------------------------------


def test_systemd_is_told_that_it_is_ready_and_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(path)
        server.settimeout(5)
        monkeypatch.setenv(notify.VARIABLE, path)
        notify.tell(notify.READY)
        assert server.recv(100) == b"READY=1"
    notify.tell(notify.ALIVE)  # nobody listens any more
    monkeypatch.delenv(notify.VARIABLE)
    notify.tell(notify.ALIVE)


def test_the_unit_is_written_told_and_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    asked: list[str] = []

    def systemctl(words: Sequence[str]) -> str | None:
        asked.append(" ".join(words))
        return "Failed to connect to bus" if words[0] == "enable" else None

    folder = tmp_path / "my data 100%"
    watch.install(folder, 20, "linux", systemctl)
    written = (tmp_path / "config/systemd/user" / unit.NAME).read_text()
    quoted = f'"{tmp_path}/my data 100%%"'
    assert f"watch --data {quoted} --every 20\n" in written and f"ReadWritePaths={quoted}\n" in written
    assert "{" not in written
    for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "Restart=on-failure", "RestartMaxDelaySec=600"):
        assert line in written.splitlines()
    told = capsys.readouterr().out
    assert "wrote " in told and "ran systemctl --user daemon-reload" in told
    assert (
        f"could not run systemctl --user enable --now {unit.NAME} (Failed to connect to bus): run it yourself" in told
    )
    watch.uninstall("linux", systemctl)
    assert not (tmp_path / "config/systemd/user" / unit.NAME).exists()
    assert asked == ["daemon-reload", f"enable --now {unit.NAME}", f"disable --now {unit.NAME}", "daemon-reload"]
    with pytest.raises(InputError, match="no service is installed"):
        watch.uninstall("linux", systemctl)


def verified(content: str, folder: Path) -> list[str]:
    """What systemd says against a unit of the user; keys newer than the systemd here are its to ignore."""
    path = folder / unit.NAME
    path.write_text(content)
    words = ["systemd-analyze", "verify", "--user", str(path)]
    env = os.environ | {"XDG_RUNTIME_DIR": str(folder)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, env=env)
    newer = ("RestartSteps", "RestartMaxDelaySec")
    return [line for line in done.stderr.splitlines() if not any(word in line for word in newer)]


def test_systemd_can_read_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        missing("no systemd-analyze (Debian: apt install systemd): the unit was not read by systemd")
    (tmp_path / "my data").mkdir()
    content = unit.text(Path(sys.executable), tmp_path / "my data", 15)
    assert verified(content, tmp_path) == []
    assert verified(content.replace("=strict", "=strikt"), tmp_path) != []


def test_nothing_in_the_unit_drops_capabilities_which_a_users_manager_cannot() -> None:
    keys = {line.split("=")[0] for line in unit.TEMPLATE.read_text().splitlines() if not line.startswith("#")}
    fatal = {"CapabilityBoundingSet", "AmbientCapabilities", "PrivateDevices", "PrivateUsers", "SupplementaryGroups"}
    fatal |= {"ProtectClock", "ProtectKernelModules", "ProtectKernelLogs", "ProtectControlGroups", "User", "Group"}
    assert keys & fatal == set()


@pytest.mark.parametrize("hostile", ['a"b', "a\nExecStart=/bin/sh", "a\\b", "$HOME"])
def test_a_path_a_unit_cannot_hold_is_refused(hostile: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a systemd unit cannot hold it"):
        unit.text(Path(sys.executable), tmp_path / hostile, 15)


@pytest.mark.parametrize(("platform", "word"), [("darwin", "Login Items"), ("win32", "schtasks /Create")])
def test_where_there_is_no_systemd_it_says_what_to_do_instead(platform: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"never run on .*{word}"):
        watch.install(tmp_path / "data", 15, platform)
    assert not (tmp_path / "data").exists()
    with pytest.raises(InputError, match="nothing to take away"):
        watch.uninstall(platform)


def test_wrong_words_are_refused(talus: Talus, tmp_path: Path) -> None:
    refused(talus("watch", "--install", "--uninstall", home=tmp_path), 64, "either --install or --uninstall")
    refused(talus("watch", "--install", "--log", str(tmp_path / "x"), home=tmp_path), 64, "--log")
    refused(talus("watch", "--log", str(tmp_path / "no/where"), home=tmp_path), 65, "there is no folder")
    assert not (tmp_path / "talus.db").exists()


def test_its_own_adapter_is_one_and_shared() -> None:
    """Two connects and a listening never overlap; a connect that hangs gives its turn back in time."""

    async def story() -> None:
        async with a_room(Path("/nonexistent"), 10) as room:
            air = Air(room.clock, BRISK, room.backend)
            found = await air.listen()
            links = [air.link(one) for one in found]
            assert len(links) == 2
            await asyncio.gather(*(link.open() for link in links))  # Bumble refuses a second connect beside the first
            assert {(await link.info())["side"] for link in links} == {0, 1}
            await asyncio.gather(*(link.close() for link in links))

    virtual_time.run(story())
