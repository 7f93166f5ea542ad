"""What every page is handed: where data come from, where entries go, what time it is, and who asks in which language.

A page never decides who may see whom: it asks `person`, which gives nobody's row but one the asker may see, and writes
into the trail that it was looked at. What it reads then passes `care`, which knows what a person agrees to.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import numpy as np
import pandas as pd
from dash import html

from talus_dashboards import router
from talus_dashboards.care import Cared
from talus_dashboards.desk import Desk
from talus_dashboards.errors import NotHere, NotKept, ReadError, Refused, Withheld
from talus_dashboards.feed import Feed
from talus_dashboards.identity import Who, asking
from talus_dashboards.keeper import Keeper
from talus_dashboards.page import Page, Place
from talus_dashboards.pages import notices
from talus_dashboards.reader import Reader
from talus_dashboards.words import FALLBACK, LANGUAGES, Words


@dataclass
class Site:
    """reader: a Door, so that whatever it refuses is a ReadError; now: the present moment in UTC.

    feed: the live page's; pages: every page there is, in the order of the menu; keeper: of accounts, where there are.
    """

    reader: Reader
    desk: Desk
    now: Callable[[], datetime]
    feed: Feed | None = None
    pages: tuple[Page, ...] = field(default=())
    keeper: Keeper | None = None

    def __post_init__(self) -> None:
        self.care = Cared(self.reader, lambda: int(self.now().timestamp() * 1000))
        self.reader = cast(Reader, self.care)

    @property
    def who(self) -> Who:
        return asking.get()

    @property
    def words(self) -> Words:
        """The language of who asks."""
        return LANGUAGES.get(self.who.language, LANGUAGES[FALLBACK])

    def place(self, path: str | None) -> Place | None:
        return router.find(path or "/", self.who, self.pages)

    def people(self) -> pd.DataFrame:
        """Everybody the asker may see."""
        known = self.reader.people()
        mine = np.array([self.who.may_see(str(person_id)) for person_id in known["person_id"]], dtype=bool)
        return known[mine].reset_index(drop=True)

    def person(self, path: str | None, page: str) -> pd.Series:
        """The row of the person the page at `path` is about. Raises NotHere: nobody the asker may see, and Withheld."""
        place = self.place(path)
        if place is None or place.page.name != page:
            raise NotHere
        rows = self.people()
        rows = rows[rows["person_id"].astype(str) == place.subject]
        if rows.empty:
            raise NotHere
        self.care.check(place.subject)
        self.desk.saw(page, place.subject)
        return rows.iloc[0]

    def trail(self, action: str, person_id: str | None, what: str) -> None:
        """Write down what the asker does, before it is done. Raises ReadError where that cannot be written."""
        self.desk.note(action, person_id, what)

    def safely(self, build: Callable[[], Any]) -> Any:
        """What `build` gives, or in its place what a reader should know of why not."""
        try:
            return build()
        except Withheld as error:
            return notices.withheld(error.ended, self.words)
        except NotHere:
            return notices.missing(self.words.MISSING_PERSON, self.words)
        except ReadError:
            return notices.trouble(self.words)

    def entered(self, change: Callable[[], str]) -> html.P:
        """Try an entry; what it says of itself when it was taken, or the one line that says why it was not."""
        try:
            return html.P(change(), role="status", className="done")
        except Refused as error:
            return html.P(self._why(error), role="alert", className="refused")
        except NotHere as error:
            return html.P(notices.why_not(error, self.words), role="alert", className="refused")

    def told(self, change: Callable[[], list[Any]]) -> list[Any]:
        """As `entered`, for a place that is a status itself and for more to say than one line."""
        try:
            return change()
        except Refused as error:
            return [html.P(self._why(error), role="alert", className="refused")]
        except (NotHere, ReadError) as error:
            return [html.P(notices.why_not(error, self.words), role="alert", className="refused")]

    def _why(self, error: Refused) -> str:
        return str(self.words.entering.NOT_KEPT) if isinstance(error, NotKept) else str(error)
