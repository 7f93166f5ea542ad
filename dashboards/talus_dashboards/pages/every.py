"""Every page there is, in the order of the menu."""

from talus_dashboards.page import Page
from talus_dashboards.pages import account, live, people, person, today

PAGES: tuple[Page, ...] = (people.PAGE, today.PAGE, person.PAGE, live.PAGE, account.PAGE)
from talus_dashboards.pages import breakin, exercises, live, people, person, progress, tell, today

PAGES: tuple[Page, ...] = (
    people.PAGE,
    today.PAGE,
    tell.PAGE,
    progress.PAGE,
    exercises.PAGE,
    breakin.PAGE,
    person.PAGE,
    live.PAGE,
)
from talus_dashboards.pages import caseload, live, person, today

PAGES: tuple[Page, ...] = (caseload.PAGE, today.PAGE, person.PAGE, live.PAGE)
