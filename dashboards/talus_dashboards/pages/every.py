"""Every page there is, in the order of the menu."""

from talus_dashboards.page import Page
from talus_dashboards.pages import (
    account,
    breakin,
    device,
    devices,
    exercises,
    live,
    people,
    person,
    progress,
    tell,
    today,
)

PAGES: tuple[Page, ...] = (
    people.PAGE,
    today.PAGE,
    tell.PAGE,
    progress.PAGE,
    exercises.PAGE,
    breakin.PAGE,
    person.PAGE,
    devices.PAGE,
    device.PAGE,
    live.PAGE,
    account.PAGE,
)
