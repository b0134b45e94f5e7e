"""The way back: a letter with a link that works once, for an hour; always the same answer; whom to call without e-mail."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coi.accounts.entering import account_of_token, token_for
from coi.models import Account, Letter
from tests.factories import PASSPHRASE, AccountFactory, PersonFactory

NEW = "cedar pocket velvet 9"


def ask(client, login: str):
    """Sends the form of the page for who lost something."""
    return client.post("/accounts/lost", data={"login": login})


@pytest.fixture
def link(cast, client, letters):
    """The path in Finn's letter."""
    ask(client, "finn@city.example")
    return re.search(r"/accounts/reset/\S+", letters("reset")[0].text)[0]


@pytest.mark.parametrize("login", ["finn@city.example", "001002", "nobody@city.example", "x" * 254, "%"])
def test_the_answer_is_always_the_same(cast, client, login):
    reply = ask(client, login)
    assert (reply.status_code, reply.location) == (302, "/accounts/lost/sent")


def test_the_page_says_whom_to_call(cast, client):
    page = client.get("/accounts/lost").text
    assert 'href="tel:' in page
    assert "badge" in page


def test_the_link_sets_a_passphrase_and_signs_in(app, cast, client, link, letters, told):
    assert client.get(link).status_code == 200
    assert client.post(link, data={"passphrase": NEW}).location == "/"
    assert client.get("/accounts/me").status_code == 200
    assert told("password:reset_asked") == [("nobody", {"by": "self"})]
    assert told("password:set")[-1][1] == {"by": "letter"}
    assert len(letters("passphrase_changed")) == 1


def test_every_sign_in_ends_with_it(cast, client, link, sign_in):
    elsewhere = sign_in("finn")
    client.post(link, data={"passphrase": NEW})
    assert elsewhere.get("/accounts/me").location == "/accounts/sign-in"


def test_the_link_works_once(app, cast, client, link):
    client.post(link, data={"passphrase": NEW})
    other = app.test_client()
    assert "no longer works" in other.get(link).text
    assert other.post(link, data={"passphrase": "another pocket velvet"}).status_code == 422


def test_the_link_is_over_after_an_hour(cast, client, link, clock):
    clock.shift(timedelta(minutes=59))
    assert "no longer works" not in client.get(link).text
    clock.shift(timedelta(minutes=2))
    assert "no longer works" in client.get(link).text


def test_a_weak_passphrase_leaves_the_link_good(cast, client, link):
    assert client.post(link, data={"passphrase": "Finn Filer Finn Filer"}).status_code == 422
    assert client.post(link, data={"passphrase": NEW}).location == "/"


@pytest.mark.parametrize("token", ["x", "a.b.c", "W251bGwsbnVsbF0.aaaa.bbbb"])
def test_a_made_up_link_is_over(cast, client, token):
    assert "no longer works" in client.get(f"/accounts/reset/{token}").text
    assert client.post(f"/accounts/reset/{token}", data={"passphrase": NEW}).status_code == 422


def test_a_token_says_nothing_of_the_secret_it_replaces(app, cast):
    token = token_for(cast.finn.account, app.config["SECRET_KEY"])
    assert cast.finn.account.password[-20:] not in token
    assert account_of_token(token, "another secret of another city") is None


def test_waiting_after_wrong_tries_does_not_stand_in_the_way(cast, client, link):
    for _try in range(9):
        client.post("/accounts/sign-in", data={"login": "finn@city.example", "passphrase": "wrong wrong wrong"})
    assert client.post(link, data={"passphrase": NEW}).location == "/"


def test_it_goes_to_the_personal_address_where_there_is_one(db, cast, client, letters):
    cast.finn.account.reset_email = "finn@home.example"
    ask(client, "001002")
    assert letters("reset")[0].to_address == "finn@home.example"


def test_three_letters_an_hour_and_no_more(db, cast, client, clock):
    for _try in range(5):
        ask(client, "finn@city.example")
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 3
    clock.shift(timedelta(hours=1))
    ask(client, "finn@city.example")
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 4


def test_who_never_signed_in_may_ask_for_a_first_passphrase(db, cast, client, letters):
    person = PersonFactory(email="new.hire@city.example")
    ask(client, "new.hire@city.example")
    path = re.search(r"/accounts/reset/\S+", letters("reset")[0].text)[0]
    assert client.post(path, data={"passphrase": NEW}).location == "/"
    assert db.session.scalar(select(Account.password).where(Account.person_id == person.id)) is not None


def test_who_is_closed_or_has_no_address_gets_nothing_and_nobody_can_tell(db, cast, client, rosa):
    cast.kit.account.active = False
    for login in ("kit@city.example", "000777", "nobody"):
        assert ask(client, login).location == "/accounts/lost/sent"
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 0


def test_the_work_address_of_who_left_is_not_used_any_more(db, cast, client, letters):
    cast.kit.person.active = False
    cast.kit.account.reset_email = None
    ask(client, "001003")
    assert letters("reset") == []
    cast.kit.account.reset_email = "kit@home.example"
    ask(client, "001003")
    assert letters("reset")[0].to_address == "kit@home.example"


def test_a_changed_address_on_the_roster_never_gets_the_link_of_who_holds_a_role(db, cast, client, letters):
    cast.sia.person.email = cast.finn.person.email = "somebody.else@city.example"
    cast.sia.account.reset_email = cast.finn.account.reset_email = None
    db.session.commit()
    ask(client, "001007")
    ask(client, "001002")
    assert [letter.to_address for letter in letters("reset")] == ["sia@city.example", "somebody.else@city.example"]


def test_of_two_with_one_address_each_uses_the_number(db, cast, client, letters):
    for number in ("000801", "000802"):
        AccountFactory(person=PersonFactory(number=number, email="both@city.example"), email=number, reset_email=None)
    assert ask(client, "both@city.example").status_code == 302
    assert letters("reset") == []
    ask(client, "000802")
    assert len(letters("reset")) == 1
    assert client.post("/accounts/sign-in", data={"login": "000801", "passphrase": PASSPHRASE}).status_code == 302
