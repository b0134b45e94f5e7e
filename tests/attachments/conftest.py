"""A draft of Finn's with one job, and a disk on which no file of an earlier test lies."""

import shutil

import pytest

from coi.disclosures import actions
from coi.models import Disclosure
from tests.attachments.steps import A_JOB_WITH_KEY
from tests.disclosures.steps import complete, now, owed


@pytest.fixture
def empty_disk(app) -> None:
    """No file of an earlier test lies there."""
    shutil.rmtree(app.config["SETTINGS"].uploads_folder, ignore_errors=True)


@pytest.fixture
def draft(db, cast, empty_disk) -> Disclosure:
    """Finn's draft with one job in it."""
    made = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(made, cast.finn.actor, **A_JOB_WITH_KEY)
    db.session.commit()
    return made
