"""The few shapes every page is built from: a section, a figure with its sentence, key and table, a notice."""

import json
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from talus_dashboards.figures.drawing import Drawing, config
from talus_dashboards.pages.slots import slot
from talus_dashboards.words import Words

Children = Any
WIDE = 4  # columns that do not fit beside each other on a phone


def section(title: str, *children: Children, level: int = 2, wide: bool = False) -> html.Section:
    """A card with its heading."""
    heading = html.H2(title) if level == 2 else html.H3(title)
    return html.Section([heading, *children], className="card wide" if wide else "card")


def words_of(text: str, kind: str = "say") -> html.P:
    return html.P(text, className=kind)


def notice(title: str, *lines: str, kind: str = "notice", level: int = 3) -> html.Div:
    """A box a reader must not miss. It carries a border and a heading: never colour alone."""
    heading = html.H2(title) if level == 2 else html.H3(title)
    return html.Div([heading, *(html.P(line) for line in lines)], className=kind)


def drawing(
    drawn: Drawing, name: str, title: str, words: Words, *, text_first: bool = True, keyed: bool = True,
    handle: Any = None,
    folded: bool = True,
) -> html.Div:  # fmt: skip
    """A figure as everybody can have it: its sentence, the picture labelled with that sentence, its key, its table.

    handle: the graph's id where callbacks listen to it, else its name. folded: False where its table stands beside it.
    """
    sentence = slot(f"{name} sentence", html.P(drawn.text, className="say" if text_first else "note"))
    if drawn.figure is None:
        return html.Div([sentence], className="drawing")
    drawn.figure.update_layout(separators=words.DECIMAL + words.THOUSANDS)
    picture = html.Div(
        dcc.Graph(
            figure=drawn.figure,
            config=config(),
            id=handle or name,
            style={"height": f"{drawn.height_px}px"},
            responsive=True,
        ),
        role="img",
        className="picture",
        **{"aria-label": f"{title}. {drawn.text}"},
    )
    told = [key(drawn.key)] if keyed else []
    picture = slot(f"{name} picture", picture)
    parts = [sentence, picture, *told] if text_first else [picture, *told, sentence]
    if folded:
        parts.append(folded_table(name, title, drawn.columns, drawn.rows, words))
    return html.Div(parts, className="drawing")


def key(pairs: Sequence[tuple[str, str]]) -> html.Ul:
    return html.Ul(
        [html.Li([html.Span(className=f"swatch {swatch}", **{"aria-hidden": "true"}), word]) for swatch, word in pairs],
        className="key",
    )


def folded_table(name: str, title: str, columns: Sequence[str], rows: list[list[str]], words: Words) -> html.Details:
    shown = table(name, title, columns, rows, words)
    return html.Details([html.Summary(words.SHOW_TABLE), shown], className="fold")


def table(name: str, title: str, columns: Sequence[str], rows: list[list[str]], words: Words) -> html.Div:
    # The box scrolls, so it must be reachable by keyboard and have a name. On a phone a wide table's rows become
    # blocks, each cell with its column's name before it: the style sheet takes the names from here.
    names = {f"--column-{at}": json.dumps(column, ensure_ascii=False) for at, column in enumerate(columns, start=1)}
    return html.Div(
        slot(f"{name} rows", dmc.Table(data={"head": list(columns), "body": rows}, striped=True, tabularNums=True)),
        className="rows wide" if len(columns) >= WIDE else "rows",
        style=names,
        role="region",
        tabIndex=0,
        **{"aria-label": words.TABLE_OF.format(title)},
    )
