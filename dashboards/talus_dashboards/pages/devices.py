"""Every brace by its id, for who keeps them running: no person, no pseudonym and no zone reaches this page."""

from typing import Any

import pandas as pd
from dash import Dash, Input, Output, html

from talus_dashboards.figures import brace_parts, utc
from talus_dashboards.identity import DEVELOPER
from talus_dashboards.page import NOTHING, Page
from talus_dashboards.pages import parts
from talus_dashboards.site import Site
from talus_dashboards.words import Words


def shell(site: Site) -> list[Any]:
    return [html.Div(html.P(site.words.LOADING, className="note"), id="devices-body", className="devices")]


def body(devices: pd.DataFrame, words: Words) -> list[Any]:
    """List every brace, the one heard of last first."""
    said = words.devices
    head = [html.H1(said.TITLE), parts.words_of(said.SUB, "sub")]
    if devices.empty:
        return [*head, parts.section(said.EMPTY_TITLE, parts.words_of(said.EMPTY))]
    ordered = devices.sort_values(["last_sync_utc", "device"], ascending=[False, True], na_position="last")
    cards = [_card(one, words) for one in ordered.to_dict("records")]
    return [*head, html.Div(cards, className="grid")]


def _card(one: dict[Any, Any], words: Words) -> html.Section:
    name = str(one["device"])
    link = html.A(html.Code(name), href=f"/device/{name}", className="device-id")
    rows = [html.Div([html.Dt(title), html.Dd(value)]) for title, value in facts(one, words)]
    return html.Section([html.H2(link), html.Dl(rows, className="facts")], className="card")


def facts(one: dict[Any, Any], words: Words) -> list[tuple[str, str]]:
    """Name and value of what is known of one row of `devices`, in words."""
    said = words.devices
    battery, synced = one["battery_pct"], one["last_sync_utc"]
    return [
        (said.SIDE, words.SIDE.get(str(one["side"]), words.SIDE["unknown"])),
        (said.VERSION, one["version"] or words.NOT_KNOWN),
        (said.LAST_SYNC, said.NEVER if pd.isna(synced) else f"{utc.moment(synced, words)} UTC"),
        (said.BATTERY, words.NOT_KNOWN if pd.isna(battery) else f"{words.number(float(battery))} %"),
        (said.WORST, brace_parts.worst(one["fault_part"], words)),
        (said.RECORDS, words.number(float(one["records"]))),
    ]


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("devices-body", "children"), Input("url", "pathname"))
    def fill(path: str | None) -> Any:
        place = site.place(path)
        if place is None or place.page is not PAGE:
            return []
        return site.safely(lambda: body(site.reader.devices(), site.words))


PAGE = Page("devices", frozenset({DEVELOPER}), NOTHING, shell, register)
