"""Who reads Spanish reads Spanish: no English sentence and no bare code on any page, for anybody who may open it."""

import re
from collections.abc import Iterator

import pytest
from lxml import html
from sqlalchemy import update

from coi.models import Account
from tests.city import CLOCK
from tests.factories import find_cast, make_sign_in
from tests.house.test_house_access import CASES, SERVED, address

PAGES = [case for case in CASES if case.method == "GET" and SERVED in {what for _, what in case.expected}]
# Words that no Spanish sentence has, and codes of the database (`not_sure`); the log's own names (`sign_in:started`) are exact.
ENGLISH = re.compile(r"\b(the|your|you|with|this|that|of|is|are|and|for|from|please|must|cannot|has|have|was|were|not)\b", re.I)
CODE = re.compile(r"(?<![:_a-z])[a-z]+_[a-z_]+(?![:_a-z])")
# The city is called so in every language; what somebody typed, and the names of a form, stay as they were written.
TYPED = re.compile(r"City of Lancaster|The paving of Queen Street|tests_small|has_job|That it stop\.")
SAID = ("aria-label", "title", "placeholder", "alt")


def foreign(page: str, codes_too: bool = True) -> list[str]:
    """Texts of a page that stand in no part marked as another language, and yet are English or a code."""
    tree = html.fromstring(page)
    for part in tree.xpath(
        "//head | //script | //style | //template | //*[@lang and not(starts-with(@lang, 'es')) and not(self::html)] | //code"
    ):
        part.drop_tree()
    texts = [TYPED.sub("", text) for text in _texts(tree)]
    return [text for text in texts if ENGLISH.search(text) or (codes_too and CODE.search(text))]


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


def signed_in(app, db, actor: str):
    """The browser of somebody who signed in a moment ago."""
    client = app.test_client()
    token = make_sign_in(find_cast()[actor].account, CLOCK)
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie["sign_in"] = token
    return client


@pytest.mark.parametrize("case", PAGES, ids=[str(case) for case in PAGES])
def test_a_spanish_page_has_no_english_in_it(app, db, world, client, case):
    path = address(app, case, world)
    db.session.execute(update(Account).values(language="es"))
    db.session.commit()
    found = {}
    for actor in readers(case):
        browser = client if actor == "nobody" else signed_in(app, db, actor)
        reply = browser.get(path, headers={"Accept-Language": "es"})
        saved = "attachment" in reply.headers.get("Content-Disposition", "")  # a file of its own, in both languages
        if reply.status_code == 200 and reply.content_type.startswith("text/html") and not saved:
            assert '<html lang="es"' in reply.text
            # Who writes a form works with its codes.
            found[actor] = foreign(reply.text, codes_too=not case.endpoint.startswith("questionnaires."))
    assert {actor: texts for actor, texts in found.items() if texts} == {}


def test_an_english_sentence_and_a_code_are_seen():
    marked, said = '<i lang="en">the words</i>', '<i title="Close this">x</i>'
    parts = ("Su firma", "Sign the form", "not_sure", "sign_in:started", marked, said)
    page = f'<html lang="es"><body>{"".join(f"<p>{part}</p>" for part in parts)}</body></html>'
    assert foreign(page) == ["Sign the form", "not_sure", "Close this"]
