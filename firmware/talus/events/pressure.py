# Watches the sustained pressure of four sites and says when a tier is reached, rises or is over: a comfort and
# skin-check prompt, never a diagnosis. It refuses to judge a tier below a sensor's calibrated floor.
#
# Method: clinical reference, sections 4.3 and 4.4 as overridden by 0.4.4. kPa inside (10 Pa a unit); mmHg only in the
# settings, through `from_mmhg`. Deviations:
# 1. The running 20th percentile is read once a second from a histogram of ten samples a second, in steps of 0.1 kPa
#    (0.5 above 12.8): a level is reached within a step of it. Creep and warmth are taken off it (events.film).
# 2. Every tier, red too, is "at least 95 % of its window", judged once a minute: a shift in the chair does not restart
#    an hour. Seconds that were not measured count as not above.
# 3. A channel with a fitting reference takes its amber from that: `pressure_fit_pct` of it, not below the dose's level
#    nor nearer to the site's red than the offset [E].
# 4. Less than five minutes below does not end an event, so no two events are ever five minutes apart: nothing to merge.

from array import array

import talus.wire.kinds as kinds
from talus.events.film import Film
from talus.events.histogram import Histogram

CHANNELS = kinds.PRESSURE_CHANNELS
SECOND = 1000 // kinds.SAMPLE_MS
NONE, AMBER, RED = range(3)
FIBULAR_HEAD = kinds.SITES.index("fibular_head")
LEVELS = 3  # amber, and two ways to red
MINUTES_MAX = 120
WINDOWS_MAX = (20, MINUTES_MAX, 30)  # minutes, by level: the longest its settings allow; each goes into the longest
NOT_MEASURABLE = 1 << 20
UNKNOWN = -1  # a minute's mean
DOSE_MAX = 65534 * 3600
PER_MMHG = 1333224  # 0.1 mPa, of 133.322387415 Pa
NOTHING = (0,) * CHANNELS


def from_mmhg(mmhg):
    """10 Pa a unit: 35 mmHg are 467, 4.67 kPa."""
    return (mmhg * PER_MMHG + 50000) // 100000


class Site:
    """One channel: its tiers, its last two hours by the minute, and the event that is open."""

    def __init__(self):
        self.above = [bytearray(minutes) for minutes in WINDOWS_MAX]  # seconds above, by the minute
        self.means = array("h", [UNKNOWN] * MINUTES_MAX)
        self.seconds = [0] * LEVELS
        self.at = 0
        self.sum = self.known = self.most = self.dose_now = 0
        self.last_prompt = self.last_red = -(1 << 20)
        self.close()

    def retune(self, settings, site, fit, floor):
        """Seconds above that were counted stay counted, by the levels of their time."""
        fibular = site == FIBULAR_HEAD
        amber_mmhg = settings.amber_fibular_mmhg if fibular else settings.amber_mmhg
        red_mmhg = settings.red_fibular_mmhg if fibular else settings.red_a_mmhg
        self.minutes = (
            settings.amber_fibular_min if fibular else settings.amber_min,
            settings.red_fibular_min if fibular else settings.red_a_min,
            settings.red_b_min,
        )
        offset = from_mmhg(settings.offset_mmhg)
        amber = from_mmhg(amber_mmhg)
        red = from_mmhg(red_mmhg)
        if fit:
            amber = min(fit * settings.pressure_fit_pct // 100, red - offset)
            amber = max(amber, from_mmhg(settings.dose_above_mmhg))
        levels = (amber, red, from_mmhg(settings.red_b_mmhg))
        self.levels = tuple(level if level >= floor else NOT_MEASURABLE for level in levels)
        # The lowest tier there is, less the offset: below its floor a sensor cannot tell one pressure from another.
        self.release = max(min(self.levels) - offset, floor)

    def close(self):
        self.tier = NONE
        self.peak = self.total = self.total_minutes = self.dose = self.onset = 0
        self.below = self.unknown = 0
        for level in range(LEVELS):
            for i in range(WINDOWS_MAX[level]):
                self.above[level][i] = 0

    def add_second(self, value, dose_above):
        """The sustained pressure of one second."""
        if value is None:
            return
        self.known += 1
        self.sum += value
        if value > self.most:
            self.most = value
        if value > dose_above:
            self.dose_now += value - dose_above
        for level in range(LEVELS):
            if value >= self.levels[level]:
                self.seconds[level] += 1

    def add_minute(self):
        """Close the minute: its mean, or UNKNOWN where less than half of it is known."""
        mean = self.sum // self.known if self.known >= 30 else UNKNOWN
        self.means[self.at] = mean
        for level in range(LEVELS):
            self.above[level][self.at % WINDOWS_MAX[level]] = self.seconds[level]
            self.seconds[level] = 0
        self.at = self.at + 1 if self.at < MINUTES_MAX - 1 else 0
        self.sum = self.known = 0
        return mean

    def reached(self, level, share):
        """Whether the level was held for its window, up to now."""
        minutes = self.minutes[level]
        total = 0
        for back in range(1, minutes + 1):
            total += self.above[level][(self.at - back) % WINDOWS_MAX[level]]
        return total * 100 >= minutes * 60 * share


class Pressure:
    """`update` once a tick; 1 when an event opens, rises or ends. Then `values` is a "pressure" record and `prompt`
    says whether to tell the wearer: a red always, an amber unless one was told within the refractory time. `again` is
    the channel of a red that goes on and was told that long ago: it is told again, for a foot that does not feel it.

    `sites`: index into SITES per channel. `fits`: sustained pressure per channel (10 Pa) at the fitting, 0 none.
    `floors`: lowest pressure each sensor can tell (10 Pa). `warmths`: gain each needs per degC above 32, in 1/10000.
    `sustained[i]` and `median[i]` are in 10 Pa or None; only the sustained is rid of creep and warmth.
    """

    def __init__(self, settings, sites, fits=NOTHING, floors=NOTHING, warmths=NOTHING):
        self.sites = sites
        self._warmths = warmths
        self._films = [Film() for _ in range(CHANNELS)]
        self._fits = fits
        self._floors = floors
        self._sites = [Site() for _ in range(CHANNELS)]
        self._histograms = [Histogram() for _ in range(CHANNELS)]
        self._last = [None] * CHANNELS
        self.retune(settings)
        self._tick = 0
        self._minute = 0
        self.sustained = [None] * CHANNELS
        self.median = [None] * CHANNELS
        self.values = [0] * len(kinds.BY_NAME["pressure"].names)
        self.prompt = False
        self.again = 0

    def retune(self, settings):
        """Work with these from now on; an open event stays open."""
        self._quantile = settings.sustained_pct
        self._share = settings.held_pct
        self._offset_min = settings.offset_min
        self._unknown_min = settings.pressure_unknown_min
        self._refractory_min = settings.refractory_min
        self._dose_above = from_mmhg(settings.dose_above_mmhg)
        self._creep = settings.creep_permille
        self._late_s = 60 - 60 * settings.sustained_pct // 100
        for i in range(CHANNELS):
            self._sites[i].retune(settings, self.sites[i], self._fits[i], self._floors[i])

    def measurable(self, channel, tier):
        """Whether a tier of a channel (from 0) lies above its sensor's floor."""
        return self._sites[channel].levels[tier - 1] != NOT_MEASURABLE

    def update(self, s):
        """Take in one sample of the grid."""
        first = kinds.PRESSURE_1
        for i in range(CHANNELS):
            if s[first + i] is not None:
                self._last[i] = s[first + i]
        self._tick += 1
        phase = self._tick % 10
        if phase >= CHANNELS:
            return 0
        # Channel after channel: one tick bears one channel's work, and at most one event.
        self._histograms[phase].put(self._last[phase])
        self._last[phase] = None
        second = self._tick % SECOND
        if second != phase + 10:
            return 0
        value = self._sustained(phase, 1, s)
        self._sites[phase].add_second(value, self._dose_above)
        if self._tick % (60 * SECOND) != phase + 10:
            return 0
        self.median[phase] = self._histograms[phase].quantile(50)
        if phase == 0:
            self._minute += 1
        return self._judge(phase)

    def slow(self, s, channel, ticks):
        """One sample that stands for so many ticks, channel after channel up to the last; 1 with `values`."""
        before = self._tick - channel
        after = before + ticks
        histogram = self._histograms[channel]
        histogram.put_often(s[kinds.PRESSURE_1 + channel], after // 10 - before // 10)
        if channel == CHANNELS - 1:
            self._tick += ticks
        seconds = (after - 10) // SECOND - (before - 10) // SECOND
        value = self._sustained(channel, seconds, s)
        minute = (after - 10) // (60 * SECOND)
        found = 0
        if minute != (before - 10) // (60 * SECOND):
            # The minute's own mark lies in it: what is behind the mark belongs to the next.
            behind = (after - 10) // SECOND - 60 * minute
            self._add_seconds(channel, value, seconds - behind)
            seconds = behind
            self.median[channel] = histogram.quantile(50)
            if channel == 0:
                self._minute += 1
            found = self._judge(channel)
        self._add_seconds(channel, value, seconds)
        return found

    def _sustained(self, channel, seconds, s):
        value = self._histograms[channel].quantile(self._quantile)
        if value is not None:
            film = self._films[channel]
            value = film.correct(value, seconds, self._late_s, self._creep, self._warmths[channel], s[kinds.LINER])
        self.sustained[channel] = value
        return value

    def _add_seconds(self, channel, value, seconds):
        for _ in range(seconds):
            self._sites[channel].add_second(value, self._dose_above)

    def doff(self, channel):
        """The brace came off: end the channel's event, if one is open. Call for each channel; 1 with `values`."""
        if self._sites[channel].tier == NONE:
            self._sites[channel].close()
            return 0
        return self._tell(channel, 1)

    def _judge(self, channel):
        """Once a minute: has a tier been reached, has the event ended?"""
        site = self._sites[channel]
        mean = site.add_minute()
        dose, most = site.dose_now, site.most
        site.dose_now = site.most = 0
        tier = NONE
        if site.reached(1, self._share) or site.reached(2, self._share):
            tier = RED
        elif site.reached(0, self._share):
            tier = AMBER
        if site.tier == NONE:
            return self._open(channel, tier) if tier else 0
        if mean != UNKNOWN:
            site.total_minutes += 1
            site.total += mean
            site.peak = max(site.peak, most)
            site.dose = min(site.dose + dose, DOSE_MAX)
        site.unknown = site.unknown + 1 if mean == UNKNOWN else 0
        site.below = site.below + 1 if mean != UNKNOWN and most < site.release else 0
        if site.below >= self._offset_min or site.unknown >= self._unknown_min:
            return self._tell(channel, 1)
        if tier > site.tier:
            site.tier = tier
            return self._tell(channel, 0)
        if tier == RED and self._minute - site.last_red >= self._refractory_min:
            site.last_red = self._minute
            self.again = channel + 1
        return 0

    def _open(self, channel, tier):
        site = self._sites[channel]
        window = site.minutes[0]
        if tier == RED and site.levels[0] == NOT_MEASURABLE:
            window = site.minutes[1]
        site.tier = tier
        site.onset = self._minute - window
        for back in range(1, window + 1):
            mean = site.means[(site.at - back) % MINUTES_MAX]
            if mean == UNKNOWN:
                continue
            site.total_minutes += 1
            site.total += mean
            site.peak = max(site.peak, mean)
            if mean > self._dose_above:
                site.dose += 60 * (mean - self._dose_above)
        return self._tell(channel, 0)

    def _tell(self, channel, ended):
        """Fill the record; an amber too soon after another is recorded and not told."""
        site = self._sites[channel]
        lasted = min(self._minute - site.onset, 65534)
        values = self.values
        values[0] = channel + 1
        values[1] = self.sites[channel]
        values[2] = site.tier
        values[3] = ended
        values[4] = lasted
        values[5] = min(site.peak, 65534)
        values[6] = min(site.total // max(site.total_minutes, 1), 65534)
        values[7] = site.dose // 3600
        values[8] = lasted
        self.prompt = False
        if ended:
            site.close()
        elif site.tier == RED or self._minute - site.last_prompt >= self._refractory_min:
            self.prompt = True
            if site.tier == AMBER:
                site.last_prompt = self._minute
            else:
                site.last_red = self._minute
        return 1
