"""Telling in a real Chromium as people do it: with one thumb on a phone, with keys alone, from two windows at once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dashboards.browsing import DESK, PHONE, Visit, violations
from dashboards.telling_store import NOW_MS, OFF, Clock, Served, lived, told
from host.made_records import MINUTE_MS
from playwright.sync_api import Page, expect

from talus_host.metrics.telling import TELLABLE
from talus_host.store import Store

World = tuple[Store, Clock, str]
# what -> (its card, an answer's button, what must be kept); of each kind the first and the last of the row
TAPS = {
    "pain 0": ("Pain", "0 of 10", ("pain", "left", 0.0)),
    "pain 10": ("Pain", "10 of 10", ("pain", "left", 10.0)),
    "numbness": ("Numbness", "New, or more than usual", ("numbness", "left", 2.0)),
    "skin": ("Skin", "A mark", ("skin", "left", 1.0)),
    "fall": ("Fall", "Fell, not hurt", ("fall", "", 1.0)),
    "day off": ("Day off", "Tomorrow", ("day_off", "", 1.0)),
    "new shoes": ("New shoes", "Yesterday", ("new_shoes", "", 1.0)),
    "feeling": ("How I feel", "Very good", ("feeling", "", 5.0)),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    with lived(tmp_path / "talus.db", off=False) as store:
        served = Served(store, clock)
        yield store, clock, served.address
        served.close()


def tap(page: Page, name: str, answer: str) -> None:
    """Two taps: the card, then the answer."""
    one = page.locator("details.ask").filter(has=page.locator("summary").get_by_text(name, exact=True))
    one.locator("summary").tap()
    one.get_by_role("button", name=answer, exact=True).tap()


def test_every_kind_of_the_table_is_tapped_here() -> None:
    assert {kept[0] for _, _, kept in TAPS.values()} == {row.what for row in TELLABLE}


def test_everything_is_told_in_two_taps_on_a_phone_and_can_be_taken_back(
    world: World, visit: Callable[..., Visit]
) -> None:
    store, clock, address = world
    seen = visit(PHONE, has_touch=True, is_mobile=True)
    seen.open(address, "/tell", "Nothing told yet today.")
    expected = []
    for name, (label, answer, kept) in TAPS.items():
        clock.at_ms += 5 * MINUTE_MS
        tap(seen.page, label, answer)
        expect(seen.page.locator(".noted .done")).to_contain_text("Noted.")
        expect(seen.page.locator(".told li")).to_have_count(len(expected) + 1)
        expected.append((*kept, "self"))
        assert told(store) == sorted(expected), name
        seen.page.locator("details.ask[open] summary").first.tap()
    assert seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    buttons = seen.page.locator("button:visible").all()
    assert all(box["height"] >= 44 for box in (button.bounding_box() for button in buttons) if box)
    assert violations(seen.page) == [] and seen.complaints == []
    for left in range(len(expected) - 1, -1, -1):
        seen.page.locator(".told li button").first.tap()
        expect(seen.page.locator(".told li")).to_have_count(left)
    assert told(store) == []


def test_keys_alone_tell_and_take_back(world: World, visit: Callable[..., Visit]) -> None:
    store, _, address = world
    seen = visit(DESK)
    seen.open(address, "/tell", "Nothing told yet today.")
    page = seen.page

    def reach(text: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            at = page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText")
            if (at or "").strip() == text:
                return
        raise AssertionError(f"{text} cannot be reached")

    reach("Pain")
    page.keyboard.press("Enter")
    reach("4 of 10")
    page.keyboard.press("Enter")
    expect(page.locator(".noted")).to_contain_text("Noted. Pain, left leg: 4 of 10")
    assert told(store) == [("pain", "left", 4.0, "self")]
    reach("Take back: Pain, left leg: 4 of 10")
    page.keyboard.press("Space")
    expect(page.locator(".noted")).to_contain_text("Taken back: Pain")
    assert told(store) == []


def test_a_helper_says_so_once_and_each_answer_carries_it(world: World, visit: Callable[..., Visit]) -> None:
    store, _, address = world
    seen = visit(PHONE, has_touch=True)
    seen.open(address, "/tell", "I am helping")
    seen.page.get_by_role("switch", name="I am helping").tap()
    tap(seen.page, "Numbness", "Not numb")
    expect(seen.page.locator(".told")).to_contain_text("told by a helper")
    assert told(store) == [("numbness", "left", 0.0, "helper")]


@pytest.mark.parametrize(
    ("label", "answer", "words"),
    [
        ("Pain", "7 of 10", "If it is still there after 30 minutes, leave the brace off and call."),
        ("Numbness", "New, or more than usual", "take the brace off and call your clinician"),
        ("Skin", "The mark is still there", "Leave the brace off. Call your orthotist"),
        ("Fall", "Fell and hurt", "Then call 112 or your emergency number now."),
    ],
)
def test_what_asks_for_care_is_answered_with_the_words_of_safety(
    label: str, answer: str, words: str, world: World, visit: Callable[..., Visit]
) -> None:
    _, _, address = world
    seen = visit(PHONE, has_touch=True)
    seen.open(address, "/tell", "Nothing told yet today.")
    tap(seen.page, label, answer)
    notice = seen.page.locator(".noted .notice")
    expect(notice).to_contain_text(words)
    assert violations(seen.page) == []
    seen.page.get_by_role("button", name="I have read this").tap()
    expect(notice).to_have_count(0)


def test_less_pain_brings_no_alarm_and_no_praise(world: World, visit: Callable[..., Visit]) -> None:
    _, _, address = world
    seen = visit(PHONE, has_touch=True)
    seen.open(address, "/tell", "Nothing told yet today.")
    tap(seen.page, "Pain", "6 of 10")
    expect(seen.page.locator(".noted")).to_have_text("Noted. Pain, left leg: 6 of 10")


def test_two_windows_telling_at_once_are_both_kept_and_a_double_tap_is_one(
    world: World, visit: Callable[..., Visit]
) -> None:
    store, _, address = world
    one, two = visit(PHONE, has_touch=True), visit(PHONE, has_touch=True)
    for seen in (one, two):
        seen.open(address, "/tell", "Nothing told yet today.")
        seen.page.locator("summary").get_by_text("Pain", exact=True).tap()
    one.page.get_by_role("button", name="2 of 10", exact=True).tap(no_wait_after=True)
    two.page.get_by_role("button", name="5 of 10", exact=True).dblclick()
    for seen in (one, two):
        expect(seen.page.locator(".noted .done")).to_contain_text("Noted.")
    two.page.wait_for_timeout(500)
    assert [row[2] for row in told(store)] == [2.0, 5.0]
    # Taken back in one window, then once more in the other: a plain line, and nothing else is lost.
    two.page.reload()
    expect(two.page.locator(".told li")).to_have_count(2)
    for seen in (one, two):
        seen.page.reload()
        expect(seen.page.locator(".told li")).to_have_count(2)
    for seen in (one, two):
        seen.page.get_by_role("button", name="Take back: Pain, left leg: 2 of 10").tap()
    expect(two.page.locator(".noted .refused")).to_contain_text("taken back already")
    assert [row[2] for row in told(store)] == [5.0]


def test_two_legs_ask_which_once_and_the_leg_goes_with_the_answer(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    with lived(tmp_path / "talus.db", sides=("left", "right"), off=False) as store:
        served = Served(store, Clock())
        seen = visit(PHONE, has_touch=True)
        seen.open(served.address, "/tell", "Nothing told yet today.")
        seen.page.get_by_text("right leg", exact=True).tap()
        tap(seen.page, "Pain", "1 of 10")
        expect(seen.page.locator(".noted")).to_contain_text("Pain, right leg: 1 of 10")
        tap(seen.page, "Fall", "Nearly fell")
        expect(seen.page.locator(".told li")).to_have_count(2)
        assert told(store) == [("fall", "", 0.0, "self"), ("pain", "right", 1.0, "self")]
        assert violations(seen.page) == []
        served.close()


def test_the_look_at_the_skin_counts_down_and_a_reload_keeps_it(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    with lived(tmp_path / "talus.db") as store:
        clock = Clock(NOW_MS)
        served = Served(store, clock)
        seen = visit(PHONE, has_touch=True)
        seen.page.clock.install()
        seen.open(served.address, "/breakin", "Look or feel now")
        expect(seen.page.locator("main")).to_contain_text("The brace came off: 11:00.")
        seen.page.get_by_role("button", name="I see a mark").tap()
        expect(seen.page.locator("main")).to_contain_text("Look again at 11:30, in 10 min.")
        clock.at_ms = OFF + 24 * MINUTE_MS
        seen.page.clock.fast_forward(16_000)
        expect(seen.page.locator("main")).to_contain_text("Look again at 11:30, in 6 min.")
        seen.page.reload()
        expect(seen.page.locator("main")).to_contain_text("Look again at 11:30, in 6 min.")
        clock.at_ms = OFF + 31 * MINUTE_MS
        seen.page.clock.fast_forward(16_000)
        expect(seen.page.locator("main")).to_contain_text("Half an hour has passed.")
        assert violations(seen.page) == []
        seen.page.get_by_role("button", name="The mark is still there").tap()
        expect(seen.page.locator("main")).to_contain_text("Leave the brace off and call")
        assert told(store) == [("skin", "left", 1.0, "self"), ("skin", "left", 3.0, "self")]
        assert seen.complaints == []
        served.close()


def test_the_menu_lies_under_the_thumb_and_names_the_page_that_is_open(
    world: World, visit: Callable[..., Visit]
) -> None:
    store, _, address = world
    store.prescribe("1", "left", "2026-11-18", "break_in", {"hours": 1.0, "hours_max": 8.0, "hours_more": 0.5}, NOW_MS)
    seen = visit(PHONE, has_touch=True)
    seen.open(address, "/tell", "Nothing told yet today.")
    links = seen.page.locator("nav a")
    for link in links.all():
        box = link.bounding_box()
        assert box and box["height"] >= 44 and box["y"] > PHONE["height"] / 2, "a thumb reaches the lower half"
    expect(seen.page.locator("nav a[aria-current=page]")).to_have_text("Tell")
    for name in ("Progress", "Exercises", "Break-in", "What my orthotist sees", "Today"):
        seen.page.get_by_role("link", name=name, exact=True).tap()
        expect(seen.page.locator("nav a[aria-current=page]")).to_have_text(name)
        expect(seen.page.locator("h1")).to_have_count(1)
    expect(seen.page.locator("main")).to_contain_text("Battery")
    seen.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    foot, menu = seen.page.locator(".foot p").bounding_box(), seen.page.locator("nav").bounding_box()
    assert foot and menu and foot["y"] + foot["height"] <= menu["y"], "the menu hides the end of the page"
