# How the brace's parts are, as records: one when a part changes state, and the worst of them for Info.
# It decides nothing: the parts say what they are, this keeps what they said.

from talus.parts import ABSENT, FAILED


class Health:
    """parts: talus.parts.Part each. `worst`: 0 when all is well, else index into kinds.SENSORS + 1; `reason`: why."""

    def __init__(self, parts):
        self._parts = parts
        self._at = 0
        self.worst = self.reason = 0
        self.failed = False

    @property
    def changed(self):
        """Whether the next part in turn has changed: asked each tick, it finds a change within 0.2 s."""
        at = self._at
        self._at = at - 1 if at else len(self._parts) - 1
        return self._parts[at].changed

    def take(self):
        """Values of a "health" record for each part that changed; a failed part outranks a degraded one."""
        found = []
        worst_state = 0
        self.worst = self.reason = 0
        self.failed = False
        for part in self._parts:
            if part.changed:
                part.changed = False
                found.append((part.sensor, part.channel, part.state, part.reason, part.value))
            if part.state != ABSENT and part.state > worst_state:
                worst_state = part.state
                self.worst = part.sensor + 1
                self.reason = part.reason
                if worst_state == FAILED:
                    self.failed = True
                    worst_state = ABSENT
        return found
