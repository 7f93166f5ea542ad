"""consent, pause and erase-person: what is entered is listed as told, what does not fit is refused in one line."""

import json
from pathlib import Path

import pytest
from host.commands import Talus, refused
from host.stores import lived, two_days

from talus_host.export.parquet import write_parquet
from talus_host.store import Store
from talus_host.verbs import consent, erase_person, export, pause
from talus_host.watching import joined

NOW = 1_778_400_000_000  # 2026-05-10 08:00 UTC, 10:00 in Berlin


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for verb in (consent, pause, erase_person, export):
        monkeypatch.setattr(verb, "utc_ms", lambda: NOW)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("TALUS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("typer.confirm", asked)
    return lived(tmp_path / "home", lambda brace: brace.records.extend(two_days().records[1:]))


def asked(*_: object, **__: object) -> None:
    raise AssertionError("asked where --yes was given")


def test_consent_is_given_ended_listed_and_taken_back(talus: Talus, home: Path) -> None:
    talus("consent", "A", "care", "--version", "care-1", "--day", "2026-05-04")
    talus("consent", "A", "research", "--version", "r-2")
    done = talus("consent", "A", "care", "--end", "--json")
    assert json.loads(done.stdout) == [
        {"purpose": "care", "version": "care-1", "from": "2026-05-04T00:00+02:00", "until": "2026-05-10T10:00+02:00"},
        {"purpose": "research", "version": "r-2", "from": "2026-05-10T10:00+02:00", "until": None},
    ]
    assert "taken back: consent to research" in talus("consent", "A", "--undo").stderr
    assert [row["purpose"] for row in json.loads(talus("consent", "A", "--json").stdout)] == ["care"]


def test_a_pause_is_begun_ended_and_taken_back_and_the_days_say_so(talus: Talus, home: Path) -> None:
    def statuses() -> list[str]:
        return [row["status"] for row in json.loads(talus("show", "--days", "9", "--json").stdout)["A"]]

    before = statuses()
    assert len(before) > 0 and "paused" not in before
    done = talus("pause", "A", "--from", "2026-05-05", "--json")
    assert json.loads(done.stdout) == [{"from": "2026-05-05T00:00+02:00", "until": None}]
    assert set(statuses()) == {"paused"}
    done = talus("pause", "A", "--end", "--until", "2026-05-06", "--json")
    assert json.loads(done.stdout)[0]["until"] == "2026-05-06T00:00+02:00"
    assert statuses()[0] == "paused" and "paused" not in statuses()[1:]
    assert "shown again" in talus("pause", "A", "--undo").stderr
    assert statuses() == before


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (("consent", "A", "sale", "--version", "1"), 65, "purpose 'sale'"),
        (("consent", "A", "care", "--version", "1", "--day", "2026-05-11"), 65, "still to come"),
        (("consent", "A", "care", "--end"), 65, "no consent that could end"),
        (("consent", "A", "care"), 64, "give either --version"),
        (("consent", "A", "--undo"), 65, "no consent was entered"),
        (("consent", "B"), 65, "person 'B'"),
        (("pause", "A", "--from", "soon"), 65, "from 'soon': is not a date"),
        (("pause", "A", "--from", "2026-05-05", "--until", "2026-05-05"), 65, "is not after the pause begins"),
        (("pause", "A", "--until", "2026-05-05"), 64, "--until belongs to"),
        (("pause", "A", "--end"), 65, "no pause is open"),
        (("pause", "A", "--end", "--undo"), 64, "give one of"),
        (("erase-person", "B", "--yes"), 65, "person 'B'"),
        (("erase-person", "A", "--yes", "--receipt", "nowhere/x"), 65, "there is no folder"),
    ],
)
def test_what_does_not_fit_is_refused(talus: Talus, home: Path, given: tuple[str, ...], code: int, words: str) -> None:
    refused(talus(*given), code, words)
    with Store(home / "talus.db") as store:
        assert store.people()["label"].tolist() == ["A"] and store.paused("1").empty


def test_a_person_is_erased_after_an_export_with_their_recordings_and_a_receipt(
    talus: Talus, home: Path, tmp_path: Path
) -> None:
    mine, other, whose = (home / name for name in ("mine.parquet", "other.parquet", "whose.parquet"))
    write_parquet(joined([]).table(), mine, notes={"talus.device": "00000000000000a1"})
    write_parquet(joined([]).table(), other, notes={"talus.device": "00000000000000a2"})
    write_parquet(joined([]).table(), whose)
    done = talus("erase-person", "A", "--yes", "--export", str(tmp_path / "out"), "--receipt", str(tmp_path / "r.json"))
    assert done.returncode == 0
    assert (tmp_path / "out" / "days.csv").read_text().count("\n") >= 2
    assert not mine.exists() and other.exists() and whose.exists()
    assert f"{whose}: does not say whose it is" in done.stderr and "mine" not in done.stderr
    assert "recordings: 1" in done.stdout and "record: " in done.stdout
    receipt = json.loads((tmp_path / "r.json").read_text())
    assert (receipt["person"], receipt["at"]) == (1, "2026-05-10T08:00:00+00:00")
    assert receipt["braces"] == ["00000000000000a1"] and receipt["cleaned"] is True
    assert f"record: {receipt['rows']['record']}" in done.stdout and receipt["rows"]["person"] == 1
    with Store(home / "talus.db") as store:
        assert store.people().empty


def test_without_a_yes_nothing_is_erased(talus: Talus, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []

    def no(question: str, **_: object) -> None:
        import typer

        said.append(question)
        raise typer.Abort

    monkeypatch.setattr("typer.confirm", no)
    assert talus("erase-person", "A").returncode == 130
    assert "every record of 1 brace" in said[0] and "No export is kept" in said[0]
    with Store(home / "talus.db") as store:
        assert store.people()["label"].tolist() == ["A"]


def test_a_bundle_is_written_with_the_report_that_was_named(talus: Talus, home: Path, tmp_path: Path) -> None:
    out, pdf = tmp_path / "out", tmp_path / "visit.pdf"
    pdf.write_bytes(b"%PDF-1.7 x")
    done = talus("export", str(out), "--person", "A", "--format", "fhir", "--report", str(pdf))
    assert done.stdout.strip() == str(out / "talus.fhir.json")
    kinds = {entry["resource"]["resourceType"] for entry in json.loads((out / "talus.fhir.json").read_text())["entry"]}
    assert kinds == {"CodeSystem", "Patient", "Device", "Observation", "DiagnosticReport"}
    pdf.write_bytes(b"no pdf")
    refused(talus("export", str(out), "--format", "fhir", "--report", str(pdf)), 65, "is no PDF")
    refused(talus("export", str(out), "--format", "fhir", "--report", "nowhere.pdf"), 65, "cannot be read")
    refused(talus("export", str(out), "--report", str(pdf)), 64, "--report goes with --format fhir")
    refused(talus("export", str(out), "--format", "xlsx"), 64, "is none of csv, parquet, fhir")


@pytest.mark.parametrize("form", ["csv", "parquet", "fhir"])
def test_an_export_says_whom_it_is_not_for_research_of_or_refuses(
    talus: Talus, home: Path, tmp_path: Path, form: str
) -> None:
    with Store(home / "talus.db") as store:
        store.add_person("B", "UTC")
    talus("consent", "B", "research", "--version", "r-1", "--day", "2026-05-04")
    out = tmp_path / "out"
    refused(
        talus("export", str(out), "--format", form, "--for", "research"), 65,
        "for research: no consent to it holds of A; nothing was written",
    )  # fmt: skip
    assert not out.exists()
    done = talus("export", str(out), "--format", form, "--person", "A")
    assert done.returncode == 0 and done.stdout
    said = [line for line in done.stderr.splitlines() if "research" in line]
    assert said == ["A: no consent to research holds: these files are not for it"]
    talus("consent", "A", "research", "--version", "r-1", "--day", "2026-05-05")
    done = talus("export", str(out), "--format", form, "--person", "A", "--for", "research")
    assert done.returncode == 0 and "consent" not in done.stderr and done.stdout
    talus("consent", "A", "research", "--end")
    refused(talus("export", str(out), "--format", form, "--person", "A", "--for", "research"), 65, "holds of A")


def test_an_export_is_for_nothing_there_is_not(talus: Talus, home: Path, tmp_path: Path) -> None:
    refused(talus("export", str(tmp_path / "out"), "--for", "sale"), 65, "purpose 'sale': is none of care, research")
