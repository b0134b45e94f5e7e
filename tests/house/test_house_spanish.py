"""Who reads Spanish reads Spanish: no English sentence and no bare code on any page, for anybody who may open it."""

import re
from collections.abc import Iterator

import pytest
from lxml import html
from sqlalchemy import update

from coi.models import Account
from tests.house.test_house_access import CASES, SERVED, address, build_world

PAGES = [case for case in CASES if case.method == "GET" and SERVED in {what for _, what in case.expected}]
# Words that no Spanish sentence has, and codes of the database (`not_sure`); the log's own names (`sign_in:started`) are exact.
ENGLISH = re.compile(r"\b(the|your|you|with|this|that|of|is|are|and|for|from|please|must|cannot|has|have|was|were|not)\b", re.I)
CODE = re.compile(r"(?<![:_a-z])[a-z]+_[a-z_]+(?![:_a-z])")
# The city is called so in every language.
NAME = "City of Lancaster"
SAID = ("aria-label", "title", "placeholder", "alt")


def foreign(page: str) -> list[str]:
    """Texts of a page that stand in no part marked as another language, and yet are English or a code."""
    tree = html.fromstring(page)
    for part in tree.xpath(
        "//script | //style | //template | //*[@lang and not(starts-with(@lang, 'es')) and not(self::html)] | //code"
    ):
        part.drop_tree()
    texts = [text.replace(NAME, "") for text in _texts(tree)]
    return [text for text in texts if ENGLISH.search(text) or CODE.search(text)]


def _texts(tree: html.HtmlElement) -> Iterator[str]:
    for text in tree.itertext():
        yield " ".join(text.split())
    for part in tree.iter():
        if isinstance(part.tag, str):
            yield from (part.get(name) for name in SAID if part.get(name))
            if part.tag == "input" and part.get("type") == "submit":
                yield part.get("value", "")


def readers(case) -> list[str]:
    """Everybody who may open a page: each may see another part of it."""
    return [actor for actor, what in case.expected if what == SERVED]


@pytest.mark.parametrize("case", PAGES, ids=[str(case) for case in PAGES])
def test_a_spanish_page_has_no_english_in_it(app, db, cast, sign_in, client, case):
    path = address(app, case, build_world(db))
    db.session.execute(update(Account).values(language="es"))
    db.session.commit()
    found = {}
    for actor in readers(case):
        browser = client if actor == "nobody" else sign_in(actor)
        reply = browser.get(path, headers={"Accept-Language": "es"})
        if reply.status_code == 200 and reply.content_type.startswith("text/html"):
            assert '<html lang="es"' in reply.text
            found[actor] = foreign(reply.text)
    assert {actor: texts for actor, texts in found.items() if texts} == {}


def test_an_english_sentence_and_a_code_are_seen():
    marked, said = '<i lang="en">the words</i>', '<i title="Close this">x</i>'
    parts = ("Su firma", "Sign the form", "not_sure", "sign_in:started", marked, said)
    page = f'<html lang="es"><body>{"".join(f"<p>{part}</p>" for part in parts)}</body></html>'
    assert foreign(page) == ["Sign the form", "not_sure", "Close this"]
