"""Notes: kept as written, hidden and never lost, and refused in one line that names the field and the value."""

import pytest
from host.made_records import utc_ms
from host.stores import ZONE

from talus_host.errors import InputError
from talus_host.store import Store

NOW = utc_ms("2026-05-20T09:00:00", ZONE)


def test_a_note_is_found_on_each_of_its_days_and_on_no_other(store: Store) -> None:
    number = store.add_note("1", "2026-05-03", "2026-05-05", "steps", "  New shoes.\nTried on both.  ", None, NOW)
    row = store.notes("1").iloc[0]
    assert (row["id"], row["text"], row["measure"], row["by"]) == (number, "New shoes.\nTried on both.", "steps", "")
    assert row["entered_utc"].timestamp() == NOW / 1000
    found = {day: len(store.notes("1", f"2026-05-0{day}", f"2026-05-0{day + 1}")) for day in range(2, 7)}
    assert found == {2: 0, 3: 1, 4: 1, 5: 1, 6: 0}


def test_a_note_that_was_hidden_is_kept_and_can_be_shown_again(store: Store) -> None:
    one = store.add_note("1", "2026-05-03", "2026-05-03", None, "one", None, NOW)
    store.add_note("1", "2026-05-04", "2026-05-04", None, "two", None, NOW + 1)
    store.hide_note("1", one, NOW + 5000)
    assert store.notes("1")["text"].tolist() == ["two"]
    kept = store.notes("1", hidden=True).set_index("text")["hidden_utc"]
    assert kept["one"].timestamp() == (NOW + 5000) / 1000 and kept.isna()["two"]
    with pytest.raises(InputError, match=f"note {one}: is not shown any more"):
        store.hide_note("1", one, NOW + 6000)
    store.show_note("1", one, NOW + 7000)
    assert store.notes("1")["text"].tolist() == ["one", "two"]


def test_nobody_hides_the_note_of_somebody_else(store: Store) -> None:
    note = store.add_note("1", "2026-05-03", "2026-05-03", None, "mine", None, NOW)
    other = store.add_person("P2", ZONE)
    with pytest.raises(InputError, match="is not shown"):
        store.hide_note(other, note, NOW)
    assert store.notes(other).empty and len(store.notes("1")) == 1


def test_the_same_note_twice_is_one_and_of_two_different_ones_both_are_kept(store: Store) -> None:
    store.add_note("1", "2026-05-03", "2026-05-03", None, "one", None, NOW)
    with pytest.raises(InputError, match="is there already"):
        store.add_note("1", "2026-05-03", "2026-05-03", None, "one ", None, NOW + 300)
    store.add_note("1", "2026-05-03", "2026-05-03", None, "another", None, NOW)  # a second tab, the same moment
    assert sorted(store.notes("1")["text"]) == ["another", "one"]


@pytest.mark.parametrize(
    ("first", "last", "measure", "text", "line"),
    [
        ("2026-05-03", "2026-05-02", None, "x", "last_day 2026-05-02: is before first_day 2026-05-03"),
        ("2026-02-30", "2026-05-02", None, "x", "first_day '2026-02-30': is not a date"),
        (None, "2026-05-02", None, "x", "first_day: is missing"),
        ("1999-05-02", "2026-05-02", None, "x", "first_day 1999-05-02: is before 2000-01-01"),
        ("2026-05-03", "2029-05-03", None, "x", "last_day 2029-05-03: is more than 366 days ahead"),
        ("2026-05-03", "2026-05-03", "mood", "x", "measure 'mood': is no figure"),
        ("2026-05-03", "2026-05-03", None, " \n ", "text: is empty"),
        ("2026-05-03", "2026-05-03", None, "x" * 2001, "text: has 2001 characters, 2000 at most"),
        ("2026-05-03", "2026-05-03", None, "a\x07b", "text: holds a sign that nobody can read"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    store: Store, first: str | None, last: str, measure: str | None, text: str, line: str
) -> None:
    with pytest.raises(InputError) as refused:
        store.add_note("1", first, last, measure, text, None, NOW)
    assert line in str(refused.value)
    assert store.notes("1", hidden=True).empty


def test_a_text_of_2000_characters_is_kept_whole(store: Store) -> None:
    store.add_note("1", "2026-05-03", "2026-05-03", None, "ü" * 2000, None, NOW)
    assert store.notes("1")["text"].iloc[0] == "ü" * 2000
