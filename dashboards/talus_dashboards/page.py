"""What a page is: a name, who may open it, whom it is about, a shell without data, and the callbacks that fill it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import Dash

if TYPE_CHECKING:
    from talus_dashboards.site import Site

PERSON, DEVICE, NOTHING = "person", "device", ""


@dataclass(frozen=True)
class Page:
    """`name` is its address (`/name`, or `/name/subject`) and its key in the words' TITLES and NAV.

    shell: from the site, what stands there until callbacks fill it; it carries no data. register: joins its callbacks
    to the app, once. menu: whether the menu of its roles leads there. script: of Dash's component libraries one that
    this page alone needs, so that a browser loads it nowhere else.
    """

    name: str
    roles: frozenset[str]
    about: str
    shell: Callable[["Site"], list[Any]]
    register: Callable[[Dash, "Site"], None] = lambda app, site: None
    menu: Callable[["Site"], bool] = lambda site: True
    script: str = ""


@dataclass(frozen=True)
class Place:
    """Where an address leads: a page and the id of whom or what it is about."""

    page: Page
    subject: str = ""

    @property
    def path(self) -> str:
        return f"/{self.page.name}/{self.subject}" if self.subject else f"/{self.page.name}"
