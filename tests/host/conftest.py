"""An empty store with one person, ready in no time; the command line in this process, likewise."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from host.commands import Done, Talus
from host.stores import ZONE

from talus_host import cli
from talus_host.store import Store


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at this version with one person, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    with Store(path) as store:
        assert store.add_person("P1", ZONE, 8) == "1"
    return path


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(empty, tmp_path / "talus.db")
    with Store(tmp_path / "talus.db") as opened:
        yield opened


@pytest.fixture
def talus(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Talus:
    """The command line in this process, where it starts in no time."""

    def run(*words: str, home: Path | None = None) -> Done:
        if home:
            monkeypatch.setenv("TALUS_HOME", str(home))
        capfd.readouterr()
        code = cli.run(list(words))
        said = capfd.readouterr()
        return Done(code, said.out, said.err)

    return run
