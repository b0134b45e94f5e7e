"""A click that waits, as a person does, until the page it asked for is there; refuses to judge the page that is about to go.

Chromium answers a click before the form it sends has left: on a busy machine the next line of a test would read the old page.
"""

import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Locator, Page, Request

# Runs in each page before its own scripts: notes that another page was asked for, until that page is here or was refused.
NOTES_LEAVING = """(() => {
  window.isLeaving = false;
  const asked = event => {
    window.isLeaving = true;
    setTimeout(() => { if (event.defaultPrevented) window.isLeaving = false; }, 0);
  };
  addEventListener('submit', event => { if (!event.target.target) asked(event); }, true);
  addEventListener('click', event => {
    const link = event.target.closest ? event.target.closest('a[href]') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    const samePage = link.pathname === location.pathname && link.search === location.search && link.hash;
    if (!samePage) asked(event);
  }, true);
  addEventListener('pageshow', () => { window.isLeaving = false; });
})()"""
STILL = "() => window.isLeaving === true || document.readyState !== 'complete'"
SECONDS = 8.0


def watch(context: BrowserContext) -> None:
    """Let the pages of this context say that they are about to go."""
    context.add_init_script(NOTES_LEAVING)


def settle(page: Page) -> None:
    """Wait until no other page is on its way: it came whole, or it turned out to be a file, or nothing came in the time."""
    stayed: list[Any] = []

    def came_as_a_file(download: Any) -> None:
        stayed.append(download)

    def refused(request: Request) -> None:
        if request.is_navigation_request():
            stayed.append(request)

    page.on("download", came_as_a_file)
    page.on("requestfailed", refused)
    until = time.monotonic() + SECONDS
    while not stayed and not page.is_closed() and time.monotonic() < until:
        try:
            if not page.evaluate(STILL):
                break
            page.wait_for_timeout(10)
        except Error:
            continue  # The page went in the middle of the question.
    page.remove_listener("download", came_as_a_file)
    page.remove_listener("requestfailed", refused)


def click_and_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every click and key of a test waits for what it asked for, except a click that says `no_wait_after=True`."""
    click, press = Locator.click, Locator.press

    def click_then_settle(self: Locator, **how: Any) -> None:
        click(self, **how)
        if not how.get("no_wait_after"):
            settle(self.page)

    def press_then_settle(self: Locator, key: str, **how: Any) -> None:
        press(self, key, **how)
        settle(self.page)

    monkeypatch.setattr(Locator, "click", click_then_settle)
    monkeypatch.setattr(Locator, "press", press_then_settle)
