"""What `talus watch` left in its state: whether it runs, and how each brace fares with it."""

from pathlib import Path

from talus_host.service import alone, health, unit
from talus_host.service.health import BraceHealth, Health
from talus_host.verbs.finding import NOTE, OK, WRONG, Finding, ago, moment

HUNG_MS = 600_000  # a round takes seconds; its state is written every minute
STALE_MS = 3 * 86_400_000
OFTEN = 5  # failures in a row: minutes by now
NEEDS_A_PERSON = (
    *("NotPairedError", "NotUnderstoodError", "NoRoomError", "StoreError", "StoreNewerError"),
    *("StoreFullError", "StoreReadOnlyError", "StoreBusyError"),
)
RESTART = f"start it again: `systemctl --user restart {unit.NAME}`, or `talus watch`"
BOND_HINT = (
    "; if it stays so while it is near, its bond may be lost: hold its button until its light blinks, then run "
    + ("`talus collect` within a minute")
)


def look(folder: Path, now_ms: int) -> list[Finding]:
    """A row for the service, and one for each brace it knows."""
    told, runs = health.read(folder), alone.is_watched(folder)
    if told is None and not runs:
        says = "not used here; `talus watch` collects by itself, `talus watch --install` from now on"
        return [Finding("service", OK, says)]
    if told is None:
        return [Finding("service", NOTE, "just started: ask again in a minute")]
    return [
        Finding("service", *_service(told, runs, now_ms)),
        *(_brace(told, one, runs, now_ms) for one in told.known()),
    ]


def _service(told: Health, runs: bool, now_ms: int) -> tuple[str, str]:
    beat_ms = told.beat_ms or 0
    if not runs and told.stopped_ms is not None:
        return NOTE, f"stopped {ago(told.stopped_ms, now_ms)}, nothing is collected by itself: `talus watch` starts it"
    if not runs:
        return WRONG, f"it ended without a word after {moment(beat_ms)}, nothing is collected by itself: {RESTART}"
    if now_ms - beat_ms > HUNG_MS:
        return WRONG, f"it runs, but was last active {ago(beat_ms, now_ms)}: {RESTART}"
    if told.adapter:
        return WRONG, f"it runs, but hears nothing: {told.adapter}"
    return OK, f"`talus watch` runs, active {ago(beat_ms, now_ms)}"


def _brace(told: Health, one: BraceHealth, runs: bool, now_ms: int) -> Finding:
    if one.device is None:
        says = f"heard {_when(one.seen_ms, now_ms)}, it did not let us in ({one.error}); is it not yours, leave it"
        return Finding("a brace not known", NOTE, says)
    says = f"heard {_when(one.seen_ms, now_ms)}, last sync {_when(one.synced_ms, now_ms)}, {one.records} records so far"
    says += f", battery {'unknown' if one.battery_pct is None else f'{one.battery_pct} %'}"
    says += f"; {one.fault}" if one.fault else ""
    says += f"; {one.missing} records came damaged or not at all" if one.missing else ""
    state = NOTE if one.fault else OK
    if one.failures:
        times = "once" if one.failures == 1 else f"{one.failures} times"
        says += f"; failed {times} since, last {_when(one.error_ms, now_ms)}: {one.error}"
        says += BOND_HINT if one.error_kind == "LinkLostError" and one.failures >= OFTEN else ""
        says += f"; next try {_when(one.next_try_ms, now_ms)}" if runs and (one.next_try_ms or 0) > now_ms else ""
        state = WRONG if one.error_kind in NEEDS_A_PERSON or one.failures >= OFTEN else NOTE
    elif one.error:
        says += f"; its last error, over since: {_when(one.error_ms, now_ms)}, {one.error}"
    if now_ms - (one.seen_ms or 0) > STALE_MS:
        state = NOTE if state == OK else state
        says += "; out of reach: charge it, press its button, hold it near"
    return Finding(f"collecting from {one.device}", state, says)


def _when(then_ms: int | None, now_ms: int) -> str:
    return "never" if then_ms is None else ago(then_ms, now_ms)
