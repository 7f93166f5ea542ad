"""The English catalog, which the tests of pages and figures read."""

from talus_dashboards.words import LANGUAGES

en = LANGUAGES["en"]
