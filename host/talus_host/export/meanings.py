"""What each column of an export means: the one place that says so. Fields of the brace's records say it themselves, in
`talus.wire.kinds`, and are not repeated here; a test holds these rows to the tables, both ways.

unit: UCUM, where the name's ending does not already say it; values: the words or the range; null: what empty means,
where it is not what the table's source says of all its columns.
"""

from typing import NamedTuple

from talus.wire import kinds
from talus_host.metrics import telling
from talus_host.metrics.adherence import KINDS as PRESCRIBED
from talus_host.metrics.segments import WHAT as DIARY
from talus_host.store.consents import PURPOSES

PER_CENT = "0 to 100"
SHARE = "0 to 1"


class Meaning(NamedTuple):
    meaning: str
    unit: str = ""
    values: str = ""
    null: str = ""


def words(*known: str) -> str:
    return "; ".join(known)


def _answers(one: telling.Tellable) -> str:
    return ", ".join(f"{value} {name}" for value, name in one.answers.items())


SIDE = words("left", "right", "unknown")
EVERYWHERE: dict[str, Meaning] = {
    "person_id": Meaning("number of the person in this database"),
    "side": Meaning("leg the brace is filed under", values=SIDE),
    "device": Meaning("id of the brace", values="16 hex digits"),
    "day": Meaning("civil day of the person's own calendar"),
    "start_utc": Meaning("when it began"),
    "entered_utc": Meaning("when it was entered"),
}
DAY: dict[str, Meaning] = {
    "status": Meaning(
        "may the day be used: valid, at most 2 h unknown from 7 to 22 h; partial, at most 6 h; missing, more, or the "
        "first or last day; paused, withheld",
        values=words("valid", "partial", "missing", "paused"),
    ),
    "worn_h": Meaning("brace worn; where unknown_h is not 0, at least so long"),
    "not_worn_h": Meaning("brace known not to be worn"),
    "unknown_h": Meaning("nothing is known of"),
    "day_h": Meaning("length of the day on the person's wall", values="23 to 25, or what a journey makes of it"),
    "coverage": Meaning("share of the day that is known", "1", SHARE),
    "steps": Meaning("steps with the brace on, twice the valid strides; never all the steps of a day", "{steps}"),
    "strides": Meaning("strides seen, valid or not", "{strides}"),
    "strides_valid": Meaning("of them valid", "{strides}"),
    "strides_measured": Meaning("steady strides in walks of 10 s or more, which medians stand on", "{strides}"),
    "cadence_spm": Meaning("median cadence of steady strides"),
    "stride_time_s": Meaning("median time from contact to contact of one leg"),
    "stride_time_cv_pct": Meaning("coefficient of variation of the stride time"),
    "stance_pct": Meaning("median share of the stride in stance", values=PER_CENT),
    "swing_dorsiflexion_deg": Meaning("median of the largest dorsiflexion late in swing, + dorsiflexion"),
    "ankle_at_contact_deg": Meaning("median ankle angle at initial contact, + dorsiflexion"),
    "heel_first_pct": Meaning("share of strides with a known contact that land heel first", values=PER_CENT),
    "ankle_range_deg": Meaning("median range of the ankle angle in a stride"),
    "moment_swing_nm": Meaning("median of the mean dorsiflexing moment in swing; its zero is known to about 0.3 N.m"),
    "assist_impulse_nms": Meaning("median integral of the dorsiflexing moment over swing"),
    "shank_to_vertical_deg": Meaning("median lean of the shank at mid-stance, + forward, by standing calibration"),
    "shank_to_vertical_iqr_deg": Meaning("75th less 25th percentile of that lean"),
    "walking_min": Meaning("time in walks of three strides or more"),
    "longest_walk_min": Meaning("length of the longest of them"),
    "slap_rate_deg_s": Meaning("median of the fastest plantarflexion within 200 ms of contact"),
    "loading_impulse_nms": Meaning("median integral of the dorsiflexing moment from contact to foot flat"),
    "moment_swing_peak_nm": Meaning("median of the walks' 95th percentile of the moment in swing"),
    "work_returned_j": Meaning("median work the brace did on the foot in a stride"),
    "work_stored_j": Meaning("median work the foot did on the brace in a stride"),
    "work_push_off_j": Meaning("median work returned from heel off to toe off"),
    "push_off_rate_deg_s": Meaning("median of the fastest plantarflexion from heel off to toe off"),
    "flat_after_s": Meaning("median time from contact to foot flat"),
    "shank_range_deg": Meaning("median range of the shank's inclination in swing"),
    "shank_back_deg": Meaning("median of the largest backward tilt of the shank after toe off"),
    "foot_pitch_mid_swing_deg": Meaning("median foot pitch as the shank passes the vertical, + toes up"),
    "stiffness_nm_deg": Meaning("slope of moment over angle: the brace's stiffness"),
    "stiffness_down_nm_deg": Meaning("the same below the neutral angle, where it lifts the foot"),
    "stiffness_up_nm_deg": Meaning("the same above the neutral angle"),
    "neutral_deg": Meaning("angle at which the brace gives no moment, + dorsiflexion"),
    "loss_j": Meaning("what a stride's loop of moment over angle loses"),
    "scuffs": Meaning("brushes of the foot in swing", "{events}"),
    "drags": Meaning("drags of the foot in swing", "{events}"),
    "trips": Meaning("trips", "{events}"),
    "possible_stumbles": Meaning("possible stumbles; never falls", "{events}"),
    "adjustments": Meaning("gaps of 5 to 15 minutes in wear", "{events}"),
    "low_confidence_h": Meaning("hours whose wear is uncertain, since the air was as warm as skin"),
}
SITE = words(*kinds.SITES, "unknown")
CHANNEL = Meaning("pressure channel", "1", "1 to 4")
OF: dict[str, dict[str, Meaning]] = {
    "person": {
        "zone": Meaning("IANA time zone told last"),
        "goal_h": Meaning("hours a day the brace is to be worn", null="none is set"),
        "mass_kg": Meaning("mass of the person", values="20 to 300", null="not told"),
    },
    "days": DAY,
    "hours": {
        "hour": Meaning("hour of the wall; one that the clock repeats holds 120 minutes", "1", "0 to 23"),
        "worn_min": Meaning("brace worn"),
        "not_worn_min": Meaning("brace known not to be worn"),
        "unknown_min": Meaning("nothing is known of"),
        "steps": Meaning("steps with the brace on, twice the valid strides", "{steps}"),
        "paused": Meaning("a pause withholds the figures"),
    },
    "wear_bouts": {
        "end_utc": Meaning("when it ended"),
        "state": Meaning("what is known of the stretch", values=words("worn", "not_worn", "unknown", "paused")),
    },
    "curves": {
        "hour_utc": Meaning("start of the hour that was averaged"),
        "strides": Meaning("strides in the mean", "{strides}"),
        "point": Meaning("point of the stride, evenly from contact to contact", "1", f"0 to {kinds.CURVE_POINTS - 1}"),
        "angle_deg": Meaning("mean ankle angle, + dorsiflexion"),
        "moment_nm": Meaning("mean moment, + toward dorsiflexion"),
    },
    "not_measured": {
        "measure": Meaning("column of days that is empty that day"),
        "why": Meaning("why, as far as it is known"),
    },
    "assist_ratios": {
        "assist_ratio": Meaning("share of the foot's weight the brace carries in swing", "1"),
        "assist_ratio_low": Meaning("lower bound by the zero of the bridge", "1"),
        "assist_ratio_high": Meaning("upper bound by the zero of the bridge", "1"),
    },
    "strides": {
        "valid": Meaning("it counts as a stride"),
        "reason": Meaning("why not", values=words(*kinds.STRIDE_REASONS)),
        "contact": Meaning("what touched first", values=words(*kinds.CONTACTS)),
        "low_confidence": Meaning("initial contact uncertain: counted, in no variability"),
        "first_of_bout": Meaning("first stride of a walk"),
        "turn": Meaning("in a turn"),
        "ramp": Meaning("on a ramp"),
        "stairs_up": Meaning("up a stair"),
        "stairs_down": Meaning("down a stair"),
        "encoder_only": Meaning("found by the ankle angle alone"),
    },
    "minutes": {},
    "walks": {},
    "stumbles": {},
    "exercises": {},
    "pressure_events": {
        "end_utc": Meaning("when it ended", null="it had not ended with the last record"),
        "channel": CHANNEL,
        "site": Meaning("place of the channel then", values=SITE),
        "tier": Meaning("highest level it reached", values=words(*kinds.TIERS)),
        "peak_kpa": Meaning("largest sustained pressure"),
        "mean_kpa": Meaning("mean sustained pressure"),
        "dose_kpah": Meaning("integral of the sustained pressure above 20 mmHg"),
        "minutes": Meaning("how long it lasted", "min"),
        "response": Meaning(
            "what followed the prompt within 20 minutes", values=words("loosened", "taken_off", "none"),
            null="no prompt, or not known",
        ),
        "response_min": Meaning("from the prompt to it", null="no response, or not known"),
        "walking_share": Meaning("share of its minutes with walking", "1", SHARE),
        "still_share": Meaning("share of its minutes at rest", "1", SHARE),
        "liner_degc": Meaning("mean temperature of the liner in it"),
        "prompts_felt": Meaning("prompts that were felt", "{prompts}"),
        "prompts_silenced": Meaning("prompts that were recorded and not felt", "{prompts}"),
    },
    "pressure_days": {
        "channel": CHANNEL,
        "site": Meaning("place of the channel", values=SITE),
        "minutes_amber": Meaning("minutes above the site's amber level", "min"),
        "minutes_red": Meaning("minutes above the site's red level", "min"),
        "sustained_median_kpa": Meaning("median of the minutes' sustained pressure"),
        "measured_min": Meaning("minutes measured while the brace was not known to be off"),
        "above_35_min": Meaning("minutes above 35 mmHg"),
        "above_67_min": Meaning("minutes above 67 mmHg"),
        "dose_kpah": Meaning("pressure above 20 mmHg over time"),
        "first_hour_median_kpa": Meaning("median of the first hour"),
        "floor_kpa": Meaning("lowest pressure the sensor can tell from nothing"),
    },
    "prescriptions": {
        "from_day": Meaning("first day it holds, until the next of its side"),
        "kind": Meaning("how the brace is to be worn", values=words(*PRESCRIBED)),
        "hours": Meaning("hours a day; of a break-in those of its first day", "h/d", null="the kind has none"),
        "hours_max": Meaning("the most a break-in comes to", "h/d", null="no break-in"),
        "hours_more": Meaning("what a break-in adds each day", "h/d", null="no break-in"),
    },
    "diary": {"what": Meaning("what changed", values=words(*DIARY))},
    "timed_walks": {
        "distance_m": Meaning("distance walked", values="10; 7.62 (25 ft)"),
        "seconds": Meaning("time by stopwatch", "s"),
        "brace_on": Meaning("1 with the brace, 0 without", "1", "0; 1"),
        "speed_mps": Meaning("distance over time"),
        "strides": Meaning("valid strides seen in it", "{strides}", null="without the brace, or none was seen"),
        "cadence_spm": Meaning("their cadence", null="without the brace, or no stride was seen"),
    },
    "exploratory": {
        "exploratory_residual_nm": Meaning("for research only: what the person's own dorsiflexors may carry"),
        "exploratory_residual_nm_low": Meaning("lower bound by the zero of the bridge", "N.m"),
        "exploratory_residual_nm_high": Meaning("upper bound by the zero of the bridge", "N.m"),
    },
    "told": {
        "at_utc": Meaning("when it was so"),
        "what": Meaning("what was told", values=words(*telling.BY_WHAT)),
        "side": Meaning("leg it belongs to", values="left; right; empty: neither"),
        "value": Meaning(
            "which answer", "1", "; ".join(f"{one.what}: {_answers(one)}" for one in telling.TELLABLE)
        ),
        "told_by": Meaning("who told it", values=words("self", "helper", "clinician")),
    },
    "notes": {
        "first_day": Meaning("first day it is about"),
        "last_day": Meaning("last day it is about"),
        "measure": Meaning("column of days it is about", null="about the days as a whole"),
        "text": Meaning("the note"),
        "hidden_utc": Meaning("when it was taken off the pages", null="it is shown"),
    },
    "fittings": {
        "began_utc": Meaning("when the fitting began"),
        "step": Meaning("step of the fitting"),
        "outcome": Meaning("how it ended", values=words("done", "skipped", "refused")),
        "figures": Meaning("JSON: name with unit to number"),
    },
    "exercise_plans": {
        "exercise": Meaning("which exercise", values=words(*kinds.EXERCISES)),
        "from_day": Meaning("first day it holds, until the next of its exercise and side"),
        "sets_a_day": Meaning("sets a day; 0: it ended", "{sets}/d"),
        "repetitions": Meaning("repetitions of a set", "{repetitions}"),
        "days_a_week": Meaning("days a week", "d/wk", "1 to 7"),
    },
    "thresholds": {
        "name": Meaning("setting of the clinician for this person; its name ends in its unit"),
        "value": Meaning("its value, in the unit its name says", null="the default again"),
    },
    "visits": {"day": Meaning("day the person is expected", null="none is planned")},
    "headlines": {
        "measure": Meaning("column of days that is judged"),
        "better": Meaning("which way is better", values=words("up", "down")),
    },
    "consents": {
        "purpose": Meaning("what was agreed to", values=words(*PURPOSES)),
        "from_utc": Meaning("when it was given"),
        "until_utc": Meaning("when it ended", null="it holds"),
        "version": Meaning("name of the text agreed to"),
    },
    "pauses": {
        "from_utc": Meaning("when nothing was shown any more"),
        "until_utc": Meaning("when it was shown again", null="it is open"),
    },
}  # fmt: skip
