"""A campaign with filings in it, and a workbook of it made on the terminal."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coi.audit.chain import sha256
from coi.campaigns import actions as campaigns
from coi.campaigns.obligations import settle
from coi.models import Campaign, Decision, Disclosure, DisclosureVersion, Interest, Message, Seal
from coi.vocabulary import MessageKind, Outcome, Risk, State
from tests.city import CLOCK
from tests.exports.answers import ADVICE, CONFIDENTIAL, NOTE, PUBLIC, REASON, REASONING, SEALING, record_of_jobs
from tests.exports.workbooks import sheets, table
from tests.factories import OPERATOR, QuestionnaireFactory, an_entry, filing


@pytest.fixture
def campaign(db, cast) -> Campaign:
    """The campaign of 2026, open."""
    QuestionnaireFactory(form_id="city-coi")
    made = campaigns.open_campaign(2026, OPERATOR, CLOCK, setup=True)
    db.session.commit()
    return made


@pytest.fixture
def filed(db, campaign, cast) -> dict[str, Disclosure]:
    """Finn's filing is in review with an interest, Kit's is decided; nobody else has filed."""
    made = {}
    for name, state in (("finn", State.IN_REVIEW), ("kit", State.DECIDED)):
        made[name] = filing(cast[name].person, state, cast.olu.person, form_id="city-coi", campaign_id=campaign.id)
        settle(made[name], cast[name].actor, CLOCK, an_entry())
    version = made["finn"].versions[-1]
    row = Interest(version_id=version.id, question_id="has_job", entry_number=None, party="", risk=Risk.LOW, seq=an_entry())
    db.session.add(row)
    db.session.commit()
    return made


@pytest.fixture
def telling(filed, db, cast) -> Disclosure:
    """Kit's decided filing, with an answer of every visibility, a note, legal advice, a reasoning that stays in, and a seal."""
    kit = filed["kit"]
    first, record = kit.versions[-1], json.dumps(record_of_jobs())
    same = {"questionnaire_id": first.questionnaire_id, "filer": first.filer, "language": "en", "signed_name": first.signed_name}
    said = {"record": record, "sha256": sha256(record), "answers": {}, "nil": False, "idempotency_key": "second", "number": 2}
    version = DisclosureVersion(disclosure_id=kit.id, signed_at=CLOCK, seq=an_entry(), **same, **said)
    db.session.add(version)
    db.session.flush()
    for number, party in ((0, PUBLIC), (1, f"{CONFIDENTIAL} II")):
        row = {"question_id": "jobs", "entry_number": number, "entry_key": f"k{number + 1}", "party": party, "risk": Risk.LOW}
        db.session.add(Interest(version_id=version.id, seq=an_entry(), **row))
    told = {"reason_for_filer": REASON, "internal_reasoning": REASONING, "outcome": Outcome.NO_CONFLICT, "reference": "DEC-1"}
    ids = {"disclosure_id": kit.id, "filer_id": kit.filer_id, "version_id": version.id, "by_id": cast.olu.person.id}
    db.session.add(Decision(at=CLOCK, seq=an_entry(), **ids, **told))
    for number, (kind, text) in enumerate(((MessageKind.NOTE, NOTE), (MessageKind.LEGAL_ADVICE, ADVICE)), 1):
        row = {"number": number, "kind": kind, "author_id": cast.olu.person.id, "text": text}
        db.session.add(Message(disclosure_id=kit.id, at=CLOCK, seq=an_entry(), **row))
    db.session.commit()
    return kit


@pytest.fixture
def under_a_seal(telling, db, cast) -> Disclosure:
    """Kit's filing while two senior officers keep from Kit who reads it."""
    who = {"asked_by_id": cast.sia.person.id, "approved_by_id": cast.sol.person.id, "readers": [cast.olu.person.id]}
    until = CLOCK.date() + timedelta(days=30)
    row = {"reference": "SEAL-1", "disclosure_id": telling.id, "filer_id": telling.filer_id, "reason": SEALING, "until": until}
    db.session.add(Seal(at=CLOCK, seq=an_entry(), **row, **who))
    db.session.commit()
    return telling


@dataclass(frozen=True)
class Made:
    """A workbook, its seal file, and what the terminal said."""

    path: Path
    seal_file: Path
    said: str

    @property
    def sheets(self) -> dict[str, list[list[Any]]]:
        """Every sheet's rows."""
        return sheets(self.path)

    def table(self, name: str) -> list[dict[str, Any]]:
        """A sheet's rows by heading."""
        return table(self.sheets[name])

    @property
    def about(self) -> dict[str, Any]:
        """About, by label."""
        return {row[0]: row[1] for row in self.sheets["About"] if len(row) > 1}


@pytest.fixture
def make(runner, tmp_path):
    """`make("--language", "es")`: a workbook made on the terminal."""
    number = iter(range(100))

    def run(*options: str) -> Made:
        path = tmp_path / f"book{next(number)}.xlsx"
        reply = runner.invoke(args=["exports", "run", "--out", str(path), *options])
        assert reply.exit_code == 0, reply.output
        return Made(path, path.with_name(f"{path.stem}.seal.json"), reply.output)

    return run
