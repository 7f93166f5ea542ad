"""The verbs of what goes over weeks: entered, listed, taken back, refused in one line; what the store keeps of it."""

import json
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
from host.commands import Talus, refused
from host.made_records import Brace
from host.stores import NOON, RECEIVED, ZONE, filed

from talus_host.errors import InputError
from talus_host.metrics.change import HEADLINES, Headline
from talus_host.store import Store
from talus_host.verbs import change, diary, prescribe


@pytest.fixture
def home(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """P1 with a left brace and an hour of data; every entry is a minute after the one before, from 9 May 2026 on."""
    ticks = count(RECEIVED, 60_000)
    for verb in (change, diary, prescribe):
        monkeypatch.setattr(verb, "utc_ms", lambda: next(ticks))
    brace = Brace(device=1, boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 60, 1)
    filed(store, brace)
    store.close()
    return tmp_path


def listed(talus: Talus, verb: str) -> list[dict[str, object]]:
    done = talus(verb, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_prescription_is_entered_replaced_and_taken_back(talus: Talus, home: Path) -> None:
    assert talus("prescribe", "hours", "--hours", "8", "--from", "2026-05-01", home=home).returncode == 0
    assert (
        talus("prescribe", "break_in", "--hours=1", "--hours-max=6", "--hours-more=.5", "--from=2026-05-01").stdout
        == ""
    )
    (row,) = listed(talus, "prescribe")
    assert row["side"] == "left" and row["from_day"] == "2026-05-01" and row["kind"] == "break_in"
    assert (row["hours"], row["hours_max"], row["hours_more"]) == (1, 6, 0.5)
    assert "taken back: break_in" in talus("prescribe", "--undo").stderr
    (row,) = listed(talus, "prescribe")
    assert row["kind"] == "hours" and row["hours_max"] is None
    assert "2026-05-01" in talus("prescribe").stdout
    talus("prescribe", "--undo")
    assert listed(talus, "prescribe") == [] and "nothing is prescribed" in talus("prescribe").stderr
    refused(talus("prescribe", "--undo"), 65, "undo", "no prescription")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prescribe", "always"), "kind 'always'"),
        (("prescribe", "hours"), "hours: hours needs it"),
        (("prescribe", "outdoors", "--hours", "3"), "outdoors has none"),
        (("prescribe", "hours", "--hours", "25"), "at most 24"),
        (("prescribe", "hours", "--hours", "0"), "above 0"),
        (("prescribe", "break_in", "--hours=9", "--hours-max=6", "--hours-more=1"), "more than hours_max"),
        (("prescribe", "hours", "--hours", "8", "--from", "soon"), "from_day 'soon'"),
        (("prescribe", "hours", "--hours", "8", "--side", "both"), "side 'both'"),
        (("prescribe", "hours", "--hours", "8", "--person", "P7"), "person 'P7'"),
        (("diary", "shoelace"), "what 'shoelace'"),
        (("diary", "strap", "--day", "soon"), "day 'soon'"),
        (("prescribe", "hours", "--hours", "8", "--from", "1999-12-31"), "from_day 1999-12-31: is before"),
        (("prescribe", "hours", "--hours", "8", "--from", "2027-05-11"), "from_day 2027-05-11: is more than 366"),
        (("diary", "strap", "--day", "1800-01-01"), "day 1800-01-01: is before"),
        (("diary", "strap", "--day", "2999-01-01"), "still to come"),
        (("diary", "--undo"), "the diary is empty"),
        (("change", "set", "heel_first_pct"), "FIGURE=up"),
        (("change", "set", "grace=up"), "headline 'grace'"),
        (("change", "set", "steps=up", "steps=down"), "named twice"),
        (("change", "set", "steps=up", "worn_h=up", "stance_pct=up", "cadence_spm=up"), "more than 3"),
        (("change", "--undo"), "no headline was chosen"),
        (("change", "--day", "soon"), "day 'soon'"),
        (("change", "--day", ""), "day ''"),
        (("change", "--day", "2026-05-10"), "still to come; today is 2026-05-09"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    talus: Talus, home: Path, words: tuple[str, ...], said: str
) -> None:
    refused(talus(*words, home=home), 65, said)
    assert listed(talus, "prescribe") == listed(talus, "diary") == []


@pytest.mark.parametrize(
    "words",
    [("change", "frob"), ("change", "set"), ("change", "set", "steps=up", "--undo"), ("diary", "strap", "--undo"),
     ("prescribe", "hours", "--undo"), ("prescribe", "--hours", "3")],
)  # fmt: skip
def test_wrong_usage(talus: Talus, home: Path, words: tuple[str, ...]) -> None:
    refused(talus(*words, home=home), 64, "--help")


@pytest.mark.parametrize("verb", ["change", "prescribe", "diary"])
def test_each_verb_explains_itself(talus: Talus, verb: str) -> None:
    done = talus(verb, "--help")
    assert done.returncode == 0 and "--undo" in done.stdout and "--json" in done.stdout


def test_the_diary_keeps_days_of_the_persons_calendar(talus: Talus, home: Path) -> None:
    for words in (("strut", "--day", "2026-03-29"), ("relapse", "--day", "2026-04-01")):
        assert talus("diary", *words, home=home).returncode == 0
    assert [(row["day"], row["what"]) for row in listed(talus, "diary")] == [
        ("2026-03-29", "strut"),
        ("2026-04-01", "relapse"),
    ]
    refused(talus("diary", "strut", "--day", "2026-03-29"), 65, "the diary has it")
    assert "strut changed" in talus("diary").stdout
    assert "to come" in talus("diary", "shoe", "--day", "2026-05-10").stderr
    assert "strap changed on 2026-05-09" in talus("diary", "strap").stderr
    talus("diary", "--undo")
    assert "note of 2026-04-01: relapse" in talus("change").stdout
    assert "relapse on 2026-04-01" in talus("diary", "--undo").stderr
    assert len(listed(talus, "diary")) == 1


def test_a_leg_must_be_said_where_there_are_two(talus: Talus, home: Path) -> None:
    with Store(home / "talus.db") as store:
        store.assign(2, "1", "right")
    refused(talus("diary", "strap", home=home), 65, "--side")
    assert talus("diary", "strap", "--side", "right").returncode == 0
    assert listed(talus, "diary")[0]["side"] == "right"


def test_change_of_a_first_hour_says_what_cannot_be_said_yet(
    talus: Talus, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "utc_ms", lambda: RECEIVED + 30 * 86_400_000)
    done = talus("change", "--day", "2026-05-06", home=home)
    assert done.returncode == 0 and "too early to tell" in done.stdout
    assert "it can be told on 2026-07-28" in done.stdout  # 84 days on
    assert "call emergency services" in done.stdout
    weeks = talus("change", "--day", "2026-05-06", "--weeks").stdout
    row = next(line for line in weeks.splitlines() if "2026-05-04" in line).split()
    assert row == ["left", "2026-05-04", "0", "0", "0", "0", "0", "1", "0", "–", "–", "–", "–"]
    said = json.loads(talus("change", "--day", "2026-05-06", "--json").stdout)["P1"]
    assert {row["verdict"] for row in said["verdicts"]} == {"too_early"}
    assert said["not_measured"] and said["looks"] == []
    assert {row["state"] for row in said["flags"]} == {"clear", "not_assessable"}
    late = json.loads(talus("change", "--day", "2026-05-20", "--json").stdout)["P1"]
    assert late["flags"][0]["flag"] == "no_data" and late["flags"][0]["state"] == "raised"
    assert late["adherence"][0]["assessable"] is False and late["adherence"][0]["worn_h_high"] is None


def test_who_sends_nothing_stands_on_top(talus: Talus, home: Path) -> None:
    with Store(home / "talus.db") as store:
        brace = Brace(device=2, boot_utc_ms=NOON - 10 * 86_400_000)
        brace.clock(NOON - 10 * 86_400_000)
        brace.minutes(NOON - 10 * 86_400_000, 60, 1)
        store.assign(2, store.add_person("P2", ZONE), "left")
        store.put(brace.info(), brace.records, RECEIVED)
    assert list(json.loads(talus("change", "--day", "2026-05-06", "--json", home=home).stdout)) == ["P2", "P1"]


def test_a_person_without_a_day_and_nobody_at_all(talus: Talus, tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        store.add_person("P1", ZONE)
    assert "no day with a record yet" in talus("change", home=tmp_path).stderr
    assert json.loads(talus("change", "--json").stdout)["P1"]["verdicts"] == []


# -- the store -----------------------------------------------------------------------------------------------------


def test_headlines_are_dated_from_the_first_choice_that_named_them_so(store: Store) -> None:
    day = 86_400_000
    assert store.changed("1", "2026-05-06").headlines == list(HEADLINES)
    store.choose_headlines("1", [Headline("heel_first_pct", "up"), Headline("stance_pct", "down")], NOON)
    store.choose_headlines("1", [Headline("stance_pct", "down"), Headline("cadence_spm", "down")], NOON + 9 * day)
    assert store.changed("1", "2026-05-06").headlines == [
        Headline("cadence_spm", "down", "2026-05-14"),
        Headline("stance_pct", "down", "2026-05-05"),
    ]
    store.undo_headlines("1")
    kept = [Headline("heel_first_pct", "up", ""), Headline("stance_pct", "down", "2026-05-05")]
    assert store.changed("1", "2026-05-06").headlines == kept
    with pytest.raises(InputError, match="none is named"):
        store.choose_headlines("1", [], NOON)


def test_whom_something_was_prescribed_for_is_kept_when_the_brace_goes(store: Store) -> None:
    brace = Brace(device=3, boot_utc_ms=NOON)
    store.put(brace.info(), [], RECEIVED)
    wearer = str(store.braces().set_index("device").loc["0000000000000003", "person_id"])
    store.prescribe(wearer, "left", "2026-05-01", "outdoors", {}, NOON)
    store.assign(3, "1", "left")
    assert store.prescriptions(wearer)["kind"].tolist() == ["outdoors"]


def test_another_calibration_in_the_records_begins_a_segment(store: Store) -> None:
    day = 86_400_000
    brace = Brace(device=1, boot_utc_ms=NOON)
    brace.clock(NOON)
    for at in range(4):
        brace.add("settings", NOON + at * day, settings=1, calibration=1 + at // 2, side=0, imu_place=0)
        brace.minutes(NOON + at * day, 60, 1)
    filed(store, brace)
    found = store.changed("1", "2026-05-09")
    assert found.segments["why"].tolist() == ["", "calibration"]
    assert found.segments["start"].tolist() == [pd.Timestamp("2026-05-05"), pd.Timestamp("2026-05-07")]
    assert found.verdicts["segment"].tolist() == [1, 1, 1, 2, 2, 2]
