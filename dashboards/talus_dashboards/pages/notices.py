"""What stands in a page's place where there is none: nothing is here, or the data cannot be read. No more is told."""

from typing import Any

from dash import html

from talus_dashboards.pages import parts
from talus_dashboards.words import Words


def missing(sentence: str, words: Words) -> list[Any]:
    """Say that something is not here, and nothing of what is."""
    home = html.A(words.HOME, href="/", className="go")
    return [html.H1(words.MISSING_TITLE), html.Div([parts.words_of(sentence), home], className="card")]


def trouble(words: Words) -> list[Any]:
    """Say that the data cannot be read."""
    return [html.H1(words.TROUBLE_TITLE), html.Div(parts.words_of(words.TROUBLE), className="card")]
