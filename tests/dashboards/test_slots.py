"""A refresh touches only what changed."""

from dash import html, no_update

from talus_dashboards.pages.slots import changed, slot


def page(steps: int, title: str = "Today") -> list[html.Section]:
    return [html.Section([html.H2(title), slot("steps", html.P(str(steps))), slot("battery", "72 %")])]


def test_nothing_new_touches_nothing() -> None:
    _, seen, _ = changed(page(5), [], {})
    assert changed(page(5), ["steps", "battery"], seen) == (no_update, seen, [no_update, no_update])


def test_one_slot_is_filled_and_the_rest_left_alone() -> None:
    _, seen, _ = changed(page(5), [], {})
    body, digests, (steps, battery) = changed(page(6), ["steps", "battery"], seen)
    assert body is no_update and battery is no_update and steps.children == "6"
    assert digests["steps"] != seen["steps"] and digests["battery"] == seen["battery"]


def test_another_frame_or_other_slots_send_the_page_whole_with_its_content() -> None:
    _, seen, _ = changed(page(5), [], {})
    for shown, built in ((["steps", "battery"], page(5, "Heute")), (["steps"], page(5)), ([], page(5))):
        body, _, rest = changed(built, shown, seen)
        assert body[0].children[1].children.children == "5" and rest == [no_update] * len(shown)
