"""One person's page in a real Chromium: sections read when they are opened, a day on a click, one leg or both."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from dashboards import made_tables as made
from dashboards import made_weeks
from dashboards.browsing import DESK, PHONE, Visit, violations
from dashboards.conftest import PATIENCE_MS
from playwright.sync_api import Page, expect

from talus_dashboards.identity import PATIENT, Who

PATH = "/person/p1"
FLAGS = "What asks for a look"
IDLE = "[data-dash-is-loading=true]"


class Watched:
    """A reader that remembers what it was asked."""

    def __init__(self, tables: made.Tables) -> None:
        self.tables, self.asked = tables, []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self.tables, name)


def full() -> made.Tables:
    """Two legs with everything a page can show."""
    tables = made.wearer(sides=("left", "right"), open_event=True)
    tables.diary_table = made_weeks.diary(("left", made.TODAY - timedelta(days=40), "strut"))
    at = pd.Timestamp(made.NOW) - pd.Timedelta(days=2)
    sets = {
        "side": ["left"],
        "start_utc": [at],
        "exercise": ["dorsiflexion"],
        "repetitions": [10.0],
        "range_deg": [12.5],
    }
    doubts = {"what": ["sequence_gap"], "side": ["left"], "start_utc": [at], "count": [12.0], "unit": ["records"]}
    notes = {"first_day": [at.date()], "last_day": [at.date()], "text": ["New insole"]}
    tables.more_tables = {
        name: pd.DataFrame(one) for name, one in (("exercise", sets), ("quality", doubts), ("notes", notes))
    }
    return tables


def open_all(page: Page) -> None:
    for summary in page.locator("details.part > summary").all()[1:]:  # the first is open from the start
        summary.click()
    expect(page.locator(IDLE)).to_have_count(0, timeout=3 * PATIENCE_MS)  # some thirty figures, on a busy machine
    expect(page.locator("#quality")).not_to_contain_text("Reading the data")


@pytest.mark.parametrize("look", [{"viewport": PHONE}, {"viewport": DESK, "color_scheme": "dark"}])
@pytest.mark.parametrize("tables", [full, made.silent], ids=["full", "nothing came yet"])
def test_every_section_is_quiet_accessible_and_fits(
    tables: Callable[[], made.Tables], look: dict[str, Any], served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    seen = visit(**look)
    seen.open(served(tables()), PATH, FLAGS)
    page = seen.page
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == [] and seen.complaints == []
    assert page.locator("h1").count() == 1
    assert all(picture.get_attribute("aria-label") for picture in page.locator("[role=img]").all())
    expect(page.locator("main")).not_to_contain_text("cannot be read")
    if tables is full:
        for text in ("New insole", "toe raises", "Records that never came", "Possible stumbles by week"):
            expect(page.locator("main")).to_contain_text(text)
        leg = page.get_by_role("img", name="Long pressure on the leg, left. Drawn left leg")
        assert "Heel: not measured." in str(leg.get_attribute("aria-label"))


def test_a_section_is_read_when_it_is_opened_and_not_before(
    served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    reader = Watched(made.wearer())
    page = (seen := visit()).page
    seen.open(served(reader), PATH, FLAGS)
    assert not {"cadence_bands", "curves", "quality", "records"} & set(reader.asked)
    page.locator("#gait > summary").click()
    expect(page.locator("#gait")).to_contain_text("Walking, by how long walks are")
    assert "cadence_bands" in reader.asked
    page.locator("#gait > summary").click()
    expect(page.locator("#gait .card")).to_have_count(0)
    reader.asked.clear()
    page.get_by_text("4 weeks", exact=True).click()
    expect(page.locator("#person-head .sub")).to_contain_text("24 Oct to 20 Nov 2026")
    expect(page.locator(IDLE)).to_have_count(0)
    assert "wear_bouts" in reader.asked and "cadence_bands" not in reader.asked


def test_one_leg_can_be_chosen_where_there_are_two(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    page = (seen := visit()).page
    seen.open(served(made.wearer(sides=("left", "right"))), PATH, FLAGS)
    expect(page.locator("#person-sides")).to_be_visible()
    page.locator("#person-side").get_by_text("Right").click()
    expect(page.locator("#person-body")).not_to_contain_text("Left brace")
    expect(page.locator("#wear")).to_contain_text("Right brace: hours worn")
    seen.open(served(made.wearer()), PATH, FLAGS)
    expect(page.locator("#person-sides")).to_be_hidden()


def test_a_day_opens_on_a_click_and_by_keyboard(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    page = (seen := visit()).page
    seen.open(served(made.wearer()), PATH, FLAGS)
    cell = page.locator("#wear .barlayer .point path").nth(30)
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#person-day-body")).to_contain_text("Worn")
    chooser = page.get_by_role("textbox", name="A day in detail")
    chooser.fill("Mon 16 Nov 2026")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#person-day-body h3")).to_have_text("Monday 16 November")
    expect(page.locator("#person-day-body [role=img]")).to_have_count(1)
    assert violations(page) == [] and seen.complaints == []


def test_curves_lie_before_and_after_a_chosen_adjustment(
    served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    page = (seen := visit()).page
    seen.open(served(full()), PATH, FLAGS)
    page.locator("#curves > summary").click()
    expect(page.locator("#curves")).to_contain_text("First 28 days")
    page.get_by_role("textbox", name="Compare").click()
    page.get_by_role("option", name="Before and after Sun 11 Oct 2026: strut").click()
    expect(page.locator("#curves")).to_contain_text("Up to 28 days before (13 Sep to 10 Oct 2026)")
    expect(page.locator("#curves")).to_contain_text("Up to 28 days after (15 Oct to 11 Nov 2026)")


def test_a_patient_sees_the_same_page_of_their_own_alone(
    served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    """The figures an orthotist sees, under a heading of their own: a pseudonym tells them nothing."""
    page = (seen := visit()).page
    home = served(made.wearer(), who=Who(PATIENT, person="p1"))
    for path in ("/person", PATH):
        seen.open(home, path, FLAGS)
        expect(page.locator("h1")).to_have_text("What my orthotist sees")
        expect(page.locator("main")).not_to_contain_text("residual")
    seen.open(home, "/person/p9", "There is no such page.")
