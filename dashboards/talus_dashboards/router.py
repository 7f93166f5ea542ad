"""From an address and who asks to a page, or to nothing. What is not for the asker and what does not exist are alike.

A patient's own pages need no id in their address; an id in it must be the patient's own.
"""

from collections.abc import Sequence

from talus_dashboards.identity import DEVELOPER, ORTHOTIST, PATIENT, Who
from talus_dashboards.page import NOTHING, PERSON, Page, Place

HOME = {PATIENT: "today", ORTHOTIST: "caseload", DEVELOPER: "devices"}


def find(path: str, who: Who, pages: Sequence[Page]) -> Place | None:
    """The place at an address, None where there is nothing for who asks."""
    name, _, subject = path.strip("/").partition("/")
    wanted = name or who.home or HOME.get(who.role, "")
    page = next((one for one in pages if one.name == wanted), None)
    if page is None or who.role not in page.roles or "/" in subject:
        return None
    if page.about == NOTHING:
        return None if subject else Place(page)
    if page.about == PERSON:
        subject = subject or who.person or ""
        return Place(page, subject) if subject and who.may_see(subject) else None
    return Place(page, subject) if subject else None


def menu(place: Place | None, who: Who, pages: Sequence[Page]) -> list[Place]:
    """Where a reader may go from here, in the order of `pages`: about a person only where one is at hand."""
    person = who.person or (place.subject if place and place.page.about == PERSON else "")
    found = []
    for page in pages:
        if who.role not in page.roles:
            continue
        if page.about == PERSON and person:
            found.append(Place(page, "" if person == who.person else person))
        elif page.about == NOTHING:
            found.append(Place(page))
    return found
