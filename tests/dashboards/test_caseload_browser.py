"""The caseload in a real Chromium: sort, filter, open by keyboard, save, on a phone and in the dark."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pandas as pd
import pytest
from dashboards import made_cases
from dashboards import made_tables as made
from dashboards.browsing import DESK, PHONE, Visit, violations
from playwright.sync_api import Page, expect

FIRST = "Wearer open"


def caseload(table: pd.DataFrame) -> made.Tables:
    tables = made.wearer(weeks=2)
    people = made.people(len(table))
    tables.people_table = people.assign(person_id=table["person_id"].to_list(), label=table["label"].to_list())
    tables.cases_table = table
    return tables


def labels(page: Page) -> list[str]:
    """Whom the grid shows, from top to bottom."""
    shown = page.locator(".ag-center-cols-container [role=row], .ag-pinned-left-cols-container [role=row]")
    rows = {int(row.get_attribute("row-index") or 0): row for row in shown.all() if row.locator("a").count()}
    return [rows[at].locator("a").first.inner_text() for at in sorted(rows)]


@pytest.fixture
def opened(served: Callable[..., str], visit: Callable[..., Visit]) -> Callable[..., Visit]:
    def start(table: pd.DataFrame | None = None, text: str = "people shown", **look: object) -> Visit:
        seen = visit(**({"viewport": DESK} | look))
        seen.open(served(caseload(made_cases.cases() if table is None else table)), "/", text)
        expect(seen.page.locator(".case-grid [role=row] a").first).to_be_visible()
        return seen

    return start


@pytest.mark.parametrize("look", [{"viewport": PHONE}, {"viewport": DESK}, {"viewport": DESK, "color_scheme": "dark"}])
def test_it_is_quiet_local_accessible_and_fits(opened: Callable[..., Visit], look: dict[str, object]) -> None:
    seen = opened(**look)
    page = seen.page
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == [] and seen.complaints == []
    assert len({urlsplit(url).netloc for url in seen.requests if not url.startswith(("data:", "blob:"))}) == 1
    assert labels(page)[:3] == ["Wearer open", "Wearer silent", "Wearer never"]
    assert page.locator("h1").count() == 1
    if look.get("color_scheme") == "dark":
        back = page.locator(".ag-root-wrapper").evaluate("one => getComputedStyle(one).backgroundColor")
        assert max(int(part) for part in back[4:-1].split(",")) < 60


def test_a_heading_sorts_and_need_is_the_order_at_first(opened: Callable[..., Visit]) -> None:
    page = opened().page
    assert labels(page) == [f"Wearer {name}" for name in made_cases.STORIES]
    page.get_by_role("columnheader", name="Battery").click()
    expect(page.locator('.ag-pinned-left-cols-container [row-index="0"]')).not_to_contain_text(FIRST)
    unknown = [f"Wearer {name}" for name in ("silent", "never", "ended", "paused")]
    known = [name for name in labels(page) if name not in unknown]
    assert known[0] == FIRST  # 12 %, behind those of whom it is not known


def test_chips_and_the_quick_filter_choose(opened: Callable[..., Visit]) -> None:
    page = opened().page
    page.get_by_text("No data (2)").click()
    expect(page.locator("#case-count")).to_have_text("2 of 11 people shown.")
    assert labels(page) == ["Wearer silent", "Wearer never"]
    page.get_by_text("All (11)").click()
    page.get_by_label("Find a person or a reason").fill("two looks")
    expect(page.locator("#case-count")).to_have_text("1 of 11 people shown.")
    assert labels(page) == ["Wearer worse"]


def test_the_keyboard_walks_the_grid_and_enter_opens_a_person(opened: Callable[..., Visit]) -> None:
    page = opened().page
    page.get_by_role("columnheader", name="Person").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/person/p2")
    expect(page.locator("h1")).to_have_text("Wearer silent")


def test_a_card_on_a_phone_opens_its_person(opened: Callable[..., Visit]) -> None:
    page = opened(viewport=PHONE).page
    card = page.locator(".case-card").first
    expect(card).to_contain_text("A strong pressure is still open")
    expect(card).to_contain_text("12 %, low")
    card.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(FIRST)


def test_what_is_shown_is_saved_and_no_pseudonym_is_a_formula(opened: Callable[..., Visit]) -> None:
    table = made_cases.cases("open", "silent", "never")
    table.loc[1, "label"] = "=1+1"
    page = opened(table).page
    page.get_by_text("No data (2)").click()
    expect(page.locator("#case-count")).to_have_text("2 of 3 people shown.")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save what is shown as CSV").click()
    rows = pd.read_csv(saved.value.path())
    assert rows["Person"].tolist() == ["'=1+1", "Wearer never"]
    assert rows["Wear, 14 d"].tolist() == ["not assessable"] * 2 and rows["Last sync"].tolist() == ["9 d ago", "never"]


def test_five_hundred_people_are_there_and_few_are_drawn(opened: Callable[..., Visit]) -> None:
    page = opened(made_cases.many(500), text="500 of 500 people shown.").page
    assert 5 < len(labels(page)) < 60
    page.get_by_label("Find a person or a reason").fill("Wearer 487")
    expect(page.locator("#case-count")).to_have_text("1 of 500 people shown.")
    assert labels(page) == ["Wearer 487"]
