"""The questions of the orthotist's working pages over made tables: answered as by a store nothing was entered in."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from talus_host.store import Store

QUESTIONS = frozenset(
    (
        *("brace_changes", "changed", "classed_days", "side_by_side", "notes", "fitting", "fittings", "fitting_seen"),
        *("fitting_figures", "timed_walks", "walk_changes", "walk_effects", "thresholds", "visit", "exercise_plan"),
        *("prescription_history", "headlines", "headlines_entered_ms", "person", "entered_by"),
    )
)


class Working:
    """A part of Tables: whoever is asked about, it is the one person of an empty store."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in QUESTIONS:
            raise AttributeError(name)
        question = getattr(_empty(), name)
        return lambda *asked, **more: question(*(("1", *asked[1:]) if asked else ()), **more)


@cache
def _empty() -> Store:
    store = Store(Path(tempfile.mkdtemp()) / "empty.db", zone="Europe/Berlin")
    store.add_person("Wearer 1", "Europe/Berlin", 8.0)
    return store
