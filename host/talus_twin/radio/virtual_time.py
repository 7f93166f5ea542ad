"""An event loop whose time passes only when nobody has work: hours of radio in seconds, and always the same.

Everything in it must be of this process and this thread: while a thread or a socket is waited for, no timer
may be due, or its time would leap. Blocking calls are made inline() instead of in a thread.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
START_S = 1000.0


class Waiting(selectors.DefaultSelector):
    """Waits no time at all and says how long it would have."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = START_S

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing will ever happen: every task waits for another")
        self.now_s += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop over Waiting."""

    def __init__(self) -> None:
        self._waiting = Waiting()
        super().__init__(self._waiting)

    def time(self) -> float:
        return self._waiting.now_s


def run(story: Coroutine[Any, Any, T]) -> T:
    """asyncio.run() in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)


async def inline(function: Callable[..., T], *arguments: Any) -> T:
    """What asyncio.to_thread does, without the thread."""
    return function(*arguments)
