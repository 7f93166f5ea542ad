"""Writes a picture of every page in every state, on a phone (light) and a desk (dark), for somebody to look at.

Run beside the tests' own path: python -m dashboards.look FOLDER [--page NAME] [--state NAME] [--language LANG].
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from dashboards.browsing import DESK, PHONE
from dashboards.opening import address, serving, settled, who
from dashboards.states import STATES, State
from dashboards.visiting import TOKEN
from playwright.sync_api import Browser, sync_playwright

from talus_dashboards.identity import ROLES
from talus_dashboards.page import Page
from talus_dashboards.pages.every import PAGES
from talus_dashboards.words import LANGUAGES

LOOKS = (("390-light", PHONE, "light"), ("1440-dark", DESK, "dark"))


def pictures(browser: Browser, page: Page, name: str, state: State, language: str, folder: Path) -> None:
    role = next(role for role in ROLES if role in page.roles)
    with serving(state, who(role, state, language)) as home:
        for look, viewport, scheme in LOOKS:
            context = browser.new_context(viewport=viewport, color_scheme=scheme, locale=language)  # type: ignore[arg-type]
            tab = context.new_page()
            tab.goto(f"{home}{address(page, state)}?token={TOKEN}")
            settled(tab, language)
            tab.screenshot(path=folder / f"{page.name}-{name}-{look}-{language}.png", full_page=True)
            context.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--page", choices=[page.name for page in PAGES])
    asked.add_argument("--state", choices=list(STATES))
    asked.add_argument("--language", choices=list(LANGUAGES), default="en")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for name, make in STATES.items():
            if given.state not in (None, name):
                continue
            (Path(scratch) / name).mkdir()
            state = make(Path(scratch) / name)
            for page in PAGES:
                if given.page in (None, page.name):
                    pictures(browser, page, name, state, given.language, given.folder)
                    sys.stdout.write(f"{page.name}: {name}\n")
            state.store.close()
        browser.close()


if __name__ == "__main__":
    main()
