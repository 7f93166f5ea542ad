"""The first tables: people, braces, syncs, records as received, and the views made from them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0001"
down_revision = None

INT = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
REAL = sa.Float(53).with_variant(sqlite.REAL(), "sqlite")
TEXT = sa.Text()
BLOB = sa.LargeBinary().with_variant(sqlite.BLOB(), "sqlite")

DAY_MEASURES = (
    "worn_h", "not_worn_h", "unknown_h", "day_h", "coverage", "unknown_waking_h", "steps", "strides", "strides_valid",
    "cadence_spm", "stride_time_s", "stride_time_cv_pct", "stance_pct", "swing_dorsiflexion_deg",
    "ankle_at_contact_deg", "heel_first_pct", "ankle_range_deg", "moment_swing_nm", "assist_impulse_nms",
    "shank_to_vertical_deg", "walking_min", "longest_walk_min", "strides_measured",
)  # fmt: skip

# Records are kept as received: the database itself refuses to change or remove one.
KEEP_RECORDS = (
    """CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
       BEGIN SELECT RAISE(ABORT, 'a record never changes'); END""",
    """CREATE TRIGGER record_never_goes BEFORE DELETE ON record
       BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END""",
)


def upgrade() -> None:
    _people()
    _received()
    _views()
    _pressure()
    for trigger in KEEP_RECORDS:
        op.execute(trigger)


def _create(name: str, *parts: sa.Column[Any] | sa.CheckConstraint, rowid: bool = False) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _key(name: str, kind: sa.types.TypeEngine[Any] = INT) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, nullable=False, autoincrement=False)


def _to(name: str, target: str, *, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, INT, sa.ForeignKey(target), primary_key=key, nullable=False)


def _whole(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, INT, nullable=False) for name in names]


def _words(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def _measures(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, REAL) for name in names]


def _leg_day() -> list[sa.Column[Any]]:
    return [_key("person"), _key("side", TEXT), _key("day", TEXT)]


def _people() -> None:
    _create(
        "person",
        sa.Column("id", INT, primary_key=True),
        sa.Column("label", TEXT, nullable=False, unique=True),
        *_measures("goal_h"),
        *_whole("provisional"),
        rowid=True,
    )
    _create("person_zone", _to("person", "person.id", key=True), _key("from_ms"), *_words("zone"))


def _received() -> None:
    _create(
        "brace",
        _key("device"),
        sa.Column("side", TEXT, sa.CheckConstraint("side IN ('left', 'right', 'unknown')"), nullable=False),
        _to("person", "person.id"),
    )
    _create(
        "sync",
        _to("device", "brace.device", key=True),
        _key("received_ms"),
        *_whole("journal", "records", "added", "conflicts"),
        *_words("side"),
        *_whole("boot"),
        sa.Column("battery", INT),
        *_whole("fault"),
    )
    _create(
        "record",
        _to("device", "brace.device", key=True),
        _key("journal"),
        _key("sequence"),
        *_whole("boot", "at_ms", "kind"),
        sa.Column("payload", BLOB, nullable=False),
    )
    op.create_index("record_time", "record", ["device", "journal", "boot", "kind", "at_ms"])


def _views() -> None:
    boot_of = ("device", "journal", "boot")
    _create(
        "clock_pair",
        *(_key(name) for name in (*boot_of, "sequence")),
        *_whole("at_ms", "utc_ms"),
        *_measures("uncertainty_ms"),
        *_whole("by_host", "believed"),
    )
    _create(
        "boot_kind",
        *(_key(name) for name in (*boot_of, "kind")),
        *_whole("records", "first_at_ms", "last_at_ms"),
    )
    _create("day", *_leg_day(), *_measures(*DAY_MEASURES))
    _create("hour", *_leg_day(), _key("hour"), *_measures("worn_min", "not_worn_min", "unknown_min", "steps"))
    _create("wear_bout", *_leg_day(), _key("start_ms"), *_whole("end_ms"), *_words("state"))
    _create(
        "curve",
        *_leg_day(),
        _key("at_ms"),
        _key("device"),
        *_measures("strides"),
        sa.Column("points", BLOB, nullable=False),
    )
    _create("histogram", *_leg_day(), _key("measure", TEXT), _key("bin"), *_whole("strides"))


def _pressure() -> None:
    _create(
        "pressure_day",
        *_leg_day(),
        _key("channel"),
        _key("site", TEXT),
        *_measures("minutes_amber", "minutes_red", "sustained_median_kpa", "measured_min"),
    )
    _create(
        "pressure_event",
        *(_key(name) for name in ("device", "journal", "sequence")),
        *_whole("start_ms"),
        sa.Column("end_ms", INT),
        *_whole("channel"),
        *_words("site", "tier"),
        *_measures("peak_kpa", "mean_kpa", "dose_kpah", "minutes"),
    )
