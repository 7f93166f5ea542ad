"""Does the brace itself still do what it did? Assist with how well the zero is known, stiffness, neutral."""

from typing import Any

import pandas as pd
from dash import html

from talus_dashboards.figures import assist, measures
from talus_dashboards.pages import parts
from talus_dashboards.pages.look import Look
from talus_dashboards.pages.person_gait import measure_card
from talus_dashboards.pages.person_top import flag_lines

FLAGS = ("brace_stiffness", "brace_neutral")


def body(look: Look) -> list[Any]:
    """Flags of the brace first, then three figures."""
    words, told = look.words, look.words.person
    days = look.days()
    if days.empty:
        return [parts.section(told.SECTION_BRACE, parts.words_of(words.NO_DATA_PERIOD), level=3)]
    begun = max(look.first, pd.to_datetime(days["day"]).dt.date.min())
    flags = look.mine(look.reader.changed(look.id, look.here.date(), look.length).flags)
    name, unit = words.MEASURES[assist.COLUMN]
    heading = f"{name} ({unit})"
    picture = parts.drawing(
        assist.over_days(days, begun, look.last, words=words), "assist-zero", heading, words, text_first=False
    )
    cards = [parts.section(heading, picture, level=3)]
    cards += [measure_card(days, one, begun, look.last, words) for one in measures.BRACE if one.column in days]
    return [
        parts.section(told.BRACE_FLAGS, *flag_lines(look, flags, FLAGS), level=3),
        html.Div(cards, className="grid"),
        parts.words_of(told.BRACE_NOTE, "note"),
    ]
