"""A person who ended their consent to care: no page, section, list or file shows an orthotist a figure of them, however
it is asked for; the person sees all of it; given again, all is as before."""

import inspect
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from dashboards.forging import asked
from dashboards.visiting import TOKEN, Visitor
from host.made_records import HOUR_MS, MINUTE_MS, Brace

from talus_dashboards.app import create_app
from talus_dashboards.care import OF_DEVICES, OPEN, Cared
from talus_dashboards.desk import Desk
from talus_dashboards.errors import Withheld
from talus_dashboards.identity import DEVELOPER, EVERYBODY, PATIENT, Who, asking
from talus_dashboards.page import PERSON
from talus_dashboards.pages.every import PAGES
from talus_dashboards.reader import ReportReader
from talus_dashboards.words import LANGUAGES
from talus_host.store import Store

NOW = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
MIDNIGHT_MS = NOW_MS // (24 * HOUR_MS) * 24 * HOUR_MS
DAY_MS = 24 * HOUR_MS
LABEL = "quiet heron"
# What nobody else has, by the page an orthotist finds it on.
FIGURES = {
    "person": "74 %",  # of the battery
    "fitting": "12.4 s, 0.81 m",  # a timed walk
    "diary": "2026-11-11",  # of an adjustment
    "plan": "83.5",  # kg
    "notes": "the strap chafes",
    "today": "7 h 15 min",  # prescribed
    "progress": "1 min, the middle of 3 days",  # walked
}
ORTHOTIST_PAGES = [page.name for page in PAGES if page.about == PERSON and EVERYBODY.role in page.roles]
SENTENCE = "Consent to care ended on Thu 19 Nov 2026. What was recorded is kept; it shows again once consent is given."


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Ten days of a left brace, worn 8 to 16 h, and something of all that is entered."""
    made = Brace(boot_utc_ms=MIDNIGHT_MS - 10 * DAY_MS)
    made.add("boot", made.boot_utc_ms, cause=0)
    made.sites(made.boot_utc_ms, "heel", "fibular_head")
    made.clock(made.boot_utc_ms + 1000)
    for day in range(10):
        low = made.boot_utc_ms + day * DAY_MS
        made.minutes(low, 8 * 60, 0)
        made.minutes(low + 8 * HOUR_MS, 8 * 60, 1, pressure_1=5.0, pressure_2=1.0, strides=4)
        made.walk(low + 9 * HOUR_MS, 60, ankle_at_contact=-2.25)
        made.minutes(low + 16 * HOUR_MS, 8 * 60, 0)
    made.clock(MIDNIGHT_MS)
    with Store(tmp_path_factory.mktemp("care") / "talus.db") as opened:
        opened.add_person(LABEL, "UTC", 8.0)
        opened.assign(made.device, "1", "left")
        opened.put(made.info(battery=74), made.records, NOW_MS - MINUTE_MS)
        opened.set_mass("1", 83.5)
        opened.prescribe("1", "left", "2026-11-01", "hours", {"hours": 7.25}, NOW_MS)
        opened.add_brace_change("1", "left", "2026-11-11", "wedge", NOW_MS)
        opened.add_timed_walk("1", NOW_MS - DAY_MS, "10m", 12.4, True, NOW_MS)
        opened.add_note("1", "2026-11-12", "2026-11-12", None, "the strap chafes", None, NOW_MS)
        opened.tell("1", "pain", 7, "left", "self", NOW_MS - HOUR_MS, NOW_MS)
        yield opened


@pytest.fixture
def ended(store: Store) -> Iterator[None]:
    """Consent to care, given two days ago and ended yesterday; taken back afterwards."""
    store.consent("1", "care", "care-1", NOW_MS - 2 * DAY_MS, NOW_MS - DAY_MS)
    store.end_consent("1", "care", NOW_MS - DAY_MS)
    yield
    while len(store.consents("1")):
        store.undo_consent("1")


def visitor(store: Store, who: Who = EVERYBODY) -> Visitor:
    desk = Desk(store, lambda: NOW)
    return Visitor(create_app(store, TOKEN, now=lambda: NOW, desk=desk, who=who))


def answers(to: Visitor, page: str) -> str:
    """What every callback there is says, told that the page is this one."""
    told = [one.text for _, one in asked(to, to.cookie(), f"/{page}/1", (None, "1", "84"))]
    return "\n".join(told)


def looked(store: Store) -> int:
    return int(store.trail("1")["action"].isin(["look", "report"]).sum())


def test_each_page_of_an_orthotist_shows_one_sentence_and_no_figure(store: Store, ended: None) -> None:
    to, before = visitor(store), looked(store)
    assert {"person", "fitting", "diary", "compare", "plan", "notes"} <= set(ORTHOTIST_PAGES)
    for page in ORTHOTIST_PAGES:
        told = answers(to, page)
        assert SENTENCE in told, page
        assert [figure for figure in (*FIGURES.values(), "7.25", "12.4") if figure in told] == [], page
    assert looked(store) == before, "nothing was seen"


def test_what_is_opened_is_the_sentence_alone(store: Store, ended: None) -> None:
    to = visitor(store)
    for page in ORTHOTIST_PAGES:
        (told,) = [one for output, one in asked(to, to.cookie(), f"/{page}/1") if "main.children" in output]
        assert SENTENCE in told.text and f"{page}-" not in told.text, "no shell, so nothing asks for more"


def test_while_it_holds_and_given_again_every_page_shows_its_figure(store: Store, ended: None) -> None:
    store.consent("1", "care", "care-2", NOW_MS - HOUR_MS, NOW_MS)
    to = visitor(store)
    for page, figure in FIGURES.items():
        told = answers(to, page)
        assert figure in told and "onsent to care" not in told, page
    assert "No consent has been entered" not in answers(to, "person")


def test_where_none_was_ever_entered_all_is_shown_and_that_is_said_to_an_orthotist(store: Store) -> None:
    told = answers(visitor(store), "person")
    assert FIGURES["person"] in told and "No consent has been entered." in told
    own = answers(visitor(store, Who(PATIENT, person="1")), "person")
    assert FIGURES["person"] in own and "No consent has been entered." not in own


def test_the_person_sees_their_own_pages(store: Store, ended: None) -> None:
    told = answers(visitor(store, Who(PATIENT, person="1")), "person")
    assert FIGURES["person"] in told and SENTENCE not in told
    assert FIGURES["today"] in answers(visitor(store, Who(PATIENT, person="1")), "today")


def test_every_language_says_it(store: Store, ended: None) -> None:
    for name, words in LANGUAGES.items():
        said = words.CARE_ENDED.format(day=words.day_row(date(2026, 11, 19)))
        assert json.dumps(said)[1:-1] in answers(visitor(store, replace(EVERYBODY, language=name)), "notes")


@pytest.mark.usefixtures("pango")
def test_the_report_is_refused_to_an_orthotist_and_made_for_the_person(store: Store, ended: None) -> None:
    to, before = visitor(store), looked(store)
    refused = to.ask("/report/1.pdf", cookie=to.cookie())
    assert (refused.status, refused.text) == (403, SENTENCE) and looked(store) == before
    own = visitor(store, Who(PATIENT, person="1"))
    assert own.ask("/report/1.pdf", cookie=own.cookie()).body.startswith(b"%PDF-")
    store.consent("1", "care", "care-2", NOW_MS - HOUR_MS, NOW_MS)
    assert to.ask("/report/1.pdf", cookie=to.cookie()).body.startswith(b"%PDF-")


def test_the_caseload_has_a_row_with_the_reason_and_no_figure(store: Store, ended: None) -> None:
    to = visitor(store)
    told = answers(to, "caseload")
    assert LABEL in told and "Consent to care ended: no figures are shown." in told
    assert FIGURES["person"] not in told
    store.consent("1", "care", "care-2", NOW_MS - HOUR_MS, NOW_MS)
    assert FIGURES["person"] in answers(to, "caseload")


def test_an_entry_about_them_is_refused_with_the_sentence_and_nothing_is_kept(store: Store, ended: None) -> None:
    before = (store.person("1"), len(store.notes("1", hidden=True)), len(store.brace_changes("1")))
    for page in ORTHOTIST_PAGES:
        answers(visitor(store), page)
    assert (store.person("1"), len(store.notes("1", hidden=True)), len(store.brace_changes("1"))) == before


QUESTIONS = {
    name: list(inspect.signature(question).parameters)[1:2] == ["person_id"]
    for name, question in inspect.getmembers(ReportReader, inspect.isfunction)
    if not name.startswith("_")
}


class Told:
    """A reader that tells everything of somebody who ended their consent."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def consent_standing(self, *_: Any) -> dict[str, Any]:
        return {"state": "ended", "ended": date(2026, 11, 19)}

    def __getattr__(self, question: str) -> Any:
        return lambda *_, **__: self.reached.append(question)


@pytest.mark.parametrize("who", [EVERYBODY, Who(DEVELOPER), Who()])
def test_a_question_about_a_person_is_not_answered_though_a_page_forgot_to_ask(who: Who) -> None:
    """Each there is, and each that somebody adds to the readers' protocol."""
    told, asker = Told(), asking.set(who)
    reader: Any = Cared(cast(Any, told), lambda: NOW_MS)
    for name in [name for name, of_person in QUESTIONS.items() if of_person and name != "consent_standing"]:
        for given in ({"person_id": "1"}, {}):
            with pytest.raises(Withheld, match="ended on 2026-11-19"):
                getattr(reader, name)(*([] if given else ["1"]), **given)
    assert told.reached == [] and sum(QUESTIONS.values()) > 30
    asking.set(Who(PATIENT, person="1"))
    assert reader.days("1") is None and told.reached == ["days"]
    asking.reset(asker)


def test_what_is_asked_of_nobody_is_told_to_be_so() -> None:
    free = {name for name, of_person in QUESTIONS.items() if not of_person}
    assert {name for name in free if not name.startswith(OF_DEVICES)} == set(OPEN) - {"consent_standing"}
