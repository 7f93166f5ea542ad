"""The report on paper: two pages at most in both languages, nothing fetched, nothing unknown shown as zero."""

import builtins
import contextlib
import logging
import re
import socket
import threading
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest
from dashboards.made_tables import EVENT_COLUMNS, PRESSURE_DAY_COLUMNS
from dashboards.report_tables import (
    ADHERENCE,
    FIRST,
    LAST,
    NAN,
    NOW,
    VERDICT,
    Told,
    at,
    changed,
    compared,
    day,
    frame,
    person,
)

from talus_dashboards import report
from talus_dashboards.errors import ReportError
from talus_dashboards.figures.measures import MEASURES
from talus_dashboards.report import drawn, pdf
from talus_dashboards.report.asked import MECHANICS
from talus_dashboards.report.said import Markup, Said
from talus_dashboards.words import LANGUAGES

DAYS = (LAST - FIRST).days + 1
NOTE = "note " * 60
BOTH = ("left", "right")


def crowded(sides: tuple[str, ...] = BOTH) -> Told:
    """As much of everything as a period can hold."""
    days, pressed, events, bouts, hours = [], [], [], [], []
    for side in sides:
        for number in range(DAYS):
            status = "missing" if number in (4, 5) else "valid"
            days.append(day(number, status) | {"side": side})
            when = FIRST + timedelta(days=number)
            for channel, site in ((1, "fibular_head"), (2, "lateral_malleolus"), (3, "dorsal_strap"), (4, "heel")):
                pressed.append([side, when, channel, site, 12.0, 3.0, 3.0, 400.0])
            bouts.append([side, at(f"{when}T08:00"), at(f"{when}T16:00"), "worn"])
            bouts.append([side, at(f"{when}T16:00"), at(f"{when + timedelta(days=1)}T08:00"), "not_worn"])
            hours += [[side, when, hour, 60.0, 0.0, 0.0, 10.0] for hour in range(8, 16)]
            start = at(f"{when}T{number + 8:02d}:30")
            events.append([side, start, start + pd.Timedelta("20min"), 1, "fibular_head", "red", 9.0, 8.0, 1.0, 20.0])
    names = [*(one.column for one in MEASURES), *MECHANICS]
    looks = [VERDICT | {"side": side, "measure": name} for side in sides for name in ("heel_first_pct", "cadence_spm")]
    changes = [[side, pd.Timestamp("2026-10-22"), what, True] for side in sides for what in ("strap", "wedge", "shoe")]
    adjusted = [
        [side, pd.Timestamp("2026-10-22"), "strap", name, 60.0, 20, 66.0, 9, 6.0, 2.0, ""]
        for side in sides for name in ("heel_first_pct", "cadence_spm", "walking_min", "stance_pct")
    ]  # fmt: skip
    flags = [[side, "fibular_head", "raised", pd.Timestamp("2026-10-30"), "one"] for side in sides]
    told = [
        [at(f"2026-10-{n:02d}T18:00"), what, side, 4.0, "helper"]
        for n in range(21, 31) for side in sides
        for what in ("pain", "numbness", "skin", "fall", "feeling", "new_shoes")
    ]  # fmt: skip
    faults = [
        [side, "pressure", 2.0, "failed", "open", at(f"2026-10-{n}T08:00"), at(f"2026-10-{n}T18:00")]
        for side in sides for n in range(20, 30)
    ]  # fmt: skip
    start = pd.Timestamp("2026-10-20")
    columns = "side device program calibration settings from_day lost unplaced"
    standing = [[side, f"{side}-1", f"0.{n}.0", n, n, start, 40, 3] for side in sides for n in range(5)]
    return person(
        braces=frame("device side last_sync_utc battery_pct fault_part", *([s * 4, s, NOW, 80.0, ""] for s in sides)),
        days=pd.DataFrame(days), pressure_days=pd.DataFrame(pressed, columns=PRESSURE_DAY_COLUMNS),
        pressure_events=pd.DataFrame(events, columns=EVENT_COLUMNS),
        wear_bouts=frame("side start_utc end_utc state", *bouts),
        hours=frame("side day hour worn_min not_worn_min unknown_min steps", *hours),
        compared=frame(
            "side measure before before_days now now_days difference needed",
            *(compared(name, 60.0, 61.5, side=side) for side in sides for name in names),
        ),
        assist_ratios=frame("side day assist_ratio assist_ratio_low assist_ratio_high",
                            *([side, FIRST, 0.9, 0.6, 1.2] for side in sides)),
        changed=changed(
            verdicts=pd.DataFrame(looks), adherence=pd.DataFrame([ADHERENCE | {"side": side} for side in sides]),
            changes=frame("side day what breaks", *changes), flags=frame("side flag state since reason", *flags),
            adjustments=frame("side day what measure before before_days after after_days difference se why", *adjusted),
        ),
        prescriptions=frame(
            "side from_day kind hours hours_max hours_more",
            *([side, pd.Timestamp("2026-10-01"), "hours", 8.0, NAN, NAN] for side in sides),
            *([side, pd.Timestamp("2026-10-25"), "break_in", 2.0, 9.0, 0.5] for side in sides),
        ),
        told=frame("at_utc what side value told_by", *told), faults=frame(
            "side sensor channel state reason start_utc end_utc", *faults
        ),
        notes=frame("first_day last_day measure text", *([start, start, None, NOTE] for _ in range(6))),
        standing=frame(columns, *standing),
        thresholds=frame("name value own", ["no_data_days", 3.0, False], ["adherence_pct", 60.0, True]),
        walked=frame(
            "at_utc distance_m seconds brace_on", *([at(f"2026-10-{n}T10:00"), 10.0, 12.5, 1] for n in (21, 22))
        ),
    )  # fmt: skip


def facts(reader: Told) -> report.Facts:
    return report.facts(report.ask(reader, "p1", NOW, None, DAYS))


class Texts(HTMLParser):
    """The words of a document without its style, a line an element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._skipped = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._skipped = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._skipped and data.strip():
            self.lines.append(data.strip().replace("\u00a0", " "))


def text(reader: Told, language: str = "en") -> str:
    return "\n".join(Texts(report.page(facts(reader), LANGUAGES[language])).lines)


# -- paper ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("sides", [("left",), BOTH])
def test_the_fullest_report_fits_two_pages_and_nothing_leaves_them(
    sides: tuple[str, ...], language: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        document = pdf.laid_out(facts(crowded(sides)), LANGUAGES[language])
    assert len(document.pages) == 2
    assert [record.getMessage() for record in caplog.records] == []
    for sheet in document.pages:
        box = sheet._page_box
        right, bottom = (box.content_box_x() + box.width, box.content_box_y() + box.height)
        out = [one for one in box.descendants() if one.element_tag in ("td", "th", "p", "li", "svg", "table")]
        assert out and [o.element_tag for o in out if o.position_x + o.margin_width() > right + 1] == []
        assert [o.element_tag for o in out if o.position_y + o.margin_height() > bottom + 1] == []


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("language", ["en", "de"])
def test_nobody_s_report_is_one_page_that_says_so(language: str) -> None:
    nobody = person(braces=crowded().tables["braces"].iloc[:0])
    document = pdf.laid_out(facts(nobody), LANGUAGES[language])
    assert len(document.pages) == 1
    assert LANGUAGES[language].report.EMPTY in text(nobody, language)


@pytest.mark.usefixtures("pango")
def test_it_is_a_tagged_pdf_with_its_language_and_title() -> None:
    made = report.build(person(), "p1", now=NOW, words=LANGUAGES["de"], period_days=DAYS)
    assert made.startswith(b"%PDF-1.7")
    plain = pdf.laid_out(facts(crowded(("left",))), LANGUAGES["de"])
    plain = plain.write_pdf(pdf_variant=pdf.VARIANT, uncompressed_pdf=True)
    assert b"/Lang (de)" in plain and b"/MarkInfo" in plain and b"pdfuaid" in plain
    assert b"Bericht zum Termin: P1" in plain


@pytest.mark.usefixtures("pango")
def test_nothing_is_fetched_from_anywhere(tmp_path: Any) -> None:
    """A server of this machine hears nothing, and a file beside the document is not read."""
    heard: list[Any] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)

    def listen() -> None:
        with contextlib.suppress(OSError):
            heard.append(server.accept()[1])

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
    secret = tmp_path / "secret.css"
    secret.write_text("@page { size: 10mm 10mm }")
    html = (
        f'<html lang="en"><head><title>x</title><link rel="stylesheet" href="{secret.as_uri()}">'
        f'<style>@import url("{address}"); p {{ background: url("{address}") }}</style></head>'
        f'<body><p>text<img src="{address}" alt="x"></p></body></html>'
    )
    document = pdf.rendered(html)
    document.write_pdf()
    server.close()
    thread.join(timeout=10)
    assert heard == [] and document.pages[0].width > 700


def test_what_a_report_hands_to_weasyprint_names_no_address() -> None:
    html = report.page(facts(crowded()), LANGUAGES["en"]).replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?:|url\(|src=|href=", html) == []


def test_without_pango_it_says_which_packages_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def lacking(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(ReportError, match=r"libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0") as error:
        pdf.rendered("<p>")
    assert "\n" not in str(error.value)


# -- words ------------------------------------------------------------------------------------------------------------


def test_figures_stand_on_the_page_as_ranges_with_what_is_behind_them() -> None:
    words = text(crowded(("left",)))
    for said in ("6.1 to 7.2 h", "76 to 88 %", "54 to 64 %", "11 of 13", "8.0 h a day (from Thu 1 Oct 2026)"):
        assert said in words
    assert "baseline 61.0 (25 days), last look 74.0 (26 days), difference +13.0; a claim needs 5.9." in words
    assert "90 % of the foot's and shoe's weight (60 to 120 %, by the zero's uncertainty)" in words
    assert "no data for 3 days; adherence under 60 % (set for this person)." in words
    assert "10 m in 12.5 s, 0.80 m/s, brace on" in words


def test_what_was_told_is_said_in_the_words_it_was_given_in() -> None:
    rows = [
        [at("2026-10-22T18:00"), "skin", "left", 3.0, "helper"],
        [at("2026-10-23T18:00"), "pain", "left", 2.0, "self"],
        [at("2026-10-25T18:00"), "pain", "", 7.0, "self"],
        [at("2026-10-24T18:00"), "day_off", "", 1.0, "self"],
    ]
    words = text(person(days=pd.DataFrame([day(0), day(1)]), told=frame("at_utc what side value told_by", *rows)))
    lines = words.split("\n")
    for said in (
        "Skin: 1 entry, last 22 Oct: The mark is still there (1 by a helper)",
        "Pain: 2 entries, last 25 Oct; 2 to 7: 7 of 10",
        "Day off: 1 entry, last 24 Oct",
        "22 Oct: Skin, left: The mark is still there (told by a helper)",
        "25 Oct: Pain: 7 of 10",
    ):
        assert said in lines


def test_german_says_numbers_and_days_its_own_way() -> None:
    words = text(crowded(("left",)), "de")
    for said in ("6,1 bis 7,2 h", "76 bis 88 %", "11 von 13", "Ausgangslage 61,0 (25 Tage)", "Fibulaköpfchen"):
        assert said in words
    assert "Verdict" not in words and "brace" not in words


def test_only_the_rule_s_own_verdict_is_one() -> None:
    """A figure that differs a hundred times over is not judged; of one that is, the word is the rule's."""
    table = frame(
        "side measure before before_days now now_days difference needed",
        compared("heel_first_pct", 60.0, 60.0), compared("stance_pct", 10.0, 90.0, 0.1),
    )  # fmt: skip
    for verdict, word in (
        ("worse", "worse, since 1 Oct"),
        ("no_clear_change", "no clear change"),
        ("too_early", "too"),
    ):
        one = changed(verdicts=pd.DataFrame([VERDICT | {"verdict": verdict}]))
        words = text(person(days=pd.DataFrame([day(0), day(1)]), compared=table, changed=one))
        assert word in words and "better" not in words and words.count("not judged") == 1
        assert not re.search("[\u2190-\u21ff\u2b00-\u2bff\u25b2-\u25bf]", words)  # no arrow


@pytest.mark.parametrize("language", ["en", "de"])
def test_too_few_days_are_not_assessable_and_have_no_number(language: str) -> None:
    few = ADHERENCE | {"assessable": False, "share_known": 0.6, "days_valid": 8}
    few |= dict.fromkeys(("worn_h_low", "worn_h_high", "met_pct_low", "met_pct_high"), NAN)
    one = changed(adherence=pd.DataFrame([few]))
    words = text(person(days=pd.DataFrame([day(0), day(1)]), changed=one), language)
    t = LANGUAGES[language].report
    assert words.count(t.NOT_ASSESSABLE + "\n") == 3
    assert t.NOT_ASSESSABLE_WHY.format(valid=8, days=13) in words and not re.search(r"\bnan\b", words)


def test_unknown_is_no_zero_and_no_all_clear() -> None:
    """A day of which 9 h are a sensor's fault is not known; a site without a measured minute says so."""
    rows = [day(0), day(1, "missing", worn_h=0.0, unknown_h=9.0, walking_min=0.0)]
    pressed = pd.DataFrame([["left", FIRST, 1, "heel", NAN, NAN, NAN, 0.0]], columns=PRESSURE_DAY_COLUMNS)
    words = text(person(days=pd.DataFrame(rows), pressure_days=pressed))
    assert "No long pressure" not in words
    site = words[words.index("Heel") :].split("\n")
    assert site[1:4] == ["\u2013", "\u2013", "not measured"]
    strips = words[words.index("Wed 21 Oct") :].split("\n")
    assert strips[1] == "not known"


def test_a_day_known_not_worn_is_a_zero() -> None:
    words = text(person(days=pd.DataFrame([day(0), day(1, worn_h=0.0), day(2)])))
    assert words[words.index("Wed 21 Oct") :].split("\n")[1] == "0 h"


def test_no_event_is_said_with_what_was_measured() -> None:
    pressed = pd.DataFrame([["left", FIRST, 1, "heel", 0.0, 0.0, 3.0, 60.0]], columns=PRESSURE_DAY_COLUMNS)
    words = text(person(days=pd.DataFrame([day(0), day(1)]), pressure_days=pressed))
    assert "No long pressure at the 1 measured place; others are not measured." in words


def test_what_people_wrote_is_text_and_nothing_else() -> None:
    nasty = "<svg onload=alert(1)></svg><script>x</script> & \u201equoted\u201c"
    start = pd.Timestamp("2026-10-21")
    reader = person(notes=frame("first_day last_day measure text", [start, start, None, nasty]))
    reader.people_table = frame("person_id label zone goal_h", ["p1", '"><b>P1', "Europe/Berlin", NAN])
    html = report.page(facts(reader), LANGUAGES["en"])
    assert "<script" not in html and "<svg onload" not in html and "<b>P1" not in html
    assert nasty in text(reader)


def test_only_what_is_made_here_is_drawn_in_a_table() -> None:
    made = Said(LANGUAGES["en"], 5).table(["<i>"], [["<b>", Markup("<svg></svg>")]])
    assert "&lt;i&gt;" in made and "&lt;b&gt;" in made and "<svg></svg>" in made


def test_every_state_looks_different_in_grey() -> None:
    """Two states differ in pattern or in lightness by a fifth, never in hue alone."""

    def light(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    looks = [(state, light(look[0]), look[2]) for state, look in drawn.LOOKS.items() if state != "worn"]
    alike = [
        (one, two)
        for at, (one, pale, lines) in enumerate(looks)
        for two, other, rows in looks[at + 1 :]
        if lines == rows and abs(pale - other) < 0.2
    ]
    assert alike == []


def test_hatches_stay_within_their_box() -> None:
    lines = [line for look in drawn.LOOKS.values() for line in drawn._lines(7.0, 3.0, *look[2])]
    assert len(lines) > 20
    assert all(-1e-9 <= x <= 7 + 1e-9 and -1e-9 <= y <= 3 + 1e-9 for a, b, c, d in lines for x, y in ((a, b), (c, d)))
