"""The panel: what a button, a light and a haptic driver do, tick by tick."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from talus.panel import LIGHTS, Panel
from talus.prompts import PROMPT_ROWS, Prompts
from talus.wire import kinds

AMBER, RED, LOW, CHARGING = range(4)
DAY = 24 * 60


@dataclass
class Pin:
    level: int = 0
    seen: list[int] = field(default_factory=list)

    def value(self, level: int | None = None) -> int:
        if level is not None:
            self.level = level
        return self.level


@dataclass
class Hand:
    """A panel with all its parts, and what its pins did each tick."""

    button: Pin = field(default_factory=lambda: Pin(1))
    led: Pin = field(default_factory=Pin)
    haptic: Pin = field(default_factory=Pin)
    tick: int = 0
    pairing: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.panel = Panel({"button": self.button, "led": self.led, "haptic": self.haptic})

    def wait(self, ticks: int) -> None:
        for _ in range(ticks):
            self.panel.poll(self.tick, self.pairing)
            self.tick += 1
            self.led.seen.append(self.led.level)
            self.haptic.seen.append(self.haptic.level)
            for name in ("pairing", "fast", "forget", "shipping"):
                if getattr(self.panel, name + "_asked"):
                    self.asked.append(name)

    def press(self, ticks: int, then: int = 30) -> None:
        self.button.level = 0
        self.wait(ticks)
        self.button.level = 1
        self.wait(then)


def runs(seen: list[int]) -> list[tuple[int, int]]:
    """(level, ticks) one after another."""
    found: list[tuple[int, int]] = []
    for level in seen:
        if found and found[-1][0] == level:
            found[-1] = (level, found[-1][1] + 1)
        else:
            found.append((level, 1))
    return found


@pytest.mark.parametrize("what", range(len(kinds.PROMPTS)))
def test_a_prompt_is_felt_as_its_row_says_and_then_the_driver_is_off(what: int) -> None:
    hand = Hand()
    hand.panel.prompt(what, hand.tick)
    hand.wait(500)
    touches = [ticks * 10 for level, ticks in runs(hand.haptic.seen)[:-1]]
    assert tuple(touches) == PROMPT_ROWS[what][1]
    assert [level for level, _ in runs(hand.haptic.seen)] == [i % 2 ^ 1 for i in range(len(touches) + 1)]
    assert hand.panel.busy, "its light still flashes"
    hand.wait(600)
    assert not hand.panel.busy


def test_no_two_prompts_feel_alike() -> None:
    felt = [(len(row[1]), sum(row[1])) for row in PROMPT_ROWS]
    assert len(set(felt)) == len(felt)
    by_name = {row[0]: row[1] for row in PROMPT_ROWS}
    assert sum(by_name["pressure_red"]) > 2 * sum(by_name["pressure_amber"])


def test_a_red_that_comes_while_an_amber_is_felt_is_felt_after_it() -> None:
    hand = Hand()
    hand.panel.prompt(AMBER, 0)
    hand.wait(5)
    hand.panel.prompt(LOW, hand.tick)
    hand.panel.prompt(RED, hand.tick)
    hand.wait(800)
    on = [ticks * 10 for level, ticks in runs(hand.haptic.seen) if level]
    assert on == [150, 150, 600, 600, 600]


def test_reds_are_never_silenced_and_ambers_are_felt_four_times_in_any_24_hours() -> None:
    prompts = Prompts()
    assert all(prompts.felt(RED, minute) for minute in range(0, 3 * DAY, 7))
    felt = [minute for minute in range(0, 4 * DAY, 60) if prompts.felt(AMBER, minute)]
    assert felt[:4] == [0, 60, 120, 180]
    assert all(sum(first <= one < first + DAY for one in felt) <= 4 for first in felt)
    assert len(felt) == 16, "four in each of four days"


@pytest.mark.parametrize("ticks", [3, 20, 100, 400, 999])
def test_a_press_opens_the_pairing_window_and_speeds_the_radio(ticks: int) -> None:
    hand = Hand()
    hand.press(ticks)
    assert hand.asked == ["pairing", "fast"]


def test_a_contact_of_20_ms_is_no_press() -> None:
    hand = Hand()
    hand.press(2)
    assert hand.asked == []


def test_ten_seconds_forget_once_and_letting_go_asks_for_nothing_more() -> None:
    hand = Hand()
    hand.press(2500)
    assert hand.asked == ["forget"]


def test_four_presses_and_three_seconds_are_shipping() -> None:
    hand = Hand()
    for _ in range(4):
        hand.press(20)
    hand.press(1500)
    assert [one for one in hand.asked if one not in ("pairing", "fast")] == ["shipping"], "and never forget"
    hand.press(1500)
    assert hand.asked[-1] == "forget", "the next gesture begins anew"


@pytest.mark.parametrize(
    ("presses", "pause", "hold"), [(3, 30, 300), (4, 200, 300), (4, 30, 290), (0, 0, 300), (12, 30, 50)]
)
def test_nothing_else_is_shipping(presses: int, pause: int, hold: int) -> None:
    hand = Hand()
    for _ in range(presses):
        hand.press(20, pause)
    hand.press(hold)
    assert "shipping" not in hand.asked


def test_leaning_on_the_button_all_day_sends_it_nowhere() -> None:
    hand = Hand()
    hand.press(60_000)
    assert hand.asked == ["forget"]


@pytest.mark.parametrize(("percent", "flashes"), [(0, 1), (24, 1), (25, 2), (60, 3), (75, 4), (100, 4)])
def test_a_press_shows_the_charge_in_quarters(percent: int, flashes: int) -> None:
    hand = Hand()
    hand.panel.percent = percent
    hand.press(20, 1)
    hand.led.seen.clear()
    hand.wait(310)
    assert len([level for level, _ in runs(hand.led.seen) if level]) == flashes
    assert not hand.panel.busy or hand.panel._presses


def test_an_unknown_charge_is_not_shown_as_one() -> None:
    hand = Hand()
    hand.press(20, 320)
    assert not any(hand.led.seen)


def lit(hand: Hand, seconds: int = 60) -> tuple[int, float]:
    """(flashes, share of the time lit) of so many seconds."""
    hand.led.seen.clear()
    hand.wait(seconds * 100)
    return len([1 for level, _ in runs(hand.led.seen) if level]), sum(hand.led.seen) / len(hand.led.seen)


def test_each_light_is_told_from_the_others_and_the_first_that_applies_is_shown() -> None:
    hand = Hand()
    assert lit(hand) == (0, 0), "normal wear is dark"
    hand.panel.low = True
    assert lit(hand) == (6, pytest.approx(0.003))
    hand.panel.charging = True
    assert lit(hand) == (30, pytest.approx(0.5))
    hand.panel.percent = 100
    assert lit(hand) == (1, 1.0)
    hand.panel.fault = True
    assert lit(hand) == (12, pytest.approx(0.006))
    hand.pairing = True
    assert lit(hand) == (120, pytest.approx(0.5))
    hand.pairing = False
    hand.panel.prompt(AMBER, hand.tick)
    assert lit(hand, 10) == (30, pytest.approx(0.3))
    assert len({row[1:5] for row in LIGHTS}) == len(LIGHTS)


def test_a_panel_without_parts_does_nothing_and_says_so() -> None:
    panel = Panel({})
    panel.prompt(RED, 0)
    for tick in range(1000):
        panel.poll(tick, True)
    assert not panel.able and not panel.busy


def test_the_readme_explains_every_light_touch_and_reason() -> None:
    text = (Path(__file__).parents[2] / "firmware/README.md").read_text()
    for name in (
        [row[0] for row in LIGHTS] + list(kinds.PROMPTS) + [one for one in kinds.HEALTH_REASONS if one != "none"]
    ):
        assert f"`{name}`" in text, name
