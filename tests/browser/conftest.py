"""A real browser on a running city: pages as a person sees them, judged by axe, by their width, and by what they complain of."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from coi.config import ROOT
from tests.browser import patience

AXE = ROOT / "coi" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
# target-size is off unless its tag is asked for (WCAG 2.2 AA).
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = 1280, 320
# How long a check in the browser waits for what must come: only a failing one waits it out, and no test measures time.
expect.set_options(timeout=30_000)
JUDGE = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
SIDEWAYS = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 3).map(one => one.outerHTML.slice(0, 160))"""


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log(self, *_arguments: Any) -> None:
        """Nothing."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The same morning as everywhere, but time runs: a browser waits."""
    from tests.city import CLOCK

    with time_machine.travel(CLOCK, tick=True) as traveller:
        yield traveller


@pytest.fixture
def live(request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the running city, on the same database as `db` and `cast`; a test commits before it looks."""
    # The browser's own clock is another one: a cookie with an end would be over at once.
    monkeypatch.setattr(app.session_interface, "get_expiration_time", lambda *_arguments: None)
    late: float = request.config.getoption("--slow-answers")

    def answers(environ: Any, start_response: Any) -> Any:
        threading.Event().wait(late)
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, answers, threaded=True, request_handler=Quiet)
    # How often it looks whether it should stop; with its half second each test would end in a wait.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def chromium_of(playwright: Playwright) -> Browser:
    """The system's Chromium, or the one that Playwright brought; without a window it takes a third of the work."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    system = next(filter(None, map(shutil.which, names)), None)
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=system, args=arguments)


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, chromium: Browser, live: str, app: Flask, db: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Page]]:
    """`open_page("olu", "/review", width=NARROW, javascript=False, language="es")`: that person's page; no name is nobody.

    At the end of the test every page it opened must have been quiet: no error in its console, no request to another site.
    """
    patience.click_and_wait(monkeypatch)
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        host = urlsplit(live).netloc
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" and not _expected(message.text) else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                complaints.append(f"asks {asked.url}")
                if asked.url.startswith("http") and urlsplit(asked.url).netloc != host
                else None
            ),
        )

    def page(name: str | None, path: str = "/", *, width: int = WIDE, javascript: bool = True, language: str = "en") -> Page:
        height = 800 if width > 600 else 640
        context = chromium.new_context(
            base_url=live, viewport={"width": width, "height": height}, java_script_enabled=javascript, locale=language
        )
        contexts.append(context)
        patience.watch(context)
        if name is not None:
            context.add_cookies([{"name": "session", "value": _signed_in(request, app, db, name, language), "url": live}])
        db.session.commit()
        made = context.new_page()
        listen(made)
        made.goto(path)
        return made

    yield page
    for context in contexts:
        context.close()
    assert complaints == []


def _expected(text: str) -> bool:
    """Chromium writes an error for every answer of 400 and up; that a form in error answers 422 is meant."""
    return text.startswith("Failed to load resource: the server responded with a status of 4")


def _signed_in(request: pytest.FixtureRequest, app: Flask, db: SQLAlchemy, name: str, language: str) -> str:
    """The cookie of a person who signed in a moment ago and reads this language."""
    from tests.factories import make_sign_in

    account = request.getfixturevalue("cast")[name].account
    account.language = language
    token = make_sign_in(account, datetime.now(UTC))
    db.session.commit()
    cookie: str = app.session_interface.get_signing_serializer(app).dumps({"sign_in": token, "_permanent": True})
    return cookie


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """`assert_accessible(page)` fails with every violation of WCAG 2.2 AA that axe sees."""
    source = AXE.read_text(encoding="utf-8")

    def judge(page: Page) -> None:
        patience.settle(page)
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(source)
        found = page.evaluate(JUDGE, TAGS)["violations"]
        told = [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
        if told:
            raise AssertionError("\n".join([page.url, *told]))

    return judge


@pytest.fixture(scope="session")
def no_sideways_scroll() -> Callable[[Page], None]:
    """`no_sideways_scroll(page)` fails when the page is wider than its window, and names what sticks out."""

    def judge(page: Page) -> None:
        patience.settle(page)
        widths = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], f"{page.url} is {widths[0]} wide in {widths[1]}: {page.evaluate(SIDEWAYS)}"

    return judge


@pytest.fixture(scope="session")
def all_pages(request: pytest.FixtureRequest) -> bool:
    """Whether this run takes every combination (`make test-all`) or pairs."""
    return bool(request.config.getoption("--all-pages"))
