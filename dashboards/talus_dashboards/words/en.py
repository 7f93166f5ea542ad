"""English. Patient words stay at school-reading level; no number without its unit, no praise for pain, no blame.

A second language is a second file with the same names.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime

from talus_dashboards.words import en_live

LANG = "en"
BRAND = "Talus"
live = en_live  # the live page has a file of its own

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

SIDE = {"left": "Left", "right": "Right", "unknown": "Side not set"}
SIDE_BRACE = {"left": "Left brace", "right": "Right brace", "unknown": "Brace, side not set"}
SITE_PLAIN = {
    "none": "Unnamed place",
    "fibular_head": "Outer side, just below the knee",
    "lateral_malleolus": "Outer ankle bone",
    "medial_malleolus": "Inner ankle bone",
    "dorsal_strap": "Strap over the foot",
    "heel": "Heel",
    "calf_cuff": "Calf band",
    "navicular": "Inner side of the foot",
    "fifth_metatarsal": "Outer edge of the foot",
}
SITE = {
    "none": "Site not assigned",
    "fibular_head": "Fibular head",
    "lateral_malleolus": "Lateral malleolus",
    "medial_malleolus": "Medial malleolus",
    "dorsal_strap": "Dorsal strap",
    "heel": "Heel",
    "calf_cuff": "Calf cuff",
    "navicular": "Navicular",
    "fifth_metatarsal": "Fifth metatarsal",
}
TIER = {"amber": "amber", "red": "red"}

# --- numbers and times -------------------------------------------------------------------------------------------

NOT_KNOWN = "not known"
NOT_MEASURED = "not measured"


def number(value: float | None, digits: int = 0) -> str:
    """1234.5 -> "1,235"; an unknown value says so."""
    if value is None or math.isnan(value):
        return NOT_KNOWN
    text = f"{value:z,.{digits}f}"
    return text.replace("-", "\u2212")


def plural(count: float, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}"


def duration(minutes: float) -> str:
    """400.0 -> "6 h 40 min"."""
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    if hours == 0:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def clock(moment: datetime) -> str:
    return f"{moment.hour:02d}:{moment.minute:02d}"


def clock_s(moment: datetime) -> str:
    return f"{clock(moment)}:{moment.second:02d}"


def hour_span(hour: int) -> str:
    return f"{hour:02d}:00 to {(hour + 1):02d}:00"


def day_long(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS_LONG[day.month - 1]}"


def day_short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def day_row(day: date) -> str:
    return f"{WEEKDAYS_SHORT[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def day_span(first: date, last: date) -> str:
    return f"{day_short(first)} to {day_short(last)} {last.year}"


def when(moment: datetime, now: datetime) -> str:
    """A moment as people say it: "14:32 today", "14:32 yesterday", "Tuesday 14:32", "3 Nov 14:32". Both are local."""
    days = (now.date() - moment.date()).days
    if days == 0:
        return f"today at {clock(moment)}"
    if days == 1:
        return f"yesterday at {clock(moment)}"
    if 1 < days < 7:
        return f"{WEEKDAYS[moment.weekday()]} at {clock(moment)}"
    return f"{day_short(moment.date())} {moment.year} at {clock(moment)}"


def listed(things: Sequence[str]) -> str:
    return things[0] if len(things) == 1 else ", ".join(things[:-1]) + " and " + things[-1]


# --- frame of every page -----------------------------------------------------------------------------------------

SKIP = "Skip to the page"
NAV = "Pages"
NAV_TODAY = "Today"
NAV_PERSON = "Orthotist's view"
NAV_PEOPLE = "People"
NAV_LIVE = "Live"
LOADING = "Reading the data …"
SHOW_TABLE = "Show as table"
TABLE_OF = "Table: {}"
FOOTER = "Talus shows what a brace measured. It is not a diagnosis and not a live alarm."
TITLES = {"people": "", "today": "Today", "person": "Orthotist's view", "live": "Live", "missing": "Not found"}
NO_SCRIPT = "This page needs JavaScript, served by this computer alone."

PEOPLE_TITLE = "People"
PEOPLE_EMPTY_TITLE = "Nothing here yet"
PEOPLE_EMPTY = (
    "No person and no brace is known here yet. Collect from a brace, or start the demo, then open this page again."
)
MISSING_TITLE = "Not found"
MISSING_PAGE = "There is no such page."
MISSING_PERSON = "There is no such person here."
TROUBLE_TITLE = "The data cannot be read just now"
TROUBLE = "Nothing stored was changed. Try again in a minute; if it stays so, run: talus doctor"

DENIED = "This page is closed. Open the whole address that was printed when Talus was started, with its token."
WRONG_TOKEN = (
    "That token does not open this page. Talus makes a new one at every start; use the last address it printed."
)
FOREIGN_HOST = "Talus answers only on the address of this computer."
FOREIGN_ORIGIN = "Talus answers only to its own pages."

# --- the patient's Today -----------------------------------------------------------------------------------------

TODAY_TITLE = "Today"
TODAY_AS_OF = "{day}, {time}"
WORN_TITLE = "Brace on"
WORN_SENTENCE = "You have worn your brace for {worn} so far today."
WORN_NONE = "Your brace has not been worn so far today."
WORN_UNKNOWN = "We do not know yet how long you have worn your brace today."
WORN_UNKNOWN_PART = "{unknown} of today are not known yet, so it may be more."
GOAL = "Your goal is {goal}."
GOAL_REACHED = "That reaches your goal of {goal}."
GOAL_NONE = "No goal is set."
GOAL_ASIDE = "Your goal can wait. Your skin comes first."
BAR_GOAL = "Goal {goal}"
BAR_LABEL = "Brace on for {worn}; goal {goal}; {unknown} not known."
BAR_LABEL_NO_GOAL = "Brace on for {worn}; {unknown} not known."

STEPS_TITLE = "Steps with the brace on"
STEPS_SENTENCE = "{steps} so far today. The busiest hour was {span}."
STEPS_ONE_HOUR = "{steps} so far today."
STEPS_NONE = "No steps with the brace on so far today."
STEPS_UNKNOWN = "We do not know yet how many steps you took today."
STEPS_UNKNOWN_PART = "{unknown} are not known: the hatched part."
STEPS_UNIT = "steps"
STEPS_PLURAL = ("step", "steps")
STEPS_COLUMNS = ("Hour", "Steps", "Brace on", "Brace off", "Not known")

COMFORT_TITLE = "Comfort"
COMFORT_NONE = "No long pressure at the {places} measured {noun}; others are not measured."
COMFORT_PLACES = ("place", "places")
COMFORT_BLIND = "At {places} {noun} only strong pressure can be measured."
COMFORT_NOT_MEASURED = "Pressure was not measured today."
COMFORT_NOT_KNOWN = "We have no pressure data for today yet."
COMFORT_MEASURED = "Measured for {measured} today."
COMFORT_OPEN = "{site}: pressed for {minutes} since {start}. It was still pressing when we last had data, {seen}."
COMFORT_ENDED = "{site}: pressed for {minutes}, from {start} to {end}. Then it went down."
COMFORT_RED = "This was a strong or very long pressure."
COMFORT_ADVICE_TITLE = "What to do now"
COMFORT_ADVICE_TITLE_PAST = "If you have not looked yet"
COMFORT_ADVICE = (
    "Sit down, then loosen or take it off. Look or feel, with a mirror or a helper, for a patch that is red, darker, "
    "warm, hard or sore. If it is still there after 30 minutes, leave the brace off and call."
)
COMFORT_NERVE = "If your foot feels numb or weaker than usual, take the brace off and call your clinician."
COMFORT_SIDE = "{site}, {side}"
SIDE_LEG_PLAIN = {"left": "left leg", "right": "right leg", "unknown": "side not set"}
SIDE_LEG = {"left": "left", "right": "right", "unknown": "side not set"}

BRACE_TITLE = "Your brace"
SYNC = "Last data: {when}."
SYNC_NEVER = "No data have come from your brace yet."
SYNC_OLD = "No new data since {when}. Bring this computer or phone near the brace."
BATTERY = "Battery: {percent} %."
BATTERY_LOW = "Battery: {percent} %. Charge it tonight, with the brace off."
BATTERY_UNKNOWN = "Battery: not known yet."
PART = {
    "encoder": "ankle angle sensor",
    "bridge": "strain gauges",
    "imu_gyro": "motion sensor",
    "imu_accel": "motion sensor",
    "pressure": "pressure sensors",
    "thermometer": "temperature sensor",
    "gauge": "battery gauge",
    "flash": "memory",
    "clock": "clock",
    "battery": "battery",
    "settings": "settings",
    "calibration": "calibration",
    "program": "program",
    "unknown": "one of its parts",
}
FAULT = "Something needs a look: {part}. What it measures may be missing or doubtful. Tell your orthotist."
FAULT_BATTERY = "The brace's own checks ask you to charge it, with the brace off."
FAULT_NONE = "The brace's own checks found nothing wrong."
FAULT_UNKNOWN = "Not known whether the brace's own checks found something."
FAULT_SHORT = "its own checks doubt: {part}"
FAULT_SHORT_NONE = "its own checks found nothing"
FAULT_SHORT_UNKNOWN = "own checks not known"
NO_BRACE = "No brace is linked to you yet."

# --- keys beside the figures -------------------------------------------------------------------------------------

KEY_STEPS = "steps"
KEY_WORN = "worn"
KEY_NOT_WORN = "not worn"
KEY_UNKNOWN = "not known"
KEY_PARTIAL = "partly known: at least this"
KEY_HOURS = "hours worn, few to many"
KEY_DAY = "one day"
KEY_DAY_PARTIAL = "one day, partly known"
KEY_WEEK = "middle of a week's days (3 or more)"
KEY_COVERAGE = "part of the day known"
KEY_ZERO = "zero uncertainty, ± {zero} N·m"
KEY_AMBER = "at amber level or above"
KEY_RED = "at red level"

# --- the orthotist's view ----------------------------------------------------------------------------------------

PERSON_TITLE = "{label}"
PERSON_SUB = "Orthotist's view, {span}. Days are cut at midnight in {zone}."
PERIOD = "Period"
PERIODS = {"28": "4 weeks", "84": "12 weeks", "182": "26 weeks"}
SIDE_CHOICE = "Side"
SECTION_WEAR = "Wear"
SECTION_GAIT = "Gait"
SECTION_CURVES = "Stride curves"
SECTION_PRESSURE = "Pressure"
NO_DATA_PERIOD = "No data in this period."
LAST_SYNC = "Last sync {when}"
LAST_SYNC_NEVER = "Never synced"
BATTERY_SHORT = "battery {percent} %"
BATTERY_SHORT_UNKNOWN = "battery not known"

RX = "Goal: {goal} a day."
RX_NONE = "No goal of wear entered."
ADHERENCE_HOURS = (
    "Wear {low} to {high} h a day: the low end counts the {missing} without enough data as 0 h, "
    "the high end leaves them out."
)
ADHERENCE_HOURS_FULL = "Wear {high} h a day; no day is without data."
ADHERENCE_SHARE = "That is {low} to {high} % of the goal, days over it counted as 100 %."
ADHERENCE_SHARE_FULL = "That is {high} % of the goal, days over it counted as 100 %."
NOT_ASSESSABLE = "Adherence is not assessable: {valid} of {days} have enough data (70 % are needed)."
DAYS_WITH_DATA = (
    "{valid} of {days} have enough data; {partial} partly known, of {missing} too little is known. Today is left out."
)
ZERO_DAYS = "Not worn at all on {days}."
THIN_DAYS = "Worn, but too little walking to measure, on {days}."
DAY_PLURAL = ("day", "days")

CALENDAR_TITLE = "hours worn, day by day"
CALENDAR_TEXT = (
    "{side}, {span}: {valid} known days with {low} to {high} h (middle {median} h); not worn on {zero} of them; "
    "{partial} partly known; of {missing} too little is known."
)
CALENDAR_TEXT_NONE = "{side}, {span}: no day is fully known; {partial} partly known; of {missing} too little is known."
CALENDAR_COLUMNS = ("Day", "Known?", "Worn (h)", "Not worn (h)", "Not known (h)")
STATUS = {"valid": "known", "partial": "partly", "missing": "too little"}

PROFILE_TITLE = "Hours of the day"

MEASURE_TEXT = (
    "{side}: {days} of {of} with a value, middle day {median}{unit}, half of the days between {q1} and {q3}; "
    "{strides} measured."
)
MEASURE_TEXT_FEW = "{side}: {days} of {of} with a value; {strides} measured."
MEASURE_NONE = "{name}: not measured in this period. It needs {needs}."
STRIDE_PLURAL = ("stride", "strides")
MEASURE_COLUMNS = ("Day", "Side", "Value", "Day known?", "Coverage", "Strides measured")
COVERAGE_AXIS = "known"
NO_CLAIM = "Days are drawn as measured; no line here claims a change."
GROUPS = {
    "amount": "How much",
    "timing": "Timing",
    "ankle": "Ankle",
    "assist": "Assist",
}
MEASURES = {
    "steps": ("Steps with the brace on", "steps"),
    "walking_min": ("Walking", "min"),
    "longest_walk_min": ("Longest walk", "min"),
    "cadence_spm": ("Cadence", "steps/min"),
    "stride_time_cv_pct": ("Stride time variability (CV)", "%"),
    "stance_pct": ("Stance", "% of stride"),
    "swing_dorsiflexion_deg": ("Peak dorsiflexion in swing", "°"),
    "ankle_at_contact_deg": ("Ankle angle at contact", "°"),
    "heel_first_pct": ("Heel-first steps", "%"),
    "ankle_range_deg": ("Ankle range", "°"),
    "shank_to_vertical_deg": ("Shank to vertical at mid-stance", "°"),
    "moment_swing_nm": ("Assist moment in swing", "N·m"),
    "assist_impulse_nms": ("Assist impulse in swing", "N·m·s"),
}
NEEDS = {
    "walking": "the brace worn and walking",
    "encoder": "the ankle encoder",
    "imu": "the motion sensor",
    "contact": "the ankle encoder and the motion sensor",
    "bridge": "the strain bridge",
}

CURVE_ANGLE_TITLE = "Ankle angle over a stride"
CURVE_MOMENT_TITLE = "Assist moment over a stride"
CURVE_ANGLE_AXIS = "deg, up = dorsiflexion"
CURVE_MOMENT_AXIS = "N·m, up = lifts the foot"
CURVE_STRIDE_AXIS = "% of the stride, from initial contact"
CURVE_PERIODS = ("First {days} days", "Last {days} days")
CURVE_KEY = "{period} ({span}): {strides} on {days}"
CURVE_TEXT = (
    "{period}: lowest {low}{unit} at {low_at} % of the stride, highest {high}{unit} at {high_at} %, "
    "from {strides} on {days}."
)
CURVE_NONE = "No stride curves in this period. They need {needs}."
CURVE_ZERO = "The zero of the moment is known to ± {zero} N·m; a smaller difference means nothing."
CURVE_COLUMNS = ("% of stride",)

PRESSURE_TITLE = "Minutes of long pressure by site"
PRESSURE_TEXT = "{place}: {amber} at amber level or above, {red} of it at red level, {events}, in {hours} h measured."
PRESSURE_TEXT_NONE = "{place}: not measured in this period."
PRESSURE_TEXT_BLIND = "{place}: {tiers} not measurable: this sensor cannot feel so little."
PRESSURE_BLIND_TIERS = ("amber level", "amber and red level")
PRESSURE_BLIND = "not measurable"
PRESSURE_NONE = "No pressure was measured in this period."
PRESSURE_UNIT = "minutes in the period"
PRESSURE_COLUMNS = ("Site", "Side", "Minutes amber", "Minutes red", "Events", "Middle pressure (mmHg)", "Measured (h)")
PRESSURE_PLACE = "{site}, {side}"
EVENT_PLURAL = ("event", "events")
EVENTS_TITLE = "Pressure events"
EVENTS_NONE = "No pressure event in this period."
EVENTS_COLUMNS = ("Start", "Side", "Site", "Tier", "Lasted (min)", "Peak (mmHg)", "Dose (mmHg·h)")
EVENT_OPEN = "{minutes}, still open"
