"""A campaign with filings in it, and a workbook of it made on the terminal."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coi.campaigns import actions as campaigns
from coi.campaigns.obligations import settle
from coi.models import Campaign, Disclosure, Interest
from coi.vocabulary import Risk, State
from tests.city import CLOCK
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
