"""Somebody else's pages, as a patient, a narrowed orthotist and a developer ask for them: no other answer than for a
person there is not, and nowhere a trace of whose they are. What was seen and changed is in the trail."""

import json
import re

import pytest
from dashboards.at_the_door import MINE, THEIRS, Caller, House

from talus_dashboards.desk import Desk
from talus_dashboards.errors import NotHere, Refused
from talus_dashboards.identity import ORTHOTIST, PATIENT, Who, asking
from talus_dashboards.page import DEVICE, PERSON
from talus_dashboards.pages.every import PAGES
from talus_host.errors import InputError

NOBODY = "77"  # a number no person has


@pytest.fixture
def narrowed(house: House) -> House:
    """The orthotist sees the first person alone."""
    house.store.take_care(house.store.account("ortho"), "1", house.now_ms)
    return house


def bare(text: str) -> str:
    """A page without the number Dash gives each page it sends."""
    return re.sub(r'"end_id":"[^"]*"', "", text)


def callbacks(caller: Caller) -> list[dict[str, object]]:
    """Every callback the server has, as it tells a browser."""
    return [one for one in json.loads(caller.ask("/_dash-dependencies").text) if not one["clientside_function"]]


@pytest.mark.parametrize("name", ["pat", "ortho", "dev"])
def test_anothers_page_is_one_that_is_not_there(narrowed: House, name: str) -> None:
    caller = narrowed.inside(name)
    for page in (*(one.name for one in PAGES), "report", "export"):
        theirs, nobodys = (f"/{page}/{person}" for person in ("2", NOBODY))
        for ask in (caller.open, caller.turn):
            got, none = ask(theirs), ask(nobodys)
            assert got.status == none.status, page
            assert bare(got.text).replace(theirs, "") == bare(none.text).replace(nobodys, ""), page
            assert THEIRS not in got.text and "wombat" not in got.text
            about = next((one.about for one in PAGES if one.name == page), "")
            assert ask == caller.turn or got.status == 404 or about == DEVICE


@pytest.mark.parametrize("name", ["pat", "ortho", "dev"])
def test_no_callback_gives_away_whose_it_is_however_it_is_forged(narrowed: House, name: str) -> None:
    """Each callback there is, asked with another's address or number in every input and every state."""
    caller = narrowed.inside(name)
    form, asked = caller.form, 0
    for one in callbacks(caller):
        for page in (found.name for found in PAGES if found.about == PERSON):
            for value in (f"/{page}/2", "2"):
                answer = caller.ask(
                    "/_dash-update-component",
                    method="POST",
                    body=json.dumps(forged(one, value)).encode(),
                    content_type="application/json",
                    x_csrftoken=form,
                )
                asked += 1
                assert THEIRS not in answer.text and "wombat" not in answer.text, one["output"]
    assert asked > 20
    assert narrowed.store.trail("2").query("role == @name")["action"].tolist() == []
    looked = narrowed.store.trail("2")
    assert looked[looked["action"] == "look"].empty


def forged(one: dict[str, object], value: str) -> dict[str, object]:
    """A callback's question with `value` wherever something is asked."""

    def given(wanted: object) -> list[object]:
        assert isinstance(wanted, list)
        return [
            [] if str(each["id"]).startswith("{") else {"id": each["id"], "property": each["property"], "value": value}
            for each in wanted
        ]

    text = str(one["output"])
    inputs = given(one["inputs"])
    outputs = [
        {"id": part.rsplit(".", 1)[0], "property": part.rsplit(".", 1)[1].split("@")[0]}
        for part in text.strip(".").split("...")
    ]
    changed = [f"{each['id']}.{each['property']}" for each in inputs if isinstance(each, dict)]
    return {
        "output": text, "outputs": outputs if text.startswith("..") else outputs[0], "inputs": inputs,
        "state": given(one["state"]), "changedPropIds": changed[:1],
    }  # fmt: skip


def test_a_developer_never_learns_a_label(narrowed: House) -> None:
    caller = narrowed.inside("dev")
    told = [caller.open("/").text, caller.ask("/_dash-layout").text]
    told += [caller.turn(f"/{page.name}").text for page in PAGES]
    assert not [text for text in told if MINE in text or THEIRS in text]


def test_the_other_roles_do_see_what_is_theirs(narrowed: House) -> None:
    """Else the tests above would pass on pages that show nothing at all."""
    assert "today-body" in narrowed.inside("pat").turn("/today").text
    assert MINE in person_body(narrowed, "ortho", "1")
    assert "There is no such person here" in person_body(narrowed, "ortho", "2")


def person_body(house: House, name: str, person: str) -> str:
    """What the callback of the orthotist's view says of a person."""
    caller = house.inside(name)
    one = next(found for found in callbacks(caller) if "person-head" in str(found["output"]))
    question = forged(one, f"/person/{person}")
    for asked in (*question["inputs"], *question["state"]):  # type: ignore[misc]
        if isinstance(asked, dict) and asked["property"] != "pathname":
            asked["value"] = None
    body = json.dumps(question).encode()
    kind = {"content_type": "application/json", "x_csrftoken": caller.form}
    return caller.ask("/_dash-update-component", method="POST", body=body, **kind).text


# -- the trail --------------------------------------------------------------------------------------------------------


def looks(house: House, person: str) -> list[tuple[str, str, str]]:
    found = house.store.trail(person)
    return [(one.role, one.action, one.what) for one in found.itertuples() if one.action == "look"][::-1]


def test_who_looked_at_whom_is_written_once_in_five_minutes(narrowed: House) -> None:
    orthotist, patient = narrowed.inside("ortho"), narrowed.inside("pat")
    for _ in range(3):
        orthotist.turn("/person/1")
        narrowed.pass_time(seconds=90)
    orthotist.turn("/today/1")
    patient.turn("/today")
    assert looks(narrowed, "1") == [
        (ORTHOTIST, "look", "person"), (ORTHOTIST, "look", "today"), (PATIENT, "look", "today"),
    ]  # fmt: skip
    narrowed.pass_time(seconds=31)
    orthotist.turn("/person/1")
    assert len(looks(narrowed, "1")) == 4, "301 s after it was written it is written again"
    assert looks(narrowed, "2") == [] and narrowed.store.verify_trail().broken == 0


def test_an_entry_goes_into_the_trail_before_it_is_tried(house: House) -> None:
    desk = Desk(house.store, lambda: house.now)
    asking.set(Who(ORTHOTIST, account=3, people=frozenset({"1"})))
    told: list[list[str]] = []

    def change(store: object) -> None:
        told.append(house.store.trail("1")["what"].tolist())
        raise InputError("value 99: is no pain")

    with pytest.raises(Refused, match="value 99"):
        desk.enter("1", "told pain", change)
    assert told[0][0] == "told pain"
    assert house.store.trail("1")["action"].tolist()[:2] == ["enter refused", "enter"]
    with pytest.raises(NotHere):
        desk.enter("2", "told pain", change)
    assert len(told) == 1


def test_what_cannot_be_written_into_the_trail_is_not_done(house: House) -> None:
    desk, done = Desk(house.store, lambda: house.now), []
    asking.set(Who(ORTHOTIST, account=3, people=None))
    house.store.engine.dispose()
    with house.store.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE audit RENAME TO gone")
        connection.commit()
    with pytest.raises(Refused):
        desk.enter("1", "told pain", lambda store: done.append(1))
    assert done == []
