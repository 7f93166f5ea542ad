"""What a fitting's buttons do, and their undo. Who comes second with an older picture is told, and sees the newer."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from talus_dashboards.errors import Refused
from talus_dashboards.pages import entering
from talus_dashboards.pages.fitting_steps import OWN, STEPS, WALKS
from talus_dashboards.site import Site

Typed = dict[str, Any]


class Entries:
    """The entries of one person's fitting. Each gives (what to say, the key of its way back)."""

    def __init__(self, site: Site, person: str, shown: dict[str, Any]) -> None:
        self.site, self.person, self.shown = site, person, shown
        self.said, self.words = site.words.fitting, site.words

    def begin(self, side: str) -> tuple[str, str]:
        now_ms = self.site.desk.now_ms
        began = self.site.desk.enter(
            self.person, "began a fitting", lambda store: store.begin_fitting(self.person, side, now_ms)
        )
        return self.said.BEGUN.format(side=self.words.SIDE_LEG[side]), f"fit|{began}" if began == now_ms else ""

    def step(self, outcome: str, figures: Typed, more: Typed) -> tuple[str, str]:
        """One step done or skipped; what it takes with it (a prescription, a walk) is kept with it or not at all."""
        step, beside = self.shown["step"], ""
        typed = {
            name: value for name, value in ((n, entering.amount(v)) for n, v in figures.items()) if value is not None
        }
        if outcome == "done" and step in WALKS:
            beside = f"|walk|{self._walk(WALKS[step], more)}"
        if outcome == "done" and step == "prescription":
            beside = self._prescribe(more)
        came = self.site.desk.enter(
            self.person, f"fitting, {step}: {outcome}",
            lambda store: store.enter_fitting(
                self.person, self.shown["side"], self.shown["began_ms"], step, outcome, typed,
                self.site.desk.now_ms, self.shown["seen_ms"],
            ),
        )  # fmt: skip
        entered = self.site.reader.fitting(self.person)["seen_ms"]
        return self.said.WAS[came].format(name=self.said.NAMES[step]), f"fit|{entered}{beside}"

    def _fresh(self) -> None:
        """Nothing is kept beside a step that would be refused for an older picture."""
        if self.site.reader.fitting(self.person)["seen_ms"] != self.shown["seen_ms"]:
            raise Refused(self.said.ELSEWHERE)

    def _walk(self, brace_on: bool, more: Typed) -> int:
        seconds = entering.amount(more["seconds"])
        if seconds is None:
            raise Refused(self.said.NO_TIME)
        metres = entering.amount(more["own_m"])
        if more["distance"] == OWN and metres is None:
            raise Refused(self.said.NO_METRES)
        self._fresh()
        distance = f"{metres:g}m" if more["distance"] == OWN else more["distance"]
        now_ms = self.site.desk.now_ms
        watch = more["watch"] or {}
        timed = watch.get("seconds") == seconds and 0 <= now_ms - watch["at_ms"] < 600_000
        at_ms = int(watch["at_ms"]) if timed else now_ms - round(1000 * seconds)
        self.site.desk.enter(
            self.person, "timed a walk",
            lambda store: store.add_timed_walk(self.person, at_ms, distance, seconds, brace_on, now_ms),
        )  # fmt: skip
        return at_ms

    def _prescribe(self, more: Typed) -> str:
        """Hours a day from today on; without hours the step stands on what was prescribed on the plan's page."""
        hours = entering.amount(more["hours"])
        if hours is None:
            return ""
        self._fresh()
        now_ms, side = self.site.desk.now_ms, self.shown["side"]
        row = self.site.people()
        mine = row[row["person_id"].astype(str) == self.person].iloc[0]
        day = entering.here(self.site, mine).date().isoformat()
        given = {"hours": hours, "hours_max": None, "hours_more": None}
        self.site.desk.enter(
            self.person, "prescribed hours",
            lambda store: store.prescribe(self.person, side, day, "hours", given, now_ms),
        )  # fmt: skip
        return f"|rx|{side}|{day}|{now_ms}"

    def end(self) -> tuple[str, str]:
        self.site.desk.enter(
            self.person, "ended a fitting",
            lambda store: store.end_fitting(
                self.person, self.shown["side"], self.shown["began_ms"], self.site.desk.now_ms, self.shown["seen_ms"]
            ),
        )  # fmt: skip
        newest = int(self.site.reader.fittings(self.person)["entered_ms"].max())
        return self.said.ENDED, f"fit|{newest}"

    def back(self, key: str) -> str:
        """Undo: "fit|entered", with the walk or the prescription that came with it; or a walk alone."""
        words = key.split("|")
        if words[0] == "fit":
            self.site.desk.enter(
                self.person, "took a step of a fitting back",
                lambda store: store.undo_fitting(self.person, int(words[1])),
            )  # fmt: skip
            words = words[2:]
        if words and words[0] == "walk":
            self.site.desk.enter(
                self.person, "took a timed walk back",
                lambda store: store.remove_timed_walk(self.person, int(words[1])),
            )  # fmt: skip
        if words and words[0] == "rx":
            self.site.desk.enter(
                self.person, "took a prescription back",
                lambda store: store.remove_prescription(self.person, words[1], words[2], int(words[3])),
            )  # fmt: skip
        return str(self.said.BACK)


def register(app: Dash, site: Site, page: str) -> None:
    once = entering.Once()

    def entries(path: str | None, shown: dict[str, Any] | None) -> Entries:
        return Entries(site, str(site.person(path, page)["person_id"]), shown or {})

    def entered(token: str | None, path: str | None, shown: dict[str, Any] | None, act: Any) -> tuple[Any, Any]:
        """Make an entry; who was refused for an older picture gets the newer one."""
        keys: list[str] = []

        def change() -> str:
            told, key = act(entries(path, shown))
            keys.append(key)
            return str(told)

        def dress(said: Any) -> Any:
            if not keys[0]:
                return said
            way = entering.take_back("fitting-said", keys[0], str(said.children), site.words)
            return html.Div([said, way], className="row")

        said, turned = entering.entry(site, once, token, change, dress)
        if turned is no_update and said is not no_update and shown:
            now = site.safely(lambda: site.reader.fitting(entries(path, shown).person))
            turned = entering.fresh() if isinstance(now, dict) and now["seen_ms"] != shown["seen_ms"] else no_update
        return said, turned

    @app.callback(
        Output("fitting-said", "children"), Output("fitting-turn", "data"), Output("fitting-view", "data"),
        Input("fitting-begin", "n_clicks"), State("fitting-side", "value"), State("fitting-turn", "data"),
        State("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def begin(_n: int | None, side: str, token: str | None, path: str | None) -> tuple[Any, Any, Any]:
        return *entered(token, path, None, lambda one: one.begin(side)), None

    @app.callback(
        Output("fitting-said", "children", allow_duplicate=True), Output("fitting-turn", "data", allow_duplicate=True),
        Output("fitting-view", "data", allow_duplicate=True), Output("fitting-seconds", "value", allow_duplicate=True),
        Output("fitting-watch", "data", allow_duplicate=True),
        Input("fitting-done", "n_clicks"), Input("fitting-skip", "n_clicks"),
        State({"type": "fitting-figure", "name": ALL}, "value"), State({"type": "fitting-figure", "name": ALL}, "id"),
        State("fitting-distance", "value"), State("fitting-own-m", "value"), State("fitting-seconds", "value"),
        State("fitting-watch", "data"), State("fitting-rx-hours", "value"),
        State("fitting-shown", "data"), State("fitting-turn", "data"), State("url", "pathname"),
        prevent_initial_call=True,
    )  # fmt: skip
    def step(
        _done: int | None, _skip: int | None, values: list[Any], names: list[dict[str, str]], distance: str, own_m: Any,
        seconds: Any, watch: Any, hours: Any, shown: dict[str, Any] | None, token: str | None, path: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not shown or not shown["step"]:
            return (no_update,) * 5
        outcome = "done" if ctx.triggered_id == "fitting-done" else "skipped"
        figures = {name["name"]: value for name, value in zip(names, values, strict=True)} if outcome == "done" else {}
        more = {"distance": distance, "own_m": own_m, "seconds": seconds, "watch": watch, "hours": hours}
        said, turned = entered(token, path, shown, lambda one: one.step(outcome, figures, more))
        if not isinstance(turned, str):
            return said, turned, no_update, no_update, no_update
        held = site.safely(lambda: site.reader.fitting(entries(path, shown).person))
        steps = held["steps"] if isinstance(held, dict) else {}
        view = shown["step"] if steps.get(shown["step"], {}).get("outcome") == "refused" else None
        return said, turned, view, "", None

    @app.callback(
        Output("fitting-view", "data", allow_duplicate=True),
        Input("fitting-previous", "n_clicks"), Input("fitting-next", "n_clicks"), State("fitting-shown", "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def turn(_previous: int | None, _next: int | None, shown: dict[str, Any] | None) -> Any:
        """Look at another step; nothing is entered."""
        if not shown:
            return no_update
        at = STEPS.index(shown["step"]) if shown["step"] else len(STEPS)
        at += -1 if ctx.triggered_id == "fitting-previous" else 1
        return STEPS[min(max(at, 0), len(STEPS) - 1)]

    @app.callback(
        Output("fitting-said", "children", allow_duplicate=True), Output("fitting-turn", "data", allow_duplicate=True),
        Output("fitting-view", "data", allow_duplicate=True),
        Input("fitting-end", "n_clicks"), State("fitting-shown", "data"), State("fitting-turn", "data"),
        State("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def end(_n: int | None, shown: dict[str, Any] | None, token: str | None, path: str | None) -> tuple[Any, Any, Any]:
        if not shown:
            return no_update, no_update, no_update
        return *entered(token, path, shown, lambda one: one.end()), None

    # Two of them: a button in an answer must not wait for the list of walks, which is filled anew just then.
    for kind in ("fitting-back", "fitting-said-back"):
        _back(app, site, once, entries, kind)


def _back(app: Dash, site: Site, once: entering.Once, entries: Any, kind: str) -> None:
    @app.callback(
        Output("fitting-said", "children", allow_duplicate=True), Output("fitting-turn", "data", allow_duplicate=True),
        Input({"type": kind, "key": ALL}, "n_clicks"), State("fitting-turn", "data"),
        State("url", "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def back(_n: list[int | None], token: str | None, path: str | None) -> tuple[Any, Any]:
        key = entering.pressed(ctx.triggered)
        if key is None:
            return no_update, no_update
        return entering.entry(site, once, token, lambda: entries(path, None).back(key))
