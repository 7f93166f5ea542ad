"""Everything that can break a sync, again and again: no record lost, none twice, none torn, in any database.

TALUS_CAMPAIGN: faults of the longest part (1000); TALUS_SEED: the seed to run again. The seed is in the message of a
failure and at the end of the run.
"""

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaign.killed import WHERE, collect_until
from campaign.parent import Desk
from campaign.story import fight
from campaign.tally import Tally

from talus_host.store import Store

FAULTS = int(os.environ.get("TALUS_CAMPAIGN", "1000"))
KILLS = 24
SEED = int(os.environ.get("TALUS_SEED", "20261"))


@contextlib.contextmanager
def seeded(tally: Tally, part: str) -> Iterator[int]:
    tally.seeds[part] = str(SEED)
    try:
        yield SEED
    except BaseException as error:
        error.add_note(f"TALUS_SEED={SEED} TALUS_CAMPAIGN={FAULTS} runs {part} again")
        raise


def test_nothing_is_lost_doubled_or_torn(tmp_path: Path, tally: Tally) -> None:
    with seeded(tally, "one computer") as seed:
        fight(seed, tmp_path, tally, FAULTS, views=False)


def test_two_computers_both_get_everything_under_faults(tmp_path: Path, tally: Tally) -> None:
    with seeded(tally, "two computers") as seed:
        fight(seed + 1, tmp_path, tally, FAULTS // 8, hosts=2, views=False)


def test_the_views_stand_it_too(tmp_path: Path, tally: Tally) -> None:
    with seeded(tally, "with views") as seed:
        fight(seed + 2, tmp_path, tally, min(FAULTS, 1200) // 40)


def test_a_computer_killed_in_the_middle_of_a_commit(tmp_path: Path, tally: Tally) -> None:
    """SIGKILL to a real process on the real database, wherever a commit can be; the brace lives on."""
    path = tmp_path / "killed.db"
    Store(path).close()
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["talus_host.collect", "talus_host.store"])
    with seeded(tally, "killed computers") as seed:
        desk, chance, killed, lives = Desk(path, seed, tally), random.Random(seed), 0, 0
        while killed < KILLS:
            lives += 1
            desk.walk(chance.choice((20, 100, 200)))
            where = WHERE[killed % len(WHERE)]
            after = chance.randint(1, 12) if where == "a statement" else chance.randint(1, 3)
            here, there = processes.Pipe()
            life = processes.Process(target=collect_until, args=(path, there, where, after, chance.choice((40, 120))))
            life.start()
            there.close()
            tally.syncs += 1
            tally.whole += desk.serve(here, life, packed=lives % 2 == 0)
            life.join()
            here.close()
            assert life.exitcode in (0, -signal.SIGKILL)
            if life.exitcode:
                killed += 1
                tally.faults["SIGKILL at " + where] += 1
            truth, held = desk.truth(), desk.held()
            assert held == truth[: len(held)], "a hole, a change or a double"
        _one_more(desk, path, tally)
    views_are_those_of_a_rebuild(path, tmp_path / "rebuilt.db")


def _one_more(desk: Desk, path: Path, tally: Tally) -> None:
    """One life that nobody ends."""
    processes = multiprocessing.get_context("forkserver")
    here, there = processes.Pipe()
    life = processes.Process(target=collect_until, args=(path, there, "", 0, 4000))
    life.start()
    there.close()
    assert desk.serve(here, life, packed=True)
    life.join()
    here.close()
    assert desk.held() == desk.truth()
    tally.killed_records += len(desk.held())


def views_are_those_of_a_rebuild(path: Path, copy: Path) -> None:
    from host.stores import views

    shutil.copy(path, copy)
    with Store(copy) as store:
        store.rebuild()
    assert views(copy) == views(path)


def test_the_campaign_was_one(tally: Tally) -> None:
    """Every kind of fault struck, and a thousand of them and more."""
    if "killed computers" not in tally.seeds or "one computer" not in tally.seeds:
        pytest.skip("a part was not run: nothing to sum up")
    named = sum(tally.faults.values()) - sum(tally.faults[one] for one in ("request repeated", "answer repeated"))
    assert named >= min(FAULTS, 1000)
    assert {"disconnect", "reset", "loss of power", "power cut in a write", "ENOMEM burst", "host cancelled"} <= set(
        tally.faults
    )
    assert tally.faults.keys() >= {"piece corrupted", "piece duplicated", "queue of requests full", "brace erased"}
