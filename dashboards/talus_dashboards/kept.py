"""Answers that never change, compressed once: whoever comes first with an empty browser waits for it, nobody after.

Scripts have their version in their address, so one answer is as good as any other while the pages run.
"""

from talus_dashboards import scripts
from talus_dashboards.asked import App, Message, Receive, Scope, Send, headers_of

FIXED = ("/_dash-component-suites/", scripts.FOLDER)
PLAIN = ("range", "if-none-match", "if-modified-since")  # who asks for a part, or whether it changed, is answered anew


class Kept:
    """Stands before the compression and behind the gate. Memory: a copy of each script, some 2 MB."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._answers: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        headers = headers_of(scope)
        packed = "gzip" in headers.get("accept-encoding", "") and not any(name in headers for name in PLAIN)
        if scope["method"] != "GET" or not path.startswith(FIXED) or not packed:
            await self._app(scope, receive, send)
            return
        if path not in self._answers:
            told: list[Message] = []

            async def both(message: Message) -> None:
                told.append(message)
                await send(message)

            await self._app(scope, receive, both)
            if told[0]["status"] == 200 and not told[-1].get("more_body"):
                self._answers[path] = told
            return
        for message in self._answers[path]:
            await send(dict(message))
