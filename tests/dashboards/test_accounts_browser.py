"""The first run, logging in and out and the account page in a real Chromium, by keyboard alone; tabs that get in each
other's way."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from dashboards.at_the_door import SECRET, House
from dashboards.browsing import DESK, PHONE, Visit, violations
from playwright.sync_api import Page, expect

from talus_dashboards.app import serve_async
from talus_dashboards.desk import Desk
from talus_host.store import passwords


@pytest.fixture
def lodged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[House, str]]]:
    """Serve a house with accounts, or before its first; returns it and the printed address."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)
    running: list[tuple[House, asyncio.AbstractEventLoop, asyncio.Event, threading.Thread]] = []

    def start(*, accounts: bool = True) -> tuple[House, str]:
        house, said = House(tmp_path / "talus.db", accounts=accounts), Queue[Any]()

        async def run() -> None:
            stop = asyncio.Event()
            running.append((house, asyncio.get_running_loop(), stop, threading.current_thread()))
            given = {"now": lambda: house.now, "stopped": stop.wait, "keeper": house.keeper}
            desk = Desk(house.store, lambda: house.now)
            await serve_async(house.store, port=0, announce=said.put, desk=desk, **given)

        threading.Thread(target=asyncio.run, args=(run(),), daemon=True).start()
        return house, said.get(timeout=30)

    yield start
    for house, loop, stop, thread in running:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)
        house.store.close()


def keys(page: Page, *typed: str) -> None:
    """Type, and press the keys whose names stand in <>."""
    for one in typed:
        if one.startswith("<"):
            page.keyboard.press(one.strip("<>"))
        else:
            page.keyboard.type(one)


def to(page: Page, text: str) -> None:
    """Press Tab until what has the focus says this."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.innerText || document.activeElement.value || ''"):
            return
    raise AssertionError(f"no Tab leads to {text!r}")


def enter(house: House, visit: Visit, base: str, name: str) -> None:
    token = house.store.invite(house.store.account(name), house.now_ms)
    visit.page.goto(f"{base}enter?invitation={token}")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_run_and_the_way_out_and_in_by_keyboard_alone(
    lodged: Callable[..., tuple[House, str]], visit: Callable[..., Visit], viewport: dict[str, int], scheme: str
) -> None:
    house, address = lodged(accounts=False)
    visited = visit(viewport, color_scheme=scheme)
    page = visited.page
    page.goto(address)
    assert violations(page) == [] and calm(page)
    keys(page, "Anna", "<Tab>", SECRET, "<Tab>", "something else", "<Enter>")
    expect(page.get_by_role("alert")).to_contain_text("not the same")
    assert violations(page) == []
    again(page)
    expect(page.locator("main")).to_contain_text("Caseload")
    page.goto(address)
    expect(page.locator("main h1")).to_contain_text("Caseload")  # the address is used up, and we are in
    to(page, "Account")
    keys(page, "<Enter>")
    expect(page.locator("main")).to_contain_text("You are logged in as anna: orthotist.")
    assert violations(page) == [] and calm(page)
    to(page, "Log out")
    keys(page, "<Enter>")
    expect(page.locator("h1")).to_have_text("Log out")
    assert violations(page) == [] and calm(page)
    to(page, "Log out here")
    keys(page, "<Enter>")
    expect(page.locator("h1")).to_have_text("Log in")
    assert violations(page) == [] and calm(page)
    keys(page, "anna", "<Tab>", "a wrong password", "<Enter>")
    expect(page.get_by_role("alert")).to_have_text("Name or password is not right.")
    assert violations(page) == []
    keys(page, SECRET, "<Enter>")  # the name is kept, and the password has the focus
    expect(page.locator("main")).to_contain_text("Caseload")
    assert house.store.accounts()["name"].tolist() == ["anna"]
    home = address.split("/first")[0]
    assert {request for request in visited.requests if not request.startswith((home, "data:"))} == set()


def again(page: Page) -> None:
    """The form came back with the name in it; the rest is typed anew."""
    expect(page.locator("#name")).to_have_value("Anna")
    page.keyboard.press("Tab")
    keys(page, SECRET, "<Tab>", SECRET, "<Enter>")


def calm(page: Page) -> bool:
    """No sideways scroll, and whatever is pressed is large enough for a thumb."""
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main input:not([type=hidden]):not([type=radio]), main a.button')]"
        ".filter(one => one.offsetHeight < 44).length"
    )
    return bool(wide) and small == 0


def test_the_language_is_chosen_on_the_account_page_and_stays(
    lodged: Callable[..., tuple[House, str]], visit: Callable[..., Visit]
) -> None:
    house, base = lodged()
    visited = visit(PHONE)
    enter(house, visited, base, "pat")
    page = visited.page
    expect(page.locator("nav")).to_contain_text("Today")
    page.goto(f"{base}account")
    page.get_by_label("Deutsch").check()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("main")).to_contain_text("Wer meine Daten angesehen hat")
    assert violations(page) == [] and calm(page)
    assert house.store.accounts().set_index("name").loc["pat", "language"] == "de"
    page.goto(f"{base}logout")
    expect(page.locator("h1")).to_have_text("Abmelden")


def test_a_patient_reads_who_looked_and_may_pause(
    lodged: Callable[..., tuple[House, str]], visit: Callable[..., Visit]
) -> None:
    house, base = lodged()
    orthotist, patient = visit(DESK), visit(PHONE)
    enter(house, orthotist, base, "ortho")
    orthotist.page.goto(f"{base}person/1")
    expect(orthotist.page.locator("main")).to_contain_text("quiet heron")
    enter(house, patient, base, "pat")
    page = patient.page
    page.goto(f"{base}account")
    expect(page.locator("main")).to_contain_text("You, and 1 orthotist.")
    expect(page.locator(".looks")).to_contain_text("today at 15:32, orthotist: looked at: Orthotist's view")
    page.get_by_role("button", name="Pause from now on").click()
    expect(page.get_by_role("status")).to_contain_text("Paused from now on.")
    expect(page.locator("main")).to_contain_text("Paused since 20 Nov 2026, 15:32")
    house.pass_time(minutes=5)
    page.get_by_role("button", name="End the pause").click()
    expect(page.get_by_role("status")).to_contain_text("The pause has ended.")
    assert violations(page) == [] and calm(page)
    assert [str(one) for one in house.store.trail("1")["what"][:2]] == ["pause ended", "pause"]


def test_a_tab_of_another_account_is_loaded_anew_and_asks_nothing_in_its_name(
    lodged: Callable[..., tuple[House, str]], visit: Callable[..., Visit]
) -> None:
    house, base = lodged()
    visited = visit(DESK)
    enter(house, visited, base, "pat")
    first = visited.page
    first.goto(f"{base}account")
    expect(first.locator("main")).to_contain_text("logged in as pat")
    second = first.context.new_page()
    token = house.store.invite(house.store.account("tap"), house.now_ms)
    second.goto(f"{base}enter?invitation={token}")
    expect(second.locator("nav")).to_contain_text("Today")
    first.get_by_label("Deutsch").click()
    expect(first.locator("main")).to_contain_text("logged in as tap")
    assert house.store.accounts().set_index("name").loc[["pat", "tap"], "language"].tolist() == ["", ""]


def test_a_tab_whose_session_ended_leads_to_the_login_and_back(
    lodged: Callable[..., tuple[House, str]], visit: Callable[..., Visit]
) -> None:
    house, base = lodged()
    visited = visit(DESK)
    enter(house, visited, base, "pat")
    page = visited.page
    page.goto(f"{base}account")
    expect(page.locator("main")).to_contain_text("logged in as pat")
    page.wait_for_load_state("networkidle")  # a question still on its way would lead to the login by itself
    house.store.set_password(house.store.account("pat"), SECRET, house.now_ms)
    page.get_by_label("Deutsch").click()
    expect(page.locator("main")).to_contain_text("may not have been kept")
    keys(page, "pat", "<Tab>", SECRET, "<Enter>")
    expect(page.locator("main")).to_contain_text("logged in as pat")
    assert page.url.endswith("/account")
