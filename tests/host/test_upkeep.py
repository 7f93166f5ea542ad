"""Beside the pages everybody is judged in time, and a database that is busy only delays it."""

import asyncio
from pathlib import Path

import pytest
from host.stores import ZONE, filed, two_days

from talus_host.errors import StoreBusyError
from talus_host.store import Store
from talus_host.verbs import upkeep
from talus_host.verbs.collect import utc_ms

PATIENCE_S = 30.0


def test_everybody_is_judged_though_the_database_was_busy_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "REST_S", 0.01)
    with Store(tmp_path / "talus.db") as store:
        store.add_person("P1", ZONE)
        filed(store, two_days())
        assert not store.caseload(utc_ms())["judged"].any()
        real, tried = store.judge_cases, []

        def busy_once(*asked: object) -> int:
            tried.append(asked)
            if len(tried) == 1:
                raise StoreBusyError("locked")
            return real(utc_ms())

        monkeypatch.setattr(store, "judge_cases", busy_once)

        async def until_judged() -> None:
            work = asyncio.create_task(upkeep.keep_judged(store))
            while not store.caseload(utc_ms())["judged"].all():
                await asyncio.sleep(0.01)
            work.cancel()

        asyncio.run(asyncio.wait_for(until_judged(), PATIENCE_S))
        assert len(tried) >= 2
