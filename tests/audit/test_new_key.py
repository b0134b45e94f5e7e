"""Another signing key: the old one signs it in the log, what the old one signed still holds, and no other way leads to it."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from coi.audit.chain import public_text
from coi.audit.keys import read_key
from coi.audit.record import record
from coi.exports.seal import fingerprint
from coi.models import AuditEntry, Installation, Letter
from coi.vocabulary import Event
from tests.city import CLOCK
from tests.factories import OPERATOR


@pytest.fixture(autouse=True)
def key_file(app):
    """The key's file; afterwards as it was."""
    file = app.config["SETTINGS"].key_file
    before = file.read_bytes()
    yield file
    for one in file.parent.glob(f"{file.name}.*"):
        one.unlink()
    file.write_bytes(before)


def said(runner, *arguments: object) -> tuple[int, str]:
    reply = runner.invoke(args=["audit", *map(str, arguments)])
    return reply.exit_code, reply.output


def test_the_old_key_signs_the_new_one_and_what_it_signed_before_still_holds(runner, db, cast, key_file, tmp_path):
    old = db.session.scalars(select(Installation.key)).one()
    kept = [tmp_path / f"{number}.json" for number in range(3)]
    said(runner, "checkpoint", "--out", kept[0])
    for number in (1, 2):
        status, told = said(runner, "new-key")
        assert status == 0, told
        said(runner, "checkpoint", "--out", kept[number])
    db.session.expire_all()
    new = db.session.scalars(select(Installation.key)).one()
    assert (public_text(read_key(key_file)), fingerprint(new) in told) == (new, True)
    assert len(list(key_file.parent.glob(f"{key_file.name}.*.old"))) == 2
    assert len({json.loads(one.read_text())["key"] for one in kept}) == 3
    assert said(runner, "verify", *[word for one in kept for word in ("--checkpoint", one)])[0] == 0
    letters = db.session.scalars(select(Letter).where(Letter.kind == "auditor_key_changed").order_by(Letter.id)).all()
    assert [one.person_id for one in letters] == [cast.ada.person.id] * 2
    assert fingerprint(old) in letters[0].text
    assert fingerprint(new) in letters[1].text


def test_a_key_put_in_without_the_old_key_s_signature_is_found(runner, db, cast):
    here = db.session.scalars(select(Installation)).one()
    forged = public_text(Ed25519PrivateKey.generate())
    record(Event.KEY_CHANGED, OPERATOR, here.origin, CLOCK, old=here.key, new=forged, signature="A" * 86 + "==")
    here.key = forged
    db.session.commit()
    status, told = said(runner, "verify")
    assert (status, "is not signed by the key before it." in told, "it was replaced." in told) == (1, True, True)


def test_the_old_key_signs_nothing_of_later(runner, db, cast, key_file, tmp_path):
    said(runner, "new-key")
    (old,) = key_file.parent.glob(f"{key_file.name}.*.old")
    key_file.write_bytes(old.read_bytes())
    said(runner, "checkpoint", "--out", tmp_path / "late.json")
    status, told = said(runner, "verify", "--checkpoint", tmp_path / "late.json")
    assert (status, "a key that was not this installation's then" in told) == (1, True)


def test_a_change_that_fails_or_is_cut_off_leaves_the_old_key_in_use(runner, db, cast, key_file, monkeypatch):
    before = key_file.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr("coi.audit.actions.tell_new_key", lambda *_told: 1 / 0)
        assert said(runner, "new-key")[0] == 1
    assert key_file.read_bytes() == before
    assert db.session.scalar(select(AuditEntry.seq).where(AuditEntry.event == Event.KEY_CHANGED.code)) is None
    with monkeypatch.context() as killed:  # as after a kill: nothing could be put back
        killed.setattr("coi.audit.actions.tell_new_key", lambda *_told: 1 / 0)
        killed.setattr("coi.audit.commands.take_back", lambda *_told: None)
        assert said(runner, "new-key")[0] == 1
    assert key_file.read_bytes() != before
    assert said(runner, "new-key")[0] == 0
    assert said(runner, "verify")[0] == 0
