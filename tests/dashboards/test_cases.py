"""A caseload in words: the host's order is kept, unknown is never a number, and only a claim has an arrow."""

import pandas as pd
import pytest
from dashboards import made_cases as made
from dashboards import made_tables
from dashboards.speaking import en
from dashboards.visiting import TOKEN, Visitor

from talus_dashboards import cases
from talus_dashboards.app import create_app
from talus_dashboards.identity import ORTHOTIST, Who
from talus_dashboards.words import LANGUAGES

TOLD = en.caseload


def row(name: str) -> dict:
    return cases.rows(made.cases(name), en)[0]


def test_the_order_is_the_hosts_and_the_reason_is_in_words() -> None:
    rows = cases.rows(made.cases(), en)
    assert [one["label"] for one in rows] == [f"Wearer {name}" for name in made.STORIES]
    assert [one["rank"] for one in rows] == list(range(1, len(rows) + 1))
    assert row("silent")["text"]["rank"] == (
        "Days without data: 9. Wear and pressure are not known. Also: adherence not assessable."
    )


def test_wear_is_a_range_or_says_why_there_is_none() -> None:
    assert row("low")["text"]["wear"] == "38 to 41 %"
    assert row("silent")["text"]["wear"] == TOLD.NOT_ASSESSABLE and row("silent")["wear"] is None
    free = made.cases("fine").assign(prescribed=False)
    assert cases.rows(free, en)[0]["text"]["wear"] == TOLD.NOT_PRESCRIBED
    walking = made.cases("fine").assign(met_pct_low=made.NAN, met_pct_high=made.NAN)
    assert cases.rows(walking, en)[0]["text"]["wear"] == TOLD.NOT_IN_HOURS


def test_an_arrow_stands_only_beside_a_claim_and_points_where_the_figure_went() -> None:
    texts = {name: row(name)["text"]["change"] for name in made.STORIES}
    assert {name for name, text in texts.items() if "↑" in text or "↓" in text} == {"worse", "better"}
    assert texts["worse"] == "↓ Heel-first steps (left): worse" and texts["better"].startswith("↑ ")
    assert texts["never"] == TOLD.NOT_JUDGED and texts["fine"] == TOLD.NO_CLAIM


def test_unknown_is_neither_zero_nor_fine() -> None:
    never = row("never")
    for field in ("wear", "sync_h", "battery", "visit_d"):
        assert never[field] is None, field
    assert never["text"]["battery"] == en.NOT_KNOWN and never["text"]["pressed"] == en.NOT_KNOWN
    assert never["text"]["days"] == en.NOT_KNOWN and never["text"]["sync_h"] == TOLD.NEVER
    assert row("fine")["text"]["pressed"] == "none recorded"  # a site that is not measured records none


def test_of_somebody_paused_nothing_recorded_is_told() -> None:
    told = row("paused")["text"]
    fields = ("wear", "change", "days", "sync_h", "pressed", "battery")
    assert {told[field] for field in fields} == {TOLD.PAUSED}


def test_of_somebody_who_agrees_to_care_no_longer_there_is_a_reason_and_no_figure() -> None:
    told = row("ended")
    fields = ("wear", "change", "days", "sync_h", "pressed", "battery", "visit_d")
    assert {told["text"][field] for field in fields} == {TOLD.CARE_ENDED} and {told[field] for field in fields} == {
        None
    }
    assert told["text"]["rank"] == "Consent to care ended: no figures are shown."
    assert [text for _, text in told["card"]] == [TOLD.CARE_ENDED] * 7
    assert "look" not in told["tags"], "nothing is asked of an orthotist who may not look"


@pytest.mark.parametrize(("hours", "said"), [(0.2, "under 1 h ago"), (30.0, "30 h ago"), (226.0, "9 d ago")])
def test_a_sync_is_as_old_as_it_is(hours: float, said: str) -> None:
    assert cases.rows(made.cases("fine").assign(sync_age_h=hours), en)[0]["text"]["sync_h"] == said


def test_filters_hold_for_whom_they_name() -> None:
    held = {name: set(row(name)["tags"].split()) for name in made.STORIES}
    by_tag = {tag: {name for name, tags in held.items() if tag in tags} for tag in cases.TAGS}
    assert by_tag == {
        "all": set(made.STORIES),
        "look": {"open", "silent", "never", "worse", "amber", "low"},
        "no_data": {"silent", "never"},
        "pressure": {"open", "amber"},
        "visit": {"visit"},
    }


def test_a_reason_newer_than_the_words_is_shown_as_it_came() -> None:
    table = made.cases("fine").assign(reason="moon", reasons=[("moon",)])
    assert cases.rows(table, en)[0]["text"]["rank"] == "moon" and " look " in cases.rows(table, en)[0]["tags"]


def test_who_is_judged_by_nobody_is_said_to_be() -> None:
    people = pd.DataFrame({"person_id": ["1"], "label": ["A"]})
    one = cases.rows(cases.unjudged(people), en)[0]
    assert one["text"]["rank"] == TOLD.REASONS["not_judged"] and one["text"]["wear"] == TOLD.NOT_ASSESSABLE
    assert cases.unjudged(people.iloc[:0]).empty


def test_every_reason_has_its_words_in_every_language() -> None:
    codes = set(TOLD.REASONS)
    assert codes >= cases.QUIET | cases.NO_DATA | cases.PRESSING
    for words in LANGUAGES.values():
        assert set(words.caseload.REASONS) == set(words.caseload.SHORT) == codes


def test_only_people_the_asker_may_see_are_asked_for() -> None:
    asked: list[object] = []
    table = made.cases("open", "silent")
    tables = made_tables.wearer(weeks=2)
    tables.people_table = made_tables.people(2)
    tables.cases_table = table
    plain = tables.caseload
    tables.caseload = lambda now_ms, people=None: asked.append(people) or plain(now_ms, people)  # type: ignore
    who = Who(ORTHOTIST, people=frozenset({"p2"}))
    visitor = Visitor(create_app(tables, TOKEN, who=who, now=lambda: made_tables.NOW))
    body = (
        b'{"output":"caseload-body.children","outputs":{"id":"caseload-body","property":"children"},'
        b'"inputs":[{"id":"url","property":"pathname","value":"/"}],"changedPropIds":["url.pathname"],"state":[]}'
    )
    answer = visitor.ask(
        "/_dash-update-component", method="POST", body=body, cookie=visitor.cookie(), content_type="application/json"
    )
    assert asked == [["p2"]] and "Wearer silent" in answer.text and "Wearer open" not in answer.text
