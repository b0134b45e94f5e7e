"""Roles on record: two persons, never oneself, never two that exclude each other; those that end by themselves; break-glass."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.accounts import queries, requests, roles
from coi.accounts.door import actor_of
from coi.errors import NotPossible, Refused
from coi.models import AuditEntry, Installation, Letter, Request, RoleGrant, SignIn
from coi.vocabulary import RequestState, Role
from tests.city import CLOCK
from tests.factories import OPERATOR, an_entry, make_sign_in

TODAY = CLOCK.date()


@pytest.fixture
def settled(db, cast):
    """A city whose first senior officer has signed in: nobody acts alone any more."""
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry(CLOCK)
    db.session.commit()


def asked(db) -> Request:
    return db.session.scalars(select(Request).order_by(Request.id.desc())).first()


def held(member) -> frozenset[Role]:
    return queries.roles_of(member.account, TODAY)


def letters(db, kind: str) -> dict[str, Letter]:
    return {one.to_address.partition("@")[0]: one for one in db.session.scalars(select(Letter).where(Letter.kind == kind))}


def newest(db, event: str) -> AuditEntry:
    wanted = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq.desc())
    return db.session.scalars(wanted).first()


def ask(client, login="kit@city.example", role="reviewer", **more):
    return client.post("/accounts/roles/give", data={"login": login, "role": role, "reason": "new in the office", **more})


def test_a_role_holds_only_after_a_second_person_approved_it(db, cast, settled, sign_in):
    assert ask(sign_in("dee")).status_code == 302
    request = asked(db)
    assert request.state is RequestState.WAITING
    assert held(cast.kit) == frozenset()
    assert sign_in("sia").post(f"/accounts/requests/{request.reference}/approve").status_code == 302
    db.session.expire_all()
    assert held(cast.kit) == {Role.REVIEWER}
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.account_id == cast.kit.account.id)).one()
    assert (grant.asked_by, grant.approved_by, grant.setup) == (cast.dee.actor.name, cast.sia.actor.name, False)
    told = newest(db, "role:granted").details
    assert '"two_persons":true' in told
    assert cast.dee.actor.name in told


def test_senior_officers_and_auditors_get_a_letter_about_a_role_in_words(db, cast, settled, sign_in):
    cast.ada.account.language = "es"
    ask(sign_in("dee"))
    sign_in("sia").post(f"/accounts/requests/{asked(db).reference}/approve")
    told = letters(db, "role_granted")
    assert set(told) == {"sia", "sol", "ada"}
    assert "Dee Desk" in told["sol"].text
    assert "account:" not in told["sol"].text
    assert "Ethics reviewer" in told["sol"].text
    assert "Ethics reviewer" not in told["ada"].text


def test_the_administrators_role_waits_for_another_administrator(db, cast, settled, sign_in):
    ask(sign_in("dee"), role="administrator")
    request = asked(db)
    assert requests.approvers_of(request.action) == {Role.ADMINISTRATOR}
    assert sign_in("sia").get(f"/accounts/requests/{request.reference}").status_code == 404
    assert sign_in("dee").post(f"/accounts/requests/{request.reference}/approve").status_code == 404
    assert sign_in("dan").post(f"/accounts/requests/{request.reference}/approve").status_code == 302
    db.session.expire_all()
    assert held(cast.kit) == {Role.ADMINISTRATOR}
    assert set(letters(db, "role_granted")) == {"sia", "sol", "ada"}


def test_nobody_asks_for_a_role_for_themselves(db, cast, settled, sign_in):
    reply = ask(sign_in("dee"), login="dee@city.example", role="campaign_desk")
    assert reply.status_code == 422
    assert "Nobody gives a role to themselves." in reply.text
    assert asked(db) is None


def test_nobody_approves_a_role_for_themselves(db, cast, settled, sign_in):
    ask(sign_in("dee"), login="sia@city.example", role="recorder")
    reply = sign_in("sia").post(f"/accounts/requests/{asked(db).reference}/approve")
    assert reply.status_code == 422
    assert "Nobody gives a role to themselves." in reply.text
    db.session.expire_all()
    assert held(cast.sia) == {Role.SENIOR_OFFICER}
    assert asked(db).state is RequestState.WAITING


@pytest.mark.parametrize(
    ("name", "role", "words"),
    [
        ("ada", "campaign_desk", "Auditor and Campaign desk"),
        ("olu", "auditor", "Ethics reviewer and Auditor"),
        ("dee", "reviewer", "Ethics reviewer and Administrator"),
        ("dee", "senior_officer", "Senior ethics officer and Administrator"),
        ("dee", "solicitor", "Administrator and Solicitor"),
    ],
)
def test_two_roles_that_exclude_each_other_are_named(db, cast, settled, sign_in, name, role, words):
    reply = ask(sign_in("dan"), login=f"{name}@city.example", role=role)
    assert reply.status_code == 422
    assert f"One person can&#39;t be both: {words}." in reply.text
    assert asked(db) is None


def test_a_clash_that_came_up_meanwhile_is_refused_at_approval(db, cast, settled, sign_in):
    dee, sia = sign_in("dee"), sign_in("sia")
    ask(dee, role="reviewer")
    first = asked(db)
    ask(dee, role="auditor")
    second = asked(db)
    sia.post(f"/accounts/requests/{first.reference}/approve")
    assert sia.post(f"/accounts/requests/{second.reference}/approve").status_code == 302
    assert "changed meanwhile" in sia.get("/accounts/requests").text
    db.session.expire_all()
    assert second.state is RequestState.VOID
    assert held(cast.kit) == {Role.REVIEWER}


def test_taking_a_role_away_needs_two_as_well_and_ends_sign_ins(db, cast, settled, sign_in):
    olu = sign_in("olu")
    page = sign_in("dee").get("/accounts/roles")
    reference = f"{cast.olu.account.fs_uniquifier[: queries.PIECE]}.reviewer"
    assert reference in page.text
    assert sign_in("dee").post(f"/accounts/roles/{reference}/end", data={"reason": "moved on"}).status_code == 302
    assert olu.get("/review/").status_code == 200
    sign_in("sia").post(f"/accounts/requests/{asked(db).reference}/approve")
    db.session.expire_all()
    assert held(cast.olu) == frozenset()
    reply = olu.get("/review/")
    assert (reply.status_code, reply.location) == (302, "/accounts/sign-in")
    assert set(letters(db, "role_ended")) == {"sia", "sol", "ada"}


def test_a_new_role_ends_the_sign_ins_that_knew_nothing_of_it(db, cast, settled, sign_in):
    kit = sign_in("kit")
    ask(sign_in("dee"))
    sign_in("sia").post(f"/accounts/requests/{asked(db).reference}/approve")
    assert kit.get("/").location == "/accounts/sign-in"
    assert db.session.scalars(select(SignIn.ended_because).where(SignIn.account_id == cast.kit.account.id)).all() == [
        "roles_changed"
    ]


@pytest.mark.parametrize(("role", "last", "other"), [("senior_officer", "sia", "sol"), ("administrator", "dee", "dan")])
def test_the_last_one_of_a_role_that_all_others_need_stays(db, cast, settled, role, last, other):
    actor = cast[other].actor
    told = {"account": cast[other].account.id, "role": role}
    requests._ACTS["end"].run(told, None, cast.dee.actor, CLOCK)
    told["account"] = cast[last].account.id
    with pytest.raises(NotPossible, match="Nobody else holds the role"):
        requests._ACTS["end"].run(told, None, actor, CLOCK)
    assert held(cast[last]) == {Role(role)}


def test_a_role_with_a_last_day_ends_by_itself_and_can_be_given_again(db, cast, settled, sign_in, clock):
    ask(sign_in("dee"), until="2026-03-03")
    sign_in("sia").post(f"/accounts/requests/{asked(db).reference}/approve")
    db.session.expire_all()
    assert Role.REVIEWER in actor_of(cast.kit.account, TODAY + timedelta(days=1)).roles
    assert actor_of(cast.kit.account, TODAY + timedelta(days=2)).roles == frozenset()
    clock.shift(timedelta(days=2))
    assert "Kit Stranger" not in sign_in("dee").get("/accounts/roles").text
    assert ask(sign_in("dee")).status_code == 302
    assert asked(db).state is RequestState.WAITING


def test_a_day_that_is_over_is_no_last_day(db, cast, settled, sign_in):
    reply = ask(sign_in("dee"), until="2026-03-01")
    assert reply.status_code == 422
    assert "Choose a day that is still to come." in reply.text


def test_who_has_left_gets_no_role_and_holds_none(db, cast, settled, sign_in):
    cast.kit.person.active = cast.olu.person.active = False
    db.session.commit()
    assert "no longer works for the City" in ask(sign_in("dee")).text
    assert actor_of(cast.olu.account, TODAY).roles == frozenset()
    assert cast.olu.person not in queries.holders({Role.REVIEWER}, TODAY)


def test_a_role_for_nobody_is_refused(db, cast, settled, sign_in):
    reply = ask(sign_in("dee"), login="nobody@city.example")
    assert reply.status_code == 422
    assert "There is nobody with this number or e-mail." in reply.text


def test_a_city_may_turn_the_second_person_off_and_the_log_says_so(db, cast, settled, sign_in, monkeypatch):
    monkeypatch.setattr(requests, "needs_second", lambda _action: False)
    assert ask(sign_in("dee")).status_code == 302
    assert asked(db) is None
    assert held(cast.kit) == {Role.REVIEWER}
    assert '"two_persons":false' in newest(db, "role:granted").details


def test_too_few_senior_officers_or_administrators_is_a_standing_warning(db, cast, settled, sign_in):
    assert "at least two people" not in sign_in("dee").get("/accounts/roles").text
    cast.sol.person.active = False
    db.session.commit()
    page = sign_in("dee").get("/accounts/roles")
    assert "at least two people with the role: Senior ethics officer" in page.text
    assert queries.warnings(TODAY) == ["senior_officer"]


def test_an_operator_acts_alone_only_while_the_city_is_set_up(db, cast):
    assert roles.ask_grant(cast.kit.account, Role.REVIEWER, None, "set up", OPERATOR, CLOCK) is None
    assert '"setup":true' in newest(db, "role:granted").details
    assert letters(db, "role_granted") == {}
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry(CLOCK)
    made = roles.ask_grant(cast.finn.account, Role.REVIEWER, None, "more hands", OPERATOR, CLOCK)
    assert made is not None
    assert held(cast.finn) == frozenset()
    with pytest.raises(NotPossible, match="second person"):
        roles.grant_in_setup(cast.finn.account, Role.REVIEWER, OPERATOR, CLOCK)


def test_what_an_operator_asked_is_approved_by_a_senior_officer_on_the_page(db, cast, settled, sign_in):
    made = roles.ask_grant(cast.finn.account, Role.REVIEWER, None, "more hands", OPERATOR, CLOCK)
    reference = made.reference
    assert sign_in("sol").post(f"/accounts/requests/{reference}/approve").status_code == 302
    db.session.expire_all()
    assert held(cast.finn) == {Role.REVIEWER}
    assert "operator tests" in letters(db, "role_granted")["ada"].text


def test_break_glass_opens_one_role_for_seven_days_and_tells_everybody_who_watches(db, cast, settled):
    roles.ask_grant(cast.ren.account, Role.SOLICITOR, None, "counsel", OPERATOR, CLOCK)
    requests.approve(asked(db), "", cast.sia.actor, CLOCK)
    until = roles.break_glass(cast.kit.account, Role.SENIOR_OFFICER, "both officers are out", OPERATOR, CLOCK)
    assert until == TODAY + timedelta(days=7)
    assert Role.SENIOR_OFFICER in actor_of(cast.kit.account, until).roles
    assert actor_of(cast.kit.account, until + timedelta(days=1)).roles == frozenset()
    told = letters(db, "break_glass")
    assert {"ada", "ren", "sia", "sol"} <= set(told)
    assert "both officers are out" in told["ada"].text
    assert "March 9, 2026" in told["ada"].text
    assert "both officers" not in newest(db, "role:break_glass").details


def test_break_glass_asks_for_a_reason_and_opens_no_clash(db, cast, settled):
    with pytest.raises(Refused, match="Write the reason"):
        roles.break_glass(cast.kit.account, Role.SENIOR_OFFICER, " ", OPERATOR, CLOCK)
    with pytest.raises(NotPossible, match="can't be both"):
        roles.break_glass(cast.dee.account, Role.SENIOR_OFFICER, "an emergency", OPERATOR, CLOCK)


def test_a_page_knows_the_roles_of_today_not_those_at_sign_in(app, db, cast, settled):
    token = make_sign_in(cast.olu.account, CLOCK)
    db.session.scalars(select(RoleGrant).where(RoleGrant.account_id == cast.olu.account.id)).one().ended_seq = an_entry(CLOCK)
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["sign_in"] = token
    assert client.get("/review/").status_code == 403
