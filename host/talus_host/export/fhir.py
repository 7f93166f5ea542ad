"""One person's days as a FHIR R4B Bundle: daily Observations, a summary with them, the braces, the report, the codes.

It follows the HL7 CGM guide's pattern (a summary Observation, a DiagnosticReport with the document, the Device). It is
a transaction of conditional PUTs: each resource has an identifier that the same day of the same person always has, so
sending it again changes nothing but what is newer. The Patient is an identifier and nothing else. What is not known is
a dataAbsentReason, never 0: `masked` where the person paused, `unknown` otherwise, with the reason in words.
"""

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from talus_host.errors import TalusError
from talus_host.export import fhir_codes as codes

URI = "urn:ietf:rfc:3986"  # the identifier is a URI
BRACES = uuid.UUID(codes.CODES)
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
Resource = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What a bundle is made of.

    subject: a random UUID of the person. days: of Store.days, with start and end (datetimes with an offset). why: side,
    day, measure, why, of Store.not_measured. braces: device (16 hex digits), side, version. periods: one row a side, of
    metrics.adherence. now: when it is made. report: bytes of a PDF, or None.
    """

    subject: str
    days: pd.DataFrame
    why: pd.DataFrame
    braces: pd.DataFrame
    periods: pd.DataFrame
    now: datetime
    report: bytes | None = None


def bundle(told: Told) -> bytes:
    """The whole bundle as JSON, read and found valid by FHIR's own models before a byte of it is given."""
    from fhir.resources.R4B.bundle import Bundle

    entries = [_entry(one) for one in _resources(told)]
    plain = {"resourceType": "Bundle", "type": "transaction", "timestamp": _iso(told.now), "entry": entries}
    try:
        return Bundle.model_validate(plain).model_dump_json(indent=1).encode()
    except ValueError as error:
        raise TalusError(f"the bundle is not valid FHIR; nothing was written: {error}") from error


def _resources(told: Told) -> Iterator[Resource]:
    patient = _patient(told)
    yield codes.code_system()
    yield patient
    devices = {str(row["side"]): _device(row) for row in told.braces.to_dict("records")}
    yield from devices.values()
    summaries = []
    for side, leg in told.days.groupby("side", sort=True):
        why = told.why[(told.why["side"] == side).to_numpy(bool)]
        reasons = {(row["day"], row["measure"]): str(row["why"]) for row in why.to_dict("records")}
        own = {"subject": _to(patient)} | ({"device": _to(devices[side])} if side in devices else {})
        daily = [
            _daily(told, str(side), day, code, reasons, own) for day in leg.to_dict("records") for code in codes.DAILY
        ]
        yield from daily
        summaries.append(_summary(told, str(side), leg, daily, own))
    yield from summaries
    if told.report is not None:
        yield _report(told, told.report, patient, summaries)


def _patient(told: Told) -> Resource:
    return {"resourceType": "Patient", "identifier": [_identifier(uuid.UUID(told.subject))]}


def _device(row: dict[Any, Any]) -> Resource:
    """The brace itself: whose it is stands nowhere in it."""
    version = [{"type": {"text": "firmware"}, "value": str(row["version"])}] if row["version"] else None
    found: Resource = {
        "resourceType": "Device",
        "identifier": [_identifier(uuid.uuid5(BRACES, str(row["device"])))],
        "status": "active",
        "serialNumber": str(row["device"]),
        "type": codes.concept(codes.DEVICE),
    }
    return found | ({"version": version} if version else {})


def _daily(
    told: Told, side: str, day: dict[Any, Any], code: codes.Code, reasons: dict[Any, str], own: Resource
) -> Resource:
    """One figure of one leg's day, with the share of the day that is known beside it."""
    paused, missing = day["status"] == "paused", day["status"] == "missing"
    reason = "paused" if paused else _unknown_day(day) if missing else reasons.get((day["day"], code.column), "")
    value = _value(code, day[code.column], day["status"], reason or "no record of it")
    share = _value(codes.COVERAGE, 100 * day["coverage"], "paused" if paused else "valid", reason)
    over = day["end"] <= told.now
    return {
        **_observation(told, (code.code, side, f"{day['day']:%Y-%m-%d}"), code, "final" if over else "preliminary"),
        "effectivePeriod": {"start": _iso(day["start"]), "end": _iso(day["end"])},
        **({"bodySite": codes.concept(codes.LEGS[side])} if side in codes.LEGS else {}),
        **own,
        **value,
        "component": [{"code": codes.concept(codes.COVERAGE), **share}],
    }


def _unknown_day(day: dict[Any, Any]) -> str:
    if not day["coverage"] > 0:
        return "no record of this day"
    return "too little of this day is known, or it is the first or the last one"


def _value(code: codes.Code, value: float, status: str, reason: str) -> Resource:
    """valueQuantity, or dataAbsentReason."""
    if status == "paused":
        return _absent("masked", "Masked", reason)
    if status == "missing" or pd.isna(value):
        return _absent("unknown", "Unknown", reason)
    return {"valueQuantity": codes.quantity(code, float(value), at_least=code.least and status == "partial")}


def _absent(code: str, display: str, reason: str) -> Resource:
    coding = {"system": ABSENT, "code": code, "display": display}
    return {"dataAbsentReason": {"coding": [coding], "text": reason}}


def _observation(told: Told, key: tuple[str, ...], code: codes.Code, status: str) -> Resource:
    activity = {"system": CATEGORY, "code": "activity", "display": "Activity"}
    return {
        "resourceType": "Observation",
        "identifier": [_identifier(uuid.uuid5(uuid.UUID(told.subject), "|".join(key)))],
        "status": status,
        "category": [{"coding": [activity]}],
        "code": codes.concept(code),
        "issued": _iso(told.now),
    }


def _summary(told: Told, side: str, leg: pd.DataFrame, daily: list[Resource], own: Resource) -> Resource:
    """The period's figures and counts of days; without a value of its own."""
    row = told.periods[(told.periods["side"] == side).to_numpy(bool)].to_dict("records")[0]
    first, last = leg["day"].min(), leg["day"].max()
    why = row["why"] or "no hours were prescribed"
    parts = [
        {"code": codes.concept(code), **_value(code, row[name], "valid", why)} for name, code in codes.OF_PERIOD.items()
    ]
    return {
        **_observation(told, ("summary", side, f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"), codes.SUMMARY, "final"),
        "effectivePeriod": _period(leg),
        **({"bodySite": codes.concept(codes.LEGS[side])} if side in codes.LEGS else {}),
        **own,
        "hasMember": [_to(one) for one in daily],
        "component": parts,
    }


def _report(told: Told, pdf: bytes, patient: Resource, summaries: list[Resource]) -> Resource:
    period = _period(told.days)
    form = {"contentType": "application/pdf", "data": base64.b64encode(pdf).decode(), "title": codes.REPORT.display}
    key = "|".join(("report", str(period["start"]), str(period["end"])))
    return {
        "resourceType": "DiagnosticReport",
        "identifier": [_identifier(uuid.uuid5(uuid.UUID(told.subject), key))],
        "status": "final",
        "code": codes.concept(codes.REPORT),
        "subject": _to(patient),
        "effectivePeriod": period,
        "issued": _iso(told.now),
        "result": [_to(one) for one in summaries],
        "presentedForm": [form | {"creation": _iso(told.now)}],
    }


def _period(days: pd.DataFrame) -> Resource:
    return {"start": _iso(days["start"].min()), "end": _iso(days["end"].max())}


def _identifier(value: uuid.UUID) -> Resource:
    return {"system": URI, "value": value.urn}


def _url(resource: Resource) -> str:
    return str(resource["url"] if resource["resourceType"] == "CodeSystem" else resource["identifier"][0]["value"])


def _to(resource: Resource) -> Resource:
    return {"reference": _url(resource)}


def _entry(resource: Resource) -> Resource:
    kind = resource["resourceType"]
    asked = "url=" if kind == "CodeSystem" else f"identifier={URI}%7C"
    return {
        "fullUrl": _url(resource),
        "resource": resource,
        "request": {"method": "PUT", "url": f"{kind}?{asked}{_url(resource)}"},
    }


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
