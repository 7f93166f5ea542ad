"""What a fitting shows: the steps and how each went, one step's words and fields, what was seen, walks, the past."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pandas as pd
from dash import html

from talus_dashboards.pages import entering, parts
from talus_dashboards.pages.fitting_reading import readable
from talus_dashboards.pages.today import local
from talus_dashboards.site import Site
from talus_dashboards.words import Words

STEPS = ("pair", "zero", "standing", "strides", "sites", "pressure", "prescription", "walk_on", "walk_off")
WALKS = {"walk_on": True, "walk_off": False}
DISTANCES, OWN = ("10m", "25ft"), "own"
METRES = {10.0: "10m", 7.62: "25ft"}
PAST_MOST = 3


class Shown(NamedTuple):
    """What fills the page, in the order of its callback."""

    head: Any
    shown: dict[str, Any] | None
    closed_hidden: bool
    open_hidden: bool
    progress: Any
    step: Any
    fields: Any
    walk_hidden: bool
    rx_hidden: bool
    rx_link: Any
    tick_disabled: bool
    done_hidden: bool
    skip_hidden: bool
    walks: Any
    past: Any


def shown(site: Site, person: pd.Series, view: str | None) -> Shown:
    """The open fitting at the step looked at, or the way to begin one."""
    words, person_id = site.words, person["person_id"]
    now = entering.here(site, person)
    running = site.reader.fitting(person_id)
    head = html.H1(words.fitting.TITLE_OF.format(label=person["label"]))
    walks = _walks(site, person_id, now, words)
    past = _past(site.reader.fittings(person_id), now, words)
    if not running.get("side"):
        return Shown(head, None, False, True, [], [], [], True, True, [], True, True, True, walks, past)
    steps = running["steps"]
    step = view if view in STEPS else next((one for one in STEPS if one not in steps), "")
    keep = {"side": running["side"], "began_ms": running["began_ms"], "seen_ms": running["seen_ms"], "step": step}
    link = html.A(words.fitting.RX_MORE, href=f"/plan/{person_id}")
    return Shown(
        head, keep, True, False, _progress(steps, step, running["side"], words),
        _step(step, steps, words), _fields(site, step, steps), step not in WALKS, step != "prescription", link,
        step not in WALKS, not step, not step, walks, past,
    )  # fmt: skip


def _progress(steps: dict[str, Any], at: str, side: str, words: Words) -> list[Any]:
    said = words.fitting
    gone = sum(one in steps for one in STEPS)
    told = said.PROGRESS.format(gone=gone, of=len(STEPS), side=words.SIDE_LEG[side])
    rows = []
    for one in STEPS:
        state = said.OUTCOMES[steps[one]["outcome"]] if one in steps else said.OPEN
        current = {"aria-current": "step"} if one == at else {}
        rows.append(html.Li([html.Span(said.NAMES[one]), html.Span(f"({state})")], **current))
    bar = html.Div(html.Span(style={"width": f"{100 * gone / len(STEPS):.0f}%"}), className="progress")
    return [parts.words_of(told), html.Div(bar, role="img", **{"aria-label": told}), html.Ol(rows, className="steps")]


def _step(step: str, steps: dict[str, Any], words: Words) -> list[Any]:
    """What is to be done in one step."""
    said = words.fitting
    if not step:
        counts = {name: sum(one["outcome"] == name for one in steps.values()) for name in said.OUTCOMES}
        return [html.H2(said.ALL_TITLE), parts.words_of(said.ALL.format(**counts))]
    title = said.STEP.format(number=STEPS.index(step) + 1, of=len(STEPS), name=said.NAMES[step])
    return [html.H2(title), *(parts.words_of(line) for line in said.DO[step])]


def _fields(site: Site, step: str, steps: dict[str, Any]) -> list[Any]:
    """The command and the fields of one step; how it went, where it was gone through."""
    words, said = site.words, site.words.fitting
    command: list[Any] = []
    if step in said.COMMANDS:
        way = said.AT_COMMAND if site.feed is None else said.read.COMMAND.get(step, said.read.COMMAND_SETS)
        command = [html.P([way, " ", html.Code(said.COMMANDS[step])], className="say")]
    figures = site.reader.fitting_figures()
    rows = figures[(figures["step"] == step).to_numpy(bool)].to_dict("records")
    had = steps.get(step, {"figures": {}})["figures"]
    form = [html.Div([_field(row, had, words) for row in rows], className="form")] if rows else []
    page = [*form, *command] if readable(site, step) else [*command, *form]
    if step in steps:
        page.append(outcome(step, steps[step], rows, words))
    return page


def _field(row: dict[Any, Any], had: dict[str, float], words: Words) -> Any:
    said, name = words.fitting, row["name"]
    key: Any = {"type": "fitting-figure", "name": name}
    if name == "skin_clear":
        answers = [("1", said.YES), ("0", said.NO)]
        before = str(int(had[name])) if name in had else None
        return entering.choice(key, said.FIGURES[name], answers, before)
    label = f"{said.FIGURES[name]} ({row['unit']})" if row["unit"] else said.FIGURES[name]
    return entering.number(key, label, description=limit(row, words), value=had.get(name, ""))


def limit(row: dict[Any, Any], words: Words) -> str:
    """What is accepted, with its number; "" where nothing is refused."""
    said = words.fitting
    if not pd.isna(row["most"]):
        return str(said.MOST.format(limit=words.number(row["most"]), unit=row["unit"])).strip()
    if not pd.isna(row["least"]):
        return str(said.LEAST.format(limit=words.number(row["least"]), unit=row["unit"])).strip()
    return ""


def outcome(step: str, entered: dict[str, Any], rows: list[dict[Any, Any]], words: Words) -> html.Div:
    """How a step went, each refused figure with its number and its limit."""
    said, figures = words.fitting, entered["figures"]
    lines = []
    for row in rows:
        value = figures.get(row["name"])
        if value is None or row["name"] == "skin_clear":
            continue
        told = f"{said.FIGURES[row['name']]}: {words.number(value, 1)} {row['unit']}".strip()
        if value < row["least"] or value > row["most"]:
            told = said.BEYOND.format(told=told, limit=limit(row, words))
        lines.append(told)
    if figures.get("skin_clear") == 0:
        lines.append(said.SKIN)
    kind = "notice strong" if entered["outcome"] == "refused" else "notice"
    return parts.notice(said.WAS[entered["outcome"]].format(name=said.NAMES[step]), *lines, kind=kind)


def beside(site: Site, person: pd.Series, keep: dict[str, Any]) -> tuple[str, str]:
    """(elapsed, what was seen of the brace since the fitting began)."""
    words, said, now = site.words, site.words.fitting, entering.here(site, person)
    began = local(pd.Timestamp(keep["began_ms"], unit="ms"), now)
    minutes = max(0, (now - began) // timedelta(minutes=1))
    elapsed = said.ELAPSED.format(time=words.clock(began), minutes=words.duration(minutes))
    now_ms = int(now.timestamp() * 1000)
    found = site.reader.fitting_seen(person["person_id"], keep["side"], keep["began_ms"], now_ms)
    return elapsed, " ".join(_seen(keep["step"], found, now, words))


def _seen(step: str, found: dict[str, Any], now: datetime, words: Words) -> list[str]:
    said = words.fitting

    def moment(ms: int) -> str:
        return words.when(local(pd.Timestamp(ms, unit="ms"), now), now)

    if found.get("last_sync_ms") is None:
        return [said.SEEN_NOTHING]
    told = {
        "pair": said.SEEN_SYNC.format(when=moment(found["last_sync_ms"])),
        "strides": said.SEEN_STRIDES.format(strides=words.number(found["strides"] or 0)),
    }
    if found.get("calibration_ms"):
        made = said.SEEN_CALIBRATION.format(
            number=words.number(found["calibration"]), when=moment(found["calibration_ms"])
        )
        told |= {"zero": made, "standing": made, "strides": f"{made} {told['strides']}"}
    if found.get("sites"):
        told["sites"] = said.SEEN_SITES.format(sites=words.listed([words.SITE[site] for site in found["sites"]]))
        kept = sum(value > 0 for value in found["fit_kpa"])
        told["pressure"] = said.SEEN_FIT.format(count=words.number(kept))
    usual = "" if step in ("prescription", *WALKS) or not step else said.SEEN_NO_RECORD
    return [told.get(step, usual)]


def _walks(site: Site, person_id: str, now: datetime, words: Words) -> Any:
    """Every walk, the newest first, with what the clinic's limits say of them."""
    said, found = words.fitting, site.reader.timed_walks(person_id)
    if found.empty:
        return []
    rows = []
    for walk in found.sort_values("at_ms", ascending=False).to_dict("records"):
        facts = {
            "when": words.when(local(pd.Timestamp(walk["at_ms"], unit="ms"), now), now),
            "distance": distance(walk["distance_m"], words), "brace": said.BRACE[int(walk["brace_on"])],
            "seconds": words.number(walk["seconds"], 1), "speed": words.number(walk["speed_mps"], 2),
        }  # fmt: skip
        name = said.WALK.format(**facts)
        way = entering.take_back("fitting", f"walk|{int(walk['at_ms'])}", name, words)
        rows.append(html.Li([html.Span(name), way]))
    lines = [_changed(row, words) for row in site.reader.walk_changes(person_id).to_dict("records")]
    effects = site.reader.walk_effects(person_id).to_dict("records")
    lines += [_effect(effects[-1], words)] if effects else []
    told = [parts.words_of(line) for line in lines]
    return parts.section(said.WALKS, *told, parts.words_of(said.WALKS_HOW, "note"), html.Ul(rows, className="entries"))


def distance(metres: float, words: Words) -> str:
    known = METRES.get(round(metres, 2))
    return words.fitting.DISTANCES[known] if known else f"{words.number(metres, 1)} m"


def _changed(row: dict[Any, Any], words: Words) -> str:
    said = words.fitting
    told = said.CHANGED[
        "not_judged" if pd.isna(row["limit_mps"]) else "real" if row["word"] == "real change" else "none"
    ]
    return str(
        told.format(
            distance=distance(row["distance_m"], words), brace=said.BRACE[int(row["brace_on"])],
            change=signed(row["change_mps"], words), limit=words.number(row["limit_mps"], 2),
        )
    )  # fmt: skip


def _effect(row: dict[Any, Any], words: Words) -> str:
    said = words.fitting
    facts = {name: words.number(row[f"{name}_mps"], 2) for name in ("on", "off", "limit")}
    beyond = abs(row["difference_mps"]) >= row["limit_mps"]
    told = said.EFFECT_UNJUDGED if pd.isna(row["limit_mps"]) else said.EFFECT if beyond else said.EFFECT_WITHIN
    return str(told.format(**facts, change=signed(row["difference_mps"], words)))


def signed(value: float, words: Words) -> str:
    text: str = words.number(value, 2)
    return f"+{text}" if value > 0 else text


def _past(rows: pd.DataFrame, now: datetime, words: Words) -> list[Any]:
    """Fittings that were ended, the newest first; the last entry of each step holds."""
    said, found = words.fitting, []
    ended = set(rows.loc[(rows["step"] == "ended").to_numpy(bool), "began_ms"]) if len(rows) else set()
    for began in sorted(ended, reverse=True)[:PAST_MOST]:
        mine = rows[rows["began_ms"] == began].drop_duplicates("step", keep="last").set_index("step")
        side = str(mine["side"].iloc[0])
        when = words.when(local(mine["began_utc"].iloc[0], now), now)
        took = (mine.loc["ended", "entered_ms"] - began) / 60_000
        items = [
            html.Li(f"{said.NAMES[one]}: {said.OUTCOMES[mine.loc[one, 'outcome']] if one in mine.index else said.OPEN}")
            for one in STEPS
        ]
        title = said.PAST.format(side=words.SIDE_LEG[side], when=when, minutes=words.duration(max(1, round(took))))
        found.append(parts.section(title, html.Ul(items)))
    return found
