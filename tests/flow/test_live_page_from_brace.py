"""From a moving ankle to a page somebody looks at: over the air, beside the syncs, and honest when the link breaks."""

import asyncio
import contextlib
import json
import math
import socket
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dashboards.speaking import en
from flow.waving import Air

from talus_dashboards.figures import live as figure
from talus_dashboards.pages import live as page
from talus_host.errors import RoadError
from talus_host.link import ble
from talus_host.store import Store
from talus_host.verbs import attending, live_feed, live_page
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.live_feed import Feed
from talus_host.watching import Samples, Watching
from talus_twin.alive import ADDRESS
from talus_twin.radio import virtual_time

PATIENCE_S = 90
ANGLE = "ankle_angle_deg"


@contextlib.asynccontextmanager
async def alive() -> AsyncIterator[Air]:
    """A brace that keeps the wall's pace, its window open, and a host that has bonded with it."""
    air = Air()
    pace = asyncio.create_task(air.brace.keep_pace())
    try:
        await air.brace.invite()
        async with ble.BleLink(await ble.find(ADDRESS, air.backend), utc_ms, air.backend):
            pass
        yield air
    finally:
        pace.cancel()
        await air.central.close()


async def until(holds: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def going(work: Awaitable[None]) -> AsyncIterator[asyncio.Future[None]]:
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_a_link_that_breaks_is_said_and_made_again() -> None:
    """The picture moves on without samples, and goes on when they do, with the hole in it."""

    async def story() -> None:
        async with alive() as air:
            feed = Feed(clock=asyncio.get_running_loop().time)
            found = await ble.find(ADDRESS, air.backend)
            async with going(live_page.follow(found, feed, feed.take, air.backend)):
                await until(lambda: feed().taken > 200)
                assert page.state_of(feed()) == "coming"
                air.brace.air.cut()
                await until(lambda: feed().link == "lost", 5)
                lost = feed()
                assert "broke or went silent" in page.told(lost, en) and lost.last_utc is not None
                await asyncio.sleep(1.5)
                drawn = figure.panels(lost.samples, 10, feed().silent_s, words=en)
                assert drawn.figure is not None
                assert max(drawn.figure.data[1].x) < -1.4
                air.brace.button.press()  # as a person would whom the page asks to
                await until(lambda: page.state_of(feed()) == "coming")
                again = feed()
                assert int(again.device, 16) == int(lost.device, 16) > 0, "whose they are is known, and the same"
                assert again.dropped > 100, "what was missed is counted"
                gaps = figure.gaps(again.samples, 10)
                assert max(count for _, count in gaps) > 100

    virtual_time.run(asyncio.wait_for(story(), PATIENCE_S))


def test_before_a_first_sample_a_refusal_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        air = Air()
        found = await asyncio.wait_for(_found(air), 30)
        air.brace.air.unplug()
        with pytest.raises(RoadError):
            await live_page.follow(found, Feed(), lambda *_: None, air.backend)
        await air.central.close()

    async def _found(air: Air) -> ble.Found:
        async with going(air.brace.keep_pace()):
            return await ble.find(ADDRESS, air.backend)

    monkeypatch.setattr(ble, "CONNECT_S", 1.0)
    monkeypatch.setattr(ble, "ANSWER_S", 1.0)
    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))


def test_syncs_go_on_while_somebody_looks_and_the_brace_is_let_go_when_nobody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    syncs: list[bool] = []
    feed = Feed()
    real = attending.collect

    async def counted(*args: Any, **kwargs: Any) -> Any:
        done = await real(*args, **kwargs)
        syncs.append(feed.looked_at)
        return done

    monkeypatch.setattr(attending, "collect", counted)
    monkeypatch.setattr(live_feed, "LOOKED_S", 1.0)

    async def story() -> None:
        nonlocal feed
        feed = Feed(clock=asyncio.get_running_loop().time)
        async with alive() as air:
            with Store(tmp_path / "talus.db") as store:
                work = attending.Attending(store, air.backend, feed, 3.0, air.brace.button.press, virtual_time.inline)
                async with going(work.run()) as task:
                    await until(lambda: syncs and not air.brace.app.radio.authorised, 20)
                    assert syncs == [False] and feed._looked_s is None, "nobody looks: no sample is asked for"
                    assert air.brace.app.now.live is None
                    took: list[int] = []
                    while len(syncs) < 3:  # a page looks
                        took.append(feed().taken)
                        await asyncio.sleep(0.25)
                    seen = feed()
                    assert syncs[1:] == [True, True]
                    assert [seen.device] == store.devices()["device"].tolist(), "the samples say whose they are"
                    assert page.state_of(seen) == "coming" and len(set(took)) > 10
                    missing = sum(count for _, count in figure.gaps(seen.samples, 10))
                    assert missing <= 0.02 * len(seen.samples), "a sync beside it costs hardly a sample"
                    assert np.ptp(seen.samples[ANGLE]) == pytest.approx(16, abs=0.5), "5 + 8 sin: from -3 to 13 degrees"
                    await until(lambda: air.brace.app.now.live is None, 10)  # nobody looks any more
                    assert not task.done()
                    assert page.state_of(feed()) in ("seeking", "lost"), "and what was is not shown as what is"

    virtual_time.run(asyncio.wait_for(story(), PATIENCE_S))


def test_who_only_looks_fetches_no_record_and_lets_the_brace_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_feed, "LOOKED_S", 1.0)

    async def story() -> None:
        feed = Feed(clock=asyncio.get_running_loop().time)
        async with alive() as air:
            with Store(tmp_path / "talus.db") as store:
                only_looks = attending.Attending(store, air.backend, feed, math.inf, air.brace.button.press)
                async with going(only_looks.run()):
                    await asyncio.sleep(5)
                    assert air.brace.app.now.live is None and feed._looked_s is None
                    took: list[int] = []
                    while not took or took[-1] < 500:
                        took.append(feed().taken)
                        await asyncio.sleep(0.25)
                    assert page.state_of(feed()) == "coming"
                    await until(lambda: air.brace.app.now.live is None, 10)
                    assert store.devices().empty

    virtual_time.run(asyncio.wait_for(story(), PATIENCE_S))


def ask(address: str) -> dict[str, Any]:
    """What a browser's page asks for, and gets."""
    home = address.split("?")[0]
    cookies = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    cookies.open(address, timeout=20).close()
    places = [*page.PLACES, ("live-beat", "data")]
    body = {
        "output": ".." + "...".join(f"{one}.{prop}" for one, prop in places) + "..",
        "outputs": [{"id": one, "property": prop} for one, prop in places],
        "inputs": [{"id": "live-tick", "property": "n_intervals", "value": 1}],
        "state": [
            {"id": "live-state", "property": "children", "value": ""},
            {"id": "url", "property": "pathname", "value": "/live"},
        ],
        "changedPropIds": ["live-tick.n_intervals"],
    }
    request = urllib.request.Request(
        home + "_dash-update-component", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with cookies.open(request, timeout=20) as answer:
        return json.loads(answer.read())["response"]


def test_the_page_is_served_by_the_process_that_holds_the_link(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept: list[Samples] = []

    def take(new: Samples, _: Watching) -> None:
        kept.append(new)

    async def story() -> None:
        async with alive() as air:
            said = ""
            async with going(live_page.show(ADDRESS, 8.0, take, port, air.backend)) as shown:
                while "http" not in said:
                    await asyncio.sleep(0.1)
                    said += capfd.readouterr().out
                await until(lambda: len(kept) > 20)
                address = next(word for word in said.split() if "http" in word)
                while (answer := await asyncio.to_thread(ask, address))["live-state"]["children"] != "Samples come in.":
                    assert not shown.done()
                rows = {row[0]: row[1:] for row in answer["live-table"]["data"]["body"]}
                assert -3.5 < float(rows["Ankle angle (deg)"][0].replace("\u2212", "-")) < 13.5
                assert rows["Pressure: place 1 (mmHg)"] == ["not measured", ""], "no film is fitted"
                await asyncio.wait_for(asyncio.shield(shown), 30)  # --seconds end it by itself

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))
