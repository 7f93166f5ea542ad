"""What a person tells on any page: buttons, the one entry behind them, what was told, and taking it back.

Every place a page may have for it is found by its kind of id, so one callback serves them all. What is told is noted
and never judged; where an answer asks for care, the words of safety come with it at once.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from talus_dashboards.errors import Refused
from talus_dashboards.identity import ORTHOTIST, Who
from talus_dashboards.pages import ask, parts, skin
from talus_dashboards.pages.slots import digest
from talus_dashboards.reader import Reader, tellable
from talus_dashboards.site import Site
from talus_dashboards.words import Words

TICK_MS = 15_000
AHEAD_DAYS = 60
READ = "read"  # what was said is put away
HELPING = {"helping": "helping"}


def place(name: str, **props: Any) -> html.Div:
    """Where this module writes: "said" (what just happened), "told" (of today), "skin", "cards"."""
    return html.Div(id={"telling": name}, **props)


def clockwork() -> list[Any]:
    """What a page with such places needs beside them."""
    return [dcc.Interval(id={"telling-tick": "tick"}, interval=TICK_MS), dcc.Store(id={"telling-seen": "seen"})]


def helper(words: Words) -> dmc.Switch:
    return dmc.Switch(
        id=HELPING, label=words.tell.HELPING, description=words.tell.HELPING_HINT, size="lg", checked=False,
        persistence=True, persistence_type="session", className="helping",
    )  # fmt: skip


def sentence(one: Any, here: datetime, words: Words) -> str:
    """One row of `told` as it is said: what, of which leg, which answer."""
    texts = words.tell
    value = int(one.value)
    answer = texts.ANSWER.get(f"{one.what}_{value}", "")
    if one.what == "pain":
        answer = texts.OF_TEN.format(score=value)
    elif one.what in ("day_off", "new_shoes"):
        answer = words.day_long(one.day.date())
    line = texts.LINE_LEG if one.side else texts.LINE
    leg = words.SIDE_LEG_PLAIN.get(one.side, "")
    return str(line.format(what=texts.WHAT[one.what], leg=leg, answer=answer))


def told_now(reader: Reader, person: pd.Series, now: datetime) -> pd.DataFrame:
    """What was told today, also of yesterday and of days to come."""
    today = now.astimezone(ZoneInfo(person["zone"])).date()
    found = reader.told(str(person["person_id"]), today - timedelta(days=1), today + timedelta(days=AHEAD_DAYS))
    began = _at(today, person["zone"], 0)
    return found[((found["at_ms"] >= began) | (found["entered_ms"] >= began)).to_numpy(bool)]


def listed(told: pd.DataFrame, person: pd.Series, now: datetime, words: Words) -> list[Any]:
    """Today's list, each with its button to take it back."""
    texts, here = words.tell, now.astimezone(ZoneInfo(person["zone"]))
    if told.empty:
        return [parts.words_of(texts.TOLD_NONE)]
    rows = []
    for one in told.sort_values("entered_ms", ascending=False).itertuples():
        line = sentence(one, here, words)
        at = datetime.fromtimestamp(one.entered_ms / 1000, here.tzinfo)
        note = words.clock(at) if at.date() == here.date() else words.when(at, here)
        by = texts.BY.get(one.told_by)
        undo = html.Button(
            texts.UNDO, id={"untell": f"{one.what}/{one.side}/{one.entered_ms}"}, className="button",
            **{"aria-label": texts.UNDO_LABEL.format(told=line)},
        )  # fmt: skip
        said = html.Span([html.Span(line), html.Span(f"{note}, {by}" if by else note, className="note")])
        rows.append(html.Li([said, undo]))
    return [html.Ul(rows, className="told")]


def safety(what: str, value: int, words: Words) -> html.Div | None:
    """The words of safety an answer asks for, None where it asks for none."""
    if value not in tellable()[what].careful:
        return None
    lines = words.tell.SAFETY[what]
    shown = [words.COMFORT_ADVICE if line == "ADVICE" else line for line in lines]
    return parts.notice(words.tell.SAFETY_TITLE[what], *shown, kind="notice strong", level=2)


def _at(day: date, zone: str, hour: int = 12) -> int:
    return int(datetime.combine(day, time(hour), ZoneInfo(zone)).timestamp() * 1000)


def _teller(who: Who, helping: bool) -> str:
    if who.role == ORTHOTIST and who.account is not None:
        return "clinician"
    return "helper" if helping else "self"


def tell(site: Site, path: str | None, asked: str, leg: str, helping: bool) -> list[Any]:
    """Enter `what/value/side/days from today` ("=" for the leg chosen); what to say of it."""
    words, name = site.words, _page(site, path)
    person = site.person(path, name)
    try:
        what, value_text, side, shift = asked.split("/")
        value, days = int(value_text), int(shift)
        row = tellable()[what]
    except (ValueError, KeyError) as error:
        raise Refused(words.tell.UNKNOWN) from error
    now_ms, zone = site.desk.now_ms, str(person["zone"])
    today = site.now().astimezone(ZoneInfo(zone)).date()
    at_ms = _at(today + timedelta(days=days), zone) if row.of_day else now_ms
    side = leg if side == "=" else side
    by = _teller(site.who, helping)
    person_id = str(person["person_id"])
    kept = site.desk.enter(
        person_id, f"told {what}", lambda store: store.tell(person_id, what, value, side, by, at_ms, now_ms)
    )
    told = told_now(site.reader, person, site.now())
    mine = told[((told["what"] == what) & (told["side"] == side) & (told["entered_ms"] == kept)).to_numpy(bool)]
    line = sentence(next(mine.itertuples()), site.now(), words) if len(mine) else words.tell.WHAT[what]
    said: list[Any] = [html.P(words.tell.NOTED.format(told=line), className="done")]
    careful = safety(what, value, words)
    if careful is None:
        return said
    return [*said, careful, html.Button(words.tell.READ, id={"untell": READ}, className="button read")]


def take_back(site: Site, path: str | None, asked: str) -> list[Any]:
    """Take `what/side/entered` back; what to say of it."""
    words = site.words
    person = site.person(path, _page(site, path))
    try:
        what, side, entered = asked.split("/")
        entered_ms, name = int(entered), words.tell.WHAT[what]
    except (ValueError, KeyError) as error:
        raise Refused(words.tell.UNKNOWN) from error
    person_id = str(person["person_id"])
    told = told_now(site.reader, person, site.now())
    if not ((told["what"] == what) & (told["side"] == side) & (told["entered_ms"] == entered_ms)).any():
        raise Refused(words.tell.GONE)
    site.desk.enter(person_id, f"took back {what}", lambda store: store.untell(person_id, what, side, entered_ms))
    return [html.P(words.tell.TAKEN_BACK.format(told=name), className="done")]


def _page(site: Site, path: str | None) -> str:
    place = site.place(path)
    return place.page.name if place else ""


def legs(reader: Reader, person: pd.Series, words: Words) -> list[str]:
    braces = reader.braces(str(person["person_id"]))
    return [side for side in ("left", "right") if side in set(braces["side"])] if not braces.empty else []


def _built(site: Site, path: str | None, name: str) -> Any:
    """What stands in a place now."""
    person = site.person(path, _page(site, path))
    if name == "told":
        return listed(told_now(site.reader, person, site.now()), person, site.now(), site.words)
    if name == "skin":
        return skin.cards(site.reader, person, site.now(), site.words, always=_page(site, path) == "breakin")
    if name == "cards":
        return ask.cards(legs(site.reader, person, site.words), site.words)
    return no_update


def _pressed(site: Site, path: str | None, helping: list[bool | None], leg: list[str | None]) -> Any:
    """What to say of the button that was pressed; no_update where none was."""
    if not ctx.triggered or not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
        return no_update
    if "tell" in ctx.triggered_id:
        side = next((one for one in leg if one), "")
        asked = str(ctx.triggered_id["tell"])
        return site.told(lambda: tell(site, path, asked, side, any(helping)))
    if "untell" in ctx.triggered_id:
        taken = str(ctx.triggered_id["untell"])
        if taken == READ:
            return []
        return site.told(lambda: take_back(site, path, taken))
    return no_update


def register(app: Dash, site: Site) -> None:
    """Join the one callback; by the page that has most of its places."""

    @app.callback(
        Output({"telling": ALL}, "children"), Output({"telling-seen": ALL}, "data"),
        Input({"tell": ALL}, "n_clicks"), Input({"untell": ALL}, "n_clicks"),
        Input({"telling-tick": ALL}, "n_intervals"), State("url", "pathname"),
        State({"helping": ALL}, "checked"), State({"leg": ALL}, "value"), State({"telling": ALL}, "id"),
        State({"telling-seen": ALL}, "data"),
    )  # fmt: skip
    def fill(
        _told: Any, _taken: Any, _ticks: Any, path: str | None, helping: list[bool | None], leg: list[str | None],
        places: list[dict[str, str]], seen: list[dict[str, str] | None],
    ) -> tuple[list[Any], list[dict[str, str]]]:  # fmt: skip
        before = (seen[0] if seen else None) or {}
        said = _pressed(site, path, helping, leg)
        shown, digests = [], {}
        for one in places:
            name = one["telling"]
            if name == "said":
                shown.append(said)
                continue
            built = site.safely(lambda name=name: _built(site, path, name))  # type: ignore[misc]
            digests[name] = digest(built)
            shown.append(no_update if digests[name] == before.get(name) else built)
        return shown, [digests for _ in seen]
