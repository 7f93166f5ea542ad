"""What a developer is told leads to nobody: no pseudonym, zone, note or told thing, at whatever address is forged."""

from collections.abc import Iterator

import pytest
from dashboards import states
from dashboards.forging import asked
from dashboards.opening import who
from dashboards.visiting import TOKEN, Visitor

from talus_dashboards.app import create_app
from talus_dashboards.desk import Desk
from talus_dashboards.identity import DEVELOPER, ORTHOTIST
from talus_dashboards.pages.every import PAGES
from talus_host.store import Store

LABEL, NOTE, ZONE = "Markhor-77", "walks her dog in the mornings", "Pacific/Chatham"
MARKS = (LABEL, NOTE, ZONE, "markhor", "chatham")
VALUES = (None, "1", "28", 1, True)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[states.State]:
    """Somebody with a name nobody else has, who told things and of whom things were noted."""
    made = states.worn(Store(tmp_path_factory.mktemp("marked") / "talus.db"), "left", boots=slice(1, None), label=LABEL,
                       zone=ZONE)  # fmt: skip
    now_ms = states.SYNCED_MS
    made.store.tell(made.person, "pain", 7, "", "self", now_ms, now_ms)
    made.store.add_note(made.person, states.NOW.date(), states.NOW.date(), None, NOTE, None, now_ms)
    yield made
    made.store.close()


def visitor(state: states.State, role: str) -> Visitor:
    given = {"now": lambda: states.NOW, "who": who(role, state, "en"), "desk": Desk(state.store, lambda: states.NOW)}
    return Visitor(create_app(state.store, TOKEN, **given))  # type: ignore[arg-type]


def addresses(state: states.State) -> list[str]:
    """Every page's own, and forged ones: ids of people where devices belong and the other way round."""
    subjects = ("", f"/{state.person}", f"/{state.device}", f"/{LABEL}", "/1%20OR%201=1", "/../person/1")
    return ["/", *(f"/{page.name}{subject}" for page in PAGES for subject in subjects)]


DEVICE = "..device-head.children...device-body.children.."  # the answer that fills a device's page


def marks(text: str) -> list[str]:
    return [mark for mark in MARKS if mark.lower() in text.lower()]


def test_no_address_tells_a_developer_of_anybody(state: states.State) -> None:
    asking = visitor(state, DEVELOPER)
    cookie = asking.cookie()
    for path in (*addresses(state), "/_dash-layout", "/_dash-dependencies"):
        assert marks(asking.ask(path, cookie=cookie).text) == [], path


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_no_callback_tells_a_developer_of_anybody(page: str, state: states.State) -> None:
    asking = visitor(state, DEVELOPER)
    for path in (f"/{page}/{state.person}", f"/{page}/{state.device}"):
        for output, answer in asked(asking, asking.cookie(), path, VALUES):
            assert marks(answer.text) == [], f"{output} at {path}"


def test_the_marks_are_there_for_who_may_see_them(state: states.State) -> None:
    """Else the tests above would prove nothing."""
    asking = visitor(state, ORTHOTIST)
    cookie, seen = asking.cookie(), ""
    for page in ("person", "notes"):
        for _, answer in asked(asking, cookie, f"/{page}/{state.person}"):
            seen += answer.text
    assert LABEL in seen and NOTE in seen


def test_a_developer_is_told_of_the_device(state: states.State) -> None:
    asking = visitor(state, DEVELOPER)
    told = dict(asked(asking, asking.cookie(), f"/device/{state.device}"))
    assert state.device in told[DEVICE].text and "0.1.0" in told[DEVICE].text
    listed = dict(asked(asking, asking.cookie(), "/devices"))
    assert state.device in listed["devices-body.children"].text


def test_devices_are_for_developers(state: states.State) -> None:
    asking = visitor(state, ORTHOTIST)
    for path in ("/devices", f"/device/{state.device}"):
        assert asking.ask(path, cookie=asking.cookie()).status == 404
        told = dict(asked(asking, asking.cookie(), path))
        for output in ("devices-body.children", DEVICE):
            assert state.device not in told[output].text


def test_no_table_of_a_device_has_a_person_in_it(state: states.State) -> None:
    """Beneath the pages, too: names, zones and ids of people are in none of the tables they are made of."""
    store, device = state.store, state.device
    tables = [store.devices()]
    for name in ("health", "starts", "settings", "syncs", "missing", "drifts", "clock", "hours"):
        tables.append(getattr(store, f"device_{name}")(device))
    for table in tables:
        assert not {"person", "person_id", "label", "zone", "day"} & set(table.columns)
        assert marks(table.to_json(date_format="iso")) == []
        for column in table.select_dtypes("datetimetz"):
            assert str(table[column].dt.tz) == "UTC"
