"""Every page there is, in the order of the menu."""

from talus_dashboards.page import Page
from talus_dashboards.pages import compare, diary, fitting, live, notes, people, person, plan, today

PAGES: tuple[Page, ...] = (
    people.PAGE,
    today.PAGE,
    person.PAGE,
    compare.PAGE,
    diary.PAGE,
    plan.PAGE,
    fitting.PAGE,
    notes.PAGE,
    live.PAGE,
)
