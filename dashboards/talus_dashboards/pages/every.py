"""Every page there is, in the order of the menu."""

from talus_dashboards.page import Page
from talus_dashboards.pages import caseload, live, person, today

PAGES: tuple[Page, ...] = (caseload.PAGE, today.PAGE, person.PAGE, live.PAGE)
