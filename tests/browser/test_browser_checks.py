"""The checks of pages see a bad page: without this, a broken check would call every page good."""

import pytest

BAD = """<html><head><title></title></head><body>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p style="color: #ccc; background: #ddd">Hard to read</p>
<form><input type="text"></form><div style="width: 2000px">Wide</div></body></html>"""
GOOD = """<!doctype html><html lang="en"><head><title>Good</title></head>
<body><main><h1>Good</h1><p>Short.</p></main></body></html>"""


@pytest.fixture
def blank(chromium):
    page = chromium.new_page(viewport={"width": 320, "height": 640})
    yield page
    page.close()


def test_a_bad_page_fails_the_accessibility_check(blank, assert_accessible):
    blank.set_content(BAD)
    with pytest.raises(AssertionError) as told:
        assert_accessible(blank)
    assert {
        name for name in ("image-alt", "color-contrast", "label", "html-has-lang", "document-title") if name in str(told.value)
    } == {
        "image-alt",
        "color-contrast",
        "label",
        "html-has-lang",
        "document-title",
    }


def test_a_wide_page_fails_the_scroll_check(blank, no_sideways_scroll):
    blank.set_content(BAD)
    with pytest.raises(AssertionError, match="2000px"):
        no_sideways_scroll(blank)


def test_a_good_page_passes_both(blank, assert_accessible, no_sideways_scroll):
    blank.set_content(GOOD)
    assert_accessible(blank)
    no_sideways_scroll(blank)
    assert blank.title() == "Good"
