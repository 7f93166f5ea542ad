"""The words of a person's own pages: nothing praised that hurts, nothing blamed, no days in a row, plain to read."""

import re
from typing import Any

import numpy as np
import pytest

from talus_dashboards.identity import PATIENT
from talus_dashboards.pages import tell
from talus_dashboards.pages.every import PAGES
from talus_dashboards.words import LANGUAGES

EN = LANGUAGES["en"]
OWN = ("day", "tell", "skin", "progress", "exercises", "breakin")
PRAISE = {
    "en": r"well done|great|bravo|congrat|keep it up|good job|proud|brave|excellent|perfect|awesome|super\b",
    "de": r"gut gemacht|toll|bravo|glückwunsch|weiter so|stolz|tapfer|prima|perfekt|super\b|hervorragend",
}
BLAME = {
    "en": r"fail|streak|complian|adheren|in a row|record\b|rank|score of|missed|lazy|should have",
    "de": r"versagt|verfehlt|serie|complian|adhärenz|in folge|rekord|rangliste|verpasst|faul|hätten sie",
}


def said(told: Any) -> list[str]:
    if isinstance(told, str):
        return [told]
    if isinstance(told, dict):
        return [line for one in told.values() for line in said(one)]
    return [line for one in told for line in said(one)] if isinstance(told, list | tuple) else said(told._texts)


@pytest.mark.parametrize("language", sorted(PRAISE))
def test_nothing_praises_nothing_blames_and_nothing_counts_days_in_a_row(language: str) -> None:
    lines = [line for name in OWN for line in said(getattr(LANGUAGES[language], name))]
    assert len(lines) > 150
    for wrong in (PRAISE[language], BLAME[language]):
        assert [line for line in lines if re.search(wrong, line.lower())] == []


def test_the_words_stay_at_sixth_grade() -> None:
    """Flesch-Kincaid over whole sentences of these pages, syllables counted by vowel groups: under grade 6."""
    lines = [line for name in OWN for line in said(getattr(EN, name)) if line.count(" ") >= 4 and "talus " not in line]
    prose = re.sub(r"\{\w+\}", "two", " ".join(lines))
    sentences = len(re.findall(r"[.?!:;]", prose))
    told = re.findall(r"[A-Za-z']+", prose)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$|(?<=[^td])ed$", "", w.lower())))) for w in told)
    grade = 0.39 * len(told) / sentences + 11.8 * syllables / len(told) - 15.59
    assert grade < 6, f"grade {grade:.1f}"


def test_a_patient_reads_own_names_in_the_menu() -> None:
    assert EN.PAGES_OWN["person"] == "What my orthotist sees"
    assert np.isin(["tell", "progress", "exercises", "breakin"], [page.name for page in PAGES]).all()
    assert tell.PAGE.roles >= {PATIENT}
