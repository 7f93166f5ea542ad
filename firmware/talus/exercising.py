# A set of an exercise begins: whether the sensors this brace has, as they are now, can see it at all, and what counts.
# An exercise none of them sees is refused rather than counted as none.

from talus.events.exercise import SINGLE_LEG_STAND, Exercise
from talus.parts import DEGRADED
from talus.wire import gatt, kinds

HEEL = kinds.SITES.index("heel")
SHANK = kinds.IMU_PLACES.index("shank")


def begin(exercise, settings, calibration, parts):
    """(one of gatt.RESULTS, an Exercise that counts or None). parts: as Sampler has them."""
    if exercise >= len(kinds.EXERCISES):
        return gatt.INVALID_OPERAND, None
    heel = heel_of(calibration, parts)
    on_shank = calibration.imu_place == SHANK
    if exercise == SINGLE_LEG_STAND:
        # Toward the ground the moment of one leg is that of two: only the heel tells them apart.
        seen = heel is not None and on_shank and well(parts, "imu_gyro")
    else:
        seen = well(parts, "encoder") or well(parts, "bridge")
    if not seen:
        return gatt.NOT_MEASURABLE, None
    made = Exercise(settings, heel, on_shank)
    made.start(exercise)
    return gatt.SUCCESS, made


def well(parts, sensor, channel=0):
    """Is this part there, and does it measure?"""
    for part in parts:
        if kinds.SENSORS[part.sensor] == sensor and part.channel == channel:
            return part.state <= DEGRADED
    return False


def heel_of(calibration, parts):
    """Where in a sample the heel's pressure is; None without one that works."""
    for channel, site in enumerate(calibration.sites):
        if site == HEEL and well(parts, "pressure", channel + 1):
            return kinds.PRESSURE_1 + channel
    return None
