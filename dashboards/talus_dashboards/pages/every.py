"""Every page there is, in the order of the menu."""

from talus_dashboards.page import Page
from talus_dashboards.pages import (
    account,
    breakin,
    caseload,
    compare,
    device,
    devices,
    diary,
    exercises,
    fitting,
    live,
    notes,
    person,
    plan,
    progress,
    tell,
    today,
)

PAGES: tuple[Page, ...] = (
    caseload.PAGE,
    today.PAGE,
    tell.PAGE,
    progress.PAGE,
    exercises.PAGE,
    breakin.PAGE,
    person.PAGE,
    fitting.PAGE,
    diary.PAGE,
    compare.PAGE,
    plan.PAGE,
    notes.PAGE,
    devices.PAGE,
    device.PAGE,
    live.PAGE,
    account.PAGE,
)
