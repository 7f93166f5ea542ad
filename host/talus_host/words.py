"""Plain words for what a brace says of itself, one for each word of `talus.wire.kinds`, and what to do about a fault.

A word newer than this table is shown as it came: something is never hidden because it has no translation.
"""

PARTS = {
    "encoder": "ankle angle sensor",
    "bridge": "strain gauges of the strut",
    "imu_gyro": "gyroscope",
    "imu_accel": "accelerometer",
    "pressure": "pressure sensor",
    "thermometer": "thermometer in the liner",
    "gauge": "battery gauge",
    "flash": "memory for records",
    "clock": "clock",
    "battery": "battery",
    "settings": "settings",
    "calibration": "calibration",
    "program": "program",
}
STATES = {"ok": "works", "degraded": "is doubtful", "failed": "has failed", "absent": "is not fitted"}
REASONS = {
    "none": "nothing is wrong",
    "not_fitted": "it was never built in",
    "no_answer": "it does not answer; look at its wires",
    "wrong_chip": "another chip answers in its place",
    "magnet_missing": "its magnet is not seen; look at the hinge",
    "magnet_weak": "its magnet is too far away",
    "magnet_strong": "its magnet is too close",
    "stuck": "its reading no longer moves",
    "saturated": "its reading stands at its limit; look for a broken wire",
    "jump": "its reading jumps; look for a loose contact",
    "open": "it feels nothing while walking; look at its lead, or nothing presses there",
    "short": "it presses without a leg; it is wet or shorted, let it dry",
    "out_of_range": "its reading cannot be true",
    "not_calibrated": "it has no calibration",
    "full": "no room is left; collect from the brace",
    "corrupt": "it is damaged",
    "dead": "it feels no load while walking; look for a broken wire",
    "bias": "it turns while it lies still; calibrate it again",
    "gravity": "it does not weigh 1 g at rest; calibrate it again",
    "detached": "it is as warm as the room; it hangs loose in the liner",
    "drift": "two clocks of the brace disagree; times may be off",
    "scale": "its scale is off against another sensor; calibrate it again",
    "low": "15 % or less is left; charge it",
    "charging_worn": "it was charged while worn; take the brace off to charge it",
    "previous": "the newest could not be used; the ones before it are in force",
    "crashed": "it stopped with an error and started again; run `talus logs` and report it",
}
POWER = {
    "active": "measuring",
    "quiet": "worn and still, measuring slowly",
    "stored": "not worn, watching for movement",
    "charging": "on the charger",
    "shipping": "switched off",
}
POWER_CAUSES = {
    "start": "it started",
    "motion": "it was moved",
    "still": "nothing moved",
    "worn": "it was put on",
    "not_worn": "it was taken off",
    "plugged": "the charger was plugged in",
    "unplugged": "the charger was unplugged",
    "flat": "the battery was empty",
    "asked": "somebody asked for it",
}
PROMPTS = {
    "pressure_amber": "long pressure",
    "pressure_red": "long strong pressure",
    "battery_low": "battery low",
    "charging_worn": "charged while worn",
}
STARTS = {
    "power_on": "power came on",
    "hard_reset": "reset",
    "watchdog": "it had hung and started itself again",
    "soft_reset": "its program started again",
    "brown_out": "the battery had been too low",
    "deep_sleep": "woke from sleep",
}
SLOTS = {"root": "the copy without a slot", "a": "slot a", "b": "slot b"}
LOSSES = {
    "overwritten": "older records made room for newer ones",
    "damaged": "memory was damaged",
    "no_room": "memory was full or refused",
    "unfit": "a value that no record can hold",
}
# Word lists of `kinds` whose words are told to people, by the table that has them.
BY_LIST = {
    "SENSORS": PARTS,
    "SENSOR_STATES": STATES,
    "HEALTH_REASONS": REASONS,
    "POWER_STATES": POWER,
    "POWER_CAUSES": POWER_CAUSES,
    "PROMPTS": PROMPTS,
    "RESET_CAUSES": STARTS,
    "SLOTS": SLOTS,
    "LOSS_CAUSES": LOSSES,
}


def part(sensor: str, channel: float = 0) -> str:
    """ "pressure", 2 -> "pressure sensor 2"."""
    name = PARTS.get(sensor, sensor)
    return f"{name} {int(channel)}" if channel == channel and channel else name


def trouble(sensor: str, channel: float, state: str, reason: str) -> str:
    """What a part of the brace suffers from, in one line."""
    return f"{part(sensor, channel)} {STATES.get(state, state)}: {REASONS.get(reason, reason)}"
