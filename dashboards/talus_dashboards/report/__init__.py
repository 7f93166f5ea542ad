"""The visit report: one sheet of A4 in a fixed order and a second one that says why, as PDF, from local data alone.

Reads through the reader, draws by itself, and asks nobody for anything: whatever a document could fetch is refused.
"""

from datetime import date, datetime

from talus_dashboards.reader import ReportReader
from talus_dashboards.report.asked import Asked, ask
from talus_dashboards.report.facts import Facts, facts
from talus_dashboards.report.page import page
from talus_dashboards.report.pdf import fitted
from talus_dashboards.words import Words

PERIOD_DAYS = 28

__all__ = ["PERIOD_DAYS", "Asked", "Facts", "ask", "build", "facts", "page"]


def build(
    reader: ReportReader,
    person_id: str,
    *,
    now: datetime,
    words: Words,
    last_day: date | None = None,
    period_days: int = PERIOD_DAYS,
) -> bytes:
    """One person's report as PDF: the `period_days` whole days up to `last_day`, which is yesterday unless said.

    now: any moment with a zone. Raises ReadError (unknown person, the data cannot be read), ReportError (no Pango).
    """
    return fitted(facts(ask(reader, person_id, now, last_day, period_days)), words)
