"""What can be told, as cards to tap: the first tap opens one, the second answers it."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from talus_dashboards.reader import tellable
from talus_dashboards.words import Words

ORDER = ("pain", "numbness", "skin", "fall", "feeling", "new_shoes", "day_off")
DAYS = {"day_off": (0, 1), "new_shoes": (0, -1)}  # days from today that can be told of


def cards(legs: list[str], words: Words) -> list[Any]:
    """Everything that can be told, folded, with the leg it is told of where there are two."""
    texts = words.tell
    chosen = legs[0] if legs else ""
    page: list[Any] = []
    if len(legs) > 1:
        choices = [{"value": side, "label": words.SIDE_LEG_PLAIN[side]} for side in legs]
        page.append(
            dmc.SegmentedControl(
                id={"leg": "leg"}, data=choices, value=chosen, size="md", fullWidth=True,
                attributes={"root": {"aria-label": texts.LEG}},
            )
        )  # fmt: skip
    for what in ORDER:
        side = "=" if len(legs) > 1 and len(tellable()[what].sides) > 1 else _only(what, chosen)
        answers = [_button(what, value, side, shift, words) for value, shift in _answers(what)]
        page.append(
            html.Details(
                [
                    html.Summary(texts.WHAT[what]),
                    html.P(texts.ASK[what], id=f"ask-{what}"),
                    html.Div(answers, className=f"answers {what}", role="group", **{"aria-labelledby": f"ask-{what}"}),
                ],
                className="ask",
            )
        )
    return page


def _only(what: str, side: str) -> str:
    return side if side in tellable()[what].sides else ""


def _answers(what: str) -> list[tuple[int, int]]:
    if what in DAYS:
        return [(1, shift) for shift in DAYS[what]]
    return [(value, 0) for value in tellable()[what].answers]


def _button(what: str, value: int, side: str, shift: int, words: Words) -> html.Button:
    texts = words.tell
    label, more = texts.ANSWER.get(f"{what}_{value}", str(value)), {}
    if what in DAYS:
        label = texts.DAY[str(shift)]
    if what == "pain":
        more = {"aria-label": texts.OF_TEN.format(score=value)}
    return html.Button(label, id={"tell": f"{what}/{value}/{side}/{shift}"}, className="button pick", **more)
