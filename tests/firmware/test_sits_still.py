"""Who puts the brace on and sits down is worn within minutes, however long the brace lay empty, and the walk that
follows is counted from its first steps; so is that of who walks off at once with a loose strap."""

from firmware.test_app import read
from firmware.test_day import SHIFTS_S, Life, number

from talus.wire import kinds
from talus_twin.board import wearing
from talus_twin.body.activities import Activity

EMPTY_S, SITTING_S, WALK_S = 30 * 60, 25 * 60, 75


def test_sitting_down_after_donning_is_worn_and_no_fault() -> None:
    life = Life()
    life.still(EMPTY_S)
    put_on_s = life.now_us / 1e6 + 18
    life.acts(Activity("don", 20), Activity("sit", 5))
    life.still(SITTING_S, SHIFTS_S)
    life.walk(WALK_S)
    wearing.step_until(life.board, life.app, life.now_us)
    life.app.stop()
    kept = list(read(wearing.stream_of(life.app.journal)))

    worn = [one for one in kept if one.kind == "wear" and one.values["worn"] == kinds.WORN.index("worn")]
    assert len(worn) == 1
    assert worn[0].at_ms / 1000 - put_on_s < 6 * 60, "told while it still matters"
    assert abs(worn[0].at_ms / 1000 - number(worn[0], "edge_back") - put_on_s) <= 90
    assert not [one for one in kept if one.kind == "health" and one.at_ms / 1000 > put_on_s]
    begun_ms, scene = life.day.walks[0]
    strides = [one for one in kept if one.kind == "stride" and not number(one, "flags") & kinds.STRIDE_INVALID]
    inside = [one for one in strides if one.at_ms >= begun_ms]
    assert abs(len(inside) - len(scene.truth.strides["start_s"])) <= 2


def test_who_walks_off_at_once_with_a_loose_strap_is_counted() -> None:
    """In stance two sites press, in swing one or none, and wear has not spoken yet."""
    life = Life()
    strapped = life._live

    def loosely(columns: dict[str, list[int]], rate_hz: int) -> None:
        loose = {f"pressure_{i}": [max(value - 250, 0) for value in columns[f"pressure_{i}"]] for i in range(1, 5)}
        strapped(columns | loose, rate_hz)

    life._live = loosely  # type: ignore[method-assign]
    life.still(EMPTY_S)
    life.acts(Activity("don", 20))
    begun_ms = life.now_us / 1000
    scene = life.acts(Activity("stand", 2), Activity("walk", WALK_S), Activity("sit", 5))
    wearing.step_until(life.board, life.app, life.now_us)
    life.app.stop()
    kept = list(read(wearing.stream_of(life.app.journal)))
    strides = [one for one in kept if one.kind == "stride" and not number(one, "flags") & kinds.STRIDE_INVALID]
    inside = [one for one in strides if one.at_ms >= begun_ms]
    assert abs(len(inside) - len(scene.truth.strides["start_s"])) <= 2
    assert [one for one in kept if one.kind == "power" and one.at_ms >= begun_ms] == [], "active from don to the seat"
