"""The catalogs: every language says all of it, with the same places; nothing is left in English, none unused."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from talus.wire import kinds
from talus_dashboards import words
from talus_dashboards.identity import ROLES
from talus_dashboards.pages.every import PAGES

ROOM = Path(words.__file__).parent
CODE = "\n".join(path.read_text() for path in sorted(ROOM.parent.rglob("*.py")))
CODE += "\n".join(path.read_text() for path in sorted(ROOM.parent.rglob("*.js")))
CATALOGS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(ROOM.glob("*.toml"))}
OTHERS = [name for name in CATALOGS if name != words.FALLBACK]
PLACE = re.compile(r"\{(\w*)(?:![rsa])?(?::[^}]*)?\}")
UNITS = {"h", "min", "s", "ms", "m", "g", "J", "N", "V", "kg", "mmHg", "kPa", "deg", "ppm", "Hz", "UTC", "ID"}
# What a text is in another language, too. A new entry is a decision, not a way out.
ALIKE = {
    "de": {
        *(
            "Talus",
            "Live",
            "Name",
            "Person",
            "Moment",
            "sagittal",
            "frontal",
            "Plan",
            "Version",
            "Alarm",
            "Patient",
            "Start",
        ),
        *("April", "August", "September", "November", "Nov", "Aug", "ADVICE", "in"),
    }
}
UNUSED: set[str] = set()  # keys no code names: none


def texts(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted key, text or list of texts) of a catalog."""
    for name, told in table.items():
        if isinstance(told, dict):
            yield from texts(told, f"{path}{name}.")
        else:
            yield f"{path}{name}", told


def listed(told: Any) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else [str(told)]


FLAT = {name: dict(texts(catalog)) for name, catalog in CATALOGS.items()}
OURS = FLAT[words.FALLBACK]


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_all_of_it_and_nothing_else(language: str) -> None:
    assert sorted(set(OURS) - set(FLAT[language])) == [], "missing"
    assert sorted(set(FLAT[language]) - set(OURS)) == [], "of no use"


@pytest.mark.parametrize("language", OTHERS)
def test_its_texts_have_the_same_places_and_its_lists_the_same_length(language: str) -> None:
    wrong = []
    for key, told in FLAT[language].items():
        ours, theirs = listed(OURS.get(key, told)), listed(told)
        if len(ours) != len(theirs) or isinstance(told, list) != isinstance(OURS.get(key, told), list):
            wrong.append(f"{key}: {len(theirs)} texts where {len(ours)} belong")
        for one, other in zip(ours, theirs, strict=False):
            if set(PLACE.findall(one)) != set(PLACE.findall(other)):
                wrong.append(f"{key}: {other!r} where the other has {one!r}")
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_is_left_in_it(language: str) -> None:
    left = []
    for key, told in FLAT[language].items():
        for one, other in zip(listed(OURS.get(key, "")), listed(told), strict=False):
            named = [word for word in re.findall(r"[^\W\d_]+", PLACE.sub("", other)) if word not in UNITS]
            if one == other and not one.startswith("talus ") and not set(named) <= ALIKE[language]:
                left.append(f"{key}: {other!r}")
    assert left == []


@pytest.mark.parametrize("language", CATALOGS)
def test_texts_are_upper_case_and_sections_lower(language: str) -> None:
    wrong: list[str] = []

    def walk(table: dict[str, Any], path: str) -> None:
        for name, told in table.items():
            if name.isupper():
                continue  # a text, or a table of texts whose keys are data
            if name.islower() and isinstance(told, dict):
                walk(told, f"{path}{name}.")
            else:
                wrong.append(path + name)

    walk(CATALOGS[language], "")
    assert wrong == []


def test_every_text_is_used() -> None:
    """A table is used where its name is; its keys are data."""
    names = set()
    for key in OURS:
        parts = key.split(".")
        names.add(next(part for part in parts if part.isupper()))
    unused = {name for name in names if not re.search(rf"\b{name}\b", CODE)}
    assert sorted(unused - UNUSED) == []


@pytest.mark.parametrize("language", CATALOGS)
def test_every_page_and_every_word_of_a_brace_has_a_name(language: str) -> None:
    said = words.LANGUAGES[language]
    assert [page.name for page in PAGES if page.name not in said.PAGES] == []
    assert [page.name for page in PAGES if not page.roles <= set(ROLES)] == []
    device = said.device
    lists = {
        "REASON": kinds.HEALTH_REASONS, "STATE": kinds.SENSOR_STATES, "PART": kinds.SENSORS,
        "CAUSE": kinds.RESET_CAUSES, "SLOT": kinds.SLOTS,
        "POWER": kinds.POWER_STATES, "LOSS": kinds.LOSS_CAUSES, "PLACE": kinds.IMU_PLACES,
    }  # fmt: skip
    for name, known in lists.items():
        assert set(getattr(device, name)) == set(known), name
    sites = {*kinds.SITES, "unknown"}  # of a pressure before the brace said where its channels are
    assert set(said.SITE) == sites and set(said.SITE_PLAIN) == sites
