"""What was removed is in no released copy: not in its text, not in its bytes; what was refused to be removed is."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject
from sqlalchemy import select

from coi.disclosures import actions as filings
from coi.disclosures.queries import draft_of
from coi.disclosures.signing import sign
from coi.models import AuditEntry, Installation, Letter
from coi.papers import Removed, plain
from coi.records import gathering, queries, removals
from coi.records.paper import RemovedWordFound, copy_of
from coi.vocabulary import Kind, RemovalGround
from tests.attachments.files import png
from tests.attachments.steps import A_JOB_WITH_KEY, here, send
from tests.casefiles.made import words_of
from tests.disclosures.steps import NOTHING, by_mistake, complete, now, owed, signature
from tests.factories import an_entry, filing
from tests.records.asked import gathered, ruled, swept, two_more
from tests.review.cases import case_of

HOME, TRIP, SISTER, NOTE = "17 Larkspur Lane", "Lake Wobegon lodge", "Wilhelmina Quux", "Call me on Sundays only."
ANSWERS = {
    **A_JOB_WITH_KEY,
    "has_gifts": "yes",
    "gifts": [
        {
            "giver": "Acme Paving",
            "owner": "me",
            "kind": "travel_or_hotel",
            "value": "900",
            "date": "2025-07-04",
            "trip": TRIP,
            "kept": "kept",
            "my_part": "no",
        }
    ],
    "has_power": "yes",
    "power": [{"tie": "close_relative", "person": SISTER, "direction": "i_direct"}],
    "has_property": "yes",
    "property": [
        {"address": {"text": HOME, "home": "yes"}, "owner": "me", "use": "other", "open_case": ["none"], "my_part": "no"},
    ],
    "anything_else": NOTE,
    "duties": ["none_of_these"],
    "stepped_aside": "no",
    "sec1_filed": "not_required",
}


@pytest.fixture(autouse=True)
def office(db, cast):
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    two_more(cast)
    db.session.commit()


@pytest.fixture
def case(db, cast, sign_in):
    """Two versions of a full form with a paper; the first says more than the second."""
    due = owed(cast.finn.person)
    due.level, due.filer = "full", {**due.filer, "level": "full"}
    made = filings.start(due, cast.finn.actor, now())
    complete(made, cast.finn.actor, **ANSWERS)
    db.session.commit()
    assert send(sign_in("finn"), here(made), png(), "Wilhelmina at home.png").status_code == 303
    sign(made, signature(), cast.finn.actor, now())
    draft = filings.begin_correction(made, "The lodge was not mine to tell.", cast.finn.actor, now())
    blanks = dict.fromkeys(
        ("has_ownership", "has_property", "has_debt", "has_future_job", "has_other_close", "stepped_aside"), "no"
    )
    more = {"duties": ["none_of_these"], "sec1_filed": "not_required"}
    left = {**draft.answers, **NOTHING, **blanks, **more, "anything_else": "Nothing more."}
    filings.save_draft(made, left, {}, cast.finn.actor, now(), draft_of(made).revision, said=by_mistake(draft))
    sign(made, signature("key-2"), cast.finn.actor, now())
    db.session.commit()
    return made


def every_byte(pdf: bytes) -> str:
    """The text, the metadata, and every stream of the file as it is when unpacked."""
    reader = PdfReader(io.BytesIO(pdf))
    told = [words_of(pdf), str(reader.metadata), pdf.decode("latin-1")]
    for number in range(1, len(reader.xref_objStm) + len(reader.xref.get(0, {})) + 1):
        found = reader.get_object(number)
        told.append(found.get_data().decode("latin-1") if isinstance(found, StreamObject) else str(found))
    return " ".join(told)


def released(db, cast, filing, stays: tuple[str, ...] = ()) -> bytes:
    ruled(cast, filing, stays)
    gathering.release(filing, cast.ron.actor, now())
    db.session.commit()
    swept()
    db.session.expire_all()
    assert filing.release.error == ""
    return queries.pdf_of(filing.release).read_bytes()


def test_no_removed_word_is_in_the_copy(db, cast, case, sign_in):
    one = gathered(cast, case, every=True)
    pdf = released(db, cast, one)
    text = every_byte(pdf)
    for word in (HOME, "Larkspur", TRIP, "Wobegon", SISTER, "Quux", NOTE, "Wilhelmina", "not mine to tell", "900.00"):
        assert word not in text, word
    read = words_of(pdf)
    for word in ("Removed: Home address", "Removed: Places and times off duty", "Removed: Names of family", "Version 2"):
        assert word in read, word
    assert "José Ñuñez-O'Brien, Jr. Catering" in read, "what the form calls public stays"
    letter = db.session.scalars(select(Letter).where(Letter.kind == "records_released")).one()
    assert (letter.person_id, "version 1, 2" in letter.text) == (cast.finn.person.id, True)
    got = {name: sign_in(name).get(f"/records/released/{one.release.reference}").status_code for name in ("ron", "finn", "kit")}
    assert got == {"ron": 200, "finn": 200, "kit": 404}
    log = " ".join(db.session.scalars(select(AuditEntry.details).where(AuditEntry.event.like("records:%"))))
    assert [word for word in (HOME, TRIP, SISTER, NOTE, "Daily Paper") if word in log] == []


def test_what_the_solicitor_refused_to_remove_stays_in(db, cast, case):
    pdf = released(db, cast, gathered(cast, case, every=True), stays=("gifts[0].trip",))
    text = words_of(pdf)
    assert TRIP in text
    assert HOME not in text


def test_only_the_version_that_was_asked_for_goes_out(db, cast, case):
    text = words_of(released(db, cast, gathered(cast, case)))
    assert ("Version 2" in text, "Version 1" in text, "Catering" in text) == (True, False, False)


def test_a_paper_goes_out_as_a_page_only_where_it_was_not_removed(db, cast, case):
    paper = next(one for one in queries.items_in(gathered(cast, case, every=True)) if one.place.startswith("paper:"))
    one = gathered(cast, case, every=True)
    assert "Paper 1: Wilhelmina at home.png" in words_of(released(db, cast, one, stays=(paper.place,)))


def test_a_copy_that_would_leak_is_not_made(db, cast, case, monkeypatch):
    one = gathered(cast, case, every=True)
    ruled(cast, one)
    monkeypatch.setattr("coi.records.paper.Copy.bar", lambda *_told: None)
    with pytest.raises(RemovedWordFound):
        copy_of(one, None, "en")


def test_words_that_stand_elsewhere_go_to_the_solicitor(db, cast):
    made = case_of(cast, answers={**A_JOB_WITH_KEY, "anything_else": "I cook for josé ñuñez-o'brien, jr. catering on weekends"})
    one = gathered(cast, made)
    said = {"1/outside_work[0].org": removals.Proposed(RemovalGround.SECURITY)}
    removals.propose(one, said, cast.sia.actor, now())
    ruled(cast, one)
    assert "Catering" not in every_byte(released_again(db, cast, one))


def released_again(db, cast, one) -> bytes:
    gathering.release(one, cast.ron.actor, now())
    db.session.commit()
    swept()
    db.session.expire_all()
    return queries.pdf_of(one.release).read_bytes()


def test_the_form_of_the_state_is_public_whole_and_its_filer_is_not_told(db, cast, sign_in):
    made = filing(cast.finn.person, "in_review", cast.olu.person, form_id="pa-sec-1", kind=Kind.LEAVING)
    db.session.commit()
    one = gathered(cast, made)
    db.session.commit()
    assert queries.far(one) is queries.Far.READY
    assert sign_in("sia").get(f"/records/{one.request.reference}/filings/{made.reference}/propose").status_code == 404
    assert "public as a whole" in words_of(released_again(db, cast, one))
    assert db.session.scalar(select(Letter).where(Letter.kind.like("records_re%"))) is None


def test_nobody_can_type_a_black_bar():
    assert plain("\ue000 fake") == "\ufffd fake"
    assert plain(Removed("Removed: x")) == "\ue000Removed: x"


def test_a_killed_worker_leaves_a_copy_that_is_taken_up_again(db, cast, case):
    one = gathered(cast, case)
    ruled(cast, one)
    gathering.release(one, cast.ron.actor, now())
    gathering.begin(one.release, now())
    db.session.commit()
    swept()
    db.session.expire_all()
    assert queries.far(one) is queries.Far.MAKING
    swept(now() + timedelta(minutes=6))
    db.session.expire_all()
    assert queries.far(one) is queries.Far.OUT
