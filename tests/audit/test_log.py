"""The log: nothing in it can be changed, every change by force is found, its page tells it in sentences and leaves a trace."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, text

from coi.audit.chain import entry_hash, sha256
from coi.audit.queries import OF_THE_SYSTEM, entries, links
from coi.audit.record import record
from coi.audit.refused import WANTED, why
from coi.audit.words import SENTENCES, labels
from coi.languages import speaking
from coi.models import AuditEntry, Disclosure
from coi.rooms import ROOMS
from coi.rules.searching import search_text
from coi.vocabulary import Event, State
from tests.city import CLOCK
from tests.factories import an_entry, filing

CHANGES = [
    "UPDATE audit_entries SET actor = 'x' WHERE seq = 1",
    "UPDATE audit_entries SET hash = hash || '' WHERE seq = 1",
    "DELETE FROM audit_entries WHERE seq = 1",
    "DELETE FROM audit_entries",
]
COLUMNS = "(seq, at, actor, event, subject, details, prev, hash)"
ROW = f"{COLUMNS} VALUES ({{seq}}, '2026-01-01T00:00:00.000000Z', 'x', 'x', 'x', '{{{{}}}}', 'x', 'x')"
BY_ENGINE = {
    "sqlite": [
        f"INSERT OR REPLACE INTO audit_entries {ROW.format(seq=1)}",
        f"REPLACE INTO audit_entries {ROW.format(seq=1)}",
        f"INSERT INTO audit_entries {ROW.format(seq=1)} ON CONFLICT (seq) DO UPDATE SET actor = 'x'",
    ],
    "postgresql": [
        "TRUNCATE audit_entries CASCADE",
        f"INSERT INTO audit_entries {ROW.format(seq=1)} ON CONFLICT (seq) DO UPDATE SET actor = 'x'",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"],
    "postgresql": ["ALTER TABLE audit_entries DISABLE TRIGGER USER"],
}
CHECKPOINTS_TOO = {
    "sqlite": "DROP TRIGGER checkpoints_no_delete",
    "postgresql": "ALTER TABLE checkpoints DISABLE TRIGGER USER",
}


def kept(db) -> list[tuple]:
    return [tuple(vars(link).items()) for link in links()]


def test_triggers_refuse_every_change(db, cast, engine):
    before = kept(db)
    for change in (*CHANGES, *BY_ENGINE[engine.name]):
        with pytest.raises(Exception, match=r"append-only|gap"):
            db.session.execute(text(change))
        db.session.rollback()
    assert kept(db) == before


def test_a_gap_is_refused(db, cast):
    with pytest.raises(Exception, match="gap"):
        db.session.execute(text(f"INSERT INTO audit_entries {ROW.format(seq=99)}"))
    db.session.rollback()


def by_force(db, engine, *changes: str) -> None:
    """What somebody with the database's own password does."""
    for change in (*DROP[engine.name], *changes):
        db.session.execute(text(change))
    db.session.commit()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE audit_entries SET actor = 'account:99' WHERE seq = 2", "entry 2 was altered"),
        ("UPDATE audit_entries SET details = '{}' WHERE seq = 2", "entry 2 was altered"),
        ("UPDATE audit_entries SET hash = 'x' WHERE seq = 2", "entry 2 was altered"),
        ("UPDATE audit_entries SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 3", "entry 3 was altered"),
        ("UPDATE audit_entries SET prev = 'x' WHERE seq = 3", "entry 3 does not follow"),
    ],
)
def test_a_change_by_force_is_found(db, cast, engine, runner, change, told):
    an_entry()
    by_force(db, engine, change)
    reply = runner.invoke(args=["audit", "verify"])
    assert (reply.exit_code, told in reply.stderr) == (1, True), reply.stderr


def test_a_log_that_holds_says_so(runner, cast):
    reply = runner.invoke(args=["audit", "verify"])
    assert (reply.exit_code, reply.stdout.startswith("The log holds")) == (0, True)


def recompute(db, engine) -> None:
    """Rewrites the whole chain from entry 2 on, as somebody would who knows how it is made."""
    changes, prev = [], ""
    for link in list(links()):
        actor = "account:99" if link.seq == 2 else link.actor
        event = "audit:read" if link.event == Event.CHECKPOINT_MADE.code else link.event
        prev = prev or link.prev
        told = {"at": link.at, "details": link.details, "event": event, "seq": link.seq, "subject": link.subject}
        made = entry_hash(prev, actor=actor, **told)
        changes.append((actor, event, prev, made, link.seq))
        prev = made
    by_force(db, engine)
    update = "UPDATE audit_entries SET actor = :actor, event = :event, prev = :prev, hash = :hash WHERE seq = :seq"
    for actor, event, before, made, seq in changes:
        db.session.execute(text(update), {"actor": actor, "event": event, "prev": before, "hash": made, "seq": seq})
    db.session.commit()


def test_a_recomputed_log_is_exposed_by_the_checkpoints_here_and_without_them_by_an_older_one(db, cast, engine, runner, tmp_path):
    kept_elsewhere = tmp_path / "kept.json"
    runner.invoke(args=["audit", "checkpoint", "--out", str(kept_elsewhere)])
    assert runner.invoke(args=["audit", "verify", "--checkpoint", str(kept_elsewhere)]).exit_code == 0
    recompute(db, engine)
    reply = runner.invoke(args=["audit", "verify"])
    assert (reply.exit_code, "Checkpoint 1: The log was rewritten" in reply.stderr) == (1, True), reply.stderr
    for change in (CHECKPOINTS_TOO[engine.name], "DELETE FROM checkpoints"):
        db.session.execute(text(change))
    db.session.commit()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0  # nothing here can tell any more
    reply = runner.invoke(args=["audit", "verify", "--checkpoint", str(kept_elsewhere)])
    assert (reply.exit_code, "rewritten" in reply.stderr) == (1, True)


def test_a_checkpoint_that_was_altered_or_is_none_is_seen(runner, cast, tmp_path):
    file = tmp_path / "kept.json"
    runner.invoke(args=["audit", "checkpoint", "--out", str(file)])
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "size": content["size"] - 1}))
    assert runner.invoke(args=["audit", "verify", "--checkpoint", str(file)]).exit_code == 1
    file.write_text("{}")
    assert runner.invoke(args=["audit", "verify", "--checkpoint", str(file)]).exit_code == 2


def test_every_event_has_its_sentence():
    assert [event.code for event in Event if event not in SENTENCES] == []


def test_every_sentence_can_be_filled_from_its_details():
    for event, sentence in SENTENCES.items():
        assert str(sentence) % {**dict.fromkeys(event.keys, "x"), "about": "y"}


def test_the_page_tells_in_sentences_and_leaves_one_trace(sign_in, db, cast):
    page = sign_in("ada").get("/audit/").text
    assert "imported a roster" in page
    assert "The operator tests" in page
    read = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.AUDIT_READ.code)).one()
    assert (read.subject, json.loads(read.details)["filter"]) == ("list:audit", {})


def test_the_page_speaks_spanish(sign_in, db, cast):
    cast.ada.account.language = "es"
    db.session.commit()
    assert "importó una nómina" in sign_in("ada").get("/audit/").text


def read_by_sia(db, cast) -> Disclosure:
    """A filing of Finn's that Sia has read."""
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person)
    record(Event.DISCLOSURE_READ, cast.sia.actor, f"disclosure:{made.reference}", CLOCK, version=1, as_="office")
    db.session.commit()
    return made


def test_the_log_is_searched_by_name_event_and_reference(sign_in, db, cast):
    made = read_by_sia(db, cast)
    ada = sign_in("ada")
    assert "<strong>Sia Senior</strong>" in ada.get("/audit/?actor=Sia Senior").text
    assert "<strong>Sia Senior</strong>" in ada.get(f"/audit/?subject={made.reference}").text
    assert "<strong>Sia Senior</strong>" in ada.get("/audit/?event=disclosure:read").text
    assert "No entry fits" in ada.get("/audit/?actor=Nobody Known").text
    assert ada.get("/audit/?event=no:such").status_code == 422


def test_words_that_were_searched_for_do_not_stand_in_the_log(sign_in, db, cast):
    sign_in("ada").get("/audit/?actor=Finn Filer")
    told = db.session.scalars(select(AuditEntry.details).where(AuditEntry.event == Event.AUDIT_READ.code)).all()
    assert told
    assert [one for one in told if "Finn" in one] == []


def test_an_administrator_reads_only_what_was_done_to_the_system(sign_in, db, cast):
    made = read_by_sia(db, cast)
    dee = sign_in("dee")
    page = dee.get("/audit/").text
    assert "imported a roster" in page
    assert made.reference not in page
    assert dee.get("/audit/?event=disclosure:read").status_code == 422
    assert {event.code.partition(":")[0] for event in Event} - OF_THE_SYSTEM >= {"disclosure", "message", "policy", "obligation"}


def test_pages_of_the_log_go_on_by_number(sign_in, db, cast):
    for _entry in range(105):
        an_entry()
    db.session.commit()
    ada = sign_in("ada")
    first = ada.get("/audit/").text
    assert "Older entries" in first
    before = int(first.split("before=")[1].split('"')[0])
    assert f">{before - 1}</th>" in ada.get(f"/audit/?before={before}").text
    assert ada.get("/audit/?before=x").status_code == 200


def test_refusals_are_shown_beside_the_log_in_words_with_their_codes(sign_in, cast):
    kit = sign_in("kit")
    kit.get("/audit/")
    kit.get("/records/PRR-2026-ABCDEF")
    page = " ".join(sign_in("ada").get("/audit/refusals").text.split())
    assert "Kit Stranger" in page
    assert re.search(r"> The audit log <br> <code[^>]*>audit\.log</code>.*?> This function is not theirs\. <br> <code", page)
    assert re.search(r"> Records requests <br>.*?> There is no such thing, or it is not for this person\. <br>", page)


def test_every_room_and_every_refusal_has_words():
    assert {room for room in ROOMS if room not in WANTED} == set()
    assert why("audit", 403) != why("audit", 404) != why("something new", 422)


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_happened_is_chosen_in_words_in_their_order(app, language):
    with app.test_request_context(), speaking(language):
        told = labels(list(Event))
    words = [one for _code, one in told]
    assert len(set(words)) == len(Event)
    assert [one for one in words if "%" in one or one.startswith("…") or one[0].islower()] == []
    assert all(one.endswith(f" ({code})") for code, one in told)
    assert ("Signed in (sign_in:started)" in words, "Inició sesión (sign_in:started)" in words) == (
        language == "en",
        language == "es",
    )
    assert words == sorted(words, key=search_text)


@pytest.mark.parametrize(
    ("part", "found"), [("stranger", 1), ("STRANG", 1), (" kit ", 1), ("Stranger Kit", 1), ("%", 0), (" ", 0)]
)
def test_a_part_of_a_name_finds_its_entries(db, cast, part, found):
    record(Event.SIGNED_IN, cast.kit.actor, cast.kit.actor.name, CLOCK, method="password")
    assert [one.actor for one in entries(True, actor=part)] == [cast.kit.actor.name] * found
    assert [one.actor for one in entries(True, subject=part)] == [cast.kit.actor.name] * found


@pytest.mark.parametrize(
    "subject", ["case_file:CASE-2026-3FMMU3", "sample:SMP-2026-7W9XJR", "request:REQ-2026-7W9XJR", "records:PRR-2026-7W9XJR"]
)
def test_a_reference_finds_its_entries_without_its_kind(db, cast, subject):
    record(Event.SIGNED_IN, cast.olu.actor, subject, CLOCK, method="password")
    reference = subject.partition(":")[2]
    assert [one.subject for one in entries(True, subject=f" {reference} ")] == [subject]


def test_refusals_and_tries_are_searched_by_person_and_day(sign_in, db, client, cast, clock, monkeypatch):
    sign_in("kit").get("/audit/")
    kit, finn = cast.kit.account.email, cast.finn.account.email
    client.post("/accounts/sign-in", data={"login": kit, "passphrase": "wrong"})
    clock.shift(timedelta(days=1))
    client.post("/accounts/sign-in", data={"login": finn, "passphrase": "wrong"})
    sign_in("finn").get("/audit/")
    ada = sign_in("ada")

    def shown(**asked: str) -> list[str]:
        page = ada.get("/audit/refusals", query_string=asked).text
        hashes = {name: sha256(login)[:16] for name, login in (("kit tried", kit), ("finn tried", finn))}
        refused = {"kit refused": ">Kit Stranger</td>", "finn refused": f">{cast.finn.person.name}</td>"}
        return sorted(name for name, there in {**hashes, **refused}.items() if there in page)

    assert len(shown()) == 4
    for asked in (kit, cast.kit.person.name, cast.kit.person.number, kit.upper()):
        assert shown(who=asked) == ["kit refused", "kit tried"], asked
    assert shown(since="2026-03-03") == ["finn refused", "finn tried"]
    assert shown(until="2026-03-02") == ["kit refused", "kit tried"]
    assert shown(who=kit, since="2026-03-03") == []
    assert ada.get("/audit/refusals?since=never").status_code == 422
    monkeypatch.setattr("coi.audit.queries.PAGE", 1)
    first = ada.get("/audit/refusals").text
    assert ("Older refusals" in first, "Older failed sign-ins" in first) == (True, True)
    assert shown() == ["finn refused", "finn tried"]
    older = unescape(re.findall(r'href="([^"]*older=[^"]*)"', first)[0])
    assert ">Kit Stranger</td>" in ada.get(older).text
    kept = " ".join(db.session.scalars(select(AuditEntry.details).where(AuditEntry.subject == "list:refusals")))
    assert (kit in kept, sha256(kit) in kept) == (False, True)


def test_the_log_is_verified_on_the_page(sign_in, db, cast, engine):
    ada = sign_in("ada")
    assert "The log holds" in ada.post("/audit/verify").text
    by_force(db, engine, "UPDATE audit_entries SET actor = 'x' WHERE seq = 2")
    assert "entry 2 was altered" in ada.post("/audit/verify").text


def test_a_checkpoint_is_taken_away_as_a_file(sign_in, runner, cast, tmp_path):
    file = tmp_path / "kept.json"
    runner.invoke(args=["audit", "checkpoint", "--out", str(file)])
    content = json.loads(file.read_text())
    reply = sign_in("olu").get(f"/audit/checkpoints/{content['head']}")
    assert reply.json == content
    assert sign_in("olu").get("/audit/checkpoints/unknown").status_code == 404


def test_the_log_is_searched_by_city_days(sign_in, db, cast, clock):
    """11 at night in the city is the next day in UTC: the day of the city counts."""
    late = CLOCK.replace(month=3, day=5, hour=4)
    record(Event.SIGNED_IN, cast.olu.actor, "account:1", late, method="late at night")
    record(Event.SIGNED_IN, cast.olu.actor, "account:1", late.replace(day=7), method="later")
    db.session.commit()
    clock.move_to(late.replace(day=8))
    ada = sign_in("ada")
    assert "late at night" in ada.get("/audit/?since=2026-03-04&until=2026-03-04").text
    assert "late at night" not in ada.get("/audit/?since=2026-03-05&until=2026-03-05").text
    assert "later" in ada.get("/audit/?since=2026-03-05").text
    assert "later" not in ada.get("/audit/?until=2026-03-05").text
    assert "No entry fits" in ada.get("/audit/?until=2020-01-01").text
    assert ada.get("/audit/?since=yesterday").status_code == 422


def test_who_read_what_is_a_view_of_its_own(sign_in, db, cast):
    made = read_by_sia(db, cast)
    page = sign_in("ada").get(f"/audit/?reads=y&subject={made.reference}").text
    assert "read version 1 of" in page
    assert "imported a roster" not in sign_in("ada").get("/audit/?reads=y").text


def test_what_was_found_is_taken_as_csv_and_json_lines(sign_in, db, cast):
    made = read_by_sia(db, cast)
    cast.sia.person.name = "=HYPERLINK(1)"
    db.session.commit()
    ada = sign_in("ada")
    told = ada.get(f"/audit/taken.csv?subject={made.reference}").data.decode("utf-8-sig")
    assert (len(told.splitlines()), '"\'=HYPERLINK(1)"' in told) == (2, True)
    line = json.loads(ada.get(f"/audit/taken.jsonl?subject={made.reference}").text)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"disclosure:{made.reference}")).one()
    assert (line["seq"], line["details"], line["hash"]) == (entry.seq, entry.details, entry.hash)
    traces = select(AuditEntry.subject).where(AuditEntry.event == Event.AUDIT_READ.code).order_by(AuditEntry.seq)
    assert db.session.scalars(traces).all() == ["list:audit.csv", "list:audit.jsonl"]
    assert made.reference not in sign_in("dee").get("/audit/taken.csv").text
    assert ada.get("/audit/taken.exe").status_code == 404


def test_more_than_may_be_taken_at_once_is_said(sign_in, db, cast, monkeypatch):
    monkeypatch.setattr("coi.audit.taking.MOST", 1)
    for _entry in range(3):
        an_entry()
    reply = sign_in("ada").get("/audit/taken.jsonl")
    assert (reply.status_code, "more than 1 entries" in reply.text) == (422, True)
