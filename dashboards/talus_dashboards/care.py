"""Consent to care, where every question of every page, file and section passes: of a person who gave it and ended it,
nobody but the person is told anything.

A question is about a person unless it stands in OPEN: one that somebody adds is closed until it is said to be none.
"""

from collections.abc import Callable
from typing import Any

from talus_dashboards.errors import Withheld
from talus_dashboards.identity import PATIENT, asking
from talus_dashboards.reader import CARE, ENDED, NEVER, Reader

# Who there is; the caseload, whose row of such a person holds no figure; how consent stands; what is of no person.
OPEN = ("people", "caseload", "consent_standing", "fitting_figures", "devices")
OF_DEVICES = "device_"


class Cared:
    """A Reader in front of another. now_ms: the present moment, UTC."""

    def __init__(self, reader: Reader, now_ms: Callable[[], int]) -> None:
        self._reader = reader
        self._now_ms = now_ms

    def never_consented(self, person_id: str) -> bool:
        """Whether no consent to care was ever entered."""
        return bool(self._standing(person_id)["state"] == NEVER)

    def check(self, person_id: str) -> None:
        """Raises Withheld where who asks may not be told of this person."""
        if asking.get().role == PATIENT:  # sees nobody's but their own
            return
        standing = self._standing(person_id)
        if standing["state"] == ENDED:
            raise Withheld(standing["ended"])

    def _standing(self, person_id: str) -> dict[str, Any]:
        return self._reader.consent_standing(person_id, CARE, self._now_ms())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        question: Callable[..., Any] = getattr(self._reader, name)
        if name in OPEN or name.startswith(OF_DEVICES):
            return question

        def asked(person_id: Any, *args: Any, **settings: Any) -> Any:
            self.check(str(person_id))
            return question(person_id, *args, **settings)

        return asked
