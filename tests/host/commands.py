"""What tests of the command line share: a command's words, and what a refusal looks like."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    returncode: int
    stdout: str
    stderr: str


Talus = Callable[..., Done]


def refused(done: Done, code: int, *words: str) -> None:
    """One line on stderr that says these words, nothing on stdout, this exit code."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("talus: ")
    for word in words:
        assert word in lines[0]
    assert done.stdout == ""
    assert done.returncode == code
