"""The pages in a real Chromium: they draw, stay on this machine, complain of nothing, fit a phone and satisfy axe."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pandas as pd
import pytest
from dashboards import made_tables as made
from dashboards.browsing import DESK, PHONE, Visit, violations
from playwright.sync_api import expect

from talus_dashboards import app as app_module

TODAY, PERSON = "/today/p1", "/person/p1"
# name -> (tables, path, words that must be read there)
SCENES = {
    "today": (lambda: made.wearer(), TODAY, "You have worn your brace for 5 h 1 min so far today."),
    "today, a site pressed": (lambda: made.wearer(open_event=True, sides=("left", "right")), TODAY, "What to do now"),
    "today, nothing came yet": (made.silent, TODAY, "We do not know yet how long you have worn your brace today."),
    "person, twelve weeks": (lambda: made.wearer(), PERSON, "69 of 82 days have enough data"),
    "person, two sides": (lambda: made.wearer(sides=("left", "right")), PERSON, "Right brace: hours worn"),
    "person, a solid brace": (lambda: made.wearer(solid=True, weeks=4), PERSON, "Assist moment in swing: 2.9"),
    "person, nothing came yet": (made.silent, PERSON, "No data in this period."),
    "nobody": (made.nobody, "/", "No person and no brace is known here yet."),
    "no such person": (lambda: made.wearer(), "/person/p9", "There is no such person here."),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_page_is_quiet_local_accessible_and_fits(
    scene: str, served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    tables, path, text = SCENES[scene]
    address = served(tables())
    for look in ({"viewport": PHONE}, {"viewport": DESK, "color_scheme": "dark"}):
        seen = visit(**look)
        seen.open(address, path, text)
        page = seen.page
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert violations(page) == []
        assert page.locator("h1").count() == 1 and page.locator("html").get_attribute("lang") == "en"
        assert page.get_by_text("Share").count() == 0 and page.locator(".modebar-btn").count() == 0
        assert all(picture.get_attribute("aria-label") for picture in page.locator("[role=img]").all())
        assert page.locator(".dash-graph").count() == page.get_by_text("Show as table").count()
        hosts = {urlsplit(url).netloc for url in seen.requests if not url.startswith("data:")}
        assert hosts == {urlsplit(address).netloc}
        assert seen.complaints == ([NOT_FOUND] if path == "/nowhere" else [])


NOT_FOUND = "error: Failed to load resource: the server responded with a status of 404 (Not Found)"


def test_a_wrong_address_is_404_and_says_so(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.open(served(made.wearer()), "/nowhere", "There is no such page.")
    assert seen.complaints == [NOT_FOUND]


def test_only_the_small_plotly_is_fetched(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.open(served(made.wearer()), TODAY, "steps so far today")
    scripts = [url for url in seen.requests if "plotly" in url]
    assert len(scripts) == 1 and "plotly-basic" in scripts[0]


def test_without_the_bundle_dashs_own_plotly_draws(
    served: Callable[..., str], visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "basic_bundle", lambda: None)
    seen = visit()
    address = served(made.wearer())
    seen.open(address, TODAY, "steps so far today")
    assert seen.complaints == [] and seen.page.get_by_text("Share").count() == 0
    assert {urlsplit(url).netloc for url in seen.requests} == {urlsplit(address).netloc}


def test_the_page_fits_the_narrowest_phone(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    seen = visit({"width": 320, "height": 640})
    address = served(made.wearer(open_event=True))
    for path, text in ((TODAY, "Your goal can wait."), (PERSON, "69 of 82 days")):
        seen.open(address, path, text)
        assert seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_goal_steps_aside_while_a_site_is_pressed(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    seen = visit(PHONE)
    seen.open(served(made.wearer(open_event=True)), TODAY, "Your goal can wait. Your skin comes first.")
    main = seen.page.locator("main")
    expect(main).not_to_contain_text("Your goal is")
    expect(main).to_contain_text("Look or feel, with a mirror or a helper")
    expect(main).to_contain_text("numb or weaker")  # the nerve runs over the fibular head
    assert seen.page.locator(".bar-goal").count() == 0


def test_no_event_never_reads_as_all_is_well(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    tables = made.wearer()
    tables.events_table = tables.events_table.iloc[:0]
    seen = visit(PHONE)
    seen.open(served(tables), TODAY, "No long pressure at the 3 measured places; others are not measured.")


def test_today_refreshes_itself_and_leaves_an_opened_table_open(
    served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    tables = made.wearer()
    seen = visit(PHONE)
    seen.page.clock.install()
    seen.open(served(tables), TODAY, "5 h 1 min")
    seen.page.get_by_text("Show as table").click()
    table = seen.page.get_by_role("region", name="Table: Steps with the brace on")
    expect(table).to_be_visible()
    more = pd.DataFrame([["left", made.TODAY, 7, 30.0, 30.0, 0.0, 55.0]], columns=made.HOUR_COLUMNS)
    tables.hours_table = pd.concat([tables.hours_table[tables.hours_table["hour"] != 7], more])
    seen.page.clock.fast_forward(31_000)
    expect(seen.page.locator("main")).to_contain_text("5 h 31 min")
    expect(table).to_be_visible()
    expect(table).to_contain_text("07:00 to 08:00")


def test_the_keyboard_alone_reaches_everything(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.open(served(made.wearer()), PERSON, "69 of 82 days")
    page = seen.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(20):  # over the links to the choice of weeks
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".sub")).to_contain_text(made_span(28))
    page.locator("#wear .fold summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Table: Left brace: hours worn, day by day")).to_be_visible()


def made_span(days: int) -> str:
    first = made.TODAY - timedelta(days=days - 1)
    return f"{first.day} Oct to 20 Nov 2026"


def test_a_stranger_sees_one_plain_sentence(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    home = served(made.wearer()).partition("/?")[0]
    seen = visit()
    answer = seen.page.goto(home + TODAY)
    assert answer is not None and answer.status == 401
    assert "This page is closed." in seen.page.content() and "Wearer" not in seen.page.content()
