"""What a person, or who helps them, tells in two taps: what, then which answer. Each can be taken back."""

from typing import Any

from dash import html

from talus_dashboards.identity import ORTHOTIST, PATIENT
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import own, parts, telling
from talus_dashboards.site import Site


def shell(site: Site) -> list[Any]:
    """The page without any data: places that `telling` fills."""
    texts = site.words.tell
    return [
        html.Div(
            [
                *telling.clockwork(),
                html.H1(texts.TITLE),
                parts.words_of(texts.INTRO, "sub"),
                telling.place("said", role="status", className="noted"),
                telling.place("skin"),
                telling.helper(site.words),
                telling.place("cards", className="tell"),
                parts.section(texts.TOLD_TITLE, telling.place("told")),
                parts.words_of(texts.EMERGENCY, "note"),
            ],
            className="today",
        )
    ]


PAGE = Page("tell", frozenset({PATIENT, ORTHOTIST}), PERSON, shell, telling.register, own.menu)
