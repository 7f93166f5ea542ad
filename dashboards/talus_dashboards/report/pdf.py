"""From HTML to PDF by WeasyPrint, tagged for screen readers. It gets no network, no file and no font but the machine's.

Imported here alone and late: it needs Pango of the system, and a machine without it still shows every page.
"""

from importlib import metadata
from typing import Any

from talus_dashboards.errors import ReportError
from talus_dashboards.report.facts import Facts
from talus_dashboards.report.page import OF_TWO_LEGS, SIZES, page
from talus_dashboards.words import Words

PAGES_MOST = 2
VARIANT = "pdf/ua-1"  # what WeasyPrint makes of it; no checker has said that it conforms
PANGO = (
    "the report needs Pango, which this system lacks; Debian and Ubuntu: "
    "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; macOS: brew install pango"
)


def fitted(facts: Facts, words: Words) -> bytes:
    """The largest type with which two pages hold it all. Raises ReportError where Pango is missing."""
    document = laid_out(facts, words)
    found: bytes = document.write_pdf(pdf_variant=VARIANT)
    return found


def laid_out(facts: Facts, words: Words) -> Any:
    """WeasyPrint's document: its `pages` can be counted and looked into."""
    for size in SIZES if len(facts.legs) < 2 else OF_TWO_LEGS:
        document = rendered(page(facts, words, size=size, version=version()))
        if len(document.pages) <= PAGES_MOST:
            break
    return document


def rendered(html: str) -> Any:
    """Lay out one document."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:  # cffi says so of a library it cannot open
        raise ReportError(PANGO) from error

    class Refusing(URLFetcher):
        """Nothing is fetched for a report, from nowhere: not from a network, not from the disk."""

        def fetch(self, url: str, headers: object = None) -> Any:
            raise ValueError("a report fetches nothing")

    return HTML(string=html, url_fetcher=Refusing()).render(pdf_variant=VARIANT)


def version() -> str:
    try:
        return metadata.version("talus")
    except metadata.PackageNotFoundError:
        return "?"
