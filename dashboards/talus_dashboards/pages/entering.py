"""What every page with a form is built from: fields, a place that answers at once, and an entry that is made once.

A form's token is used up by the entry it made: a double click or a request sent twice makes no second one. What was
refused uses nothing up.
"""

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html, no_update

from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.pages.today import local
from talus_dashboards.site import Site
from talus_dashboards.words import Words

KEPT = 4096  # tokens remembered
# One digit more than a page of days has, so that a difference is that of the two figures beside it.
DIGITS = {one.column: max(one.digits, 1) for one in MEASURES} | {"steps": 0, "worn_h": 1}


class Once:
    """What was answered to each token that was used up: who asks again gets that answer, and makes no second entry.

    A browser throws the first of two answers away when the second request left before it came.
    """

    def __init__(self) -> None:
        self._slots: OrderedDict[str, tuple[Lock, list[Any]]] = OrderedDict()
        self._lock = Lock()

    def made(self, token: str, make: Callable[[], tuple[Any, bool]]) -> Any:
        """What `make` gives, or what it gave for this token. make: the answer, and whether it used the token up."""
        with self._lock:
            lock, answers = self._slots.setdefault(token, (Lock(), []))
            if len(self._slots) > KEPT:
                self._slots.popitem(last=False)
        with lock:
            if answers:
                return answers[0]
            answer, used = make()
            if used:
                answers.append(answer)
            return answer


def fresh() -> str:
    return secrets.token_hex(8)


def entry(
    site: Site,
    once: Once,
    token: str | None,
    change: Callable[[], str],
    dress: Callable[[Any], Any] = lambda said: said,
) -> tuple[Any, Any]:
    """(what to say, the next token: no_update where nothing was entered). dress: what is put about a taken entry."""
    if not token:
        return no_update, no_update

    def make() -> tuple[tuple[Any, Any], bool]:
        said = site.entered(change)
        if said.className != "done":
            return (said, no_update), False
        return (dress(said), fresh()), True

    found: tuple[Any, Any] = once.made(token, make)
    return found


def turn(name: str) -> dcc.Store:
    """Holds the token of the page's forms; a new one makes the page look again."""
    return dcc.Store(id=f"{name}-turn", data=fresh())


def said(name: str) -> html.Div:
    """Where a page answers an entry: there from the start, so that it is read aloud."""
    return html.Div(id=f"{name}-said", className="said", **{"aria-live": "polite"})


def form(*fields: Any, button: Any) -> html.Div:
    return html.Div([*fields, html.Div(button, className="form-end")], className="form")


def day(name: str, label: str, value: date | None = None, **props: Any) -> dmc.TextInput:
    """A day in the browser's own date field: typed or picked, ISO either way."""
    return dmc.TextInput(
        id=name, label=label, value=value.isoformat() if value else "", attributes={"input": {"type": "date"}}, **props
    )


def number(name: str, label: str, **props: Any) -> dmc.NumberInput:
    return dmc.NumberInput(id=name, label=label, hideControls=True, **props)


def choice(name: str, label: str, options: Sequence[tuple[str, str]], value: str | None, **props: Any) -> dmc.Select:
    data = [{"value": key, "label": text} for key, text in options]
    return dmc.Select(id=name, label=label, data=data, value=value, allowDeselect=False, **props)


def button(name: Any, label: str, *, strong: bool = True, **props: Any) -> html.Button:
    return html.Button(label, id=name, type="button", className="button strong" if strong else "button", **props)


def take_back(page: str, key: str, label: str, words: Words) -> html.Button:
    """A button for one entry of a list; `label` says which, for who hears it alone."""
    told = words.entering.TAKE_BACK_OF.format(label)
    name = {"type": f"{page}-back", "key": key}
    return html.Button(words.entering.TAKE_BACK, id=name, type="button", className="button", **{"aria-label": told})


def pressed(triggered: Any) -> str | None:
    """The key of the button of a list that was really pressed; None for one that only appeared."""
    for one in triggered:
        if one["value"]:
            name = one["prop_id"].rpartition(".")[0]
            return str(json.loads(name)["key"]) if name.startswith("{") else None
    return None


def amount(typed: Any) -> float | None:
    """What a number field holds; None where it is empty."""
    if typed is None or typed == "":
        return None
    return float(typed)


def measure(name: str, words: Words) -> tuple[str, str]:
    """(name, unit) of a figure of a day."""
    found: tuple[str, str] = words.MEASURES.get(name) or words.entering.MORE_MEASURES.get(name) or (name, "")
    return found


def figure(value: float, name: str, words: Words, *, signed: bool = False) -> str:
    """A value of a measure as it is printed everywhere."""
    if pd.isna(value):
        return str(words.entering.NONE)
    text = words.number(float(value), DIGITS.get(name, 2))
    return f"+{text}" if signed and value > 0 else text


def here(site: Site, person: pd.Series) -> datetime:
    """Now, where the person is."""
    return site.now().astimezone(ZoneInfo(person["zone"]))


def entered(utc: Any, now: datetime, words: Words, by: str = "") -> str:
    """When something was entered, and by whom where that is known."""
    when = words.when(local(utc, now), now)
    said: str = words.entering.ENTERED_BY if by else words.entering.ENTERED
    return said.format(when=when, by=by)


def ms(utc: Any) -> int:
    """A moment of a table as UTC milliseconds."""
    return round(pd.Timestamp(utc).timestamp() * 1000)
