"""The verbs that read and write data, as a stranger uses them: odd names, files in pieces, files given twice."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from host.commands import Talus
from host.made_records import HOUR_MS, Brace, framed, utc_ms

from talus.wire import kinds
from talus_host.collect import Collected
from talus_host.link import replay
from talus_host.session import ClockPair
from talus_host.store import Store
from talus_host.verbs import collect as collect_verb

START = utc_ms("2026-05-05T10:00:00")


def a_brace() -> Brace:
    """An hour worn, then a short walk."""
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.minutes(START, 60, 1, liner=30.25)
    brace.walk(START + HOUR_MS, 30)
    return brace


def written(path: Path, brace: Brace, frames: Iterable[bytes] | None = None) -> Path:
    """A .talus file of a brace, by default of all its records."""
    with path.open("wb") as file:
        replay.dump(file, brace.info(), map(framed, brace.records) if frames is None else frames)
    return path


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return written(tmp_path / "history.talus", a_brace())


def test_a_folder_may_bear_any_name_and_is_its_owners_alone(talus: Talus, journal: Path, tmp_path: Path) -> None:
    """A question mark ends the path of a URL, brackets are markup to a terminal library."""
    home = tmp_path / "what? [/b] 100%#1"
    assert talus("collect", "--file", str(journal), home=home).returncode == 0
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "talus.db").stat().st_size > 0
    out = home / "out"
    assert talus("export", str(out), home=home).stdout.splitlines()[0] == str(out / "days.csv")
    assert str(home) in talus("doctor", home=home).stdout.replace("\n", "")


def collected(talus: Talus, path: Path, home: Path) -> dict[str, int]:
    done = talus("collect", "--file", str(path), "--json", home=home)
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    return {name: row[name] for name in ("records", "duplicates", "conflicts", "missing_records")}


def test_a_file_given_twice_brings_nothing_and_says_so(talus: Talus, journal: Path, tmp_path: Path) -> None:
    talus("collect", "--file", str(journal), home=tmp_path)
    done = talus("collect", "--file", str(journal), home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.strip().endswith(": nothing new")


INFO = {"device": 11, "journal": 12, "next": 5}
PAIR = ClockPair(1, 2, 6)


@pytest.mark.parametrize(
    ("done", "row", "said"),
    [
        (
            Collected(INFO, 1, clocks=1, octets=40, clock=PAIR),
            None,
            "nothing new but the time, to 6 ms: 1",
        ),
        (
            Collected(INFO, 2, clocks=2, octets=80, clock=PAIR),
            None,
            "to 6 ms: 2 records, made by connect",
        ),
        (Collected(INFO, 9, clocks=1, octets=90, clock=PAIR), ["9", "1", "0", "0", "90"], None),
        (
            Collected(INFO, 1, clocks=1, octets=40, skipped=7),
            ["1", "1", "0", "0", "40", "7"],
            "nothing new but the time:",
        ),
        (Collected(INFO, 0, octets=40, duplicates=3), ["0", "0", "3", "0", "40"], ": nothing new"),
        (Collected(INFO), None, ": nothing new"),
    ],
)
def test_the_clock_that_connecting_writes_is_not_told_as_news(
    done: Collected, row: list[str] | None, said: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    collect_verb._tell([done])
    told = capfd.readouterr()
    cells = [line.split() for line in told.out.splitlines() if line.startswith("000000000000000b")]
    assert [one[1 : 1 + len(row or [])] for one in cells] == ([] if row is None else [row])
    assert (said in told.err) if said else not told.err
    assert collect_verb.summary(done)["records"] == done.records, "what is stored is counted"


def test_what_was_cut_off_is_said_and_what_was_whole_is_kept(talus: Talus, journal: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.talus"
    torn.write_bytes(journal.read_bytes()[: journal.stat().st_size // 2])
    total = len(a_brace().records)
    first = collected(talus, torn, tmp_path / "home")
    assert 0 < first["records"] < total
    assert first["missing_records"] == total - first["records"]
    again = talus("collect", "--file", str(torn), home=tmp_path / "home")
    assert f"{first['missing_records']} records are damaged or were cut off" in again.stderr
    whole = collected(talus, journal, tmp_path / "home")
    assert whole["records"] == first["missing_records"]
    assert whole["missing_records"] == whole["conflicts"] == 0


def test_only_what_the_store_lacked_is_new(talus: Talus, tmp_path: Path) -> None:
    """Behind a damaged frame everything is sent again at each sync."""
    brace = a_brace()
    frames = [framed(one) for one in brace.records]
    frames[20] = frames[20][:-1] + bytes([frames[20][-1] ^ 1])
    path = written(tmp_path / "damaged.talus", brace, frames)
    whole = len(frames) - 1
    for records, duplicates in ((whole, 0), (0, whole)):
        said = collected(talus, path, tmp_path)
        assert said == {"records": records, "duplicates": duplicates, "conflicts": 0, "missing_records": 1}


def test_a_newer_brace_is_kept_whole_and_shown_as_far_as_it_is_understood(talus: Talus, tmp_path: Path) -> None:
    brace = a_brace()
    last = brace.records[-1]
    brace.records.append(last._replace(sequence=brace.sequence, kind=200, payload=b"from the years to come"))
    brace.sequence += 1
    minute = next(i for i, one in enumerate(brace.records) if one.kind == kinds.BY_NAME["minute"].number)
    brace.records[minute] = brace.records[minute]._replace(payload=brace.records[minute].payload + b"more")
    path = written(tmp_path / "newer.talus", brace)
    assert collected(talus, path, tmp_path)["records"] == len(brace.records)
    with Store(tmp_path / "talus.db", create=False) as store:
        assert store.days("1")["worn_h"].tolist() == pytest.approx([1.0])
        assert store.first_missing(brace.device, brace.journal) == brace.sequence
    assert talus("show", home=tmp_path).returncode == talus("rebuild", home=tmp_path).returncode == 0


def test_a_person_without_a_day_is_said_to_have_none(talus: Talus, tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("P1", "Europe/Berlin")
    done = talus("show", home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "P1: no day with a record yet\n")
    assert json.loads(talus("show", "--json", home=tmp_path).stdout) == {"P1": []}


def test_the_day_that_may_still_run_is_so_far_to_people_and_missing_to_programs(
    talus: Talus, journal: Path, tmp_path: Path
) -> None:
    talus("collect", "--file", str(journal), home=tmp_path)
    row = next(line for line in talus("show").stdout.splitlines() if "2026-05-05" in line)
    assert "so far" in row and "missing" not in row
    (days,) = json.loads(talus("show", "--json").stdout).values()
    assert [day["status"] for day in days] == ["missing"]


def test_the_installed_command_writes_for_its_user_alone_and_speaks_on_any_terminal(
    journal: Path, tmp_path: Path
) -> None:
    talus = Path(sys.executable).with_name("talus")
    plain = os.environ | {"PYTHONIOENCODING": "ascii", "TALUS_HOME": str(tmp_path / "home")}
    no_research = ["wearer of 000000: no consent to research holds: these files are not for it"]
    said = {"collect": [], "show": [], "export": no_research}
    for words in (["collect", "--file", str(journal)], ["show"], ["export", str(tmp_path / "out")]):
        done = subprocess.run([talus, *words], capture_output=True, text=True, timeout=120, env=plain)
        assert (done.returncode, done.stderr.splitlines()) == (0, said[words[0]])
    for path in (tmp_path / "home", tmp_path / "out", *(tmp_path / "out").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
