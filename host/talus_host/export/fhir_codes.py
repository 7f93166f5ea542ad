"""What Talus measures, as codes of its own: a FHIR CodeSystem and the UCUM unit of each.

Its canonical URL is a urn:uuid, fixed here for good. A canonical must be absolute, unique and never change; an address
on the web would have to be a domain that somebody keeps for ever, and the project has none: a name that another may
come to own would one day define these codes otherwise. FHIR allows a urn:uuid wherever it asks for a canonical.

No code is borrowed from LOINC, because none is defined as what is measured here. 41950-7 (steps in 24 h, measured) is
all the steps of a person; a brace sees those taken with it on. 104636-6 and 104637-4 (days and share of time worn) are
defined of glucose monitors. None was found for time walked with a brace on, or for steps that land heel first. A code
that nearly fits is wrong: it makes a receiver add up what is not alike.
"""

from typing import NamedTuple

CODES = "urn:uuid:265dba48-bfb4-4182-afb5-903b0e57d1e8"
VERSION = "1"
UCUM = "http://unitsofmeasure.org"


class Code(NamedTuple):
    """unit: UCUM, and `told` for people; "" for what is no quantity. column: of Store.days. least: a sum over the day,
    which is at least so much where only a part of the day is known, and is told so."""

    code: str
    display: str
    definition: str
    unit: str = ""
    told: str = ""
    column: str = ""
    least: bool = False


DAILY = (
    Code(
        "wear-time",
        "Wear time of the orthosis",
        "Time in a civil day in which the orthosis was worn, by pressure, warmth and movement. Of a day with 2 to 6 h "
        "unknown between 7 and 22 h it is told as at least so much; of one with more, as unknown.",
        unit="h/d",
        told="h/d",
        column="worn_h",
        least=True,
    ),
    Code(
        "steps-with-orthosis",
        "Steps with the orthosis on",
        "Twice the valid strides of one leg that its orthosis saw in a civil day. Steps taken without it are not in "
        "it: it is no count of the steps of a day (LOINC 41950-7).",
        unit="{steps}/d",
        told="steps/d",
        column="steps",
        least=True,
    ),
    Code(
        "walking-time",
        "Time walked with the orthosis on",
        "Time in a civil day in walks of at least three strides with pauses of at most 3 s, seen by the orthosis.",
        unit="min/d",
        told="min/d",
        column="walking_min",
        least=True,
    ),
    Code(
        "longest-walk",
        "Longest walk with the orthosis on",
        "Length of the longest such walk of a civil day.",
        unit="min",
        told="min",
        column="longest_walk_min",
        least=True,
    ),
    Code(
        "heel-first",
        "Strides that land heel first",
        "Share of a civil day's steady strides with a known contact in which the heel touched first.",
        unit="%",
        told="%",
        column="heel_first_pct",
    ),
)
COVERAGE = Code(
    "coverage", "Share of the day that is known", "Hours of a civil day of which records tell.", "%", "%", "coverage"
)
SUMMARY = Code("summary", "Summary of a period", "Wear of one orthosis over a period of civil days, with its days.")
MET = "Mean of the days' share of the prescribed hours, at most 100 % a day"
BARE = "every hour that is not known is taken as not worn."
KNOWN = "over the valid days alone."
# Column of metrics.adherence -> its code
OF_PERIOD = {
    column: Code(code, display, definition, unit, told)
    for column, code, display, definition, unit, told in (
        ("days", "days", "Days of the period", "Civil days of the period, paused ones left out.", "d", "days"),
        ("days_valid", "days-valid", "Valid days", "At most 2 h unknown between 7 and 22 h.", "d", "days"),
        ("days_partial", "days-partial", "Partly known days", "2 to 6 h unknown between 7 and 22 h.", "d", "days"),
        ("days_missing", "days-missing", "Days not known", "More unknown, or the first or last day.", "d", "days"),
        ("days_paused", "days-paused", "Paused days", "Days withheld by the person, in no other figure.", "d", "days"),
        ("worn_h_low", "wear-mean-low", "Mean wear time, lower end", f"Mean of the days' wear; {BARE}", "h/d", "h/d"),
        (
            "worn_h_high",
            "wear-mean-high",
            "Mean wear time, upper end",
            f"Mean of the days' wear; {KNOWN}",
            "h/d",
            "h/d",
        ),
        ("met_pct_low", "met-low", "Prescribed hours met, lower end", f"{MET}; {BARE}", "%", "%"),
        ("met_pct_high", "met-high", "Prescribed hours met, upper end", f"{MET}; {KNOWN}", "%", "%"),
    )
}
REPORT = Code("visit-report", "Visit report", "Page of figures for a visit, as a document.")
DEVICE = Code(
    "orthosis-monitor", "Ankle-foot orthosis with sensors", "A brace that records how it is worn and walked in."
)
LEGS = {
    "left": Code("left-leg", "Left leg", "The orthosis is on the left leg."),
    "right": Code("right-leg", "Right leg", "The orthosis is on the right leg."),
}
ALL = (*DAILY, COVERAGE, SUMMARY, *OF_PERIOD.values(), REPORT, DEVICE, *LEGS.values())


def concept(code: Code) -> dict[str, object]:
    """A CodeableConcept."""
    coding = {"system": CODES, "version": VERSION, "code": code.code, "display": code.display}
    return {"coding": [coding], "text": code.display}


def quantity(code: Code, value: float, *, at_least: bool = False) -> dict[str, object]:
    """A Quantity, to three decimals."""
    told = {"value": round(value, 3), "unit": code.told, "system": UCUM, "code": code.unit}
    return {"value": told.pop("value"), "comparator": ">="} | told if at_least else told


def code_system() -> dict[str, object]:
    """The CodeSystem resource."""
    concepts = [{"code": one.code, "display": one.display, "definition": one.definition} for one in ALL]
    return {
        "resourceType": "CodeSystem",
        "url": CODES,
        "version": VERSION,
        "name": "TalusMeasures",
        "title": "Measures of a monitored ankle-foot orthosis",
        "status": "active",
        "experimental": False,
        "description": "What Talus measures of an ankle-foot orthosis. It informs; it is no diagnosis.",
        "caseSensitive": True,
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }
