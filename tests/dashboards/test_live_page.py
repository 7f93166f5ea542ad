"""What the live page says of its link: samples that come, and every way they can fail to, each with since when."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from dashboards import made_samples as made
from dashboards import made_tables
from dashboards.speaking import en
from dashboards.visiting import TOKEN, Visitor

from talus_dashboards.app import create_app
from talus_dashboards.feed import LOST, OPEN, SEEKING, WHY, Glimpse
from talus_dashboards.identity import DEVELOPER, Who
from talus_dashboards.pages import live
from talus_dashboards.reader import Nobody
from talus_host import errors
from talus_host.verbs.live_feed import LOOKED_S, Feed
from talus_host.verbs.live_feed import WHY as HOST_WHY
from talus_host.watching import COLUMNS, Samples, Watching

TABLE = made.samples(20_000, 30_000)
AT = made.LAST.astimezone().strftime("%H:%M:%S")
EMPTY = made.samples(0, 0)
# link, silent_s, samples -> what must be read
STATES = (
    (OPEN, 0.2, TABLE, "Samples come in."),
    (OPEN, 1.5, TABLE, f"No samples come, though the brace is still connected. The last one came at {AT}."),
    (OPEN, made.NAN, EMPTY, "Its first samples have not come yet. None has come since Talus was started."),
    (
        SEEKING,
        made.NAN,
        EMPTY,
        "if it rests, press its button. No samples come yet. None has come since Talus was started.",
    ),
    (SEEKING, 90.0, TABLE, f"press its button. No samples come yet. The last one came at {AT}."),
    (LOST, 0.2, TABLE, f"broke or went silent; it is looked for. The last one came at {AT}."),
    (
        LOST,
        4000.0,
        TABLE,
        "No samples come. The link to the brace broke or went silent; it is looked for. The last one",
    ),
)


def places(glimpse: Glimpse, shown: str = "") -> dict[tuple[str, str], object]:
    return dict(zip(live.PLACES, live.filled(glimpse, shown, en), strict=True))


@pytest.mark.parametrize(("link", "silent_s", "table", "said"), STATES)
def test_how_the_link_fares_is_said_and_since_when(link: str, silent_s: float, table, said: str) -> None:
    at = places(made.glimpse(table, link=link, why="lost", silent_s=silent_s))
    assert said in str(at["live-state", "children"])
    coming = said == "Samples come in."
    assert (at["live-state", "className"] == "notice") is coming
    assert (at["live-newest", "children"] == "The newest second") is coming
    assert at["live-box", "hidden"] is not (silent_s < 10), "what is older than the axis is not shown at all"


def test_what_is_said_is_left_alone_until_it_changes() -> None:
    """Else a screen reader would be told the same three times a second."""
    glimpse = made.glimpse(TABLE)
    said = places(glimpse)["live-state", "children"]
    later = places(made.glimpse(made.samples(21_000, 31_000)), str(said))
    assert type(later["live-state", "children"]).__name__ == "NoUpdate"
    assert later["live-table", "data"] != places(glimpse)["live-table", "data"]


def test_what_came_and_what_was_dropped_is_counted() -> None:
    at = places(made.glimpse(TABLE, taken=12345, dropped=67))
    assert at["live-count", "children"] == "12,345 samples came, 67 dropped on the way."


def test_every_reason_has_its_sentence() -> None:
    assert set(en.live.WHY) == set(WHY) == {why for _, why in HOST_WHY}


# --- the feed the host hands in ----------------------------------------------------------------------------------


def piece(first_ms: int, count: int = 10) -> Samples:
    at_ms = first_ms + 10 * np.arange(count, dtype=np.int64)
    return Samples(at_ms, np.full((count, len(COLUMNS)), 0.5))


def test_a_feed_tells_what_it_took_and_since_when() -> None:
    feed, watching = Feed(made.SITES), Watching()
    first = feed()
    assert (first.link, first.taken, first.last_utc) == (SEEKING, 0, None) and np.isnan(first.silent_s)
    feed.opened()
    watching.taken, watching.dropped = 10, 3
    feed.take(piece(1000), watching)
    look = feed()
    assert (look.link, look.taken, look.dropped, look.sites, look.step_ms) == (OPEN, 10, 3, made.SITES, 10)
    assert look.samples["since_boot_ms"].tolist() == list(range(1000, 1100, 10))
    assert look.last_utc is not None and abs(datetime.now(UTC) - look.last_utc) < timedelta(seconds=5)
    assert 0 <= look.silent_s < 5


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (errors.LinkLostError("x"), "lost"),
        (errors.NoBraceError("x"), "away"),
        (errors.NoAdapterError("x"), "adapter"),
        (errors.NotPairedError("x"), "stranger"),
        (errors.RefusedError("x"), "refused"),
        (errors.NotUnderstoodError("x"), "unread"),
        (errors.PortForbiddenError("x"), "away"),
    ],
)
def test_a_lost_link_says_why(error: Exception, why: str) -> None:
    feed = Feed()
    feed.lost(error)
    assert (feed().link, feed().why) == (LOST, why)
    assert en.live.WHY[why] in live.told(feed(), en)


def test_a_brace_that_starts_again_begins_anew() -> None:
    """Its clock does: samples of two starts on one axis would lie over each other."""
    feed, watching = Feed(), Watching()
    for first_ms in (50_000, 50_100, 200):
        feed.take(piece(first_ms), watching)
    assert feed().samples["since_boot_ms"].tolist() == list(range(200, 300, 10))


def test_samples_say_whose_they_are_and_two_braces_never_stand_on_one_axis() -> None:
    feed = Feed()
    for device, first_ms in (("a1", 1000), ("a1", 1100), ("b2", 1200)):
        watching = Watching()
        watching.device = device
        feed.take(piece(first_ms), watching)
        assert feed().device == device
    assert feed().samples["since_boot_ms"].tolist() == list(range(1200, 1300, 10))


def test_a_feed_knows_whether_somebody_looks() -> None:
    now = [100.0]
    feed = Feed(clock=lambda: now[0])
    assert not feed.looked_at
    feed()
    now[0] += LOOKED_S - 0.1
    assert feed.looked_at
    now[0] += 0.2
    assert not feed.looked_at


# --- who gets it -------------------------------------------------------------------------------------------------


def test_the_page_is_closed_and_its_frame_holds_no_sample() -> None:
    visitor = Visitor(create_app(Nobody(), TOKEN, feed=lambda: made.glimpse(TABLE)))
    assert visitor.ask("/live").status == 401
    assert visitor.ask("/live", host="evil.example", cookie=visitor.cookie()).status == 403
    for path in ("/live", "/_dash-layout", "/_dash-dependencies"):
        text = visitor.ask(path, cookie=visitor.cookie()).text
        assert "299.9" not in text and '"data":' not in text, path
    assert "<title>Live · Talus</title>" in visitor.ask("/live", cookie=visitor.cookie()).text


def turned(visitor: Visitor, path: str) -> str:
    body = (
        '{"output":"..main.children...nav.children..","outputs":[{"id":"main","property":"children"},'
        '{"id":"nav","property":"children"}],"inputs":[{"id":"url","property":"pathname","value":"%s"}],'
        '"changedPropIds":["url.pathname"],"state":[]}' % path
    ).encode()
    answer = visitor.ask(
        "/_dash-update-component", method="POST", body=body, cookie=visitor.cookie(), content_type="application/json"
    )
    assert answer.status == 200
    return answer.text.replace("\\u002f", "/")


def test_pages_without_a_feed_say_how_to_get_one() -> None:
    visitor = Visitor(create_app(made_tables.wearer(weeks=1), TOKEN, now=lambda: made_tables.NOW))
    assert "start: talus live --page" in turned(visitor, "/live") and "live-tick" not in turned(visitor, "/live")
    assert '"/live"' not in turned(visitor, "/today/p1")


HOLDER = Who(DEVELOPER, home="live")  # of a brace's link, who sees nobody


def test_pages_with_a_feed_link_to_it_and_without_a_database_it_is_home() -> None:
    alone = Visitor(create_app(Nobody(), TOKEN, who=HOLDER, feed=lambda: made.glimpse(TABLE)))
    assert "live-tick" in turned(alone, "/") and "There is no such page" in turned(alone, "/today/p1")
    demo = Visitor(create_app(made_tables.wearer(weeks=1), TOKEN, feed=lambda: made.glimpse(TABLE)))
    assert "live-tick" in turned(demo, "/live") and '"/live"' in turned(demo, "/today/p1")
