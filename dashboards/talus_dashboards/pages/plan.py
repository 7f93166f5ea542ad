"""What is agreed for this person: prescription, limits, what is judged, the next visit, exercises, goal, braces.

Nothing is overwritten without a way back, and each entry says when it was made.
"""

from typing import Any

import pandas as pd
from dash import Dash, Input, Output, State, html

from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.identity import ORTHOTIST
from talus_dashboards.page import PERSON, Page
from talus_dashboards.pages import entering, parts, plan_entries, plan_parts
from talus_dashboards.site import Site
from talus_dashboards.words import Words

KINDS = ("hours", "walking", "outdoors", "break_in", "none")
EXERCISES = ("dorsiflexion", "heel_raise", "hold", "single_leg_stand")
NO_MEASURE = "none"
NAMED = ("worn_h", *(one.column for one in MEASURES))
# part -> what the reader must be able to tell for it
PARTS = {"rx": "prescription_history", "headlines": "headlines", "limits": "thresholds", "visit": "visit",
         "exercise": "exercise_plan", "about": "person", "braces": "braces"}  # fmt: skip


def known(site: Site) -> list[str]:
    """The parts this database can hold."""
    return [name for name, question in PARTS.items() if hasattr(site.reader, question)]


def shell(site: Site) -> list[Any]:
    words, said = site.words, site.words.plan
    forms = {
        "rx": (said.RX_TITLE, _rx, plan_entries.BUTTONS["rx"]),
        "headlines": (said.HEADLINES_TITLE, _headlines, plan_entries.BUTTONS["headlines"]),
        "limits": (said.LIMITS_TITLE, _limits, plan_entries.BUTTONS["limits"]),
        "visit": (said.VISIT_TITLE, _visit, plan_entries.BUTTONS["visit"]),
        "exercise": (said.EXERCISES_TITLE, _exercise, plan_entries.BUTTONS["exercise"]),
        "about": (said.ABOUT_TITLE, _about, plan_entries.BUTTONS["about"]),
        "braces": (said.BRACES_TITLE, _braces, plan_entries.BUTTONS["braces"]),
    }
    cards = []
    for name in known(site):
        title, fields, buttons = forms[name]
        pressed = [
            entering.button(f"plan-do-{one}", said.BUTTONS[one], strong=at == 0) for at, one in enumerate(buttons)
        ]
        shown = html.Div(html.P(words.LOADING, className="note"), id=f"plan-{name}-body")
        form = entering.form(*fields(site, words), button=pressed)
        cards.append(parts.section(title, shown, form, plan_entries.said(name)))
    return [
        html.Div(html.H1(said.TITLE), id="plan-head"),
        entering.turn("plan"),
        parts.words_of(said.SUB, "sub"),
        html.Div(cards, className="person"),
    ]


def _legs(name: str, words: Words) -> Any:
    return entering.choice(name, words.diary.SIDE_LABEL, [(one, words.SIDE[one]) for one in ("left", "right")], "left")


def _rx(site: Site, words: Words) -> list[Any]:
    said = words.plan
    return [
        _legs("plan-rx-side", words),
        entering.choice("plan-rx-kind", said.KIND, [(one, said.KINDS[one]) for one in KINDS], "hours"),
        entering.day("plan-rx-day", said.FROM, site.now().date()),
        *(entering.number(f"plan-rx-{name}", said.HOURS[name], min=0, max=24) for name in plan_parts.HOURS),
    ]


def _headlines(_site: Site, words: Words) -> list[Any]:
    said = words.plan
    options = [(NO_MEASURE, said.NO_MEASURE), *((name, entering.measure(name, words)[0]) for name in NAMED)]
    better = list(said.BETTER.items())
    fields: list[Any] = []
    for at in (1, 2, 3):
        label = said.HEADLINE_LABEL.format(number=at)
        fields.append(entering.choice(f"plan-headline-{at}", label, options, NO_MEASURE))
        fields.append(entering.choice(f"plan-better-{at}", said.BETTER_LABEL.format(number=at), better, "up"))
    return [*fields, html.P(said.HEADLINES_HOW, className="note wide-field")]


def _limits(_site: Site, words: Words) -> list[Any]:
    said = words.plan
    return [entering.choice("plan-limit-name", said.LIMIT, [], None), entering.number("plan-limit-value", said.VALUE)]


def _visit(_site: Site, words: Words) -> list[Any]:
    return [entering.day("plan-visit-day", words.plan.VISIT_DAY)]


def _exercise(site: Site, words: Words) -> list[Any]:
    said = words.plan
    named = [(one, said.EXERCISES[one]) for one in EXERCISES]
    usual = {"sets_a_day": 2, "repetitions": 10, "days_a_week": 7}
    return [
        entering.choice("plan-exercise-name", said.EXERCISE, named, "dorsiflexion"),
        _legs("plan-exercise-side", words),
        entering.day("plan-exercise-day", said.FROM, site.now().date()),
        *(entering.number(f"plan-exercise-{name}", said.ASKED[name], value=value) for name, value in usual.items()),
    ]


def _about(_site: Site, words: Words) -> list[Any]:
    said = words.plan
    return [
        entering.number("plan-goal", said.GOAL), entering.number("plan-mass", said.MASS),
        entering.choice("plan-zone", said.ZONE, [(one, one) for one in plan_entries.zones()], None, searchable=True),
    ]  # fmt: skip


def _braces(_site: Site, words: Words) -> list[Any]:
    return [entering.choice("plan-brace", words.plan.BRACE, [], None), _legs("plan-leg", words)]


def bodies(site: Site, person: pd.Series) -> dict[str, Any]:
    """What stands in each part, by its name."""
    now, words, reader = entering.here(site, person), site.words, site.reader
    build = {
        "rx": lambda: plan_parts.prescriptions(reader, person, now, words),
        "headlines": lambda: plan_parts.headlines(reader, person, now, words),
        "limits": lambda: plan_parts.limits(reader, person, now, words),
        "visit": lambda: plan_parts.visit(reader, person, now, words),
        "exercise": lambda: plan_parts.exercises(reader, person, words),
        "about": lambda: plan_parts.about(reader, person, words),
        "braces": lambda: plan_parts.braces(reader, person, words),
    }
    return {name: build[name]() for name in known(site)}


def register(app: Dash, site: Site) -> None:
    names = known(site)
    options = [one for one in (("limits", "plan-limit-name"), ("braces", "plan-brace")) if one[0] in names]

    @app.callback(
        Output("plan-head", "children"), *(Output(f"plan-{name}-body", "children") for name in names),
        *(Output(field, "data") for _, field in options),
        Input("plan-turn", "data"), State("url", "pathname"),
    )  # fmt: skip
    def fill(_token: str | None, path: str | None) -> list[Any]:
        def built() -> tuple[Any, ...]:
            person = site.person(path, PAGE.name)
            words, found = site.words, bodies(site, person)
            head = html.H1(words.plan.TITLE_OF.format(label=person["label"]))
            given = {
                "limits": lambda: plan_parts.limit_options(site.reader, person, words),
                "braces": lambda: _brace_options(site, person),
            }
            return head, *(found[name] for name in names), *(given[name]() for name, _ in options)

        found = site.safely(built)
        if isinstance(found, tuple):
            return list(found)
        return [found, *([] for _ in names), *([] for _ in options)]

    @app.callback([Output(f"plan-rx-{name}", "disabled") for name in plan_parts.HOURS], Input("plan-rx-kind", "value"))
    def needed(kind: str | None) -> list[bool]:
        return [name not in plan_entries.NEEDED.get(kind or "", ()) for name in plan_parts.HOURS]

    plan_entries.register(app, site, PAGE.name, names)


def _brace_options(site: Site, person: pd.Series) -> list[dict[str, str]]:
    found = site.reader.braces(person["person_id"])
    return [{"value": row.device, "label": f"{row.device} ({site.words.SIDE[row.side]})"} for row in found.itertuples()]


PAGE = Page("plan", frozenset({ORTHOTIST}), PERSON, shell, register)
