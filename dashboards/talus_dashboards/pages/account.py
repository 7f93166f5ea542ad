"""What is mine here: the language, the way in and out; for a patient also who may see the data, and who did.

Passwords are not typed here but in plain forms of the entrance, which alone may set a session's cookie.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from talus_dashboards.errors import NotHere, ReadError, Refused
from talus_dashboards.identity import PATIENT, ROLES, Who
from talus_dashboards.keeper import Keeper
from talus_dashboards.page import NOTHING, Page
from talus_dashboards.pages import parts
from talus_dashboards.site import Site
from talus_dashboards.words import LANGUAGES, Words

LOOKS = 100
BEGIN, END = "begin", "end"


def shell(site: Site) -> list[Any]:
    return [
        dcc.Location(id="account-go", refresh=True),
        dcc.Store(id="account-again", data=0),
        html.Div(html.P(site.words.LOADING, className="note"), id="account-body", className="account"),
        html.Div(id="account-said"),
    ]


def body(site: Site) -> list[Any]:
    """Everything the asker may know and set of themselves."""
    words, who, keeper = site.words, site.who, site.keeper
    told = words.account
    head = [html.H1(told.TITLE)]
    if keeper is None:
        return [*head, parts.section(told.TITLE, parts.words_of(told.NONE))]
    mine = _of_patient(site, keeper) if who.role == PATIENT else []
    return [
        *head,
        html.P(told.AS.format(name=who.name, role=told.ROLE[who.role]), className="sub"),
        parts.section(told.LANGUAGE, _languages(words)),
        parts.section(
            told.GETTING_IN,
            html.A(told.PASSWORD, href="/password", className="button go"),
            html.A(told.LOGOUT, href="/logout", className="button go"),
        ),
        *mine,
    ]


def _languages(words: Words) -> Any:
    chosen = [dmc.Radio(label=one.account.LANGUAGE_NAME, value=name) for name, one in LANGUAGES.items()]
    return dmc.RadioGroup(
        dmc.Stack(chosen, gap="xs"), id="account-language", value=words.LANG, **{"aria-label": words.account.LANGUAGE}
    )


def _of_patient(site: Site, keeper: Keeper) -> list[Any]:
    own = site.people()
    if own.empty:
        raise NotHere
    person = own.iloc[0]
    words, person_id = site.words, str(person["person_id"])
    here = ZoneInfo(str(person["zone"]))
    asked = {name: getattr(site.reader, name, None) for name in ("consents", "paused")}
    cards = [seers(keeper.seers(person_id), words)]
    if asked["consents"]:
        cards.append(consents(asked["consents"](person_id), here, words))
    if asked["paused"]:
        cards.append(pauses(asked["paused"](person_id), here, words))
    return [*cards, looks(keeper.looks(person_id, site.who, LOOKS), site.now().astimezone(here), words)]


def seers(counts: pd.DataFrame, words: Words) -> html.Section:
    """Who else may see the data, by role. counts: see Keeper.seers; one of the patients is who asks."""
    told = words.account
    by_role = counts.set_index("role")["accounts"]
    others = (("patient", told.COUNT_PATIENT, -1), ("orthotist", told.COUNT_ORTHOTIST, 0))
    said = [
        words.plural(count, *names)
        for role, names, less in others
        if (count := int(by_role.get(role, 0)) + less) > 0
    ]  # fmt: skip
    sentence = told.SEERS_LIST.format(who=words.listed(said)) if said else told.SEERS_YOU
    return parts.section(told.SEERS, parts.words_of(sentence), parts.words_of(told.SEERS_NOTE, "note"))


def consents(given: pd.DataFrame, here: ZoneInfo, words: Words) -> html.Section:
    """given: purpose, from_utc, until_utc (NaT: holds)."""
    told = words.account
    rows = [
        html.Li(
            (told.CONSENT if pd.isna(one.until_utc) else told.CONSENT_ENDED).format(
                purpose=told.PURPOSE.get(one.purpose, one.purpose), **_span(one, here, words)
            )
        )
        for one in given.itertuples()
    ]
    return parts.section(told.CONSENTS, html.Ul(rows) if rows else parts.words_of(told.CONSENTS_NONE))


def pauses(known: pd.DataFrame, here: ZoneInfo, words: Words) -> html.Section:
    """known: from_utc, until_utc (NaT: open). One button: it begins a pause, or ends the open one."""
    told = words.account
    rows = [
        html.Li((told.PAUSE_OPEN if pd.isna(one.until_utc) else told.PAUSE).format(**_span(one, here, words)))
        for one in known.itertuples()
    ]
    opened = bool(known["until_utc"].isna().any())
    return parts.section(
        told.PAUSES,
        html.Ul(rows) if rows else parts.words_of(told.PAUSES_NONE),
        html.Button(
            told.PAUSE_END if opened else told.PAUSE_BEGIN,
            id={"account-pause": END if opened else BEGIN},
            className="button",
            n_clicks=0,
        ),
        parts.words_of(told.PAUSES_NOTE, "note"),
    )


def _span(one: Any, here: ZoneInfo, words: Words) -> dict[str, str]:
    def told(moment: datetime) -> str:
        local = moment.astimezone(here)
        return f"{words.day_short(local.date())} {local.year}, {words.clock(local)}"

    return {"first": told(one.from_utc), "last": "" if pd.isna(one.until_utc) else told(one.until_utc)}


def looks(trail: pd.DataFrame, now: datetime, words: Words) -> html.Section:
    """What others did about this person. trail: see Keeper.looks; now: on the person's wall."""
    told = words.account
    if trail.empty:
        return parts.section(told.LOOKS, parts.words_of(told.LOOKS_NONE))
    rows = [
        html.Li(
            told.LOOK.format(
                when=words.when(one.at_utc.astimezone(now.tzinfo), now),
                who=told.ROLE.get(one.role, one.role),
                what=_did(one, words),
            )
        )
        for one in trail.itertuples()
    ]
    return parts.section(told.LOOKS, html.Ul(rows, className="looks"), parts.words_of(told.LOOKS_NOTE, "note"))


def _did(one: Any, words: Words) -> str:
    actions = words.account.ACTION
    return str(actions.get(one.action, actions["other"]).format(page=words.PAGES.get(one.what, one.what)))


def chosen(site: Site, language: str | None) -> tuple[Any, Any]:
    """Keep a language; where to go then, and what to say where it was not kept."""
    who: Who = site.who
    if site.keeper is None or language not in LANGUAGES or language == site.words.LANG:
        return no_update, no_update
    try:
        site.keeper.set_language(who, language)
    except (Refused, ReadError):
        return no_update, html.P(site.words.account.KEPT_NOT, role="alert", className="refused")
    return f"/account?language={language}", no_update


def paused(site: Site, ends: bool) -> Any:
    """Begin a pause now, or end the open one; what to say of it."""
    told, person_id, now_ms = site.words.account, site.who.person or "", site.desk.now_ms

    def begin(store: Any) -> None:
        store.pause(person_id, now_ms, None, now_ms)

    def end(store: Any) -> None:
        store.end_pause(person_id, now_ms)

    def enter() -> str:
        site.desk.enter(person_id, "pause ended" if ends else "pause", end if ends else begin)
        return str(told.PAUSE_ENDED if ends else told.PAUSE_BEGUN)

    return site.entered(enter)


def register(app: Dash, site: Site) -> None:
    @app.callback(Output("account-body", "children"), Input("url", "pathname"), Input("account-again", "data"))
    def fill(_path: str | None, _again: int) -> list[Any]:
        return site.safely(lambda: body(site))

    @app.callback(
        Output("account-go", "href"),
        Output("account-said", "children"),
        Input("account-language", "value"),
        prevent_initial_call=True,
    )
    def choose(language: str | None) -> tuple[Any, Any]:
        return chosen(site, language)

    @app.callback(
        Output("account-said", "children", allow_duplicate=True),
        Output("account-again", "data"),
        Input({"account-pause": ALL}, "n_clicks"),
        State("account-again", "data"),
        prevent_initial_call=True,
    )
    def pause(clicks: list[int | None], again: int) -> tuple[Any, Any]:
        if not any(clicks) or site.who.role != PATIENT:
            return no_update, no_update
        return paused(site, ctx.triggered_id["account-pause"] == END), again + 1


PAGE = Page(
    "account", frozenset(ROLES), NOTHING, shell, register, menu=lambda site: site.keeper is not None
)  # fmt: skip
