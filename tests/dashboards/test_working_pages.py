"""What the orthotist's working pages say, worked out by hand: no claim on few days, numbers beside refusals."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from dash import html
from dashboards.speaking import en

from talus_dashboards.figures.before_after import strip
from talus_dashboards.pages import compare, diary, entering, fitting_steps
from talus_host.fitting_steps import FIGURES, STEPS
from talus_host.metrics.segments import adjustments

TODAY = date(2026, 11, 20)
DAY = date(2026, 10, 20)


def leg(values: list[float], first: date) -> pd.DataFrame:
    days = pd.to_datetime([first + timedelta(days=n) for n in range(len(values))]).astype("datetime64[s]")
    return pd.DataFrame({"side": "left", "day": days, "day_class": "gait", "stance_pct": values})


def changed(*days: date) -> pd.DataFrame:
    when = pd.to_datetime(list(days)).astype("datetime64[s]")
    return pd.DataFrame({"side": "left", "day": when, "what": "wedge", "breaks": True})


def adjusted(values: list[float], first: date, *days: date) -> pd.DataFrame:
    return diary.judged(adjustments(leg(values, first), changed(*days), ("stance_pct",)), TODAY)


def swaying(n: int, middle: float, seed: int) -> list[float]:
    return (middle + np.random.default_rng(seed).normal(0, 0.5, n)).tolist()


def test_an_adjustment_is_judged_by_2_58_standard_errors_and_only_on_seven_days() -> None:
    first = DAY - timedelta(days=28)
    far = adjusted(swaying(28, 60, 1) + swaying(31, 64, 2), first, DAY).iloc[0]
    same = adjusted(swaying(28, 60, 1) + swaying(31, 60, 2), first, DAY).iloc[0]
    assert (far["word"], same["word"]) == ("differs", "no_clear_change")
    assert far["needed"] == pytest.approx(2.58 * far["se"]) and far["before_days"] == 28
    # the day itself and three more are left out: 31 - 4 = 27 days
    assert far["after_days"] == 27 and far["after_from"] == pd.Timestamp("2026-10-24")
    late = date(2026, 11, 11)  # the 15th to the 19th have settled
    early = adjusted(swaying(59, 60, 3), late - timedelta(days=50), late).iloc[0]
    assert (early["word"], early["after_days"]) == ("too_early", 5)
    few = adjusted(swaying(34, 60, 4), DAY - timedelta(days=3), DAY).iloc[0]
    assert (few["word"], few["before_days"]) == ("too_few", 3)
    # another change six days on: what lies between can never be enough, however long one waits
    hurried = adjusted(swaying(59, 60, 5), first, DAY, DAY + timedelta(days=6)).iloc[0]
    assert (hurried["word"], hurried["after_days"]) == ("too_few", 2)


def test_the_cells_say_too_early_with_their_days_and_no_difference() -> None:
    late = date(2026, 11, 11)
    early = adjusted(swaying(59, 60, 3), late - timedelta(days=50), late).iloc[0]
    assert diary._cells(early, en)[3:] == ["–", "–", "Too early: 5 of 7 days after"]


def test_a_strip_draws_each_day_once_and_its_band_is_what_is_needed() -> None:
    values = swaying(28, 60, 1) + swaying(31, 64, 2)
    table = leg(values, DAY - timedelta(days=28))
    row = adjusted(values, DAY - timedelta(days=28), DAY).iloc[0]
    drawn = strip(table[["day"]].assign(value=values), row, name="Stance", unit="% of stride", digits=1, words=en)
    traces = {one.name: one for one in drawn.figure.data if one.name}
    assert (len(traces["before"].x), len(traces["after"].x), len(drawn.rows)) == (28, 27, 55)
    low, high = min(traces["band"].y), max(traces["band"].y)
    assert (low + high) / 2 == pytest.approx(np.median(values[:28])) and high - low == pytest.approx(2 * row["needed"])
    assert f"{np.median(values[:28]):.1f} % of stride on 28 days before" in drawn.text
    nothing = strip(table[["day"]].assign(value=np.nan), row, name="Stance", unit="%", digits=1, words=en)
    assert nothing.figure is None and nothing.rows == []


def test_a_strip_of_few_days_has_no_band_and_nothing_over_days_to_come() -> None:
    late = date(2026, 11, 11)
    values = swaying(59, 60, 3)
    table = leg(values, late - timedelta(days=50))
    row = adjusted(values, late - timedelta(days=50), late).iloc[0]
    drawn = strip(table[["day"]].assign(value=values), row, name="Stance", unit="%", digits=1, words=en)
    assert "band" not in {one.name for one in drawn.figure.data}
    assert "too few days to compare" in drawn.text
    newest = max(x for one in drawn.figure.data for x in one.x)
    assert newest[:10] <= "2026-11-20"


def test_the_presets_are_whole_days_that_do_not_touch_today() -> None:
    assert compare.last_days(TODAY) == [date(2026, 9, 25), date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 19)]

    class Diary:
        def brace_changes(self, _person: str) -> pd.DataFrame:
            return changed(date(2026, 10, 1), DAY, date(2026, 11, 18))  # the last has not settled

    found = compare.around_change(Diary(), "1", TODAY)  # type: ignore[arg-type]
    assert found == [date(2026, 9, 22), date(2026, 10, 19), date(2026, 10, 24), date(2026, 11, 19)]


def test_what_was_typed_is_handed_on_as_it_is_when_it_is_no_date() -> None:
    assert compare.typed(["2026-10-01", "2026-10-31", "", "nonsense"]) == (
        ("2026-10-01", "2026-11-01"), (None, "nonsense"),
    )  # fmt: skip


def test_a_token_makes_one_entry_and_who_asks_twice_gets_its_answer() -> None:
    once, made = entering.Once(), []

    def make(answer: str, used: bool) -> tuple[str, bool]:
        made.append(answer)
        return answer, used

    assert once.made("a", lambda: make("refused", False)) == "refused"
    assert once.made("a", lambda: make("entered", True)) == "entered"  # what was refused used nothing up
    assert once.made("a", lambda: make("again", True)) == "entered"
    assert once.made("b", lambda: make("another", True)) == "another"
    assert made == ["refused", "entered", "another"]


def test_a_refused_figure_stands_with_its_number_and_its_limit() -> None:
    rows = pd.DataFrame(FIGURES)
    zero = rows[rows["step"] == "zero"].to_dict("records")
    box = fitting_steps.outcome("zero", {"outcome": "refused", "figures": {"encoder_sd_counts": 3.4}}, zero, en)
    assert _texts(box)[1:] == ["Spread at rest: 3.4 counts: refused, accepted up to 2 counts"]


def test_the_page_and_the_store_know_the_same_steps_and_figures_each_with_words() -> None:
    assert fitting_steps.STEPS == STEPS
    assert set(en.fitting.NAMES) == set(STEPS) == set(en.fitting.DO)
    assert set(en.fitting.FIGURES) == {one.name for one in FIGURES}


def _texts(part: html.Div) -> list[str]:
    return [str(one.children) for one in part.children]
