"""What the pages hand out as a file: the visit report. Asked for as a page is: only of whom the asker may see, and
written into the trail before it is made. Whoever may not have one gets what stands for one that does not exist.
"""

from typing import cast

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from talus_dashboards import report
from talus_dashboards.errors import NotHere, ReadError, ReportError, Withheld
from talus_dashboards.identity import PATIENT
from talus_dashboards.pages import notices
from talus_dashboards.reader import ReportReader
from talus_dashboards.site import Site

REPORTS = "/report/"


def register(server: FastAPI, site: Site) -> None:
    """Join the files to the server. A file is made in a thread of its own: nobody waits for another's."""

    @server.get(REPORTS + "{person_id}.pdf")
    def visit_report(person_id: str, days: str = str(report.PERIOD_DAYS)) -> Response:
        words = site.words
        if days not in words.PERIODS:
            return PlainTextResponse(words.files.NO_PERIOD.format(given=days, known=", ".join(words.PERIODS)), 400)
        try:
            return _pdf(site, person_id, int(days))
        except Withheld as error:
            return PlainTextResponse(notices.care_ended(error.ended, words), 403)
        except NotHere:
            return PlainTextResponse(words.MISSING_PERSON, 404)
        except ReportError as error:
            return PlainTextResponse(str(error), 503)
        except ReadError:
            return PlainTextResponse(f"{words.TROUBLE_TITLE}. {words.TROUBLE}", 503)


def _pdf(site: Site, person_id: str, days: int) -> Response:
    known = site.people()
    mine = known[known["person_id"].astype(str) == person_id]
    if mine.empty:
        raise NotHere
    site.care.check(person_id)
    if site.who.role != PATIENT:
        site.trail("report", person_id, f"{days} days")
    made = report.build(cast(ReportReader, site.reader), person_id, now=site.now(), words=site.words, period_days=days)
    # No label in the name: a file lies about where others may see it.
    headers = {"content-disposition": f'inline; filename="talus-{site.now():%Y-%m-%d}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)
