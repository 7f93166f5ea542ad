"""A fitting's button that reads the brace over the live link: what comes fills the fields, and nothing is entered.

The clock that asks runs only while a reading waits or reads, so a brace is let go as soon as nobody reads it.
"""

import time
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from talus_dashboards.errors import NotHere, ReadError
from talus_dashboards.feed import Glimpse
from talus_dashboards.pages import entering, parts
from talus_dashboards.pages.fitting_stretch import FULL, OTHER, QUIET, READING, TIRED, Stretch, Stretches
from talus_dashboards.reader import OPEN_ENDED, READ_SECONDS, read_for_step
from talus_dashboards.site import Site
from talus_dashboards.words import Words

LOOK_MS = 500  # from an answer to the next question
EARLY, LATE = date(2000, 1, 1), date(2100, 1, 1)
HIGHEST = "pressure"  # of its two readings, sitting and walking, the higher one counts
FIELD: Any = {"type": "fitting-figure", "name": ALL}
Figures = dict[str, float]


class Shown(NamedTuple):
    """What a reading shows, in the order of its callback; figures: name -> what its field is filled with."""

    hidden: bool
    how: Any
    press: str
    token: str | None
    looks: int
    said: Any
    passed: str
    bar: Any
    figures: Figures


def shell(words: Words) -> html.Div:
    return html.Div(
        [
            dcc.Store(id="fitting-reading"),
            dcc.Interval(id="fitting-read-tick", interval=LOOK_MS, max_intervals=0),
            html.P(id="fitting-read-how", className="say"),
            html.Div(
                [
                    entering.button("fitting-read-press", words.fitting.read.PRESS, strong=False),
                    html.Span(id="fitting-read-count", className="note"),
                ],
                className="form-end",
            ),
            html.Div(id="fitting-read-bar"),
            html.Div(id="fitting-read-said", role="status"),
        ],
        id="fitting-read",
        hidden=True,
    )


def readable(site: Site, step: str) -> bool:
    return site.feed is not None and step in READ_SECONDS


class Reader:
    """The readings of all pages of a site."""

    def __init__(self, site: Site, page: str) -> None:
        self.site, self.page, self.stretches = site, page, Stretches()

    def resting(self, step: str, said: Any = "", figures: Figures | None = None) -> Shown:
        """Nothing is asked of the brace; `said` tells what came of the last reading."""
        told, has = self.site.words.fitting.read, readable(self.site, step)
        return Shown(
            not has, told.HOW[step] if has else "", _press(step, told), None, 0, said, "", [], figures or {}
        )  # fmt: skip

    def begin(self, path: str | None, shown: dict[str, Any]) -> Shown:
        """Raises NotHere, ReadError."""
        person, step, side = str(self.site.person(path, self.page)["person_id"]), shown["step"], shown["side"]
        words = self.site.words
        braces = self.site.reader.braces(person)
        mine = frozenset(braces.loc[(braces["side"] == side).to_numpy(bool), "device"].astype(str))
        if not mine:
            return self.resting(step, _refused([words.fitting.read.UNFILED.format(side=words.SIDE_LEG[side])], words))
        ended = step in OPEN_ENDED
        stretch = Stretch(person, step, mine, READ_SECONDS[step], ended, time.monotonic())
        return self.look(self.stretches.begin(stretch), stretch, {}, "")

    def end(self, token: str, stretch: Stretch, typed: Figures) -> Shown:
        """Somebody pressed: a walk is over, anything else is broken off."""
        assert self.site.feed is not None
        if stretch.ended and stretch.read_s:
            with stretch.lock:  # the last steps came since the last look
                stretch.look(self.site.feed(), time.monotonic())
            if stretch.read_s:
                return self._judged(token, stretch, typed)
        self.stretches.end(token)
        return self.resting(stretch.step, self.site.words.fitting.read.STOPPED)

    def look(self, token: str, stretch: Stretch, typed: Figures, before: Any) -> Shown:
        """before: what stands as said, left alone where nothing changed: it is read aloud."""
        assert self.site.feed is not None
        words, told = self.site.words, self.site.words.fitting.read
        with stretch.lock:
            glimpse = self.site.feed()
            state = stretch.look(glimpse, time.monotonic())
        if state == FULL:
            return self._judged(token, stretch, typed)
        if state in (OTHER, TIRED):
            self.stretches.end(token)
            why = told.TIRED if state == TIRED else told.OTHER if glimpse.device else told.UNSAID
            return self.resting(stretch.step, _refused([why.format(device=glimpse.device)], words))
        reading = state == READING
        said = told.NOW[stretch.step] if reading else link(glimpse, state, words)
        count = _count(stretch, reading, words)
        share = 100 * min(1.0, stretch.read_s / stretch.seconds)
        bar = html.Div(html.Span(style={"width": f"{share:.0f}%"}), className="progress", **{"aria-hidden": "true"})
        press = told.END_WALK if stretch.ended and stretch.read_s else told.STOP
        return Shown(
            False, told.HOW[stretch.step], press, token, -1, no_update if said == before else said, count, bar, {}
        )  # fmt: skip

    def _judged(self, token: str, stretch: Stretch, typed: Figures) -> Shown:
        """The figures of what came, and a line on each; the brace is let go."""
        self.stretches.end(token)
        words, told = self.site.words, self.site.words.fitting.read
        sites, imu_place = self._fitted(stretch)
        found = read_for_step(stretch.step, stretch.samples, sites, imu_place)
        lines = [_line(one.name, one.facts, words) for one in found.lines]
        if found.refused:
            return self.resting(stretch.step, _refused(lines, words))
        figures, kept = highest(found.figures, typed) if stretch.step == HIGHEST else (found.figures, [])
        for name in kept:
            higher = {"name": words.fitting.FIGURES[name], "before": words.number(typed[name], 1)}
            lines.append(told.KEPT.format(**higher))
        if found.figures:
            lines.append(told.FILLED)
        return self.resting(stretch.step, parts.notice(told.DONE, *lines), figures)

    def _fitted(self, stretch: Stretch) -> tuple[tuple[str, ...], str]:
        """(sites, where the IMU sits) as this very brace said last; its feed may know the sites, too."""
        assert stretch.last is not None
        told = self.site.reader.records(stretch.person, "settings", EARLY, LATE)
        told = told[(told["device"] == stretch.last.device).to_numpy(bool)]
        if told.empty:
            return stretch.last.sites, ""
        newest = told.iloc[-1]
        sites = tuple(str(newest[f"site_{channel}"]) for channel in range(1, 5))
        place = newest["imu_place"]
        return sites, "" if pd.isna(place) else str(place)


def highest(found: Figures, typed: Figures) -> tuple[Figures, list[str]]:
    """(what the fields are filled with, the names of those that stay): what was read before stays where it is more."""
    kept = [name for name, value in found.items() if typed.get(name, value) > value]
    return {name: value for name, value in found.items() if name not in kept}, kept


def link(glimpse: Glimpse, state: str, words: Words) -> str:
    """Why no samples come, and that it goes on by itself."""
    said = words.live
    why = [said.WHY.get(glimpse.why, said.WHY["lost"])] if state == "lost" else []
    return " ".join([said.STATE[state], *why, words.fitting.read.GOES_ON])


def _press(step: str, told: Any) -> str:
    return str(told.BEGIN_WALK if step in OPEN_ENDED else told.PRESS)


def _count(stretch: Stretch, reading: bool, words: Words) -> str:
    told = words.fitting.read
    if not reading and stretch.state != QUIET:
        return str(told.WAITED.format(seconds=words.number(stretch.waited_s)))
    seconds = words.number(stretch.read_s)
    return str(told.READ_OPEN if stretch.ended else told.READ_OF).format(
        seconds=seconds, of=words.number(stretch.seconds)
    )


def _refused(lines: list[str], words: Words) -> Any:
    return parts.notice(words.fitting.read.NOTHING, *lines, kind="notice strong")


def _line(name: str, facts: Any, words: Words) -> str:
    """A line of the host's, its numbers as this language writes them: whole ones whole, others with one digit."""
    told = {
        key: words.SITE[value] if key == "site" else words.number(value, 0 if isinstance(value, int) else 1)
        for key, value in facts.items()
    }
    return str(words.fitting.read.LINES[name].format(**told))


OUTPUTS = (
    Output("fitting-read", "hidden"), Output("fitting-read-how", "children"), Output("fitting-read-press", "children"),
    Output("fitting-reading", "data"), Output("fitting-read-tick", "max_intervals"),
    Output("fitting-read-said", "children"), Output("fitting-read-count", "children"),
    Output("fitting-read-bar", "children"), Output(FIELD, "value"),
)  # fmt: skip


def register(app: Dash, site: Site, page: str) -> None:
    if site.feed is None:
        return
    reader = Reader(site, page)

    # The clock stands while an answer is on its way, as on the live page.
    @app.callback(
        list(OUTPUTS),
        Input("fitting-read-press", "n_clicks"), Input("fitting-read-tick", "n_intervals"),
        Input("fitting-shown", "data"), State("fitting-reading", "data"), State("fitting-read-said", "children"),
        State(FIELD, "value"), State(FIELD, "id"), State("url", "pathname"),
        running=[(Output("fitting-read-tick", "disabled"), True, False)], prevent_initial_call=True,
    )  # fmt: skip
    def read(
        _presses: int | None, _ticks: int | None, shown: Any, token: Any, said: Any, values: list[Any],
        names: list[Any], path: str | None,
    ) -> list[Any]:  # fmt: skip
        order = [one["name"] for one in names]
        typed = dict(zip(order, values, strict=True))
        found = turned(reader, str(ctx.triggered_id), shown, token, said, typed, path)
        return [*found[:-1], [found.figures.get(name, no_update) for name in order]]


def turned(
    reader: Reader, cause: str, shown: Any, token: Any, said: Any, typed: dict[str, Any], path: str | None
) -> Shown:
    """What one press, tick or step leads to. cause: the id of what was pressed, ticked or shown."""
    step = shown.get("step", "") if isinstance(shown, dict) else ""
    if not readable(reader.site, step) or cause not in ("fitting-read-press", "fitting-read-tick"):
        reader.stretches.end(token)
        return reader.resting(step)
    try:
        person = str(reader.site.person(path, reader.page)["person_id"])
        going = reader.stretches.of(token, person)
        if cause == "fitting-read-tick" and going is None:
            return reader.resting(step, no_update)
        if going is None:
            return reader.begin(path, shown)
        known = {name: value for name, value in ((n, _amount(v)) for n, v in typed.items()) if value is not None}
        if cause == "fitting-read-press":
            return reader.end(token, going, known)
        return reader.look(token, going, known, said)
    except (NotHere, ReadError):
        return reader.resting("", "")


def _amount(typed: Any) -> float | None:
    try:
        return entering.amount(typed)
    except (TypeError, ValueError):
        return None
