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

from talus_host.link import replay

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
    for words in (["collect", "--file", str(journal)], ["show"], ["export", str(tmp_path / "out")]):
        done = subprocess.run([talus, *words], capture_output=True, text=True, timeout=120, env=plain)
        assert (done.returncode, done.stderr) == (0, "")
    for path in (tmp_path / "home", tmp_path / "out", *(tmp_path / "out").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
