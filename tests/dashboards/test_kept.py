"""Scripts: compressed once, the same to everybody, and each page is sent those it needs."""

import gzip
import re
from typing import Any

from dashboards.visiting import Visitor

from talus_dashboards.asked import Receive, Scope, Send, answer
from talus_dashboards.kept import Kept

GRID = "dash_ag_grid"


class Counting:
    """Answers with the number of times it was asked."""

    def __init__(self, status: int = 200) -> None:
        self.times, self.status = 0, status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.times += 1
        await answer(send, self.status, f"answer {self.times}")


def asked(app: Any, path: str, **headers: str) -> str:
    return Visitor(app).ask(path, **headers).text


def test_the_first_answer_is_kept_for_who_takes_it_compressed() -> None:
    app = Kept(Counting())
    told = [asked(app, "/scripts/1/a.js", accept_encoding="gzip, br") for _ in range(3)]
    assert told == ["answer 1"] * 3
    assert asked(app, "/scripts/1/b.js", accept_encoding="gzip") == "answer 2"
    assert asked(app, "/scripts/1/a.js") == "answer 3"  # who takes nothing compressed
    assert asked(app, "/scripts/1/a.js", accept_encoding="gzip", range="bytes=0-3") == "answer 4"
    assert asked(app, "/scripts/1/a.js", accept_encoding="gzip", if_none_match='"x"') == "answer 5"


def test_nothing_of_a_person_and_no_refusal_is_kept() -> None:
    app = Kept(Counting())
    assert [asked(app, "/_dash-layout", accept_encoding="gzip") for _ in range(2)] == ["answer 1", "answer 2"]
    assert [asked(app, "/today/p1", accept_encoding="gzip") for _ in range(2)] == ["answer 3", "answer 4"]
    gone = Kept(Counting(404))
    assert [asked(gone, "/scripts/no.js", accept_encoding="gzip") for _ in range(2)] == ["answer 1", "answer 2"]


def test_every_script_of_a_page_comes_whole_both_times(visitor: Visitor) -> None:
    page = visitor.ask("/today/p1", cookie=visitor.cookie()).text
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', page)
    assert len(scripts) > 8
    for script in scripts:
        plain = visitor.ask(script, cookie=visitor.cookie()).body
        for _ in range(2):
            packed = visitor.ask(script, cookie=visitor.cookie(), accept_encoding="gzip")
            encoded = packed.headers.get("content-encoding") == "gzip"
            assert (gzip.decompress(packed.body) if encoded else packed.body) == plain != b""


def test_the_grid_is_loaded_where_there_is_one_and_nowhere_else(visitor: Visitor) -> None:
    assert f"/{GRID}/" in visitor.ask("/caseload", cookie=visitor.cookie()).text
    for other in ("/person/p1", "/diary/p1", "/nowhere"):
        assert f"/{GRID}/" not in visitor.ask(other, cookie=visitor.cookie()).text
