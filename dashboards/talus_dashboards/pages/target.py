"""What is asked of a leg today, in words and as a mark on the bar: hours, while walking, outdoors, or a break-in with
its most. Where nothing is prescribed, the person's own goal stands in."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from talus_dashboards.reader import Reader
from talus_dashboards.words import Words

NAN = float("nan")


@dataclass(frozen=True)
class Plan:
    """kind: of the prescription in force, "goal": the person's goal, "": nothing. hours: NaN where it has none."""

    kind: str
    hours: float = NAN

    @property
    def most(self) -> bool:
        """Whether more than the hours is too much."""
        return self.kind == "break_in"


def of_day(reader: Reader, person: pd.Series, day: date) -> dict[str, Plan]:
    """The plan of each leg for one day; a leg that is not there has the goal."""
    asked = reader.targets(str(person["person_id"]), day, day + timedelta(days=1))
    goal = Plan("", NAN) if pd.isna(person["goal_h"]) else Plan("goal", float(person["goal_h"]))
    found: dict[str, Plan] = {"": goal}
    for one in asked.itertuples():
        found[str(one.side)] = Plan(str(one.kind), float(one.target_h)) if one.kind else goal
    return found


def of_leg(plans: dict[str, Plan], side: str) -> Plan:
    return plans.get(side, plans[""])


def sentence(plan: Plan, worn_min: float, words: Words) -> str:
    """What is asked, and whether it is reached; over the most of a break-in is said calmly, with what to do."""
    texts = words.day
    if plan.kind in ("walking", "outdoors"):
        return str(texts.PLAN[plan.kind])
    if pd.isna(plan.hours):
        return str(words.GOAL_NONE)
    told = words.duration(60 * plan.hours)
    if plan.most:
        over = worn_min - 60 * plan.hours
        if over >= 1:
            return str(texts.MOST_OVER.format(most=told, over=words.duration(over)))
        return str((texts.MOST_REACHED if over > -1 else texts.MOST).format(most=told, left=words.duration(-over)))
    reached = worn_min >= 60 * plan.hours
    if plan.kind == "goal":
        return str((words.GOAL_REACHED if reached else words.GOAL).format(goal=told))
    return str((texts.PLAN_REACHED if reached else texts.PLAN["hours"]).format(plan=told))


def mark(plan: Plan, words: Words) -> str:
    """The name of the mark on the bar."""
    text = words.day.BAR_MOST if plan.most else words.BAR_GOAL if plan.kind == "goal" else words.day.BAR_PLAN
    return str(text.format(goal=words.duration(60 * plan.hours)))


def lead(facts: "Facts", words: Words) -> str:
    """The one sentence on top: what matters most now."""
    texts = words.day
    for holds, text in (
        (facts.pressed, texts.LEAD_PRESSED),
        (facts.paused, texts.LEAD_PAUSED),
        (facts.skin, texts.LEAD_SKIN),
        (facts.over, texts.LEAD_OVER),
        (facts.day_off, texts.LEAD_DAY_OFF),
    ):
        if holds:
            return str(text)
    if not facts.legs:
        return str(texts.LEAD_UNKNOWN)
    several = len(facts.legs) > 1
    said = []
    for side, worn, plan in facts.legs:
        name = words.SIDE_LEG_PLAIN[side]
        text = texts.LEAD_LEG if several else texts.LEAD
        said.append(text.format(leg=name, worn=words.duration(worn), rest=_rest(plan, worn, words)))
    return " ".join(said)


def _rest(plan: Plan, worn: float, words: Words) -> str:
    texts = words.day
    if pd.isna(plan.hours):
        return ""
    left = 60 * plan.hours - worn
    told = {"plan": words.duration(60 * plan.hours), "left": words.duration(max(left, 0))}
    if plan.most:
        return " " + str(texts.REST_MOST.format(**told))
    return " " + str((texts.REST if left >= 1 else texts.REST_NONE).format(**told))


@dataclass(frozen=True)
class Facts:
    """What the top sentence may be about. legs: (side, worn minutes, plan) of each of which something is known."""

    legs: list[tuple[str, float, Plan]]
    pressed: bool = False
    paused: bool = False
    skin: bool = False
    day_off: bool = False

    @property
    def over(self) -> Any:
        return any(plan.most and worn - 60 * plan.hours >= 1 for _, worn, plan in self.legs)
