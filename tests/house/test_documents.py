"""What the documents say of columns and verbs is all there is: a new one without a word fails here."""

import subprocess
from pathlib import Path

from talus_twin.body import columns

ROOT = Path(__file__).parents[2]
HOST = (ROOT / "host/README.md").read_text()


def test_every_column_of_a_recording_is_described() -> None:
    assert [column.name for column in columns.INPUTS if f"`{column.name}`" not in HOST] == []


def test_every_file_and_room_of_the_firmware_is_described() -> None:
    told = (ROOT / "firmware/README.md").read_text()
    names = [path.name for path in (ROOT / "firmware/talus").iterdir() if not path.name.startswith("__")]
    assert [name for name in names if name not in told] == []


def test_the_top_level_is_the_house_and_nothing_else() -> None:
    told = "README.md firmware host dashboards hardware tests Makefile pyproject.toml requirements.lock package.json"
    told += " package-lock.json LICENSE CHANGELOG.md"
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {name.split("/")[0] for name in files if not name.startswith(".")} == set(told.split())
