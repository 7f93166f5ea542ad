"""Months of a made-up life through the wire into the store, and what may be told of them: nothing of somebody who stays
the same, and the truth of somebody who does not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from host.made_records import Record

from talus.wire import gatt, kinds, record
from talus_host.store import Store
from talus_twin.body.history import Course, History, live

END = int(datetime(2026, 11, 12, 15, 20, tzinfo=UTC).timestamp() * 1000)
TODAY = "2026-11-12"


def kept(store: Store, *lives: History) -> None:
    """Every record of a life, or of lives that follow each other, through the wire, as one brace's journal."""
    buffer = bytearray(400)
    boots = [boot for history in lives for boot in history.boots]
    rows = [(number, *one) for number, boot in enumerate(boots, 1) for one in boot.records]
    records = []
    for sequence, (boot, name, at_ms, values) in enumerate(rows):
        kind = kinds.BY_NAME[name]
        end = record.pack(kind, 0, values, buffer)
        records.append(Record(sequence, boot, at_ms, kind.number, bytes(buffer[record.HEADER : end])))
    info = dict.fromkeys((row[0] for row in gatt.INFO_ROWS), 0)
    info |= {"protocol": gatt.PROTOCOL, "device": 1, "journal": 1, "boot": len(boots)}
    store.assign(1, store.add_person("P1", "Europe/Berlin"), "left")
    store.put(info | {"next": len(records), "battery": 80}, records, END)


@pytest.fixture(scope="module")
def recovering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """17 weeks in which strength and speed come back."""
    with Store(tmp_path_factory.mktemp("better") / "talus.db") as store:
        kept(store, live(Course(END, seed=4, weeks=17, strides_per_day=400, not_worn_share=0.03)))
        yield store


def test_a_recovery_is_told_with_the_days_behind_it(recovering: Store) -> None:
    found = recovering.changed("1", TODAY)
    verdicts = found.verdicts.set_index("measure")
    assert verdicts.loc["cadence_spm", "verdict"] == "better"
    assert verdicts.loc["cadence_spm", "days"] >= 20 and verdicts.loc["cadence_spm", "baseline_days"] >= 14
    assert verdicts.loc["cadence_spm", "difference"] > verdicts.loc["cadence_spm", "needed"]
    assert "worse" not in set(verdicts["verdict"])
    assert set(found.flags["state"]) <= {"clear", "not_assessable"}


def test_what_could_be_told_earlier_was_what_could_be_known(recovering: Store) -> None:
    """The life began on 16 July: its second look ends with 7 October."""
    early = recovering.changed("1", "2026-10-07")
    assert set(early.verdicts["verdict"]) == {"too_early"}
    assert set(early.verdicts["tell_on"]) == {pd.Timestamp("2026-10-08")}
    assert early.looks["last"].max() <= pd.Timestamp("2026-09-09")


def test_a_change_of_the_brace_begins_again(recovering: Store) -> None:
    recovering.add_brace_change("1", "left", "2026-09-20", "strut", END)
    found = recovering.changed("1", TODAY)
    now = found.verdicts[found.verdicts["segment"] == 2]
    assert set(now["verdict"]) == {"too_early"}
    assert set(now["tell_on"]) == {pd.Timestamp("2026-12-13")}
    (cadence,) = found.adjustments[found.adjustments["measure"] == "cadence_spm"].to_dict("records")
    assert cadence["before_days"] >= 7 and cadence["after_days"] >= 7 and cadence["se"] > 0
    before = recovering.changed("1", "2026-09-19")
    assert before.changes.empty and before.adjustments.empty, "what came later was not known"
    recovering.undo_brace_change("1")
    assert len(recovering.changed("1", TODAY).segments) == 1


def test_weeks_and_adherence_agree_with_the_days(recovering: Store) -> None:
    recovering.prescribe("1", "left", "2026-07-01", "hours", {"hours": 9.0}, END)
    found = recovering.changed("1", TODAY)
    days = recovering.days("1", "2026-10-15", TODAY)
    worn = days.loc[days["status"] == "valid", "worn_h"]
    row = found.adherence.iloc[0]
    assert row["worn_h_high"] == pytest.approx(worn.mean())
    assert row["worn_h_low"] == pytest.approx(days["worn_h"].fillna(0).sum() / 28)
    assert row["met_pct_high"] == pytest.approx(100 * (worn / 9).clip(upper=1).mean())
    week = found.weeks.set_index("week").loc["2026-10-19"]
    assert week["days"] == 7
    assert week["cadence_spm"] == days.set_index("day").loc["2026-10-19":"2026-10-25", "cadence_spm"].median()


def test_made_anew_from_the_records_it_is_the_same(recovering: Store) -> None:
    before = recovering.changed("1", TODAY)
    recovering.rebuild()
    after = recovering.changed("1", TODAY)
    for name in ("verdicts", "looks", "flags", "weeks", "adherence"):
        pd.testing.assert_frame_equal(getattr(before, name), getattr(after, name))


def test_of_somebody_who_stays_the_same_nothing_is_told(tmp_path: Path) -> None:
    with Store(tmp_path / "talus.db") as store:
        course = Course(END, seed=6, weeks=13, strides_per_day=400, residual=(0.3, 0.3), speed=(0.7, 0.7), flat_times=1)
        kept(store, live(course))
        found = store.changed("1", TODAY)
        assert set(found.verdicts["verdict"]) <= {"no_clear_change", "not_measured"}
        assert "no_clear_change" in set(found.verdicts["verdict"])
        assert "raised" not in set(found.flags["state"])


def test_a_relapse_raises_its_flag_within_days_and_no_claim(tmp_path: Path) -> None:
    """Seven weeks at half of the strength and 0.8 m/s, then a tenth and 0.5 m/s from one midnight to the next."""
    midnight = int(datetime(2026, 11, 4, 23, tzinfo=UTC).timestamp() * 1000)  # in Berlin
    before = Course(midnight, 5, 7, residual=(0.5, 0.5), speed=(0.8, 0.8), strides_per_day=400, flat_times=0)
    after = Course(END, 5, 1, residual=(0.1, 0.1), speed=(0.5, 0.5), strides_per_day=400, flat_times=0, cut_days=7)
    with Store(tmp_path / "talus.db") as store:
        kept(store, live(before), live(after))

        def flag(day: str) -> pd.Series:
            return store.changed("1", day).flags.set_index("flag").loc["sudden_loss"]

        assert flag("2026-11-05")["state"] == "clear"
        found = flag("2026-11-08")
        assert found["state"] == "raised"
        assert pd.Timestamp("2026-11-06") <= found["since"] <= pd.Timestamp("2026-11-07")
        assert set(store.changed("1", TODAY).verdicts["verdict"]) == {"too_early"}
