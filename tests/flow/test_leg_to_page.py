"""From a leg to a page through every room: chips, drivers, firmware, littlefs, radio, bleak, database, metrics, figure.

Nothing between the leg's columns and the figure's points is made up: what the page draws is compared with what the
recording's own reference, or the made-up person's own truth, says.
"""

import asyncio
import itertools
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from conftest import missing

from talus_dashboards.figures.steps import by_hour
from talus_dashboards.words import LANGUAGES
from talus_host.collect import Collected, collect
from talus_host.link import ble
from talus_host.store import Store
from talus_twin.alive import LiveBrace, Stretch
from talus_twin.board.brace import SITES
from talus_twin.board.flash import LittleFiles, NorFlash
from talus_twin.body import recording
from talus_twin.body.activities import Activity
from talus_twin.body.person import Person
from talus_twin.body.scene import play
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether

NOON_MS = 1_793_620_800_000  # 2026-11-02 12:00 UTC
TODAY = date(2026, 11, 2)


async def live_and_sync(life: Stretch, store: Store, seconds: float) -> Collected:
    """A brace lives through it, its button is pressed, a computer finds it, pairs and fetches what it kept."""
    ether = Ether()
    central = Central(ether)
    brace = LiveBrace(ether, LittleFiles(NorFlash(1 << 20)), iter([life]), "left", SITES)
    brace.start()
    try:
        await brace.catch_up(seconds)
        pace = asyncio.create_task(brace.keep_pace())
        await brace.invite()
        backend = ble.Backend(central.scanner, central.client)
        clock = itertools.count(NOON_MS).__next__
        async with ble.BleLink(await ble.find(backend=backend), clock, backend) as link:
            done = await collect(link, store, clock=clock)
        pace.cancel()
        return done
    finally:
        brace.stop()
        await central.close()


def steps_drawn(store: Store, person: str) -> list[float]:
    """The bars of Today's figure, hour by hour."""
    hours = store.hours(person, TODAY, TODAY + timedelta(days=1))
    drawing = by_hour(hours, [60.0] * 24, words=LANGUAGES["en"])
    assert drawing.figure is not None, drawing.text
    bars = next(trace for trace in drawing.figure.data if trace.name == "steps")
    return [float(y) for y in bars.y if y is not None and y == y and y > 0]


def test_a_recorded_walk_becomes_the_bar_on_the_page(recordings: Path, tmp_path: Path) -> None:
    path = recordings / "gaitprint_young_l.csv"
    if not path.exists():
        missing(f"{path.name} is not in the folder of recordings")
    facts = json.loads(path.with_suffix(".meta.json").read_text())["reference_facts"]
    played = recording.load(path, tail_s=12)  # a whole minute, so that the brace says it was worn in it
    life = Stretch(played.columns, played.rate_hz, played.imu_place or "shank", played.imu_alignment)
    with Store(tmp_path / "talus.db", zone="Europe/Berlin") as store:
        done = asyncio.run(live_and_sync(life, store, played.played_s))
        assert (done.skipped, done.gaps, done.duplicates) == (0, [], 0)
        person = str(store.people()["person_id"].iloc[0])
        assert steps_drawn(store, person) == [pytest.approx(2 * facts["n_strides"], abs=2)]
        day = store.days(person).iloc[0]
        assert day["cadence_spm"] == pytest.approx(facts["cadence_steps_per_min"], rel=0.02)
        stance_pct, spread = facts["stance_pct_mean_sd"]
        assert day["stance_pct"] == pytest.approx(stance_pct, abs=3 * spread)
        assert np.isnan(day["assist_impulse_nms"]), "no strain in the recording: not measured, not zero"


def test_a_made_up_walk_becomes_the_bar_on_the_page(tmp_path: Path) -> None:
    """Every channel, four minutes; truth is the body's own."""
    acts = [Activity("stand", 20), Activity("walk", 180), Activity("sit", 45)]
    scene = play(Person("foot_drop_brace", seed=7), acts)
    life = Stretch(scene.columns, scene.rate_hz, "shank", scene.imu_alignment)
    truth = {name: float(np.median(values)) for name, values in scene.truth.strides.items()}
    lengths = scene.truth.strides["end_s"] - scene.truth.strides["start_s"]
    with Store(tmp_path / "talus.db", zone="Europe/Berlin") as store:
        asyncio.run(live_and_sync(life, store, scene.duration_s))
        person = str(store.people()["person_id"].iloc[0])
        assert sum(steps_drawn(store, person)) == pytest.approx(2 * len(lengths), rel=0.05)
        day = store.days(person).iloc[0]
        assert day["cadence_spm"] == pytest.approx(120 / np.median(lengths), rel=0.02)
        assert day["ankle_range_deg"] == pytest.approx(truth["ankle_range_deg"], abs=0.5)
        assert day["swing_dorsiflexion_deg"] == pytest.approx(truth["ankle_swing_peak_deg"], abs=0.5)
        assert day["assist_impulse_nms"] == pytest.approx(truth["assist_impulse_nms"], rel=0.1)
        assert day["worn_h"] * 60 == pytest.approx(4, abs=1.01), "worn all the time; whole minutes only"
        assert day["worn_h"] + day["not_worn_h"] + day["unknown_h"] == pytest.approx(24)
        before = store.days(person)
        store.rebuild()
        assert store.days(person).equals(before), "the views come out of the records the same again"
