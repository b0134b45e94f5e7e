"""Journeys walk in the same real browser as the tests of pages."""

from tests.browser.conftest import all_pages, assert_accessible, clock, live, no_sideways_scroll, open_page

__all__ = ["all_pages", "assert_accessible", "clock", "live", "no_sideways_scroll", "open_page"]
