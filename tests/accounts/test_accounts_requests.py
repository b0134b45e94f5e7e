"""What needs a second person: asked once, decided by another within 14 days, void when its subject changed, both in the log."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.accounts import queries, requests, roles
from coi.audit.chain import sha256
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import AuditEntry, Installation, Letter, Request, RoleGrant
from coi.vocabulary import RequestState, Role
from tests.city import CLOCK
from tests.factories import an_entry

REASON = "Kit helps out while Olu is away"


@pytest.fixture
def waiting(db, cast) -> Request:
    """Dee has asked that Kit becomes a reviewer."""
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry(CLOCK)
    roles.ask_grant(cast.kit.account, Role.REVIEWER, None, REASON, cast.dee.actor, CLOCK)
    db.session.commit()
    return db.session.scalars(select(Request)).one()


def entries(db, event: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.event == event)))


def given(db, cast) -> bool:
    wanted = select(RoleGrant.id).where(RoleGrant.account_id == cast.kit.account.id)
    return db.session.scalar(wanted) is not None


def test_a_request_is_in_the_log_by_digests_only(db, cast, waiting):
    told = entries(db, "request:made")[0].details
    assert sha256(REASON) in told
    assert waiting.parameters_sha256 in told
    assert "Kit helps" not in told


def test_everybody_who_may_approve_gets_a_letter_but_not_who_asked(db, cast, waiting):
    told = db.session.scalars(select(Letter.to_address).where(Letter.kind == "request_waiting")).all()
    assert sorted(told) == ["sia@city.example", "sol@city.example"]


def test_the_page_lists_what_waits_for_me_and_what_i_asked(cast, waiting, sign_in):
    mine = sign_in("sia").get("/accounts/requests").text
    assert "Give the role Ethics reviewer to Kit Stranger" in mine
    assert REASON in mine
    assert f"/accounts/requests/{waiting.reference}" in mine
    theirs = sign_in("dee").get("/accounts/requests").text
    assert waiting.reference in theirs
    assert f"/accounts/requests/{waiting.reference}" not in theirs
    assert "Waits for somebody else" in theirs


def test_somebody_who_has_nothing_to_do_with_it_sees_nothing(cast, waiting, sign_in):
    assert waiting.reference not in sign_in("dan").get("/accounts/requests").text
    assert sign_in("dan").get(f"/accounts/requests/{waiting.reference}").status_code == 404
    assert sign_in("kit").get("/accounts/requests").status_code == 403


def test_both_names_stand_in_the_entry_of_the_approval(db, cast, waiting, sign_in):
    sign_in("sia").post(f"/accounts/requests/{waiting.reference}/approve", data={"reason": "fine"})
    entry = entries(db, "request:approved")[0]
    assert entry.actor == cast.sia.actor.name
    assert cast.dee.actor.name in entry.details
    assert sha256("fine") in entry.details


def test_refusing_needs_a_reason_and_changes_nothing(db, cast, waiting, sign_in):
    sia = sign_in("sia")
    reply = sia.post(f"/accounts/requests/{waiting.reference}/refuse", data={"reason": "   "})
    assert reply.status_code == 422
    assert "Write the reason." in reply.text
    assert sia.post(f"/accounts/requests/{waiting.reference}/refuse", data={"reason": "not yet"}).status_code == 302
    db.session.expire_all()
    assert waiting.state is RequestState.REFUSED
    assert waiting.decision_reason == "not yet"
    assert not given(db, cast)


def test_who_asked_does_not_approve_whatever_the_page_says(db, cast, waiting):
    with pytest.raises(NotPossible, match="Nobody approves what they asked for"):
        requests.approve(waiting, "", cast.dee.actor, CLOCK)
    with pytest.raises(NotPossible, match="may not decide"):
        requests.approve(waiting, "", cast.olu.actor, CLOCK)
    assert not given(db, cast)


def test_a_request_is_decided_once(db, cast, waiting, sign_in):
    sia, sol = sign_in("sia"), sign_in("sol")
    sia.post(f"/accounts/requests/{waiting.reference}/approve")
    reply = sol.post(f"/accounts/requests/{waiting.reference}/refuse", data={"reason": "too late"})
    assert reply.status_code == 409
    assert "Somebody was faster" in reply.text
    assert "too late" in reply.text
    with pytest.raises(SomebodyWasFaster):
        requests.approve(waiting, "", cast.sol.actor, CLOCK)
    assert len(entries(db, "role:granted")) == 1


def test_after_fourteen_days_it_must_be_asked_again(db, cast, waiting, sign_in, clock):
    clock.shift(timedelta(days=14, seconds=1))
    sia = sign_in("sia")
    listed = sia.get("/accounts/requests").text
    assert "Nothing waits for a second person" in listed
    assert "waited longer than 14 days" in listed
    page = sia.get(f"/accounts/requests/{waiting.reference}").text
    assert "/approve" not in page
    reply = sia.post(f"/accounts/requests/{waiting.reference}/approve")
    assert reply.status_code == 422
    assert "must be asked again" in reply.text
    assert not given(db, cast)
    again = roles.ask_grant(cast.kit.account, Role.REVIEWER, None, REASON, cast.dee.actor, CLOCK + timedelta(days=15))
    assert again is not None


def test_on_the_fourteenth_day_it_can_still_be_approved(db, cast, waiting, sign_in, clock):
    clock.shift(timedelta(days=14))
    assert sign_in("sia").post(f"/accounts/requests/{waiting.reference}/approve").status_code == 302
    assert given(db, cast)


def test_the_same_is_not_asked_twice_while_it_waits(db, cast, waiting, sign_in):
    data = {"login": "kit@city.example", "role": "reviewer", "reason": "again"}
    reply = sign_in("dee").post("/accounts/roles/give", data=data)
    assert reply.status_code == 422
    assert "asked already" in reply.text


def test_a_subject_that_changed_voids_the_request(db, cast, waiting, sign_in):
    other = roles.ask_grant(cast.kit.account, Role.RECORDER, None, "minutes", cast.dee.actor, CLOCK)
    requests.approve(other, "", cast.sol.actor, CLOCK)
    sia = sign_in("sia")
    assert sia.post(f"/accounts/requests/{waiting.reference}/approve").status_code == 302
    db.session.expire_all()
    assert waiting.state is RequestState.VOID
    assert queries.roles_of(cast.kit.account, CLOCK.date()) == {Role.RECORDER}
    assert "subject_changed" in entries(db, "request:void")[0].details
    assert "No longer valid" in sia.get("/accounts/requests").text


def test_a_rule_that_fails_at_approval_leaves_the_request_waiting(db, cast, waiting, sign_in):
    cast.kit.person.active = False
    db.session.commit()
    reply = sign_in("sia").post(f"/accounts/requests/{waiting.reference}/approve", data={"reason": "go on"})
    assert reply.status_code == 422
    assert "no longer works for the City" in reply.text
    assert "go on" in reply.text
    db.session.expire_all()
    assert waiting.state is RequestState.WAITING
    assert entries(db, "request:approved") == []


def test_deciding_asks_the_passphrase_when_the_sign_in_is_older_than_a_quarter_of_an_hour(db, cast, waiting, sign_in):
    old = sign_in("sia", ago=timedelta(minutes=16))
    reply = old.post(f"/accounts/requests/{waiting.reference}/approve", data={"reason": "kept words"})
    assert reply.status_code == 422
    assert "Is it still you?" in reply.text
    assert "kept words" in reply.text
    assert not given(db, cast)
    again = {"reason": "kept words", "_passphrase": "granite lantern harbor 7"}
    assert old.post(f"/accounts/requests/{waiting.reference}/approve", data=again).status_code == 302
    assert given(db, cast)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_asking_takes_a_reason_of_a_sensible_length(db, cast, reason):
    with pytest.raises(Refused):
        roles.ask_grant(cast.kit.account, Role.REVIEWER, None, reason, cast.dee.actor, CLOCK)


def test_hostile_words_in_a_reason_stay_words(db, cast, waiting, sign_in):
    dee = sign_in("dee")
    data = {"login": "finn@city.example", "role": "recorder", "reason": "<script>alert(1)</script> {{7*7}} %(x)s"}
    assert dee.post("/accounts/roles/give", data=data).status_code == 302
    page = sign_in("sia").get("/accounts/requests").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} %(x)s" in page
    for bad in ("a\x00b", "a\ufffeb", "a\x1bb"):
        assert dee.post("/accounts/roles/give", data={**data, "reason": bad}).status_code == 422
