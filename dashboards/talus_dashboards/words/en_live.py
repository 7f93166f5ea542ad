"""English of the developer's live page; `en.live`."""

TITLE = "Live"
SUB = "What the brace feels now, as it came over the air. Nothing of it is kept by this page."
NO_FEED = "No brace is watched here. For its samples as they are taken, start: talus live --page"
PICTURE = "Samples, newest right"
TABLE = "The newest second"
TABLE_OLD = "The last second that came"
PAUSE = "Pause"
GO_ON = "Go on"
STATE = {
    "coming": "Samples come in.",
    "seeking": "Looking for the brace; if it rests, press its button. No samples come yet.",
    "first": "The brace is connected. Its first samples have not come yet.",
    "quiet": "No samples come, though the brace is still connected.",
    "lost": "No samples come.",
}
WHY = {
    "lost": "The link to the brace broke or went silent; it is looked for.",
    "away": "The brace is out of range, switched off or at rest; press its button, it is looked for.",
    "stranger": "The brace does not know this computer: press its button and run talus collect.",
    "refused": "The brace sends no samples now; it is asked again.",
    "unread": "What the brace sends is not understood: update Talus or the brace.",
    "adapter": "This computer's Bluetooth cannot be used: run talus doctor.",
}
LAST = "The last one came at {time}."
LAST_NONE = "None has come since Talus was started."
PAUSED = "Paused: this page stands still until you go on."
GONE = "Talus no longer answers: what stands below is old. Was it stopped? Start it again and open its new address."
COUNT = "{taken} came, {dropped} dropped on the way."
NONE = "No sample came in the last {seconds} s."
TEXT = "Mean of the newest second: {means}."
TEXT_GAPS = "In these {seconds} s {missing} missing, in {gaps}."
TEXT_OLD = "The newest sample is {seconds} s old."
AXIS = "seconds, now at the right"
KEY_GAP = "no sample came"
RANGE = "{low} to {high}"
ROW = {
    "angle": "{name} ({unit})",
    "moment": "{name} ({unit})",
    "pressure": "Pressure: {name} ({unit})",
    "rate": "Rate: {name} ({unit})",
    "acceleration": "Acceleration: {name} ({unit})",
}
COLUMNS = ("Channel (unit)", "Mean", "Range")
SAMPLE_PLURAL = ("sample is", "samples are")
SAMPLES_PLURAL = ("sample", "samples")
GAP_PLURAL = ("gap", "gaps")
# title, unit, which way is up
PANELS = {
    "angle": ("Ankle angle", "deg", ", up = dorsiflexion"),
    "moment": ("Moment", "N·m", ", up = lifts the foot"),
    "pressure": ("Pressure: {name}", "mmHg", ""),
    "rate": ("Rate of turn", "deg/s", ""),
    "acceleration": ("Acceleration", "g", ""),
}
CHANNELS = {
    "ankle_angle_deg": "Ankle angle",
    "moment_nm": "Moment",
    "pressure_1_kpa": "place 1",
    "pressure_2_kpa": "place 2",
    "pressure_3_kpa": "place 3",
    "pressure_4_kpa": "place 4",
    "gyro_sagittal_deg_s": "sagittal",
    "gyro_frontal_deg_s": "frontal",
    "gyro_transverse_deg_s": "transverse",
    "acc_forward": "forward",
    "acc_up": "up",
    "acc_lateral": "lateral",
}
