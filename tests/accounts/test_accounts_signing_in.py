"""Signing in by passphrase: one answer for whatever was wrong, waits that grow and pass, cookies that end at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from coi.models import Account, SignIn, SignInAttempt
from tests.factories import PASSPHRASE, AccountFactory, PersonFactory

ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


def enter(client, login: str = "finn@city.example", passphrase: str = PASSPHRASE, **around):
    """Sends the form of the sign-in page."""
    return client.post(
        "/accounts/sign-in", data={"login": login, "passphrase": passphrase}, environ_base=around or {"REMOTE_ADDR": "192.0.2.1"}
    )


@pytest.mark.parametrize("login", ["finn@city.example", " FINN@city.example ", "001002"])
def test_a_number_or_an_e_mail_opens(cast, client, login):
    assert enter(client, login).location == "/"
    assert client.get("/accounts/me").status_code == 200


def test_every_wrong_pair_gets_the_same_answer(db, cast, client):
    closed = AccountFactory(person=PersonFactory(email="closed@city.example"), active=False)
    fresh = AccountFactory(person=PersonFactory(email="fresh@city.example"), password=None)
    db.session.commit()
    answers = set()
    for login, passphrase in (
        ("finn@city.example", "wrong wrong wrong"),
        ("nobody@city.example", PASSPHRASE),
        (closed.email, PASSPHRASE),
        (fresh.email, PASSPHRASE),
    ):
        reply = enter(client, login, passphrase)
        answers.add((reply.status_code, reply.text.replace(login, "LOGIN")))
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_a_passphrase_is_never_sent_back(cast, client):
    assert "wrong wrong wrong" not in enter(client, passphrase="wrong wrong wrong").text


@pytest.mark.parametrize("text", [PASSPHRASE.upper(), PASSPHRASE[:-1], PASSPHRASE + " ", " " + PASSPHRASE, "x" * 5000, "\x00"])
def test_a_passphrase_must_be_exactly_the_same(cast, client, text):
    assert enter(client, passphrase=text).status_code == 422


@pytest.mark.parametrize(
    ("begins", "ends"), [(None, date(2026, 3, 1)), (date(2026, 3, 3), None)], ids=["service is over", "service has not begun"]
)
def test_who_does_not_serve_today_does_not_come_in(db, cast, client, begins, ends):
    person = PersonFactory(email="vera@city.example", employee=False, serves_from=begins, serves_to=ends)
    AccountFactory(person=person)
    db.session.commit()
    assert enter(client, "vera@city.example").status_code == 422


def test_after_five_wrong_tries_even_the_right_one_waits_and_later_it_opens(cast, client, clock):
    for _try in range(5):
        enter(client, passphrase="wrong wrong wrong")
    reply = enter(client)
    assert (reply.status_code, "Wait one minute" in reply.text) == (422, True)
    clock.shift(timedelta(seconds=31))
    assert enter(client).status_code == 302


def test_waits_grow_to_a_quarter_of_an_hour_and_no_further(cast, client, clock):
    for _try in range(14):
        enter(client, passphrase="wrong wrong wrong")
        clock.shift(timedelta(minutes=16))
    enter(client, passphrase="wrong wrong wrong")
    assert "Wait 15 minutes" in enter(client).text
    clock.shift(timedelta(minutes=15, seconds=1))
    assert enter(client).status_code == 302


def test_an_unknown_login_waits_like_a_known_one(cast, client):
    for _try in range(5):
        enter(client, "nobody@city.example")
    assert "Wait one minute" in enter(client, "nobody@city.example").text


def test_somebody_elsewhere_keeps_nobody_out_who_was_here_before(app, cast, client):
    enter(client)
    for _try in range(9):
        enter(app.test_client(), passphrase="wrong wrong wrong", **ELSEWHERE)
    assert enter(app.test_client()).status_code == 302
    assert "Wait" in enter(app.test_client(), passphrase="wrong wrong wrong", **ELSEWHERE).text


def test_number_and_e_mail_are_counted_as_one(cast, client):
    for login in ("001002", "finn@city.example", "001002", "finn@city.example", "001002"):
        enter(client, login, "wrong wrong wrong")
    assert "Wait" in enter(client, "finn@city.example").text


def test_an_address_that_tries_everybody_waits_a_minute_at_most(db, cast, client, clock):
    for number in range(60):
        enter(client, f"{number}@city.example", "wrong wrong wrong")
    assert "Wait one minute" in enter(client, "finn@city.example").text
    clock.shift(timedelta(minutes=1))
    assert enter(client, "finn@city.example").status_code == 302


def test_the_table_of_tries_holds_no_login(db, cast, client):
    enter(client, "my secret typed here", "wrong wrong wrong")
    row = db.session.scalars(select(SignInAttempt)).one()
    assert (len(row.login_hash), row.what, row.address) == (64, "passphrase", "192.0.2.1")


def test_a_sign_in_is_in_the_log_with_its_method(cast, client, told):
    enter(client)
    assert told("sign_in:started")[-1] == (cast.finn.actor.name, {"method": "passphrase"})


def test_after_signing_in_the_page_comes_that_was_asked_for(cast, client):
    client.get("/accounts/me")
    assert enter(client).location == "/accounts/me"


@pytest.mark.parametrize("target", ["//evil.test", "/\t/evil.test/", "http:evil.test/", "////evil.test/", "javascript:alert(1)"])
def test_an_address_in_the_link_is_never_followed(cast, client, target):
    client.get("/accounts/sign-in", query_string={"next": target})
    reply = client.post(
        "/accounts/sign-in", query_string={"next": target}, data={"login": "001002", "passphrase": PASSPHRASE, "next": target}
    )
    assert reply.location == "/"


def test_a_cookie_from_before_is_not_the_cookie_afterwards(cast, client):
    with client.session_transaction() as cookie:
        cookie["sign_in"] = "chosen by somebody else"
        cookie["left"] = "behind"
    enter(client)
    with client.session_transaction() as cookie:
        assert cookie["sign_in"] != "chosen by somebody else"
        assert "left" not in cookie


def test_signing_out_ends_every_copy_of_the_cookie(app, cast, sign_in, told):
    client, copy = sign_in("finn"), app.test_client()
    with client.session_transaction() as cookie:
        token = cookie["sign_in"]
    with copy.session_transaction() as cookie:
        cookie["sign_in"] = token
    assert copy.get("/accounts/me").status_code == 200
    assert client.post("/accounts/sign-out").location == "/accounts/signed-out"
    assert copy.get("/accounts/me").location == "/accounts/sign-in"
    assert told("sign_in:ended")[-1] == (cast.finn.actor.name, {"because": "signed_out"})


def test_signing_out_by_a_link_is_not_possible(sign_in):
    assert sign_in("finn").get("/accounts/sign-out").status_code == 405


def test_a_sign_in_is_over_after_twelve_hours(cast, sign_in):
    assert sign_in("finn", ago=timedelta(hours=11, minutes=59)).get("/accounts/me").status_code == 200
    assert sign_in("finn", ago=timedelta(hours=12, minutes=1)).get("/accounts/me").location == "/accounts/sign-in"


def test_who_is_closed_is_out_at_the_next_request(db, cast, sign_in):
    client = sign_in("finn")
    cast.finn.account.active = False
    assert client.get("/accounts/me").location == "/accounts/sign-in"


def test_who_left_keeps_the_own_form_and_loses_every_role(db, cast, sign_in):
    client = sign_in("dee")
    cast.dee.person.active = False
    assert client.get("/accounts/me").status_code == 200
    assert client.get("/accounts/roles").status_code == 403


def test_a_hash_of_older_settings_is_made_anew(db, cast, client):
    from argon2 import PasswordHasher

    cast.finn.account.password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSPHRASE)
    enter(client)
    assert "m=19456,t=2,p=1" in db.session.scalar(select(Account.password).where(Account.id == cast.finn.account.id))


class TestAskedAgain:
    """An act that needs a fresh sign-in asks for the passphrase and keeps what was typed (U2)."""

    FORM = {"reset_email": "me@home.example"}

    def test_what_was_typed_is_carried(self, sign_in):
        reply = sign_in("finn", ago=timedelta(minutes=61)).post("/accounts/me/reset-email", data=self.FORM)
        assert reply.status_code == 422
        assert 'name="reset_email" value="me@home.example"' in reply.text

    def test_the_right_passphrase_goes_on(self, db, cast, sign_in):
        client = sign_in("finn", ago=timedelta(minutes=61))
        reply = client.post("/accounts/me/reset-email", data={**self.FORM, "_passphrase": PASSPHRASE})
        assert reply.status_code == 302
        assert db.session.scalar(select(Account.reset_email).where(Account.id == cast.finn.account.id)) == "me@home.example"
        assert client.post("/accounts/me/reset-email", data={"reset_email": ""}).status_code == 302

    def test_a_wrong_one_asks_again_and_changes_nothing(self, db, cast, sign_in):
        reply = sign_in("finn", ago=timedelta(minutes=61)).post(
            "/accounts/me/reset-email", data={**self.FORM, "_passphrase": "wrong wrong wrong"}
        )
        assert (reply.status_code, "not right" in reply.text) == (422, True)
        assert db.session.scalar(select(Account.reset_email).where(Account.id == cast.finn.account.id)) == "finn@city.example"

    def test_guessing_there_waits_like_at_the_door(self, sign_in):
        client = sign_in("finn", ago=timedelta(minutes=61))
        for _try in range(5):
            client.post("/accounts/me/reset-email", data={**self.FORM, "_passphrase": "wrong wrong wrong"})
        assert client.post("/accounts/me/reset-email", data={**self.FORM, "_passphrase": PASSPHRASE}).status_code == 422


class TestLanguage:
    """The switch works for everybody and comes back to the page."""

    def test_signed_out_it_holds_for_this_browser(self, client):
        assert client.post("/accounts/language", data={"language": "es", "back": "accounts.lost"}).location == "/accounts/lost"
        assert '<html lang="es">' in client.get("/accounts/lost").text

    def test_signed_in_it_is_kept_with_the_account(self, db, cast, sign_in):
        sign_in("finn").post("/accounts/language", data={"language": "es"})
        assert db.session.scalar(select(Account.language).where(Account.id == cast.finn.account.id)) == "es"

    def test_chosen_at_the_door_it_goes_to_the_account(self, db, cast, client):
        client.post("/accounts/language", data={"language": "es"})
        enter(client)
        assert db.session.scalar(select(Account.language).where(Account.id == cast.finn.account.id)) == "es"

    def test_the_next_person_at_a_shared_computer_keeps_their_own(self, db, cast, client):
        client.post("/accounts/language", data={"language": "es"})
        enter(client, "kit@city.example")
        client.post("/accounts/sign-out")
        enter(client)
        assert db.session.scalar(select(Account.language).where(Account.id == cast.finn.account.id)) == "en"
        assert '<html lang="en">' in client.get("/accounts/me").text

    @pytest.mark.parametrize(
        "form",
        [{"back": "no.such"}, {"back": "accounts.me", "v__scheme": "javascript", "v__external": "1"}, {"back": "accounts.reset"}],
    )
    def test_it_never_leads_away(self, client, form):
        place = client.post("/accounts/language", data={"language": "es", **form}).location
        assert place in ("/", "/accounts/me")

    def test_an_unknown_language_changes_nothing(self, client):
        assert client.post("/accounts/language", data={"language": "xx"}).status_code == 302
        assert '<html lang="en">' in client.get("/accounts/lost").text


class TestMyAccount:
    """What a person does with the own account."""

    NEW = "cedar pocket velvet 9"

    def test_the_passphrase_changes_by_who_knows_the_old_one(self, app, cast, sign_in, letters):
        here, there = sign_in("finn"), sign_in("finn")
        reply = here.post("/accounts/me/passphrase", data={"old": PASSPHRASE, "passphrase": self.NEW})
        assert reply.status_code == 302
        assert here.get("/accounts/me").status_code == 200
        assert there.get("/accounts/me").location == "/accounts/sign-in"
        assert len(letters("passphrase_changed")) == 1
        assert enter(app.test_client(), passphrase=self.NEW).status_code == 302

    @pytest.mark.parametrize(
        ("form", "what"), [({"old": "wrong wrong wrong"}, "do not fit"), ({"passphrase": "short"}, "at least 15")]
    )
    def test_else_it_stays(self, app, cast, sign_in, form, what):
        told = {"old": PASSPHRASE, "passphrase": self.NEW, **form}
        reply = sign_in("finn").post("/accounts/me/passphrase", data=told)
        assert (reply.status_code, what in reply.text) == (422, True)
        assert enter(app.test_client()).status_code == 302

    def test_ending_the_others_leaves_this_one(self, db, cast, sign_in):
        here, others = sign_in("finn"), [sign_in("finn") for _browser in range(25)]
        here.post("/accounts/me/end-others")
        assert here.get("/accounts/me").status_code == 200
        assert {client.get("/accounts/me").status_code for client in others} == {302}
        living = select(SignIn).where(SignIn.account_id == cast.finn.account.id, SignIn.ended_at.is_(None))
        assert len(db.session.scalars(living).all()) == 1

    def test_a_new_address_for_resets_is_told_to_the_old_one(self, cast, sign_in, letters):
        sign_in("finn").post("/accounts/me/reset-email", data={"reset_email": "Me@Home.example"})
        assert [letter.to_address for letter in letters("reset_email_changed")] == ["finn@city.example"]

    @pytest.mark.parametrize("text", ["a@x.example, b@x.example", "no address", "a@x.example\nBcc: b@x.example", "<a@x.example>"])
    def test_one_address_and_nothing_else(self, cast, sign_in, text):
        assert sign_in("finn").post("/accounts/me/reset-email", data={"reset_email": text}).status_code == 422
