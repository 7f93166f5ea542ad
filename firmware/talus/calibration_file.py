# What a calibration file may hold, as rows; the checks; and which file is taken at start: the one in force, else the
# newest kept one that fits, else none. Refuses with one ValueError naming the field. It names nobody: who did a step
# is a role. Needed at start and in maintenance only; older files, without the optional rows, stay readable.

from array import array

from talus.calibration import ALIGNMENT, COUNT_24, Calibration, Pressure
from talus.sensors.as5600 import COUNTS
from talus.sensors.lsm6dso import MILLI_DPS_PER_COUNT, MILLI_G_PER_1000_COUNTS
from talus.wire.kinds import HEALTH_REASONS, IMU_PLACES, PRESSURE_CHANNELS, SIDES, SITES

IN_FORCE = "/calibration.json"
KEPT = "/calibrations"  # one <id>.json each
KEEP = 5
ROLES = ("orthotist", "technician", "wearer", "developer")
STEPS = ("encoder", "weights", "warmth", "pressure", "imu", "file", "fit")
NONE_MADE = {"id": 0, "made_day": 0, "side": 0, "imu_place": 0, "liner": 0, "reference": 0}
BENDS = 16
BEND_CDEG = 500
KNOTS = 9  # of an FSR's curve at most
BEYOND = 3  # times the largest conductance it was calibrated at: wet or shorted (clinical reference 7.6)

# (section, field, lowest, highest, meaning); a section that is None is not fitted
ROWS = (
    ("", "id", 0, 0x3FFFFFFF, "number of this calibration, carried by the settings record; 0: none was made"),
    ("", "made_day", 0, 65534, "days since 1970-01-01 when it was made; 0 unknown"),
    ("", "side", 0, len(SIDES) - 1, "which leg, index into SIDES"),
    ("", "imu_place", 0, len(IMU_PLACES) - 1, "where the IMU sits, index into IMU_PLACES"),
    ("", "liner", 0, 1, "1: a thermometer sits in the liner"),
    ("", "reference", 0, 1, "1: the IMU's die temperature is taken as the ambient side"),
    ("", "stand_cdeg", -9000, 9000, "ankle angle in quiet standing, 0.01 deg: what the shoe's heel adds"),
    ("encoder", "zero", 0, COUNTS - 1, "counts at neutral (foot at 90 deg to the shank)"),
    ("encoder", "direction", -1, 1, "1 when dorsiflexion counts up, -1 when down"),
    ("encoder", "gain", 0, 255, "AGC at the fitting: where it has moved since, the magnet has"),
    ("bridge", "offset", -COUNT_24, COUNT_24, "counts unloaded at at_cdegc"),
    ("bridge", "counts_per_100_mnm", -0x3FFFFFF, 0x3FFFFFF, "counts per 0.1 N.m toward dorsiflexion, not 0"),
    ("bridge", "counts_per_degc", -80000, 80000, "drift of the offset with the reference temperature"),
    ("bridge", "at_cdegc", -4000, 8500, "temperature of the offset, centi-degC"),
    ("bridge", "plantar_per_100_mnm", -0x3FFFFFF, 0x3FFFFFF, "the same toward plantarflexion, of the same sign"),
    ("bridge", "counts_per_100_degc2", -10000, 10000, "bend of the drift: counts per 100 degC squared"),
    ("gyro", "bias_x", -2000, 2000, "counts at rest about the chip's x"),
    ("gyro", "bias_y", -2000, 2000, "counts at rest about the chip's y"),
    ("gyro", "bias_z", -2000, 2000, "counts at rest about the chip's z"),
    ("accel", "bias_x", -2000, 2000, "counts in free fall along the chip's x"),
    ("accel", "bias_y", -2000, 2000, "counts in free fall along the chip's y"),
    ("accel", "bias_z", -2000, 2000, "counts in free fall along the chip's z"),
    ("pressure", "site", 1, len(SITES) - 1, "where this channel is assigned, index into SITES"),
    ("pressure", "full", 1000, 32767, "converter counts of the divider's supply"),
    ("pressure", "open", 0, 100000, "divider ratio x 16384 unloaded (G0)"),
    ("pressure", "slope", 1, 4000, "10 Pa per 4096 of that ratio (a), where there is no curve"),
    ("pressure", "floor", 0, 30000, "10 Pa: the least it tells from nothing; no tier below it is judged (0.4.4)"),
    ("pressure", "fit", 0, 7000, "10 Pa sustained at a fitting, 10 min sitting and 5 min walking, skin clear; 0 none"),
    ("pressure", "warmth", -200, 200, "gain it needs per degC above 32, in 1/10000 (alpha, 4.6)"),
)
OPTIONAL = ("stand_cdeg", "gain", "plantar_per_100_mnm", "counts_per_100_degc2", "slope", "floor", "fit", "warmth")
# Beside the rows: "alignment" (9 integers), encoder "bend" (BENDS integers, 0.01 deg added at each 16th of a turn of
# counts), pressure "curve" (ratio x 16384 and 10 Pa by turns, both rising), "steps" ([step, day, role] each).


def refuse(section, field, value, wanted):
    name = section + "." + field if section else field
    raise ValueError("calibration %s: %r is not %s" % (name, value, wanted))


def checked(section, given):
    """The given section's integers in the order of its rows; refuses what is missing, strange or out of range.

    An optional one that is missing is None.
    """
    if not isinstance(given, dict):
        refuse("", section, given, "a section of fields")
    rest = dict(given)
    values = []
    for row in ROWS:
        field, low, high = row[1:4]
        if row[0] != section:
            continue
        value = rest.pop(field, None)
        if value is None and field in OPTIONAL:
            pass
        elif type(value) is not int or not low <= value <= high:
            refuse(section, field, value, "an integer from %d to %d" % (low, high))
        values.append(value)
    for field in rest:
        refuse(section, field, rest[field], "a field there is")
    return values


def integers(section, field, given, count, most):
    """`given` as a tuple of so many integers, none larger than `most` either way."""
    if not isinstance(given, (list, tuple)) or len(given) != count:
        refuse(section, field, given, "%d integers" % count)
    for value in given:
        if type(value) is not int or not -most <= value <= most:
            refuse(section, field, value, "an integer from %d to %d" % (-most, most))
    return tuple(given)


def aligned(rows, per_count, shift):
    """Alignment rows scaled to whole 2**-shift of a sample unit per count; a row must be a unit vector.

    per_count: sample units of 1000 counts.
    """
    integers("", "alignment", rows, 9, 1000)
    for i in (0, 3, 6):
        length = rows[i] ** 2 + rows[i + 1] ** 2 + rows[i + 2] ** 2
        if not 970 * 970 <= length <= 1030 * 1030:
            refuse("", "alignment", tuple(rows[i : i + 3]), "a row of length 1000")
    return tuple((value * per_count * (1 << shift) + 500000) // 1000000 for value in rows)


def encoder(made, given):
    fields = dict(given) if isinstance(given, dict) else given
    bend = fields.pop("bend", None) if given and isinstance(given, dict) else None
    made.zero, made.direction, made.gain = checked("encoder", fields)
    if made.direction == 0:
        refuse("encoder", "direction", 0, "1 or -1")
    bend = (0,) * BENDS if bend is None else integers("encoder", "bend", bend, BENDS, BEND_CDEG)
    made.turn = array("i", (made.zero, made.direction) + bend + bend[:1])


def bridge(made, given):
    made.offset, made.per_100_mnm, made.per_degc, made.at_cdegc, plantar, square = checked("bridge", given)
    if made.per_100_mnm == 0:
        refuse("bridge", "counts_per_100_mnm", 0, "a gain")
    made.plantar_per_100_mnm = made.per_100_mnm if plantar is None else plantar
    if made.plantar_per_100_mnm * made.per_100_mnm <= 0:
        refuse("bridge", "plantar_per_100_mnm", plantar, "a gain of the other one's sign")
    made.per_100_degc2 = square or 0
    made.strain = array("i", (made.offset, made.per_100_mnm, made.plantar_per_100_mnm))


def pressure(given):
    """A channel with its straight pieces: one for a slope, those between its knots for a curve."""
    fields = dict(given) if isinstance(given, dict) else given
    curve = fields.pop("curve", None) if given and isinstance(given, dict) else None
    site, full, unloaded, slope, *worn = checked("pressure", fields)
    if curve is None:
        if slope is None:
            refuse("pressure", "slope", None, "given, and neither is a curve")
        return Pressure(site, full, (unloaded, 0, slope), 0x3FFFFFFF, worn)
    count = len(curve) if isinstance(curve, (list, tuple)) else 0
    if count % 2 or not 4 <= count <= 2 * KNOTS:
        refuse("pressure", "curve", curve, "2 to %d pairs" % KNOTS)
    integers("pressure", "curve", curve, count, 0x3FFFFF)
    pieces = []
    for i in range(0, count - 2, 2):
        wide = curve[i + 2] - curve[i]
        rise = curve[i + 3] - curve[i + 1]
        if curve[i] < 0 or curve[i + 1] < 0 or wide <= 0 or rise <= 0 or curve[i + 3] > 65534:
            refuse("pressure", "curve", tuple(curve[i : i + 4]), "rising, from 0 to 65534")
        pieces += (curve[i], curve[i + 1], max(1, (rise * 4096 + wide // 2) // wide))
    return Pressure(site, full, tuple(pieces), BEYOND * curve[-2], worn)


def check_steps(steps):
    """Who did what: no name of a person has a place here."""
    if not isinstance(steps, (list, tuple)):
        refuse("", "steps", steps, "a list of steps")
    for one in steps:
        if not isinstance(one, (list, tuple)) or len(one) != 3 or one[0] not in STEPS or type(one[1]) is not int:
            refuse("", "steps", one, "a step, a day and a role")
        if one[2] not in ROLES:
            refuse("", "steps", one[2], "one of " + ", ".join(ROLES))


def fill(made, given):
    """A Calibration's attributes from a dict. Raises ValueError naming the field and what fits."""
    if not isinstance(given, dict):
        refuse("", "file", given, "a JSON object")
    sections = dict(given)
    parts = {name: sections.pop(name, None) for name in ("encoder", "bridge", "gyro", "accel")}
    channels = sections.pop("pressure", None) or [None] * PRESSURE_CHANNELS
    alignment = sections.pop("alignment", ALIGNMENT)
    check_steps(sections.pop("steps", ()))
    made.id, made.made_day, made.side, made.imu_place, liner, reference, made.stand_cdeg = checked("", sections)
    made.liner = bool(liner)
    made.reference = bool(reference)
    made.gain = None
    for name in parts:
        setattr(made, name, parts[name] is not None)
    if made.encoder:
        encoder(made, parts["encoder"])
    if made.bridge:
        bridge(made, parts["bridge"])
    made.gyro_bias = tuple(checked("gyro", parts["gyro"])) if made.gyro else (0, 0, 0)
    made.accel_bias = tuple(checked("accel", parts["accel"])) if made.accel else (0, 0, 0)
    made.gyro_rows = aligned(alignment, 10 * MILLI_DPS_PER_COUNT, 14)  # 0.1 deg/s
    made.accel_rows = aligned(alignment, MILLI_G_PER_1000_COUNTS, 14)  # milli-g
    if not isinstance(channels, (list, tuple)):
        refuse("", "pressure", channels, "a list of channels")
    if len(channels) != PRESSURE_CHANNELS:
        refuse("", "pressure", len(channels), "%d channels" % PRESSURE_CHANNELS)
    made.pressure = tuple(None if one is None else pressure(one) for one in channels)
    made.sites = tuple(0 if one is None else one.site for one in made.pressure)
    made.floors, made.fits, made.warmths = (
        tuple(0 if one is None or one.worn[i] is None else one.worn[i] for one in made.pressure) for i in range(3)
    )


def kept_ids(listdir):
    """Ids of the calibrations kept, newest first."""
    try:
        names = listdir(KEPT)
    except OSError:
        return []
    return sorted((int(name[:-5]) for name in names if name[-5:] == ".json" and name[:-5].isdigit()), reverse=True)


def load(read, listdir):
    """(Calibration, why): the file in force, or what stands in for it, with its .trouble; why: None or a line.

    read(path) gives a dict, {} where there is no file, and raises ValueError or OSError for one that is damaged.
    """
    try:
        given = read(IN_FORCE)
        if given:
            return Calibration(given), None
        trouble, why = "not_calibrated", "there is none"
    except (ValueError, OSError) as error:
        trouble, why = "corrupt", str(error)
        for number in kept_ids(listdir):
            try:
                made = Calibration(read("%s/%d.json" % (KEPT, number)))
            except (ValueError, OSError):
                continue
            made.trouble = HEALTH_REASONS.index("previous")
            return made, why + "; number %d is in force" % number
    made = Calibration(NONE_MADE)
    made.trouble = HEALTH_REASONS.index(trouble)
    return made, why
