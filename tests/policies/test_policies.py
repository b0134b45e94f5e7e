"""Policies: published from the profile and never changed, signed in words of the person's own, readable by everybody."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from coi.errors import Refused
from coi.models import AuditEntry, Flag, PolicyReceipt, PolicyVersion
from coi.policies import queries
from coi.policies.actions import load_from_profile, sign
from coi.policies.markdown import as_html
from coi.profiles.current import current_profile
from coi.profiles.schema import Policy, Profile
from coi.vocabulary import Event, Receipt, State
from tests.city import CLOCK
from tests.factories import OPERATOR, filing

TODAY = date(2026, 3, 2)


def told(**more) -> dict:
    """One version of a policy as a profile says it."""
    return {
        "version": "1",
        "effective_on": "2024-08-30",
        "text": {"en": "# Fair\n\nBe fair.", "es": "# Justo\n\nSea justo."},
        **more,
    }


def profile(*versions: dict, title: str = "Code of conduct") -> Profile:
    """The city's profile with one policy in these versions."""
    policy = Policy.model_validate({"id": "code", "title": {"en": title, "es": "Código de conducta"}, "versions": list(versions)})
    return current_profile().model_copy(update={"policies": [policy]})


@pytest.fixture
def city_of(monkeypatch):
    """`city_of(profile)`: from here on the city has this profile."""

    def use(made: Profile) -> Profile:
        monkeypatch.setattr("coi.policies.queries.current_profile", lambda: made)
        return made

    return use


def load(made: Profile) -> int:
    """Loads the policies of a profile."""
    return load_from_profile(made, OPERATOR, CLOCK)


def test_a_version_is_published_once(db):
    made = profile(told())
    assert (load(made), load(made)) == (1, 0)
    row = db.session.scalars(select(PolicyVersion)).one()
    assert (row.title["es"], row.effective_on, row.summary) == ("Código de conducta", date(2024, 8, 30), True)
    entry = json.loads(db.session.scalar(select(AuditEntry.details).where(AuditEntry.event == Event.POLICY_PUBLISHED.code)))
    assert entry == {"policy": "code", "version": "1", "sha256": row.sha256}


@pytest.mark.parametrize(
    "changed", [{"text": {"en": "Be kind."}}, {"effective_on": "2024-09-01"}, {"binds": {"filer": "unit", "is": "police"}}]
)
def test_a_published_version_never_changes(db, changed):
    load(profile(told()))
    with pytest.raises(Refused, match="new version"):
        load(profile(told(**changed)))


def test_switching_our_summary_on_is_no_new_version(db):
    load(profile(told()))
    assert load(profile(told(summary_on=True))) == 0


def test_the_shipped_policies_of_the_city_can_be_loaded(db):
    assert load(current_profile()) == len(current_profile().policies)


def test_the_newest_version_in_effect_binds(db, city_of):
    load(city_of(profile(told(), told(version="2", effective_on="2026-01-01"), told(version="3", effective_on="2026-12-01"))))
    assert [one.version for one in queries.binding({}, TODAY)] == ["2"]
    assert [one.version for one in queries.binding({}, date(2025, 12, 31))] == ["1"]
    assert queries.binding({}, date(2024, 8, 29)) == []


def test_a_policy_binds_whom_the_profile_says(db, city_of):
    load(city_of(profile(told(binds={"filer": "unit", "is": "police"}))))
    assert len(queries.binding({"unit": "police"}, TODAY)) == 1
    assert queries.binding({"unit": "civilian"}, TODAY) == []
    assert queries.binding({}, TODAY) == []


@pytest.fixture
def signed(db, cast, city_of):
    """`signed(receipt, objection)`: what Finn said about the code, with the row."""
    load(city_of(profile(told())))
    version = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person).versions[0]
    policy = db.session.scalars(select(PolicyVersion)).one()

    def say(receipt: str, objection: str = "") -> PolicyReceipt:
        return sign(version, {str(policy.id): {"receipt": receipt, "objection": objection}}, cast.finn.actor, CLOCK)[0]

    return say


def test_what_was_said_is_kept_with_its_entry(db, cast, signed):
    row = signed("objection", "  Rule 3 is unclear to me. ")
    assert (row.person_id, row.receipt, row.objection, row.language) == (
        cast.finn.person.id,
        Receipt.OBJECTION,
        "Rule 3 is unclear to me.",
        "en",
    )
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.seq == row.seq)).one()
    assert json.loads(entry.details)["receipt"] == "objection"
    assert "unclear" not in entry.details


def test_declining_raises_no_flag(db, signed):
    assert signed("declined").receipt is Receipt.DECLINED
    assert db.session.scalars(select(Flag)).all() == []


def test_words_beside_a_plain_receipt_are_not_kept(signed):
    assert signed("received", "typed and thought better of").objection == ""


@pytest.mark.parametrize(
    ("receipt", "objection"), [("", ""), ("agreed", ""), ("objection", ""), ("objection", "   "), ("objection", "x" * 10_001)]
)
def test_what_says_nothing_is_refused(db, signed, receipt, objection):
    with pytest.raises(Refused) as refusal:
        signed(receipt, objection)
    assert refusal.value.field.startswith("policy-")
    assert db.session.scalars(select(PolicyReceipt)).all() == []


def test_what_was_received_is_asked_again_with_the_yearly_form_only(db, cast, signed):
    finn = cast.finn.person.id
    assert len(queries.to_sign(finn, {"kind": "new_hire"}, TODAY)) == 1
    signed("received")
    assert queries.to_sign(finn, {"kind": "new_hire"}, TODAY) == []
    assert len(queries.to_sign(finn, {"kind": "annual"}, TODAY)) == 1


def test_a_new_version_is_new_to_who_knew_the_old_one(db, cast, city_of, signed):
    signed("received")
    load(city_of(profile(told(), told(version="2", effective_on="2026-03-01"))))
    newest = queries.to_sign(cast.finn.person.id, {"kind": "new_hire"}, TODAY)
    assert [one.version for one in newest] == ["2"]
    assert queries.is_new_to(cast.finn.person.id, newest[0])
    assert not queries.is_new_to(cast.kit.person.id, newest[0])


def test_everybody_reads_a_summary_that_is_on_and_is_told_what_it_is(db, client, city_of):
    load(city_of(profile(told(summary_on=True))))
    reply = client.get("/policies/code/1")
    assert reply.status_code == 200
    assert "<p>Be fair.</p>" in reply.text
    assert "This is a summary" in reply.text
    assert "Code of conduct" in client.get("/policies/").text


def test_a_summary_that_the_city_did_not_approve_is_not_shown(db, client, city_of):
    load(city_of(profile(told())))
    reply = client.get("/policies/code/1")
    assert reply.status_code == 200
    assert "Be fair." not in reply.text
    assert "not on this page yet" in reply.text


def test_the_citys_own_text_needs_no_approval(db, client, city_of):
    load(city_of(profile(told(pdf="code.pdf"))))
    reply = client.get("/policies/code/1")
    assert "Be fair." in reply.text
    assert "This is a summary" not in reply.text


def test_a_text_that_is_missing_in_a_language_says_so(db, client, city_of):
    load(city_of(profile(told(pdf="code.pdf", text={"en": "Be fair."}))))
    reply = client.get("/policies/code/1", headers={"Accept-Language": "es"})
    assert 'lang="en"' in reply.text
    assert "Be fair." in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/x.png)",
        "<a href='https://x.example' onclick='x()'>x</a>",
        "<style>p{}</style><p style='color:red'>x</p>",
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_no_markup_of_a_text_does_harm(text):
    made = as_html(text)
    for bad in ("<script", "<img", "<style", " onerror=", " onclick=", " style=", 'href="javascript', 'href="data'):
        assert bad not in made.replace("&lt;", "‹").lower() or bad.startswith(" ")
    assert "<a" not in made or 'href="https://' in made or 'href="' not in made


def test_headings_begin_below_the_title_of_the_page():
    assert "<h2>Fair</h2>" in as_html("# Fair")
    assert "<h1" not in as_html("# Fair\n\n## Kind")


def test_a_version_that_is_not_there_is_not_found(client):
    assert client.get("/policies/code/1").status_code == 404
    assert client.get("/policies/code/%00").status_code == 404


def test_signing_twice_in_two_years_leaves_two_rows(db, cast, signed):
    signed("received")
    again = signed("declined")
    rows = db.session.scalars(select(PolicyReceipt).order_by(PolicyReceipt.id)).all()
    assert [row.receipt for row in rows] == [Receipt.RECEIVED, Receipt.DECLINED]
    assert again.seq > rows[0].seq
