# Every record layout, as rows. Nothing else in Talus says how wide a field is or what it means.
# A row is (field, code, per, unit, meaning): the wire carries round(value * per) as the little-endian
# integer `code`, so value = wire / per in `unit`. Each code keeps one number for "unknown".
# Layouts only grow: fields are appended, never moved, renamed or reused; a kind number is never reused.

import binascii

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

KINDS_BY_ROW = (
    (
        1,
        "boot",
        "the brace started",
        (
            ("cause", "B", 1, "RESET_CAUSES", "why it started"),
            ("major", "B", 1, "", "firmware version, first part"),
            ("minor", "B", 1, "", "firmware version, second part"),
            ("patch", "B", 1, "", "firmware version, third part"),
            ("layout", "I", 1, "", "digest of this table"),
            ("battery", "H", 1000, "V", "battery voltage at start"),
            ("lost", "I", 1, "", "records known lost since the last boot record"),
            ("slot", "B", 1, "SLOTS", "which copy of the program runs"),
            ("last_battery", "H", 1000, "V", "battery voltage last seen before it started"),
            ("recovered", "H", 1, "", "records kept across the reset in memory that outlives one"),
        ),
    ),
    (
        2,
        "clock",
        "the moment of this record was this time of the world",
        (
            ("utc", "I", 1, "s", "seconds since 1970-01-01 UTC"),
            ("utc_ms", "H", 1, "ms", "milliseconds to add to utc"),
            ("uncertainty", "H", 1, "ms", "half-width of the interval it is known within"),
            ("source", "B", 1, "CLOCK_SOURCES", "who said so"),
        ),
    ),
    (
        3,
        "minute",
        "a minute has passed; this record's time is its start",
        (
            ("worn", "B", 1, "WORN", "what the brace took it for"),
            ("evidence", "B", 1, "EVIDENCE", "what spoke for worn, as bits"),
            ("strides", "B", 1, "", "valid strides that began in it"),
            ("still_axes", "B", 1, "", "accelerometer axes with a 1-minute SD under 8 milli-g"),
            ("samples", "H", 1, "", "grid samples taken, of those due"),
            ("late", "B", 1, "", "grid samples taken more than 5 ms late"),
            ("missed", "H", 1, "", "grid samples not taken"),
            ("resampled", "H", 1, "", "grid samples made between two of the chip's own"),
            ("liner", "h", 100, "degC", "mean liner temperature"),
            ("reference", "h", 100, "degC", "mean temperature of the IMU die, the ambient side"),
            ("pressure_1", "H", 100, "kPa", "sustained (20th percentile) pressure, channel 1"),
            ("pressure_2", "H", 100, "kPa", "sustained pressure, channel 2"),
            ("pressure_3", "H", 100, "kPa", "sustained pressure, channel 3"),
            ("pressure_4", "H", 100, "kPa", "sustained pressure, channel 4"),
            ("angle_mean", "h", 100, "deg", "mean ankle angle, + dorsiflexion"),
            ("angle_sd", "H", 100, "deg", "SD of the ankle angle"),
            ("moment_mean", "h", 1000, "N.m", "mean moment, + toward dorsiflexion"),
            ("moment_sd", "H", 1000, "N.m", "SD of the moment"),
            ("battery", "B", 1, "%", "state of charge"),
            ("power", "B", 1, "POWER", "charging or low, as bits"),
            ("state", "B", 1, "POWER_STATES", "power state at its end"),
            ("due", "H", 1, "", "grid samples due in it: 6000 while active, fewer at a reduced rate"),
        ),
    ),
    (
        4,
        "wear",
        "the brace was put on or taken off, or stopped knowing",
        (
            ("worn", "B", 1, "WORN", "the state that begins"),
            ("edge_back", "H", 1, "s", "how long before this record the change was"),
            ("evidence", "B", 1, "EVIDENCE", "what spoke for it, as bits"),
        ),
    ),
    (
        5,
        "stride",
        "one stride, initial contact to initial contact; this record's time is the first of them",
        (
            ("duration", "H", 1000, "s", "initial contact to the next of the same leg"),
            ("stance", "H", 1000, "s", "initial contact to toe off"),
            ("flags", "H", 1, "STRIDE", "validity, contact, confidence, as bits"),
            ("ankle_at_contact", "h", 100, "deg", "ankle angle at initial contact, + dorsiflexion"),
            ("ankle_swing_peak", "h", 100, "deg", "largest dorsiflexion from 25 % of swing to contact"),
            ("ankle_range", "H", 100, "deg", "95th less 5th percentile of the ankle angle"),
            ("foot_pitch_at_contact", "h", 100, "deg", "foot pitch at initial contact, + toes up"),
            ("moment_swing", "h", 1000, "N.m", "mean of the dorsiflexing moment in swing"),
            ("assist_impulse", "H", 1000, "N.m.s", "integral of the dorsiflexing moment over swing"),
            ("loading_impulse", "H", 1000, "N.m.s", "the same from initial contact to foot flat"),
            ("shank_to_vertical", "h", 100, "deg", "shank inclination at mid-stance, + leaning forward"),
            ("swing_rate_peak", "H", 10, "deg/s", "peak sagittal shank rate in swing"),
            ("slap_rate", "H", 10, "deg/s", "fastest plantarflexion within 200 ms of contact"),
        ),
    ),
    (
        6,
        "curve",
        "mean stride curves of the hour that ends with this record, 0 to 100 % of the stride",
        (
            ("strides", "H", 1, "", "strides averaged"),
            ("angle", "25h", 100, "deg", "mean ankle angle at 25 points"),
            ("moment", "25h", 1000, "N.m", "mean moment at 25 points"),
        ),
    ),
    (
        7,
        "pressure",
        "a sustained pressure began, rose a tier or ended at one site",
        (
            ("channel", "B", 1, "", "pressure channel, 1 to 4"),
            ("site", "B", 1, "SITES", "where that channel was assigned"),
            ("tier", "B", 1, "TIERS", "tier reached; on the last record of an event, the highest"),
            ("ended", "B", 1, "", "0 begins or rises, 1 ends"),
            ("lasted", "H", 1, "min", "time since the onset"),
            ("peak", "H", 100, "kPa", "largest sustained pressure so far"),
            ("mean", "H", 100, "kPa", "mean sustained pressure so far"),
            ("dose", "H", 100, "kPa.h", "integral of the sustained pressure above 20 mmHg"),
            ("onset_back", "H", 1, "min", "how long before this record the onset was"),
        ),
    ),
    (
        8,
        "stumble",
        "the foot caught or dragged in swing",
        (
            ("what", "B", 1, "STUMBLES", "its class"),
            ("lasted", "H", 1000, "s", "length of the disturbance"),
            ("evidence", "B", 1, "", "acceleration 1, moment 2, shank rate 4, ankle rate 8, as bits"),
        ),
    ),
    (
        9,
        "exercise",
        "a set of repetitions ended",
        (
            ("exercise", "B", 1, "EXERCISES", "which"),
            ("repetitions", "B", 1, "", "counted"),
            ("range", "H", 100, "deg", "median range of one repetition"),
            ("lasted", "H", 1, "s", "first repetition to last"),
            ("hold", "H", 100, "s", "median time held at the top"),
            ("moment_dip", "H", 1000, "N.m", "median fall of the brace's moment in a repetition"),
        ),
    ),
    (
        10,
        "health",
        "a part of the brace changed state",
        (
            ("sensor", "B", 1, "SENSORS", "which part"),
            ("channel", "B", 1, "", "which of several, from 1; 0 where there is one"),
            ("state", "B", 1, "SENSOR_STATES", "how it is"),
            ("reason", "B", 1, "HEALTH_REASONS", "why"),
            ("value", "i", 1, "", "the reading that said so, in the chip's own counts"),
        ),
    ),
    (
        11,
        "settings",
        "from here on the brace works with these",
        (
            ("settings", "I", 1, "", "digest of every setting in force"),
            ("calibration", "I", 1, "", "calibration id"),
            ("side", "B", 1, "SIDES", "which leg"),
            ("imu_place", "B", 1, "IMU_PLACES", "where the IMU sits"),
            ("site_1", "B", 1, "SITES", "site of pressure channel 1"),
            ("site_2", "B", 1, "SITES", "site of pressure channel 2"),
            ("site_3", "B", 1, "SITES", "site of pressure channel 3"),
            ("site_4", "B", 1, "SITES", "site of pressure channel 4"),
        ),
    ),
    (
        12,
        "raw",
        "samples as measured, this record's time is the first",
        (
            ("channels", "H", 1, "RAW_CHANNELS", "which values a sample has, as bits"),
            ("rate", "H", 1, "Hz", "samples per second"),
            ("samples", "*", 1, "", "little-endian int16 values, sample by sample"),
        ),
    ),
    (
        13,
        "loss",
        "records were lost and are counted here",
        (
            ("first", "I", 1, "", "first sequence lost"),
            ("count", "I", 1, "", "how many"),
            ("cause", "B", 1, "LOSS_CAUSES", "why"),
        ),
    ),
    (
        14,
        "phase",
        "one gait event at this record's time; kept only while the event trace is switched on",
        (
            ("phase", "B", 1, "PHASES", "which event"),
            ("low_confidence", "B", 1, "", "1 when its sensors disagree"),
        ),
    ),
    (
        15,
        "power",
        "the brace changed its power state",
        (
            ("state", "B", 1, "POWER_STATES", "the state that begins"),
            ("why", "B", 1, "POWER_CAUSES", "what made it change"),
            ("battery", "H", 1000, "V", "battery voltage then"),
            ("lasted", "I", 1, "s", "length of the state that ended"),
        ),
    ),
    (
        16,
        "prompt",
        "the wearer was told by touch or light",
        (
            ("what", "B", 1, "PROMPTS", "about what"),
            ("channel", "B", 1, "", "pressure channel, 1 to 4; 0 where there is none"),
            ("silenced", "B", 1, "", "1 when a cap or the night kept it from being felt"),
        ),
    ),
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
