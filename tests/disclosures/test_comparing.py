"""What changed between two versions: by question, by entry and its key, in words; for filer and reviewer, and across years."""

import pytest

from coi.disclosures import actions, comparing, queries
from coi.disclosures.shown import Answer, Entry, Section, Shown
from coi.disclosures.signing import sign
from coi.models import AuditEntry, Disclosure
from coi.vocabulary import Kind
from tests.disclosures.steps import A_JOB, complete, filed, now, owed, signature

JOB = A_JOB["outside_work"][0]


def section(*entries: Entry, text: str = "") -> list[Section]:
    answer = Answer("jobs", "jobs", "Jobs", text, "restricted", entries)
    return [Section("s", "S", (answer,))]


def entry(key: str, org: str, pay: str = "", number: int = 1, reported: bool = True) -> Entry:
    fields = (Shown("org", "Name", org, "restricted"), Shown("pay", "Pay", pay, "confidential"))
    return Entry(key, number, f"Job {number}", fields, reported)


def told(old: list[Section], new: list[Section]) -> list[tuple[str, str]]:
    return [(change.kind, change.title) for one in comparing.compared(old, new) for change in one.found]


def test_nothing_is_different_between_a_version_and_itself():
    same = section(entry("k1", "Acme", "5"), entry("k2", "Beta", number=2))
    assert comparing.compared(same, same) == []


def test_an_entry_is_the_same_by_its_key_wherever_it_stands():
    old = section(entry("k1", "Acme", "5"), entry("k2", "Beta", "7", 2))
    new = section(entry("k2", "Beta", "8"), entry("k1", "Acme", "5", 2))
    changes = comparing.compared(old, new)
    assert told(old, new) == [("changed", "Job 1: Beta")]
    inner = changes[0].found[0].inner[0]
    assert (inner.title, inner.old, inner.new, inner.visibility) == ("Pay", "7", "8", "confidential")


def test_entries_come_and_go():
    old, new = section(entry("k1", "Acme")), section(entry("k3", "Gamma"))
    assert told(old, new) == [("added", "Job 1: Gamma"), ("removed", "Job 1: Acme")]


def test_without_keys_the_first_thing_said_tells_which_entry_it_is():
    old, new = section(entry("", "Acme", "5"), entry("", "Beta", "1", 2)), section(entry("x", " ACME ", "6"))
    assert told(old, new) == [("changed", "Job 1:  ACME "), ("removed", "Job 2: Beta")]


def test_two_entries_that_say_the_same_stay_two():
    old = section(entry("", "Acme", "5"), entry("", "Acme", "5", 2))
    new = section(entry("", "Acme", "5"))
    assert told(old, new) == [("removed", "Job 2: Acme")]


def test_an_entry_that_falls_under_the_line_is_a_change():
    old, new = section(entry("k1", "Acme")), section(entry("k1", "Acme", reported=False))
    assert told(old, new) == [("changed", "Job 1: Acme")]


@pytest.mark.parametrize(
    ("old", "new", "kind"), [("", "Yes", "added"), ("Yes", "", "removed"), ("Yes", "No", "changed"), ("=1+1", "<b>", "changed")]
)
def test_a_plain_answer_is_added_taken_out_or_changed(old, new, kind):
    assert [change[0] for change in told(section(text=old), section(text=new))] == [kind]


def test_a_question_that_is_asked_no_more_is_told_last():
    gone = [Section("s", "S", (Answer("old", "old", "Old", "Yes", "restricted"),))]
    changes = comparing.compared(gone, section(text="No"))
    assert [one.question_id for one in changes] == ["jobs", "old"]


def test_how_much_changed_is_said_in_short(app):
    with app.test_request_context():
        old = section(entry("k1", "A"), entry("k2", "B", "1"))
        new = section(entry("k2", "B", "2"), entry("k3", "C"))
        assert comparing.in_short(comparing.compared(old, new)) == "1 added, 1 changed, 1 taken out"
        assert comparing.in_short([]) == "nothing changed"


@pytest.fixture
def corrected(db, cast) -> Disclosure:
    """Finn's form in two versions: the job's work changed, and a second job came."""
    made = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    actions.begin_correction(made, "I forgot a job", cast.finn.actor, now())
    key = queries.version_of(made).answers["outside_work"][0]["_key"]
    second = {**JOB, "org": "Second <b>Job</b>"}
    complete(made, cast.finn.actor, has_outside_work="yes", outside_work=[{**JOB, "_key": key, "work": "Baking"}, second])
    db.session.commit()
    return made


def test_before_signing_a_correction_the_filer_sees_what_changes(sign_in, corrected):
    finn = sign_in("finn")
    for path in (f"/forms/{corrected.reference}/changes", f"/forms/{corrected.reference}/review"):
        page = finn.get(path).text
        assert "Baking" in page
        assert "=1+1" in page
        assert "Second &lt;b&gt;Job&lt;/b&gt;" in page
    assert f"/forms/{corrected.reference}/changes" in finn.get(f"/filings/{corrected.reference}").text


def test_the_one_page_form_saves_before_it_shows_what_changes(sign_in, corrected):
    finn, here = sign_in("finn"), f"/forms/{corrected.reference}"
    page = finn.get(here).text
    assert "See what you change" in page
    revision = page.split('name="revision" value="')[1].split('"')[0]
    reply = finn.post(here, data={"asked": "has_gifts", "has_gifts.": "no", "revision": revision, "press": "compare"})
    assert reply.location.endswith(f"{here}/changes")


def test_after_signing_any_two_versions_stand_side_by_side(sign_in, corrected, cast, db):
    sign(corrected, signature("key-2"), cast.finn.actor, now())
    finn, here = sign_in("finn"), f"/filings/{corrected.reference}"
    assert f"{here}/compare/1/2" in finn.get(here).text
    forth, back = finn.get(f"{here}/compare/1/2").text, finn.get(f"{here}/compare/2/1").text
    assert "Why it was corrected: I forgot a job" in forth
    assert ">New<" in forth
    assert "Taken out" in back
    assert "Nothing is different" in finn.get(f"{here}/compare/2/2").text


def test_the_reviewer_sees_what_changed_and_it_is_a_read(sign_in, corrected, cast, db):
    sign(corrected, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    name = next(one for one in cast if cast[one].person.id == corrected.reviewer_id)
    reviewer = sign_in(name)
    assert f"/review/{corrected.reference}/compare/1/2" in reviewer.get(f"/review/{corrected.reference}").text
    page = reviewer.get(f"/review/{corrected.reference}/compare/1/2")
    assert "Baking" in page.text
    assert AuditEntry.query.filter_by(event="disclosure:read", actor=cast[name].actor.name).count() == 1


@pytest.mark.parametrize("number", ["0", "3", "01", "-1", "٣", "9" * 400, "one"])
def test_a_version_that_never_was_is_compared_with_nothing(sign_in, corrected, number):
    finn, here = sign_in("finn"), f"/filings/{corrected.reference}"
    assert finn.get(f"{here}/compare/1/{number}").status_code == 404
    assert finn.get(f"{here}/compare/{number}/1").status_code == 404
    assert finn.get(f"{here}/versions/{number}/record").status_code == 404


@pytest.fixture
def two_years(db, cast, clock) -> tuple[Disclosure, Disclosure]:
    """Finn's forms of two years; the key of the job stays."""
    before = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    key = queries.version_of(before).answers["outside_work"][0]["_key"]
    clock.shift(366 * 86400)
    after = actions.start(owed(cast.finn.person, occasion="2027", reporting_year=2026), cast.finn.actor, now())
    said = {f"outside_work/{key}": {"said": "changed", "on": ""}}
    actions.save_draft(after, {}, {}, cast.finn.actor, now(), queries.draft_of(after).revision, None, said)
    kept = {**JOB, "_key": key, "work": "Baking"}
    complete(after, cast.finn.actor, has_outside_work="yes", outside_work=[kept])
    sign(after, signature("key-next"), cast.finn.actor, now())
    db.session.commit()
    return before, after


def test_since_the_last_form_is_told_on_the_filing_and_on_a_page(sign_in, two_years):
    before, after = two_years
    finn = sign_in("finn")
    page = finn.get(f"/filings/{after.reference}").text
    assert f"/filings/{after.reference}/since-last" in page
    assert "1 changed" in page
    page = finn.get(f"/filings/{after.reference}/since-last").text
    assert "Baking" in page
    assert "the one that reports 2025" in page
    assert finn.get(f"/filings/{before.reference}/since-last").status_code == 404


def test_another_years_case_is_read_with_its_own_entry_or_not_at_all(sign_in, two_years, cast, db):
    before, after = two_years
    reviewer = next(one for one in cast if cast[one].person.id == after.reviewer_id)
    other = next(one for one in ("olu", "ren") if one != reviewer)
    before.reviewer_id = cast[other].person.id
    db.session.commit()
    page = sign_in(reviewer).get(f"/review/{after.reference}/since-last")
    assert "a case that you may not read" in page.text
    assert "Baking" not in page.text
    assert "Baking" in sign_in("sia").get(f"/review/{after.reference}/since-last").text
    read = AuditEntry.query.filter_by(event="disclosure:read", actor=cast.sia.actor.name).all()
    assert {one.subject for one in read} == {f"disclosure:{before.reference}", f"disclosure:{after.reference}"}


def test_only_the_same_kind_of_form_is_the_last_one(two_years, cast):
    before, after = two_years
    assert comparing.last_before(after).id == before.id
    before.kind = Kind.NEW_HIRE
    assert comparing.last_before(after) is None
