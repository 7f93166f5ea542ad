"""What `make demo ONCE=1` does, with three weeks: all that was lived is in the database, and nothing else."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from talus.wire import kinds
from talus_host import cli, tables
from talus_host.store import Store
from talus_host.verbs import demo
from talus_twin.body.history import Course, History, live

STARTED_MS = 1_793_664_000_000  # 2026-11-03 00:00 UTC


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, History]]:
    """The demo's folder after one run, and the life that was made up for it."""
    folder = tmp_path_factory.mktemp("demo")
    begun = time.monotonic()
    ended: list[int] = []

    def clock() -> int:
        """This host's clock, moved to a day of its own."""
        now = STARTED_MS + round(1000 * (time.monotonic() - begun))
        ended.append(now)
        return now

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "utc_ms", clock)
        assert cli.run(["demo", "--once", "--weeks", "3", "--data", str(folder)]) == 0
    end_ms = ended[0] - int(2 * demo.SCENE_S * 1000)
    yield folder, live(Course(end_ms, demo.SEED, 3, demo.ZONE, demo.SIDE, cut_days=14))


def rows(folder: Path) -> list[tuple[int, int, int, bytes, int]]:
    """(sequence, boot, kind, payload, ms since boot) of every record in the database, by sequence."""
    with closing(sqlite3.connect(folder / "talus.db")) as database:
        return database.execute("select sequence, boot, kind, payload, at_ms from record order by sequence").fetchall()


def test_every_record_of_the_life_is_stored_once_and_in_order(lived: tuple[Path, History]) -> None:
    folder, history = lived
    held = [(boot, kind) for _, boot, kind, *_ in rows(folder) if boot <= len(history.boots)]
    assert held == [(b.number, kinds.BY_NAME[name].number) for b in history.boots for name, _, _ in b.records]
    assert [row[0] for row in rows(folder)] == list(range(len(rows(folder)))), "no hole and nothing twice"


def test_days_say_what_was_lived(lived: tuple[Path, History]) -> None:
    folder, history = lived
    with Store(folder / "talus.db", create=False) as store:
        days = store.days(store.person_id(demo.LABEL)).set_index("day")
    for truth in history.days[1:-2]:  # the first day begins late, the last ones hold the walk of the demo itself
        row = days.loc[str(truth.date)]
        assert row["strides_valid"] == truth.strides_valid
        if np.isnan(row["worn_h"]):
            assert truth.unknown_min == pytest.approx(truth.day_min, abs=1)
        else:
            assert row["worn_h"] * 60 == pytest.approx(truth.worn_min, abs=5)
            assert row["unknown_h"] * 60 == pytest.approx(truth.unknown_min, abs=5)


def test_the_walk_through_the_chips_is_there(lived: tuple[Path, History]) -> None:
    folder, history = lived
    stride = kinds.BY_NAME["stride"].number
    lived_ms = 1000 * demo.SCENE_S  # it walks on while it is synced, and how far is this machine's affair
    kept = [row for row in rows(folder) if row[1] > len(history.boots) and row[2] == stride and row[4] < lived_ms]
    walked = tables.strides([row[3] for row in kept])
    assert 200 <= int(walked["valid"].sum()) <= 275, "330 s at some 90 steps a minute, less the turns"
    assert walked["assist_impulse_nms"].notna().all()


def test_the_brace_that_walks_is_set_as_the_one_that_lived(lived: tuple[Path, History]) -> None:
    """Else its first day would end the segment, and nothing could be told of the weeks before."""
    with Store(lived[0] / "talus.db", create=False) as store:
        settings = store.records(store.person_id(demo.LABEL), "settings")
    assert len(settings) > len(lived[1].boots)
    assert settings["settings"].nunique() == settings["calibration"].nunique() == 1


def test_a_second_run_goes_on_and_changes_nothing_that_was_there(lived: tuple[Path, History]) -> None:
    folder, _ = lived
    before = rows(folder)
    assert cli.run(["demo", "--once", "--data", str(folder)]) == 0
    after = rows(folder)
    assert len(after) > len(before)
    assert after[: len(before)] == before
