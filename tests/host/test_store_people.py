"""Whose brace, which leg: nobody's data are thrown together, and a wrong name is refused in one line."""

import pytest
from host.made_records import Brace
from host.stores import NOON, RECEIVED, ZONE, two_days

from talus_host.errors import InputError
from talus_host.store import Store


def test_ids_of_64_bits_keep_all_of_them(store: Store) -> None:
    brace = Brace(device=0xFFFF_FFFF_FFFF_FFF7, journal=0x8000_0000_0000_0001, boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 2, 1)
    store.put(brace.info(), brace.records, RECEIVED)
    assert store.braces()["device"].tolist() == ["fffffffffffffff7"]
    assert store.first_missing("fffffffffffffff7", brace.journal) == 3
    store.assign("fffffffffffffff7", "1", "right")
    assert store.days("1")["side"].tolist() == ["right"]


@pytest.mark.parametrize("label", ["", " ", "../elsewhere", "a/b", "a\\b", "C:", ".hidden", "two\nlines", "\x1b[2J"])
def test_a_label_is_one_that_a_folder_can_bear(store: Store, label: str) -> None:
    with pytest.raises(InputError, match="label "):
        store.add_person(label, ZONE)


@pytest.mark.parametrize("person", ["", "P1", "1.5", str(1 << 63), "99999999999999999999", "-99999999999999999999"])
def test_an_id_that_none_can_have_is_refused(store: Store, person: str) -> None:
    with pytest.raises(InputError, match=r"person .*there is none of that id"):
        store.days(person)


@pytest.mark.parametrize("day", ["", "NaT", "yesterday", "2026-13-01", "99999-01-01"])
def test_a_day_that_is_none_is_refused(store: Store, day: str) -> None:
    with pytest.raises(InputError, match=r"start .*is not a date"):
        store.days("1", day)


def test_a_new_brace_gets_a_wearer_of_its_own(store: Store) -> None:
    one, two = Brace(device=1, boot_utc_ms=NOON), Brace(device=2, boot_utc_ms=NOON)
    for brace in (one, two):
        brace.clock(NOON)
        brace.minutes(NOON, 30, 1)
        store.put(brace.info(), brace.records, RECEIVED)
    assert len(store.people()) == 3
    assert store.braces()["person_id"].nunique() == 2
    store.assign(1, "1")
    assert len(store.people()) == 2  # who was made for it is gone
    assert store.days("1")["worn_h"].tolist() == [0.5]
    with pytest.raises(InputError, match="31 records of P1"):
        store.assign(1, store.add_person("P2", ZONE))
    store.assign(1, store.person_id("P2"), "right", move=True)
    assert store.days("1").empty
    assert store.days(store.person_id("P2"))["side"].tolist() == ["right"]


def test_two_braces_are_one_persons_left_and_right(store: Store) -> None:
    for device, side, worn in ((1, 0, 1), (2, 1, 0)):
        brace = Brace(device=device, side=side, boot_utc_ms=NOON)
        brace.clock(NOON)
        brace.minutes(NOON, 60, worn)
        store.assign(device, "1", ("left", "right")[side])
        store.put(brace.info(), brace.records, RECEIVED)
    days = store.days("1").set_index("side")
    assert days["worn_h"].to_dict() == {"left": 1, "right": 0}
    assert store.braces("1")["side"].tolist() == ["left", "right"]


def test_a_side_learnt_late_takes_its_days_along(store: Store) -> None:
    brace = Brace(side=255, boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 60, 1)
    store.assign(brace.device, "1")
    store.put(brace.info(), brace.records, RECEIVED)
    assert store.days("1")["side"].tolist() == ["unknown"]
    store.put(brace.info(side=1), [], RECEIVED + 1)
    assert store.days("1")["side"].tolist() == ["right"]
    store.put(brace.info(side=0), [], RECEIVED + 2)
    assert store.days("1")["side"].tolist() == ["right"]
    assert "side_disagrees" in store.quality("1")["what"].tolist()


def test_asking_for_what_is_not_there(store: Store) -> None:
    with pytest.raises(InputError, match="person 77"):
        store.days(77)
    with pytest.raises(InputError, match="person 'x'"):
        store.days("x")
    with pytest.raises(InputError, match="start 'yesterday'"):
        store.days("1", "yesterday")
    with pytest.raises(InputError, match="zone 'Berlin'"):
        store.add_person("P9", "Berlin")
    with pytest.raises(InputError, match="goal_h 25"):
        store.set_goal("1", 25)
    with pytest.raises(InputError, match="label 'P1'"):
        store.add_person("P1", ZONE)
    with pytest.raises(InputError, match="sequence -1"):
        store.put(Brace().info(), [two_days().records[0]._replace(sequence=-1)], RECEIVED)


@pytest.mark.parametrize("told", [False, True])
def test_a_wearer_nobody_named_goes_with_the_brace_unless_something_was_told_of_them(store: Store, told: bool) -> None:
    brace = two_days()
    brace.device = 0xABCDEF
    store.put(brace.info(), brace.records, RECEIVED)
    wearer = next(p for p in store.people().itertuples() if p.label.startswith("wearer of"))
    if told:
        store.consent(wearer.person_id, "care", "care-1", RECEIVED, RECEIVED)
    store.assign(brace.device, "1", "left")
    assert (wearer.label in store.people()["label"].tolist()) == told
