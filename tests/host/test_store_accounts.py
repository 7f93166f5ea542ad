"""Who gets in: names and passwords, sessions, invitations, waiting after wrong ones. The clock is handed in."""

import hashlib
import sqlite3
import threading
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from host.stores import ZONE
from sqlalchemy import event

from talus_host.errors import DeniedError, InputError, StoreReadOnlyError
from talus_host.store import Store, passwords

NOW = 1_800_000_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SECRET, OTHER = "seven green chairs", "eight yellow tables"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The costs of a test: what they are in earnest is held by a test of its own."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)


@pytest.fixture
def house(store: Store) -> Store:
    """anna, an orthotist with a password."""
    store.add_first_account("anna", SECRET, NOW)
    return store


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(store.engine.url.database or "") as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


# -- passwords ---------------------------------------------------------------------------------------------------------


def test_a_password_is_kept_by_argon2id_at_owasps_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB of memory, 2 iterations, 1 degree of parallelism."""
    monkeypatch.undo()
    kept = passwords.hashed(SECRET)
    told = extract_parameters(kept)
    assert kept.startswith("$argon2id$") and SECRET not in kept
    assert (told.memory_cost, told.time_cost, told.parallelism) == (19 * 1024, 2, 1)
    assert told.salt_len >= 16 and told.hash_len >= 32
    assert passwords.hashed(SECRET) != kept


def test_a_password_kept_at_older_costs_is_kept_anew_at_the_next_login(house: Store) -> None:
    with sqlite3.connect(house.engine.url.database or "") as connection:
        old = PasswordHasher(1, 32, 1).hash(SECRET)
        connection.execute("UPDATE account SET password = ?", (old,))
    connection.close()
    house.log_in("anna", SECRET, NOW)
    assert "m=64,t=1,p=1" in str(rows(house, "SELECT password FROM account")[0][0])
    house.log_in("anna", SECRET, NOW)


@pytest.mark.parametrize(
    "password",
    ["", "elevenchars", "aaaaaaaaaaaaaaaa", "121212121212", "talustalustalus", "anna-anna-anna", "password1234",
     "1234567890123", "Passwort123456", "x" * 300],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused_and_not_repeated(store: Store, password: str) -> None:
    with pytest.raises(InputError, match=r"^password: ") as refused:
        store.add_first_account("anna", password, NOW)
    assert not password or password not in str(refused.value)
    assert not store.has_accounts()


@pytest.mark.parametrize(
    "password", ["seven green chairs", "ümläut ünd ßpaces", "0a1b2c3d4e5f", "漢字漢字かなカナ交じり文章"]
)
def test_length_is_enough(store: Store, password: str) -> None:
    store.add_first_account("anna", password, NOW)
    assert store.session(store.log_in("anna", password, NOW), NOW)


def test_a_password_is_the_same_however_a_keyboard_composes_it(store: Store) -> None:
    store.add_first_account("anna", "grün\u0065\u0301 Stühle im Hof", NOW)
    store.log_in("anna", "gru\u0308n\u00e9 Stu\u0308hle im Hof", NOW)


# -- names and roles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "a", " ", "two\nlines", "x" * 41, "\x1b[2J"])
def test_a_name_can_be_typed_and_read(store: Store, name: str) -> None:
    with pytest.raises(InputError, match=r"^name "):
        store.add_account(name, "developer", NOW)


def test_a_capital_and_a_space_from_a_phone_are_the_same_name(house: Store) -> None:
    house.log_in(" Anna ", SECRET, NOW)
    with pytest.raises(InputError, match="there is an account of that name"):
        house.add_account("ANNA", "developer", NOW)


def test_a_patient_has_a_person_and_nobody_else_has(store: Store) -> None:
    with pytest.raises(InputError, match="person: a patient's account needs one"):
        store.add_account("pp", "patient", NOW)
    with pytest.raises(InputError, match="person: a orthotist is none"):
        store.add_account("oo", "orthotist", NOW, "1")
    with pytest.raises(InputError, match="person 77"):
        store.add_account("pp", "patient", NOW, "77")
    with pytest.raises(InputError, match="role 'root'"):
        store.add_account("rr", "root", NOW)


def test_the_first_account_is_made_once(house: Store) -> None:
    with pytest.raises(DeniedError):
        house.add_first_account("eve", OTHER, NOW)
    assert house.accounts()["name"].tolist() == ["anna"]


def test_the_number_of_an_account_that_went_with_its_person_is_not_given_away(house: Store) -> None:
    gone = house.add_account("pat", "patient", NOW, "1")
    house.enter_invited(house.invite(gone, NOW), NOW)
    house.erase_person("1", NOW)
    assert house.add_account("new", "developer", NOW) == gone + 1
    assert house.verify_trail().broken == 0


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_a_session_is_random_and_only_its_digest_is_kept(house: Store) -> None:
    tokens = {house.log_in("anna", SECRET, NOW) for _ in range(3)}
    assert len(tokens) == 3 and all(len(token) >= 43 for token in tokens)  # 256 bits in base64
    kept = {row[0] for row in rows(house, "SELECT token FROM web_session")}
    assert {hashlib.sha256(token.encode()).digest() for token in tokens} <= kept
    path = Path(house.engine.url.database or "")
    everything = b"".join(file.read_bytes() for file in path.parent.glob("talus.db*"))
    assert not [token for token in tokens if token.encode() in everything]


@pytest.mark.parametrize(
    ("role", "idle", "longest"),
    [("orthotist", 30 * MINUTE, 12 * HOUR), ("patient", 7 * DAY, 30 * DAY), ("developer", 12 * HOUR, 30 * DAY)],
)
def test_a_session_ends_idle_and_in_any_case(store: Store, role: str, idle: int, longest: int) -> None:
    account = store.add_account("somebody", role, NOW, "1" if role == "patient" else None)
    token = store.enter_invited(store.invite(account, NOW), NOW)
    assert store.session(token, NOW + idle - 1)
    later = NOW + idle - 1
    assert store.session(token, later + idle - 1), "being seen begins the idle time anew"
    assert store.session(token, later + 3 * idle) is None
    token, now = store.enter_invited(store.invite(account, NOW), NOW), NOW
    while now + idle - 1 < NOW + longest:
        now += idle - 1
        assert store.session(token, now)
    assert store.session(token, NOW + longest - 1) and store.session(token, NOW + longest) is None


def test_a_session_outlives_a_restart(house: Store) -> None:
    token = house.log_in("anna", SECRET, NOW)
    with Store(house.engine.url.database or "") as again:
        visitor = again.session(token, NOW + MINUTE)
    assert visitor and visitor.name == "anna" and visitor.people is None


def test_logging_out_ends_this_one_or_all(house: Store) -> None:
    one, two, three = (house.log_in("anna", SECRET, NOW) for _ in range(3))
    visitor = house.session(one, NOW)
    assert visitor
    house.log_out(visitor, NOW)
    assert house.session(one, NOW) is None and house.session(two, NOW)
    visitor = house.session(two, NOW)
    assert visitor
    house.log_out(visitor, NOW, everywhere=True)
    assert house.session(two, NOW) is None and house.session(three, NOW) is None


def test_a_new_password_ends_every_session_and_is_asked_the_old_one(house: Store) -> None:
    here, there = house.log_in("anna", SECRET, NOW), house.log_in("anna", SECRET, NOW)
    visitor = house.session(here, NOW)
    assert visitor
    with pytest.raises(DeniedError):
        house.change_password(visitor, OTHER, OTHER, NOW)
    assert house.session(there, NOW)
    new = house.change_password(visitor, SECRET, OTHER, NOW)
    assert house.session(here, NOW) is None and house.session(there, NOW) is None and house.session(new, NOW)
    with pytest.raises(DeniedError):
        house.log_in("anna", SECRET, NOW)
    house.log_in("anna", OTHER, NOW)


def test_a_closed_account_is_out_and_stays_out(house: Store) -> None:
    token, invited = house.log_in("anna", SECRET, NOW), house.invite(1, NOW)
    house.close_account(1, NOW)
    assert house.session(token, NOW) is None
    with pytest.raises(DeniedError):
        house.log_in("anna", SECRET, NOW)
    with pytest.raises(DeniedError):
        house.enter_invited(invited, NOW)
    with pytest.raises(InputError, match="it is closed"):
        house.account("anna")


# -- invitations -------------------------------------------------------------------------------------------------------


def test_an_invitation_lets_in_once_and_not_for_ever(store: Store) -> None:
    account = store.add_account("ben", "developer", NOW)
    token = store.invite(account, NOW)
    assert store.invited(token, NOW) == "ben" == store.invited(token, NOW), "looking uses nothing up"
    with pytest.raises(InputError):
        store.enter_invited(token, NOW, "short")
    assert store.session(store.enter_invited(token, NOW, SECRET), NOW)
    for way in (None, OTHER):
        with pytest.raises(DeniedError):
            store.enter_invited(token, NOW, way)
    store.log_in("ben", SECRET, NOW)
    late = store.invite(account, NOW)
    with pytest.raises(DeniedError):
        store.enter_invited(late, NOW + 3 * DAY)
    first = store.invite(account, NOW)
    store.invite(account, NOW)
    with pytest.raises(DeniedError):
        store.enter_invited(first, NOW)


def test_without_a_password_only_an_invitation_lets_in(store: Store) -> None:
    store.add_account("ben", "developer", NOW)
    for guess in ("", "nobody's", SECRET):
        with pytest.raises(DeniedError):
            store.log_in("ben", guess, NOW)


# -- wrong ones --------------------------------------------------------------------------------------------------------


def wrong(store: Store, name: str, now: int) -> int | None:
    with pytest.raises(DeniedError) as denied:
        store.log_in(name, "wrong horse staple", now)
    assert name not in str(denied.value)
    return denied.value.until_ms


@pytest.mark.parametrize("name", ["anna", "nobody-of-that-name"])
def test_five_are_free_then_a_minute_doubled_up_to_an_hour(house: Store, name: str) -> None:
    """1, 2, 4, 8, 16, 32 minutes and from then on 60, alike whether there is such a name."""
    assert [wrong(house, name, NOW) for _ in range(4)] == [None] * 4
    now = NOW
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        until = wrong(house, name, now)
        assert until == now + minutes * MINUTE
        assert wrong(house, name, until - 1) == until, "a try while it waits is not looked at and does not lengthen it"
        now = until
    assert wrong(house, name, now + DAY + HOUR) is None, "a day later it begins anew"


def test_the_right_one_waits_too_and_then_forgets_the_wrong_ones(house: Store) -> None:
    for _ in range(5):
        wrong(house, "anna", NOW)
    with pytest.raises(DeniedError) as denied:
        house.log_in("anna", SECRET, NOW + MINUTE - 1)
    assert denied.value.until_ms == NOW + MINUTE
    house.log_in("ANNA", SECRET, NOW + MINUTE)
    assert [wrong(house, "anna", NOW + MINUTE) for _ in range(4)] == [None] * 4


def test_many_at_once_get_no_further_than_one_by_one(house: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    fits = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda kept, given: looked.append(given) or fits(kept, given))

    def guess() -> None:
        with pytest.raises(DeniedError):
            house.log_in("anna", "wrong horse staple", NOW)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == 5


def test_a_name_nobody_has_is_worked_on_as_one_somebody_has(house: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same statements in the same order, and one Argon2 over a hash of the same costs."""
    said: list[str] = []
    verified: list[str] = []

    @event.listens_for(house.engine, "before_cursor_execute")
    def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda self, kept, given: verified.append(kept) or verify(self, kept, given)
    )
    ways = []
    for name in ("anna", "nobody-of-that-name"):
        said.clear()
        verified.clear()
        wrong(house, name, NOW)
        ways.append((list(said), [extract_parameters(kept) for kept in verified]))
    assert ways[0] == ways[1] and len(ways[0][1]) == 1


def test_what_was_typed_as_a_name_is_nowhere_to_read(house: Store) -> None:
    wrong(house, SECRET, NOW)  # typed into the wrong field
    path = Path(house.engine.url.database or "")
    everything = b"".join(file.read_bytes() for file in path.parent.glob("talus.db*"))
    assert SECRET.encode() not in everything


# -- care --------------------------------------------------------------------------------------------------------------


def test_an_orthotist_sees_everybody_until_narrowed_and_then_nobody_more(house: Store) -> None:
    other = house.add_person("P2", ZONE)
    token = house.log_in("anna", SECRET, NOW)

    def sees(now: int) -> frozenset[str] | None:
        visitor = house.session(token, now)
        assert visitor
        return visitor.people

    assert sees(NOW) is None
    house.take_care(1, other, NOW + 1)
    house.take_care(1, other, NOW + 2)
    assert sees(NOW + 2) == {other}
    house.end_care(1, other, NOW + 3)
    assert sees(NOW + 3) == frozenset(), "the end of the last care opens nothing"
    with pytest.raises(InputError, match="is not in the care"):
        house.end_care(1, other, NOW + 4)
    assert house.seers("1", NOW + 4)["accounts"].sum() == 0


def test_who_may_see_a_person_is_counted_by_role(house: Store) -> None:
    house.add_account("dev", "developer", NOW)
    house.add_account("pat", "patient", NOW, "1")
    house.close_account(house.add_account("old", "patient", NOW, "1"), NOW)
    house.add_account("narrow", "orthotist", NOW, everybody=False)
    assert house.seers("1", NOW).set_index("role")["accounts"].to_dict() == {"patient": 1, "orthotist": 1}


# -- a database that cannot be written ---------------------------------------------------------------------------------


def test_read_only_nobody_is_let_in_and_who_is_in_stays(house: Store) -> None:
    token = house.log_in("anna", SECRET, NOW)

    @event.listens_for(house.engine, "begin")
    def lock(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA query_only = 1")  # type: ignore[attr-defined]

    with pytest.raises(StoreReadOnlyError):
        house.log_in("anna", SECRET, NOW)
    assert house.session(token, NOW + 10 * MINUTE)
