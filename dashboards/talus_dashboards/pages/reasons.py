"""A flag's reason in the reader's language: the host says it in one English sentence; each of those has its own here.

A sentence newer than this table is shown as it came: a reason is never hidden because it has no translation.
"""

import re
from datetime import date
from typing import Any

from talus_dashboards.words import Words

NUMBER = r"(-?[\d.]+(?:e[+-]?\d+)?|nan|inf)"
DAY = r"(\d{4}-\d\d-\d\d)"
# key in the catalog's WHY -> the host's sentence; groups are named by FIELDS in their order.
SENTENCES = {
    "unmeasured": "nothing that shows it was measured",
    "no_baseline": f"no baseline before {DAY}: 35 days from the start or a change",
    "few_baseline": f"the baseline has {NUMBER} measured days of 14",
    "never": "no record has come yet",
    "paused": "paused: what comes is not looked at",
    "no_data": f"no data for {NUMBER} days( after a pause)?: what is worn or pressed is not known",
    "last_data": f"last data {NUMBER} days ago",
    "sudden": rf"(\w+) {NUMBER} on {DAY}, usually {NUMBER} with a day-SD of {NUMBER}; {NUMBER} days running",
    "few_weeks": "fewer than 3 measured days in the last 7 or in the 7 before",
    "few_week": "fewer than 3 measured days in the last 7",
    "heel": f"heel-first {NUMBER} % of steps in the last 7 days, {NUMBER} % in the 7 before",
    "no_week": "no whole week since the baseline yet",
    "unwatched": "nobody looked in the last whole week",
    "rate": rf"(possible stumbles|drags) per hour worn {NUMBER} times the baseline's in the last whole week "
    rf"\(at least {NUMBER}\)(, and raised in the week before)?",
    "fibular": f"pressures at the fibular head in 7 days: {NUMBER} strong, {NUMBER} long(, and numbness was told)?",
    "told": f"told on {DAY}: (.+)",
    "fibular_unmeasured": "no pressure was measured at the fibular head in 7 days(, or it was paused)?",
    "few_valid": f"{NUMBER} valid days; 21 are needed",
    "worn": f"worn {NUMBER} h on the last 7 valid days, usually {NUMBER} h",
    "stiffness": f"stiffness of the brace {NUMBER} N.m/deg in the last 7 days, {NUMBER} at baseline",
    "neutral": f"neutral angle of the brace {NUMBER} deg in the last 7 days, {NUMBER} at baseline",
}
DOUBTED = re.compile(r"(.*); but the brace doubts its (\w+)")
WHOLE = {name: re.compile(pattern) for name, pattern in SENTENCES.items()}


def why(reason: str, words: Words) -> str:
    """`reason` of the host's flags in this language."""
    told = words.person
    doubted = DOUBTED.fullmatch(reason)
    if doubted:
        part = words.PART.get(doubted[2], doubted[2])
        return str(told.WHY_DOUBTED.format(reason=why(doubted[1], words), part=part))
    for name, pattern in WHOLE.items():
        found = pattern.fullmatch(reason)
        if found:
            return str(told.WHY[name].format(*(_told(group, words) for group in found.groups())))
    return reason


def _told(group: Any, words: Words) -> str:
    if group is None:
        return ""
    text = str(group)
    if re.fullmatch(DAY, text):
        return words.day_row(date.fromisoformat(text))
    if re.fullmatch(NUMBER, text) and text not in ("nan", "inf"):
        digits = len(text.partition(".")[2]) if "e" not in text else 0
        return words.number(float(text), digits)
    if text in words.MEASURES:
        return str(words.MEASURES[text][0])
    return str(words.person.WHY_WORDS.get(text, text))
