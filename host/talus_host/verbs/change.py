"""`talus change`: what may be called a change, on how many days it stands, and what the clinician should see now."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from talus_host import words_change
from talus_host.errors import InputError
from talus_host.metrics.change import Headline
from talus_host.store import Store
from talus_host.store.changes import Changed
from talus_host.store.read import iso
from talus_host.verbs.collect import utc_ms
from talus_host.verbs.prescribe import plain
from talus_host.verbs.rim import aside, database, number, print_json, print_table, result
from talus_host.verbs.whose import person_of, today_of

VERDICT_HEADER = ("side", "figure", "baseline", "days", "latest", "days", "change", "needed", "verdict")
LOOK_HEADER = ("side", "figure", "look", "from", "to", "days", "median", "change", "+-", "")
WEEK_COUNTS = (
    ("days_gait", "days\nspeak"),
    ("days_little_walking", "too little\nwalking"),
    ("days_little_wear", "too little\nwear"),
    ("days_gait_unseen", "walking\nnot seen"),
    ("days_not_worn", "not\nworn"),
    ("days_unknown", "not\nknown"),
    ("days_paused", "paused"),
)
FLAG_HEADER = ("side", "flag", "state", "since", "why")


def headlines_of(words: Sequence[str]) -> list[Headline]:
    """`heel_first_pct=up` and so on. Raises InputError for what is none."""
    found = []
    for word in words:
        name, equals, better = word.partition("=")
        if not equals or better not in ("up", "down"):
            raise InputError(f"{word!r}: give FIGURE=up or FIGURE=down, whichever is better")
        found.append(Headline(name, better))
    return found


def choose(folder: Path, label: str | None, words: Sequence[str], undo: bool) -> None:
    """`talus change set` and `--undo`. Raises InputError."""
    with Store(database(folder), create=False) as store:
        person, label = person_of(store, label)
        if undo:
            gone = store.undo_headlines(person)
            aside.print(f"{label}: taken back: {', '.join(gone)}", highlight=False)
        else:
            chosen = headlines_of(words)
            store.choose_headlines(person, chosen, utc_ms())
            told = ", ".join(f"{one.measure} ({one.better} is better)" for one in chosen)
            aside.print(f"{label}: judged from now on: {told}", highlight=False)


def tell(folder: Path, label: str | None, day: str | None, days: int, weeks: bool, as_json: bool) -> None:
    """Everybody, or one person; weeks: the weekly summaries instead of what they come to. Raises InputError."""
    with Store(database(folder), create=False) as store:
        people = store.people()
        if label is not None:
            people = people[people["person_id"] == store.person_id(label)]
        found = {}
        for one in people.itertuples():
            today = _told_on(day, today_of(store, str(one.person_id), utc_ms()))
            found[str(one.label)] = store.changed(str(one.person_id), today, days)
    ordered = sorted(found.items(), key=lambda item: not _silent(item[1]))  # who sends nothing stands on top
    if as_json:
        print_json({name: as_plain(one) for name, one in ordered})
        return
    if not ordered:
        aside.print("nobody yet: `talus collect` fetches from a brace", highlight=False)
    for name, one in ordered:
        if one.segments.empty:
            aside.print(f"{name}: no day with a record yet", highlight=False)
        elif weeks:
            _weeks(name, one)
        else:
            _print(name, one, days)
    if ordered:
        result.print(words_change.EMERGENCY, highlight=False, soft_wrap=True)


def _told_on(day: str | None, today: str) -> str:
    """The day asked for, or today. Raises InputError for what is none or is still to come."""
    asked = iso(day, "day") or today
    if asked > today:
        raise InputError(f"day {day!r}: is still to come; today is {today}")
    return asked


def as_plain(one: Changed) -> dict[str, object]:
    """All of it for programs; unknown is null. Words beside the codes of flags."""
    flags = one.flags.assign(
        what=[words_change.FLAGS[flag][0] for flag in one.flags["flag"]],
        do=[words_change.FLAGS[flag][1] if state == "raised" else "" for flag, state in _pairs(one.flags)],
    )
    headlines = [{"measure": h.measure, "better": h.better, "chosen": h.chosen or None} for h in one.headlines]
    tables = {"verdicts": one.verdicts, "looks": one.looks, "segments": one.segments, "changes": one.changes}
    tables |= {"adjustments": one.adjustments, "flags": flags, "weeks": one.weeks}
    tables |= {"adherence": one.adherence, "habits": one.habits}
    told: dict[str, object] = {"today": one.today, "headlines": headlines}
    told |= {name: plain(table) for name, table in tables.items()}
    return told | {"not_measured": [words_change.NO_STEPS_ELSEWHERE], "always": words_change.EMERGENCY}


def _pairs(flags: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(flags["flag"].tolist(), flags["state"].tolist(), strict=True))


def _silent(one: Changed) -> bool:
    return ("no_data", "raised") in _pairs(one.flags)


def _print(name: str, one: Changed, days: int) -> None:
    current = one.segments.groupby("side")["segment"].max().to_dict()
    now = one.verdicts[[row.segment == current[row.side] for row in one.verdicts.itertuples()]]
    title = f"{name} on {one.today}: a change is told at two looks running only; – is not measured"
    print_table(title, VERDICT_HEADER, [_verdict(row) for row in now.to_dict("records")], left=2)
    for row in now.to_dict("records"):
        for line in _beside(row):
            result.print(
                f"{row['side']}, {words_change.measure(row['measure'])}: {line}", highlight=False, soft_wrap=True
            )
    looks = one.looks[[row.segment == current[row.side] for row in one.looks.itertuples()]]
    if len(looks):
        print_table("looks", LOOK_HEADER, [_look(row) for row in looks.to_dict("records")], left=2)
    _segments(one)
    _flags(one)
    _worn(one, days)


def _weeks(name: str, one: Changed) -> None:
    """A row per leg and week; a week in which fewer than three days speak has no figure."""
    measures = [h.measure for h in one.headlines if h.measure in one.weeks]
    heads = [words_change.measure(measure).replace(", ", "\n") for measure in measures]
    rows = []
    for row in one.weeks.to_dict("records"):
        cells = [str(row["side"]), _day(row["week"]), *(str(row[count]) for count, _ in WEEK_COUNTS)]
        rows.append([*cells, number(row["worn_h"]), *(_figure(row[measure]) for measure in measures)])
    header = ("side", "week of", *(head for _, head in WEEK_COUNTS), "worn\nh a day", *heads)
    print_table(f"{name}, by week: medians of the days that speak, of three at least", header, rows, left=2)


def _verdict(row: dict[str, object]) -> list[str]:
    cells = [str(row["side"]), words_change.measure(str(row["measure"]))]
    for value, count in (("baseline", "baseline_days"), ("latest", "days")):
        cells += [_figure(row[value]), str(row[count])]
    cells += [_figure(row["difference"], signed=True), _figure(row["needed"])]
    return [*cells, words_change.VERDICTS[str(row["verdict"])]]


def _beside(row: dict[str, object]) -> list[str]:
    """What a verdict must not be read without."""
    lines = [str(row["why"]) + (f"; it can be told on {_day(row['tell_on'])}" if not pd.isna(row["tell_on"]) else "")]
    if not pd.isna(row["since"]):
        lines[0] = f"{words_change.VERDICTS[str(row['verdict'])]} since the look of {_day(row['since'])}"
    if row["at_cadence"]:
        raw = _figure(row["raw_difference"], signed=True)
        lines.append(f"compared at the cadence of the baseline; over all walking it changed by {raw}")
    if row["selection_risk"]:
        lines.append(f"selection risk: the brace was worn {row['wear_change_pct']:+.0f} %, so other days are compared")
    if row["floor"]:
        lines.append(f"no claim within {_figure(row['floor'])}, which the sensor's own zero can make")
    return lines


def _look(row: dict[str, object]) -> list[str]:
    told = "" if row["counts"] else "before it was chosen"
    told = told or ("beyond" if row["beyond"] else "")
    cells = [str(row["side"]), words_change.measure(str(row["measure"])), str(row["look"])]
    cells += [_day(row["first"]), _day(row["last"]), str(row["days"]), _figure(row["median"])]
    return [*cells, _figure(row["difference"], signed=True), _figure(row["se"]), told]


def _segments(one: Changed) -> None:
    for row in one.segments.to_dict("records"):
        if row["why"]:
            what = ", ".join(words_change.CHANGES.get(why, why) for why in str(row["why"]).split(", "))
            line = f"{row['side']}: a new segment and a new baseline from {_day(row['start'])}: {what}"
            result.print(line, highlight=False, soft_wrap=True)
    for row in one.changes[~one.changes["breaks"].astype(bool)].to_dict("records"):
        what = words_change.CHANGES[row["what"]]
        result.print(f"{row['side']}: note of {_day(row['day'])}: {what}", highlight=False, soft_wrap=True)
    for row in one.adjustments.to_dict("records"):
        what = ", ".join(words_change.CHANGES.get(why, why) for why in str(row["what"]).split(", "))
        line = f"{row['side']}, {_day(row['day'])}, {what}: {words_change.measure(str(row['measure']))} "
        if row["why"]:
            line += f"cannot be compared, {row['why']}"
        else:
            line += f"{_figure(row['before'])} ({row['before_days']} days) before, {_figure(row['after'])} "
            line += f"({row['after_days']} days) after, difference {_figure(row['difference'], signed=True)} "
            line += f"+- {_figure(1.96 * float(str(row['se'])))}"
        result.print(line, highlight=False, soft_wrap=True)


def _flags(one: Changed) -> None:
    rows = []
    for row in one.flags.to_dict("records"):
        what = words_change.FLAGS[row["flag"]][0]
        since = "" if pd.isna(row["since"]) else _day(row["since"])
        rows.append(
            [row["side"], what, words_change.FLAG_STATES[row["state"]], since, words_change.plain(row["reason"])]
        )
    print_table("flags: prompts to look or to call, never a diagnosis", FLAG_HEADER, rows, left=5)
    for row in one.flags.to_dict("records"):
        if row["state"] == "raised":
            what, do = words_change.FLAGS[row["flag"]]
            whose = f"{row['side']}, " if row["side"] else ""  # a fall is of no leg
            result.print(f"{whose}{what}: {do}", highlight=False, soft_wrap=True)


def _worn(one: Changed, days: int) -> None:
    for row in one.adherence.to_dict("records"):
        counted = f"{row['days_valid']} valid of {row['days']} days, {row['days_little_walking']} of them worn with "
        line = f"{row['side']}, last {days} days: {counted}too little walking to measure; "
        line += f"{row['days_paused']} days paused; " if row["days_paused"] else ""
        if not row["assessable"]:
            line += f"wear not assessable: {row['why']}"
        else:
            line += f"worn {_range(row, 'worn_h')} h a day"
            if row["met_pct_high"] == row["met_pct_high"]:
                line += f", {_range(row, 'met_pct', 0)} % of what is prescribed, "
                line += f"{_range(row, 'target_pct', 0)} % of days at 80 % of it or more"
            line += f"; {number(row['steps'], 0)} steps a day with the brace on"
        result.print(line, highlight=False, soft_wrap=True)
        if row["days_over"] == row["days_over"] and row["days_over"]:
            result.print(
                f"{row['side']}: {row['days_over']:.0f} days over the break-in's hours", highlight=False, soft_wrap=True
            )
        for more in filter(None, (row["unassessed"], _gone(row))):
            result.print(f"{row['side']}: {more}", highlight=False, soft_wrap=True)
    result.print(words_change.NO_STEPS_ELSEWHERE, highlight=False, soft_wrap=True)


def _gone(row: dict[str, object]) -> str:
    if row["discontinued"] == "yes":
        return f"discontinued: not worn for {row['no_wear_days']} days"
    return f"no wear known of for {row['no_wear_days']} days" if row["discontinued"] == "not known" else ""


def _range(row: dict[str, float], name: str, digits: int = 1) -> str:
    return f"{row[name + '_low']:.{digits}f} to {row[name + '_high']:.{digits}f}"


def _day(value: object) -> str:
    return f"{pd.Timestamp(str(value)):%Y-%m-%d}"


def _figure(value: object, *, signed: bool = False) -> str:
    """Three figures, as the errors of a month of days have no more."""
    amount = float(str(value))
    if amount != amount:
        return "–"
    digits = max(0, 2 - len(str(int(abs(amount)))) + (abs(amount) < 1)) if amount else 0
    return f"{amount:{'+' if signed else ''}.{digits}f}"
