"""A served page, a request without a browser, and a real Chromium for the tests of the pages."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from conftest import missing
from dashboards import made_tables
from dashboards.at_the_door import House
from dashboards.browsing import DESK, Visit
from dashboards.visiting import AXE, TOKEN, Visitor
from playwright.sync_api import Browser, expect, sync_playwright

from talus_dashboards.app import create_app, serve_async
from talus_dashboards.desk import Desk
from talus_dashboards.feed import Feed
from talus_dashboards.identity import EVERYBODY, Who
from talus_host.store import Store, passwords

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 30_000  # how fast a page is, is for the bench to say; a test waits for a busy machine


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(create_app(made_tables.wearer(), TOKEN, now=lambda: made_tables.NOW))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A database with an account of each role; its passwords cost nothing."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)
    made = House(tmp_path / "talus.db")
    yield made
    made.store.close()


@pytest.fixture
def served() -> Iterator[Callable[..., str]]:
    """Serve a reader on a free port of this machine; returns the address that would be printed."""
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event, threading.Thread]] = []

    def start(reader: Any, feed: Feed | None = None, who: Who = EVERYBODY) -> str:
        said: Queue[Any] = Queue()

        async def run() -> None:
            stop = asyncio.Event()
            running.append((asyncio.get_running_loop(), stop, threading.current_thread()))
            desk = Desk(reader if isinstance(reader, Store) else None, lambda: made_tables.NOW)
            given = {"now": lambda: made_tables.NOW, "stopped": stop.wait, "feed": feed, "desk": desk, "who": who}
            await serve_async(reader, port=0, token=TOKEN, announce=said.put, **given)

        threading.Thread(target=asyncio.run, args=(run(),), daemon=True).start()
        return said.get(timeout=30)

    yield start
    for loop, stop, thread in running:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; nothing is downloaded.

    While it is open its own event loop runs in this thread: no test of another file could use asyncio.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        missing("no Chromium on this machine (Debian: apt install chromium): the pages were not opened in a browser")
    if not AXE.is_file():
        missing("axe-core is not installed (npm ci): the pages were not opened in a browser")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    contexts = []

    def start(viewport: dict[str, int] = DESK, **context: object) -> Visit:
        contexts.append(chromium.new_context(viewport=viewport, **context))
        made_visit = Visit(contexts[-1].new_page())
        page = made_visit.page
        page.on("request", lambda request: made_visit.requests.append(request.url))
        page.on("console", lambda message: made_visit.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: made_visit.complaints.append(str(error)))
        return made_visit

    yield start
    for context in contexts:
        context.close()
