"""Who is known here, with the two pages of each."""

from typing import Any

import pandas as pd
from dash import Dash, Input, Output, html

from talus_dashboards.identity import ORTHOTIST
from talus_dashboards.page import NOTHING, Page
from talus_dashboards.pages import parts
from talus_dashboards.site import Site
from talus_dashboards.words import Words


def shell(site: Site) -> list[Any]:
    return [html.Div(html.P(site.words.LOADING, className="note"), id="people-body")]


def body(people: pd.DataFrame, words: Words) -> list[Any]:
    """List every person by pseudonym."""
    head = [html.H1(words.PEOPLE_TITLE)]
    if people.empty:
        return [*head, parts.section(words.PEOPLE_EMPTY_TITLE, parts.words_of(words.PEOPLE_EMPTY))]
    return [*head, *(_card(str(one.label), str(one.person_id), words) for one in people.itertuples())]


def _card(label: str, person_id: str, words: Words) -> html.Section:
    links = (("today", words.PAGES["today"]), ("person", words.PAGES["person"]))
    rows = [html.Li(html.A(f"{name}: {label}", href=f"/{page}/{person_id}")) for page, name in links]
    return parts.section(label, html.Ul(rows, className="links"))


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("people-body", "children"), Input("url", "pathname"))
    def fill(_path: str | None) -> list[Any]:
        return site.safely(lambda: body(site.people(), site.words))


PAGE = Page("people", frozenset({ORTHOTIST}), NOTHING, shell, register)
