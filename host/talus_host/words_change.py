"""Plain words for what changes over weeks: verdicts, flags, changes of a brace. They keep people safe, claim nothing.

A flag asks to look or to call; none says what is wrong. Words of the clinical reference, 0.4.3, 0.4.5 and 5.6.
"""

CHANGES = {
    "strap": "strap changed",
    "strut": "strut changed",
    "wedge": "wedge changed",
    "shoe": "other shoe",
    "stiffness": "stiffness changed",
    "neutral": "neutral angle changed",
    "fes_on": "stimulation begun",
    "fes_off": "stimulation ended",
    "other": "something else of the brace changed",
    "botulinum": "botulinum toxin",
    "drug": "drug changed",
    "relapse": "relapse",
    "calibration": "calibrated again",
    "settings": "settings changed",
    "brace": "another brace",
    "program": "another program",
}
KINDS = {
    "hours": "hours a day",
    "walking": "while walking",
    "outdoors": "outdoors",
    "break_in": "break-in",
    "none": "nothing",
}
VERDICTS = {
    "better": "better",
    "worse": "worse",
    "no_clear_change": "no clear change",
    "too_early": "too early to tell",
    "not_comparable": "walked at another cadence",
    "not_measured": "not measured",
}
MEASURES = {
    "heel_first_pct": "heel-first steps, %",
    "cadence_spm": "steps a minute",
    "walking_min": "walking, min a day",
    "longest_walk_min": "longest walk, min",
    "steps": "steps with the brace on",
    "swing_dorsiflexion_deg": "dorsiflexion in swing, deg",
    "ankle_at_contact_deg": "ankle at contact, deg",
    "ankle_range_deg": "ankle range, deg",
    "moment_swing_nm": "assist in swing, N.m",
    "assist_impulse_nms": "assist impulse, N.m.s",
    "stride_time_s": "stride time, s",
    "stride_time_cv_pct": "stride time CV, %",
    "stance_pct": "stance, %",
    "shank_to_vertical_deg": "shank to vertical, deg",
    "worn_h": "worn, h a day",
}
LOOK_AT_SKIN = (
    "Sit down, then loosen or take it off. Look or feel, with a mirror or a helper, for a patch that is red, darker, "
    "warm, hard or sore. If it is still there after 30 minutes, leave the brace off and call."
)
# Flag -> (what it is, what to do)
FLAGS = {
    "no_data": ("no data", "Bring the brace near and run `talus collect`; ask the wearer how it goes."),
    "sudden_loss": (
        "walking is suddenly worse",
        "Sudden, with a change of face, arm or speech? Emergency services. Otherwise show this to the clinician.",
    ),
    "heel_first_fall": ("fewer steps land on the heel", "Show this to the clinician."),
    "stumbles": ("more possible stumbles", "Ask about falls and near-falls; show this to the clinician."),
    "drags": ("the foot drags more often", "Ask about falls and near-falls; show this to the clinician."),
    "fibular_head": ("long pressure at the fibular head", LOOK_AT_SKIN),
    "told_skin": ("told: a mark that stays, or open skin", LOOK_AT_SKIN),
    "told_numbness": (
        "told: new numbness",
        "Take the brace off and call the clinician: the nerve below the knee is easily pressed.",
    ),
    "told_fall": (
        "told: a fall",
        "Show this to the clinician: what happened, and did brace or shoe have a part in it?",
    ),
    "adherence_collapse": ("the brace is hardly worn any more", "Ask why: pain, skin, fit, shoes? Then the clinician."),
    "brace_stiffness": ("the brace is not as stiff as it was", "Look at strut, straps and hinge; calibrate again."),
    "brace_neutral": ("the brace rests at another angle", "Look at strut, straps and hinge; calibrate again."),
}
FLAG_STATES = {"raised": "raised", "clear": "clear", "not_assessable": "not assessable"}
EMERGENCY = (
    "Talus does not detect emergencies. Sudden trouble with face, arm, speech or a leg, both legs weak, loss of bladder"
    " or bowel control, numbness between the legs, severe calf pain: call emergency services."
)
NO_STEPS_ELSEWHERE = "share of all steps taken with the brace on: not measured, it needs the steps of a phone or watch"


def plain(reason: str) -> str:
    """A reason with its figures named as people name them."""
    for name, words in MEASURES.items():
        reason = reason.replace(name, words.partition(",")[0])
    return reason


def measure(name: str) -> str:
    """A figure as people read it, with its unit; a newer one by its own name."""
    return MEASURES.get(name, name)
