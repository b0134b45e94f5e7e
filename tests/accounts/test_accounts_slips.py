"""Slips: a code on paper opens an account once, within 14 days; a new one kills the old one and says who made it."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coi.accounts import slips
from coi.errors import NotPossible, Refused
from coi.models import Account, Slip
from coi.models.types import UNMISTAKABLE
from coi.vocabulary import Role
from tests.city import CLOCK, OPERATOR
from tests.factories import AccountFactory, PersonFactory, RoleGrantFactory

NEW = "cedar pocket velvet 9"


@pytest.fixture
def slip(db, cast, rosa):
    """The code of Rosa's slip."""
    code = slips.issue(rosa, cast.dee.actor, CLOCK)
    db.session.commit()
    return code


def type_code(client, code: str, number: str = "000777"):
    """Sends number and code."""
    return client.post("/accounts/first-sign-in", data={"number": number, "code": code})


def come_in(client, code: str, language: str = "es", **more: str):
    """Walks from the slip to the first page inside."""
    assert type_code(client, code).location == "/accounts/first-language"
    assert client.post("/accounts/first-language", data={"language": language}).location == "/accounts/first-passphrase"
    return client.post("/accounts/first-passphrase", data={"passphrase": NEW, **more})


def account(db, person) -> Account:
    """The account as it stands now."""
    db.session.expire_all()
    return db.session.scalars(select(Account).where(Account.person_id == person.id)).one()


def test_a_code_has_ten_letters_that_nobody_mistakes(slip):
    assert len(slip) == 10
    assert set(slip) <= set(UNMISTAKABLE)


def test_only_the_hash_of_a_code_is_kept(db, slip, told):
    row = db.session.scalars(select(Slip)).one()
    assert (len(row.code_hash), slip in row.code_hash) == (64, False)
    assert told("slip:issued")[-1][1] == {"expires": "2026-03-16", "identity_checked": False}


def test_the_way_in_goes_from_slip_to_language_to_passphrase_to_home(db, rosa, slip, client, told):
    assert come_in(client, slip).location == "/"
    page = client.get("/accounts/me").text
    assert '<html lang="es">' in page
    made = account(db, rosa)
    assert (made.language, made.last_code_by_desk) == ("es", False)
    assert told("sign_in:started")[-1] == (f"account:{made.id}", {"method": "slip"})
    assert told("password:set")[-1][1] == {"by": "slip"}


def test_the_language_is_asked_in_both_languages(rosa, slip, client):
    type_code(client, slip)
    page = client.get("/accounts/first-language").text
    assert "Which language do you want?" in page
    assert "¿Qué idioma prefiere?" in page


def test_a_code_may_be_typed_small_and_with_blanks(rosa, slip, client):
    assert type_code(client, f" {slip[:5].lower()} {slip[5:].lower()} ").status_code == 302


def test_afterwards_number_and_passphrase_open(app, rosa, slip, client):
    come_in(client, slip)
    reply = app.test_client().post("/accounts/sign-in", data={"login": "000777", "passphrase": NEW})
    assert reply.status_code == 302


def test_a_code_works_once(app, rosa, slip, client):
    come_in(client, slip)
    assert type_code(app.test_client(), slip).status_code == 422


def test_of_two_who_typed_the_code_the_second_is_told(app, db, rosa, slip, client):
    other = app.test_client()
    type_code(other, slip)
    come_in(client, slip)
    reply = other.post("/accounts/first-passphrase", data={"passphrase": "another pocket velvet"})
    assert reply.location == "/accounts/first-sign-in"
    assert db.session.scalar(select(func.count()).select_from(Slip).where(Slip.used_at.is_not(None))) == 1


@pytest.mark.parametrize(("days", "code"), [(13, 302), (14, 422)])
def test_a_code_is_good_for_fourteen_days(rosa, slip, client, clock, days, code):
    clock.shift(timedelta(days=days))
    assert type_code(client, slip).status_code == code


def test_half_an_hour_after_the_code_was_typed_it_is_asked_again(rosa, slip, client, clock):
    type_code(client, slip)
    clock.shift(timedelta(minutes=31))
    assert client.get("/accounts/first-passphrase").location == "/accounts/first-sign-in"


@pytest.mark.parametrize(("number", "code"), [("000777", "AAAAAAAAAA"), ("001002", None), ("999999", None), ("000777", "x" * 41)])
def test_any_other_pair_gets_one_answer(rosa, slip, client, number, code):
    reply = type_code(client, code or slip, number)
    assert reply.status_code == 422
    assert "Ask the desk for a new one" in reply.text or "at most 40" in reply.text


def test_wrong_codes_keep_nobody_out_who_holds_the_right_one(rosa, slip, app):
    for _try in range(30):
        type_code(app.test_client(), "AAAAAAAAAA")
    assert type_code(app.test_client(), slip).status_code == 302


def test_a_weak_passphrase_leaves_the_slip_good(rosa, slip, client):
    type_code(client, slip)
    client.post("/accounts/first-language", data={"language": "en"})
    reply = client.post("/accounts/first-passphrase", data={"passphrase": "000777 Rosa Paz 2026"})
    assert (reply.status_code, "your own name" in reply.text) == (422, True)
    assert client.post("/accounts/first-passphrase", data={"passphrase": NEW}).location == "/"


def test_a_wrong_address_for_resets_leaves_the_slip_good(db, rosa, slip, client):
    type_code(client, slip)
    client.post("/accounts/first-language", data={"language": "en"})
    assert client.post("/accounts/first-passphrase", data={"passphrase": NEW, "reset_email": "nothing"}).status_code == 422
    assert account(db, rosa).password is None
    reply = client.post("/accounts/first-passphrase", data={"passphrase": NEW, "reset_email": "rosa@home.example"})
    assert (reply.location, account(db, rosa).reset_email) == ("/", "rosa@home.example")


class TestReissued:
    """A new slip for somebody who was in already."""

    @pytest.fixture
    def again(self, db, rosa, slip, client, sign_in):
        """Rosa came in; Dee checks who she is and makes a new slip; gives the page."""
        come_in(client, slip)
        return sign_in("dee").post("/accounts/slips/000777", data={"identity_checked": "y"}).text

    @pytest.fixture
    def code(self, again):
        """The new code as the page shows it."""
        return re.search(r'coi-reference">([A-Z0-9]{5} [A-Z0-9]{5})<', again)[1]

    def test_the_page_shows_the_code_in_both_languages(self, again, code):
        assert 'lang="en">Code<' in again
        assert 'lang="es">Código<' in again

    def test_the_sign_ins_end_and_the_person_is_told_who_did_it(self, again, client, letters):
        assert client.get("/accounts/me").location == "/accounts/sign-in"
        letter = letters("slip_reissued")[0]
        assert "Dee Desk" in letter.text

    def test_the_passphrase_ends_with_it(self, again, client):
        assert client.post("/accounts/sign-in", data={"login": "000777", "passphrase": NEW}).status_code == 422

    def test_a_signature_afterwards_says_that_the_code_came_from_the_desk(self, db, rosa, code, client, told):
        come_in(client, code)
        assert account(db, rosa).last_code_by_desk
        assert told("slip:used")[-1][1] == {"desk": True}

    def test_changing_the_passphrase_does_not_wash_that_away_but_a_letter_does(self, app, db, rosa, code, client):
        come_in(client, code, reset_email="rosa@home.example")
        client.post("/accounts/me/passphrase", data={"old": NEW, "passphrase": "another pocket velvet"})
        assert account(db, rosa).last_code_by_desk
        from coi.accounts.entering import token_for

        token = token_for(account(db, rosa), app.config["SECRET_KEY"])
        client.post("/accounts/sign-out")
        assert client.post(f"/accounts/reset/{token}", data={"passphrase": NEW}).status_code == 302
        assert not account(db, rosa).last_code_by_desk

    def test_without_a_look_at_who_is_there_it_is_refused(self, db, rosa, code, sign_in):
        reply = sign_in("dee").post("/accounts/slips/000777")
        assert (reply.status_code, "Check who is in front of you" in reply.text) == (422, True)

    def test_the_older_code_is_dead(self, cast, rosa, code, client):
        newer = slips.issue(rosa, cast.dee.actor, CLOCK, True)
        assert type_code(client, code).status_code == 422
        assert type_code(client, newer).status_code == 302


def test_nobody_makes_a_slip_for_themselves(cast, sign_in):
    with pytest.raises(NotPossible):
        slips.issue(cast.dee.person, cast.dee.actor, CLOCK, True)
    assert sign_in("dee").post("/accounts/slips/001009", data={"identity_checked": "y"}).status_code == 404


def test_who_left_or_has_no_number_gets_no_slip(db, cast, rosa):
    rosa.active = False
    with pytest.raises(NotPossible):
        slips.issue(rosa, cast.dee.actor, CLOCK)
    with pytest.raises(NotPossible):
        slips.issue(PersonFactory(number=None, email="vera@city.example", employee=False), cast.dee.actor, CLOCK)


def test_who_has_a_passphrase_is_looked_at_first(cast):
    with pytest.raises(Refused) as refusal:
        slips.issue(cast.finn.person, cast.dee.actor, CLOCK)
    assert refusal.value.field == "identity_checked"


class TestStation:
    """The slips of a station: one PDF, a sheet for each person without another way in."""

    @pytest.fixture(autouse=True)
    def people(self, db, rosa):
        """Three more at Station 3: one with e-mail, one who is in already, one who left."""
        PersonFactory(department="Station 3", email="post@city.example")
        AccountFactory(person=PersonFactory(department="Station 3", email=None), email="000001-in")
        PersonFactory(department="Station 3", email=None, active=False)
        PersonFactory(department="Station 3", email=None, name="Ana *Ñandú* #let")
        db.session.commit()

    def make(self, sign_in, **more: str):
        """Prints Station 3."""
        return sign_in("dee").post("/accounts/slips/station", data={"department": "Station 3", **more})

    def test_it_is_one_file_with_a_code_for_each(self, db, sign_in):
        reply = self.make(sign_in)
        assert (reply.status_code, reply.mimetype, reply.data[:5]) == (200, "application/pdf", b"%PDF-")
        assert reply.headers["Cache-Control"] == "no-store"
        assert db.session.scalar(select(func.count()).select_from(Slip)) == 2

    def test_a_second_time_nobody_loses_a_slip_that_works(self, db, sign_in):
        self.make(sign_in)
        assert self.make(sign_in).location == "/accounts/slips"
        assert db.session.scalar(select(func.count()).select_from(Slip).where(Slip.void_at.is_not(None))) == 0

    def test_asked_for_it_everybody_gets_a_new_one(self, db, sign_in):
        self.make(sign_in)
        assert self.make(sign_in, also_with_slip="y").status_code == 200
        assert db.session.scalar(select(func.count()).select_from(Slip).where(Slip.void_at.is_not(None))) == 2

    def test_the_page_counts_them(self, sign_in):
        assert "2 people without a slip" in sign_in("dee").get("/accounts/slips").text
        self.make(sign_in)
        page = sign_in("sia").get("/accounts/slips").text
        assert "0 people without a slip" in page
        assert "2 hold a slip that works" in page

    @pytest.mark.parametrize("department", ["", "Nowhere", "x" * 300, "\x00"])
    def test_no_such_station_makes_nothing(self, db, sign_in, department):
        assert sign_in("dee").post("/accounts/slips/station", data={"department": department}).location == "/accounts/slips"

    def test_the_sheet_holds_both_languages_and_the_code(self, app, rosa):
        from coi.accounts import paper
        from coi.profiles.current import current_profile

        made = paper.pdf([paper.Sheet(rosa, "ABCDE FGHJK")], current_profile().city, CLOCK, "https://forms.city.example/")
        assert len(made) > 5_000
        assert io.BytesIO(made).read(5) == b"%PDF-"


def test_the_desk_finds_people_by_name_and_number_and_never_itself(sign_in, rosa):
    dee = sign_in("dee")
    assert "/accounts/slips/000777" in dee.get("/accounts/slips?search=paz").text
    assert "/accounts/slips/000777" in dee.get("/accounts/slips?search=000777").text
    assert "/accounts/slips/000777" not in dee.get("/accounts/slips?search=%25").text
    assert "/accounts/slips/001009" not in dee.get("/accounts/slips?search=dee").text


@pytest.mark.parametrize("name", ["olu", "sia", "ada", "dan"])
def test_nobody_of_the_desk_opens_the_account_of_who_holds_a_role(cast, sign_in, told, name):
    reply = sign_in("dee").post(f"/accounts/slips/{cast[name].person.number}", data={"identity_checked": "y"})
    assert reply.status_code == 422
    assert "holds a role" in reply.text
    assert told("slip:issued") == []


def test_an_operator_of_the_host_helps_who_holds_a_role(cast):
    assert len(slips.issue(cast.olu.person, OPERATOR, CLOCK, identity_checked=True)) == 10


def test_a_slip_of_the_desk_opens_nothing_once_its_person_holds_a_role(db, rosa, slip, client):
    RoleGrantFactory(account=account(db, rosa), role=Role.REVIEWER)
    db.session.commit()
    assert type_code(client, slip).status_code == 422
