"""What somebody with the database's own password does, to the log and behind it: `audit verify` finds each and names the row."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text

from coi.audit.chain import entry_hash, make_checkpoint, public_text, sha256
from coi.audit.queries import head, links
from coi.audit.record import record
from coi.models import Checkpoint, Installation, Message, PolicyReceipt, PolicyVersion
from coi.vocabulary import Event, MessageKind, Receipt
from tests.disclosures.steps import now
from tests.review.cases import decided


@pytest.fixture
def case(db, cast, runner):
    """An honest case: signed, decided, with a checkpoint after it; the log holds."""
    made = decided(cast)
    runner.invoke(args=["audit", "checkpoint", "--out", "/dev/null"])
    reply = runner.invoke(args=["audit", "verify"])
    assert (reply.exit_code, reply.stderr) == (0, "")
    return made


@pytest.fixture
def force(db, engine):
    """Does what it is told past every guard that the password can take away: triggers and foreign keys."""

    def do(*statements: str, values: Any = None) -> None:
        db.session.commit()
        if engine.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                for statement in statements:
                    connection.execute(text(statement), values or {})
            return
        with closing(sqlite3.connect(db.engine.url.database)) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                run = connection.executemany if isinstance(values, list) else connection.execute
                run(statement, values or {})
            connection.commit()

    return do


def told(runner) -> tuple[int, str]:
    reply = runner.invoke(args=["audit", "verify"])
    return reply.exit_code, reply.stderr


BEHIND = {
    "what was signed": ("UPDATE disclosure_versions SET record = '{}'", "Signed version 1 of {}: not as entry"),
    "its hash, too": ("UPDATE disclosure_versions SET record = '{}', sha256 = 'x'", "what was signed, SHA-256."),
    "an outcome": ("UPDATE decisions SET outcome = 'exempt'", "Decision DEC"),
    "a reason": ("UPDATE decisions SET reason_for_filer = 'another'", "reason for the filer."),
    "a reasoning": ("UPDATE decisions SET internal_reasoning = 'another'", "internal reasoning."),
    "a decision gone": ("DELETE FROM decisions", "(disclosure:decided, disclosure:{}): what it tells of is gone from its table."),
    "a decision of no entry": ("UPDATE decisions SET seq = 99999", "its entry 99999 is not in the log."),
    "a decision of another entry": ("UPDATE decisions SET seq = 1", "entry 1 tells of something else."),
    "a form": ("UPDATE questionnaires SET sha256 = 'x'", "of form city-coi: not as entry"),
    "a checkpoint gone": ("DELETE FROM checkpoints", "is gone, or another."),
    "a checkpoint's row": ("UPDATE checkpoints SET size = 1", "its row is not what it signed."),
    "the key": ("UPDATE installation SET key = 'x'", "This installation's key is not the one of entry"),
    "the origin": ("UPDATE installation SET origin = 'coi:other'", "This installation's origin is not the one of entry"),
}


@pytest.mark.parametrize("name", BEHIND)
def test_a_row_changed_behind_the_log_is_named(case, force, runner, name):
    statement, piece = BEHIND[name]
    force(statement)
    status, said = told(runner)
    assert (status, piece.format(case.reference) in said) == (1, True), said


def test_each_change_of_the_log_itself_is_found_at_its_entry(case, force, runner, db):
    size, _last = head()
    middle = size // 2
    row = db.session.execute(text("SELECT * FROM audit_entries WHERE seq = :seq"), {"seq": middle}).mappings().one()
    kept = [dict(one) for one in db.session.execute(text("SELECT * FROM audit_entries ORDER BY seq")).mappings()]
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)

    def restored() -> None:
        force("DELETE FROM audit_entries")
        force(f"INSERT INTO audit_entries ({names}) VALUES ({marks})", values=kept)

    changes = {
        "altered": (["UPDATE audit_entries SET subject = 'x' WHERE seq = :m"], f"entry {middle} was altered"),
        "back-dated": (["UPDATE audit_entries SET at = '2020' WHERE seq = :m"], f"entry {middle} was altered"),
        "deleted": (["DELETE FROM audit_entries WHERE seq = :m"], f"entry {middle} is missing"),
        "moved": (
            [
                "UPDATE audit_entries SET seq = 100000 WHERE seq = :m",
                "UPDATE audit_entries SET seq = :m WHERE seq = :m + 1",
                "UPDATE audit_entries SET seq = :m + 1 WHERE seq = 100000",
            ],
            f"entry {middle} does not follow the one before it",
        ),
        "cut off": (["DELETE FROM audit_entries WHERE seq > :m"], "The log was shortened: a checkpoint knows"),
        "put in": (
            [
                "INSERT INTO audit_entries SELECT 100000, at, actor, event, subject, details, prev, 'x' "
                "FROM audit_entries WHERE seq = :m"
            ],
            f"entry {size + 1} is missing",
        ),
    }
    for name, (statements, piece) in changes.items():
        force(*statements, values={"m": middle})
        status, said = told(runner)
        assert (status, piece in said) == (1, True), (name, said)
        restored()
    assert told(runner)[0] == 0


def test_an_entry_back_dated_with_all_that_follow_goes_back_in_time(case, force, runner, db):
    middle, prev, changed = head()[0] // 2, "", []
    for link in list(links()):
        at = "2020-01-01T00:00:00.000000Z" if link.seq == middle else link.at
        before = prev or link.prev
        made = entry_hash(
            before, actor=link.actor, at=at, details=link.details, event=link.event, seq=link.seq, subject=link.subject
        )
        changed.append({"s": link.seq, "a": at, "p": before, "h": made})
        prev = made
    force("UPDATE audit_entries SET at = :a, prev = :p, hash = :h WHERE seq = :s", values=changed)
    assert f"entry {middle} goes back in time" in told(runner)[1]


def test_a_key_replaced_everywhere_is_exposed_by_the_log_and_by_a_kept_checkpoint(case, force, runner, db, tmp_path):
    kept = tmp_path / "kept.json"
    runner.invoke(args=["audit", "checkpoint", "--out", str(kept)])
    secret = Ed25519PrivateKey.generate()
    here = db.session.scalars(select(Installation)).one()
    origin = here.origin
    for one in [(kept.id, kept.size, kept.head, kept.at) for kept in db.session.scalars(select(Checkpoint))]:
        content = make_checkpoint(secret, origin, *one[1:])
        force("UPDATE checkpoints SET content = :c WHERE id = :i", values={"c": json.dumps(content), "i": one[0]})
    force("UPDATE installation SET key = :k", values={"k": public_text(secret)})
    status, said = told(runner)
    assert (status, "it was replaced." in said) == (1, True)
    reply = runner.invoke(args=["audit", "verify", "--checkpoint", str(kept)])
    assert "A checkpoint was signed with another key than this installation's." in reply.stderr


def test_messages_and_receipts_are_held_against_their_entries(case, force, runner, db, cast):
    actor, on = cast.finn.actor, now()
    policy = {"policy": "conduct", "version": "1", "sha256": sha256("text")}
    seq = record(Event.POLICY_PUBLISHED, actor, "policy:conduct", on, **policy)
    told_of = {
        "title": {"en": "Conduct"},
        "effective_on": on.date(),
        "text": {"en": "text"},
        "sha256": sha256("text"),
        "seq": seq,
    }
    version = PolicyVersion(policy_id="conduct", version="1", **told_of)
    db.session.add(version)
    db.session.flush()
    seq = record(Event.POLICY_SIGNED, actor, f"person:{case.filer_id}", on, receipt=Receipt.RECEIVED.value, **policy)
    signed = {"person_id": case.filer_id, "policy_version_id": version.id, "language": "en", "seq": seq}
    db.session.add(PolicyReceipt(receipt=Receipt.RECEIVED, **signed))
    kind, words = MessageKind.QUESTION, "Which days?"
    seq = record(Event.MESSAGE_SENT, actor, f"disclosure:{case.reference}", on, kind=kind.value, sha256=sha256(words), number=1)
    message = {"disclosure_id": case.id, "number": 1, "author_id": case.filer_id, "at": on, "seq": seq}
    db.session.add(Message(kind=kind, text=words, **message))
    db.session.commit()
    assert told(runner) == (0, "")
    force("UPDATE policy_receipts SET receipt = 'declined'", "UPDATE messages SET text = 'Never mind.'")
    said = told(runner)[1]
    assert f"The receipt of policy conduct 1 by person {case.filer_id}: not as entry" in said
    assert f"Message 1 of {case.reference}: not as entry {seq} tells: words." in said
    force("DELETE FROM messages")
    assert f"Entry {seq} (message:sent, disclosure:{case.reference}): what it tells of is gone from its table." in told(runner)[1]
