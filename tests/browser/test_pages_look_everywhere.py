"""Every page of the table of routes, as somebody who may open it: accessible, fit for a phone, quiet, in their language."""

import re

import pytest

from tests.house.test_house_access import CASES, SERVED, address

ACTORS = ("sia", "finn", "olu", "dee", "ada", "ren", "sam", "kit", "nobody")
PAGES = [case for case in CASES if case.method == "GET" and SERVED in {what for _, what in case.expected}]
# The rest of an English sentence on a Spanish page; names of people and companies may be English.
ENGLISH = re.compile(r"\b(the|your|you|with|this|of the|does|is not|please)\b", re.I)


def served(case) -> list[str]:
    """Who may open the page, the one who sees most of it first."""
    expected = dict(case.expected)
    return [actor for actor in ACTORS if expected[actor] == SERVED]


@pytest.mark.parametrize(("number", "case"), list(enumerate(PAGES)), ids=[str(case) for case in PAGES])
def test_the_page_is_for_everybody(
    open_page, assert_accessible, no_sideways_scroll, all_pages, app, db, world, sign_in, client, number, case
):
    path = address(app, case, world)
    actors = served(case) if all_pages else served(case)[:1]
    for turn, actor in enumerate(actors):
        browser = client if actor == "nobody" else sign_in(actor)
        reply = browser.get(path)
        saved = "attachment" in reply.headers.get("Content-Disposition", "")  # a file to keep, looked at in a test of its own
        if reply.status_code != 200 or not reply.content_type.startswith("text/html") or saved:
            continue
        for language in ("en", "es") if all_pages else (("en", "es")[(number + turn) % 2],):
            page = open_page(None if actor == "nobody" else actor, path, language=language)
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("h1").count() == 1
            for place, width in enumerate((1280, 320)):
                page.set_viewport_size({"width": width, "height": 700})
                no_sideways_scroll(page)
                # Combined pairwise: each page is judged at one width, in the other language than its neighbour.
                if all_pages or (number // 2 + turn) % 2 == place:
                    assert_accessible(page)


@pytest.mark.parametrize(
    "path", ["/help", "/blank-forms", "/privacy", "/who-sees-what", "/accessibility", "/about", "/accounts/sign-in"]
)
def test_no_english_is_left_on_a_spanish_page(open_page, path):
    page = open_page(None, path, language="es")
    assert ENGLISH.findall(page.inner_text("main")) == []
