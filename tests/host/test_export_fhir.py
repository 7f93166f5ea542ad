"""The FHIR bundle: valid by FHIR's own models, honest about what is not known, the same each time it is sent."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from host.made_records import HOUR_MS, Brace, utc_ms
from host.ucum import is_ucum

from talus_host.errors import InputError
from talus_host.export import fhir_codes
from talus_host.export.fhir_file import NAME, export_fhir
from talus_host.store import Store

ZONE = "Europe/Berlin"
DAYS = ("2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31", "2026-04-01")
START = utc_ms(f"{DAYS[0]}T00:00:00", ZONE)
NOW = utc_ms("2026-04-01T12:00:00", ZONE)
PDF = b"%PDF-1.7 not a real one"
# The unit each code must have, by what it measures: UCUM, "h/d" and so on
UNITS = {
    "wear-time": "h/d",
    "steps-with-orthosis": "{steps}/d",
    "walking-time": "min/d",
    "longest-walk": "min",
    "heel-first": "%",
    "coverage": "%",
}


def lived() -> Brace:
    """Six days about the night a clock jumps: recorded whole, but of the fourth nothing after 13:00, and of the fifth
    nothing. Each recorded day from 10:00 (wall) an hour worn with 15 strides at its end."""
    brace = Brace(boot_utc_ms=START, device=0xA1B2)
    brace.add("boot", START, cause=0, major=1, minor=4, patch=2)
    brace.sites(START, "fibular_head")
    for day in DAYS:
        midnight, ten = (utc_ms(f"{day}T{at}:00:00", ZONE) for at in ("00", "10"))
        if day == DAYS[4]:
            continue
        until = utc_ms(f"{day}T13:00:00", ZONE) if day in (DAYS[3], DAYS[5]) else None
        end = until or utc_ms(f"{day}T23:59:00", ZONE)
        brace.clock(midnight)
        brace.minutes(midnight, (ten - midnight) // 60_000, 0, pressure_1=0.0)
        brace.minutes(ten, 60, 1, pressure_1=5.0)
        brace.walk(ten + HOUR_MS, 15)
        brace.minutes(ten + HOUR_MS, (end - ten - HOUR_MS) // 60_000, 0, pressure_1=0.0)
    brace.clock(NOW)
    return brace


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    brace = lived()
    with Store(tmp_path / "talus.db") as opened:
        opened.add_person("the-label-of-P1", ZONE)
        opened.assign(brace.device, "1", "left")
        opened.put(brace.info(), brace.records, NOW)
        opened.prescribe("1", "left", DAYS[0], "hours", {"hours": 2.0}, NOW)
        yield opened


def sent(store: Store, folder: Path, **more: Any) -> dict[str, Any]:
    return json.loads(export_fhir(store, "1", folder, NOW, **more).read_bytes())


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def daily(bundle: dict[str, Any], code: str) -> dict[str, dict[str, Any]]:
    """Observations of a code by the day they begin."""
    found = [o for o in resources(bundle, "Observation") if o["code"]["coding"][0]["code"] == code]
    return {o["effectivePeriod"]["start"][:10]: o for o in found}


def absent(one: dict[str, Any]) -> str:
    assert "valueQuantity" not in one
    return one["dataAbsentReason"]["coding"][0]["code"]


def test_it_is_valid_by_fhirs_own_models_after_a_round_trip(store: Store, tmp_path: Path) -> None:
    path = export_fhir(store, "1", tmp_path / "out", NOW, report=PDF)
    assert path.name == NAME and path.stat().st_mode & 0o777 == 0o600
    first = Bundle.model_validate_json(path.read_bytes())
    again = Bundle.model_validate_json(first.model_dump_json())
    assert json.loads(again.model_dump_json()) == json.loads(path.read_bytes())
    assert again.type == "transaction"
    kinds = [entry.resource.get_resource_type() for entry in again.entry]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        **{"CodeSystem": 1, "Patient": 1, "Device": 1, "DiagnosticReport": 1},
        "Observation": 6 * 5 + 1,
    }


def test_what_is_known_has_its_figure_and_its_unit(store: Store, tmp_path: Path) -> None:
    """The second day: 1 h worn, 15 strides of 1.1 s in one walk, which are 30 steps."""
    bundle = sent(store, tmp_path)
    figures = {code: daily(bundle, code)[DAYS[1]] for code in UNITS if code != "coverage"}
    assert {c: o["valueQuantity"]["value"] for c, o in figures.items() if "valueQuantity" in o} == {
        **{"wear-time": 1, "steps-with-orthosis": 30, "walking-time": 0.275, "longest-walk": 0.275}
    }
    assert absent(figures["heel-first"]) == "unknown"  # 15 strides are too few
    assert "fewer than 20" in figures["heel-first"]["dataAbsentReason"]["text"]
    for code, one in figures.items():
        assert one["status"] == "final" and one["bodySite"]["coding"][0]["code"] == "left-leg"
        if "valueQuantity" in one:
            told = one["valueQuantity"]
            assert (told["code"], told["system"]) == (UNITS[code], "http://unitsofmeasure.org")
            assert "comparator" not in told
        (share,) = one["component"]
        assert share["valueQuantity"]["value"] == pytest.approx(100, abs=0.2) and share["valueQuantity"]["code"] == "%"


def test_what_is_not_known_is_absent_with_its_reason_and_never_nothing(store: Store, tmp_path: Path) -> None:
    bundle = sent(store, tmp_path)
    for code in ("wear-time", "steps-with-orthosis", "walking-time", "longest-walk", "heel-first"):
        one = daily(bundle, code)[DAYS[4]]
        assert absent(one) == "unknown" and one["dataAbsentReason"]["text"] == "no record of this day"
        assert one["component"][0]["valueQuantity"]["value"] == 0  # of that day nothing is known: that is known
    wear = daily(bundle, "wear-time")
    assert absent(wear[DAYS[0]]) == "unknown" and "first or the last" in wear[DAYS[0]]["dataAbsentReason"]["text"]
    assert absent(wear[DAYS[3]]) == "unknown"  # nine hours of the waking day are not known


def test_a_partly_known_day_says_at_least(tmp_path: Path) -> None:
    """Recorded to 18:00 of a waking day that ends at 22:00: four hours unknown, an hour worn."""
    brace = Brace(boot_utc_ms=START)
    for number, day in enumerate(DAYS[:3]):
        midnight = utc_ms(f"{day}T00:00:00", ZONE)
        brace.clock(midnight)
        brace.minutes(midnight, 600, 0, pressure_1=0.0)
        brace.minutes(midnight + 10 * HOUR_MS, 60, 1, pressure_1=5.0)
        brace.minutes(midnight + 11 * HOUR_MS, 60 * (7 if number == 1 else 12), 0, pressure_1=0.0)
    with Store(tmp_path / "talus.db") as store:
        store.add_person("P", ZONE)
        store.assign(brace.device, "1", "left")
        store.put(brace.info(), brace.records, NOW)
        bundle = sent(store, tmp_path)
    told = daily(bundle, "wear-time")[DAYS[1]]["valueQuantity"]
    assert (told["value"], told["comparator"]) == (1, ">=")


def test_a_paused_day_is_masked_in_every_figure(store: Store, tmp_path: Path) -> None:
    store.pause_days("1", DAYS[1], DAYS[2], NOW)
    bundle = sent(store, tmp_path)
    for code in ("wear-time", "steps-with-orthosis", "walking-time", "longest-walk", "heel-first"):
        one = daily(bundle, code)[DAYS[1]]
        assert absent(one) == absent(one["component"][0]) == "masked"
    (summary,) = daily(bundle, "summary").values()
    assert component(summary, "days-paused")["valueQuantity"]["value"] == 1


def component(summary: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [c for c in summary["component"] if c["code"]["coding"][0]["code"] == code]
    return found


def test_the_day_a_clock_jumps_has_its_own_length(store: Store, tmp_path: Path) -> None:
    periods = [one["effectivePeriod"] for one in daily(sent(store, tmp_path), "wear-time").values()]
    hours = [
        (datetime.fromisoformat(p["end"]) - datetime.fromisoformat(p["start"])) / timedelta(hours=1) for p in periods
    ]
    assert dict(zip(DAYS, hours, strict=True)) == dict.fromkeys(DAYS, 24) | {"2026-03-29": 23}
    assert periods[2] == {"start": "2026-03-29T00:00:00+01:00", "end": "2026-03-30T00:00:00+02:00"}


def test_the_autumn_day_has_twenty_five_hours(tmp_path: Path) -> None:
    start = utc_ms("2026-10-25T00:00:00", ZONE)
    brace = Brace(boot_utc_ms=start)
    brace.clock(start)
    brace.minutes(start, 60, 1)
    with Store(tmp_path / "talus.db") as store:
        store.add_person("P", ZONE)
        store.assign(brace.device, "1", "left")
        store.put(brace.info(), brace.records, NOW)
        (one,) = daily(sent(store, tmp_path), "wear-time").values()
    start, end = (datetime.fromisoformat(one["effectivePeriod"][edge]) for edge in ("start", "end"))
    assert (end - start) / timedelta(hours=1) == 25


def test_the_summary_counts_days_and_names_each_figure_it_stands_on(store: Store, tmp_path: Path) -> None:
    """Of six days the first and last are missing by rule, the fourth and fifth for want of records: two valid."""
    bundle = sent(store, tmp_path)
    (summary,) = daily(bundle, "summary").values()
    counts = {name: component(summary, name)["valueQuantity"]["value"] for name in COUNTED}
    assert counts == {"days": 6, "days-valid": 2, "days-partial": 0, "days-missing": 4, "days-paused": 0}
    for name in ("wear-mean-low", "wear-mean-high", "met-low", "met-high"):  # 2 of 6 days are under 70 %
        assert absent(component(summary, name)) == "unknown"
        assert component(summary, name)["dataAbsentReason"]["text"] == "data on 33 % of the days; 70 % are needed"
    members = {one["reference"] for one in summary["hasMember"]}
    urls = {e["fullUrl"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Observation"}
    assert len(members) == 30 and urls - members == {summary["identifier"][0]["value"]}
    assert "valueQuantity" not in summary


COUNTED = ("days", "days-valid", "days-partial", "days-missing", "days-paused")


def test_every_put_is_of_one_thing_and_the_same_thing_each_time(store: Store, tmp_path: Path) -> None:
    first, second = sent(store, tmp_path / "a", report=PDF), sent(store, tmp_path / "b", report=PDF)
    requests = [entry["request"] for entry in first["entry"]]
    assert {one["method"] for one in requests} == {"PUT"}
    urls = [one["url"] for one in requests]
    assert len(set(urls)) == len(urls) and urls == [entry["request"]["url"] for entry in second["entry"]]
    for entry in first["entry"]:
        kind, _, query = entry["request"]["url"].partition("?")
        resource = entry["resource"]
        assert kind == resource["resourceType"]
        if kind == "CodeSystem":
            assert query == f"url={resource['url']}"
        else:
            (identifier,) = resource["identifier"]
            assert query == f"identifier={identifier['system']}%7C{identifier['value']}"
    references = {r for entry in first["entry"] for r in found(entry["resource"], "reference")}
    assert references <= {entry["fullUrl"] for entry in first["entry"]}


def found(value: Any, name: str) -> Iterator[Any]:
    """Every value of a field of this name, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == name else found(inner, name)
    elif isinstance(value, list):
        for one in value:
            yield from found(one, name)


def test_two_people_share_no_identifier_but_that_of_the_codes(store: Store, tmp_path: Path) -> None:
    other = lived()
    other.device = 0xC3D4
    store.add_person("P2", ZONE)
    store.assign(other.device, "2", "left")
    store.put(other.info(), other.records, NOW)
    mine = {entry["fullUrl"] for entry in sent(store, tmp_path / "a")["entry"]}
    theirs = json.loads(export_fhir(store, "2", tmp_path / "b", NOW).read_bytes())
    assert mine & {entry["fullUrl"] for entry in theirs["entry"]} == {fhir_codes.CODES}


def test_the_patient_is_a_pseudonym_and_the_brace_is_nobodys(store: Store, tmp_path: Path) -> None:
    bundle = sent(store, tmp_path)
    (patient,), (device,) = resources(bundle, "Patient"), resources(bundle, "Device")
    assert set(patient) == {"resourceType", "identifier"}
    assert "patient" not in device and "owner" not in device
    assert device["version"] == [{"type": {"text": "firmware"}, "value": "1.4.2"}]
    assert device["serialNumber"] == "000000000000a1b2"
    assert "the-label-of-P1" not in json.dumps(bundle)


def test_no_code_is_borrowed_and_each_is_defined_in_the_bundle(store: Store, tmp_path: Path) -> None:
    bundle = sent(store, tmp_path, report=PDF)
    (system,) = resources(bundle, "CodeSystem")
    defined = {one["code"]: one["display"] for one in system["concept"]}
    assert len(defined) == len(system["concept"]) == system["count"]
    assert all(len(one["definition"]) > 15 for one in system["concept"])
    assert system["url"].startswith("urn:uuid:")
    used = {(c["system"], c["code"], c["display"]) for c in codings(bundle)}
    own = {(code, display) for where, code, display in used if where == system["url"]}
    assert own <= set(defined.items())
    others = {where for where, *_ in used} - {system["url"]}
    assert others == {
        f"http://terminology.hl7.org/CodeSystem/{n}" for n in ("observation-category", "data-absent-reason")
    }
    assert "loinc.org" not in json.dumps(bundle)


def codings(bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in bundle["entry"]:
        for several in found(entry["resource"], "coding"):
            yield from several


def test_every_unit_is_ucum_and_the_one_of_what_it_measures() -> None:
    assert {one.code: one.unit for one in (*fhir_codes.DAILY, fhir_codes.COVERAGE)} == UNITS
    units = {one.unit for one in fhir_codes.ALL if one.unit}
    assert units and all(is_ucum(unit) for unit in units)
    assert not any(is_ucum(wrong) for wrong in ("hours", "h/day", "steps/d", "mmHg", "degC", "", "./d", "kPa h"))


def test_the_report_travels_whole(store: Store, tmp_path: Path) -> None:
    bundle = sent(store, tmp_path, report=PDF)
    (report,) = resources(bundle, "DiagnosticReport")
    (form,) = report["presentedForm"]
    assert form["contentType"] == "application/pdf" and base64.b64decode(form["data"]) == PDF
    (summary,) = daily(bundle, "summary").values()
    assert [one["reference"] for one in report["result"]] == [summary["identifier"][0]["value"]]
    assert resources(sent(store, tmp_path), "DiagnosticReport") == []


def test_a_day_that_still_runs_is_preliminary(store: Store, tmp_path: Path) -> None:
    states = {day: one["status"] for day, one in daily(sent(store, tmp_path), "wear-time").items()}
    assert states == dict.fromkeys(DAYS, "final") | {DAYS[5]: "preliminary"}


def test_a_person_without_a_day_has_nothing_to_send(store: Store, tmp_path: Path) -> None:
    store.add_person("P2", ZONE)
    with pytest.raises(InputError, match="person P2: there is no day to tell of"):
        export_fhir(store, "2", tmp_path / "out", NOW)
    assert not (tmp_path / "out").exists()
