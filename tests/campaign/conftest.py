"""One tally for all parts of the campaign, told when they are over."""

import pytest
from campaign.tally import Tally

KEY = pytest.StashKey[Tally]()


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    return pytestconfig.stash.setdefault(KEY, Tally())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    told = config.stash.get(KEY, None)
    if told is not None and told.faults:
        terminalreporter.section("a campaign against the sync")
        for line in told.lines():
            terminalreporter.write_line(line)
