"""Facts that have to stand in two rooms, because no arrow joins them: they are held to each other here."""

import pytest

from talus.settings import Settings
from talus_dashboards.figures import pressure
from talus_dashboards.words import LANGUAGES
from talus_host.metrics import limits, pressure_minutes
from talus_twin.board import brace
from talus_twin.body.history import Course


def test_the_desk_counts_minutes_above_the_levels_the_brace_alerts_at() -> None:
    settings = Settings()
    assert settings.amber_mmhg == pressure_minutes.AMBER_DEFAULT_MMHG
    assert settings.red_a_mmhg == pressure_minutes.RED_DEFAULT_MMHG
    assert {"fibular_head": settings.amber_fibular_mmhg} == pressure_minutes.AMBER_MMHG
    assert {"fibular_head": settings.red_fibular_mmhg} == pressure_minutes.RED_MMHG


def test_a_millimetre_of_mercury_is_the_same_on_the_desk_and_on_the_page() -> None:
    assert pytest.approx(1, rel=1e-5) == pressure.MMHG_PER_KPA * pressure_minutes.KPA_PER_MMHG


def test_a_report_names_every_limit_there_is_in_every_language() -> None:
    for words in LANGUAGES.values():
        assert set(words.report.LIMITS) == set(limits.BY_NAME)


def test_a_life_made_up_is_lived_in_the_brace_as_it_is_built() -> None:
    assert Course(0).sites == brace.SITES
