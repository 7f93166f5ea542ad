"""The tables of what people did and said about the data: accounts and their trail, consent, entries, notes, plans.

No view is made of them, and no record says anything of them: erasing a person takes them all.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index

from talus_host.store.schema import BLOB, INT, REAL, TEXT, key, table

ROLES = ("patient", "orthotist", "developer")
account = table(
    "account",
    Column("id", INT, primary_key=True),
    Column("name", TEXT, nullable=False, unique=True),  # typed at the door: a pseudonym, never a person's name
    Column("role", TEXT, CheckConstraint("role IN ('patient', 'orthotist', 'developer')"), nullable=False),
    Column("person", INT, ForeignKey("person.id")),  # whose own pages a patient sees
    Column("password", TEXT),  # Argon2id with its salt and costs; NULL: not set yet, only an invitation lets in
    Column("everybody", INT, nullable=False),  # 1: an orthotist who sees all people; 0: those in `care` alone
    Column("language", TEXT),
    Column("made_ms", INT, nullable=False),
    Column("closed_ms", INT),
    rowid=True,
)
attempt = table(  # wrong passwords since the last right one, of any name that was typed, known or not
    "attempt",
    key("name", BLOB),  # SHA-256: somebody types a password here one day
    Column("failures", INT, nullable=False),
    Column("last_ms", INT, nullable=False),
    Column("until_ms", INT, nullable=False),
)
web_session = table(
    "web_session",
    key("token", BLOB),  # SHA-256 of what the cookie holds
    Column("account", INT, ForeignKey("account.id"), nullable=False),
    Column("made_ms", INT, nullable=False),
    Column("seen_ms", INT, nullable=False),
    Column("until_ms", INT, nullable=False),
)
invitation = table(  # lets an account in once, to choose a password
    "invitation",
    key("token", BLOB),  # SHA-256 of what the address holds
    Column("account", INT, ForeignKey("account.id"), nullable=False),
    Column("until_ms", INT, nullable=False),
)
care = table(  # whom an orthotist sees
    "care",
    Column("account", INT, ForeignKey("account.id"), primary_key=True, nullable=False),
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("from_ms"),
    Column("until_ms", INT),
)
audit = table(  # who saw and changed what; only ever added to, and each row's hash holds the one before it
    "audit",
    Column("id", INT, primary_key=True),
    Column("at_ms", INT, nullable=False),
    Column("account", INT),  # no foreign key: a trail outlives what it tells of
    Column("role", TEXT, nullable=False),
    Column("action", TEXT, nullable=False),
    Column("person", INT),
    Column("what", TEXT, nullable=False),
    Column("hash", BLOB, nullable=False),
    rowid=True,
)
audit_end = table(  # one row: the last of the trail, so that one taken off its end shows, too
    "audit_end",
    key("id"),
    Column("last", INT, nullable=False),
    Column("hash", BLOB, nullable=False),
)
consent = table(
    "consent",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("purpose", TEXT),
    key("from_ms"),
    Column("until_ms", INT),
    Column("version", TEXT, nullable=False),  # of the text agreed to
    Column("entered_ms", INT, nullable=False),
)
pause = table(  # what was recorded in it is kept and shown to nobody but as paused
    "pause",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("from_ms"),
    Column("until_ms", INT),
    Column("entered_ms", INT, nullable=False),
)
erased = table(  # what is left of a person taken out: a late sync of their braces brings nothing back
    "erased",
    key("device"),
    key("journal"),
    Column("at_ms", INT, nullable=False),
)

told = table(  # what the person, or a helper, told
    "told",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("at_ms"),  # when it was so
    key("what", TEXT),
    key("side", TEXT),  # left, right, or "" where it belongs to neither leg
    Column("value", REAL),
    Column("told_by", TEXT, CheckConstraint("told_by IN ('self', 'helper', 'clinician')"), nullable=False),
    key("entered_ms"),
)
note = table(  # an annotation: of days, or of one measure in them
    "note",
    Column("id", INT, primary_key=True),
    Column("person", INT, ForeignKey("person.id"), nullable=False),
    Column("first_day", TEXT, nullable=False),
    Column("last_day", TEXT, nullable=False),
    Column("measure", TEXT),
    Column("text", TEXT, nullable=False),
    Column("account", INT),
    Column("entered_ms", INT, nullable=False),
    Column("hidden_ms", INT),
    Index("note_person", "person", "first_day"),
    rowid=True,
)
threshold = table(  # a clinician's own, per person; of two the later entry holds
    "threshold",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("name", TEXT),
    key("entered_ms"),
    Column("value", REAL),  # NULL: the default again
    Column("account", INT),
)
exercise_plan = table(
    "exercise_plan",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("exercise", TEXT),
    key("side", TEXT),
    key("from_day", TEXT),
    key("entered_ms"),
    Column("sets_a_day", INT, nullable=False),  # 0: it ended
    Column("repetitions", INT, nullable=False),
    Column("days_a_week", INT, nullable=False),
)
fitting = table(  # the steps of a fitting as they were done
    "fitting",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("side", TEXT),
    key("began_ms"),
    key("step", TEXT),
    key("entered_ms"),
    Column("outcome", TEXT, CheckConstraint("outcome IN ('done', 'skipped', 'refused')"), nullable=False),
    Column("figures", TEXT, nullable=False),  # JSON: name with unit -> number
)
visit = table(  # days the person is expected; of two entries the later holds
    "visit",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("entered_ms"),
    Column("day", TEXT),  # NULL: none is planned
    Column("account", INT),
)
