"""Accounts at the gate: for each way to ask and each state of the asker, what comes back; nothing without a session."""

import pytest
from dashboards.at_the_door import OTHER, SECRET, House
from dashboards.test_gate import EVERYTHING

PAGES = (
    "/",
    "/today",
    "/today/1",
    "/person/1",
    "/people",
    "/live",
    "/account",
    "/nowhere",
    "/login/x",
    "//evil.example/",
)
FORMS = ("/login", "/first", "/enter", "/password", "/logout")
ROLES = ("pat", "ortho", "dev")


# -- states of the asker ----------------------------------------------------------------------------------------------


def nobody(house: House) -> dict[str, str]:
    return {}


def made_up(house: House) -> dict[str, str]:
    return {f"talus_{house.keeper.mark}": "x" * 43}


def of_another_database(house: House) -> dict[str, str]:
    return {"talus_00000000": next(iter(house.inside("pat").cookies.values()))}


def expired(house: House) -> dict[str, str]:
    caller = house.inside("ortho")
    house.pass_time(minutes=31)
    return caller.cookies


def closed(house: House) -> dict[str, str]:
    caller = house.inside("dev")
    house.store.close_account(house.store.account("dev"), house.now_ms)
    return caller.cookies


def logged_out(house: House) -> dict[str, str]:
    caller = house.inside("pat")
    cookies = dict(caller.cookies)
    assert caller.fill("/logout").status == 303
    return cookies


def digest_itself(house: House) -> dict[str, str]:
    """What the database holds is no key."""
    house.inside("pat")
    with house.store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT hex(token) FROM web_session").scalar_one()
    return {f"talus_{house.keeper.mark}": str(kept).lower()}


OUTSIDE = (nobody, made_up, of_another_database, expired, closed, logged_out, digest_itself)


@pytest.mark.parametrize("state", OUTSIDE)
def test_nothing_opens_without_a_session(house: House, state) -> None:
    cookies = state(house)
    for path in (*EVERYTHING, *PAGES, "/assets/door.js"):
        caller = house.caller()
        caller.cookies = dict(cookies)
        answer = caller.ask(path)
        assert answer.status == 401 and b"<html" not in answer.body, path
        assert caller.ask(path, method="HEAD").status == 401, path
        page = caller.open(path)
        if path.startswith(("/_", "/assets/", "/scripts/")):
            assert page.status == 401, path
        else:
            assert page.status == 303 and page.headers["location"].startswith("/login"), path
            assert "evil" not in page.headers["location"].split("?")[0]
        assert caller.turn("/today", form="x").status == 401


@pytest.mark.parametrize("name", ROLES)
def test_with_a_session_pages_and_assets_open(house: House, name: str) -> None:
    caller = house.inside(name)
    for path in ("/", "/account", "/_dash-layout", "/_dash-dependencies", "/assets/talus.css", "/assets/door.js"):
        assert caller.ask(path).status == 200, path


@pytest.mark.parametrize("path", ["/", "/login", "/first", "/_dash-layout", "/assets/talus.css"])
@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:8050"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8050"},
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"},
        {"sec_fetch_site": "same-site", "sec_fetch_mode": "cors"},
    ],
)
def test_a_foreign_name_or_page_is_refused_before_anything(house: House, path: str, headers: dict[str, str]) -> None:
    answer = house.inside("ortho").ask(path, **headers)
    assert answer.status == 403 and "set-cookie" not in answer.headers and b"<form" not in answer.body


def test_a_callback_needs_what_its_own_sessions_page_knows(house: House) -> None:
    mine, theirs = house.inside("pat"), house.inside("tap")
    assert mine.turn("/account").status == 200
    for form in ("x", theirs.form, mine.cookies[f"talus_{house.keeper.mark}"]):
        answer = mine.turn("/account", form=form)
        assert answer.status == 403 and answer.headers["x-talus"] == "another"
    bare = mine.ask("/_dash-update-component", method="POST", body=b"{}", content_type="application/json")
    assert bare.status == 403


def test_a_tab_left_open_under_another_account_asks_in_nobodys_name(house: House) -> None:
    """Two tabs, one browser: the second logs in as somebody else, then the first one enters something."""
    browser = house.inside("pat")
    left_open = browser.form
    token = house.store.invite(house.store.account("tap"), house.now_ms)
    assert browser.open(f"/enter?invitation={token}").status == 303
    assert browser.turn("/account", form=left_open).status == 403
    assert browser.turn("/account").status == 200


@pytest.mark.parametrize("path", ["/login", "/password", "/logout", "/first"])
def test_a_form_without_its_hidden_field_changes_nothing(house: House, path: str) -> None:
    fields = {"name": "pat", "password": OTHER, "again": OTHER, "old": SECRET, "everywhere": "1", "invitation": ""}
    fields["invitation"] = house.store.invite(house.store.account("pat"), house.now_ms)
    for caller in (house.caller(), house.inside("pat")):
        for given in ({}, {"form": ""}, {"form": "x"}, {"form": house.inside("tap").form}):
            if path == "/login":
                fields["password"] = SECRET
            answer = caller.post(path, fields | given)
            assert answer.status == 403 and "talus_" not in answer.headers.get("set-cookie", "").split("_form")[0]
    assert house.caller().log_in("pat").status == 303, "the password is what it was"


def test_a_hidden_field_of_another_browser_or_of_before_a_restart_is_none(house: House) -> None:
    one, other = house.caller(), house.caller()
    one.open("/login")
    text = other.open("/login").text
    hidden = text.split('name="form" value="')[1].split('"')[0]
    fields = {"name": "pat", "password": SECRET, "form": hidden, "next": ""}
    assert one.post("/login", fields).status == 403
    house.restart()
    other.visitor = house.visitor
    assert other.post("/login", fields).status == 403
    assert other.log_in("pat").status == 303


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_a_form_is_a_form(house: House, kind: str) -> None:
    assert house.caller().post("/login", {"name": "pat"}, content_type=kind).status == 400
    assert house.caller().post("/login", {"name": "x" * 20_000}).status == 400
    assert house.caller().post("/login", {f"n{number}": "" for number in range(100)}).status == 400


def test_a_get_on_what_is_posted_changes_nothing(house: House) -> None:
    caller = house.inside("pat")
    for path in (f"/logout?everywhere=1&form={caller.form}", f"/password?password={OTHER}&again={OTHER}&old={SECRET}"):
        assert caller.open(path).status == 200
    assert caller.ask("/_dash-update-component").status in (404, 405)
    assert caller.ask("/").status == 200
    fresh = house.caller()
    assert fresh.open(f"/login?name=pat&password={SECRET}").status == 200 and fresh.ask("/").status == 401


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_no_other_method(house: House, method: str) -> None:
    caller = house.inside("pat")
    assert {caller.ask(path, method=method).status for path in (*FORMS, "/", "/_dash-update-component")} == {405}


# -- in, out and back -------------------------------------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_and_new_at_each_login(house: House) -> None:
    caller = house.caller()
    kept = caller.log_in("pat").headers["set-cookie"]
    assert "HttpOnly" in kept and "SameSite=Lax" in kept and "Path=/" in kept and "Domain" not in kept
    assert "Max-Age=2592000" in kept, "a patient's phone keeps it for 30 days"
    old = dict(caller.cookies)
    assert "Max-Age" not in house.caller().log_in("ortho").headers["set-cookie"]
    hidden = caller.form
    caller.post("/login", {"name": "pat", "password": SECRET, "form": hidden, "next": ""})
    assert caller.cookies != old and caller.ask("/").status == 200
    stale = house.caller()
    stale.cookies = old
    assert stale.ask("/").status == 401, "the one before it is over"


@pytest.mark.parametrize(
    ("after", "to"),
    [("/today", "/today"), ("", "/"), ("//evil.example", "/evil.example"), ("/\\evil.example", "/evil.example"),
     ("https://evil.example", "/https://evil.example")],
)  # fmt: skip
def test_a_login_leads_back_to_the_page_and_never_elsewhere(house: House, after: str, to: str) -> None:
    caller = house.caller()
    hidden = caller.open("/login").text.split('name="form" value="')[1].split('"')[0]
    answer = caller.post("/login", {"name": "pat", "password": SECRET, "form": hidden, "next": after})
    assert answer.headers["location"] == to
    assert caller.open(f"/login?next={after}").headers["location"] == to


def test_a_header_cannot_be_smuggled_into_where_a_login_leads(house: House) -> None:
    caller = house.caller()
    hidden = caller.open("/login").text.split('name="form" value="')[1].split('"')[0]
    fields = {"name": "pat", "password": SECRET, "form": hidden, "next": "/x\r\nset-cookie: a=b"}
    location = caller.post("/login", fields).headers["location"]
    assert "\r" not in location and "\n" not in location


def test_a_session_outlives_a_restart_of_the_pages(house: House) -> None:
    caller = house.inside("ortho")
    house.restart()
    caller.visitor = house.visitor
    assert caller.ask("/").status == 200


def test_logging_out_here_or_everywhere(house: House) -> None:
    here, there = house.inside("pat"), house.inside("pat")
    old = dict(here.cookies)
    assert here.fill("/logout").headers["location"] == "/login"
    here.cookies = old
    assert here.ask("/").status == 401 and there.ask("/").status == 200
    third = house.inside("pat")
    there.fill("/logout", everywhere="1")
    assert third.ask("/").status == 401


def test_a_new_password_ends_the_sessions_elsewhere_and_keeps_this_one(house: House) -> None:
    here, there = house.inside("pat"), house.inside("pat")
    wrong = here.fill("/password", old=OTHER, password=OTHER, again=OTHER)
    unlike = here.fill("/password", old=SECRET, password=OTHER, again=SECRET)
    short = here.fill("/password", old=SECRET, password="short", again="short")
    assert [answer.status for answer in (wrong, unlike, short)] == [403, 422, 422]
    assert there.ask("/").status == 200
    assert here.fill("/password", old=SECRET, password=OTHER, again=OTHER).headers["location"] == "/account"
    assert here.ask("/").status == 200 and there.ask("/").status == 401
    assert house.caller().log_in("pat").status == 403 and house.caller().log_in("pat", OTHER).status == 303
