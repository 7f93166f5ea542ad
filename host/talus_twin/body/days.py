# Weeks of a person's days: when the brace is on, when it lies about, when its battery is flat. Civil days of a zone,
# 23 and 25 hours included. Nothing is known of a flat battery's hours: they become unknown, never not worn.
# Sources: breaks and dons a day, hours worn: clinical reference 1.1, 1.4 (6-9 h, most removals under an hour);
# the shape of the rest [E].

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from talus_twin.body.errors import PersonError

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
Span = tuple[int, int]  # [from, to) in UTC ms


@dataclass(frozen=True)
class Day:
    """One civil day: [start_ms, end_ms) UTC, its place in the course (0 first .. 1 last), and the spans worn."""

    date: date
    start_ms: int
    end_ms: int
    progress: float
    worn: tuple[Span, ...] = field(default=())


def midnight_ms(day: date, zone: ZoneInfo) -> int:
    """UTC ms of the first moment of a civil day."""
    return int(datetime.combine(day, time(0), tzinfo=zone).timestamp() * 1000)


def civil_days(end_utc_ms: int, weeks: int, zone: str) -> list[Day]:
    """`weeks` whole weeks of civil days before the day of end_utc_ms, and that day up to then. Spans still empty."""
    try:
        where = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise PersonError(f"zone: {zone!r} is not known ({error})") from None
    last = datetime.fromtimestamp(end_utc_ms / 1000, UTC).astimezone(where).date()
    count = 7 * weeks
    found = []
    for i in range(count + 1):
        day = last - timedelta(days=count - i)
        end = midnight_ms(day + timedelta(days=1), where)
        found.append(Day(day, midnight_ms(day, where), min(end, end_utc_ms), i / max(1, count)))
    return found


def wear(days: list[Day], zone: str, not_worn_share: float, rng: np.random.Generator) -> list[Day]:
    """The same days with the spans the brace is on the leg. The first week is a break-in of few hours."""
    where = ZoneInfo(zone)
    return [_worn_day(day, i, where, not_worn_share, rng) for i, day in enumerate(days)]


def _worn_day(day: Day, number: int, where: ZoneInfo, not_worn_share: float, rng: np.random.Generator) -> Day:
    draw = rng.random()
    morning = datetime.combine(day.date, time(7, 25), tzinfo=where).timestamp() * 1000
    begin = morning + rng.normal(0, 30) * MINUTE_MS
    hours = float(np.clip(rng.normal(9.4 + 0.5 * day.progress, 1.0), 6.0, 12.0))
    if number < 7:
        hours *= 0.45 + 0.08 * number
    breaks = min(4, int(rng.poisson(1.3)))
    lengths = np.clip(rng.lognormal(np.log(22), 0.7, breaks), 6, 100) * MINUTE_MS
    cuts = np.sort(rng.uniform(0.12, 0.88, breaks)) * hours * HOUR_MS
    if number > 0 and draw < not_worn_share:
        return day
    spans, at = [], begin
    edges = [0.0, *cuts.tolist(), hours * HOUR_MS]
    for k in range(breaks + 1):
        length = edges[k + 1] - edges[k]
        if length > 10 * MINUTE_MS:
            spans.append((int(at), int(at + length)))
        at += length + (lengths[k] if k < breaks else 0)
    return Day(day.date, day.start_ms, day.end_ms, day.progress, tuple(clip(spans, day.start_ms, day.end_ms)))


def clip(spans: list[Span], low: int, high: int) -> list[Span]:
    """Spans inside [low, high); what is left shorter than a minute is dropped."""
    inside = [(max(a, low), min(b, high)) for a, b in spans]
    return [(a, b) for a, b in inside if b - a >= MINUTE_MS]


def without(spans: list[Span], holes: list[Span]) -> list[Span]:
    """Spans with the holes cut out."""
    for low, high in holes:
        spans = [piece for a, b in spans for piece in ((a, min(b, low)), (max(a, high), b)) if piece[1] > piece[0]]
    return [(a, b) for a, b in spans if b - a >= MINUTE_MS]


def flat_spans(days: list[Day], count: int, cut: int, rng: np.random.Generator) -> list[Span]:
    """`count` times the battery runs flat some afternoon and is charged some morning after; the last of them lies
    in the last fortnight (`cut`: index of its first day) so that a brace in use shows an unknown stretch too."""
    found = []
    for k in range(count):
        last = k == count - 1
        low, high = (cut + 3, len(days) - 5) if last else (8 + k * (cut - 12) // max(1, count - 1), cut - 4)
        if high <= low:
            continue
        at = int(rng.integers(low, min(high, low + 6)))
        begin = days[at].start_ms + int(rng.uniform(14.5, 17.5) * HOUR_MS)
        back = days[at + (1 if last else 2)].start_ms + int(rng.uniform(7.5, 9.0) * HOUR_MS)
        found.append((begin, back))
    return found


def overlap_ms(spans: list[Span], starts_ms: np.ndarray, length_ms: int) -> np.ndarray:
    """How much of each window [start, start + length) the spans cover, in ms. Spans are in order and apart."""
    if not spans:
        return np.zeros(len(starts_ms))
    edges = np.array(spans, dtype=float).ravel()
    gained = np.concatenate(([0.0], np.cumsum(np.diff(edges) * (np.arange(len(edges) - 1) % 2 == 0))))
    return np.interp(starts_ms + length_ms, edges, gained) - np.interp(starts_ms, edges, gained)
