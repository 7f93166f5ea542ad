"""Refreshing a page without disturbing its reader: only the slots whose content changed are filled anew.

Dash builds everything it is handed from nothing, so a page handed over whole would close an opened table and lose the
keyboard's place every half minute.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from dash import html, no_update
from plotly.utils import PlotlyJSONEncoder

FRAME = ""  # the name of what is around the slots


def slot(name: str, children: Any, **props: str) -> html.Div:
    """A place whose content may change while the page is read; names are unique on a page."""
    return html.Div(children, id={"slot": name}, **props)


def changed(built: list[Any], shown: list[str], seen: dict[str, str]) -> tuple[Any, dict[str, str], list[Any]]:
    """Compare a page built just now with the one shown: `shown` its slots in order, `seen` the digests sent with it.

    Returns what to do with the page's children, the new digests, and what to do with each of `shown`. Where the frame
    itself is another, the page is sent whole.
    """
    slots = {one.id["slot"]: one for one in _slots(built)}
    contents = {name: one.children for name, one in slots.items()}
    digests = {name: digest(children) for name, children in contents.items()}
    for one in slots.values():
        one.children = None
    digests[FRAME] = digest(built)
    for name, one in slots.items():
        one.children = contents[name]
    if digests[FRAME] != seen.get(FRAME) or set(shown) != set(slots):
        return built, digests, [no_update] * len(shown)
    return no_update, digests, [no_update if digests[name] == seen.get(name) else contents[name] for name in shown]


def digest(part: Any) -> str:
    """A short mark that is another where the components differ."""
    return hashlib.sha256(json.dumps(part, cls=PlotlyJSONEncoder).encode()).hexdigest()


def _slots(part: Any) -> Iterator[Any]:
    """Every slot in a tree of components, outermost only: what is inside one goes with it."""
    for one in part if isinstance(part, list | tuple) else [part]:
        if isinstance(getattr(one, "id", None), dict) and "slot" in one.id:
            yield one
        elif hasattr(one, "children"):
            yield from _slots(one.children)
