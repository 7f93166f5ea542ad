# Worn, not worn or unknown, once a minute: the light machine on the brace; the host decides again with both directions
# of time. It calls a minute unknown, rather than either, when fewer than two of pressure, temperature and motion speak,
# unless the person walks.
#
# Method: log-odds and their table, clinical reference, section 1.2. Integers: hundredths of a nat. Deviations:
# 1. The two-state model's transition is a clamp at +-6.21, the log-odds of its stay probability 0.998.
# 2. An edge is the second in which the pressures rose most (put on) or fell most (taken off), from ten minutes before
#    the run of minutes that spoke for the new state on; without such a change it is the start of that run.
# 3. Contact is judged on the minute's median as the histogram has it.
# 4. Bouts are not merged or dropped here.

import talus.wire.kinds as kinds
from talus.events import minute as minutes

UNKNOWN = None
NOT_WORN = kinds.WORN.index("not_worn")
WORN = kinds.WORN.index("worn")
LEG = 2
LIMIT = 621  # ln(0.998 / 0.002)
SWITCH = 100
EDGE_MAX_S = 65534
SLOPE_MINUTES = 5
TOUCH_MINUTES = 10  # an edge lies no further from the run of minutes that spoke for it (1.2, step 1)
TOUCH_KEPT = 30
# What speaks, in hundredths of a nat (clinical reference, section 1.2 [E]).
GAIT_SAYS = 600
CONTACT_SAYS = 300
WARM_SAYS = 150
HOT_SAYS = 100
ACTIVE_SAYS = 100
STILL_SAYS = -400
NO_CONTACT_SAYS = -200
COLD_SAYS = -250
COOLING_SAYS = -200
CARRIED_SAYS = -150


class Wear:
    """`minute` once a minute, with the Minute just ended and the Pressure; 1 when the state has changed.

    `state` is an index into WORN or None, `evidence` the EVIDENCE bits, `edge_back_s` how long before this minute's
    end the new state began. Each Pressure channel without a value is one that is not fitted or has failed.
    """

    def __init__(self, settings):
        self._settings = settings
        self._odds = 0
        self._run = 0
        self._run_sign = 0
        self._still_run = 0
        self._base = [0] * kinds.PRESSURE_CHANNELS
        self._spread = [0] * kinds.PRESSURE_CHANNELS
        self._unworn_run = 0
        self._liner = [None] * (SLOPE_MINUTES + 1)
        self._liner_at = 0
        self._fell = [0, 0, 0]  # the largest of late: how much, seconds into its minute, minutes since its end
        self._rose = [0, 0, 0]
        self.state = UNKNOWN
        self.evidence = 0
        self.low_confidence = False
        self.edge_back_s = 0

    def retune(self, settings):
        """Work with these from now on; nothing under way is lost."""
        self._settings = settings

    def minute(self, minute, pressure):
        """Weigh one minute."""
        sites, measured = self._touching(pressure)
        odds = self._weigh(minute, sites, measured)
        state = self.state
        if odds is None:
            state = UNKNOWN
            self._odds = 0
            self._run = 0
            self._run_sign = 0
        else:
            self._follow(odds)
            if self._odds > SWITCH:
                state = WORN
            elif self._odds < -SWITCH:
                state = NOT_WORN
        self._learn(pressure, state)
        self._feel(minute.values[minutes.TOUCH_AT], minute.values[minutes.TOUCH_CHANGE])
        if state == self.state:
            return 0
        self.state = state
        self.edge_back_s = min(self._edge(state), EDGE_MAX_S)
        self._rose[0] = self._fell[0] = 0  # what made this change makes no other
        return 1

    def _feel(self, at, change):
        """Keep the largest rise and the largest fall of the last half hour."""
        for kept, size in ((self._rose, change), (self._fell, None if change is None else -change)):
            kept[2] += 1
            if kept[2] > TOUCH_KEPT:
                kept[0] = 0
            if size is not None and size >= self._settings.contact_min_dapa and size >= kept[0]:
                kept[0], kept[1], kept[2] = size, at, 0

    def _edge(self, state):
        """Seconds from the change to the end of this minute."""
        run = max(self._run, 1)
        kept = self._rose if state == WORN else self._fell
        if state is not UNKNOWN and kept[0] and kept[2] < run + TOUCH_MINUTES:
            return 60 * (kept[2] + 1) - kept[1]
        return 60 * run

    def _follow(self, odds):
        sign = 1 if odds > 0 else -1 if odds < 0 else self._run_sign
        self._run = self._run + 1 if sign == self._run_sign else 1
        self._run_sign = sign
        self._odds = max(-LIMIT, min(LIMIT, self._odds + odds))

    def _touching(self, pressure):
        """How many sites press more than the empty brace does, and how many are measured."""
        sites = measured = 0
        for i in range(kinds.PRESSURE_CHANNELS):
            value = pressure.median[i] if pressure is not None else None
            if value is None:
                continue
            measured += 1
            if value >= max(self._settings.contact_min_dapa, self._base[i] + 3 * self._spread[i]):
                sites += 1
        return sites, measured

    def touched(self, s):
        """How a sample presses: LEG as a leg does, 1 at some site, 0 nowhere; None where no site is measured."""
        sites = measured = 0
        for i in range(kinds.PRESSURE_CHANNELS):
            value = s[kinds.PRESSURE_1 + i]
            if value is not None:
                measured += 1
                if value >= max(self._settings.contact_min_dapa, self._base[i] + 3 * self._spread[i]):
                    sites += 1
        if not measured:
            return None
        return LEG if sites >= min(self._settings.contact_sites, measured) else min(sites, 1)

    def _learn(self, pressure, state):
        """The empty brace's own pressure, once it has been off for ten minutes: mean, and mean deviation as sigma."""
        self._unworn_run = self._unworn_run + 1 if state == NOT_WORN else 0
        if self._unworn_run < 10 or self._still_run < 10 or pressure is None:  # a leg that has just come in moves
            return
        for i in range(kinds.PRESSURE_CHANNELS):
            value = pressure.median[i]
            if value is not None:
                off = value - self._base[i]
                self._base[i] += (off + (4 if off > 0 else -4)) // 8 if abs(off) >= 4 else 0
                self._spread[i] += (abs(off) * 5 // 4 - self._spread[i]) // 8

    def _weigh(self, minute, sites, measured):
        """The sum of what speaks, or None when too little does."""
        settings = self._settings
        self.evidence = 0
        self.low_confidence = False
        strides = minute.values[minutes.STRIDES]
        walking = strides is not None and strides >= settings.wear_strides
        liner, reference = minute.mean[minutes.LINER], minute.mean[minutes.REFERENCE]
        slope = self._slope(liner)
        still_axes = minute.values[minutes.STILL_AXES]
        still = still_axes is not None and still_axes >= settings.still_axes
        self._still_run = self._still_run + 1 if still else 0
        odds = 0
        if walking:
            odds += GAIT_SAYS
            self.evidence |= kinds.EVIDENCE_GAIT
        if measured:
            odds += self._weigh_contact(sites, measured)
        warmth = liner is not None and reference is not None
        if warmth:
            odds += self._weigh_warmth(liner, reference, slope, still)
        motion = still_axes is not None or minute.sd[minutes.ANGLE] is not None
        odds += self._weigh_motion(minute, still_axes, still)
        if not walking and (measured > 0) + warmth + motion < 2:
            return None
        return odds

    def _weigh_contact(self, sites, measured):
        if sites >= min(self._settings.contact_sites, measured):
            self.evidence |= kinds.EVIDENCE_CONTACT
            return CONTACT_SAYS
        if sites:
            return 0
        return NO_CONTACT_SAYS + (STILL_SAYS if self._still_run >= 10 else 0)

    def _weigh_warmth(self, liner, reference, slope, still):
        settings = self._settings
        if reference >= settings.hot_ambient_cdegc:
            self.low_confidence = True  # no contrast is left between a leg and the air
            return 0
        odds = 0
        if liner - reference > settings.warmer_cdegc:
            odds += WARM_SAYS
            self.evidence |= kinds.EVIDENCE_WARM
        elif liner - reference < 50 and liner < settings.cold_cdegc:
            odds += COLD_SAYS
        if liner >= settings.warm_cdegc and reference < 2800:
            odds += HOT_SAYS
        if still and slope is not None and slope < -settings.cooling_cdegc_min:
            odds += COOLING_SAYS
        return odds

    def _weigh_motion(self, minute, still_axes, still):
        settings = self._settings
        angle, moment = minute.sd[minutes.ANGLE], minute.sd[minutes.MOMENT]
        bends = angle is not None and angle > settings.angle_active_cdeg
        strains = moment is not None and moment > settings.strain_active_mnm
        moves = still_axes is not None and not still
        if bends:
            self.evidence |= kinds.EVIDENCE_ANGLE
        if strains:
            self.evidence |= kinds.EVIDENCE_STRAIN
        if moves:
            self.evidence |= kinds.EVIDENCE_MOTION
        if bends and strains:
            return ACTIVE_SAYS
        known = angle is not None or moment is not None
        return CARRIED_SAYS if moves and known and not bends and not strains else 0

    def _slope(self, liner):
        """Change of the liner's temperature per minute over five minutes, 0.01 degC, or None."""
        kept = self._liner
        kept[self._liner_at] = liner
        self._liner_at = (self._liner_at + 1) % len(kept)
        oldest = kept[self._liner_at]
        if liner is None or oldest is None:
            return None
        return (liner - oldest) // SLOPE_MINUTES
