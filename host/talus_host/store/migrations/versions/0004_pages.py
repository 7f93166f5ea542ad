"""Who may look and who did, consent and pauses, and what people told: accounts, trail, entries, notes, plans."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision = "0003"

INT = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
REAL = sa.Float(53).with_variant(sqlite.REAL(), "sqlite")
TEXT = sa.Text()
BLOB = sa.LargeBinary().with_variant(sqlite.BLOB(), "sqlite")

# A record goes only with its person, and leaves the tombstone of its journal: the database itself sees to it.
RECORD_GOES = (
    "DROP TRIGGER record_never_goes",
    """CREATE TRIGGER record_never_goes BEFORE DELETE ON record
       WHEN NOT EXISTS (SELECT 1 FROM erased WHERE device = OLD.device AND journal = OLD.journal)
       BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END""",
)


def upgrade() -> None:
    _syncs()
    _doors()
    _trail()
    op.add_column("person", sa.Column("export_id", TEXT))
    for statement in RECORD_GOES:
        op.execute(statement)
    _entries()
    _plans()
    _caseload()


def _syncs() -> None:
    said = ("first", "next", "fault_reason", "state", "settings")
    for name in (*said, "ended", "took_ms", "stream_ms", "octets", "skipped", "missing", "within_ms"):
        op.add_column("sync", sa.Column(name, INT))


def _doors() -> None:
    _table(
        "account",
        sa.Column("id", INT, primary_key=True),
        sa.Column("name", TEXT, nullable=False, unique=True),
        sa.Column("role", TEXT, sa.CheckConstraint("role IN ('patient', 'orthotist', 'developer')"), nullable=False),
        sa.Column("person", INT, sa.ForeignKey("person.id")),
        sa.Column("password", TEXT),
        sa.Column("everybody", INT, nullable=False),
        sa.Column("language", TEXT),
        sa.Column("made_ms", INT, nullable=False),
        sa.Column("closed_ms", INT),
        rowid=True,
    )
    _table(
        "attempt",
        _key("name", BLOB),
        sa.Column("failures", INT, nullable=False),
        sa.Column("last_ms", INT, nullable=False),
        sa.Column("until_ms", INT, nullable=False),
    )
    _table(
        "web_session",
        _key("token", BLOB),
        sa.Column("account", INT, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("made_ms", INT, nullable=False),
        sa.Column("seen_ms", INT, nullable=False),
        sa.Column("until_ms", INT, nullable=False),
    )
    _table(
        "invitation",
        _key("token", BLOB),
        sa.Column("account", INT, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("until_ms", INT, nullable=False),
    )
    _table(
        "care",
        sa.Column("account", INT, sa.ForeignKey("account.id"), primary_key=True, nullable=False),
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("from_ms"),
        sa.Column("until_ms", INT),
    )


def _trail() -> None:
    _table(
        "audit",
        sa.Column("id", INT, primary_key=True),
        sa.Column("at_ms", INT, nullable=False),
        sa.Column("account", INT),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("person", INT),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("hash", BLOB, nullable=False),
        rowid=True,
    )
    for verb in ("UPDATE", "DELETE"):  # the database itself sees to it that rows are only added
        refusal = "SELECT RAISE(ABORT, 'the trail is only added to')"
        op.execute(f"CREATE TRIGGER audit_never_{verb.lower()} BEFORE {verb} ON audit BEGIN {refusal}; END")
    _table(
        "audit_end",
        _key("id"),
        sa.Column("last", INT, nullable=False),
        sa.Column("hash", BLOB, nullable=False),
    )
    _table(
        "consent",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("purpose", TEXT),
        _key("from_ms"),
        sa.Column("until_ms", INT),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("entered_ms", INT, nullable=False),
    )
    _table(
        "pause",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("from_ms"),
        sa.Column("until_ms", INT),
        sa.Column("entered_ms", INT, nullable=False),
    )
    _table(
        "erased",
        _key("device"),
        _key("journal"),
        sa.Column("at_ms", INT, nullable=False),
    )


def _entries() -> None:
    _table(
        "told",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("at_ms"),
        _key("what", TEXT),
        _key("side", TEXT),
        sa.Column("value", REAL),
        sa.Column("told_by", TEXT, sa.CheckConstraint("told_by IN ('self', 'helper', 'clinician')"), nullable=False),
        _key("entered_ms"),
    )
    _table(
        "note",
        sa.Column("id", INT, primary_key=True),
        sa.Column("person", INT, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("first_day", TEXT, nullable=False),
        sa.Column("last_day", TEXT, nullable=False),
        sa.Column("measure", TEXT),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("account", INT),
        sa.Column("entered_ms", INT, nullable=False),
        sa.Column("hidden_ms", INT),
        sa.Index("note_person", "person", "first_day"),
        rowid=True,
    )
    _table(
        "threshold",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("name", TEXT),
        _key("entered_ms"),
        sa.Column("value", REAL),
        sa.Column("account", INT),
    )


def _plans() -> None:
    _table(
        "exercise_plan",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("exercise", TEXT),
        _key("side", TEXT),
        _key("from_day", TEXT),
        _key("entered_ms"),
        sa.Column("sets_a_day", INT, nullable=False),
        sa.Column("repetitions", INT, nullable=False),
        sa.Column("days_a_week", INT, nullable=False),
    )
    _table(
        "fitting",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("side", TEXT),
        _key("began_ms"),
        _key("step", TEXT),
        _key("entered_ms"),
        sa.Column("outcome", TEXT, sa.CheckConstraint("outcome IN ('done', 'skipped', 'refused')"), nullable=False),
        sa.Column("figures", TEXT, nullable=False),
    )
    _table(
        "visit",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        _key("entered_ms"),
        sa.Column("day", TEXT),
        sa.Column("account", INT),
    )


def _caseload() -> None:
    _table(
        "judged",
        sa.Column("person", INT, sa.ForeignKey("person.id"), primary_key=True, nullable=False),
        sa.Column("asked", INT, nullable=False),
        sa.Column("answered", INT),
        sa.Column("day", TEXT),
        sa.Column("flags", TEXT),
        sa.Column("claims", TEXT),
    )
    op.create_index("pressure_event_time", "pressure_event", ["device", "start_ms"])
    op.create_index("pressure_event_open", "pressure_event", ["device"], sqlite_where=sa.text("end_ms IS NULL"))


def _table(name: str, *parts: Any, rowid: bool = False) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _key(name: str, kind: TypeEngine[Any] = INT) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, nullable=False, autoincrement=False)
