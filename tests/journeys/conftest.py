"""Journeys walk in the same real browser as the tests of pages."""

import pytest

from tests.browser import conftest as pages
from tests.browser.conftest import all_pages, assert_accessible, clock, live, no_sideways_scroll, open_page


@pytest.fixture
def complaints_about_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser writes an error when it is offline or a request is broken off; here that is meant."""
    plain = pages._expected
    monkeypatch.setattr(pages, "_expected", lambda text: plain(text) or text.startswith("Failed to load resource"))


__all__ = ["all_pages", "assert_accessible", "clock", "complaints_about_the_network", "live", "no_sideways_scroll", "open_page"]
