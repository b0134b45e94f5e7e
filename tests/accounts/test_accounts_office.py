"""What the administrator does with accounts: never a secret, never the own; people who are no employees come and go by date."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.models import Account, Person
from tests.factories import PASSPHRASE


@pytest.fixture
def place(cast):
    """The address of Finn's account."""
    return f"/accounts/of/{cast.finn.account.fs_uniquifier[:16]}"


def test_the_page_shows_how_somebody_signs_in_and_no_secret(db, cast, sign_in, place):
    cast.finn.account.reset_email = "finn@home.example"
    page = sign_in("dee").get(place).text
    assert "Finn Filer" in page
    assert "finn@home.example" not in page
    assert cast.finn.account.password not in page


def test_every_sign_in_of_somebody_ends_at_once(cast, sign_in, place, told):
    finn = sign_in("finn")
    assert sign_in("dee").post(f"{place}/end-sign-ins").status_code == 302
    assert finn.get("/accounts/me").location == "/accounts/sign-in"
    assert told("sign_in:ended")[-1] == (cast.dee.actor.name, {"because": "ended_by_office"})


def test_a_letter_is_started_and_its_link_shown_to_nobody(cast, sign_in, place, letters, told):
    dee = sign_in("dee")
    assert dee.post(f"{place}/letter").status_code == 302
    assert "/accounts/reset/" not in dee.get(place).text
    assert letters("reset")[0].to_address == "finn@city.example"
    assert told("password:reset_asked") == [(cast.dee.actor.name, {"by": "office"})]


def test_a_closed_account_is_out_at_once_and_comes_back_with_its_own_secret(cast, sign_in, client, place, told):
    finn, dee = sign_in("finn"), sign_in("dee")
    assert dee.post(f"{place}/close", data={"because": "misused"}).status_code == 302
    assert finn.get("/accounts/me").location == "/accounts/sign-in"
    assert told("account:closed")[-1] == (cast.dee.actor.name, {"because": "misused"})
    assert "Open the account again" in dee.get(place).text
    dee.post(f"{place}/open")
    assert client.post("/accounts/sign-in", data={"login": "001002", "passphrase": PASSPHRASE}).location == "/"


@pytest.mark.parametrize("because", ["", "something else"])
def test_a_reason_is_one_of_the_list(db, cast, sign_in, place, because):
    assert sign_in("dee").post(f"{place}/close", data={"because": because}).status_code == 422
    assert db.session.get(Account, cast.finn.account.id).active


def test_who_holds_a_role_is_not_closed_by_one_alone(db, cast, sign_in):
    place = f"/accounts/of/{cast.sia.account.fs_uniquifier[:16]}"
    reply = sign_in("dee").post(f"{place}/close", data={"because": "left"})
    assert (reply.status_code, "End the role first" in reply.text) == (422, True)
    assert db.session.get(Account, cast.sia.account.id).active


def test_nobody_keeps_the_own_account_here(cast, sign_in):
    place = f"/accounts/of/{cast.dee.account.fs_uniquifier[:16]}"
    assert sign_in("dee").get(place).status_code == 404
    assert sign_in("dan").get(place).status_code == 200


def test_weighty_acts_ask_the_passphrase_again_after_a_quarter_of_an_hour(sign_in, place):
    assert "Is it still you?" in sign_in("dee", ago=timedelta(minutes=16)).post(f"{place}/close").text


class TestOutsiders:
    """Commissioners, outside counsel, outside auditors (U7)."""

    VERA = {  # a form as it is sent
        "name": "Vera Vance",
        "email": "Vera@Law.example",
        "body": "Ethics Commission",
        "appointed_by": "City Council",
        "serves_from": "2026-01-01",
        "serves_to": "2026-12-31",
    }

    def make(self, sign_in, **more: str):
        """Sends the form."""
        return sign_in("dee").post("/accounts/outsiders", data={**self.VERA, **more})

    def test_an_account_is_made_with_body_authority_and_dates(self, db, cast, sign_in, letters, told):
        assert self.make(sign_in).status_code == 302
        vera = db.session.scalars(select(Person).where(Person.name == "Vera Vance")).one()
        assert (vera.email, vera.employee, vera.body, vera.appointed_by) == (
            "vera@law.example",
            False,
            "Ethics Commission",
            "City Council",
        )
        assert letters("reset")[0].to_address == "vera@law.example"
        assert told("account:created")[-1][1]["person"] == vera.id
        assert "Vera Vance" in sign_in("dee").get("/accounts/outsiders").text

    @pytest.mark.parametrize(
        "form",
        [
            {"name": "  "},
            {"email": "vera@law.example, x@law.example"},
            {"email": "finn@city.example"},
            {"body": ""},
            {"appointed_by": ""},
            {"serves_to": ""},
            {"serves_to": "2025-01-01"},
            {"name": "Vera\ufffe"},
        ],
    )
    def test_what_is_missing_or_taken_is_said_and_kept(self, db, cast, sign_in, form):
        reply = self.make(sign_in, **form)
        assert reply.status_code == 422
        assert "City Council" in reply.text or "appointed_by" in form
        assert db.session.scalar(select(Person.id).where(Person.body == "Ethics Commission")) is None


def test_one_alone_with_a_role_that_needs_two_is_a_standing_warning(db, cast, sign_in):
    assert "at least two people" not in sign_in("sia").get("/accounts/requests").text
    cast.dan.person.active = False
    for page in ("/accounts/requests", "/accounts/roles"):
        told = sign_in("sia").get(page).text
        assert "at least two people with the role: Administrator" in told
        assert "role: Senior" not in told
