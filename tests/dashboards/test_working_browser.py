"""The orthotist's working pages in a real Chromium: each main task from start to end, and what must not go wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dashboards.browsing import DESK, PHONE, Visit, violations
from dashboards.working import NOW_MS, copied, lived
from playwright.sync_api import Page, expect

from talus_host.store import Store

STEPS = ("pair", "zero", "standing", "strides", "sites", "pressure", "prescription", "walk_on", "walk_off")


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lived(tmp_path_factory.mktemp("lived") / "talus.db")


@pytest.fixture
def store(lived_once: Path, tmp_path: Path) -> Iterator[Store]:
    with copied(lived_once, tmp_path) as opened:
        yield opened


@pytest.fixture
def opened(store: Store, served: Callable[..., str], visit: Callable[..., Visit]) -> Callable[[str, str], Page]:
    """Opens a page of person 1; all of one test are of one server."""
    address = served(store)

    def start(path: str, text: str, viewport: dict[str, int] = DESK) -> Page:
        seen = visit(viewport)
        seen.open(address, path, text)
        return seen.page

    return start


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("textbox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_every_working_page_is_accessible_and_fits_empty_and_full(
    store: Store, served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    store.add_brace_change("1", "left", "2026-10-20", "wedge", NOW_MS)
    store.add_note("1", "2026-11-03", "2026-11-05", "steps", "New shoes.", None, NOW_MS)
    store.prescribe("1", "left", "2026-10-01", "hours", {"hours": 8.0}, NOW_MS)
    store.add_timed_walk("1", NOW_MS - 600_000, "10m", 15.0, True, NOW_MS)
    store.begin_fitting("1", "left", NOW_MS - 300_000)
    address = served(store)
    ready = {"diary": "Wedge changed, left", "compare": "Steps with the brace on", "plan": "8 h a day, left",
             "notes": "New shoes.", "fitting": "Step 1 of 9"}  # fmt: skip
    empty = {"diary": "Once a change is entered", "compare": "First period: of these days nothing is known",
             "plan": "Nothing is prescribed.", "notes": "No note yet.", "fitting": "Begin a fitting"}  # fmt: skip
    both = ({"viewport": PHONE}, {"viewport": DESK, "color_scheme": "dark"})
    for person, texts, looks in (("1", ready, both), ("2", empty, both[:1])):
        for name, text in texts.items():
            for look in looks:
                seen = visit(**look)
                seen.open(address, f"/{name}/{person}", text)
                page = seen.page
                assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
                assert violations(page) == [] and seen.complaints == []
                assert page.locator("h1").count() == 1
                small = page.evaluate(
                    "[...document.querySelectorAll('main button')].filter(b => b.offsetParent && b.offsetHeight < 44)"
                    ".map(b => b.textContent)"
                )
                assert small == []
                page.context.close()


def test_a_fitting_is_led_from_start_to_end_without_a_link_to_the_brace(
    store: Store, opened: Callable[..., Page]
) -> None:
    page = opened("/fitting/1", "Begin a fitting", PHONE)
    main = page.locator("main")
    press(page, "Begin")
    expect(main).to_contain_text("Step 1 of 9: Pair")
    expect(main).to_contain_text("Nothing has come from this leg's brace since the fitting began.")
    press(page, "Done")
    expect(main).to_contain_text("Step 2 of 9: Zero")
    expect(main).to_contain_text("talus calibrate --port auto --step encoder")
    page.get_by_label("Spread at rest (counts)").fill("3.5")
    press(page, "Done")
    expect(main).to_contain_text("Spread at rest: 3.5 counts: refused, accepted up to 2 counts")
    expect(main).to_contain_text("Step 2 of 9: Zero")
    page.get_by_label("Spread at rest (counts)").fill("1.2")
    press(page, "Done")
    expect(main).to_contain_text("Step 3 of 9: Standing")
    press(page, "Skip")
    expect(main).to_contain_text("Step 4 of 9: Ten strides")
    page.reload()  # the browser was closed, or another one opened
    expect(main).to_contain_text("Step 4 of 9: Ten strides")
    page.get_by_label("Strides seen").fill("12")
    press(page, "Done")
    expect(main).to_contain_text("Step 5 of 9: Sites")
    press(page, "Step before")
    expect(main).to_contain_text("Step 4 of 9: Ten strides")
    press(page, "Step after")
    expect(main).to_contain_text("Step 5 of 9: Sites")
    press(page, "Done")
    expect(main).to_contain_text("Step 6 of 9: Pressure reference")
    press(page, "Done")
    expect(page.get_by_role("alert")).to_contain_text("skin_clear: step pressure needs it")
    choose(page, "Is the skin under every sensor clear?", "Yes, checked and clear")
    press(page, "Done")
    expect(main).to_contain_text("Step 7 of 9: Prescription")
    page.get_by_label("Hours a day, from today").fill("7.5")
    press(page, "Done")
    expect(main).to_contain_text("Step 8 of 9: Walk with the brace")
    page.get_by_label("Time (s)").fill("12.5")
    press(page, "Done")
    expect(main).to_contain_text("Step 9 of 9: Walk without the brace")
    expect(main).to_contain_text("10 m, with the brace: 12.5 s, 0.80 m/s")
    page.get_by_label("Time (s)").fill("16")
    press(page, "Done")
    expect(main).to_contain_text("All steps have been gone through")
    # 10 m in 12.5 s and 16 s: 0.80 and 0.625 m/s; from 0.4 to 0.8 m/s the limit is 0.15 m/s (Lewek 2019)
    expect(main).to_contain_text("0.80 m/s with the brace, 0.62 m/s without, +0.18 m/s: more than the 0.15 m/s")
    press(page, "End the fitting")
    expect(main).to_contain_text("Standing: skipped")
    expect(main).to_contain_text("Begin a fitting")
    rows = store.fittings("1")
    kept = rows.drop_duplicates("step", keep="last").set_index("step")["outcome"].to_dict()
    assert kept == dict.fromkeys(STEPS, "done") | {"standing": "skipped", "begun": "done", "ended": "done"}
    assert rows.loc[rows["step"] == "zero", "outcome"].tolist() == ["refused", "done"]
    walks = store.timed_walks("1").sort_values("brace_on")
    assert walks[["distance_m", "seconds", "brace_on"]].to_numpy().tolist() == [[10, 16, 0], [10, 12.5, 1]]
    held = store.prescriptions("1").iloc[0]
    assert (held["side"], held["kind"], held["hours"]) == ("left", "hours", 7.5)


def test_the_watch_of_a_walk_times_it_and_a_walk_can_be_taken_back(store: Store, opened: Callable[..., Page]) -> None:
    store.begin_fitting("1", "left", NOW_MS)
    for step in STEPS[:7]:
        store.enter_fitting("1", "left", NOW_MS, step, "skipped", {}, NOW_MS, store.fitting("1")["seen_ms"])
    page = opened("/fitting/1", "Step 8 of 9: Walk with the brace")
    page.get_by_role("button", name="Start", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_focused()
    page.wait_for_timeout(4000)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    timed = float(page.get_by_label("Time (s)").input_value())
    assert 4.0 <= timed <= 6.0
    press(page, "Done")
    expect(page.locator("main")).to_contain_text("Walk with the brace: done.")
    assert store.timed_walks("1")["seconds"].tolist() == [timed]
    page.locator("#fitting-said").get_by_role("button").click()
    expect(page.locator("#fitting-said")).to_contain_text("Taken back.")
    assert store.timed_walks("1").empty and "walk_on" not in store.fitting("1")["steps"]


def test_of_two_windows_of_one_fitting_the_second_is_told(store: Store, opened: Callable[..., Page]) -> None:
    store.begin_fitting("1", "left", NOW_MS)
    one, two = (opened("/fitting/1", "Step 1 of 9") for _ in range(2))
    press(one, "Done")
    expect(one.locator("main")).to_contain_text("Step 2 of 9")
    press(two, "Skip")
    expect(two.get_by_role("alert")).to_contain_text("another page entered a step meanwhile, look again")
    expect(two.locator("main")).to_contain_text("Step 2 of 9")  # and sees it
    assert store.fitting("1")["steps"]["pair"]["outcome"] == "done"


def test_an_adjustment_is_entered_compared_and_taken_back(store: Store, opened: Callable[..., Page]) -> None:
    page = opened("/diary/1", "Nothing entered yet")
    choose(page, "What was changed", "Wedge changed")
    page.get_by_label("Day", exact=True).fill("2026-10-20")
    page.get_by_role("button", name="Enter", exact=True).dblclick()  # twice by a trembling hand
    expect(page.locator("#diary-said")).to_contain_text("Entered: Wedge changed, left, Tue 20 Oct 2026.")
    assert store.brace_changes("1")["what"].tolist() == ["wedge"]
    table = page.get_by_role("region", name="Table: Wedge changed, left, Tue 20 Oct 2026")
    row = store.changed("1", "2026-11-20").adjustments.set_index("measure").loc["heel_first_pct"]
    cells = table.get_by_role("row").filter(has_text="Heel-first steps").get_by_role("cell")
    expect(cells.nth(1)).to_have_text(f"{row['before']:.1f} ({row['before_days']})")
    expect(cells.nth(2)).to_have_text(f"{row['after']:.1f} ({row['after_days']})")
    assert row["needed"] == pytest.approx(2.58 * row["se"])
    beyond = abs(row["difference"]) >= row["needed"]
    expect(cells.nth(5)).to_have_text("More than day-to-day variation" if beyond else "No clear change")
    page.get_by_label("Day", exact=True).fill("2026-11-14")
    press(page, "Enter")
    expect(page.locator("main")).to_contain_text("of 7 days after")
    page.get_by_label("Day", exact=True).fill("2026-12-24")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Day: Thu 24 Dec 2026 is still to come.")
    expect(table).to_be_visible()  # what was shown stays
    press(page, "Take back: Wedge changed, left, Tue 20 Oct 2026")
    expect(page.locator("#diary-said")).to_contain_text("Taken back: Wedge changed")
    expect(table).to_have_count(0)
    assert store.brace_changes("1")["day"].dt.strftime("%m-%d").tolist() == ["11-14"]


def test_wrong_dates_of_a_comparison_are_named_and_what_was_shown_stays(opened: Callable[..., Page]) -> None:
    page = opened("/compare/1", "25 Sep to 22 Oct 2026 against 23 Oct to 19 Nov 2026")
    first = page.get_by_role("group", name="First period")
    second = page.get_by_role("group", name="Second period")
    wrong = (
        (first, "From", "2026-10-30", "First period, to: Thu 22 Oct 2026 is before Fri 30 Oct 2026."),
        (second, "To (this day included)", "2026-12-24", "Second period, to: Thu 24 Dec 2026 is still to come."),
        (first, "To (this day included)", "2026-10-25", "Fri 23 Oct 2026 lies in both periods."),
        (first, "From", "", "First period, from: choose a day."),
    )
    for period, field, day, line in wrong:
        place = period.get_by_label(field, exact=True)
        before = place.input_value()
        place.fill(day)
        press(page, "Compare")
        expect(page.get_by_role("alert")).to_contain_text(line)
        expect(page.locator("#compare-body")).to_contain_text("25 Sep to 22 Oct 2026 against 23 Oct to 19 Nov 2026")
        place.fill(before)
    first.get_by_label("From", exact=True).fill("2026-10-01")
    press(page, "Compare")
    expect(page.locator("#compare-body")).to_contain_text("1 Oct to 22 Oct 2026 against")
    expect(page.get_by_role("alert")).to_have_count(0)
    press(page, "Before and after the last change")
    expect(page.get_by_role("alert")).to_contain_text("choose the days yourself")


def test_a_prescription_is_made_by_keyboard_alone_and_taken_back(store: Store, opened: Callable[..., Page]) -> None:
    page = opened("/plan/1", "Nothing is prescribed.")
    page.get_by_role("textbox", name="Leg", exact=True).first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    for _ in range(3):  # hours, walking, outdoors, break-in
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Break-in: at most (hours a day)")).to_be_enabled()
    for name, text in (("Hours a day (break-in: on day 1)", "2"), ("Break-in: at most (hours a day)", "8"),
                       ("Break-in: more each day (hours)", "1")):  # fmt: skip
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.get_by_label(name).evaluate("field => field === document.activeElement"):
                break
        page.keyboard.type(text)
        expect(page.get_by_label(name)).to_have_value(text)
    page.keyboard.press("Tab")
    page.wait_for_timeout(500)  # a hand takes that long from key to key
    page.keyboard.press("Enter")
    said = page.locator("main")
    expect(said).to_contain_text("Prescribed: break-in: 2 h a day, 1 h more each day, 8 h at most, left")
    held = store.prescriptions("1").iloc[0]
    assert (held["kind"], held["hours"], held["hours_max"], held["hours_more"]) == ("break_in", 2, 8, 1)
    page.locator("#plan-rx-body").get_by_role("button").click()
    expect(said).to_contain_text("The prescription was taken back")
    assert store.prescriptions("1").empty


def test_the_plan_keeps_a_limit_a_choice_a_goal_and_a_leg_each_with_its_way_back(
    store: Store, opened: Callable[..., Page]
) -> None:
    page = opened("/plan/1", "Battery")
    main = page.locator("main")
    choose(page, "Limit", "Battery")
    page.get_by_label("Value", exact=True).fill("95")
    press(page, "Set this limit")
    expect(page.get_by_role("alert")).to_contain_text("Battery: 95 is not from 5 to 80.")
    page.get_by_label("Value", exact=True).fill("30")
    press(page, "Set this limit")
    expect(main).to_contain_text("Battery: 30 % from now on.")
    limits = store.thresholds("1").set_index("name")["value"]
    assert limits["low_battery_pct"] == 30
    choose(page, "Measure 1", "Steps with the brace on")
    press(page, "Judge these from now on")
    expect(main).to_contain_text("Judged from now on: Steps with the brace on.")
    assert [(one.measure, one.better) for one in store.headlines("1")] == [("steps", "up")]
    expect(page.get_by_label("Goal (hours a day; empty: none)")).to_have_value("8")
    page.get_by_label("Goal (hours a day; empty: none)").fill("9")
    press(page, "Save the goal")
    expect(main).to_contain_text("Goal: 9 h a day.")
    assert store.person("1")["goal_h"] == 9
    page.get_by_role("button", name="Take back: Goal: 9 h a day.").click()
    expect(main).to_contain_text("The goal is as it was before.")
    assert store.person("1")["goal_h"] == 8
    expect(page.get_by_label("Goal (hours a day; empty: none)")).to_have_value("8")
    page.get_by_role("button", name="Take back: Chosen for this person").click()
    expect(main).to_contain_text("The choice was taken back")
    assert len(store.headlines("1")) == 3
    page.get_by_role("button", name="Default again: Battery: 30 %").click()
    expect(main).to_contain_text("The default holds again.")
    assert store.thresholds("1").set_index("name")["value"]["low_battery_pct"] == 20


def test_a_note_is_written_hidden_and_shown_again(store: Store, opened: Callable[..., Page]) -> None:
    page = opened("/notes/1", "The patient reads these notes, too")
    page.get_by_label("Note", exact=True).fill("x" * 2001)
    press(page, "Keep this note")
    expect(page.get_by_role("alert")).to_contain_text("Note: it has 2,001 characters, 2,000 at most.")
    assert len(page.get_by_label("Note", exact=True).input_value()) == 2001  # nothing typed is lost
    page.get_by_label("Note", exact=True).fill("New shoes.\n<b>Both</b> feet.")
    page.get_by_label("From", exact=True).fill("2026-11-03")
    page.get_by_role("button", name="Keep this note").dblclick()
    expect(page.locator("#notes-body")).to_contain_text("<b>Both</b> feet.")  # as typed, never as a page
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    row = store.notes("1").iloc[0]
    assert (f"{row['first_day']:%Y-%m-%d}", f"{row['last_day']:%Y-%m-%d}") == ("2026-11-03", "2026-11-20")
    assert len(store.notes("1", hidden=True)) == 1
    page.locator("#notes-body").get_by_role("button").click()
    expect(page.locator("#notes-said")).to_contain_text("It is kept below.")
    assert store.notes("1").empty
    page.get_by_text("Show the hidden notes (1)").click()
    page.locator("#notes-body").get_by_role("button", name="Show again").click()
    expect(page.locator("#notes-said")).to_contain_text("shown again")
    assert len(store.notes("1")) == 1


def test_nobody_elses_pages_open_and_nothing_is_told(opened: Callable[..., Page]) -> None:
    for name in ("fitting", "diary", "compare", "plan", "notes"):
        page = opened(f"/{name}/99", "There is no such person here.")
        expect(page.locator("main button")).to_have_count(0)
        page.context.close()
