"""A page opened in a browser, with all it asked for and all it complained of."""

from dataclasses import dataclass, field

from dashboards.visiting import AXE
from playwright.sync_api import Page, expect

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@dataclass
class Visit:
    """A page with all it asked for and all it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str, path: str, text: str) -> None:
        home, _, token = address.partition("/?")
        self.page.goto(f"{home}{path}?{token}")
        expect(self.page.locator("main")).to_contain_text(text)
        expect(self.page.locator("[data-dash-is-loading=true]")).to_have_count(0)
        for graph in self.page.locator(".dash-graph").all():
            expect(graph.locator(".main-svg").first).to_be_attached()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found["violations"]]
