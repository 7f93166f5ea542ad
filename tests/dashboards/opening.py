"""One page over one state, opened as one who may: shared by the test of every page and by who looks at them."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

from dashboards import made_samples
from dashboards.states import NOW, State
from dashboards.visiting import TOKEN
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from talus_dashboards.app import serve_async
from talus_dashboards.desk import Desk
from talus_dashboards.identity import DEVELOPER, ORTHOTIST, PATIENT, Who
from talus_dashboards.page import DEVICE, PERSON, Page
from talus_dashboards.words import LANGUAGES

PATIENCE_MS = 30_000
NOBODY = "1"  # whom an empty database does not know
NO_DEVICE = "00000000000000ff"


def who(role: str, state: State, language: str) -> Who:
    """Somebody of this role who may open everything the role may of this state."""
    mine = state.person or NOBODY
    given: dict[str, dict[str, Any]] = {PATIENT: {"person": mine}, ORTHOTIST: {"people": None}, DEVELOPER: {}}
    return Who(role, language=language, **given[role])


def address(page: Page, state: State) -> str:
    if page.about == PERSON:
        return f"/{page.name}/{state.person or NOBODY}"
    if page.about == DEVICE:
        return f"/{page.name}/{state.device or NO_DEVICE}"
    return f"/{page.name}"


@contextmanager
def serving(state: State, asker: Who) -> Iterator[str]:
    """The pages over a state, served to one asker on a free port; gives the address without a path."""
    said: Queue[Any] = Queue()
    ends: Queue[Any] = Queue()
    feed = (lambda: made_samples.glimpse(made_samples.samples(20_000, 30_000))) if state.person else None

    async def run() -> None:
        stop = asyncio.Event()
        ends.put((asyncio.get_running_loop(), stop))
        given: dict[str, Any] = {"now": lambda: NOW, "stopped": stop.wait, "feed": feed, "who": asker}
        given["desk"] = Desk(state.store, lambda: NOW)
        await serve_async(state.store, port=0, token=TOKEN, announce=said.put, **given)

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    try:
        yield str(said.get(timeout=30)).partition("/?")[0]
    finally:
        loop, stop = ends.get()
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)


def settled(tab: Tab, language: str) -> None:
    """Wait until a page has been filled and its figures drawn."""
    expect(tab.locator("main h1")).to_have_count(1, timeout=PATIENCE_MS)
    loading = LANGUAGES[language].LOADING
    waiting = tab.locator("main").get_by_text(loading, exact=True).filter(visible=True)  # what is folded away waits on
    expect(waiting).to_have_count(0, timeout=PATIENCE_MS)
    expect(tab.locator("[data-dash-is-loading=true]")).to_have_count(0, timeout=PATIENCE_MS)
    for grid in tab.locator(".case-grid").all():  # draws itself a moment after it is there
        expect(grid.locator("[role=row] a").first).to_be_visible(timeout=PATIENCE_MS)
    for graph in tab.locator(".dash-graph:visible").all():
        expect(graph.locator(".main-svg").first).to_be_attached(timeout=PATIENCE_MS)
