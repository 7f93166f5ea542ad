"""Which scripts a page is sent: reading them is most of what a browser does before a page is there."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse

FOLDER = "/scripts/"
YEAR_S = 365 * 24 * 3600
UNUSED = "/dash_table/"  # Dash loads its older table of itself
POLYFILL = "/polyfill@"
GRAPH = "/_dash-component-suites/dash/dcc/async-graph.js"
# Tells assets/drawing.js of every question a page asks.
RENDERER = "var renderer = new DashRenderer({request_pre: window.talusAsked});"


@dataclass(frozen=True)
class Scripts:
    """Addresses of our own choice of scripts, "" where Dash's is used. rare: libraries that one page alone needs."""

    drawing: str
    generators: str
    rare: frozenset[str]

    def links(self) -> str:
        """What draws is fetched early and read late, by assets/drawing.js."""
        wanted = (self.drawing, GRAPH) if self.drawing else ()
        return "\n    ".join(f'<link class="drawing" rel="preload" as="script" href="{one}">' for one in wanted)

    def chosen(self, tags: str, own: str) -> str:
        """Of Dash's script tags, a line each, those a page needs; `own`: the rare library it needs itself, or ""."""
        left_out = [UNUSED, *(f"/{name}/" for name in self.rare - {own})]
        lines = [line for line in tags.splitlines() if not any(name in line for name in left_out)]
        if self.generators:
            runtime = f'<script src="{self.generators}"></script>'
            lines = [runtime if POLYFILL in line else line for line in lines]
        return "\n".join(lines)


def served(server: FastAPI, file: Path | None) -> str:
    """Serve a file; returns its address, "" for none. The address holds its time: no browser keeps an old one."""
    if file is None:
        return ""
    address = f"{FOLDER}{int(file.stat().st_mtime)}/{file.name}"

    @server.get(address)
    def script() -> FileResponse:
        headers = {"cache-control": f"private, max-age={YEAR_S}, immutable"}
        return FileResponse(file, media_type="text/javascript", headers=headers)

    return address
