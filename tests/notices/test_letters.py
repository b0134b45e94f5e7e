"""Letters: written once, in the reader's language, without content; sent once, by page or command; secrets shown to nobody."""

import email
import email.policy
import smtplib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coi.models import AddressFault, AuditEntry, Letter
from coi.notices import queries
from coi.notices.actions import drop, post
from coi.notices.listing import names_of
from coi.notices.sweep import MOST_TRIES, as_mail, sweep
from coi.notices.words import KINDS
from tests.city import CLOCK

VALUES = {
    "reference": "COI-2026-7K3F9Q",
    "token": "a-secret-token",
    "due": "May 1, 2026",
    "filing": "COI-2026-7K3F9Q",
    "accept_by": "May 1, 2026",
    "appeal_until": "June 1, 2026",
    "who": "Dee",
    "what": "a role",
    "name": "Kit",
    "role": "Auditor",
    "asked_by": "Dee",
    "approved_by": "Sia",
    "until": "May 8, 2026",
    "reason": "nobody else",
    "opens": "March 2, 2026",
    "department": "Public Works",
    "names": "Ana Sample\nBen Sample",
    "count": 2,
    "signed_by": "Ana Sample\nMayor",
    "matter": "a matter",
    "first": "March 9, 2026",
    "last": "March 13, 2026",
    "when": "March 2, 2026",
    "news": "One came.",
    "open": 3,
    "ages": "By age: 1.",
    "priorities": "By priority: 1.",
    "reviewers": "By reviewer: 1.",
    "nobody": "With nobody: 0.",
    "appeal": "APL-7K3F9Q",
    "after": "You may go to court.",
    "other": "Sol",
    "purpose": "Appeal",
    "versions": "1, 2",
    "removed": 3,
    "release": "REL-7K3F9Q",
    "origin": "coi:0f8fad5b-d9cb-469f-a165-70867728950e",
    "key": "A" * 43 + "=",
    "fingerprint": "ab" * 32,
    "old": "cd" * 32,
    "size": 12,
    "head": "ef" * 32,
    "day": "May 1, 2026",
    "checkpoint": '{\n "size": 12\n}',
}


@pytest.fixture
def letter(db, cast):
    post("question", cast.finn.person, CLOCK, "question:1", reference="COI-2026-7K3F9Q")
    db.session.commit()
    return db.session.scalar(select(Letter).where(Letter.once == "question:1"))


def mails(app):
    return sorted((app.config["SETTINGS"].folder / "mail").glob("*.eml"))


@pytest.fixture(autouse=True)
def _empty_mail_folder(app):
    for path in mails(app):
        path.unlink()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_says_why_whom_to_call_and_what_address_to_type(db, cast, app, kind, language):
    cast.finn.account.language = language
    post(kind, cast.finn.person, CLOCK, f"{kind}:1", **VALUES)
    letter = db.session.scalar(select(Letter))
    contact = "717-555-0142"
    for body in (letter.text, letter.html):
        assert contact in body
        assert app.config["SETTINGS"].public_url in body
        assert "%(" not in body
    assert letter.language == language
    assert ("Recibe esta carta" if language == "es" else "You get this letter") in letter.text


def test_the_same_cause_writes_one_letter(db, cast, letter):
    post("question", cast.finn.person, CLOCK, "question:1", reference="COI-2026-7K3F9Q")
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 1


def test_a_name_with_markup_stays_a_name(db, cast):
    cast.finn.person.name = "<b>Finn</b> & Co"
    post("receipt", cast.finn.person, CLOCK, "r:1", reference="COI-2026-7K3F9Q")
    letter = db.session.scalar(select(Letter))
    assert "&lt;b&gt;Finn&lt;/b&gt; &amp; Co" in letter.html
    assert "<b>Finn</b> & Co" in letter.text


def test_a_letter_leaves_once_and_its_leaving_is_an_entry(db, app, letter):
    assert sweep(CLOCK) == 1
    assert sweep(CLOCK + timedelta(hours=1)) == 0
    assert len(mails(app)) == 1
    db.session.refresh(letter)
    assert letter.sent_at == CLOCK
    entry = db.session.get(AuditEntry, letter.sent_seq)
    assert entry.event == "letter:sent"


def test_a_killed_worker_repeats_no_letter_that_was_marked_and_loses_none(db, app, letter):
    letter.claimed_at, letter.attempts = CLOCK, 1
    db.session.commit()
    assert sweep(CLOCK + timedelta(minutes=1)) == 0
    assert sweep(CLOCK + timedelta(minutes=11)) == 1
    assert len(mails(app)) == 1


def test_a_letter_that_is_not_due_waits(db, cast, app):
    post("receipt", cast.finn.person, CLOCK, "r:1", reference="COI-2026-7K3F9Q", due_at=CLOCK + timedelta(days=1))
    db.session.commit()
    assert sweep(CLOCK) == 0
    assert sweep(CLOCK + timedelta(days=1)) == 1


def test_a_stopped_letter_never_leaves(db, letter):
    drop("question:1", "answered")
    db.session.commit()
    assert sweep(CLOCK) == 0
    assert queries.counts() == {"sent": 0, "waiting": 0, "to_print": 0, "stopped": 1, "no_address": 0, "bounced": 0}


def refusing(monkeypatch, problem: Exception) -> None:
    def refused(*_arguments):
        raise problem

    monkeypatch.setattr("coi.notices.sweep.deliver", refused)


def test_an_address_that_is_refused_again_and_again_becomes_a_line_of_the_list(db, letter, monkeypatch):
    refusing(monkeypatch, smtplib.SMTPRecipientsRefused({letter.to_address: (450, b"mailbox full")}))
    for hour in range(MOST_TRIES + 2):
        assert sweep(CLOCK + timedelta(hours=hour)) == 0
    db.session.refresh(letter)
    assert (letter.dropped, letter.attempts) == ("bounced", MOST_TRIES)


def test_an_address_that_is_refused_for_good_is_tried_once_and_its_letters_are_printed(db, cast, letter, monkeypatch):
    refusing(monkeypatch, smtplib.SMTPRecipientsRefused({letter.to_address: (550, b"no such user")}))
    assert sweep(CLOCK) == 0
    db.session.refresh(letter)
    assert (letter.dropped, letter.attempts) == ("bounced", 1)
    fault = db.session.scalars(select(AddressFault)).one()
    assert (fault.person_id, fault.address, fault.letter_id) == (cast.finn.person.id, letter.to_address, letter.id)
    post("receipt", cast.finn.person, CLOCK, "r:1", reference="COI-2026-7K3F9Q")
    assert [queries.state_of(one) for one in db.session.scalars(select(Letter))] == ["to_print", "to_print"]


def test_a_mail_server_that_is_away_for_days_loses_no_letter(db, app, letter, monkeypatch):
    with monkeypatch.context() as away:
        refusing(away, ConnectionRefusedError("nobody listens"))
        for hour in range(3 * 24):
            assert sweep(CLOCK + timedelta(hours=hour)) == 0
    assert sweep(CLOCK + timedelta(hours=73)) == 1
    assert len(mails(app)) == 1


def test_the_mail_holds_text_and_html_in_the_reader_s_language(letter):
    mail = email.message_from_bytes(as_mail(letter).as_bytes(), policy=email.policy.default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Content-Language"] == "en"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].strip() == letter.message_id


def test_the_command_sends_what_is_due_and_says_how_many(runner, db, app, cast, letter):
    post("receipt", cast.kit.person, CLOCK, "r:2", reference="COI-2026-7K3F9Q")
    reply = runner.invoke(args=["notices", "send"])
    assert (reply.exit_code, reply.stdout) == (0, "2 letters sent.\n")
    assert runner.invoke(args=["notices", "send"]).stdout == "0 letters sent.\n"


def test_the_command_stops_at_the_number_it_is_given(runner, db, cast):
    for number in range(3):
        post("receipt", cast.kit.person, CLOCK, f"r:{number}", reference="COI-2026-7K3F9Q")
    assert runner.invoke(args=["notices", "send", "--most", "2"]).stdout == "2 letters sent.\n"


def test_the_list_counts_and_shows_every_letter(sign_in, letter):
    reply = sign_in("sia").get("/notices/")
    assert reply.status_code == 200
    assert "There is a question about your form" in reply.text


def test_who_runs_accounts_reads_no_letter_about_a_case(sign_in, letter):
    client = sign_in("dee")
    assert f"/notices/letters/{queries.reference_of(letter)}" not in client.get("/notices/").text
    assert client.get(f"/notices/letters/{queries.reference_of(letter)}").status_code == 404


def test_nobody_reads_the_link_of_a_reset(sign_in, db, cast):
    post("reset", cast.finn.person, CLOCK, "reset:1", token="a-secret-token")
    letter = db.session.scalar(select(Letter))
    for name in ("sia", "dee"):
        client = sign_in(name)
        assert client.get(f"/notices/letters/{queries.reference_of(letter)}").status_code == 404
        assert "a-secret-token" not in client.get("/notices/").text + client.get("/notices/to-print").text


def test_letters_about_cases_are_printed_by_officers_and_the_desk_is_told_how_many(sign_in, db, cast):
    cast.finn.person.email = None
    post("question", cast.finn.person, CLOCK, "question:1:1", reference="COI-2026-AAAAAA")
    assert "1 more letter is about a case" in sign_in("dee").get("/notices/to-print").text
    page = sign_in("sia").get("/notices/to-print").text
    assert "There is a question about your form" in page
    assert "about a case" not in page


def test_letters_without_an_address_are_printed_and_marked_once(sign_in, db, cast):
    cast.kit.person.email = None
    post("invitation", cast.kit.person, CLOCK, "i:1", due="May 1, 2026")
    letter = db.session.scalar(select(Letter))
    assert letter.dropped == "no_address"
    client = sign_in("dee")
    assert letter.text.splitlines()[0] in client.get("/notices/to-print").text
    reference = queries.reference_of(letter)
    assert client.post("/notices/to-print", data={"letter": [reference, "unknown"]}).status_code == 302
    client.post("/notices/to-print", data={"letter": [reference]})
    db.session.refresh(letter)
    assert letter.sent_at is not None
    assert db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "letter:sent")) == 1


def test_marking_a_letter_that_was_not_shown_changes_nothing(sign_in, db, letter):
    sign_in("dee").post("/notices/to-print", data={"letter": [queries.reference_of(letter)]})
    db.session.refresh(letter)
    assert letter.sent_at is None


def test_the_list_goes_on_where_the_page_ended(sign_in, db, cast, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries.lines, "__defaults__", (None, 2))
    for number in range(3):
        post("receipt", cast.kit.person, CLOCK, f"r:{number}", reference=f"COI-2026-7K3F9{number}")
    client = sign_in("sia")
    first = client.get("/notices/").text
    assert first.count("<tr>") == 3
    oldest = queries.reference_of(db.session.scalar(select(Letter).where(Letter.once == "r:1")))
    assert f"before={oldest}" in first
    assert client.get(f"/notices/?before={oldest}").text.count("<tr>") == 2


@pytest.mark.parametrize("query", ["state=nonsense", "before=%00", "before=1", "before=" + "g" * 32, "state=&before=" + "a" * 32])
def test_nonsense_in_the_address_breaks_nothing(sign_in, letter, query):
    assert sign_in("sia").get(f"/notices/?{query}").status_code == 200


def test_the_kind_of_a_letter_tells_no_administrator_how_a_case_went(db, cast, sign_in):
    post(
        "outcome_not_permitted",
        cast.finn.person,
        CLOCK,
        "o:1",
        reference="COI-2026-7K3F9Q",
        filing="COI-2026-7K3F9Q",
        appeal_until="June 1, 2026",
    )
    post("receipt", cast.kit.person, CLOCK, "r:1", reference="COI-2026-7K3F9Q")
    db.session.commit()
    found = {name: sign_in(name).get("/notices/?kind=outcome_not_permitted").text for name in ("dee", "sia")}
    row = '<th scope="row"'
    assert {name: page.count(row) for name, page in found.items()} == {"dee": 2, "sia": 1}
    assert ["(not permitted)" in found[name] for name in ("dee", "sia")] == [False, True]


def test_no_two_kinds_of_letters_have_one_name(app):
    with app.test_request_context():
        named = list(names_of().values())
    assert sorted(set(named)) == sorted(named)
