"""The tables. Records are kept as received and never change; everything under VIEWS can be made again from them.

Times are UTC milliseconds, days ISO text of the person's own calendar. A brace's and a journal's ids are unsigned
64-bit numbers kept as signed ones, because no database here has the unsigned kind.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from talus_host.metrics.pressure_minutes import MEASURES

HEAD = "0004"  # the newest migration; a test holds it to the folder

INT = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
REAL = Float(53).with_variant(sqlite.REAL(), "sqlite")
TEXT = Text()
BLOB = LargeBinary().with_variant(sqlite.BLOB(), "sqlite")

metadata = MetaData()


def table(name: str, *parts: Column[Any] | CheckConstraint | Index, rowid: bool = False) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def key(name: str, kind: TypeEngine[Any] = INT) -> Column[Any]:
    return Column(name, kind, primary_key=True, nullable=False, autoincrement=False)


person = table(
    "person",
    Column("id", INT, primary_key=True),
    Column("label", TEXT, nullable=False, unique=True),  # a pseudonym, never a name
    Column("goal_h", REAL),
    Column("provisional", INT, nullable=False),  # 1: made for a brace that nobody was named for
    Column("mass_kg", REAL),
    Column("export_id", TEXT),  # random, what other systems know the person by; NULL: nothing was sent to one
    rowid=True,
)
person_zone = table(
    "person_zone",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("from_ms"),
    Column("zone", TEXT, nullable=False),
)
brace = table(
    "brace",
    key("device"),
    Column("side", TEXT, CheckConstraint("side IN ('left', 'right', 'unknown')"), nullable=False),
    Column("person", INT, ForeignKey("person.id"), nullable=False),
)
# What a brace's Info said at a sync beside the above: of its ring the oldest sequence kept and the one behind the
# newest, why its worst part is so, its power state, and the digest of its settings.
SAID = ("first", "next", "fault_reason", "state", "settings")
# How the link fared at it, said once it came to its end: how long it took, of that the stream of records alone, the
# bytes of that stream, of them noise, the records that should have come and did not, how well the clocks agreed.
LINK = ("took_ms", "stream_ms", "octets", "skipped", "missing", "within_ms")
sync = table(
    "sync",
    Column("device", INT, ForeignKey("brace.device"), primary_key=True, nullable=False),
    key("received_ms"),
    Column("journal", INT, nullable=False),
    Column("records", INT, nullable=False),  # received
    Column("added", INT, nullable=False),  # of them new
    Column("conflicts", INT, nullable=False),  # of them known with other content; what was known first is kept
    Column("side", TEXT, nullable=False),  # as the brace says
    Column("boot", INT, nullable=False),
    Column("battery", INT),
    Column("fault", INT, nullable=False),
    *(Column(name, INT) for name in SAID),  # NULL: kept before they were
    Column("ended", INT),  # 1: it came to its end; 0: it has not, or was cut off; NULL: kept before that was
    *(Column(name, INT) for name in LINK),  # NULL: not known
)
record = table(
    "record",
    Column("device", INT, ForeignKey("brace.device"), primary_key=True, nullable=False),
    key("journal"),
    key("sequence"),
    Column("boot", INT, nullable=False),
    Column("at_ms", INT, nullable=False),
    Column("kind", INT, nullable=False),
    Column("payload", BLOB, nullable=False),
    Index("record_time", "device", "journal", "boot", "kind", "at_ms"),
)

timed_walk = table(
    "timed_walk",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("at_ms"),
    Column("distance_m", REAL, nullable=False),
    Column("seconds", REAL, nullable=False),
    Column("brace_on", INT, nullable=False),
    Column("entered_ms", INT, nullable=False),
)
prescription = table(
    "prescription",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("side", TEXT),
    key("from_day", TEXT),
    Column("kind", TEXT, nullable=False),
    Column("hours", REAL),
    Column("hours_max", REAL),
    Column("hours_more", REAL),  # break-in: added each day
    key("entered_ms"),  # of two from one day the later entry holds
)
brace_change = table(
    "brace_change",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("side", TEXT),
    key("at_ms"),
    key("what", TEXT),
    Column("entered_ms", INT, nullable=False),
)
headline = table(  # figures chosen to be judged, and which way is better
    "headline",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    key("entered_ms"),
    key("measure", TEXT),
    Column("better", TEXT, nullable=False),
)

RATE = ("ppm", "half_ppm")  # of placing.Rate: how much UTC gains on a brace's clock
clock_pair = table(
    "clock_pair",
    key("device"),
    key("journal"),
    key("boot"),
    key("sequence"),
    Column("at_ms", INT, nullable=False),
    Column("utc_ms", INT, nullable=False),
    Column("uncertainty_ms", REAL),
    Column("by_host", INT, nullable=False),
    Column("believed", INT, nullable=False),
    Column("used", INT, nullable=False),  # times go through it; a believed one that says no more than its neighbours: 0
    *(Column(name, REAL) for name in RATE),  # the drift on the way to it, where it is used
)
clock_drift = table(  # of each boot that can be placed: the drift from its last pair on, and before its first
    "clock_drift",
    key("device"),
    key("journal"),
    key("boot"),
    *(Column(name, REAL, nullable=False) for name in (*RATE, *(f"before_{name}" for name in RATE))),
    Column("used", INT, nullable=False),
    Column("rejected", INT, nullable=False),
)
clock_rest = table(  # from when on a brace may have slept, or not: asleep its clock is another
    "clock_rest",
    key("device"),
    key("journal"),
    key("boot"),
    key("at_ms"),
    Column("asleep", INT, nullable=False),
)
boot_kind = table(  # what each boot holds; a boot without a believed clock pair is the "unknown day"
    "boot_kind",
    key("device"),
    key("journal"),
    key("boot"),
    key("kind"),
    Column("records", INT, nullable=False),
    Column("first_at_ms", INT, nullable=False),
    Column("last_at_ms", INT, nullable=False),
)

DAY_MEASURES = (
    "worn_h", "not_worn_h", "unknown_h", "day_h", "coverage", "unknown_waking_h", "steps", "strides", "strides_valid",
    "cadence_spm", "stride_time_s", "stride_time_cv_pct", "stance_pct", "swing_dorsiflexion_deg",
    "ankle_at_contact_deg", "heel_first_pct", "ankle_range_deg", "moment_swing_nm", "assist_impulse_nms",
    "shank_to_vertical_deg", "walking_min", "longest_walk_min", "strides_measured",
    "shank_to_vertical_iqr_deg", "slap_rate_deg_s", "loading_impulse_nms", "moment_swing_peak_nm",
    "work_returned_j", "work_stored_j", "work_push_off_j", "push_off_rate_deg_s", "flat_after_s",
    "shank_range_deg", "shank_back_deg", "foot_pitch_mid_swing_deg", "stiffness_nm_deg", "stiffness_down_nm_deg",
    "stiffness_up_nm_deg", "neutral_deg", "loss_j", "scuffs", "drags", "trips", "possible_stumbles",
    "adjustments", "low_confidence_h",
)  # fmt: skip


BAND_MEASURES = (  # of metrics.matched, which a test holds to it
    "stance_pct", "swing_dorsiflexion_deg", "ankle_at_contact_deg", "ankle_range_deg", "moment_swing_nm",
    "assist_impulse_nms", "shank_to_vertical_deg", "heel_first_pct",
)  # fmt: skip


def _leg_day() -> list[Column[Any]]:
    return [key("person"), key("side", TEXT), key("day", TEXT)]


day = table("day", *_leg_day(), *(Column(name, REAL) for name in DAY_MEASURES))
hour = table(
    "hour", *_leg_day(), key("hour"), *(Column(n, REAL) for n in ("worn_min", "not_worn_min", "unknown_min", "steps"))
)
wear_bout = table(
    "wear_bout",
    *_leg_day(),
    key("start_ms"),
    Column("end_ms", INT, nullable=False),
    Column("state", TEXT, nullable=False),
)
pressure_day = table(
    "pressure_day",
    *_leg_day(),
    key("channel"),
    key("site", TEXT),
    *(Column(name, REAL) for name in MEASURES),
)
curve = table(
    "curve",
    *_leg_day(),
    key("at_ms"),
    key("device"),
    Column("strides", REAL),
    Column("points", BLOB, nullable=False),  # little-endian float64: 25 of the angle, 25 of the moment
)
histogram = table("histogram", *_leg_day(), key("measure", TEXT), key("bin"), Column("strides", INT, nullable=False))
cadence_band = table(
    "cadence_band",
    *_leg_day(),
    key("walk_s"),  # shortest walk of its class
    key("band"),
    Column("strides", REAL),
    *(Column(name, REAL) for name in BAND_MEASURES),
)
pressure_event = table(
    "pressure_event",
    key("device"),
    key("journal"),
    key("sequence"),  # of the record that began it
    Column("start_ms", INT, nullable=False),
    Column("end_ms", INT),
    Column("channel", INT, nullable=False),
    Column("site", TEXT, nullable=False),
    Column("tier", TEXT, nullable=False),
    *(Column(name, REAL) for name in ("peak_kpa", "mean_kpa", "dose_kpah", "minutes")),
    Index("pressure_event_time", "device", "start_ms"),
    Index("pressure_event_open", "device", sqlite_where=text("end_ms IS NULL")),
)
judged = table(  # what flags and claims said of a person on a day: see store/judged.py
    "judged",
    Column("person", INT, ForeignKey("person.id"), primary_key=True, nullable=False),
    Column("asked", INT, nullable=False),  # how often something came that they may hang on
    Column("answered", INT),  # `asked` when they were judged; NULL: never
    Column("day", TEXT),
    Column("flags", TEXT),  # JSON
    Column("claims", TEXT),  # JSON
)

DAY_VIEWS = (day, hour, wear_bout, pressure_day, curve, histogram, cadence_band)
VIEWS = (clock_pair, clock_drift, clock_rest, boot_kind, pressure_event, *DAY_VIEWS)


def signed(number: int) -> int:
    """An unsigned 64-bit id as the database keeps it."""
    return number - (1 << 64) if number >= 1 << 63 else number


def unsigned(number: int) -> int:
    """The id a brace knows itself by."""
    return number & 0xFFFF_FFFF_FFFF_FFFF


def name_of(number: int) -> str:
    """An id as people see it: 16 hex digits."""
    return f"{unsigned(number):016x}"


def id_of(device: int | str) -> int:
    """The database's id of a device given as a number or as its 16 hex digits. Raises ValueError for other text."""
    return signed(int(device, 16) if isinstance(device, str) else device)
