"""A fitting that reads the brace, in a real Chromium: from a brace that is sought to figures that were corrected."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dashboards import made_samples as made
from dashboards.browsing import DESK, PHONE, Visit, violations
from dashboards.working import DEVICE, NOW_MS, copied, lived
from events.walk import make
from playwright.sync_api import Page, expect

from talus_dashboards.feed import LOST, SEEKING, Glimpse
from talus_host.store import Store
from talus_host.watching import COLUMNS, PER

HASTE = 2  # the brace's clock against the wall's
STRIDE_S = 1.1
STILL = {"gyro_sagittal_deg_s": 0.0, "gyro_frontal_deg_s": 0.0, "acc_forward": 0.0, "acc_up": 1.0, "acc_lateral": 0.0}


def walking(at_ms: np.ndarray) -> pd.DataFrame:
    """A drawn walk without end, by the brace's own time."""
    drawn = np.array([row[: len(COLUMNS)] for row in make([STRIDE_S] * 3).samples], dtype=float) / PER
    stride = drawn[200 + round(100 * STRIDE_S) :][: round(100 * STRIDE_S)]
    return pd.DataFrame(stride[at_ms // 10 % len(stride)], columns=list(COLUMNS))


class Brace:
    """A feed that goes on by itself. `seen` changes what a look shows; walks: instead of standing."""

    def __init__(self) -> None:
        self.seen: dict[str, object] = {"link": SEEKING, "device": ""}
        self.columns: dict[str, float] = {"ankle_angle_deg": 3.4}
        self.walks = False
        self.asked = 0
        self._zero_s = time.monotonic() - 60

    def comes(self, device: int = DEVICE) -> None:
        self.seen = {"device": f"{device:016x}"}

    def __call__(self) -> Glimpse:
        self.asked += 1
        end_ms = int(1000 * HASTE * (time.monotonic() - self._zero_s)) // 10 * 10
        table = made.samples(end_ms - 10_000, end_ms, **STILL | self.columns)
        if self.walks:
            told = walking(table["since_boot_ms"].to_numpy())
            sideways = 0.2 * told["gyro_sagittal_deg_s"] * np.where(np.arange(len(told)) % 2, 1, -1)
            table[list(COLUMNS)] = told.assign(gyro_frontal_deg_s=sideways, gyro_transverse_deg_s=0.0)
        return made.glimpse(table, **self.seen)


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lived(tmp_path_factory.mktemp("lived") / "talus.db")


@pytest.fixture
def store(lived_once: Path, tmp_path: Path) -> Iterator[Store]:
    """A fitting that has come to the standing."""
    with copied(lived_once, tmp_path) as opened:
        opened.begin_fitting("1", "left", NOW_MS)
        skip(opened, "pair", "zero")
        yield opened


def skip(store: Store, *steps: str) -> None:
    for step in steps:
        store.enter_fitting("1", "left", NOW_MS, step, "skipped", {}, NOW_MS, store.fitting("1")["seen_ms"])


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fits(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    small = "[...document.querySelectorAll('main button')].filter(b => b.offsetParent && b.offsetHeight < 44).length"
    assert page.evaluate(small) == 0


def test_a_fitting_reads_the_brace_and_the_orthotist_has_the_last_word(
    store: Store, served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    brace, seen = Brace(), visit(PHONE)
    seen.open(served(store, brace), "/fitting/1", "Step 3 of 9: Standing")
    page, status = seen.page, seen.page.locator("#fitting-read-said")
    ankle, shank = page.get_by_label("Ankle angle, standing"), page.get_by_label("Shank angle, standing")
    expect(page.locator("main")).to_contain_text("talus calibrate --port auto --step imu")
    page.wait_for_timeout(1500)
    assert brace.asked == 0, "a page that only lies open asks for no sample"
    page.get_by_role("button", name="Read from the brace").focus()
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Looking for the brace")
    expect(page.locator("#fitting-read-count")).to_contain_text("Waiting for 2 s.")
    expect(page.get_by_role("button", name="Stop reading")).to_be_focused()
    fits(page)
    brace.seen = {"link": LOST, "why": "away", "device": ""}
    expect(status).to_contain_text("out of range, switched off or at rest")
    assert ankle.input_value() == ""
    brace.comes()
    expect(status).to_contain_text("Nothing has been entered yet.")
    expect(ankle).to_have_value("3.4")
    expect(shank).to_have_value("0")
    fits(page)
    asked = brace.asked
    page.wait_for_timeout(1500)
    assert brace.asked == asked, "what was read is let go"
    assert "standing" not in store.fitting("1")["steps"]
    ankle.fill("4.1")
    press(page, "Done")
    expect(page.locator("main")).to_contain_text("Step 4 of 9: Ten strides")
    assert store.fitting("1")["steps"]["standing"]["figures"] == {"ankle_deg": 4.1, "shank_deg": 0.0}
    expect(status).to_be_empty()
    strides(page, brace)
    press(page, "Done")
    expect(page.locator("main")).to_contain_text("Step 5 of 9: Sites")
    expect(page.locator("#fitting-read")).to_be_hidden()
    skip(store, "sites")
    page.reload()
    pressures(page, brace)
    assert seen.complaints == []


def strides(page: Page, brace: Brace) -> None:
    brace.walks = True
    press(page, "Begin the walk")
    expect(page.locator("#fitting-read-said")).to_contain_text("walk now")
    expect(page.locator("#fitting-read-count")).to_have_text(re.compile(r"^(1[6-9]|[2-9]\d|1\d\d) s of the walk$"))
    press(page, "End the walk")
    field = page.get_by_label("Strides seen")
    expect(field).not_to_have_value("")
    assert float(field.input_value()) >= 12  # 16 s hold 14 of them, less the first and the last
    explained = float(page.get_by_label("Turning axis explained").input_value())
    assert explained == pytest.approx(100 / 1.04, abs=0.5)  # a fifth of the rate goes sideways


def pressures(page: Page, brace: Brace) -> None:
    """Sitting 4 kPa, which is 30 mmHg, at the outer knee; walking less there and more elsewhere."""
    expect(page.locator("main")).to_contain_text("Step 6 of 9: Pressure reference")
    brace.walks = False
    brace.columns = {"pressure_4_kpa": 1.0, "pressure_2_kpa": 3.0}
    knee, others = page.get_by_label("Highest, fibular head"), page.get_by_label("Highest, other places")
    press(page, "Read from the brace")
    expect(knee).to_have_value("30")
    expect(others).to_have_value("22.5")
    brace.columns = {"pressure_1_kpa": 2.0, "pressure_2_kpa": 4.0, "pressure_4_kpa": 1.0}
    press(page, "Read from the brace")
    expect(others).to_have_value("30")
    expect(knee).to_have_value("30")
    expect(page.locator("#fitting-read-said")).to_contain_text("the higher value in its field stays (30.0 mmHg)")


def test_another_brace_and_a_leg_that_moves_fill_nothing(
    store: Store, served: Callable[..., str], visit: Callable[..., Visit]
) -> None:
    brace, seen = Brace(), visit(DESK, color_scheme="dark")
    brace.comes(0xB2)
    seen.open(served(store, brace), "/fitting/1", "Step 3 of 9: Standing")
    page, status = seen.page, seen.page.locator("#fitting-read-said")
    press(page, "Read from the brace")
    expect(status).to_contain_text("Another brace is on the air (00000000000000b2)")
    fits(page)
    brace.comes()
    brace.walks = True
    press(page, "Read from the brace")
    expect(status).to_contain_text("The brace moved")
    expect(page.get_by_label("Ankle angle, standing")).to_have_value("")
    fits(page)
    assert seen.complaints == []
