"""Letters to auditors: the key with the role, and checkpoints that hold when they are saved from the letter; to nobody else."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.accounts import roles
from coi.audit.jobs import daily_checkpoint
from coi.campaigns import actions as campaigns
from coi.exports.seal import fingerprint
from coi.models import Checkpoint, Installation, Letter
from coi.vocabulary import Role
from tests.city import CLOCK
from tests.factories import OPERATOR, QuestionnaireFactory


def letters(db, kind: str) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def saved(letter: Letter, path) -> None:
    """What an auditor does by the letter's own words: the lines from { to } in a text file."""
    path.write_text(letter.text[letter.text.index("{") : letter.text.index("}") + 1], encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_becomes_an_auditor_gets_the_key_and_its_fingerprint_and_nobody_else_does(db, cast, language):
    cast.kit.account.language = language
    roles.grant_in_setup(cast.kit.account, Role.AUDITOR, OPERATOR, CLOCK)
    roles.grant_in_setup(cast.finn.account, Role.REVIEWER, OPERATOR, CLOCK)
    (told,) = letters(db, "auditor_key")
    key = db.session.scalars(select(Installation.key)).one()
    assert told.person_id == cast.kit.person.id
    assert all(one in body for one in (key, fingerprint(key)) for body in (told.text, told.html))
    assert ("Keep this letter" in told.text) == (language == "en")


def test_emergency_access_as_auditor_comes_with_the_key(db, cast):
    roles.break_glass(cast.kit.account, Role.AUDITOR, "nobody else", OPERATOR, CLOCK)
    assert [one.person_id for one in letters(db, "auditor_key")] == [cast.kit.person.id]


def test_the_checkpoint_of_the_day_goes_to_each_auditor_once_and_can_be_saved_from_the_letter(db, cast, runner, tmp_path):
    assert [daily_checkpoint(CLOCK), daily_checkpoint(CLOCK + timedelta(hours=1))] == [1, 0]
    (told,) = letters(db, "checkpoint")
    assert told.person_id == cast.ada.person.id
    saved(told, tmp_path / "kept.json")
    assert json.loads((tmp_path / "kept.json").read_text()) == db.session.scalars(select(Checkpoint.content)).all()[-1]
    reply = runner.invoke(args=["audit", "verify", "--checkpoint", str(tmp_path / "kept.json")])
    assert reply.exit_code == 0, reply.output
    assert daily_checkpoint(CLOCK + timedelta(days=1)) == 1
    assert len(letters(db, "checkpoint")) == 2


def test_only_a_campaign_s_close_is_printed_for_an_auditor_without_an_address(db, cast):
    QuestionnaireFactory(form_id="city-coi")
    cast.ada.person.email = None
    campaign = campaigns.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    daily_checkpoint(CLOCK)
    assert letters(db, "checkpoint") == []
    campaigns.close(campaign, OPERATOR, CLOCK, setup=True)
    assert [one.dropped for one in letters(db, "checkpoint")] == ["no_address"]
