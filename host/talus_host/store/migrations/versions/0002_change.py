"""What change over weeks needs: timed walks, prescriptions, brace changes, and more measures of a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0002"
down_revision = "0001"

INT = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
REAL = sa.Float(53).with_variant(sqlite.REAL(), "sqlite")
TEXT = sa.Text()

NEW_DAY_MEASURES: tuple[str, ...] = (
    "shank_to_vertical_iqr_deg", "slap_rate_deg_s", "loading_impulse_nms", "moment_swing_peak_nm",
    "work_returned_j", "work_stored_j", "work_push_off_j", "push_off_rate_deg_s", "flat_after_s",
    "shank_range_deg", "shank_back_deg", "foot_pitch_mid_swing_deg", "stiffness_nm_deg", "stiffness_down_nm_deg",
    "stiffness_up_nm_deg", "neutral_deg", "loss_j", "scuffs", "drags", "trips", "possible_stumbles",
    "adjustments", "low_confidence_h",
)  # fmt: skip
NEW_PRESSURE_DAY_MEASURES = ("above_35_min", "above_67_min", "dose_kpah", "first_hour_median_kpa", "floor_kpa")


def upgrade() -> None:
    for name in NEW_DAY_MEASURES:
        op.add_column("day", sa.Column(name, REAL))
    for name in NEW_PRESSURE_DAY_MEASURES:
        op.add_column("pressure_day", sa.Column(name, REAL))
    op.add_column("person", sa.Column("mass_kg", REAL))
    _timed_walks()
    _prescriptions()
    _brace_changes()
    _headlines()
    _cadence_bands()


def _timed_walks() -> None:
    op.create_table(
        "timed_walk",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        sa.Column("at_ms", INT, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("distance_m", REAL, nullable=False),
        sa.Column("seconds", REAL, nullable=False),
        sa.Column("brace_on", INT, nullable=False),
        sa.Column("entered_ms", INT, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _prescriptions() -> None:
    op.create_table(
        "prescription",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        sa.Column("side", TEXT, primary_key=True, nullable=False),
        sa.Column("from_day", TEXT, primary_key=True, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("hours", REAL),
        sa.Column("hours_max", REAL),
        sa.Column("hours_more", REAL),  # break-in: added each day
        sa.Column("entered_ms", INT, primary_key=True, nullable=False, autoincrement=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _brace_changes() -> None:
    op.create_table(
        "brace_change",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        sa.Column("side", TEXT, primary_key=True, nullable=False),
        sa.Column("at_ms", INT, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("what", TEXT, primary_key=True, nullable=False),
        sa.Column("entered_ms", INT, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _headlines() -> None:
    op.create_table(
        "headline",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        sa.Column("entered_ms", INT, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("measure", TEXT, primary_key=True, nullable=False),
        sa.Column("better", TEXT, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _cadence_bands() -> None:
    measures = (
        "stance_pct", "swing_dorsiflexion_deg", "ankle_at_contact_deg", "ankle_range_deg", "moment_swing_nm",
        "assist_impulse_nms", "shank_to_vertical_deg", "heel_first_pct",
    )  # fmt: skip
    op.create_table(
        "cadence_band",
        sa.Column("person", INT, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("side", TEXT, primary_key=True, nullable=False),
        sa.Column("day", TEXT, primary_key=True, nullable=False),
        sa.Column("walk_s", INT, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("band", INT, primary_key=True, nullable=False, autoincrement=False),
        sa.Column("strides", REAL),
        *(sa.Column(name, REAL) for name in measures),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
