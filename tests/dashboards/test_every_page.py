"""Every page there is, in every state a database may be in, as each role and language: quiet, local, whole, reachable.

A page listed in pages/every.py is in here by itself. How pages and states are paired is said in `pairs`; EVERY_PAGE=all
opens each in all of them.
"""

import itertools
import os
from collections.abc import Callable, Iterator

import pytest
from dashboards.browsing import DESK, PHONE, Visit
from dashboards.looked import looked
from dashboards.opening import address, serving, settled, who
from dashboards.states import CORE, STATES, State
from dashboards.visiting import TOKEN

from talus_dashboards.identity import ROLES
from talus_dashboards.pages.every import PAGES
from talus_dashboards.words import LANGUAGES

OPENINGS = 72  # more would cost minutes: then each page gets CORE and a few others, every state some page
OTHERS = 1
LOOKS = (
    {"viewport": PHONE, "color_scheme": "light"},
    {"viewport": DESK, "color_scheme": "dark"},
    {"viewport": DESK, "color_scheme": "light", "reduced_motion": "reduce"},
    {"viewport": PHONE, "color_scheme": "dark", "reduced_motion": "reduce"},
)


def pairs() -> list[tuple[str, str]]:
    """(page, state) to open."""
    names = [page.name for page in PAGES]
    if os.environ.get("EVERY_PAGE") == "all" or len(names) * len(STATES) <= OPENINGS:
        return [(page, state) for state in STATES for page in names]
    rest = itertools.cycle(name for name in STATES if name not in CORE)
    chosen = {page: [*CORE, *itertools.islice(rest, OTHERS)] for page in names}
    return [(page, state) for state in STATES for page in names if state in chosen[page]]


PAIRS = pairs()


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], State]]:
    """Each state's database, made when first asked for."""
    made: dict[str, State] = {}

    def one(name: str) -> State:
        if name not in made:
            made[name] = STATES[name](tmp_path_factory.mktemp(name))
        return made[name]

    yield one
    for state in made.values():
        state.store.close()


@pytest.mark.parametrize(("page_name", "state_name"), PAIRS)
def test_a_page_in_a_state(
    page_name: str, state_name: str, states: Callable[[str], State], visit: Callable[..., Visit]
) -> None:
    at = PAIRS.index((page_name, state_name))
    page = next(one for one in PAGES if one.name == page_name)
    state = states(state_name)
    roles = [role for role in ROLES if role in page.roles]
    role = roles[at % len(roles)]
    turn = list(STATES).index(state_name) + [one.name for one in PAGES].index(page_name)
    language = sorted(LANGUAGES)[turn // 2 % len(LANGUAGES)]
    seen = visit(**LOOKS[turn % len(LOOKS)])
    with serving(state, who(role, state, language)) as home:
        seen.page.goto(f"{home}{address(page, state)}?token={TOKEN}")
        settled(seen.page, language)
        found = looked(seen, page, language, home, calm="reduced_motion" in LOOKS[turn % len(LOOKS)])
        assert found == [], f"{page_name}, {state_name}, as {role}, in {language}, {LOOKS[turn % len(LOOKS)]}"
        if state.broken and page.about:
            said = LANGUAGES[language]
            assert said.TROUBLE in seen.page.locator("main").inner_text()
