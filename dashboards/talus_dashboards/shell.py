"""The frame every page sits in and the callbacks that fill it.

The layout handed to a browser at first is empty and the same for everybody: Dash may write it into its HTML and serves
it at an address of its own. Data come only from the callbacks below, which run behind the gate.
"""

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from talus_dashboards import router
from talus_dashboards.identity import PATIENT
from talus_dashboards.page import PERSON, Place
from talus_dashboards.pages import notices
from talus_dashboards.site import Site
from talus_dashboards.words import Words

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='8' fill='%230072B2'/%3E"
    "%3Cpath d='M9 9h14M16 9v9a6 6 0 0 0 6 5' stroke='white' stroke-width='3.4' fill='none' stroke-linecap='round'/%3E"
    "%3C/svg%3E"
)


INDEX = """<!DOCTYPE html>
<html lang="{lang}">
  <head>
    {{%metas%}}
    <title>{{%title%}}</title>
    <meta name="talus-form" content="{form}">
    <link rel="icon" href="{icon}">
    {links}
    {{%css%}}
  </head>
  <body>
    <a class="skip" href="#main">{skip}</a>
    <noscript>{no_script}</noscript>
    {{%app_entry%}}
    {{%config%}}
    {{%scripts%}}
    {{%renderer%}}
  </body>
</html>
"""


def index_html(words: Words, form: str = "", links: str = "") -> str:
    """Return Dash's page template with a language, a skip link, our own icon, what its callbacks send along, and links
    to what is fetched early."""
    return INDEX.format(lang=words.LANG, icon=ICON, skip=words.SKIP, no_script=words.NO_SCRIPT, form=form, links=links)


def title(site: Site, place: Place | None) -> str:
    """What a browser's tab says of the page asked for."""
    return f"{page_names(site)[place.page.name] if place else site.words.MISSING_TITLE} · {site.words.BRAND}"


def layout(site: Site) -> Any:
    """Return the empty frame."""
    words = site.words
    return dmc.MantineProvider(
        [
            dcc.Location(id="url"),
            html.Header(
                [html.A(words.BRAND, href="/", className="brand"), html.Nav(id="nav", **{"aria-label": words.NAV})]
            ),
            html.Main(html.P(words.LOADING, className="note"), id="main", tabIndex=-1),
            html.Footer(html.P(words.FOOTER), className="foot"),
        ],
        defaultColorScheme="auto",
        theme={"primaryColor": "blue", "fontFamily": "inherit", "respectReducedMotion": True},
    )


def register(app: Dash, site: Site) -> None:
    """Join every page to the site, and the frame that turns from one to another."""
    for page in site.pages:
        page.register(app, site)

    @app.callback(Output("main", "children"), Output("nav", "children"), Input("url", "pathname"))
    def turn(path: str | None) -> tuple[list[Any], list[Any]]:
        place = site.place(path)
        if place is None:
            return notices.missing(site.words.MISSING_PAGE, site.words), _links(site, None)
        return site.safely(lambda: _opened(site, path, place)), _links(site, place)

    app.clientside_callback(
        ClientsideFunction("menu", "show"), Output("nav", "title"), Input("nav", "children"), prevent_initial_call=True
    )


def _opened(site: Site, path: str | None, place: Place) -> list[Any]:
    """The page's shell; of a person only where there is one. That it was opened is written into the trail."""
    if place.page.about == PERSON:
        site.person(path, place.page.name)
    else:
        site.desk.saw(place.page.name, None)
    return place.page.shell(site)


def _links(site: Site, here: Place | None) -> list[Any]:
    rows = router.menu(here, site.who, [page for page in site.pages if page.menu(site)])
    names = page_names(site)
    current = here.page.name if here else ""
    return [
        html.A(
            names[one.page.name],
            href=one.path,
            className=site.who.role,  # a patient's menu lies under the thumb
            **({"aria-current": "page"} if one.page.name == current else {}),
        )
        for one in rows
    ]


def page_names(site: Site) -> dict[str, str]:
    """The pages' names as the asker calls them: a page about a person has another name for that person."""
    words = site.words
    return words.PAGES | words.PAGES_OWN if site.who.role == PATIENT else dict(words.PAGES)
