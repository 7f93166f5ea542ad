"""Entries of the diary and of prescriptions, one by one: taken out by name, kept once, history and all."""

import pytest
from host.made_records import utc_ms
from host.stores import ZONE
from sqlalchemy import insert

from talus_host.errors import InputError
from talus_host.metrics.change import Headline
from talus_host.store import Store, schema_pages, trail
from talus_host.store.engine import writing

NOW = utc_ms("2026-05-20T09:00:00", ZONE)
EIGHT: dict[str, float | None] = {"hours": 8.0}


def test_any_entry_of_the_diary_can_be_taken_out(store: Store) -> None:
    for day, what in (("2026-05-03", "strap"), ("2026-05-03", "wedge"), ("2026-05-09", "strap")):
        store.add_brace_change("1", "left", day, what, NOW)
    store.remove_brace_change("1", "left", "2026-05-03", "strap")
    left = store.brace_changes("1")
    assert [(f"{row.day:%m-%d}", row.what) for row in left.itertuples()] == [("05-03", "wedge"), ("05-09", "strap")]
    assert left["entered_utc"].iloc[0].timestamp() == NOW / 1000
    for side, day, what in (("left", "2026-05-03", "strap"), ("right", "2026-05-09", "strap")):
        with pytest.raises(InputError, match=f"{what} on {day}: the diary has it no more"):
            store.remove_brace_change("1", side, day, what)
    assert len(store.brace_changes("1")) == 2


def test_a_day_to_come_is_no_day_of_a_diary(store: Store) -> None:
    late = utc_ms("2026-05-20T23:30:00", ZONE)
    with pytest.raises(InputError, match="day 2026-05-21: is still to come"):
        store.add_brace_change("1", "left", "2026-05-21", "strap", late)
    store.add_brace_change("1", "left", "2026-05-21", "strap", late + 3_600_000)  # past midnight in Berlin


def test_a_prescription_is_entered_once_and_its_history_is_kept(store: Store) -> None:
    store.prescribe("1", "left", "2026-05-01", "hours", EIGHT, NOW)
    with pytest.raises(InputError, match="from_day 2026-05-01: the same is prescribed already"):
        store.prescribe("1", "left", "2026-05-01", "hours", EIGHT, NOW + 200)
    store.prescribe("1", "right", "2026-05-01", "hours", EIGHT, NOW + 200)
    store.prescribe("1", "left", "2026-05-01", "hours", {"hours": 6.0}, NOW + 300)
    held = store.prescriptions("1")
    assert held[["side", "hours"]].to_numpy().tolist() == [["left", 6.0], ["right", 8.0]]
    assert store.prescription_history("1")["hours"].tolist() == [8.0, 6.0, 8.0]
    store.remove_prescription("1", "left", "2026-05-01", NOW + 300)
    assert store.prescriptions("1")["hours"].tolist() == [8.0, 8.0]  # what it had replaced holds again
    with pytest.raises(InputError, match="was taken back already"):
        store.remove_prescription("1", "left", "2026-05-01", NOW + 300)


def test_only_the_choice_that_was_seen_is_taken_back(store: Store) -> None:
    assert store.headlines_entered_ms("1") == 0
    store.choose_headlines("1", [Headline("steps", "up")], NOW)
    store.choose_headlines("1", [Headline("stance_pct", "down")], NOW + 5)
    with pytest.raises(InputError, match="other headlines were chosen since"):
        store.undo_headlines_of("1", NOW)
    assert store.undo_headlines_of("1", NOW + 5) == ["stance_pct"]
    assert store.headlines_entered_ms("1") == NOW


def test_a_journey_that_was_none_is_taken_back(store: Store) -> None:
    store.set_zone("1", "America/New_York", NOW)
    store.end_journey("1", NOW)
    assert store.person("1")["zone"] == ZONE
    with pytest.raises(InputError, match="taken back already"):
        store.end_journey("1", 0)  # where the person is from stays
    assert store.person("1")["zone"] == ZONE


@pytest.mark.parametrize("distance", ["2m", "101m", "far", "nan", "-10m", "infm"])
def test_a_distance_nobody_walks_is_refused(store: Store, distance: str) -> None:
    with pytest.raises(InputError, match=f"distance '{distance}'"):
        store.add_timed_walk("1", NOW - 60_000, distance, 20.0, True, NOW)


def test_clinic_limits_hold_for_their_own_distances_alone(store: Store) -> None:
    """Lewek 2019: 0.15 m/s from 0.4 to 0.8 m/s over 10 m; Hobart 2013: 20 % of 25 ft; nothing for 6 m."""
    walks = (("10m", 20.0), ("10m", 15.0), ("25ft", 10.0), ("25ft", 8.0), ("6m", 10.0), ("6m", 5.0))
    for at, (distance, seconds) in enumerate(walks):
        store.add_timed_walk("1", NOW - (60 - at) * 60_000, distance, seconds, True, NOW)
    found = store.walk_changes("1").set_index("distance_m")
    assert found["word"].to_dict() == {6.0: "not judged", 7.62: "real change", 10.0: "real change"}
    assert found["limit_mps"][10.0] == 0.15 and found["limit_mps"][7.62] == pytest.approx(0.2 * 0.762)
    assert found["limit_mps"].isna()[6.0] and found["change_mps"][6.0] == pytest.approx(1.2 - 0.6)
    store.remove_timed_walk("1", NOW - 59 * 60_000)
    assert 10.0 not in store.walk_changes("1")["distance_m"].tolist()
    with pytest.raises(InputError, match="there is no walk of this moment"):
        store.remove_timed_walk("1", NOW - 59 * 60_000)


def test_who_made_an_entry_is_told_by_the_trail_or_not_at_all(store: Store) -> None:
    with writing(store.engine) as connection:
        for number, name in ((7, "ortho-1"), (8, "ortho-2")):
            values = {"id": number, "name": name, "role": "orthotist", "made_ms": NOW, "everybody": 0}
            connection.execute(insert(schema_pages.account).values(**values))
        for at_ms, account, action in (
            *((NOW, 7, "enter"), (NOW + 60_000, 7, "enter"), (NOW + 60_500, 8, "enter")),
            *((NOW + 120_000, None, "enter"), (NOW + 180_000, 8, "look")),
        ):
            trail.add(connection, at_ms, action, 1, "something", role="orthotist", account=account)
    asked = [NOW - 5, NOW + 60_000, NOW + 120_000, NOW + 180_000, NOW + 240_000]
    assert list(store.entered_by("1", asked).values()) == ["ortho-1", "", "", "", ""]
    assert store.entered_by(store.add_person("P2", ZONE), [NOW]) == {NOW: ""}
