"""What stands in a page's place where there is none: nothing is here, or the data cannot be read. No more is told."""

from datetime import date
from typing import Any

from dash import html

from talus_dashboards.errors import DashboardError, Withheld
from talus_dashboards.pages import parts
from talus_dashboards.words import Words


def missing(sentence: str, words: Words) -> list[Any]:
    """Say that something is not here, and nothing of what is."""
    home = html.A(words.HOME, href="/", className="go")
    return [html.H1(words.MISSING_TITLE), html.Div([parts.words_of(sentence), home], className="card")]


def withheld(ended: date, words: Words) -> list[Any]:
    """Say that a person agrees to care no longer, since when, and nothing else of them."""
    return [html.H1(words.CARE_ENDED_TITLE), html.Div(parts.words_of(care_ended(ended, words)), className="card")]


def care_ended(ended: date, words: Words) -> str:
    return str(words.CARE_ENDED.format(day=words.day_row(ended)))


def why_not(error: DashboardError, words: Words) -> str:
    """In one line."""
    return care_ended(error.ended, words) if isinstance(error, Withheld) else str(words.MISSING_PERSON)


def trouble(words: Words) -> list[Any]:
    """Say that the data cannot be read."""
    return [html.H1(words.TROUBLE_TITLE), html.Div(parts.words_of(words.TROUBLE), className="card")]
