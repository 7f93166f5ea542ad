"""Consent holds from the moment it was given until it ends, for its purpose alone, and is never assumed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from talus_host.errors import InputError
from talus_host.store import Store

T0 = 1_777_000_000_000
DAY = 86_400_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("P1", "Europe/Berlin")
        opened.add_person("P2", "Europe/Berlin")
        yield opened


def test_it_holds_in_its_stretch_for_its_purpose_and_its_person(store: Store) -> None:
    assert not store.consented("1", "care", T0)
    store.consent("1", "care", "care-2", T0, T0 + DAY)
    store.end_consent("1", "care", T0 + 5 * DAY)
    store.consent("1", "care", "care-3", T0 + 7 * DAY, T0 + 7 * DAY)
    held = [store.consented("1", "care", T0 + at) for at in (-1, 0, 5 * DAY - 1, 5 * DAY, 7 * DAY - 1, 7 * DAY)]
    assert held == [False, True, True, False, False, True]
    assert not store.consented("1", "research", T0 + DAY) and not store.consented("2", "care", T0 + DAY)
    told = store.consents("1")
    assert told[["purpose", "version"]].to_numpy().tolist() == [["care", "care-2"], ["care", "care-3"]]
    assert told["until_utc"].notna().tolist() == [True, False]
    assert told["until_utc"].iloc[0].timestamp() * 1000 == T0 + 5 * DAY


def test_it_stands_as_held_ended_on_a_day_of_the_person_or_never_entered(store: Store) -> None:
    late = 1_776_981_600_000  # 2026-04-23 22:00 UTC: in Berlin the 24th has begun
    for at in (1, 3):
        store.consent("1", "care", f"care-{at}", late - (5 - at) * DAY, T0)
        store.end_consent("1", "care", late - (4 - at) * DAY + DAY * (at == 3))

    def stands(at_ms: int) -> tuple[object, object]:
        told = store.consent_standing("1", "care", at_ms)
        return told["state"], told["ended"]

    assert stands(late - 4 * DAY - 1) == ("never", None), "before it was given"
    assert stands(late - 4 * DAY) == ("held", None)
    assert stands(late - 3 * DAY) == ("ended", date(2026, 4, 21))
    assert stands(late - 2 * DAY) == ("held", None), "given anew"
    assert stands(late) == ("ended", date(2026, 4, 24))
    assert store.consent_standing("1", "research", late)["state"] == "never"
    assert store.consent_standing("2", "care", late)["state"] == "never"


def test_what_was_entered_by_mistake_is_taken_back(store: Store) -> None:
    store.consent("1", "care", "a", T0, T0)
    store.consent("1", "research", "a", T0, T0 + 1)
    assert store.undo_consent("1")["purpose"] == "research"
    assert store.consented("1", "care", T0) and not store.consented("1", "research", T0)


@pytest.mark.parametrize(
    ("purpose", "version", "at", "message"),
    [
        ("sale", "a", T0, r"purpose 'sale': is none of care, research, sharing"),
        ("care", " ", T0, r"version ' ': is not the name of a text"),
        ("care", "x" * 41, T0, r"version 'x+': is not the name of a text, of 1 to 40 characters"),
        ("care", "a\nb", T0, r"version 'a\\nb': is not the name"),
        ("care", "a", T0 + DAY, r"from 2026-04-25T03:06 UTC: is still to come"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    store: Store, purpose: str, version: str, at: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        store.consent("1", purpose, version, at, T0)
    assert store.consents("1").empty


def test_two_of_one_purpose_never_overlap_and_only_an_open_one_ends(store: Store) -> None:
    with pytest.raises(InputError, match="care: there is no consent that could end"):
        store.end_consent("1", "care", T0)
    store.consent("1", "care", "a", T0, T0)
    with pytest.raises(InputError, match=r"care from .*: consent of 2026-04-24T03:06 UTC still holds then"):
        store.consent("1", "care", "b", T0 + DAY, T0 + DAY)
    with pytest.raises(InputError, match=r"until .*: is not after consent was given"):
        store.end_consent("1", "care", T0)
    assert store.consented("1", "care", T0 + DAY)
