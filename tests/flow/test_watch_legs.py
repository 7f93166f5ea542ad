"""Two whole braces on one person's legs, firmware and chips and all, collected by `talus watch` into one database."""

import asyncio
import contextlib
from pathlib import Path

from host.watching import BRISK, LEFT, RIGHT, UTC_MS, until, watching

from talus_host.link.ble import Backend, BleLink, scan
from talus_host.service.air import Air
from talus_host.service.log import Log
from talus_host.service.watch import Watcher
from talus_host.store import Store
from talus_twin.alive import LiveBrace, strolls
from talus_twin.board.brace import SITES
from talus_twin.board.files import MemoryFiles
from talus_twin.body.person import Person
from talus_twin.radio import virtual_time
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether, Timing

WALKED_S = 100


def test_both_legs_of_one_person_arrive(tmp_path: Path) -> None:
    def clock() -> int:
        return UTC_MS + int(asyncio.get_running_loop().time() * 1000)

    async def story() -> None:
        ether = Ether(Timing(30, 6))
        central = Central(ether)
        backend = Backend(central.scanner, central.client)
        braces = []
        for address, side, seed in ((LEFT, "left", 1), (RIGHT, "right", 2)):
            life = strolls(Person(), 60, 80, seed)
            braces.append(LiveBrace(ether, MemoryFiles(), life, side, SITES, address=address))
        for brace in braces:
            brace.start()
            await brace.catch_up(WALKED_S)
        async with contextlib.AsyncExitStack() as stack:
            for brace in braces:
                pace = asyncio.create_task(brace.keep_pace())
                stack.callback(pace.cancel)
                await brace.invite()
            with Store(tmp_path / "talus.db", zone="Europe/Berlin") as store:
                await asyncio.sleep(1)
                for found in await scan(backend, 2):
                    async with BleLink(found, clock, backend):
                        pass
                log = Log(tmp_path / "log", clock)
                air = Air(clock, BRISK, backend)
                watcher = Watcher(
                    tmp_path, store, air, log, clock=clock, chance=lambda: 0.5, pace=BRISK, run=virtual_time.inline
                )
                async with watching(watcher):
                    await until(lambda: sum(one.synced_ms is not None for one in watcher.health.known()) == 2, 60)
                told = store.braces()
                assert sorted(told["side"]) == ["left", "right"]
                assert (told["records"] > 0).all() and told["device"].nunique() == 2
                for brace in braces:
                    journal = brace.app.journal
                    assert journal.acknowledged > 0
                    assert store.first_missing(journal.device, journal.id) >= journal.acknowledged
                person = str(told["person_id"].iloc[0])
                for row in told.itertuples():
                    store.assign(str(row.device), person, str(row.side))
                strides = store.strides(person)
                assert (strides.groupby("side").size() > 20).all() and set(strides["side"]) == {"left", "right"}
            for brace in braces:
                brace.stop()
        await central.close()

    virtual_time.run(story())
