"""Who is known here, with the two pages of each."""

from typing import Any

import pandas as pd
from dash import html

from talus_dashboards.pages import parts
from talus_dashboards.words import Words


def body(people: pd.DataFrame, words: Words) -> list[Any]:
    """List every person by pseudonym."""
    head = [html.H1(words.PEOPLE_TITLE)]
    if people.empty:
        return [*head, parts.section(words.PEOPLE_EMPTY_TITLE, parts.words_of(words.PEOPLE_EMPTY))]
    cards = [
        parts.section(
            str(person.label),
            html.Ul(
                [
                    html.Li(html.A(f"{words.NAV_TODAY}: {person.label}", href=f"/today/{person.person_id}")),
                    html.Li(html.A(f"{words.NAV_PERSON}: {person.label}", href=f"/person/{person.person_id}")),
                ],
                className="links",
            ),
        )
        for person in people.itertuples()
    ]
    return [*head, *cards]


def missing(sentence: str, words: Words) -> list[Any]:
    """Say that something is not here, and nothing of what is."""
    return [html.H1(words.MISSING_TITLE), parts.section(words.MISSING_TITLE, parts.words_of(sentence))]


def trouble(words: Words) -> list[Any]:
    """Say that the data cannot be read."""
    return [html.H1(words.TROUBLE_TITLE), parts.section(words.TROUBLE_TITLE, parts.words_of(words.TROUBLE))]
