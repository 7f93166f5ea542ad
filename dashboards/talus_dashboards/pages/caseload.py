"""Whom should I look at first, and why? Everybody the asker may see in one grid, the worst need on top.

The order and its reasons are the host's; here they become words. An arrow stands only beside a claimed change.
"""

from datetime import datetime
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
import pandas as pd
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from talus_dashboards import cases
from talus_dashboards.identity import ORTHOTIST
from talus_dashboards.page import NOTHING, Page
from talus_dashboards.pages import parts
from talus_dashboards.site import Site
from talus_dashboards.words import Words

FEW = 12  # so many rows need no scrolling box of their own
# field, share of the width, least width in px; each has its heading in the catalog.
COLUMNS = (
    ("label", 1.1, 120), ("rank", 2.6, 230), ("wear", 1.2, 130), ("change", 1.5, 150), ("days", 0.8, 96),
    ("sync_h", 1, 110), ("pressed", 1.3, 140), ("battery", 0.8, 96), ("visit_d", 1, 116),
)  # fmt: skip


def shell(site: Site) -> list[Any]:
    """The page without any data."""
    return [html.Div(html.P(site.words.LOADING, className="note"), id="caseload-body", className="caseload")]


def body(table: pd.DataFrame, now: datetime, words: Words) -> list[Any]:
    """Build the page from the host's table of cases, which is sorted by need; `now` in the zone of who reads."""
    told = words.caseload
    head = [html.H1(told.TITLE)]
    if table.empty:
        return [*head, parts.section(words.PEOPLE_EMPTY_TITLE, parts.words_of(words.PEOPLE_EMPTY))]
    rows = cases.rows(table, words)
    return [
        *head,
        parts.words_of(told.SUB.format(when=words.when(now, now)), "sub"),
        _controls(rows, words),
        html.P(id="case-count", role="status", className="note", **{"data-of": told.COUNT}),  # type: ignore[arg-type]
        _grid(rows, words),
        html.Div(
            [
                parts.words_of(told.LEGEND, "note"),
                html.Button(told.CSV, id="case-csv", className="button", type="button"),
            ],
            className="case-below",
        ),
    ]


def _controls(rows: list[dict[str, Any]], words: Words) -> html.Div:
    told = words.caseload
    counts = {name: sum(f" {name} " in row["tags"] for row in rows) for name in cases.TAGS}
    chips = [
        dmc.Chip(
            told.CHIP.format(name=label, count=words.number(counts[name])), value=name, size="md", variant="outline"
        )
        for name, label in told.CHIPS.items()
    ]
    return html.Div(
        [
            dmc.TextInput(
                id="case-search", label=told.SEARCH, size="md", className="case-search", autoComplete="off",
            ),
            html.Div(
                dmc.ChipGroup(
                    dmc.Group(chips, gap="xs"), id="case-chips", value=cases.ALL, multiple=False, deselectable=False,
                    persistence=True, persistence_type="session",
                ),
                role="group", className="case-chips", **{"aria-label": told.CHIPS_NAME},
            ),
            dcc.Store(id="case-done"),
        ],
        className="case-controls",
    )  # fmt: skip


def _grid(rows: list[dict[str, Any]], words: Words) -> dag.AgGrid:
    names = words.caseload.COLUMNS
    columns: list[dict[str, Any]] = [
        {
            "field": field, "headerName": names[field], "flex": flex, "minWidth": least,
            "valueFormatter": {"function": "caseText(params)"}, "getQuickFilterText": {"function": "caseText(params)"},
            "wrapText": True, "autoHeight": True, "wrapHeaderText": True, "autoHeaderHeight": True,
        }
        for field, flex, least in COLUMNS
    ]  # fmt: skip
    columns[0] |= {"cellRenderer": "CasePerson", "pinned": "left", "flex": None, "width": 160}
    columns[1] |= {"sort": "asc"}
    hidden = {"hide": True, "suppressColumnsToolPanel": True}
    columns.append({"field": "card", "headerName": names["card"], "flex": 1, "cellRenderer": "CaseCard"} | hidden)
    columns[-1] |= {
        "autoHeight": True,
        "sortable": False,
        "cellDataType": False,
        "getQuickFilterText": {"function": "''"},
    }
    columns.append({"field": "tags", "filter": "agTextColumnFilter"} | hidden)
    few = len(rows) <= FEW
    return dag.AgGrid(
        id="case-grid",
        rowData=rows,
        columnDefs=columns,
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True, "filter": False},
        getRowId="params.data.id",
        dashGridOptions={
            "theme": {"function": "caseTheme(themeQuartz)"},
            "domLayout": "autoHeight" if few else "normal",
            "localeText": {"noRowsToShow": words.caseload.NOBODY, "noMatchingRows": words.caseload.NOBODY},
            "ensureDomOrder": True,
            "suppressColumnVirtualisation": True,
            "animateRows": False,
            "rowBuffer": 6,
        },
        eventListeners={"cellKeyDown": ["caseOpen(params)"], "gridSizeChanged": ["caseFit(params)"]},
        className="case-grid" if few else "case-grid tall",
        style={"height": None},
    )  # fmt: skip


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("caseload-body", "children"), Input("url", "pathname"))
    def fill(_path: str | None) -> list[Any]:
        return site.safely(lambda: body(_seen(site), site.now().astimezone(), site.words))

    app.clientside_callback(
        ClientsideFunction("caseload", "search"), Output("case-done", "data"), Input("case-search", "value")
    )
    app.clientside_callback(
        ClientsideFunction("caseload", "choose"), Output("case-grid", "filterModel"), Input("case-chips", "value")
    )
    app.clientside_callback(
        ClientsideFunction("caseload", "count"), Output("case-count", "children"),
        Input("case-grid", "virtualRowData"), State("case-grid", "rowData"),
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("caseload", "save"), Output("case-csv", "title"), Input("case-csv", "n_clicks"),
        prevent_initial_call=True,
    )  # fmt: skip


def _seen(site: Site) -> pd.DataFrame:
    """The cases of everybody the asker may see, and of nobody else."""
    people = site.people()
    judged = getattr(site.reader, "caseload", None)
    if people.empty or judged is None:
        return cases.unjudged(people)
    table: pd.DataFrame = judged(int(site.now().timestamp() * 1000), people["person_id"].astype(str).tolist())
    return table


PAGE = Page("caseload", frozenset({ORTHOTIST}), NOTHING, shell, register, script="dash_ag_grid")
