"""The whole chain on one machine, with a made-up person: weeks of history, then a brace that walks in this process.

leg -> chips -> drivers -> firmware -> flash -> virtual radio -> bleak -> database -> pages. Nothing but the leg, the
chips and the radio is made up. The brace's flash and its bond lie beside the database, so the next run goes on.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from talus_host.collect import Collected, collect
from talus_host.export import atomic
from talus_host.link import ble
from talus_host.link.replay import ReplayLink, dump
from talus_host.store import Store
from talus_host.verbs.attending import Attending
from talus_host.verbs.beside import beside
from talus_host.verbs.collect import summary, utc_ms
from talus_host.verbs.demo_accounts import DemoAccounts
from talus_host.verbs.live_feed import Feed
from talus_host.verbs.pages import Listening, serve_pages, try_port
from talus_host.verbs.rim import aside, database, made, progress, result
from talus_host.verbs.show import show_days

if TYPE_CHECKING:
    from talus_twin.board.flash import NorFlash

LABEL = "demo"
ZONE = "Europe/Berlin"
GOAL_H = 9.0
SIDE = "left"
SEED = 1
FLASH_BYTES = 4 << 20  # the file system of an 8 MiB board
WALK_S = 330.0  # with the standing about it, more than the five minutes a wear bout must have
SCENE_S = WALK_S + 20.0
SYNC_EVERY_S = 30.0
SHOWN_DAYS = 7
WALKS_ON = "The brace walks on and syncs every half minute; Live shows what it feels. Ctrl-C ends."


@dataclass(frozen=True)
class Place:
    """The files of one demo."""

    folder: Path

    @property
    def history(self) -> Path:
        return self.folder / "history.talus"

    @property
    def flash(self) -> Path:
        return self.folder / "brace.flash"

    @property
    def bonds(self) -> Path:
        return self.folder / "bonds.json"


def run_demo(folder: Path, port: int, weeks: int, once: bool) -> None:
    """`talus demo`. Raises leaves of TalusError; what was stored by then stays."""
    if not once:
        try_port(port)
    place = Place(folder)
    path = database(made(folder))
    try:
        with Store(path, zone=ZONE) as store:
            if not place.flash.exists():
                # Beside the main thread: Ctrl-C must not land inside littlefs, which would swallow it.
                asyncio.run(asyncio.to_thread(make_up, place, weeks))
            asyncio.run(_live(place, store, port, once))
    except KeyboardInterrupt:
        _say_where(folder)
        raise
    _say_where(folder)


def _say_where(folder: Path) -> None:
    aside.print(f"Data lie in {folder}; `talus demo --data {folder}` goes on from there.", highlight=False)


def make_up(place: Place, weeks: int) -> None:
    """A person with weeks of history: the early ones in a .talus file, the last fortnight in a brace's flash.

    Both are files before anything is stored, so a run that was interrupted goes on with the same life.
    """
    from talus_twin.board.flash import LittleFiles, NorFlash
    from talus_twin.body.history import Course, live
    from talus_twin.lived import lay_down

    end_ms = utc_ms() - int(2 * SCENE_S * 1000)  # room for the walk that follows
    with aside.status(f"living through {weeks} weeks"):
        history = live(Course(end_ms, SEED, weeks, ZONE, SIDE, cut_days=min(14, 7 * weeks)))
    flash = NorFlash(FLASH_BYTES)
    with progress("writing what the brace kept", "boots") as step:
        early = lay_down(history, LittleFiles(flash), SIDE, None, step)
    atomic.write(place.history, lambda file: dump(file, early.info, [early.stream]))
    save(flash, place.flash)


async def _store_history(store: Store, path: Path) -> None:
    """The early weeks into the database, once, and the brace filed under its wearer."""
    async with ReplayLink(path, utc_ms) as link:
        info = await link.info()
        if store.first_missing(info["device"], info["journal"], info["first"]) >= info["next"]:
            return
        known = {str(row.label): str(row.person_id) for row in store.people().itertuples()}
        store.assign(info["device"], known.get(LABEL) or store.add_person(LABEL, ZONE, GOAL_H), SIDE)
        with progress(f"replaying {path.name}", "records") as step:
            _say("from a file", await collect(link, store, clock=utc_ms, progress=step, batch=100_000))


def save(flash: "NorFlash", path: Path) -> None:
    """The brace's flash as a file, whole or as it was."""

    def fill(file: BinaryIO) -> None:
        file.write(flash.buffer)

    atomic.write(path, fill)


async def _live(place: Place, store: Store, port: int, once: bool) -> None:
    """Power the brace, walk, sync; then, unless once, go on walking behind the pages."""
    from talus_twin.alive import LiveBrace, strolls
    from talus_twin.board.flash import LittleFiles, NorFlash
    from talus_twin.body.history import Course
    from talus_twin.radio.central import Central
    from talus_twin.radio.ether import Ether

    await _store_history(store, place.history)
    image = place.flash.read_bytes()
    flash = NorFlash(len(image))
    flash.buffer[:] = image
    ether = Ether()
    central = Central(ether, bonds=place.bonds)
    backend = ble.Backend(central.scanner, central.client)
    course = Course(0)
    life = strolls(course.person, WALK_S, 82.0, utc_ms() // 1000)
    brace = LiveBrace(ether, LittleFiles(flash), life, SIDE, course.sites)
    brace.start()
    try:
        with progress("a walk through chips, drivers and firmware", "s") as step:
            await brace.catch_up(SCENE_S, step)
        async with beside(brace.keep_pace()):
            await brace.invite()
            _say("over the virtual radio", await sync(store, backend, loud=True))
            save(flash, place.flash)
            if once:
                await asyncio.to_thread(show_days, place.folder, LABEL, SHOWN_DAYS, False)
            else:
                feed = Feed(course.sites)
                async with beside(Attending(store, backend, feed, SYNC_EVERY_S, brace.button.press).run()):
                    opens = DemoAccounts(store, store.person_id(LABEL), utc_ms).opens
                    await serve_pages(store, Listening(port), WALKS_ON, feed=feed, opens=opens)
    finally:
        brace.stop()
        save(flash, place.flash)
        await central.close()


async def sync(store: Store, backend: ble.Backend, loud: bool = False) -> Collected:
    """Find the brace, connect, fetch what is new: what a collector at home does."""
    found = await ble.find(backend=backend)
    async with ble.BleLink(found, utc_ms, backend) as link:
        if not loud:
            return await collect(link, store, clock=utc_ms)
        with progress("collecting with bleak over the virtual radio", "records") as step:
            return await collect(link, store, clock=utc_ms, progress=step)


def _say(way: str, done: Collected) -> None:
    numbers = summary(done)
    within = f", clock within {numbers['clock_within_ms']} ms" if done.clock else ""
    result.print(f"{numbers['records']} records, {numbers['bytes']} bytes {way}{within}", highlight=False)
