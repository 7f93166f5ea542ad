"""A fitting as it was done: each step with its outcome and figures, the later entry of a step holding.

It can be left and gone on with from anywhere. What a page has not yet seen is told, not overwritten.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select

from talus_host import fitting_steps
from talus_host.errors import InputError
from talus_host.store import bulk, people, raw, read, schema_pages
from talus_host.store.prescriptions import check_side
from talus_host.store.read import moments

BEGUN, ENDED = "begun", "ended"
RECENT_MS = 10 * 60_000


def begin(connection: Connection, person: int, side: str, now_ms: int) -> int:
    """A new fitting of a leg, or the one that is still open; returns when it began, which names it."""
    people.person_row(connection, person)
    check_side(side)
    running = current(connection, person)
    if running["side"] == side:
        return int(running["began_ms"])
    if running["side"]:
        raise InputError(f"side {side!r}: the {running['side']} leg's fitting is still open; end it first")
    _put(connection, person, side, now_ms, BEGUN, now_ms, "done", {})
    return now_ms


def enter(
    connection: Connection,
    person: int,
    side: str,
    began_ms: int,
    step: str,
    outcome: str,
    figures: Mapping[str, float],
    now_ms: int,
    seen_ms: int,
) -> str:
    """Keep one step; returns its outcome: a figure beyond its limit makes of "done" a "refused".

    seen_ms: the newest entry the page knew of. Raises InputError for an entry made elsewhere since, and for what does
    not fit.
    """
    if step not in fitting_steps.STEPS:
        raise InputError(f"step {step!r}: is none of {', '.join(fitting_steps.STEPS)}")
    if outcome not in fitting_steps.OUTCOMES:
        raise InputError(f"outcome {outcome!r}: is none of {', '.join(fitting_steps.OUTCOMES)}")
    known = fitting_steps.checked(step, figures)
    _check_open(connection, person, side, began_ms, seen_ms)
    if outcome == "done":
        lacking = fitting_steps.lacking(step, known)
        if lacking:
            raise InputError(f"{lacking[0]}: step {step} needs it")
        outcome = "refused" if fitting_steps.refusals(step, known) else "done"
    _put(connection, person, side, began_ms, step, _after(connection, person, now_ms), outcome, known)
    return outcome


def end(connection: Connection, person: int, side: str, began_ms: int, now_ms: int, seen_ms: int) -> None:
    """No step is left to do, or none is wanted."""
    _check_open(connection, person, side, began_ms, seen_ms)
    _put(connection, person, side, began_ms, ENDED, _after(connection, person, now_ms), "done", {})


def undo(connection: Connection, person: int, entered_ms: int) -> str:
    """Take the newest entry back, when it is still the one entered then; returns its step. The begin of a fitting goes
    the same way. Raises InputError when something was entered since."""
    f = schema_pages.fitting
    newest = _newest(connection, person)
    if newest is None or newest != entered_ms:
        raise InputError("undo: something was entered since, look again")
    mine = (f.c.person == person) & (f.c.entered_ms == entered_ms)
    step = connection.execute(select(f.c.step).where(mine)).scalar_one()
    connection.execute(delete(f).where(mine))
    return str(step)


def every(connection: Connection, person: int) -> pd.DataFrame:
    """side, began_utc, began_ms, step (also "begun" and "ended"), outcome, figures (a dict), entered_ms, entered_utc:
    all that was entered, oldest first."""
    people.person_row(connection, person)
    f = schema_pages.fitting.c
    query = select(f.side, f.began_ms, f.step, f.outcome, f.figures, f.entered_ms).where(f.person == person)
    found = bulk.fetch(connection, query.order_by(f.began_ms, f.entered_ms))
    found["figures"] = pd.Series([json.loads(text) for text in found["figures"]], dtype=object)
    found["began_utc"], found["entered_utc"] = moments(found["began_ms"]), moments(found["entered_ms"])
    return found


def current(connection: Connection, person: int) -> dict[str, Any]:
    """The fitting that is open: side, began_ms, seen_ms (the newest entry), steps (step -> outcome, figures).

    side is "" and the rest 0 and empty where none is.
    """
    none: dict[str, Any] = {"side": "", "began_ms": 0, "seen_ms": 0, "steps": {}}
    rows = every(connection, person)
    if rows.empty:
        return none
    last = rows[rows["began_ms"] == rows["began_ms"].max()]
    if (last["step"] == ENDED).any():
        return none
    steps = {row.step: {"outcome": row.outcome, "figures": row.figures} for row in last.itertuples()}
    del steps[BEGUN]
    first = last.iloc[0]
    seen = int(last["entered_ms"].max())
    return {"side": str(first["side"]), "began_ms": int(first["began_ms"]), "seen_ms": seen, "steps": steps}


def seen(connection: Connection, person: int, side: str, since_ms: int, now_ms: int) -> dict[str, object]:
    """What has arrived of the leg's brace since then: last_sync_ms, calibration (its id) and calibration_ms (when the
    brace began to work with it), sites (of its channels), fit_kpa (of its channels), strides (valid, of the last ten
    minutes), clock_ms (half-width). None, and empty: nothing came, which is not the same as nothing happened."""
    found: dict[str, object] = dict.fromkeys(("last_sync_ms", "calibration", "calibration_ms", "strides", "clock_ms"))
    found |= {"sites": [], "fit_kpa": []}
    braces = read.braces(connection, person)
    mine = braces[(braces["side"] == side).to_numpy()]
    synced = _ms(mine["last_sync_utc"].dropna())
    if not len(synced) or synced.max() < since_ms:
        return found
    found["last_sync_ms"] = int(synced.max())
    days = [pd.Timestamp(ms, unit="ms").date() for ms in (since_ms - 86_400_000, now_ms + 2 * 86_400_000)]
    strides = raw.strides(connection, person, *days)
    at = _ms(strides["start_utc"])
    recent = (strides["side"] == side).to_numpy() & strides["valid"].to_numpy(bool)
    found["strides"] = int((recent & (at >= max(since_ms, now_ms - RECENT_MS))).sum())
    clock = raw.records(connection, person, "clock", *days)
    half = clock.loc[(clock["side"] == side).to_numpy() & (_ms(clock["start_utc"]) >= since_ms), "uncertainty_ms"]
    found["clock_ms"] = float(half.iloc[-1]) if len(half) else None
    return found | _settings(raw.records(connection, person, "settings", None, days[1]), side, since_ms)


def _settings(records: pd.DataFrame, side: str, since_ms: int) -> dict[str, object]:
    """Of the newest settings record since then; calibration_ms only where none before names that calibration."""
    leg = records[(records["side"] == side).to_numpy()]
    at = _ms(leg["start_utc"])
    new = leg[at >= since_ms]
    if new.empty:
        return {}
    last = new.iloc[-1]
    before = leg.loc[at < since_ms, "calibration"].tolist()
    since = _ms(new.loc[(new["calibration"] == last["calibration"]).to_numpy(), "start_utc"])
    changed = not before or before[-1] != last["calibration"]
    return {
        "calibration": int(last["calibration"]),
        "calibration_ms": int(since.min()) if changed else None,
        "sites": [str(last[f"site_{n}"]) for n in range(1, 5)],
        "fit_kpa": [float(last[f"fit_{n}_kpa"]) for n in range(1, 5)],
    }


def _ms(utc: pd.Series) -> np.ndarray:
    return utc.astype("datetime64[ms, UTC]").astype("int64").to_numpy()


def _check_open(connection: Connection, person: int, side: str, began_ms: int, seen_ms: int) -> None:
    running = current(connection, person)
    if (running["side"], running["began_ms"]) != (side, began_ms):
        raise InputError("fitting: it was ended elsewhere, look again")
    if running["seen_ms"] != seen_ms:
        raise InputError("fitting: another page entered a step meanwhile, look again")


def _newest(connection: Connection, person: int) -> int | None:
    f = schema_pages.fitting.c
    return connection.execute(select(func.max(f.entered_ms)).where(f.person == person)).scalar()


def _after(connection: Connection, person: int, now_ms: int) -> int:
    """A moment no other entry has, so that each can be named by it."""
    return max(now_ms, (_newest(connection, person) or 0) + 1)


def _put(
    connection: Connection,
    person: int,
    side: str,
    began_ms: int,
    step: str,
    entered_ms: int,
    outcome: str,
    figures: Mapping[str, float],
) -> None:
    values = {"person": person, "side": side, "began_ms": began_ms, "step": step, "entered_ms": entered_ms}
    told = {"outcome": outcome, "figures": json.dumps(figures, sort_keys=True)}
    connection.execute(insert(schema_pages.fitting).values(**values, **told))
