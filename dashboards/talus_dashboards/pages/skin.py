"""A look at the skin after the brace came off: now, and again half an hour later. Timed by the brace's own records and
by what was told, so a page reloaded, or another one, goes on where it stood."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from dash import html

from talus_dashboards.pages import parts
from talus_dashboards.reader import Reader
from talus_dashboards.words import Words

NO_MARK, MARK, GONE, STAYS, OPEN = range(5)  # answers of "skin"; a test holds them to the store's
BAD = (STAYS, OPEN)


def cards(reader: Reader, person: pd.Series, now: datetime, words: Words, *, always: bool = False) -> list[Any]:
    """A card for each leg there is something to do for, or to say of; always: also where there is nothing yet."""
    zone = ZoneInfo(person["zone"])
    checks = reader.skin_checks(str(person["person_id"]), int(now.timestamp() * 1000))
    named = len(checks) > 1
    built = [_card(check, now.astimezone(zone), named, words) for check in checks.itertuples()]
    shown = [one for one in built if one is not None]
    if always and not shown:
        return [parts.section(words.skin.TITLE, parts.words_of(words.skin.LATER))]
    return shown


def waits(reader: Reader, person: pd.Series, now: datetime) -> bool:
    """Whether somebody should look at the skin now."""
    checks = reader.skin_checks(str(person["person_id"]), int(now.timestamp() * 1000))
    return bool(checks["step"].isin(["look", "again"]).any()) if len(checks) else False


def _card(check: Any, here: datetime, named: bool, words: Words) -> html.Section | None:
    texts = words.skin
    leg = words.SIDE_LEG_PLAIN[check.side]
    title = texts.TITLE_LEG.format(leg=leg) if named else texts.TITLE
    if check.step == "look":
        lines = [texts.OFF.format(when=_when(check.off_ms, here, words)), texts.LOOK]
        return parts.section(title, *map(parts.words_of, lines), _buttons((NO_MARK, MARK, OPEN), check, words))
    if check.step == "wait":
        minutes = max(1, -(-int(check.due_ms / 1000 - here.timestamp()) // 60))
        due = datetime.fromtimestamp(check.due_ms / 1000, here.tzinfo)
        line = texts.WAIT.format(time=words.clock(due), minutes=words.duration(minutes))
        return parts.section(title, html.P(line, className="big"), parts.words_of(texts.WAIT_OFF),
                             _buttons((GONE, OPEN), check, words))  # fmt: skip
    if check.step == "again":
        lines = [texts.OFF.format(when=_when(check.off_ms, here, words))] if pd.notna(check.off_ms) else []
        none = GONE if check.answer == MARK else NO_MARK
        return parts.section(title, *map(parts.words_of, [*lines, texts.AGAIN]),
                             _buttons((none, STAYS, OPEN), check, words))  # fmt: skip
    if check.step == "done" and check.answer in BAD:
        return parts.section(
            title, parts.notice(texts.CALL_TITLE, words.COMFORT_ADVICE, texts.CALL, kind="notice strong")
        )
    if check.step == "done":
        return parts.section(title, parts.words_of(texts.DONE[str(int(check.answer))]))
    return None


def _when(at_ms: float, here: datetime, words: Words) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, here.tzinfo)
    return words.clock(at) if at.date() == here.date() else words.when(at, here)


def _buttons(answers: tuple[int, ...], check: Any, words: Words) -> html.Div:
    side = check.side if check.side in ("left", "right") else ""
    return html.Div(
        [
            html.Button(words.skin.BUTTON[str(value)], id={"tell": f"skin/{value}/{side}/0"}, className="button pick")
            for value in answers
        ],
        className="answers",
        role="group",
        **{"aria-label": words.skin.TITLE},
    )
