"""The entries of the plan, each with its undo: all go through the desk, and the store says what does not fit."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from talus_dashboards.desk import EXERCISE_LIMITS
from talus_dashboards.errors import Refused
from talus_dashboards.pages import checks, entering, plan_parts
from talus_dashboards.site import Site

# part -> its buttons, the first of them the usual one
BUTTONS = {
    "rx": ("rx",), "headlines": ("headlines",), "limits": ("limits",), "visit": ("visit",),
    "exercise": ("exercise",), "about": ("goal", "mass", "zone"), "braces": ("braces",),
}  # fmt: skip
FIELDS = {
    "rx": ("plan-rx-side", "plan-rx-kind", "plan-rx-day", *(f"plan-rx-{name}" for name in plan_parts.HOURS)),
    "headlines": tuple(f"plan-{what}-{at}" for at in (1, 2, 3) for what in ("headline", "better")),
    "limits": ("plan-limit-name", "plan-limit-value"),
    "visit": ("plan-visit-day",),
    "exercise": tuple(
        f"plan-exercise-{name}" for name in ("name", "side", "day", "sets_a_day", "repetitions", "days_a_week")
    ),
    "goal": ("plan-goal",),
    "mass": ("plan-mass",),
    "zone": ("plan-zone",),
    "braces": ("plan-brace", "plan-leg"),
}
ABOUT = ("plan-goal", "plan-mass", "plan-zone")
OF_KEY = {"rx": "rx", "headline": "headlines", "limit": "limits", "visit": "visit", "exercise": "exercise",
          "goal": "about", "mass": "about", "zone": "about", "leg": "braces"}  # fmt: skip
NEEDED = {"hours": ("hours",), "break_in": ("hours", "hours_max", "hours_more")}


def zones() -> list[str]:
    """Places to choose from; what only a program would call a zone is left out."""
    return sorted(one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix", "right")))


def said(part: str) -> html.Div:
    """Where a part answers, whichever of its buttons was pressed."""
    return html.Div(id={"type": "plan-said", "part": part}, className="said", **{"aria-live": "polite"})


class Entries:
    """What each button does for one person; each gives (what to say, the key of its way back or "")."""

    def __init__(self, site: Site, person: str) -> None:
        self.site, self.person = site, person
        self.words, self.said = site.words, site.words.plan

    def _enter(self, what: str, change: Callable[[Any], Any]) -> Any:
        return self.site.desk.enter(self.person, what, change)

    def rx(self, side: str, kind: str, day: str, *hours: Any) -> tuple[str, str]:
        wanted = NEEDED.get(kind, ())
        typed = {
            name: entering.amount(value) if name in wanted else None
            for name, value in zip(plan_parts.HOURS, hours, strict=True)
        }
        checks.day(day, self.said.FROM, self.words)
        for name in wanted:
            checks.hours(typed[name], self.said.HOURS[name], self.words)
        if kind == "break_in":
            checks.at_most(typed["hours"], typed["hours_max"], self.said.HOURS["hours"], self.words)
        now_ms = self.site.desk.now_ms
        self._enter(
            f"prescribed {kind}", lambda store: store.prescribe(self.person, side, day or None, kind, typed, now_ms)
        )
        row = {"side": side, "kind": kind, "from_day": day} | typed
        return self.said.RX_DONE.format(what=plan_parts.prescribed(row, self.words)), f"rx|{side}|{day}|{now_ms}"

    def headlines(self, *typed: str) -> tuple[str, str]:
        pairs = [pair for pair in zip(typed[::2], typed[1::2], strict=True) if pair[0] != "none"]
        names = [entering.measure(measure, self.words)[0] for measure, _ in pairs]
        if not names:
            raise Refused(self.said.HEADLINES_EMPTY)
        for name in names:
            if names.count(name) > 1:
                raise Refused(self.said.HEADLINES_TWICE.format(name=name))
        chosen = [SimpleNamespace(measure=measure, better=better) for measure, better in pairs]
        now_ms = self.site.desk.now_ms
        self._enter("chose headline measures", lambda store: store.choose_headlines(self.person, chosen, now_ms))
        return self.said.HEADLINES_DONE.format(names=self.words.listed(names)), f"headline|{now_ms}"

    def limits(self, name: str | None, value: Any) -> tuple[str, str]:
        amount = entering.amount(value)
        if name is None or amount is None:
            raise Refused(self.said.LIMIT_EMPTY)
        known = self.site.reader.thresholds(self.person).set_index("name").loc[name]
        label = self.said.LIMITS.get(name, name)
        checks.within(amount, known["low"], known["high"], label, self.words)
        account, now_ms = self.site.who.account, self.site.desk.now_ms
        self._enter(
            f"set the limit {name}",
            lambda store: store.set_threshold(self.person, name, amount, account, now_ms),
        )
        return self.said.LIMIT_DONE.format(
            name=label, value=plan_parts.with_unit(amount, known["unit"], self.words)
        ), f"limit|{name}"

    def visit(self, day: str | None) -> tuple[str, str]:
        if day:
            wanted, row = checks.day(day, self.said.VISIT_TITLE, self.words), self.site.reader.person(self.person)
            if wanted < self.site.now().astimezone(ZoneInfo(row["zone"])).date():
                told = {"field": self.said.VISIT_TITLE, "day": self.words.day_row(wanted)}
                raise Refused(self.words.entering.OVER.format(**told))
        account, now_ms = self.site.who.account, self.site.desk.now_ms
        self._enter("planned a visit", lambda store: store.plan_visit(self.person, day or None, account, now_ms))
        return self.said.VISIT_DONE if day else self.said.VISIT_OFF, f"visit|{day}"

    def exercise(self, name: str, side: str, day: str, *asked: Any) -> tuple[str, str]:
        numbers = dict(zip(("sets_a_day", "repetitions", "days_a_week"), map(entering.amount, asked), strict=True))
        for field, value in numbers.items():
            checks.within(value, *EXERCISE_LIMITS[field], self.said.ASKED[field], self.words, whole=True)
        checks.day(day, self.said.FROM, self.words)
        now_ms = self.site.desk.now_ms
        self._enter(
            f"planned the exercise {name}",
            lambda store: store.plan_exercise(self.person, name, side, day or None, numbers, now_ms),
        )
        return self.said.EXERCISE_DONE.format(name=self.said.EXERCISES[name]), "exercise|"

    def goal(self, typed: Any) -> tuple[str, str]:
        old, new = self.site.reader.person(self.person)["goal_h"], entering.amount(typed)
        if new is not None:
            checks.hours(new, self.said.GOAL, self.words)
        self._enter("set the wear goal", lambda store: store.set_goal(self.person, new))
        told = self.said.GOAL_IS.format(goal=self.words.duration(60 * new)) if new else self.said.GOAL_NONE
        return told, f"goal|{'' if old is None else old}"

    def mass(self, typed: Any) -> tuple[str, str]:
        old, new = self.site.reader.person(self.person)["mass_kg"], entering.amount(typed)
        if new is not None:
            checks.within(new, *checks.MASS_KG, self.said.MASS, self.words)
        self._enter("set the body mass", lambda store: store.set_mass(self.person, new))
        told = self.said.MASS_IS.format(mass=self.words.number(new, 1)) if new else self.said.MASS_NONE
        return told, f"mass|{'' if old is None else old}"

    def zone(self, zone: str | None) -> tuple[str, str]:
        now_ms = self.site.desk.now_ms
        self._enter("changed the time zone", lambda store: store.set_zone(self.person, zone or "", now_ms))
        return self.said.ZONE_IS.format(zone=zone), f"zone|{now_ms}"

    def braces(self, device: str | None, side: str) -> tuple[str, str]:
        found = self.site.reader.braces(self.person)
        mine = found[(found["device"] == device).to_numpy(bool)]
        if mine.empty:
            raise Refused(self.said.BRACE_EMPTY)
        old = str(mine["side"].iloc[0])
        self._enter(f"set the leg of brace {device}", lambda store: store.assign(device, self.person, side))
        return self.said.BRACE_DONE.format(device=device, side=self.words.SIDE[side]), f"leg|{device}|{old}"

    def back(self, key: str) -> str:
        """Undo one entry."""
        what, *rest = key.split("|")
        account, now_ms = self.site.who.account, self.site.desk.now_ms
        number = float(rest[0]) if what in ("goal", "mass") and rest[0] else None
        undo: dict[str, Callable[[Any], Any]] = {
            "rx": lambda store: store.remove_prescription(self.person, rest[0], rest[1], int(rest[2])),
            "headline": lambda store: store.undo_headlines_of(self.person, int(rest[0])),
            "limit": lambda store: store.set_threshold(
                self.person, rest[0], None, account, self._after(rest[0], now_ms)
            ),
            "visit": lambda store: store.undo_visit(self.person),
            "exercise": lambda store: store.undo_exercise_plan(self.person),
            "goal": lambda store: store.set_goal(self.person, number),
            "mass": lambda store: store.set_mass(self.person, number),
            "zone": lambda store: store.end_journey(self.person, int(rest[0])),
            "leg": lambda store: store.assign(rest[0], self.person, rest[1]),
        }
        self._enter(f"took back: {what}", undo[what])
        return str(self.said.BACK[what])

    def _after(self, limit: str, now_ms: int) -> int:
        """A moment later than that of the limit's own entry: of two entries of one moment neither would hold."""
        known = self.site.reader.thresholds(self.person)
        entered = known.loc[(known["name"] == limit).to_numpy(bool), "entered_ms"].max()
        return now_ms if entered != entered else max(now_ms, int(entered) + 1)


def register(app: Dash, site: Site, page: str, names: list[str]) -> None:
    once = entering.Once()

    def entries(path: str | None) -> Entries:
        return Entries(site, str(site.person(path, page)["person_id"]))

    for part in names:
        for button in BUTTONS[part]:
            _joined(app, site, once, entries, part, button)

    # Two of them: a button in an answer must not wait for the lists beneath, which are filled anew just then.
    for kind in ("plan-back", "plan-said-back"):
        _back(app, site, once, entries, kind, ABOUT if "about" in names else ())
    if "about" in names:
        _prefilled(app, site, page)


def _prefilled(app: Dash, site: Site, page: str) -> None:
    """Once, as the page opens: filled anew after each entry, a field would lose what was typed meanwhile."""

    @app.callback([Output(field, "value") for field in ABOUT], Input("plan-turn", "id"), State("url", "pathname"))
    def fill(_name: str, path: str | None) -> list[Any]:
        found = site.safely(lambda: so(site, str(site.person(path, page)["person_id"])))
        return found if isinstance(found, list) else ["" for _ in ABOUT]


def so(site: Site, person: str) -> list[Any]:
    """What holds for the fields of ABOUT, so that saving one of them changes nothing else."""
    known = site.reader.person(person)
    return [known["goal_h"] or "", known["mass_kg"] or "", known["zone"]]


def _back(
    app: Dash,
    site: Site,
    once: entering.Once,
    entries: Callable[[str | None], Entries],
    kind: str,
    fields: Sequence[str],
) -> None:
    @app.callback(
        Output({"type": "plan-said", "part": ALL}, "children", allow_duplicate=True),
        Output("plan-turn", "data", allow_duplicate=True),
        *(Output(field, "value", allow_duplicate=True) for field in fields),
        Input({"type": kind, "key": ALL}, "n_clicks"), State("plan-turn", "data"), State("url", "pathname"),
        prevent_initial_call=True,
    )  # fmt: skip
    def back(_n: list[int | None], token: str | None, path: str | None) -> tuple[Any, ...]:
        key = entering.pressed(ctx.triggered)
        places = [place["id"]["part"] for place in ctx.outputs_list[0]]
        as_typed = [no_update] * len(fields)
        if key is None:
            return [no_update] * len(places), no_update, *as_typed
        told, token = entering.entry(site, once, token, lambda: entries(path).back(key))
        mine = OF_KEY[key.partition("|")[0]]
        shown = so(site, entries(path).person) if mine == "about" else as_typed
        return [told if part == mine else no_update for part in places], token, *shown


def _joined(
    app: Dash, site: Site, once: entering.Once, entries: Callable[[str | None], Entries], part: str, button: str
) -> None:
    """One button of the plan and the fields it takes."""

    @app.callback(
        Output({"type": "plan-said", "part": part}, "children", allow_duplicate=True),
        Output("plan-turn", "data", allow_duplicate=True),
        Input(f"plan-do-{button}", "n_clicks"), *(State(field, "value") for field in FIELDS[button]),
        State("plan-turn", "data"), State("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def enter(_n: int | None, *given: Any) -> tuple[Any, Any]:
        *typed, token, path = given
        keys: list[str] = []

        def change() -> str:
            told, key = getattr(entries(path), button)(*typed)
            keys.append(key)
            return str(told)

        def dress(said: Any) -> Any:
            way = entering.take_back("plan-said", keys[0], str(said.children), site.words)
            return html.Div([said, way], className="row")

        return entering.entry(site, once, token, change, dress)
