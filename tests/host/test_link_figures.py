"""How a link fared at a sync: a link of known bytes and a known pace, against sums done by hand; else not known."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from host.made_records import Brace, framed, utc_ms

from talus.wire import gatt
from talus_host.collect import collect
from talus_host.errors import InputError, LinkLostError
from talus_host.link import Reply, replay
from talus_host.link.door import Door
from talus_host.store import Store
from talus_twin.radio import virtual_time

START = utc_ms("2026-05-05T12:00:00")
NAME = "00000000000000a1"
NOISE = b"\x00noise!"
UNKNOWN = ("took_ms", "stream_ms", "octets", "skipped", "missing", "within_ms")
INFO_S, PIECE_S = 0.1, 0.25
THERE_MS, BACK_MS = 3, 9
STAMP_MS = 1  # stamps are whole milliseconds


def brace() -> Brace:
    made = Brace(boot_utc_ms=START)
    made.minutes(START, 8, 1)
    return made


def now_ms() -> int:
    return START + round(asyncio.get_running_loop().time() * 1000)


class PacedLink(Door):
    """A brace of which every answer takes a known time; has_clock: else it knows nothing of time, and answers at once;
    breaks_at: the piece it is lost at."""

    def __init__(self, made: Brace, pieces: list[bytes], *, has_clock: bool = False, breaks_at: int = 99) -> None:
        self.made, self.pieces, self.has_clock, self.breaks_at = made, pieces, has_clock, breaks_at

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def info(self) -> dict[str, int]:
        await asyncio.sleep(INFO_S)
        return self.made.info()

    async def request(self, opcode: int, *operand: int) -> Reply:
        if opcode == gatt.TIME and self.has_clock:
            return await self._time(operand[0])
        result = gatt.OPCODE_UNSUPPORTED if opcode == gatt.TIME else gatt.SUCCESS
        return Reply(gatt.RESPONSE, (opcode, result, 0, 0), now_ms(), now_ms())

    async def _time(self, hold_ms: int) -> Reply:
        asked_ms = now_ms()
        await asyncio.sleep(THERE_MS / 1000)
        got_ms = now_ms() - START
        await asyncio.sleep((hold_ms + BACK_MS) / 1000)
        return Reply(gatt.TIME_IS, (0, *gatt.split_ms48(got_ms), hold_ms), asked_ms, now_ms())

    async def stream(self, first: int) -> AsyncGenerator[bytes, None]:
        for at, piece in enumerate(self.pieces):
            if at == self.breaks_at:
                raise LinkLostError("it broke")
            await asyncio.sleep(PIECE_S)
            yield piece


def pieces(made: Brace) -> list[bytes]:
    """A frame a piece, noise in the second and the sixth record left out."""
    frames = [framed(one) for one in made.records]
    frames[1] = NOISE + frames[1]
    return frames[:5] + frames[6:]


def synced(store: Store, link: PacedLink) -> None:
    async def story() -> None:
        async with link:
            await collect(link, store, clock=now_ms, run=virtual_time.inline)

    virtual_time.run(story())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talus.db"


def syncs(path: Path) -> pd.DataFrame:
    with Store(path) as store:
        return store.device_syncs(NAME)


def test_how_long_how_much_and_what_never_came_is_kept_with_the_sync(path: Path) -> None:
    made = brace()
    came = pieces(made)
    with Store(path) as store:
        synced(store, PacedLink(made, came))
    (one,) = syncs(path).to_dict("records")
    assert one["added"] == 7 and one["ended"] == 1
    assert (one["took_ms"], one["stream_ms"]) == (100 + 7 * 250, 7 * 250)
    assert one["octets"] == sum(len(piece) for piece in came)
    assert (one["skipped"], one["missing"]) == (len(NOISE), 1)
    assert np.isnan(one["within_ms"]), "a brace that has no clock agrees with none"


def test_clocks_agree_to_half_of_what_both_ways_took(path: Path) -> None:
    made = brace()
    with Store(path) as store:
        synced(store, PacedLink(made, pieces(made), has_clock=True))
    assert syncs(path).loc[0, "within_ms"] == (THERE_MS + BACK_MS) / 2 + STAMP_MS


def test_a_computer_whose_clock_is_set_meanwhile_tells_no_other_duration(path: Path) -> None:
    made = brace()
    link = PacedLink(made, pieces(made))
    moved = iter([START, *[START - 3_600_000] * 99])

    async def story() -> None:
        await collect(link, Store(path), clock=lambda: next(moved), run=virtual_time.inline)

    virtual_time.run(story())
    assert syncs(path).loc[0, "took_ms"] == 1850


def test_a_sync_cut_off_keeps_its_records_and_tells_nothing_of_its_link(path: Path) -> None:
    made = brace()
    with Store(path) as store, pytest.raises(LinkLostError):
        synced(store, PacedLink(made, pieces(made), breaks_at=3))
    (one,) = syncs(path).to_dict("records")
    assert one["added"] == 3 and one["ended"] == 0
    assert all(np.isnan(one[name]) for name in UNKNOWN)


def test_a_sync_without_anything_new_has_no_pace(path: Path) -> None:
    made = brace()
    with Store(path) as store:
        store.put(made.info(), made.records, START - 1)
        synced(store, PacedLink(made, []))
    one = syncs(path).iloc[1]
    assert (one["took_ms"], one["octets"], one["ended"]) == (100, 0, 1) and np.isnan(one["stream_ms"])


def test_a_file_came_over_no_link(path: Path, tmp_path: Path) -> None:
    made = brace()
    kept = tmp_path / "one.talus"
    with kept.open("wb") as file:
        replay.dump(file, made.info(), [framed(one) for one in made.records])

    async def story() -> None:
        async with replay.ReplayLink(kept) as link:
            await collect(link, Store(path), clock=lambda: START)

    asyncio.run(story())
    (one,) = syncs(path).to_dict("records")
    assert one["ended"] == 1 and all(np.isnan(one[name]) for name in UNKNOWN)


def test_the_end_is_written_to_its_own_sync_alone(path: Path) -> None:
    made = brace()
    with Store(path) as store:
        for at in (START, START + 1):
            store.put(made.info(), made.records, at)
        store.end_sync(made.device, START, {"octets": 0, "within_ms": None})
        with pytest.raises(InputError, match="'speed': is none of took_ms"):
            store.end_sync(made.device, START, {"speed": 3})
    first, second = syncs(path).to_dict("records")
    assert first["ended"] == 1 and first["octets"] == 0 and np.isnan(first["within_ms"])
    assert second["ended"] == 0 and np.isnan(second["octets"])
