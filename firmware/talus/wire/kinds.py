# What the numbers of a record mean: codes and their "unknown", the words its fields are indices into, its bits, and
# the kinds made of `rows`. Words are appended, never moved, renamed or reused.

import binascii

from talus.wire.rows import KINDS_BY_ROW

# code -> (bytes, smallest value, largest value, the number that says "unknown")
CODES = {
    "B": (1, 0, 254, 255),
    "b": (1, -127, 127, -128),
    "H": (2, 0, 65534, 65535),
    "h": (2, -32767, 32767, -32768),
    "I": (4, 0, 4294967294, 4294967295),
    "i": (4, -2147483647, 2147483647, -2147483648),
}

# A list field is written "25h"; the field coded "*" is the rest of the record, as bytes.
CURVE_POINTS = 25
PRESSURE_CHANNELS = 4

WORN = ("not_worn", "worn")  # 255 says unknown
SIDES = ("left", "right")
IMU_PLACES = ("shank", "foot")
CONTACTS = ("heel", "flat", "forefoot")
SITES = tuple(
    (
        "none fibular_head lateral_malleolus medial_malleolus dorsal_strap heel calf_cuff navicular fifth_metatarsal"
    ).split()
)
TIERS = ("none", "amber", "red")
STUMBLES = ("scuff", "drag", "trip", "possible_stumble")
EXERCISES = ("dorsiflexion", "heel_raise", "hold", "single_leg_stand")
EXERCISE_SIGNS = ("none", "angle", "moment", "stance")
RESET_CAUSES = ("power_on", "hard_reset", "watchdog", "soft_reset", "brown_out", "deep_sleep")
LOSS_CAUSES = ("overwritten", "damaged", "no_room", "unfit")  # unfit: a value its field cannot hold
PHASES = ("initial_contact", "toe_off", "mid_swing")
SLOTS = ("root", "a", "b")
POWER_STATES = ("active", "quiet", "stored", "charging", "shipping")
POWER_CAUSES = ("start", "motion", "still", "worn", "not_worn", "plugged", "unplugged", "flat", "asked")
PROMPTS = ("pressure_amber", "pressure_red", "battery_low", "charging_worn")
CLOCK_SOURCES = ("host", "rtc")
SENSORS = tuple(
    (
        "encoder bridge imu_gyro imu_accel pressure thermometer gauge flash clock battery settings calibration program"
    ).split()
)
SENSOR_STATES = ("ok", "degraded", "failed", "absent")
HEALTH_REASONS = tuple(
    (
        "none not_fitted no_answer wrong_chip magnet_missing magnet_weak magnet_strong stuck saturated jump "
        "open short out_of_range not_calibrated full corrupt dead bias gravity detached drift scale low "
        "charging_worn previous crashed"
    ).split()
)

# stride.flags, from bit 0
STRIDE_INVALID = 0x000F  # 0 valid, else an index into STRIDE_REASONS
STRIDE_CONTACT = 0x0030  # index into CONTACTS + 1; 0 unknown
STRIDE_LOW_CONFIDENCE = 0x0040  # initial contact uncertain: counted, kept out of variability and slap
STRIDE_FIRST_OF_BOUT = 0x0080
STRIDE_TURN = 0x0100
STRIDE_RAMP = 0x0200
STRIDE_TO_BY_RATE = 0x0400  # toe off from the foot rate; else from the zero crossing or the encoder
STRIDE_ENCODER_ONLY = 0x0800  # no gyro: anchored on the ankle angle
STRIDE_STAIRS_UP = 0x1000
STRIDE_STAIRS_DOWN = 0x2000
STRIDE_REASONS = ("valid", "too_short", "too_long", "stance", "swing", "range", "jump", "order", "gap", "turn")

# minute.evidence, from bit 0 (clinical reference: section 1.2)
EVIDENCE_GAIT = 0x01
EVIDENCE_CONTACT = 0x02
EVIDENCE_WARM = 0x04
EVIDENCE_STRAIN = 0x08
EVIDENCE_ANGLE = 0x10
EVIDENCE_MOTION = 0x20

# minute.power, from bit 0
POWER_CHARGING = 0x01
POWER_LOW = 0x02

# raw.channels, from bit 0: which values each sample of a raw block carries, in this order, as "h"
RAW_CHANNELS = (
    ("ankle_angle", 100, "deg"),
    ("moment", 1000, "N.m"),
    ("gyro_sagittal", 10, "deg/s"),
    ("gyro_frontal", 10, "deg/s"),
    ("gyro_transverse", 10, "deg/s"),
    ("acc_forward", 1000, "g"),
    ("acc_up", 1000, "g"),
    ("acc_lateral", 1000, "g"),
    ("pressure_1", 100, "kPa"),
    ("pressure_2", 100, "kPa"),
    ("pressure_3", 100, "kPa"),
    ("pressure_4", 100, "kPa"),
)

# What one grid sample is, everywhere on the brace: a list of SAMPLE_SIZE integers, RAW_CHANNELS in their
# order and units, then the two slow temperatures. None is "not measured now".
(
    ANGLE,
    MOMENT,
    GYRO_SAGITTAL,
    GYRO_FRONTAL,
    GYRO_TRANSVERSE,
    ACC_FORWARD,
    ACC_UP,
    ACC_LATERAL,
    PRESSURE_1,
    PRESSURE_2,
    PRESSURE_3,
    PRESSURE_4,
    LINER,
    REFERENCE,
) = range(14)
SAMPLE_SIZE = 14
SAMPLE_MS = 10


# What a brace keeps of the table: (number, name, codes). The rest of a row only the desk reads.
LAYOUTS = tuple((row[0], row[1], tuple(field[1] for field in row[3])) for row in KINDS_BY_ROW)


class Kind:
    """One record layout: its number, name and codes; on the desk also its rows, their names and widths.

    What is marked `desk` is worked out when a brace's program is built, and is not on the brace.
    """

    def __init__(self, number, name, codes):
        self.number = number
        self.name = name
        self.codes = codes
        self.size = sum(width_of(code) for code in codes)
        self.open_ended = codes[-1] == "*"

    @property
    def meaning(self):  # desk
        return ROW_OF[self.number][2]

    @property
    def fields(self):  # desk
        return ROW_OF[self.number][3]

    @property
    def names(self):  # desk
        return NAMES[self.number]

    @property
    def widths(self):  # desk
        return WIDTHS[self.number]

    def index(self, field):  # desk
        return self.names.index(field)


def count_of(code):
    """How many values a code holds: 25 for "25h", 1 for "h"."""
    return int(code[:-1]) if len(code) > 1 else 1


def width_of(code):
    """Bytes of a code; 0 for the open end."""
    return 0 if code == "*" else count_of(code) * CODES[code[-1]][0]


def table_text():
    """The whole table as one line of text per row: what the layout digest is taken over."""
    lines = []
    for number, name, _, fields in KINDS_BY_ROW:
        for field, code, per, unit, _ in fields:
            lines.append("%d %s %s %s %d %s" % (number, name, field, code, per, unit))
    return "\n".join(lines)


def digest():
    """CRC-32 of the table: two sides with the same one read every record alike."""
    return binascii.crc32(table_text().encode()) & 0xFFFFFFFF


ROW_OF = {row[0]: row for row in KINDS_BY_ROW}
NAMES = {row[0]: tuple(field[0] for field in row[3]) for row in KINDS_BY_ROW}
WIDTHS = {number: tuple(width_of(code) for code in codes) for number, _, codes in LAYOUTS}
KINDS = tuple(Kind(*row) for row in LAYOUTS)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_NUMBER = {kind.number: kind for kind in KINDS}
