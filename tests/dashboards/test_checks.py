"""What forms refuse by themselves: as the page names it, in both languages, never otherwise than the store would."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dashboards.speaking import en

from talus_dashboards.desk import Desk
from talus_dashboards.errors import NotKept, Refused
from talus_dashboards.identity import EVERYBODY, asking
from talus_dashboards.pages import checks
from talus_dashboards.words import LANGUAGES
from talus_host.errors import InputError, StoreReadOnlyError
from talus_host.store import Store

DE = LANGUAGES["de"]
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("check", "line"),
    [
        (lambda: checks.day("", "Tag", DE), "Tag: Wählen Sie einen Tag."),
        (lambda: checks.day("2026-02-30", "Tag", DE), "Tag: Wählen Sie einen Tag."),
        (lambda: checks.past_day("2026-12-24", "Tag", TODAY, DE), "Tag: Do 24. Dez. 2026 kommt erst noch."),
        (
            lambda: checks.in_order(TODAY, date(2026, 11, 1), "Bis", DE),
            "Bis: So 1. Nov. 2026 liegt vor Fr 20. Nov. 2026.",
        ),
        (lambda: checks.within(95, 5, 80, "Akku", DE), "Akku: 95 liegt nicht zwischen 5 und 80."),
        (lambda: checks.within(2.5, 1, 7, "Tage", DE, whole=True), "Tage: 2,5 ist keine ganze Zahl von 1 bis 7."),
        (lambda: checks.within(None, 1, 7, "Tage", DE), "Tage: fehlt."),
        (lambda: checks.hours(0, "Ziel", DE), "Ziel: 0 ist nicht mehr als 0 und höchstens 24 Stunden."),
        (lambda: checks.hours(24.5, "Ziel", DE), "Ziel: 24,5 ist nicht mehr als 0 und höchstens 24 Stunden."),
        (lambda: checks.at_most(8, 2, "Anfang", DE), "Anfang: 8 ist mehr als 2, das Höchste des Plans."),
    ],
)
def test_a_refusal_names_the_field_and_what_was_typed(check: Callable[[], object], line: str) -> None:
    with pytest.raises(Refused) as refused:
        check()
    assert str(refused.value) == line


def test_what_is_in_order_passes() -> None:
    assert checks.past_day("2026-11-20", "Day", TODAY, en) == TODAY
    checks.in_order(TODAY, TODAY, "To", en)
    checks.within(7, 1, 7, "Days", en, whole=True)
    checks.hours(24, "Goal", en)
    checks.at_most(2, 2, "Hours", en)


def test_the_bounds_are_the_stores(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        person = store.add_person("P-1", "Europe/Berlin")
        low, high = checks.MASS_KG
        for mass in (low, high):
            store.set_mass(person, mass)
        for mass in (low - 0.1, high + 0.1):
            with pytest.raises(InputError):
                store.set_mass(person, mass)
        store.set_goal(person, checks.HOURS[1])
        for hours in (checks.HOURS[0], checks.HOURS[1] + 0.1):
            with pytest.raises(InputError):
                store.set_goal(person, hours)


def test_a_database_that_cannot_be_written_is_not_the_readers_fault(tmp_path: Path) -> None:
    def locked(_store: Store) -> None:
        raise StoreReadOnlyError("attempt to write a readonly database")

    with Store(tmp_path / "talus.db") as store:
        person = store.add_person("P-1", "Europe/Berlin")
        desk = Desk(store, lambda: datetime.now(UTC))
        token = asking.set(EVERYBODY)
        try:
            with pytest.raises(NotKept):
                desk.enter(person, "a try", locked)
        finally:
            asking.reset(token)
