"""How long a browser takes to a complete first picture of a person's page over a year: `picture.py [folder [path]]`.

Complete: the page no longer loads anything and every figure on it is drawn. Cold: a browser that was never here; warm:
the same one again. Median of five each, the pages served by a process of their own, as they are for people. Promised:
2 s, loopback. How one gets in is `enter` alone.
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import made_many
from bench.made_year import END_MS

TIMES = 5
PROMISED_S = 2.0
PATH = "/person/1"
# Dash marks what is being loaded; a figure that is drawn has its drawing in it.
COMPLETE = """() => {
    const body = document.querySelector('main');
    if (!body || document.querySelector('[data-dash-is-loading=true]')) return false;
    const graphs = [...document.querySelectorAll('.dash-graph')];
    return graphs.length > 0 && graphs.every(one => one.querySelector('.main-svg'));
}"""


def serve(path: Path) -> None:
    """The pages over this database, at the moment its life ends; the address goes to stdout."""
    from talus_dashboards.app import serve_async
    from talus_host.store import Store

    def announce(address: str) -> None:
        print(address, flush=True)

    with Store(path, create=False) as store:
        asyncio.run(
            serve_async(store, port=0, announce=announce, now=lambda: datetime.fromtimestamp(END_MS / 1000, UTC))
        )


def enter(address: str, path: str) -> str:
    """The address that leads to a page at once."""
    home, _, token = address.partition("/?")
    return f"{home}{path}?{token}"


def seconds(context: object, address: str) -> float:
    """From asking for the page to its complete picture."""
    page = context.new_page()  # type: ignore[attr-defined]
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(COMPLETE, timeout=120_000)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    took = time.perf_counter() - begun
    page.close()
    return took


def measured(address: str) -> dict[str, list[float]]:
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    told: dict[str, list[float]] = {"cold": [], "warm": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for _ in range(TIMES):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            for name in told:
                told[name].append(seconds(context, address))
            context.close()
        browser.close()
    return told


def main(folder: Path, path: str) -> None:
    if not (os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")):
        print("no Chromium on this machine (Debian: apt install chromium): not measured")
        return
    year = made_many.of_years(folder, 1)
    server = subprocess.Popen([sys.executable, __file__, "serve", str(year)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = enter(server.stdout.readline().strip(), path)
        for name, took in measured(address).items():
            middle = statistics.median(took)
            kept = "kept" if middle <= PROMISED_S else "NOT KEPT"
            print(f"{path}, a year, {name}: {middle:.2f} s ({min(took):.2f} to {max(took):.2f}), 2 s promised: {kept}")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else made_many.FOLDER, sys.argv[2] if len(sys.argv) > 2 else PATH)
