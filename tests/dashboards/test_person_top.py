"""Three answers and the flags: ranges from the host, reasons in every language, no change without a verdict."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from dashboards import made_tables as made
from dashboards import made_weeks
from dashboards.speaking import en

from talus_dashboards.pages import person_press, person_top
from talus_dashboards.pages.look import Look, look
from talus_dashboards.pages.reasons import why
from talus_dashboards.words import LANGUAGES
from talus_host.metrics import told_flags
from talus_host.metrics.telling import BY_WHAT

CLAIMS = ("better", "worse", "improv", "declin", "↑", "↓")


def at(tables: made.Tables, days: int = 84, side: str = "both", words=en) -> Look:
    return look(tables, tables.people().iloc[0], days, side, made.NOW, words)


def said(tables: made.Tables, **given) -> str:
    """Every text of the first screen."""
    return "\n".join(texts(person_top.body(at(tables, **given))))


def texts(part) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts(one)]
    return texts(getattr(part, "children", None) or [])


def test_wear_is_the_hosts_range_against_the_prescription() -> None:
    tables = made.wearer()
    text = said(tables)
    days = tables.days_table
    first = days["day"].min()
    days = days[(days["day"] < made.TODAY) & (days["day"] > first)]
    worn = days["worn_h"].where(days["status"] == "valid")
    high = 100 * (worn.dropna().clip(upper=8) / 8).mean()
    low = 100 * (days["worn_h"].fillna(0).clip(upper=8) / 8).sum() / len(days)
    assert f"{low:.0f} to {high:.0f} % of prescribed" in text
    assert "Prescribed: 8 h a day, from Thu 1 Jan 2026." in text


def test_a_brace_in_a_cupboard_is_not_assessable() -> None:
    tables = made.wearer(weeks=8)
    tables.days_table = tables.days_table[tables.days_table["day"] < made.TODAY - timedelta(days=30)]
    text = said(tables, days=28)
    assert "Not assessable" in text and "% of prescribed" not in text
    assert "No data" in text and "no data for" in text


def test_without_a_prescription_hours_are_told_and_no_share() -> None:
    tables = made.wearer()
    tables.people_table = made.people(goal_h=float("nan"))
    text = said(tables)
    assert "h a day" in text and "% of prescribed" not in text and en.person.NOTHING_PRESCRIBED in text


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_nothing_claims_a_change_without_a_verdict(lang: str) -> None:
    words = LANGUAGES[lang]
    text = said(made.wearer(), words=words)
    for verdict in ("better", "worse"):
        assert words.person.VERDICTS[verdict] not in text.replace(words.person.EMERGENCY, "")
    assert words.person.VERDICTS["too_early"] in text
    if lang == "en":
        assert not any(claim in text for claim in CLAIMS)


def test_a_claimed_change_is_said_with_its_day() -> None:
    row = {"side": "left", "end": pd.NaT, "measure": "heel_first_pct", "verdict": "better", "tell_on": pd.NaT}
    verdicts = pd.DataFrame([row | {"since": pd.Timestamp("2026-11-02")}])
    assert person_top.verdict_lines(verdicts, "left", en) == ["Heel-first steps: better, since 2 Nov"]
    old = verdicts.assign(end=pd.Timestamp("2026-11-10"))  # of a brace that is no longer the same
    assert person_top.verdict_lines(old, "left", en) == []


def test_pressure_counts_events_and_says_what_is_not_watched() -> None:
    text = said(made.wearer(open_event=True))
    assert "1 strong, 3 long" in text and "Still open when last heard of: 1." in text
    assert "at 3 of 4 sites, for " in text and "h at most; others are not measured" in text
    blind = made.wearer()
    blind.events_table = blind.events_table.iloc[:0]
    blind.pressure_table = blind.pressure_table.assign(minutes_amber=np.nan, measured_min=0.0)
    assert en.person.PRESSES_NONE in said(blind)


def test_a_solid_brace_still_says_what_it_can_and_no_angle() -> None:
    text = said(made.wearer(solid=True))
    assert "Assist moment in swing: 2.9 N·m" in text and "Heel-first steps: 65" not in text


def test_each_leg_answers_for_itself() -> None:
    tables = made.wearer(sides=("left", "right"))
    both, left = said(tables), said(tables, side="left")
    assert "Right brace" in both and "Left brace" in both and "Right brace" not in left


def test_raised_flags_come_with_their_reason_and_what_to_do() -> None:
    table = pd.DataFrame(
        [
            ["left", "fibular_head", "raised", pd.Timestamp("2026-11-18"),
             "pressures at the fibular head in 7 days: 1 strong, 4 long"],
            ["left", "stumbles", "not_assessable", pd.NaT, "nobody looked in the last whole week"],
            ["left", "no_data", "clear", pd.NaT, "last data 0 days ago"],
        ],
        columns=["side", "flag", "state", "since", "reason"],
    )  # fmt: skip
    for lang, pieces in {
        "en": ("Long pressure at the fibular head (left), since 18 Nov", "1 strong, 4 long", "the brace stays off",
               "Could not be judged: 1", "nobody looked", "Judged and not raised: 1."),
        "de": ("1 stark, 4 lang", "bleibt die Orthese ab", "Nicht beurteilbar: 1", "nicht beobachtet"),
    }.items():  # fmt: skip
        text = "\n".join(texts(person_top.flag_lines(at(made.wearer(), words=LANGUAGES[lang]), table)))
        assert all(piece in text for piece in pieces), (lang, text)


def test_what_asks_for_a_look_comes_first_where_something_does(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = made.wearer()
    known = tables.changed
    for state, first in (("clear", en.person.WORN), ("raised", en.person.FLAGS)):

        def changed(*asked, state: str = state) -> SimpleNamespace:
            found = known(*asked)
            return SimpleNamespace(**vars(found) | {"flags": found.flags.assign(state=state)})

        monkeypatch.setattr(tables, "changed", changed)
        assert said(tables).startswith(first)


@pytest.mark.parametrize(
    ("braces", "looked_at", "shown"),
    [(("left",), "both", True), (("left", "right"), "both", True), (("left", "right"), "left", False)],
)
def test_a_fall_is_of_no_leg_and_only_the_other_brace_is_left_out(
    braces: tuple[str, ...], looked_at: str, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = made.wearer(sides=braces)
    known = tables.changed
    told = pd.DataFrame(
        [
            ["", "told_fall", "raised", pd.Timestamp("2026-11-18"), "told on 2026-11-18: fell, not hurt"],
            ["right", "told_skin", "raised", pd.Timestamp("2026-11-19"), "told on 2026-11-19: the mark is still there"],
        ],
        columns=["side", "flag", "state", "since", "reason"],
    )

    def changed(*asked) -> SimpleNamespace:
        found = known(*asked)
        return SimpleNamespace(**vars(found) | {"flags": pd.concat([told, found.flags], ignore_index=True)})

    monkeypatch.setattr(tables, "changed", changed)
    text = said(tables, side=looked_at)
    assert "Told: a fall, since 18 Nov" in text and "told on Wed 18 Nov" in text and "fell, not hurt" in text
    assert ("Told: a mark that stays, or open skin (right), since 19 Nov" in text) == shown


def host_reasons() -> set[str]:
    """Reasons the host gives of made weeks of every kind, and those that made weeks do not reach."""
    found: set[str] = set()
    for weeks in (1, 6, 12, 20):
        for sides in (("left",), ("left", "right")):
            for solid in (False, True):
                tables = made.wearer(weeks=weeks, sides=sides, solid=solid, seed=weeks)
                for today in (made.TODAY, made.TODAY + timedelta(days=9)):
                    flags = made_weeks.changed(
                        tables.days_table,
                        tables.events_table,
                        tables.prescriptions("p1"),
                        made_weeks.diary(),
                        today,
                        28,
                    ).flags
                    found |= set(flags["reason"])
    found |= {
        "heel_first_pct 30 on 2026-11-01, usually 80.2 with a day-SD of 4.1; 2 days running",
        "swing_dorsiflexion_deg -4.2 on 2026-11-01, usually 3.5 with a day-SD of 1.1; 2 days running; but the brace "
        "doubts its encoder",
        "drags per hour worn 2.4 times the baseline's in the last whole week (at least 1.6), and raised in the week "
        "before",
        "no record has come yet",
        "no pressure was measured at the fibular head in 7 days",
        "no pressure was measured at the fibular head in 7 days, or it was paused",
        "pressures at the fibular head in 7 days: 0 strong, 1 long, and numbness was told",
        "fewer than 3 measured days in the last 7",
        "paused: what comes is not looked at",
        "no data for 9 days after a pause: what is worn or pressed is not known",
    }
    answers = {BY_WHAT[what].answers[value] for what in told_flags.WHATS for value in BY_WHAT[what].careful}
    return found | {f"told on 2026-11-18: {answer}" for answer in answers}


def test_every_reason_of_the_host_is_told_in_german() -> None:
    german = LANGUAGES["de"]
    alone = {"cadence_spm as usual", "swing_dorsiflexion_deg as usual", "moment_swing_nm as usual"}
    for reason in host_reasons():
        if set(reason.split("; ")) <= alone:
            continue  # of a flag that is clear: counted, not told
        said_so = why(reason, german)
        assert said_so != reason and reason.rpartition(": ")[2] not in said_so, reason


def test_a_reasons_figures_are_said_as_numbers_are_said() -> None:
    german = LANGUAGES["de"]
    assert why("worn 1.5 h on the last 7 valid days, usually 7.2 h", german) == (
        "an den letzten 7 bekannten Tagen 1,5 h getragen, üblich 7,2 h"
    )
    assert "Sa 19. Dez. 2026" in why("no baseline before 2026-12-19: 35 days from the start or a change", german)
    assert why("a sentence nobody knows", german) == "a sentence nobody knows"


def test_a_first_day_and_no_brace_are_said() -> None:
    one = made.wearer(weeks=1)
    one.days_table = one.days_table[one.days_table["day"] == made.TODAY]
    assert en.person.WORN_NO_DAY in said(one) and "% of prescribed" not in said(one)
    silent = said(made.silent())
    assert en.person.WORN_NO_DAY in silent and en.NOT_MEASURED in silent
    assert date(2026, 11, 20) == at(made.silent()).last


def test_what_followed_stands_beside_its_own_event_and_older_ones_say_not_known() -> None:
    tables = made.wearer()
    old = pd.Timestamp(made.NOW) - pd.Timedelta(days=60)
    older = tables.events_table.iloc[[0]].assign(start_utc=old, end_utc=old + pd.Timedelta(minutes=31))
    tables.events_table = pd.concat([older, tables.events_table], ignore_index=True)
    here = at(tables)
    events = person_press.answered(
        tables.pressure_events(*here.asked),
        tables.pressure_events(*here.lately).assign(response="loosened", response_min=6.0),
    )
    rows = person_press.event_rows(events, here)
    assert [row[-1] for row in rows] == ["loosened after 6 min"] * 3 + [en.NOT_KNOWN]
