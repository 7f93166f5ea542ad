# Whether the program of a slot is well, asked once some seconds after its start: no part that worked under the other
# slot may fail under a new one. A part that had failed before is the part's fault, and keeps no new program out.

from talus.wire import kinds


def told(parts):
    """One line a part: name, channel (0 where there is one), state, reason."""
    return [
        "%s %d %s %s"
        % (kinds.SENSORS[part.sensor], part.channel, kinds.SENSOR_STATES[part.state], kinds.HEALTH_REASONS[part.reason])
        for part in parts
    ]


def path(slot):
    return "/selftest_%s.txt" % slot


def read(files, slot):
    try:
        with files.open(path(slot), "rb") as file:
            return file.read().decode().split("\n")
    except OSError:
        return []


def keep(files, slot, lines):
    """For the slot that comes after, and for who looks; written only when it says something new."""
    if read(files, slot) != lines:
        with files.open(path(slot), "wb") as file:
            file.write("\n".join(lines).encode())


def worse(before, now):
    """Names of the parts that worked before and fail now."""
    worked = set()
    for line in before:
        words = line.split(" ")
        if len(words) == 4 and words[2] in ("ok", "degraded"):
            worked.add((words[0], words[1]))
    words = [line.split(" ") for line in now]
    return [one[0] for one in words if one[2] == "failed" and (one[0], one[1]) in worked]
