"""`flask accounts`: alone while the city is set up, later only asking; break-glass for seven days; one sentence when refused."""

from datetime import date

import pytest
from sqlalchemy import select

from coi.models import Account, Installation, Person, Request, RoleGrant
from coi.vocabulary import Role
from tests.city import CLOCK
from tests.factories import PASSPHRASE, PersonFactory, an_entry

VERA = (
    "--name",
    "Vera Vance",
    "--body",
    "Outside counsel",
    "--appointed-by",
    "Council",
    "--from",
    "2026-01-01",
    "--to",
    "2026-12-31",
)


@pytest.fixture
def run(runner):
    """`run("grant", …)`: what `flask accounts grant …` answered."""
    return lambda *arguments, **more: runner.invoke(args=["accounts", *arguments], **more)


@pytest.fixture
def set_up(db, cast):
    """The first senior officer has signed in."""
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry(CLOCK)
    db.session.commit()


def grants(db, role: Role) -> list[RoleGrant]:
    """Who was granted a role, beside the cast."""
    return list(db.session.scalars(select(RoleGrant).where(RoleGrant.role == role, RoleGrant.starts_on == CLOCK.date())))


def test_somebody_of_the_roster_gets_account_passphrase_and_role(db, cast, run, client, told):
    PersonFactory(number="000901", name="Pia Post", email="pia@city.example")
    done = run("create", "000901", "--role", "administrator", "--passphrase-stdin", input="cedar pocket velvet 9\n")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "cedar" not in done.stdout
    assert client.post("/accounts/sign-in", data={"login": "000901", "passphrase": "cedar pocket velvet 9"}).location == "/"
    actor, details = told("role:granted")[-1]
    assert actor.startswith("operator:")
    assert (details["setup"], details["two_persons"], details["asked_by"]) == (True, False, actor)


def test_somebody_who_is_no_employee_gets_body_authority_and_dates(db, cast, run):
    assert run("create", "vera@law.example", *VERA).exit_code == 0
    vera = db.session.scalars(select(Person).where(Person.email == "vera@law.example")).one()
    assert (vera.employee, vera.body, vera.serves_to) == (False, "Outside counsel", date(2026, 12, 31))


@pytest.mark.parametrize("passphrase", ["short\n", "", "passwordpassword\n"])
def test_a_weak_passphrase_makes_nothing(db, cast, run, passphrase):
    done = run("create", "vera@law.example", *VERA, "--passphrase-stdin", input=passphrase)
    assert (done.exit_code, len(done.stderr.strip().splitlines())) == (1, 1)
    assert db.session.scalar(select(Person.id).where(Person.email == "vera@law.example")) is None


def test_nobodys_passphrase_is_replaced_by_an_operator(db, cast, run, client):
    assert run("create", "001007", "--passphrase-stdin", input="cedar pocket velvet 9\n").exit_code == 1
    assert client.post("/accounts/sign-in", data={"login": "001007", "passphrase": PASSPHRASE}).status_code == 302


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "999999"),
        ("create", "vera@law.example"),
        ("create", "no address", "--name", "Vera"),
        ("grant", "999999", "auditor"),
        ("grant", "001001", "ethicist"),
        ("grant", "001006", "reviewer"),
        ("grant", "001009", "senior_officer"),
        ("revoke", "001001", "auditor", "--reason", "mistake"),
        ("slip", "999999"),
        ("slip", "001002"),
        ("reset", "999999"),
        ("break-glass", "001001", "administrator"),
    ],
)
def test_what_is_refused_is_said_on_stderr_and_changes_nothing(db, cast, run, arguments):
    before = db.session.scalars(select(RoleGrant.id)).all()
    done = run(*arguments)
    assert done.exit_code != 0
    assert (done.stdout, bool(done.stderr)) == ("", True)
    assert "Traceback" not in done.stderr
    assert db.session.scalars(select(RoleGrant.id)).all() == before


def test_afterwards_a_role_is_only_asked_for(db, cast, set_up, run, told):
    done = run("grant", "001003", "reviewer", "--reason", "more filings than hands")
    assert (done.exit_code, "Asked: REQ-2026-" in done.stdout) == (0, True)
    assert grants(db, Role.REVIEWER) == []
    asked = db.session.scalars(select(Request)).one()
    assert (asked.action, asked.asked_by_id) == ("grant", None)
    assert told("role:granted") == []


def test_afterwards_it_takes_a_reason(db, cast, set_up, run):
    assert run("grant", "001003", "reviewer").exit_code == 1
    assert db.session.scalars(select(Request)).all() == []


def test_a_role_is_taken_away_alone_only_while_the_city_is_set_up(db, cast, run, told):
    assert run("revoke", "001004", "reviewer", "--reason", "wrong person").exit_code == 0
    assert told("role:ended")[-1][1]["setup"] is True


def test_a_letter_is_sent_and_its_link_not_shown(cast, run, letters):
    done = run("reset", "001002")
    assert done.exit_code == 0
    assert "/accounts/reset/" not in done.stdout
    assert len(letters("reset")) == 1


def test_a_slip_is_shown_once_or_written_as_a_sheet(db, cast, rosa, run, client, tmp_path):
    number, code = run("slip", "000777").stdout.strip().split("code ")
    assert "000777" in number
    assert client.post("/accounts/first-sign-in", data={"number": "000777", "code": code}).status_code == 302
    sheet = tmp_path / "slip.pdf"
    assert run("slip", "000777", "--out", str(sheet)).exit_code == 0
    assert sheet.read_bytes()[:5] == b"%PDF-"
    assert client.post("/accounts/first-sign-in", data={"number": "000777", "code": code}).status_code == 422


def test_break_glass_opens_a_role_for_seven_days_and_tells_everybody_who_watches(db, cast, set_up, run, told, letters):
    done = run("break-glass", "001001", "administrator", "--reason", "both administrators are away")
    assert (done.exit_code, "2026-03-09" in done.stdout) == (0, True)
    assert [grant.ends_on for grant in grants(db, Role.ADMINISTRATOR)] == [date(2026, 3, 9)]
    details = told("role:break_glass")[-1][1]
    assert (details["role"], details["until"], len(details["because"])) == ("administrator", "2026-03-09", 64)
    assert {letter.to_address for letter in letters("break_glass")} == {
        "sia@city.example",
        "sol@city.example",
        "ada@city.example",
    }


def test_a_role_by_break_glass_is_over_by_itself(db, cast, set_up, run, sign_in, clock):
    run("break-glass", "001001", "administrator", "--reason", "both administrators are away")
    assert sign_in("sam").get("/accounts/roles").status_code == 200
    clock.move_to(CLOCK.replace(day=10))
    assert sign_in("sam").get("/accounts/roles").status_code == 403


def test_the_first_senior_officer_ends_the_set_up_and_sees_what_was_done(db, cast, run, client):
    run("grant", "001003", "recorder")
    assert db.session.scalars(select(Installation)).one().setup_ended_seq is None
    reply = client.post("/accounts/sign-in", data={"login": "sia@city.example", "passphrase": PASSPHRASE})
    assert reply.location == "/accounts/set-up"
    page = client.get("/accounts/set-up").text
    assert "Kit Stranger" in page
    assert "Recorder" in page
    assert db.session.scalars(select(Installation)).one().setup_ended_seq is not None
    assert run("grant", "001003", "paper_entry").exit_code == 1


def test_accounts_are_made_for_many_at_once(db, cast, app):
    from coi.accounts.actions import ensure_accounts

    people = [PersonFactory(email="shared@city.example"), PersonFactory(email="shared@city.example"), PersonFactory(email=None)]
    assert ensure_accounts([*people, cast.finn.person], cast.dee.actor, CLOCK) == 3
    assert ensure_accounts(people, cast.dee.actor, CLOCK) == 0
    logins = db.session.scalars(select(Account.email).where(Account.person_id.in_([person.id for person in people]))).all()
    assert sorted(logins) == sorted(["shared@city.example", people[1].number, people[2].number])
