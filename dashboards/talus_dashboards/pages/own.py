"""What the pages of a person's own have in common: they stand in the person's menu, and in that of who holds a run's
token; a clinician with many people opens them from the person."""

from talus_dashboards.identity import PATIENT
from talus_dashboards.site import Site


def menu(site: Site) -> bool:
    return site.who.role == PATIENT or site.who.account is None
