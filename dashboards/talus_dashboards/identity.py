"""Who asks: put in place by the gate for the length of one request, read by whatever fills a page.

Where the gate has put nobody, nobody asks, and nobody may see anything.
"""

from contextvars import ContextVar
from dataclasses import dataclass

PATIENT, ORTHOTIST, DEVELOPER = "patient", "orthotist", "developer"
ROLES = (PATIENT, ORTHOTIST, DEVELOPER)


@dataclass(frozen=True)
class Who:
    """role: one of ROLES, "" for nobody; account: its id, None for the holder of a run's token; person: the id of the
    person whose own pages these are (patients only); people: ids a clinician may see, None for everybody there is.
    session: what the store knows the session by; form: what a page of this session must send along to change anything.
    home: the page that opens first, "" the role's own.
    """

    role: str = ""
    name: str = ""
    account: int | None = None
    person: str | None = None
    people: frozenset[str] | None = frozenset()
    language: str = "en"
    session: bytes | None = None
    form: str = ""
    home: str = ""

    def may_see(self, person_id: str) -> bool:
        """Whether this person's data may be shown to who asks."""
        if self.role == PATIENT:
            return person_id == self.person
        return self.role == ORTHOTIST and (self.people is None or person_id in self.people)


NOBODY = Who()
EVERYBODY = Who(ORTHOTIST, people=None)  # who holds the token of a run without accounts
asking: ContextVar[Who] = ContextVar("asking", default=NOBODY)
