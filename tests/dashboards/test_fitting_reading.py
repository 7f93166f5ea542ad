"""A reading for a fitting: whose samples it takes, from when on, and what it says where nothing can be read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dashboards import made_samples as made
from dashboards import made_tables
from dashboards.speaking import en
from dashboards.visiting import TOKEN, Visitor
from dashboards.working import DEVICE, NOW_MS, copied, lived

from talus_dashboards.app import create_app
from talus_dashboards.desk import Desk
from talus_dashboards.feed import LOST, SEEKING, Glimpse
from talus_dashboards.pages import fitting_reading
from talus_dashboards.pages.fitting_stretch import GIVE_UP_S, LONGEST_S, Stretch, Stretches
from talus_dashboards.words import LANGUAGES
from talus_host.fitting_read import JUDGES, SECONDS
from talus_host.fitting_steps import FIGURES
from talus_host.store import Store

MINE, THEIRS = f"{DEVICE:016x}", f"{0xB2:016x}"


def glimpse(end_ms: int, device: str = MINE, **changes: Any) -> Glimpse:
    """The ten seconds up to end_ms; the ankle's angle is their time in tenths of a second."""
    return made.glimpse(made.samples(end_ms - 10_000, end_ms), device=device, **changes)


def stretch(seconds: float = 5.0, ended: bool = False) -> Stretch:
    return Stretch("1", "standing", frozenset({MINE}), seconds, ended, begun_s=100.0)


# --- what came of it ----------------------------------------------------------------------------------------------


def test_a_reading_takes_what_comes_from_its_first_look_on_each_sample_once() -> None:
    one = stretch()
    said = [one.look(glimpse(20_000 + after), 100 + after / 1000) for after in (0, 500, 1500, 4990, 5000)]
    assert said == ["reading"] * 4 + ["full"]
    assert one.samples["since_boot_ms"].tolist() == list(range(20_000, 25_000, 10))
    assert one.read_s == 5.0


def test_a_lost_link_takes_what_came_and_the_reading_begins_anew() -> None:
    one = stretch()
    one.look(glimpse(20_000), 100)
    one.look(glimpse(23_000), 103)
    assert one.look(glimpse(23_000, link=LOST, why="lost"), 104) == "lost"
    assert one.samples.empty and one.waited_s == 1
    assert [one.look(glimpse(60_000), 140), one.look(glimpse(64_000), 144)] == ["reading"] * 2
    assert one.look(glimpse(65_000), 145) == "full"
    assert one.samples["since_boot_ms"].iloc[0] == 60_000


def test_a_reading_is_as_long_as_it_should_be_where_its_first_samples_are_lost() -> None:
    one = stretch()
    one.look(glimpse(20_000), 100)
    holed = made.samples(11_500, 21_500, without=((20_000, 21_200),))
    one.look(made.glimpse(holed, device=MINE), 101.5)
    assert one.look(glimpse(25_500), 105.5) == "reading", "it began at 21.2 s"
    assert one.look(glimpse(26_200), 106.2) == "full"
    assert one.samples["since_boot_ms"].tolist() == list(range(21_200, 26_200, 10))


def test_a_brace_that_starts_again_begins_the_reading_anew() -> None:
    one = stretch()
    one.look(glimpse(50_000), 100)
    one.look(glimpse(52_000), 102)
    assert one.look(glimpse(10_000), 105) == "reading" and one.read_s == 0
    assert one.look(glimpse(15_000), 110) == "full"
    assert one.samples["since_boot_ms"].max() == 14_990


@pytest.mark.parametrize("device", [THEIRS, ""])
def test_samples_of_another_brace_or_of_nobody_are_not_taken(device: str) -> None:
    one = stretch()
    assert one.look(glimpse(20_000, device), 100) == "other"
    assert one.look(glimpse(26_000, device), 106) == "other" and one.samples.empty


def test_silence_is_waited_for_but_not_for_ever() -> None:
    one = stretch()
    nothing = made.glimpse(made.samples(0, 0), link=SEEKING, device="")
    assert one.look(nothing, 100 + GIVE_UP_S) == "seeking"
    assert one.look(nothing, 101 + GIVE_UP_S) == "tired"
    walk = stretch(ended=True)
    assert walk.look(glimpse(20_000), 100) == "reading"
    said = [walk.look(glimpse(20_000 + 9000 * n), 100 + 9 * n) for n in range(1, 15)]
    assert said.index("full") == int(LONGEST_S // 9), "nobody ended it"


def test_a_reading_is_its_persons_alone_and_the_oldest_give_way() -> None:
    kept = Stretches()
    token = kept.begin(stretch())
    assert kept.of(token, "1") is not None and kept.of(token, "2") is None and kept.of({"x": 1}, "1") is None
    for _ in range(40):
        kept.begin(stretch())
    assert kept.of(token, "1") is None


def test_the_higher_of_two_pressures_stays() -> None:
    found, kept = fitting_reading.highest({"a": 20.0, "b": 31.0, "c": 5.0}, {"a": 25.0, "b": 30.0})
    assert (found, kept) == ({"b": 31.0, "c": 5.0}, ["a"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_that_is_read_has_its_words_and_figures(language: str) -> None:
    told = LANGUAGES[language].fitting.read
    assert set(told.HOW) == set(told.NOW) == set(SECONDS) == set(JUDGES)
    assert {one.step for one in FIGURES} <= set(SECONDS)


# --- at the door --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lived(tmp_path_factory.mktemp("lived") / "talus.db")


class Desktop:
    """An orthotist's browser without one: it asks the page's callback, and holds what it answered."""

    def __init__(self, store: Store) -> None:
        self.air = glimpse(20_000)
        desk = Desk(store, lambda: made_tables.NOW)
        app = create_app(store, TOKEN, now=lambda: made_tables.NOW, desk=desk, feed=self._look)
        self.visitor, self.token, self.looks = Visitor(app), None, 0
        self.cookie = self.visitor.cookie()
        callbacks = json.loads(self.visitor.ask("/_dash-dependencies", cookie=self.cookie).text)
        self.callback = next(one for one in callbacks if "fitting-reading.data" in one["output"])

    def _look(self) -> Glimpse:
        self.looks += 1
        return self.air

    def turn(self, cause: str, step: str = "standing", path: str = "/fitting/1", side: str = "left") -> dict[str, Any]:
        fields = [one.name for one in FIGURES if one.step == step]
        ids = [{"type": "fitting-figure", "name": name} for name in fields]
        given = {
            "fitting-read-press.n_clicks": 1, "fitting-read-tick.n_intervals": 1, "fitting-reading.data": self.token,
            "fitting-shown.data": {"step": step, "side": side, "began_ms": NOW_MS, "seen_ms": NOW_MS},
            "fitting-read-said.children": "", "url.pathname": path,
        }  # fmt: skip

        def asked(one: dict[str, str]) -> Any:
            if one["id"].startswith("{"):
                values = ids if one["property"] == "id" else [""] * len(ids)
                pairs = zip(ids, values, strict=True)
                return [{"id": name, "property": one["property"], "value": value} for name, value in pairs]
            return one | {"value": given[f"{one['id']}.{one['property']}"]}

        outputs: list[Any] = []
        for one in self.callback["output"].strip(".").split("..."):
            name, _, prop = one.rpartition(".")
            wild = name.startswith("{")
            outputs.append([{"id": i, "property": prop} for i in ids] if wild else {"id": name, "property": prop})
        body = {
            "output": self.callback["output"],
            "outputs": outputs,
            "inputs": [asked(one) for one in self.callback["inputs"]],
            "state": [asked(one) for one in self.callback["state"]],
            "changedPropIds": [cause],
        }
        answer = self.visitor.ask(
            "/_dash-update-component", method="POST", body=json.dumps(body).encode(), cookie=self.cookie,
            content_type="application/json",
        )  # fmt: skip
        assert answer.status == 200, answer.text
        found = json.loads(answer.text)["response"]
        if "data" in found.get("fitting-reading", {}):
            self.token = found["fitting-reading"]["data"]
        filled = {json.loads(name)["name"]: one["value"] for name, one in found.items() if name.startswith("{")}
        text = json.dumps(found.get("fitting-read-said", {}), ensure_ascii=False)
        return {"said": text, "filled": filled, "asks": found["fitting-read-tick"]["max_intervals"] != 0}

    def press(self, **more: str) -> dict[str, Any]:
        return self.turn("fitting-read-press.n_clicks", **more)

    def tick(self, **more: str) -> dict[str, Any]:
        return self.turn("fitting-read-tick.n_intervals", **more)


@pytest.fixture
def store(lived_once: Path, tmp_path: Path) -> Iterator[Store]:
    with copied(lived_once, tmp_path) as opened:
        opened.begin_fitting("1", "left", NOW_MS)
        yield opened


def still(end_ms: int, device: str = MINE, **columns: float) -> Glimpse:
    stand = {"gyro_sagittal_deg_s": 0.0, "acc_forward": 0.0, "acc_up": 1.0, "acc_lateral": 0.0, "ankle_angle_deg": 3.4}
    return made.glimpse(made.samples(end_ms - 10_000, end_ms, **stand | columns), device=device)


def test_the_legs_own_brace_fills_the_fields_and_nothing_is_entered(store: Store) -> None:
    desktop = Desktop(store)
    desktop.air = made.glimpse(made.samples(0, 0), link=SEEKING)
    seeking = desktop.press()
    assert "Looking for the brace" in seeking["said"] and seeking["asks"] and seeking["filled"] == {}
    desktop.air = still(20_000)
    assert "stand still" in desktop.tick()["said"]
    desktop.air = still(25_000)
    done = desktop.tick()
    assert done["filled"] == {"ankle_deg": 3.4, "shank_deg": 0.0} and not done["asks"]
    assert "Nothing has been entered yet." in done["said"]
    assert store.fitting("1")["steps"] == {}
    looked = desktop.looks
    desktop.tick()
    assert desktop.looks == looked, "whoever has read lets the brace go"


def test_a_walk_is_read_to_the_very_press_that_ends_it(store: Store) -> None:
    desktop = Desktop(store)
    desktop.air = still(20_000)
    assert "walk now" in desktop.press(step="strides")["said"]
    desktop.air = still(24_000)
    desktop.tick(step="strides")
    desktop.air = still(27_000)
    ended = desktop.press(step="strides")
    assert "No valid stride was seen (0 in all)" in ended["said"], "7 s were read, and 5 are enough to judge"
    assert ended["filled"] == {} and not ended["asks"]


@pytest.mark.parametrize(
    ("device", "said"), [(THEIRS, f"Another brace is on the air ({THEIRS})"), ("", "has not said")]
)
def test_another_braces_samples_are_refused_in_one_line(store: Store, device: str, said: str) -> None:
    store.add_person("P-9", made_tables.ZONE)
    store.assign(0xB2, store.person_id("P-9"), "left")
    desktop = Desktop(store)
    for end_ms in (20_000, 25_000, 30_000):
        desktop.air = still(end_ms, device)
        answer = desktop.press()
        assert said in answer["said"] and "P-9" not in answer["said"]
        assert answer["filled"] == {} and not answer["asks"] and desktop.token is None


def test_the_other_legs_brace_is_another_one(store: Store) -> None:
    store.assign(0xB2, "1", "right")
    desktop = Desktop(store)
    desktop.air = still(20_000)
    assert "Another brace" in desktop.press(side="right")["said"]
    unfiled = desktop.press(path="/fitting/2")
    assert "No brace is filed for the left leg yet" in unfiled["said"] and not unfiled["asks"]


def test_a_lost_link_says_why_and_goes_on_by_itself(store: Store) -> None:
    desktop = Desktop(store)
    desktop.air = glimpse(20_000, link=LOST, why="stranger")
    answer = desktop.press()
    assert "does not know this computer" in answer["said"] and "as soon as samples come" in answer["said"]
    assert answer["asks"]
    stopped = desktop.press()
    assert "Stopped. Nothing was read." in stopped["said"] and not stopped["asks"]


def test_a_reading_of_one_persons_page_answers_nobody_elses(store: Store) -> None:
    desktop = Desktop(store)
    desktop.air = still(20_000)
    desktop.press()
    desktop.air = still(25_000)
    assert desktop.tick(path="/fitting/2")["filled"] == {}
    assert desktop.tick(path="/fitting/99")["filled"] == {}


def test_pressures_follow_the_sites_the_brace_said_last(store: Store) -> None:
    """made_samples: 4 kPa at the first place, 9 at the second, 0 at the third, the fourth not measured."""
    desktop = Desktop(store)
    desktop.air = still(20_000)
    desktop.press(step="pressure")
    desktop.air = still(30_000)
    answer = desktop.tick(step="pressure")
    told = store.records("1", "settings").iloc[-1]
    sites = [told[f"site_{n}"] for n in range(1, 5)]
    assert sites[0] == "fibular_head" and answer["filled"] == {"fibular_head_mmhg": 30.0}
    assert (
        f"{en.SITE[sites[1]]}: 67.5 mmHg" in answer["said"] and f"{en.SITE[sites[3]]}: not measured" in answer["said"]
    )


def test_without_a_feed_the_page_has_no_such_callback() -> None:
    visitor = Visitor(create_app(made_tables.wearer(weeks=1), TOKEN, now=lambda: made_tables.NOW))
    assert "fitting-reading.data" not in visitor.ask("/_dash-dependencies", cookie=visitor.cookie()).text
