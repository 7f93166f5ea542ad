"""Somebody watches a brace over the air while it goes on logging: what the leg does is what is seen, every 10 ms."""

import asyncio

import numpy as np
import pandas as pd
import pytest
from flow.waving import Air, wave
from twin.a_brace import Shelf

from talus.wire import gatt, kinds, record
from talus_host.collect import collect
from talus_host.link import ble
from talus_host.verbs.live import Recent, watch
from talus_host.watching import COLUMNS, Samples, Watching, joined
from talus_twin.alive import ADDRESS

MINUTE = kinds.BY_NAME["minute"]
PATIENCE_S = 90


async def watched(air: Air, seconds: float, said: set[str] | None = None) -> list[Samples]:
    """The pieces of so many seconds of the brace's own time; said: filled with the ids they came from."""
    parts: list[Samples] = []
    enough = asyncio.Event()

    def take(new: Samples, watching: Watching) -> None:
        parts.append(new)
        (set() if said is None else said).add(watching.device)
        if new.at_ms[-1] - parts[0].at_ms[0] >= 1000 * seconds:
            enough.set()

    pace = asyncio.create_task(air.brace.keep_pace())
    await air.brace.invite()
    seen = asyncio.create_task(watch(ADDRESS, None, take, air.backend))
    while not parts and not seen.done():
        await asyncio.sleep(0.02)
    pace.cancel()
    while not enough.is_set() and not seen.done():
        await air.brace.catch_up(1)
    pace = asyncio.create_task(air.brace.keep_pace())
    seen.cancel()
    with pytest.raises(asyncio.CancelledError):
        await seen
    pace.cancel()
    return parts


def test_what_the_leg_does_is_seen_and_the_log_lacks_nothing() -> None:
    async def story() -> None:
        air = Air()
        said: set[str] = set()
        seen = joined(await watched(air, 58, said))
        assert len(seen.at_ms) > 5500
        assert (np.diff(seen.at_ms) == kinds.SAMPLE_MS).mean() > 0.99
        angle = seen.values[:, COLUMNS.index("ankle_angle_deg")]
        # The twin's clock began before this boot's: the lag that fits best is that, and it is one number.
        t = seen.at_ms / 1000
        lags = np.arange(0, 2, 0.005)
        off = [float(np.nanmedian(np.abs(wave(t - lag) - angle))) for lag in lags]
        assert min(off) < 0.15
        assert np.isnan(seen.values[:, COLUMNS.index("pressure_1_kpa")]).all(), "no film is fitted: unknown, not zero"
        await air.brace.catch_up(5)
        pace = asyncio.create_task(air.brace.keep_pace())
        await air.brace.invite()
        shelf = Shelf()
        async with ble.BleLink(await ble.find(ADDRESS, air.backend), lambda: 1, air.backend) as link:
            collected = await collect(link, shelf, clock=lambda: 1)
        assert said == {f"{collected.info['device']:016x}"}
        pace.cancel()
        told = [record.unpack(MINUTE, r.payload) for r in shelf.records() if r.kind == MINUTE.number]
        minutes = [dict(zip(MINUTE.names, values, strict=True)) for values in told]
        whole = [one for one in minutes if one["due"] == 6000]
        assert whole and all(one["samples"] == 6000 and one["missed"] == 0 for one in whole)
        await air.central.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))


def test_who_goes_leaves_a_brace_that_sends_nothing() -> None:
    async def story() -> None:
        air = Air()
        await watched(air, 2)
        await air.brace.catch_up(1)
        assert air.brace.app.now.live is None
        await air.central.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))


def test_a_watch_that_is_no_switch_is_refused() -> None:
    async def story() -> None:
        air = Air()
        pace = asyncio.create_task(air.brace.keep_pace())
        await air.brace.invite()
        async with ble.BleLink(await ble.find(ADDRESS, air.backend), lambda: 1, air.backend) as link:
            reply = await link.request(gatt.WATCH, 2)
            assert reply.values[1] == gatt.INVALID_OPERAND
        pace.cancel()
        await air.central.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))


def test_the_newest_seconds_are_kept_and_drops_counted() -> None:
    recent, watching = Recent(2), Watching()
    for n in range(100):
        if 50 <= n < 53:
            continue
        piece = (100 * n).to_bytes(4, "little") + bytes(2 * len(COLUMNS) * 10)
        recent.add(watching.feed(piece), watching)
    kept = recent.samples()
    assert (kept.at_ms[0], kept.at_ms[-1]) == (8000, 9990)
    assert (recent.taken, recent.dropped) == (970, 30)
    assert isinstance(kept.table(), pd.DataFrame) and list(kept.table())[1:] == list(COLUMNS)
