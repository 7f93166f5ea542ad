"""Two things at once in one verb, of which neither outlives the other."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any


@contextlib.asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run `work` while the block runs; its failure ends the block and is what the block raises."""
    block = asyncio.current_task()
    assert block
    task = asyncio.create_task(work)
    task.add_done_callback(lambda done: None if done.cancelled() else block.cancel())
    try:
        yield
    except asyncio.CancelledError:
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error from None
        raise
    finally:
        task.cancel()
        with contextlib.suppress(BaseException):
            await task
