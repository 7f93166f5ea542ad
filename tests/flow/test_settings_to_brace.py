"""A clinician's threshold from the command line's own code into a brace that is worn, and back in its records."""

import asyncio
import itertools

from twin.a_brace import Shelf

from talus.settings import Settings
from talus.wire import kinds, record
from talus_host.collect import collect
from talus_host.link import ble
from talus_host.verbs.settings import Asked, asked, from_air
from talus_twin.alive import ADDRESS, LiveBrace, strolls
from talus_twin.board.brace import SITES
from talus_twin.board.flash import LittleFiles, NorFlash
from talus_twin.body.person import Person
from talus_twin.radio.central import Central
from talus_twin.radio.ether import Ether

SETTINGS = kinds.BY_NAME["settings"]


async def story() -> None:
    ether, flash, shelf = Ether(), NorFlash(1 << 20), Shelf()
    central = Central(ether)
    backend = ble.Backend(central.scanner, central.client)
    brace = LiveBrace(ether, LittleFiles(flash), strolls(Person(), 60, 80, 1), "left", SITES)
    brace.start()
    pace = asyncio.create_task(brace.keep_pace())
    await brace.invite()
    before, after = await from_air(asked(["amber_mmhg=40"], [], None, False), ADDRESS, backend)
    wanted = Settings({"amber_mmhg": 40})
    assert (before.digest, after.digest, after.waiting) == (Settings().digest, wanted.digest, True)
    pace.cancel()
    await brace.catch_up(70)
    pace = asyncio.create_task(brace.keep_pace())
    await brace.invite()  # otherwise it is on the air a quarter of the time
    _, now = await from_air(Asked(), ADDRESS, backend)
    assert (now.digest, now.waiting) == (wanted.digest, False)
    async with ble.BleLink(await ble.find(backend=backend), itertools.count(1).__next__, backend) as link:
        await collect(link, shelf, clock=itertools.count(1).__next__)
    pace.cancel()
    told = [record.unpack(SETTINGS, one.payload)[0] for one in shelf.records() if one.kind == SETTINGS.number]
    assert told == [Settings().digest, wanted.digest]
    brace.stop()
    again = LiveBrace(ether, LittleFiles(flash), strolls(Person(), 60, 80, 1), "left", SITES)
    assert again.app.settings_digest == wanted.digest, "the next start reads them"
    await central.close()


def test_a_threshold_set_at_the_desk_is_what_the_brace_works_with() -> None:
    asyncio.run(story())
