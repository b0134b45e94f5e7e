"""What people read of a filing: from the record that was signed; none, not asked and not answered told apart; who read it."""

from datetime import timedelta

from sqlalchemy import select

from coi.audit.record import record
from coi.disclosures import actions, queries
from coi.disclosures.printing import rows_of
from coi.disclosures.shown import (
    ANSWERED,
    NONE,
    NOT_ANSWERED,
    NOT_ASKED,
    Answer,
    Entry,
    Shown,
    in_words,
    shown_draft,
    shown_version,
    status_of,
)
from coi.disclosures.signing import sign
from coi.models import AuditEntry, DisclosureVersion
from coi.vocabulary import Event
from tests.disclosures.steps import A_JOB, complete, filed, now, owed, signature


def answers(version: DisclosureVersion, language: str = "en") -> dict[str, Answer]:
    return {answer.question_id: answer for section in shown_version(version, language) for answer in section.answers}


def test_a_signed_version_is_shown_in_words(db, cast):
    version = queries.version_of(filed(cast.finn.person, cast.finn.actor, answers=A_JOB))
    told = answers(version)
    assert (told["has_outside_work"].text, told["has_gifts"].text) == ("Yes", "No")
    assert "gifts" not in told
    job = told["outside_work"].entries[0]
    assert job.title == "Job or business 1"
    assert job.key == version.answers["outside_work"][0]["_key"]
    fields = {one.field_id: one for one in job.fields}
    assert (fields["org"].text, fields["org"].visibility) == ("José Ñuñez-O'Brien, Jr. Catering", "public")
    assert fields["dealing"].text == "Not sure"
    assert fields["work"].text == "=1+1"


def test_the_office_reads_it_in_its_own_language_from_the_same_version(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(disclosure, cast.finn.actor, **A_JOB)
    version = sign(disclosure, signature(language="es"), cast.finn.actor, now())
    assert answers(version, "es")["has_gifts"].title.startswith("¿Alguien que trata con la Ciudad")
    assert answers(version, "es")["outside_work"].entries[0].title == "Trabajo o negocio 1"
    assert answers(version, "en")["has_gifts"].title.startswith("Did anyone who deals with the City")


def test_a_version_whose_record_is_from_elsewhere_shows_nothing_instead_of_breaking(db, cast):
    from coi.vocabulary import State
    from tests.factories import filing

    made = filing(cast.finn.person, State.SUBMITTED)
    assert shown_version(queries.version_of(made), "en") == []


def test_a_draft_is_shown_as_it_would_be_signed_with_wrong_values_as_typed(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    gift = {"giver": "Acme", "value": "much", "kind": "meal"}
    typed = {"has_gifts": "yes", "gifts": [gift], "has_contract": "no", "contracts": [{"org": "hidden"}]}
    draft = actions.save_draft(disclosure, typed, {}, cast.finn.actor, now(), 0)
    told = {one.question_id: one for section in shown_draft(draft, now().date(), "en") for one in section.answers}
    assert "contracts" not in told
    assert (told["has_outside_work"].status, told["has_outside_work"].text) == (NOT_ANSWERED, "")
    fields = {one.field_id: one for one in told["gifts"].entries[0].fields}
    assert (fields["value"].text, fields["giver"].text) == ("much", "Acme")
    assert fields["trip"].status == NOT_ASKED
    assert fields["date"].status == NOT_ANSWERED


def test_an_entry_under_the_line_is_said_to_be_so(db, cast):
    meal = {"giver": "Acme", "owner": "me", "kind": "meal", "value": "20", "date": "2025-06-01", "kept": "kept", "my_part": "no"}
    big = {**meal, "giver": "Beta", "value": "1250.5"}
    version = queries.version_of(filed(cast.finn.person, cast.finn.actor, answers={"has_gifts": "yes", "gifts": [meal, big]}))
    entries = answers(version)["gifts"].entries
    assert [entry.reported for entry in entries] == [False, True]
    fields = {one.field_id: one.text for one in entries[1].fields}
    assert (fields["value"], fields["date"]) == ("$1,250.50", "June 1, 2025")


def test_none_not_asked_and_not_answered_are_three_things():
    ask = {"type": "entries"}
    assert [status_of(ask, value) for value in ("none", [], None, [{}])] == [NONE, NOT_ANSWERED, NOT_ANSWERED, ANSWERED]


def test_numbers_and_dates_are_shown_for_people():
    assert in_words({"type": "money"}, "1234567.00", "en") == "$1,234,567.00"
    assert in_words({"type": "percent"}, "12.5", "en") == "12.5%"
    assert in_words({"type": "number"}, "-inf", "en") == "-inf"
    assert in_words({"type": "date"}, "2025-07-01", "es") == "1 de julio de 2025"
    assert in_words({"type": "date"}, "soon", "en") == "soon"
    assert in_words({"type": "address"}, {"text": "12 Elm Street", "home": "yes"}, "en") == "12 Elm Street"


def a_read(disclosure, actor, moment, version=1):
    record(Event.DISCLOSURE_READ, actor, f"disclosure:{disclosure.reference}", moment, version=version, as_="office")


def test_the_filer_sees_who_read_it_by_day_and_never_the_own_reading(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    for hours in (1, 2, 26):
        a_read(disclosure, cast.olu.actor, now() + timedelta(hours=hours), hours)
    a_read(disclosure, cast.sia.actor, now() + timedelta(hours=27))
    a_read(disclosure, cast.finn.actor, now() + timedelta(hours=28))
    told = [
        (str(reader.who), reader.day.isoformat(), reader.count) for reader in queries.readers_for_filer(disclosure, now().date())
    ]
    assert told == [
        ("Senior ethics officer Sia Senior", "2026-03-03", 1),
        ("Ethics reviewer Olu Reviewer", "2026-03-03", 1),
        ("Ethics reviewer Olu Reviewer", "2026-03-02", 2),
    ]


def test_reading_of_another_filing_is_not_told(db, cast):
    disclosure, other = filed(cast.finn.person, cast.finn.actor), filed(cast.kit.person, cast.kit.actor)
    a_read(other, cast.olu.actor, now())
    assert queries.readers_for_filer(disclosure, now().date()) == []
    assert db.session.scalar(select(AuditEntry.event).order_by(AuditEntry.seq.desc())) == "disclosure:read"


def test_a_print_tells_blank_from_not_asked_also_in_a_list_in_a_list(app):
    told = (
        Shown("name", "Name", "Ann", "public"),
        Shown("part", "Part", "", "public", NOT_ANSWERED),
        Shown("seat", "Seat", "", "public", NOT_ASKED),
        Shown("more", "More", "None", "public", NONE),
    )
    inner = Shown("owners", "Owners", "…", "public", entries=(Entry("k", 1, "Owner 1", told),))
    with app.test_request_context():
        assert rows_of([inner]) == [("Owners", "Owner 1: Name Ann, Part Not answered, More None")]
