"""The language switch: back to the page it was pressed on, by the page's name; never to an address that somebody made up."""

import pytest

from coi.models import AuditEntry


def switch(client, **data):
    return client.post("/accounts/language", data={"language": "es", **data})


def test_it_returns_to_the_page_and_every_page_after_it_speaks(client):
    assert switch(client, back="accounts.lost").location == "/accounts/lost"
    assert '<html lang="es">' in client.get("/accounts/sign-in").text


def test_it_returns_to_a_page_with_a_name_in_its_address(sign_in, cast):
    client = sign_in("dee")
    assert switch(client, back="accounts.slip", v_number="001002").location == "/accounts/slips/001002"


def test_it_is_kept_with_the_account_and_in_the_log_once(db, cast, sign_in):
    client = sign_in("finn")
    for _press in range(2):
        switch(client, back="accounts.me")
    db.session.expire_all()
    assert cast.finn.account.language == "es"
    changed = db.session.query(AuditEntry).filter_by(event="account:changed").all()
    assert [one.details for one in changed] == ['{"what":"language"}']


def test_an_unknown_language_changes_nothing(db, cast, sign_in):
    assert sign_in("finn").post("/accounts/language", data={"language": "../../x"}).status_code == 302
    db.session.expire_all()
    assert cast.finn.account.language == "en"


@pytest.mark.parametrize(
    "data",
    [
        {"back": "https://evil.example/"},
        {"back": "//evil.example"},
        {"back": "/\t/evil.example"},
        {"back": "accounts.lost", "v__external": "1", "v__scheme": "javascript"},
        {"back": "accounts.lost", "v__anchor": "x", "v__method": "POST"},
        {"back": "accounts.lost", "next": "https://evil.example/"},
        {"back": "accounts.lost", "v_endpoint": "accounts.me"},
        {"back": "accounts.slip"},
        {"back": "x" * 8000},
        {"back": ""},
        {},
    ],
    ids=str,
)
def test_no_address_is_followed(client, data):
    reply = switch(client, **data)
    assert reply.status_code == 302
    assert reply.location.split("?")[0] in ("/", "/accounts/lost")
    assert "evil" not in reply.location.split("?")[0]


@pytest.mark.parametrize("back", ["accounts.approve", "accounts.change_passphrase", "accounts.sign_out", "assets.serve"])
def test_a_page_that_only_takes_answers_is_no_place_to_return_to(client, back):
    location = switch(client, back=back, v_reference="REQ-2026-X").location
    assert client.get(location).status_code in (200, 302)
