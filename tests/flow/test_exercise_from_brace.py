"""A set that the desk begins over the air, a leg that does it, and what the brace counted, back at the desk."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pandas as pd
import pytest
from twin.a_brace import Shelf

from talus.wire import gatt, kinds
from talus_host import tables
from talus_host.collect import collect
from talus_host.errors import InputError, RefusedError
from talus_host.link import ble
from talus_host.verbs.exercise import from_air, sentences
from talus_twin.alive import ADDRESS, LiveBrace, Stretch
from talus_twin.board.brace import SITES
from talus_twin.board.flash import LittleFiles, NorFlash
from talus_twin.body import exercising
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether

CHANNELS = {
    "ankle_angle": kinds.ANGLE,
    "moment": kinds.MOMENT,
    "gyro_x": kinds.GYRO_FRONTAL,
    "gyro_y": kinds.GYRO_TRANSVERSE,
    "gyro_z": kinds.GYRO_SAGITTAL,
    "acc_x": kinds.ACC_FORWARD,
    "acc_y": kinds.ACC_UP,
    "acc_z": kinds.ACC_LATERAL,
    "pressure_1": kinds.PRESSURE_1,
}
EXERCISE = kinds.BY_NAME["exercise"]
AS_MOUNTED = (1000, 0, 0, 0, 1000, 0, 0, 0, 1000)
LEAD_S = 12  # for the link, before the leg begins
PATIENCE_S = 60


def stretch(made: exercising.Set, without: tuple[str, ...] = ()) -> Stretch:
    """A made set as what a leg does to the brace, after some seconds of rest."""
    columns = {
        channel: [made.samples[0][index]] * (LEAD_S * exercising.HZ) + [sample[index] for sample in made.samples]
        for channel, index in CHANNELS.items()
        if channel not in without
    }
    return Stretch(columns, exercising.HZ, "shank", AS_MOUNTED)


class Desk:
    """A live brace on a virtual radio that lives through one set, and the desk's own code on the other end."""

    def __init__(self, made: exercising.Set, without: tuple[str, ...] = ()) -> None:
        ether = Ether()
        self.central = Central(ether)
        self.backend = ble.Backend(self.central.scanner, self.central.client)
        life: Iterator[Stretch] = iter([stretch(made, without)])
        self.brace = LiveBrace(ether, LittleFiles(NorFlash(1 << 20)), life, "left", SITES)
        self.seconds = LEAD_S + len(made.samples) / exercising.HZ + 1
        self._pace: asyncio.Task[None] | None = None
        self.begun = asyncio.Event()

    async def ask(self, name: str, wait: Callable[[], Awaitable[object]] | None = None) -> "pd.Series[object]":
        self.brace.start()
        self._pace = asyncio.create_task(self.brace.keep_pace())
        await self.brace.invite()
        try:
            return await from_air(name, ADDRESS, wait or self.done, self.begun.set, self.backend)
        finally:
            self._pace.cancel()

    async def done(self) -> None:
        """The set takes as long as it takes this machine."""
        assert self._pace
        self._pace.cancel()
        await self.brace.catch_up(self.seconds)
        self._pace = asyncio.create_task(self.brace.keep_pace())

    async def kept(self) -> pd.DataFrame:
        """The sets a collector fetches afterwards."""
        self._pace = asyncio.create_task(self.brace.keep_pace())
        await self.brace.invite()
        shelf = Shelf()
        async with ble.BleLink(await ble.find(ADDRESS, self.backend), lambda: 1, self.backend) as link:
            await collect(link, shelf, clock=lambda: 1)
        self._pace.cancel()
        return tables.table("exercise", [r.payload for r in shelf.records() if r.kind == EXERCISE.number])


def test_toe_raises_are_counted_told_in_words_and_kept_for_the_collector() -> None:
    made = exercising.make("plain", 3)
    truth = made.truth
    assert truth.repetitions and truth.range_deg

    async def story() -> None:
        desk = Desk(made)
        told = await desk.ask("dorsiflexion")
        assert told["repetitions"] == truth.repetitions
        assert told["range_deg"] == pytest.approx(truth.range_deg, abs=1.0)
        words = sentences(told)
        assert words[0] == f"toe raises: {truth.repetitions}"
        kept = await desk.kept()
        assert kept["repetitions"].tolist() == [truth.repetitions], "reading it at the desk took nothing away"
        await desk.central.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))


def test_a_brace_that_cannot_see_an_exercise_says_so_before_anybody_moves() -> None:
    async def story() -> None:
        desk = Desk(exercising.make("nothing_sees_it", 3), without=("ankle_angle", "moment"))
        with pytest.raises(RefusedError, match="toe raises: "):
            await desk.ask("dorsiflexion")
        await desk.central.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))


def test_a_set_whose_waiting_fails_ends_on_the_brace_too() -> None:
    async def nobody() -> None:
        raise InputError("seconds: nobody is there to press Enter; give --seconds")

    async def story() -> None:
        desk = Desk(exercising.make("plain", 3))
        with pytest.raises(InputError, match="nobody"):
            await desk.ask("dorsiflexion", nobody)
        await desk.brace.catch_up(1)
        assert len(await desk.kept()) == 1, "an empty set, ended at once"
        await desk.central.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))


def test_a_set_that_is_cancelled_ends_on_the_brace_too() -> None:
    async def story() -> None:
        desk = Desk(exercising.make("plain", 3))
        asked = asyncio.create_task(desk.ask("dorsiflexion", asyncio.Event().wait))
        await desk.begun.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await desk.brace.catch_up(1)
        assert desk.brace.app.now.end_set() == gatt.NO_SET
        assert len(await desk.kept()) == 1
        await desk.central.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE_S))
