"""Files for other programs: read back by those programs' own readers, and never there in half."""

import csv
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq
import pytest
from host.made_records import HOUR_MS, Brace, utc_ms

from talus_host.errors import InputError, NoRoomError
from talus_host.export import atomic
from talus_host.export.folder import TABLES, export
from talus_host.store import Store

DICTIONARY = ("dictionary.csv", "dictionary.md")
START = utc_ms("2026-03-29T00:00:00", "Europe/Berlin")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    brace = Brace(boot_utc_ms=START)
    brace.clock(START)
    brace.minutes(START, 60, 1, liner=30.25)
    brace.walk(START + 30 * 60_000, 3, duration=1.5, ankle_at_contact=-2.25)
    brace.walk(START + 2 * HOUR_MS, 1, duration=1.5)  # 03:00 of a wall that has just jumped from 02:00
    brace.add("pressure", START + HOUR_MS, channel=1, site=1, tier=1, ended=0, lasted=15, onset_back=15, peak=5.5)
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("P1", "Europe/Berlin", 8)
        opened.assign(brace.device, "1", "left")
        opened.put(brace.info(), brace.records, START)
        yield opened


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_says_units_offsets_and_leaves_the_unknown_empty(store: Store, tmp_path: Path) -> None:
    written = export(store, "1", tmp_path / "out")
    assert sorted(p.name for p in written) == sorted([*(f"{name}.csv" for name in TABLES), *DICTIONARY])
    strides = rows(tmp_path / "out" / "strides.csv")
    assert [row["start"] for row in strides] == [
        "2026-03-29T00:30:00.000+01:00",
        "2026-03-29T00:30:01.500+01:00",
        "2026-03-29T00:30:03.000+01:00",
        "2026-03-29T03:00:00.000+02:00",
    ]
    assert datetime.fromisoformat(strides[3]["start"]).utcoffset() == timedelta(hours=2)
    assert [row["ankle_at_contact_deg"] for row in strides] == ["-2.25", "-2.25", "-2.25", ""]
    assert strides[0]["duration_s"] == "1.5" and strides[0]["contact"] == "heel" and strides[0]["valid"] == "True"
    day = rows(tmp_path / "out" / "days.csv")[0]
    assert (day["day"], day["day_h"], day["worn_h"], day["cadence_spm"]) == ("2026-03-29", "23.0", "1.0", "")
    event = rows(tmp_path / "out" / "pressure_events.csv")[0]
    assert (event["start"], event["end"], event["peak_kpa"]) == ("2026-03-29T00:45:00.000+01:00", "", "5.5")
    assert rows(tmp_path / "out" / "minutes.csv")[0]["liner_degc"] == "30.25"


def test_parquet_keeps_types(store: Store, tmp_path: Path) -> None:
    export(store, "1", tmp_path / "out", form="parquet")
    strides = pq.read_table(tmp_path / "out" / "strides.parquet")
    assert str(strides.schema.field("start_utc").type) == "timestamp[ms, tz=UTC]"
    assert str(strides.schema.field("day").type) == "date32[day]"
    assert strides.column("ankle_at_contact_deg").to_pylist() == [-2.25, -2.25, -2.25, None]
    assert strides.column("contact").to_pylist() == ["heel"] * 4
    assert strides.schema.metadata[b"talus.zone"] == b"Europe/Berlin"
    assert pq.read_table(tmp_path / "out" / "days.parquet").column("cadence_spm").to_pylist() == [None]


def test_a_range_with_nothing_in_it_still_has_its_columns(store: Store, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        export(store, "1", tmp_path / "out", form=form, start="2030-01-01")
    assert (tmp_path / "out" / "days.csv").read_text().startswith("person_id,side,day,status,worn_h")
    assert pq.read_table(tmp_path / "out" / "strides.parquet").num_rows == 0


def test_a_person_without_a_brace_has_the_same_columns_and_no_rows(store: Store, tmp_path: Path) -> None:
    nobody = store.add_person("P2", "Europe/Berlin")
    for form in ("csv", "parquet"):
        export(store, "1", tmp_path / "P1", form=form)
        export(store, nobody, tmp_path / "P2", form=form)
    for name in TABLES:
        known, empty = (pq.read_table(tmp_path / who / f"{name}.parquet") for who in ("P1", "P2"))
        assert (empty.schema.names, empty.num_rows) == (known.schema.names, 1 if name == "person" else 0)
        heads = [(tmp_path / who / f"{name}.csv").read_text().splitlines()[0] for who in ("P1", "P2")]
        assert heads[0] == heads[1]
    assert store.quality(nobody).empty


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("what was there before")

    def fails(file: BinaryIO) -> None:
        file.write(b"half of ")
        raise OSError(28, "No space left on device")

    with pytest.raises(NoRoomError, match=r"days\.csv: no room left on the disk") as refused:
        atomic.write(path, fails)
    assert refused.value.exit_code == 73
    assert path.read_text() == "what was there before"
    assert [p.name for p in tmp_path.iterdir()] == ["days.csv"]
    atomic.write(path, lambda file: file.write(b"whole") and None)
    assert path.read_bytes() == b"whole"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_no_regular_file_is_never_replaced(tmp_path: Path) -> None:
    pipe, folder, device = tmp_path / "pipe", tmp_path / "folder", Path("/dev/null")
    os.mkfifo(pipe)
    folder.mkdir()
    link = tmp_path / "link"
    link.symlink_to(device)
    for path in (pipe, folder, device, link):
        with pytest.raises(InputError, match=rf"file {path}: cannot be written: .*no regular file"):
            atomic.write(path, lambda file: file.write(b"figures") and None)
    assert device.is_char_device() and pipe.is_fifo() and folder.is_dir() and link.is_symlink()
    with pytest.raises(InputError, match=r"nowhere/days\.csv: cannot be written: there is no folder"):
        atomic.write(tmp_path / "nowhere" / "days.csv", lambda file: None)


def test_behind_a_link_the_file_it_names_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "days.csv")
    for content in (b"first", b"second"):
        atomic.write(tmp_path / "link", lambda file, content=content: file.write(content) and None)
        assert (tmp_path / "days.csv").read_bytes() == content
    assert (tmp_path / "link").is_symlink()


def test_what_cannot_be_exported(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="format 'xlsx'"):
        export(store, "1", tmp_path, form="xlsx")
    with pytest.raises(InputError, match="person 5"):
        export(store, "5", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"folder .*cannot be made"):
        export(store, "1", tmp_path / "file" / "out")
