"""The command line as a stranger meets it: one clear line and a code for what does not fit, nothing half-written."""

import csv
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from host.commands import Done, Talus, refused

from talus_host import cli, cli_now, cli_watch, cli_weeks


def walk(path: Path, rows: int = 300, **changes: object) -> Path:
    """A recording of an ankle that swings 20 deg once a second; changes: (line, column) -> cell, header, stop."""
    header = ["time_s", "ankle_angle_deg"]
    table = [[f"{i / 100:.2f}", f"{(i % 100) / 5 - 10:.2f}"] for i in range(rows)]
    path.write_text("")
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([changes.get("header", header), *table])
    return path


def spoil(path: Path, line: int, column: int, cell: str) -> Path:
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[line - 1][column] = cell
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


SPOILT = {
    "a missing column": (lambda p: walk(p, header=["seconds", "ankle_angle_deg"]), ("time_s",)),
    "a mistyped column": (
        lambda p: walk(p, header=["time_s", "ankle_angel_deg"]),
        ("ankle_angel_deg", "ankle_angle_deg"),
    ),
    "wrong units": (lambda p: spoil(walk(p), 57, 1, "2000"), ("line 57", "ankle_angle_deg", "2000")),
    "not a number": (lambda p: spoil(walk(p), 58, 1, "nan"), ("line 58", "ankle_angle_deg", "nan")),
    "a word": (lambda p: spoil(walk(p), 59, 1, "twelve"), ("line 59", "ankle_angle_deg", "twelve")),
    "an empty cell": (lambda p: spoil(walk(p), 60, 1, ""), ("line 60", "ankle_angle_deg")),
    "backwards time": (lambda p: spoil(walk(p), 100, 0, "0.50"), ("line 100", "time_s", "0.5")),
    "zero rows": (lambda p: walk(p, rows=0), ("zero rows",)),
    "no such file": (lambda p: p, ("walk.csv",)),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_recording_that_does_not_fit_is_refused_whole(talus: Talus, what: str, tmp_path: Path) -> None:
    make, words = SPOILT[what]
    path = make(tmp_path / "walk.csv")
    strides, events = tmp_path / "strides.csv", tmp_path / "events.csv"
    strides.write_text("what was there before\n")
    done = talus("replay", str(path), "--strides", str(strides), "--events", str(events))
    refused(done, 65, "walk.csv", *words)
    assert strides.read_text() == "what was there before\n"
    assert not events.exists()


def test_a_gap_in_a_recording_names_where_it_is(talus: Talus, tmp_path: Path) -> None:
    path = walk(tmp_path / "walk.csv")
    rows = path.read_text().splitlines()
    path.write_text("\n".join(rows[:100] + rows[150:]) + "\n")
    refused(talus("replay", str(path)), 65, "walk.csv", "line 101", "gap")


def test_an_output_that_cannot_be_written_is_named(talus: Talus, tmp_path: Path) -> None:
    done = talus("replay", str(walk(tmp_path / "walk.csv")), "--events", str(tmp_path / "nowhere" / "events.csv"))
    refused(done, 65, "nowhere", "cannot be written")


def test_both_outputs_are_looked_at_before_either_is_written(talus: Talus, tmp_path: Path) -> None:
    """And before the recording is, which may take minutes: here it is none at all."""
    strides = tmp_path / "strides.csv"
    refused(talus("replay", "none.csv", "--strides", str(strides), "--events", "/dev/null"), 65, "/dev/null", "regular")
    assert not strides.exists()


def test_replay_writes_both_tables_and_says_what_it_found(talus: Talus, tmp_path: Path) -> None:
    path = walk(tmp_path / "walk.csv")
    events = tmp_path / "events.csv"
    done = talus("replay", str(path), "--events", str(events), "--strides", str(tmp_path / "strides.csv"), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["file"] == "walk.csv" and said["interpreter"] == "cpython"
    assert events.read_text().splitlines()[0] == "time_s,event,source"
    assert (tmp_path / "strides.csv").read_text().startswith("start_s,end_s,toe_off_s,duration_s,")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("frob",), "frob"),
        (("show", "--days", "0"), "--days"),
        (("replay",), "--table"),
        (("replay", "x.csv", "--interpreter", "pypy"), "pypy"),
        (("export", "out", "--format", "xls"), "xls"),
        (("show", "--frob"), "--frob"),
        (("collect", "--file", "x.talus", "--address", "AA:BB:CC:DD:EE:FF"), "--address"),
        (("replay", "--table", ".", "--events", "x.csv"), "--events"),
    ],
)
def test_wrong_usage_names_the_word(talus: Talus, words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    refused(talus(*words, home=tmp_path), 64, said, "--help")


def test_help_names_every_verb(talus: Talus) -> None:
    done = talus("--help")
    assert done.returncode == 0
    for verb in [c for one in (cli, cli_weeks, cli_now, cli_watch) for c in one.app.registered_commands]:
        assert verb.callback and verb.callback.__name__ in done.stdout


@pytest.mark.parametrize("verb", ["show", "rebuild"])
def test_without_a_database_nothing_is_made(talus: Talus, verb: str, tmp_path: Path) -> None:
    refused(talus(verb, home=tmp_path / "mistyped"), 65, "talus.db", "no such file")
    assert not (tmp_path / "mistyped").exists()


def test_a_database_from_a_newer_version_is_left_alone(talus: Talus, tmp_path: Path) -> None:
    from talus_host.store import Store

    Store(tmp_path / "talus.db").close()
    with sqlite3.connect(tmp_path / "talus.db") as database:
        database.execute("update alembic_version set version_num = '9999'")
    database.close()
    before = (tmp_path / "talus.db").read_bytes()
    refused(talus("show", home=tmp_path), 76, "talus.db", "newer")
    refused(talus("rebuild", home=tmp_path), 76, "newer")
    refused(talus("demo", "--once", "--data", str(tmp_path)), 76, "newer")
    assert (tmp_path / "talus.db").read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(talus: Talus, tmp_path: Path) -> None:
    (tmp_path / "talus.db").write_text("dear diary\n" * 200)
    refused(talus("show", home=tmp_path), 74, "talus.db")
    assert (tmp_path / "talus.db").read_text() == "dear diary\n" * 200


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's Bluetooth can be hidden from one program")
@pytest.mark.parametrize("words", [("scan", "--seconds", "1"), ("collect",), ("forget", "--yes")])
def test_no_bluetooth_adapter_is_said_in_words(
    talus: Talus, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")  # where BlueZ would be asked
    refused(talus(*words, home=tmp_path), 69, "no Bluetooth adapter")


def test_a_file_that_is_no_journal_is_refused(talus: Talus, tmp_path: Path) -> None:
    path = tmp_path / "history.talus"
    path.write_bytes(b"nothing like it")
    home = tmp_path / "home"
    refused(talus("collect", "--file", str(path), home=home), 76, "history.talus", "not a .talus file")
    refused(talus("collect", "--file", str(tmp_path / "none.talus"), home=home), 65, "none.talus", "No such file")
    assert not home.exists()


def test_a_port_in_use_is_said_before_any_work(talus: Talus, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = talus("demo", "--data", str(tmp_path / "demo"), "--port", str(port))
    refused(done, 69, str(port), "already in use")
    assert not (tmp_path / "demo").exists()


def test_the_doctor_says_each_finding_and_what_to_do(talus: Talus, tmp_path: Path) -> None:
    done = talus("doctor", "--json", home=tmp_path)
    found = {one["what"]: one for one in json.loads(done.stdout)}
    assert found["database"]["state"] == "note" and "talus collect" in found["database"]["says"]
    assert found["disk"]["state"] == "ok"
    assert done.returncode == (1 if any(one["state"] == "wrong" for one in found.values()) else 0)


def test_the_installed_command_says_and_exits_the_same() -> None:
    command = Path(sys.executable).with_name("talus")
    done = subprocess.run([command, "frob"], capture_output=True, text=True, timeout=120)
    refused(Done(done.returncode, done.stdout, done.stderr), 64, "frob")
    assert subprocess.run([command], capture_output=True, timeout=120).returncode == 0
