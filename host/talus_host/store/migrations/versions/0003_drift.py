"""The drift of each boot's clock, and which clock pairs its times go through."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0003"
down_revision = "0002"

INT = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
REAL = sa.Float(53).with_variant(sqlite.REAL(), "sqlite")
KEY = ("device", "journal", "boot")
RATE = ("ppm", "half_ppm")


def upgrade() -> None:
    op.drop_table("clock_pair")  # a view: it is made again
    op.create_table(
        "clock_pair",
        *(_key(name) for name in (*KEY, "sequence")),
        *(sa.Column(name, INT, nullable=False) for name in ("at_ms", "utc_ms")),
        sa.Column("uncertainty_ms", REAL),
        *(sa.Column(name, INT, nullable=False) for name in ("by_host", "believed", "used")),
        *(sa.Column(name, REAL) for name in RATE),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clock_drift",
        *(_key(name) for name in KEY),
        *(sa.Column(name, REAL, nullable=False) for name in (*RATE, *(f"before_{name}" for name in RATE))),
        *(sa.Column(name, INT, nullable=False) for name in ("used", "rejected")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clock_rest",
        *(_key(name) for name in (*KEY, "at_ms")),
        sa.Column("asleep", INT, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, INT, primary_key=True, nullable=False, autoincrement=False)
