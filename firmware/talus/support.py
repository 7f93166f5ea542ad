# The support log: what a brace lived through in weeks, for whoever repairs it. Rows of fixed words and integers, so
# that it cannot hold a person, a host or a sentence. Two files of at most FILE_BYTES each take turns; at most one write
# in WRITE_MIN minutes, and one at each start. A flash that is full or refuses costs rows, never a word.
# A row is: boot, minute of that boot, word, integers or words of kinds.

from talus.wire import kinds

FOLDER = "/support"
NEW, OLD = FOLDER + "/log.txt", FOLDER + "/before.txt"
CRASH = "/crash.txt"
FILE_BYTES = 16384  # some 500 rows: two files are 3 to 6 weeks of 20 rows a day
WRITE_MIN = 10
HOUR_MIN = 60
WAITING_MAX = 24
WORRYING_MV = 3500  # below it the voltage is written as often as anything may be
PIECE_BYTES = 512
CRASH_BYTES = 1024
CRASH_FRAMES = 8

# (word, what follows it)
WORDS = (
    ("boot", "cause, program slot, version, records recovered"),
    ("battery", "mV"),
    ("part", "sensor, channel, state, reason"),
    ("power", "minutes active, quiet, stored, charging in the day that ended"),
    ("lost", "records lost since the boot"),
    ("crash", "kind of error, then file:line of the innermost calls"),
    ("off", "mV; it stopped on purpose"),
    ("dropped", "rows that found no room"),
)


def word(list_, index):
    return "none" if index is None or not 0 <= index < len(list_) else list_[index]


class Support:
    """add() a row, minute() once a minute; stop() before it is switched off.

    .last_mv: the voltage written last before this start, or None; .stopped: whether that was on purpose.
    """

    def __init__(self, files, boot):
        self._files = files
        self._boot = boot
        self._waiting = []
        self._dropped = 0
        self._written = -WRITE_MIN
        self._minutes = [0] * len(kinds.POWER_STATES)
        self._lost = 0
        try:
            files.mkdir(FOLDER)
        except OSError:
            pass  # it is there, or nothing can be written anyway
        self.last_mv = None
        self.stopped = False
        self._find_last()

    def _find_last(self):
        for name in (OLD, NEW):
            for row in self._rows(name):
                self.stopped = len(row) == 4 and row[2] == "off"
                if len(row) == 4 and row[2] in ("battery", "off") and row[3].isdigit():
                    self.last_mv = int(row[3])

    def _rows(self, name):
        """Rows of a file, one after another: whole files would be half the heap."""
        left = b""
        try:
            with self._files.open(name, "rb") as file:
                while True:
                    piece = file.read(PIECE_BYTES)
                    if not piece:
                        return
                    lines = (left + piece).split(b"\n")
                    left = lines.pop()
                    for line in lines:
                        yield line.decode().split()
        except (OSError, UnicodeError):
            pass

    # -- what is noted ------------------------------------------------------------------------------

    def add(self, minute, said, *values):
        """Note one row; a word out of WORDS, then integers and words of kinds."""
        if len(self._waiting) >= WAITING_MAX:
            self._dropped += 1
            return
        self._waiting.append("%d %d %s %s\n" % (self._boot, minute, said, " ".join([str(one) for one in values])))

    def started(self, cause, slot, version, recovered, millivolts):
        """The first rows of a boot, with what the last one died of; True when that was a crash nobody has noted."""
        number = "%d.%d.%d" % version
        self.add(0, "boot", word(kinds.RESET_CAUSES, cause), word(kinds.SLOTS, slot), number, recovered)
        if millivolts is not None:
            self.add(0, "battery", millivolts)
        crash = self._crash()
        told = crash is not None and not self._has(crash)
        if told:
            self.add(0, "crash", *crash)
        self._write(0)
        return told

    def part(self, minute, values):
        """A health record's values."""
        sensor, channel, state, reason, _ = values
        states = word(kinds.SENSOR_STATES, state), word(kinds.HEALTH_REASONS, reason)
        self.add(minute, "part", word(kinds.SENSORS, sensor), channel, *states)

    def minute(self, minute, state, millivolts, lost):
        """A minute has passed in this power state; lost: records since the boot."""
        self._minutes[state] += 1
        if sum(self._minutes) >= 24 * HOUR_MIN:
            self.add(minute, "power", *self._minutes[:4])
            self._minutes = [0] * len(self._minutes)
        if lost != self._lost and len(self._waiting) < WAITING_MAX // 2:
            self._lost = lost
            self.add(minute, "lost", lost)
        worrying = millivolts is not None and millivolts < WORRYING_MV
        since = minute - self._written
        if since >= HOUR_MIN or (since >= WRITE_MIN and (self._waiting or worrying)):
            if millivolts is not None:
                self.add(minute, "battery", millivolts)
            self._write(minute)

    def stop(self, minute, millivolts):
        """The last row before the power is taken on purpose."""
        self._waiting.append("%d %d off %s\n" % (self._boot, minute, "none" if millivolts is None else millivolts))
        self._write(minute)

    # -- how it is written --------------------------------------------------------------------------

    def _write(self, minute):
        self._written = minute
        if self._dropped:
            self._waiting.append("%d %d dropped %d\n" % (self._boot, minute, self._dropped))
        text = "".join(self._waiting)
        self._waiting = []
        self._dropped = 0
        if not text:
            return
        try:
            self._turn(len(text))
            with self._files.open(NEW, "ab") as file:
                file.write(text.encode())
        except OSError:
            pass  # the brace has other cares than its log

    def _turn(self, more):
        """Let the older file go when the newer one is full."""
        try:
            if self._files.size(NEW) + more <= FILE_BYTES:
                return
        except OSError:
            return
        try:
            self._files.remove(OLD)
        except OSError:
            pass
        self._files.rename(NEW, OLD)

    # -- what a crash leaves ------------------------------------------------------------------------

    def _crash(self):
        """Kind of the error and where it happened, as words, without its message; None where nothing is left."""
        try:
            with self._files.open(CRASH, "rb") as file:
                lines = file.read(CRASH_BYTES).decode().split("\n")
        except (OSError, UnicodeError):
            return None
        places = []
        for line in lines:
            pieces = line.split('"')
            if len(pieces) == 3 and pieces[2].startswith(", line "):
                number = pieces[2][7:].split(",")[0]
                if number.isdigit():
                    places.append(plain(pieces[1].split("/")[-1]) + ":" + number)
        last = [line for line in lines if line and not line.startswith(" ")]
        error = plain(last[-1].split(":")[0]) if last else ""
        return [error or "none"] + places[-CRASH_FRAMES:]

    def _has(self, crash):
        wanted = [str(one) for one in crash]
        for name in (NEW, OLD):
            for row in self._rows(name):
                if len(row) > 3 and row[2] == "crash" and row[3:] == wanted:
                    return True
        return False


def plain(text):
    """Letters, digits, dot and underscore of a name, at most 24 of them."""
    return "".join([one for one in text if one in ALPHABET])[:24]


ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"
