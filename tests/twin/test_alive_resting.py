"""A live brace that rests, with the firmware's radio over the virtual air: it sleeps only while that is off."""

import asyncio
from collections.abc import Iterator

from talus import power
from talus_twin.alive import LiveBrace, Stretch
from talus_twin.board.brace import SITES
from talus_twin.board.files import MemoryFiles
from talus_twin.radio.ether import Ether

IDENTITY = (1000, 0, 0, 0, 1000, 0, 0, 0, 1000)
AT_REST = dict.fromkeys(("ankle_angle", "moment", "gyro_x", "gyro_y", "gyro_z", "acc_x", "acc_z"), 0)
AT_REST |= {f"pressure_{channel}": 300 for channel in range(1, 5)} | {"acc_y": 1000, "liner": 3200, "reference": 2300}


def sitting() -> Iterator[Stretch]:
    while True:
        yield Stretch({name: [value] * 600 for name, value in AT_REST.items()}, 1, "shank", IDENTITY)


def test_it_sleeps_while_the_radio_is_off_and_a_press_ends_both() -> None:
    async def live() -> None:
        brace = LiveBrace(Ether(None), MemoryFiles(), sitting(), "left", SITES)
        slept = brace.board.power
        brace.start()
        await brace.catch_up(25)
        assert brace.app.state == power.ACTIVE and not brace.app.radio.off and slept.slept_ms == 0

        await brace.catch_up(275)
        assert brace.app.state == power.QUIET and brace.app.radio.off
        assert slept.slept_ms > 0.9 * 260_000

        before = slept.slept_ms
        brace.button.press()
        await brace.catch_up(20)
        assert brace.app.radio.pairing_open and not brace.app.radio.off
        assert slept.slept_ms - before <= 1000

        await brace.catch_up(100)
        assert not brace.app.radio.pairing_open and brace.app.radio.off
        before = slept.slept_ms
        await brace.catch_up(1200)
        assert 1_000_000 < slept.slept_ms - before < 1_170_000, "but for one or two windows of half a minute"
        brace.stop()

    asyncio.run(live())


def test_who_is_invited_finds_the_window_open_though_the_brace_slept() -> None:
    async def live() -> None:
        brace = LiveBrace(Ether(None), MemoryFiles(), sitting(), "left", SITES)
        brace.start()
        await brace.catch_up(300)
        assert brace.app.radio.off
        pace = asyncio.create_task(brace.keep_pace())
        await brace.invite()
        assert brace.app.radio.pairing_open
        await brace.catch_up(1)
        assert not brace.app.radio.off
        pace.cancel()
        brace.stop()

    asyncio.run(live())
