"""Every page there is, in the order of the menu."""

from talus_dashboards.page import Page
from talus_dashboards.pages import device, devices, live, people, person, today

PAGES: tuple[Page, ...] = (people.PAGE, today.PAGE, person.PAGE, devices.PAGE, device.PAGE, live.PAGE)
