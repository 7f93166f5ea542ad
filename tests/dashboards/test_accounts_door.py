"""The door itself: wrong passwords, invitations, what goes out with every answer, a database that cannot be written."""

from pathlib import Path

import pytest
from dashboards.at_the_door import OTHER, SECRET, House
from sqlalchemy import event

# -- wrong ones -------------------------------------------------------------------------------------------------------


def test_known_or_not_the_answers_are_the_same(house: House) -> None:
    """Every answer until and while it waits, bodies and all but the name typed and the field that is new each time."""

    def tries(name: str) -> list[tuple[int, str, str]]:
        told = []
        for _ in range(7):
            answer = house.caller().log_in(name, OTHER)
            text = answer.text.replace(f'value="{name}"', "")
            head, _, tail = text.partition('name="form" value="')
            told.append((answer.status, head + tail[64:], answer.headers.get("retry-after", "")))
        return told

    known, unknown = tries("pat"), tries("zed")
    assert known == unknown
    assert [status for status, *_ in known] == [403] * 4 + [429] * 3
    assert known[4][2] == "60" and "Try again in 1 minute." in known[4][1]


def test_the_right_password_waits_with_the_wrong_ones_and_then_opens(house: House) -> None:
    for _ in range(5):
        house.caller().log_in("pat", OTHER)
    assert house.caller().log_in("pat").status == 429
    assert house.inside("tap").ask("/").status == 200, "nobody else waits"
    house.pass_time(seconds=60)
    assert house.caller().log_in("pat").status == 303


def test_many_names_at_once_make_everybody_wait_a_minute(house: House) -> None:
    inside = house.inside("ortho")
    for number in range(30):
        assert house.caller().log_in(f"name{number}", OTHER).status == 403
    answer = house.caller().log_in("pat")
    assert answer.status == 429 and inside.ask("/").status == 200
    house.pass_time(seconds=61)
    assert house.caller().log_in("pat").status == 303


def test_what_is_typed_is_never_markup(house: House) -> None:
    answer = house.caller().log_in('"><script>x</script>', OTHER)
    assert b"<script" not in answer.body and b"&lt;script&gt;" in answer.body
    assert OTHER not in answer.text


# -- invitations ------------------------------------------------------------------------------------------------------


def test_the_first_run_makes_one_orthotist_and_no_second(tmp_path: Path, house: House) -> None:
    new = House(tmp_path / "new.db", accounts=False)
    first = new.keeper.first
    assert first
    assert "no account yet" in new.caller().open("/login").text
    assert new.caller().open("/first?invitation=x").status == 403
    assert new.caller().ask("/today").status == 401
    caller, late = new.caller(), new.caller()
    path = f"/first?invitation={first}"
    assert caller.fill(path, name="anna", password="short", again="short").status == 422
    hidden = late.open(path).text.split('name="form" value="')[1].split('"')[0]
    assert caller.fill(path, name="Anna", password=SECRET, again=SECRET).headers["location"] == "/"
    assert caller.ask("/").status == 200
    fields = {"form": hidden, "invitation": first, "name": "eve", "password": OTHER, "again": OTHER}
    assert late.post("/first", fields).status == 403 and late.open(path).status == 403
    assert new.store.accounts()[["name", "role", "everybody"]].values.tolist() == [["anna", "orthotist", True]]
    new.restart()
    assert new.keeper.first is None
    new.store.close()


def test_the_first_runs_invitation_runs_out(tmp_path: Path, house: House) -> None:
    new = House(tmp_path / "new.db", accounts=False)
    new.pass_time(hours=1)
    assert new.caller().open(f"/first?invitation={new.keeper.first}").status == 403
    new.store.close()


def test_an_invited_account_chooses_its_password_once(house: House) -> None:
    token = house.store.invite(house.store.account("tap"), house.now_ms)
    caller, path = house.caller(), f"/first?invitation={token}"
    assert "tap" in caller.open(path).text
    assert caller.fill(path, password=OTHER, again=OTHER).status == 303
    assert caller.ask("/").status == 200 and house.caller().open(path).status == 403
    assert house.caller().log_in("tap", OTHER).status == 303


def test_an_address_for_one_click_opens_once(house: House) -> None:
    token = house.store.invite(house.store.account("dev"), house.now_ms)
    path = f"/enter?invitation={token}"
    caller = house.caller()
    assert caller.ask(path, method="HEAD").status == 200, "looking uses nothing up"
    assert caller.open(path).headers["location"] == "/" and caller.ask("/").status == 200
    assert caller.open(path).headers["location"] == "/", "again, in the same browser: already in"
    again = house.caller().open(path)
    assert again.status == 403 and "used already" in again.text


# -- what goes out with every answer ----------------------------------------------------------------------------------


def test_forms_have_a_policy_of_their_own_and_pages_keep_theirs(house: House) -> None:
    caller = house.inside("pat")
    for path in ("/logout", "/password"):
        rules = dict(rule.split(" ", 1) for rule in caller.open(path).headers["content-security-policy"].split("; "))
        assert rules["form-action"] == "'self'" and rules["default-src"] == "'none'" and "script-src" not in rules
        assert "unsafe" not in rules["style-src"] and rules["frame-ancestors"] == "'none'"
    answer = caller.open("/account")
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert rules["form-action"] == "'none'" and answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "language"),
    [("de-DE,de;q=0.9,en;q=0.8", "de"), ("fr,en;q=0.5,de;q=0.4", "en"), ("fr", "en"), ("", "en"), ("de;q=x, en", "en")],
)
def test_the_door_speaks_as_it_is_asked_and_afterwards_as_was_chosen(house: House, asked: str, language: str) -> None:
    assert f'<html lang="{language}">' in house.caller().ask("/login", accept_language=asked).text
    caller = house.inside("pat")
    assert f'<html lang="{language}">' in caller.ask("/", accept_language=asked).text
    house.store.set_language(house.store.account("pat"), "de", house.now_ms)
    for path in ("/", "/logout"):
        assert '<html lang="de">' in caller.ask(path, accept_language=asked).text


# -- a database that cannot be written --------------------------------------------------------------------------------


def test_read_only_nobody_comes_in_who_is_in_stays_and_nothing_is_lost(house: House) -> None:
    patient, orthotist = house.inside("pat"), house.inside("ortho")
    before = len(house.store.trail())

    @event.listens_for(house.store.engine, "begin")
    def lock(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA query_only = 1")  # type: ignore[attr-defined]

    answer = house.caller().log_in("pat")
    assert answer.status == 503 and "the database cannot be written" in answer.text
    assert patient.fill("/logout").status == 503
    assert "today-body" in patient.turn("/today").text, "one's own data are shown"
    refused = orthotist.turn("/person/1").text
    assert "The data cannot be read just now" in refused, "nobody looks at another's without a trail"
    event.remove(house.store.engine, "begin", lock)
    house.store.engine.dispose()
    assert len(house.store.trail()) == before and patient.fill("/logout").status == 303
