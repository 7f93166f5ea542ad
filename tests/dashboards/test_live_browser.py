"""The live page in a real Chromium: samples appear and advance, a hole shows, what stands still never looks alive."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from dashboards import made_samples as made
from dashboards import made_tables
from dashboards.browsing import DESK, PHONE, Visit, violations
from playwright.sync_api import Page, expect

from talus_dashboards.feed import LOST, Glimpse
from talus_dashboards.reader import Nobody

LIVE = "/live"
PATIENT_MS = 15_000  # a page that asks four times a second, on a machine with other work


class Brace:
    """A feed that goes on by itself: its clock is this machine's; at `stopped_s` its samples end."""

    def __init__(self, **columns: float) -> None:
        self.columns = columns
        self.without: tuple[tuple[int, int], ...] = ()
        self.link: dict[str, object] = {}
        self.stopped_s: float | None = None
        self.asked = 0
        self._zero_s = time.monotonic() - 60

    def now_ms(self) -> int:
        return int(1000 * (time.monotonic() - self._zero_s)) // 10 * 10

    def stop(self) -> None:
        self.stopped_s = time.monotonic()
        self.link = {"link": LOST, "why": "lost"}

    def __call__(self) -> Glimpse:
        self.asked += 1
        silent_s = time.monotonic() - self.stopped_s if self.stopped_s else 0.02
        end_ms = self.now_ms() - int(1000 * silent_s) // 10 * 10
        table = made.samples(end_ms - 10_000, end_ms, self.without, **self.columns)
        return made.glimpse(table, silent_s=silent_s, sites=made.SITES, **self.link)


# A plot's numbers come as bytes; plotly keeps what it read out of them beside these.
LINES = """() => Object.fromEntries(document.querySelector('#live-graph .js-plotly-plot')._fullData.map(one =>
    [one.name, Array.from(one.AXIS._inputArray || one.AXIS, v => Number.isNaN(v) ? null : v)]))"""


def lines(page: Page, axis: str = "y") -> dict[str, list[float | None]]:
    """What each line of the plot holds, as plotly in the browser has it."""
    return page.evaluate(LINES.replace("AXIS", axis))


def newest(page: Page) -> float:
    """The ankle's angle, which is the brace's time in tenths of a second."""
    return next(value for value in reversed(lines(page)["ankle_angle_deg"]) if value is not None)


def ends(page: Page) -> list[float]:
    """Where each line ends, in seconds before now."""
    return [times[-1] or 0.0 for times in lines(page, "x").values() if len(times) > 100]


def until(page: Page, holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + PATIENT_MS / 1000
    while not holds():
        assert time.monotonic() < end_s, "the picture stands still"
        page.wait_for_timeout(100)


def advanced(page: Page, before: float) -> None:
    """Wait until a newer sample is drawn."""
    until(page, lambda: newest(page) > before)


def lost() -> Brace:
    brace = Brace()
    brace.stop()
    return brace


# name -> (feed, words that must be read there, whether a picture stands there)
SCENES: dict[str, tuple[Callable[[], Brace], str, bool]] = {
    "samples come": (Brace, "Samples come in.", True),
    "a solid brace": (lambda: Brace(ankle_angle_deg=made.NAN), "Ankle angle: not measured", True),
    "the link is lost": (lost, "The last one came at", True),
}


@pytest.mark.parametrize("scene", SCENES)
def test_the_live_page_is_quiet_local_accessible_and_fits(
    scene: str, served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    feed, text, pictured = SCENES[scene]
    for look in ({"viewport": PHONE}, {"viewport": DESK, "color_scheme": "dark"}):
        address = served(Nobody(), feed())
        seen = visit(**look)
        page = opened(seen, address, text)
        expect(page.locator("#live-box")).to_be_visible(visible=pictured)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert page.locator(".rows").evaluate("one => one.scrollWidth - one.clientWidth") <= 0
        assert violations(page) == []
        assert page.get_by_text("Share").count() == 0 and page.locator(".modebar-btn").count() == 0
        label = page.locator("[role=img]").get_attribute("aria-label") or ""
        assert label.startswith("Samples, newest right. ") and text in label + page.locator("main").inner_text()
        hosts = {urlsplit(url).netloc for url in seen.requests if not url.startswith("data:")}
        assert hosts == {urlsplit(address).netloc}
        assert seen.complaints == []


def opened(seen: Visit, address: str, text: str) -> Page:
    home, _, token = address.partition("/?")
    seen.page.goto(f"{home}{LIVE}?{token}")
    expect(seen.page.locator("main")).to_contain_text(text, timeout=PATIENT_MS)
    expect(seen.page.locator("#live-graph .main-svg").first).to_be_attached(timeout=PATIENT_MS)
    return seen.page


def test_samples_appear_and_advance(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    brace = Brace()
    page = opened(visit(PHONE), served(Nobody(), brace), "Samples come in.")
    seen = []
    for _ in range(3):
        before = newest(page)
        advanced(page, before)
        seen.append(newest(page))
        assert seen[-1] == pytest.approx(brace.now_ms() / 100, abs=50), "tenths of a second: within five seconds of now"
    assert seen == sorted(set(seen))
    assert page.locator("#live-graph .scatterlayer .js-line").count() == 11, "four pressures are fitted, one is absent"
    row = page.locator("#live-table tr", has_text="Lateral malleolus")
    expect(row).to_contain_text("68")  # 9 kPa


def test_a_hole_in_the_samples_is_a_hole_in_the_lines(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    brace = Brace()
    now = brace.now_ms()
    brace.without = ((now + 1000, now + 1400),)
    page = opened(visit(), served(Nobody(), brace), "40 samples are missing, in 1 gap")
    drawn = lines(page)["moment_nm"]
    assert drawn.count(None) == 1 and None not in (drawn[0], drawn[-1])
    assert page.locator("#live-graph .scatterlayer .js-line").count() == 2 * 11, "each line in two pieces"
    assert page.locator("#live-graph .barlayer .point").count() == 7, "hatched in every panel with a line"


def test_a_lost_link_is_said_and_what_is_old_moves_away(
    served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    brace = Brace()
    page = opened(visit(), served(Nobody(), brace), "Samples come in.")
    brace.stop()
    brace.stopped_s = time.monotonic() - 2
    status = page.locator("#live-state")
    expect(status).to_contain_text("The link to the brace broke or went silent", timeout=PATIENT_MS)
    expect(status).to_contain_text(made.LAST.astimezone().strftime("%H:%M:%S"))
    expect(page.get_by_role("heading", name="The last second that came")).to_be_visible()
    assert status.get_attribute("role") == "status"
    until(page, lambda: max(ends(page)) <= -2)
    assert len(ends(page)) == 11 and min(ends(page)) > -10
    brace.stopped_s = time.monotonic() - 11
    expect(page.locator("#live-box")).to_be_hidden(timeout=PATIENT_MS)
    expect(page.locator("main")).to_contain_text("No sample came in the last 10 s.")
    brace.stopped_s, brace.link = None, {}
    expect(status).to_have_text("Samples come in.", timeout=PATIENT_MS)
    expect(page.locator("#live-box")).to_be_visible()


def test_a_server_that_is_gone_is_said_by_the_page_itself(
    served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    page = opened(visit(), served(Nobody(), Brace()), "Samples come in.")
    gone = page.locator("#live-gone")
    expect(gone).to_be_hidden()
    page.route("**/_dash-update-component*", lambda route: route.abort())
    expect(gone).to_be_visible(timeout=PATIENT_MS)
    expect(gone).to_contain_text("Talus no longer answers: what stands below is old.")
    page.unroute("**/_dash-update-component*")
    expect(gone).to_be_hidden(timeout=PATIENT_MS)
    advanced(page, newest(page))


def test_the_keyboard_pauses_it_and_lets_it_go_on(served: Callable[..., str], visit: Callable[..., Visit]) -> None:
    brace = Brace()
    page = opened(visit(), served(made_tables.wearer(weeks=1), brace), "Samples come in.")
    page.locator("nav a[aria-current]").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#live-pause")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    expect(page.get_by_text("Paused: this page stands still until you go on.")).to_be_visible()
    page.wait_for_timeout(1000)
    asked, stood = brace.asked, newest(page)
    page.wait_for_timeout(6000)
    assert (brace.asked, newest(page)) == (asked, stood), "nobody looks: a brace may be let go"
    expect(page.locator("#live-gone")).to_be_hidden()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    advanced(page, stood)


def test_without_a_feed_one_sentence_says_how_to_get_one(
    served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    seen = visit(PHONE)
    seen.open(served(made_tables.wearer(weeks=1)), LIVE, "start: talus live --page")
    assert violations(seen.page) == [] and seen.complaints == []
