"""A sign-in that ends while a page is open: what was typed comes back and is sent with one press, never a secret with it."""

import pytest
from sqlalchemy import select

from coi.models import SignIn

OURS = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"text": "My title is wrong & my <b>unit</b> too.", "more": ["a", "b"]}


@pytest.fixture
def old_page(app, sign_in, monkeypatch):
    """Finn's browser with a page whose token is of an earlier sign-in."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return sign_in("finn")


def carried(reply) -> str:
    return reply.get_data(as_text=True)


def test_an_old_page_gives_every_word_back(old_page):
    reply = old_page.post("/my-record/wrong", data={**TYPED, "csrf_token": "old"}, headers=OURS)
    assert reply.status_code == 400
    assert 'name="text" value="My title is wrong &amp; my &lt;b&gt;unit&lt;/b&gt; too."' in carried(reply)
    assert carried(reply).count('name="more"') == 2
    assert 'value="old"' not in carried(reply)


def test_a_sign_in_that_was_ended_gives_every_word_back(db, cast, sign_in):
    client = sign_in("finn")
    row = db.session.scalars(select(SignIn).where(SignIn.account_id == cast.finn.account.id)).one()
    row.ended_at = row.at
    db.session.commit()
    reply = client.post("/my-record/wrong", data=TYPED)
    assert reply.status_code == 422
    assert 'name="text" value="My title is wrong' in carried(reply)


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str)
def test_the_words_of_another_site_are_never_shown_as_typed_here(old_page, headers):
    reply = old_page.post("/my-record/wrong", data=TYPED, headers=headers)
    assert reply.status_code == 400
    assert "My title is wrong" not in carried(reply)


@pytest.mark.parametrize("secret", ["passphrase", "_passphrase", "old", "code"])
def test_a_secret_never_goes_back_into_a_page(old_page, secret):
    reply = old_page.post("/accounts/me/passphrase", data={secret: "lantern river"}, headers=OURS)
    assert reply.status_code == 400
    assert "lantern river" not in carried(reply)
