"""A computer's collector as a process of its own, with the real database, to be killed; the brace is with its parent.

The parent has the firmware's control point and journal, which live on; between them a pipe stands for the radio.
"""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import event

from talus.wire import gatt
from talus_host.collect import collect
from talus_host.link import Reply
from talus_host.link.door import Door
from talus_host.store import Store

UTC0_MS = 1_780_000_000_000
WHERE = ("a statement", "before COMMIT", "in COMMIT", "behind COMMIT")  # where the kill comes


class PipeLink(Door):
    """Four verbs over a pipe. A brace that is gone ends the process: nobody is left to tell."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    def _ask(self, *words: Any) -> Any:
        self._pipe.send(words)
        return self._pipe.recv()

    async def info(self) -> dict[str, int]:
        return gatt.unpack_info(self._ask("info"))

    async def request(self, opcode: int, *operand: int) -> Reply:
        now_ms = UTC0_MS + self._ask("now")
        answer = self._ask("request", gatt.request(opcode, *operand))
        return Reply(*gatt.parse_answer(answer), now_ms, now_ms)

    async def stream(self, first: int) -> AsyncGenerator[bytes, None]:
        self._pipe.send(("report", first))
        while piece := self._pipe.recv():
            yield piece


def collect_until(path: Path, pipe: Connection, where: str, after: int, batch: int) -> None:
    """Collect; be killed at the `after`-th such moment of this life."""
    store = Store(path)
    left = [after]

    def come(moment: str) -> None:
        if moment == where:
            left[0] -= 1
            if left[0] == 0:
                if where == "in COMMIT":
                    pipe.send(("committing",))  # the parent kills, a moment later
                else:
                    os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(store.engine, "before_cursor_execute")
    def _(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "record" in statement or statement.lstrip().startswith(("INSERT", "DELETE", "UPDATE")):
            come("a statement")

    @event.listens_for(store.engine, "commit")
    def _(connection: Any) -> None:
        come("before COMMIT")
        come("in COMMIT")

    put = store.put

    def put_and_tell(*words: Any) -> Any:
        done = put(*words)
        come("behind COMMIT")
        pipe.send(("put", done.received, done.added, done.conflicts))
        return done

    store.put = put_and_tell  # type: ignore[method-assign]

    async def run() -> None:
        async with PipeLink(pipe) as link:
            await collect(link, store, clock=lambda: UTC0_MS, exchanges=1, batch=batch, run=inline)

    asyncio.run(run())
    store.close()
    pipe.send(("done",))


async def inline(function: Any, *arguments: Any) -> Any:
    return function(*arguments)
