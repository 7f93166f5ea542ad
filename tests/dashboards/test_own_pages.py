"""A person's own pages, read as text: every figure worked out by hand, nothing unknown told as fine."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from dashboards import made_tables as made

from talus_dashboards.desk import Desk
from talus_dashboards.errors import NotHere, Refused
from talus_dashboards.figures.weeks import Usual, by_week
from talus_dashboards.identity import PATIENT, Who, asking
from talus_dashboards.pages import ask, breakin, comfort, exercises, progress, skin, telling, today
from talus_dashboards.pages.every import PAGES
from talus_dashboards.reader import door
from talus_dashboards.site import Site
from talus_dashboards.words import LANGUAGES
from talus_host.metrics import telling as rows
from talus_host.store import Store

EN = LANGUAGES["en"]
DAY = pd.Timestamp(made.TODAY)
NAN = float("nan")


def text(part: Any) -> str:
    """Everything a tree of components says, in order, labels included."""
    if isinstance(part, list | tuple):
        return " ".join(text(one) for one in part)
    if part is None or isinstance(part, int | float):
        return "" if part is None else str(part)
    if isinstance(part, str):
        return part
    label = getattr(part, "aria-label", "") if hasattr(part, "aria-label") else ""
    return f"{label} {text(getattr(part, 'children', None))}"


def person(tables: made.Tables) -> pd.Series:
    return tables.people().iloc[0]


def the_day(tables: made.Tables, now: datetime = made.NOW) -> str:
    return text(today.body(tables, person(tables), now, EN))


def asked(kind: str, hours: float = NAN, side: str = "left") -> pd.DataFrame:
    most = hours if kind == "break_in" else NAN
    return pd.DataFrame([[side, DAY, kind, hours, most]], columns=made.TARGET_COLUMNS)


# The made wearer has worn 50 + 60 + 60 + 45 + 60 + 26 = 301 min = 5 h 1 min today.
PLANS = {
    "hours, not reached": (("hours", 6.0), ["Your plan is 6 h; 59 min to go.", "Your plan for today is 6 h."]),
    "hours, reached": (("hours", 5.0), ["That is your plan of 5 h.", "That is your plan for today: 5 h."]),
    "walking": (("walking",), ["Your plan: wear the brace whenever you walk."]),
    "outdoors": (("outdoors",), ["Your plan: wear the brace when you go out."]),
    "break-in, below": (("break_in", 5.5), ["The most for today is 5 h 30 min. 29 min are left."]),
    "break-in, over": (("break_in", 4.0), ["1 h 1 min more than the most for today, 4 h.", "Take the brace off"]),
    "none": (None, ["Your goal is 8 h."]),
}


@pytest.mark.parametrize("name", PLANS)
def test_what_is_asked_today_is_the_prescription_and_else_the_goal(name: str) -> None:
    given, expected = PLANS[name]
    tables = made.wearer(weeks=2)
    if given:
        tables.targets_table = asked(*given)
    page = the_day(tables)
    assert "5 h 1 min" in page
    for line in expected:
        assert line in page
    if given:
        assert "Your goal is" not in page
    if given and given[0] in ("walking", "outdoors"):
        assert "to go" not in page, "nobody knows how much of the walking was without the brace"


def test_a_plan_of_hours_steps_aside_while_a_site_is_pressed_and_a_most_does_not() -> None:
    tables = made.wearer(weeks=2, open_event=True)
    tables.targets_table = asked("hours", 8.0)
    page = the_day(tables)
    assert EN.GOAL_ASIDE in page and "Your plan" not in page
    assert page.index(EN.day.LEAD_PRESSED) < page.index(EN.COMFORT_ADVICE)
    tables.targets_table = asked("break_in", 4.0)
    assert "more than the most for today, 4 h" in the_day(tables)


def test_each_leg_has_its_own_plan() -> None:
    tables = made.wearer(weeks=2, sides=("left", "right"))
    tables.targets_table = pd.concat([asked("hours", 6.0, "left"), asked("break_in", 4.0, "right")])
    page = the_day(tables)
    assert "Your plan for today is 6 h." in page and "more than the most for today, 4 h" in page


def test_a_pause_is_told_as_a_pause_and_shows_no_hours() -> None:
    tables = made.wearer(weeks=2)
    tables.pauses_table = made.pauses((made.NOW - timedelta(hours=1), None))
    page = the_day(tables)
    assert EN.day.LEAD_PAUSED in page and "5 h 1 min" not in page and EN.STEPS_TITLE not in page
    tables.pauses_table = made.pauses((made.NOW - timedelta(hours=9), made.NOW - timedelta(hours=8)))
    tables.days_table.loc[tables.days_table["day"] == made.TODAY, "status"] = "paused"
    assert EN.day.PAUSED in the_day(tables)


def test_a_planned_day_off_is_no_day_short_of_its_plan() -> None:
    tables = made.wearer(weeks=2)
    at = int(made.NOW.timestamp() * 1000)
    tables.told_table = told_rows(("day_off", "", 1.0, at))
    page = the_day(tables)
    assert EN.day.LEAD_DAY_OFF in page and "to go" not in page and "Your goal is" not in page


def test_nothing_known_of_today_is_said_so_and_is_not_zero() -> None:
    page = the_day(made.silent())
    assert EN.day.LEAD_UNKNOWN in page and EN.WORN_UNKNOWN in page
    assert not re.search(r"\b0 (min|h|steps)\b", page)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("loosened", 6.0, 1.0), "The pressure went down 6 min after the brace gave its sign."),
        (("taken_off", 12.0, 1.0), "The brace came off 12 min after it gave its sign."),
        (("none", NAN, 1.0), "It went on for 20 min or more after the brace gave its sign."),
        ((None, NAN, 1.0), "What happened after the brace gave its sign is not known."),
        ((None, NAN, 0.0), ""),
    ],
)
def test_what_followed_a_pressure_is_told_only_where_the_brace_gave_a_sign(said: Any, expected: str) -> None:
    tables = made.wearer(weeks=2)
    response, minutes, prompts = said
    tables.responses = {"response": response, "response_min": minutes, "prompts_felt": prompts}
    lines = text(comfort.of_day(tables, person(tables), made.TODAY, made.NOW, EN).lines)
    assert "Outer ankle bone, left leg: pressed for 25 min" in lines
    assert (expected in lines) if expected else ("sign" not in lines)


# -- telling --------------------------------------------------------------------------------------------------------


def told_rows(*told: tuple[str, str, float, int], by: str = "self") -> pd.DataFrame:
    table = [[what, DAY, side, value, by, at, at] for what, side, value, at in told]
    return pd.DataFrame(table, columns=made.TOLD_COLUMNS)


def buttons(part: Any) -> list[str]:
    found = []
    for one in part if isinstance(part, list | tuple) else [part]:
        own = getattr(one, "id", None)
        if isinstance(own, dict) and "tell" in own:
            found.append(own["tell"])
        if hasattr(one, "children"):
            found += buttons(one.children)
    return found


def test_every_answer_of_the_stores_table_has_one_button_and_a_word_in_every_language() -> None:
    named = {button.split("/")[0] + "/" + button.split("/")[1] for button in buttons(ask.cards(["left"], EN))}
    assert named == {f"{row.what}/{value}" for row in rows.TELLABLE for value in row.answers}
    for words in LANGUAGES.values():
        for row in rows.TELLABLE:
            assert words.tell.WHAT[row.what] and words.tell.ASK[row.what]
            if row.what not in ("pain", "day_off", "new_shoes"):
                assert all(words.tell.ANSWER[f"{row.what}_{value}"] for value in row.answers)
            if row.careful:
                assert words.tell.SAFETY[row.what] and words.tell.SAFETY_TITLE[row.what]


def test_the_look_at_the_skin_has_the_answers_of_the_store() -> None:
    assert (skin.NO_MARK, skin.MARK, skin.GONE, skin.STAYS, skin.OPEN) == (
        rows.NO_MARK, rows.MARK, rows.MARK_GONE, rows.MARK_STAYS, rows.OPEN_SKIN,
    )  # fmt: skip
    assert set(skin.BAD) == set(rows.BY_WHAT["skin"].careful)


def test_care_is_asked_for_where_the_table_says_and_nowhere_else() -> None:
    for words in LANGUAGES.values():
        for row in rows.TELLABLE:
            for value in row.answers:
                assert (telling.safety(row.what, value, words) is not None) == (value in row.careful)
    for score in range(7):
        assert telling.safety("pain", score, EN) is None
    assert EN.COMFORT_ADVICE in text(telling.safety("pain", 7, EN))


def site_of(store: Store, now: datetime) -> Site:
    return Site(door(store), Desk(store, lambda: now), lambda: now, None, PAGES)


def test_a_day_off_is_told_of_the_day_the_wall_says_also_when_the_clocks_change(tmp_path: Path) -> None:
    """23:30 in Berlin before the night of 25 October 2026, which has 25 hours: tomorrow is the 25th."""
    now = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)
    with Store(tmp_path / "talus.db") as store:
        store.add_person("A", "Europe/Berlin")
        site = site_of(store, now)
        asking.set(Who(PATIENT, "w", 1, "1", frozenset()))
        said = text(telling.tell(site, "/tell", "day_off/1//1", "", False))
        assert "Day off: Sunday 25 October" in said
        assert [str(day.date()) for day in store.told("1")["day"]] == ["2026-10-25"]


@pytest.mark.parametrize(
    "wrong", ["mood/1//0", "pain/x//0", "pain", "pain/11/left/0", "pain/3/unknown/0", "fall/1/left/0"]
)
def test_an_answer_nobody_offered_is_refused_and_nothing_is_kept(wrong: str, tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("A", "Europe/Berlin")
        asking.set(Who(PATIENT, "w", 1, "1", frozenset()))
        with pytest.raises(Refused):
            telling.tell(site_of(store, made.NOW), "/tell", wrong, "", False)
        assert store.told("1").empty


def test_nobody_tells_for_somebody_else(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        for label in "AB":
            store.add_person(label, "Europe/Berlin")
        asking.set(Who(PATIENT, "w", 1, "1", frozenset()))
        site = site_of(store, made.NOW)
        for path in ("/tell/2", "/breakin/2"):
            with pytest.raises(NotHere):
                telling.tell(site, path, "pain/3//0", "", False)
        assert store.told("2").empty


# -- progress -------------------------------------------------------------------------------------------------------


def moving(verdict: str, **more: Any) -> made.Tables:
    tables = made.wearer(weeks=2)
    base = {"side": "left", "verdict": verdict, "tell_on": pd.NaT, "baseline": NAN, "latest": NAN, "days": 0} | more
    verdicts = pd.DataFrame([base | {"measure": name} for name in progress.MEASURES])
    usual = pd.DataFrame([["left", name, 40.0, 44.0, 50.0, 20] for name in progress.MEASURES])
    usual.columns = pd.Index(["side", "measure", "low", "median", "high", "days"])
    weeks = pd.DataFrame({"side": "left", "week": pd.to_datetime(["2026-11-02", "2026-11-09"])})
    for name in progress.MEASURES:
        weeks[name], weeks[f"{name}_n"] = [52.4, NAN], [5, 2]
    first = pd.DataFrame(columns=["side", "channel", "site", "verdict"])
    tables.progress_tables = SimpleNamespace(verdicts=verdicts, usual=usual, weeks=weeks, first_hour=first)
    return tables


def walked(tables: made.Tables) -> str:
    return text(progress.body(tables, person(tables), made.NOW, EN))


def test_a_change_is_told_in_one_of_four_words_and_only_where_it_was_claimed() -> None:
    page = walked(moving("better", baseline=44.0, latest=52.4))
    assert "Better" in page and "Middle day now: 52 min. In your first weeks: 44 min." in page
    page = walked(moving("worse", baseline=44.0, latest=30.0))
    assert "Worse" in page and "30 of 100 steps" in page
    page = walked(moving("no_clear_change", baseline=44.0, latest=52.4))
    assert "No clear change" in page and "Better" not in page and "Middle day now" not in page
    page = walked(moving("too_early", tell_on=pd.Timestamp("2026-12-24")))
    assert "Too early to tell" in page and "Thursday 24 December" in page


def test_no_arrow_and_no_degree_stands_on_a_persons_own_page() -> None:
    for verdict in ("better", "worse", "no_clear_change", "too_early", "not_measured", "not_judged"):
        page = walked(moving(verdict, baseline=44.0, latest=52.4))
        assert not re.search("[↑↓↗↘→▲▼°]", page) and "m/s" not in page


def test_a_week_with_too_few_days_is_a_gap_and_says_so() -> None:
    tables = moving("too_early")
    drawn = by_week(tables.progress_tables.weeks, "walking_min", Usual(40.0, 50.0), words=EN)
    assert drawn.figure is not None
    dots = next(trace for trace in drawn.figure.data if trace.name == "weeks")
    assert list(dots.y) == [52.4] and dots.mode == "markers"
    assert drawn.rows[1][1] == "too few days"
    assert drawn.text == "Week of 2 Nov: 52 min, the middle of 5 days. Usual for you: 40 to 50 min."


def test_what_is_usual_is_one_value_where_both_its_ends_are_printed_alike() -> None:
    tables = moving("too_early")
    drawn = by_week(tables.progress_tables.weeks, "walking_min", Usual(51.6, 52.4), words=EN)
    assert drawn.text.endswith("Usual for you: 52 min.")


def test_pressure_of_the_first_hour_is_one_sentence_for_each_answer() -> None:
    tables = moving("too_early")
    columns = ["side", "channel", "site", "verdict"]
    places = [["left", 1, "heel", "higher"], ["left", 2, "fibular_head", "no_clear_change"]]
    tables.progress_tables.first_hour = pd.DataFrame(places, columns=columns)
    page = walked(tables)
    assert "presses more in the first hour than in your first weeks: Heel." in page
    assert "No clear change: Outer side, just below the knee." in page


# -- exercises ------------------------------------------------------------------------------------------------------


def exercised(*done: tuple[Any, ...]) -> made.Tables:
    tables = made.wearer(weeks=2)
    table = pd.DataFrame(list(done), columns=made.EXERCISE_COLUMNS)
    tables.exercise_table = table.assign(day=pd.to_datetime(table["day"]).astype("datetime64[s]"))
    return tables


def test_the_plan_stands_beside_what_the_brace_counted() -> None:
    plan = (2.0, 10.0, 5.0)
    tables = exercised(
        ("dorsiflexion", made.TODAY, "left", *plan, 2.0, 1.0, 19.0, 1.0),
        ("dorsiflexion", made.TODAY - timedelta(days=1), "left", *plan, 0.0, 0.0, 0.0, 0.0),
    )
    page = text(exercises.body(tables, person(tables), made.NOW, EN))
    assert "Plan: 2 sets of 10 times a day, on 5 days a week." in page
    assert "Counted today: 2 sets, 19 times in all." in page
    assert "1 set could not be counted" in page
    assert "Thursday 19 November: no set counted" in page and "0 sets" not in page


def test_without_a_plan_it_says_who_sets_one() -> None:
    page = text(exercises.body(made.wearer(weeks=2), person(made.wearer(weeks=2)), made.NOW, EN))
    assert EN.exercises.NO_PLAN in page


def test_every_exercise_a_brace_can_count_is_drawn_and_told_in_every_language() -> None:
    from talus.wire.kinds import EXERCISES

    for words in LANGUAGES.values():
        for name in EXERCISES:
            assert exercises.postures.drawn(name).startswith("data:image/svg+xml,")
            texts = words.exercises
            assert texts.NAME[name] and texts.PICTURE[name] and len(texts.STEPS[name]) == 3


# -- break-in -------------------------------------------------------------------------------------------------------


def new_brace(worn_yesterday: float | None = 2.5) -> made.Tables:
    """A most of 1 h on 17 November and half an hour more each day: 2.5 h today, 3 h tomorrow."""
    tables = made.wearer(weeks=2)
    days = [date(2026, 11, 17) + timedelta(days=n) for n in range(8)]
    asked_h = [min(1.0 + 0.5 * n, 4.0) for n in range(8)]
    table = pd.DataFrame({"side": "left", "day": pd.to_datetime(days), "kind": "break_in", "target_h": asked_h})
    tables.targets_table = table.assign(most_h=asked_h)
    begun = tables.days_table["day"] >= date(2026, 11, 17)
    tables.days_table.loc[begun, ["status", "worn_h", "unknown_h"]] = ["valid", 1.5, 0.0]
    yesterday = tables.days_table["day"] == made.TODAY - timedelta(days=1)
    tables.days_table.loc[yesterday, ["status", "worn_h", "unknown_h"]] = ["valid", worn_yesterday, 0.0]
    if worn_yesterday is None:
        tables.days_table.loc[yesterday, "status"] = "missing"
    return tables


def test_a_break_in_says_its_most_and_what_is_over_it_calmly() -> None:
    tables = new_brace()
    page = text(breakin.body(tables, person(tables), made.NOW, EN))
    assert "At most 2 h 30 min today." in page and "On so far: 5 h 1 min." in page
    assert "That is 2 h 31 min more than the most for today, 2 h 30 min." in page
    assert "Tomorrow: at most 3 h." in page
    assert not re.search("(?i)fail|warning|too much|bad", page)


def test_a_day_nothing_is_known_of_is_not_a_day_not_worn() -> None:
    known = text(breakin.body(new_brace(0.0), person(new_brace()), made.NOW, EN))
    unknown = text(breakin.body(new_brace(None), person(new_brace()), made.NOW, EN))
    assert "so far: 3 days; hours are known of 3 days." in known and "known of 2 days." in unknown
