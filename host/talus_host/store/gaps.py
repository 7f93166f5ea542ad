"""Which sequences of a journal are not here, and which of those the brace itself has told lost."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select

from talus.wire.kinds import LOSS_CAUSES
from talus_host import tables
from talus_host.store import load, schema

OVERWRITTEN = "overwritten"


def gaps(connection: Connection, device: int, journal: int, at_least: int | None = None) -> pd.DataFrame:
    """first, behind (half-open), cause (missing: not told) of the sequences missing between what is stored.

    at_least: also what is missing from that sequence to the first one stored; None: the journal begins there.
    """
    r = schema.record.c
    ours = (r.device == device) & (r.journal == journal)
    if at_least is not None:
        ours &= r.sequence >= at_least
    low, high = (
        connection.execute(select(edge(r.sequence)).where(ours)).scalar() or 0 for edge in (func.min, func.max)
    )
    if at_least is None:
        count = _count(connection, device, journal)
    else:
        count = connection.execute(select(func.count()).where(ours)).scalar_one()
    found: list[tuple[int, int]] = []
    if count and at_least is not None and low > at_least:
        found.append((at_least, int(low)))
    if count and high - low + 1 != count:
        following = func.lead(r.sequence).over(order_by=r.sequence).label("following")
        inner = select(r.sequence, following).where(ours).subquery()
        query = select(inner.c.sequence + 1, inner.c.following).where(inner.c.following > inner.c.sequence + 1)
        found += [tuple(row) for row in connection.execute(query.order_by(inner.c.sequence))]
    return _with_causes(found, losses(connection, device, journal) if found else [])


def _count(connection: Connection, device: int, journal: int) -> int:
    """How many records of a journal are stored, from the view that counts them."""
    b = schema.boot_kind.c
    held = select(func.sum(b.records)).where(b.device == device, b.journal == journal)
    return int(connection.execute(held).scalar() or 0)


def losses(connection: Connection, device: int, journal: int) -> list[tuple[int, int, str | None]]:
    """(first, behind, cause) of every stretch that the brace's loss records tell lost, in order."""
    payloads = [row[5] for row in load.of_kind(connection, [device], "loss") if row[1] == journal]
    values = tables.arrays("loss", payloads)
    told = []
    for first, count, cause in zip(values["first"], values["count"], values["cause"], strict=True):
        if not np.isnan(first) and count > 0:
            known = not np.isnan(cause) and int(cause) < len(LOSS_CAUSES)
            told.append((int(first), int(first + count), LOSS_CAUSES[int(cause)] if known else None))
    return sorted(told, key=lambda one: one[:2])


def _with_causes(found: list[tuple[int, int]], told: list[tuple[int, int, str | None]]) -> pd.DataFrame:
    """Each gap cut where a told loss begins and ends."""
    rows: list[tuple[int, int, str | None]] = []
    for first, behind in found:
        at = first
        for lost, until, cause in told:
            lost, until = max(lost, at), min(until, behind)
            if lost >= until:
                continue
            if at < lost:
                rows.append((at, lost, None))
            rows.append((lost, until, cause or "unknown"))
            at = until
        if at < behind:
            rows.append((at, behind, None))
    return pd.DataFrame(rows, columns=["first", "behind", "cause"]).astype({"first": np.int64, "behind": np.int64})


def first_missing(connection: Connection, device: int, journal: int, at_least: int) -> int:
    """The lowest sequence from `at_least`, the oldest the brace keeps, on that is neither stored nor told lost.

    What it tells overwritten and still keeps was not: it tells before it releases, and a release may fail.
    """
    missing = gaps(connection, device, journal, at_least)
    for first, cause in zip(missing["first"].tolist(), missing["cause"].tolist(), strict=True):
        if pd.isna(cause) or cause == OVERWRITTEN:
            return int(first)
    r = schema.record.c
    high = connection.execute(
        select(func.max(r.sequence)).where(r.device == device, r.journal == journal, r.sequence >= at_least)
    ).scalar()
    at = at_least if high is None else int(high) + 1
    for lost, until, told in losses(connection, device, journal):
        if lost <= at < until and told != OVERWRITTEN:
            at = until
    return at
