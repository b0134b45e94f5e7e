"""Names offered while typing: the filer's own and the city's lists, to the filer of an open draft, and to nobody else."""

import pytest

from coi.disclosures import actions, suggesting
from coi.models import Disclosure
from tests.disclosures.steps import A_JOB, filed, now, owed
from tests.factories import PersonFactory


@pytest.fixture
def draft(db, cast) -> Disclosure:
    """Finn filed before, and has a draft."""
    suggesting._asked.clear()
    filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    made = actions.start(owed(cast.finn.person, occasion="2027"), cast.finn.actor, now())
    db.session.commit()
    return made


def offered(browser, draft: Disclosure, field: str, typed: str) -> list[dict[str, str]]:
    reply = browser.get(f"/forms/{draft.reference}/names", query_string={"field": field, "q": typed})
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-store"
    return reply.get_json()["names"]


def test_a_name_typed_once_is_offered_again(sign_in, draft):
    finn = sign_in("finn")
    assert offered(finn, draft, "gifts.giver", "nunez") == [{"name": "José Ñuñez-O'Brien, Jr. Catering", "about": ""}]
    assert offered(finn, draft, "posts.org", "jose") != []


def test_colleagues_come_with_their_department_and_nothing_else(sign_in, db, draft):
    PersonFactory(name="Ágata Núñez", department="Parks", title="Gardener", email="agata@example.org")
    db.session.commit()
    told = [one for one in offered(sign_in("finn"), draft, "power.person", "agata") if one["name"] == "Ágata Núñez"]
    assert told == [{"name": "Ágata Núñez", "about": "Parks"}]


def test_departments_are_offered_where_a_department_is_asked(sign_in, draft):
    names = [one["name"] for one in offered(sign_in("finn"), draft, "contracts.department", "public w")]
    assert "Public Works" in names


@pytest.mark.parametrize(
    ("field", "typed"), [("gifts.giver", "n"), ("gifts.giver", ""), ("gifts.value", "nunez"), ("x", "nunez")]
)
def test_too_short_or_no_field_for_names_offers_nothing(sign_in, draft, field, typed):
    assert offered(sign_in("finn"), draft, field, typed) == []


def test_nobody_else_is_offered_anything_and_nothing_without_a_draft(sign_in, draft):
    signed = Disclosure.query.filter(Disclosure.version == 1).first()
    for name in ("kit", "olu", "dee", "sia"):
        reply = sign_in(name).get(f"/forms/{draft.reference}/names", query_string={"field": "power.person", "q": "fi"})
        assert (name, reply.status_code) == (name, 404)
    assert offered(sign_in("finn"), draft, "power.person", "kit") != []
    assert offered(sign_in("finn"), signed, "power.person", "kit") == []


def test_who_asks_faster_than_fingers_is_slowed_down(sign_in, draft):
    finn = sign_in("finn")
    codes = [
        finn.get(f"/forms/{draft.reference}/names?field=gifts.giver&q=nu").status_code
        for _one in range(suggesting.MOST_ASKED + 1)
    ]
    assert (set(codes[:-1]), codes[-1]) == ({200}, 429)


def test_without_a_script_the_own_names_stand_on_the_page(sign_in, draft):
    page = sign_in("finn").get(f"/forms/{draft.reference}/sections/gifts").text
    assert '<datalist id="own-names"' in page
    assert "Ñuñez-O&#39;Brien, Jr. Catering" in page


def test_the_roster_is_shown_and_not_asked(sign_in, draft, cast):
    page = sign_in("finn").get(f"/forms/{draft.reference}").text
    person = cast.finn.person
    for words in (person.title, person.department, "My title, department or supervisor is wrong"):
        assert words in page
