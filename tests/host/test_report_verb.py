"""`talus report`: a PDF that is there whole or not at all, and one line for whatever cannot be."""

from pathlib import Path
from typing import Any

import pytest
from host.commands import Talus, refused
from host.made_records import HOUR_MS, Brace
from host.stores import NOON, filed

from talus_dashboards import report
from talus_dashboards.errors import ReadError, ReportError
from talus_host.errors import StoreBusyError
from talus_host.store import Store


@pytest.fixture
def home(store: Store, tmp_path: Path) -> Path:
    """P1, whose left brace has an hour of data of May."""
    brace = Brace(boot_utc_ms=NOON)
    brace.clock(NOON)
    brace.minutes(NOON, 60, 1, pressure_1=5.0, pressure_2=1.0)
    brace.clock(NOON + HOUR_MS)
    filed(store, brace)
    store.close()
    return tmp_path


@pytest.mark.usefixtures("pango")
def test_it_writes_a_pdf_for_its_owner_alone_and_names_it(talus: Talus, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "visit.pdf"
    done = talus("report", "P1", "--out", str(out), "--language", "de", home=home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(out)]
    assert out.read_bytes().startswith(b"%PDF-1.7") and out.read_bytes().rstrip().endswith(b"%%EOF")
    assert out.stat().st_mode & 0o077 == 0


def test_unless_told_it_takes_28_days_english_and_the_label_s_name(
    talus: Talus, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def build(reader: object, person: str, **settings: Any) -> bytes:
        seen.update(settings, person=person)
        return b"made"

    monkeypatch.setattr(report, "build", build)
    monkeypatch.chdir(tmp_path)
    assert talus("report", "P1", home=home).returncode == 0
    assert (tmp_path / "P1.pdf").read_bytes() == b"made"
    assert (seen["person"], seen["period_days"], seen["words"].LANG) == ("1", 28, "en")
    assert talus("report", "P1", "--days", "7", "--language", "de", home=home).returncode == 0
    assert (seen["period_days"], seen["words"].LANG) == (7, "de")


def test_where_care_ended_no_report_is_made(talus: Talus, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    with Store(home / "talus.db") as store:
        store.consent("1", "care", "care-1", NOON, NOON)
        store.end_consent("1", "care", NOON + HOUR_MS)
    said = "P1: consent to care ended on 2026-05-05; what was recorded is kept"
    refused(talus("report", "P1", "--out", str(out), home=home), 65, said)
    assert not out.exists()


def test_what_does_not_fit_is_one_line_and_no_file(talus: Talus, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    refused(talus("report", "nobody", "--out", str(out), home=home), 65, "'nobody'", "there is none")
    refused(talus("report", "P1", "--language", "fr", "--out", str(out), home=home), 65, "'fr'", "de, en")
    refused(talus("report", "P1", "--out", str(tmp_path / "no" / "x.pdf"), home=home), 65, "there is no folder")
    refused(talus("report", "P1", "--days", "0", "--out", str(out), home=home), 64, "--days")
    assert not out.exists()


def test_somebody_without_data_is_told_so(talus: Talus, home: Path, tmp_path: Path) -> None:
    with Store(home / "talus.db") as store:
        store.add_person("P2", "UTC")
    refused(talus("report", "P2", "--out", str(tmp_path / "x.pdf"), home=home), 65, "P2", "no day with a record")


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (ReportError("the report needs Pango; apt install libpango-1.0-0"), 69, "libpango-1.0-0"),
        (ReadError("locked"), 75, "kept it locked"),
    ],
)
def test_a_machine_or_a_database_that_cannot_leaves_the_older_file(
    raised: Exception, code: int, said: str, talus: Talus, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal of the store keeps its own exit code through the door of the pages."""

    def build(*_: object, **__: object) -> bytes:
        if isinstance(raised, ReadError):
            raise raised from StoreBusyError("another program kept it locked")
        raise raised

    monkeypatch.setattr(report, "build", build)
    out = tmp_path / "x.pdf"
    out.write_bytes(b"older")
    refused(talus("report", "P1", "--out", str(out), home=home), code, said)
    assert out.read_bytes() == b"older"
