"""A workbook of an older release: other words are no alteration, another fact in the database or in the file is."""

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from coi.exports.registers.columns import POPULATION, SHEETS
from coi.models import Obligation
from coi.vocabulary import Kind


@pytest.fixture
def newer(make, filed, monkeypatch, runner):
    """A workbook, and after that an upgrade that words things differently; gives what `audit verify` says to it."""
    book = make()
    monkeypatch.setattr("coi.exports.compare.release", lambda: "9.9.9 (newer)")
    monkeypatch.setattr(Kind.ANNUAL, "label", "another word")
    described = tuple(spec._replace(means="Something else.") for spec in POPULATION)
    monkeypatch.setitem(SHEETS, "population", described)

    def told() -> tuple[int, str, str]:
        reply = runner.invoke(args=["audit", "verify", "--workbook", str(book.path)])
        return reply.exit_code, reply.stdout, reply.stderr

    return book, told


def test_other_words_of_another_release_are_a_note(newer):
    status, said, wrong = newer[1]()
    assert (status, wrong) == (0, "")
    assert "this is release 9.9.9 (newer): words may read differently." in said
    assert "The seal that the City kept holds" in said
    assert "The file is the very one" in said


def test_a_workbook_saved_anew_is_not_the_very_file_and_still_holds(newer):
    book, told = newer
    load_workbook(book.path).save(book.path)
    status, said, _wrong = told()
    assert (status, "The file is the very one" in said) == (0, False)


def test_a_cell_altered_in_it_is_found(newer):
    book, told = newer
    made = load_workbook(book.path)
    made["Outcomes"]["H2"] = "another word"
    made.save(book.path)
    status, _said, wrong = told()
    assert (status, "Outcomes, row 2: a cell was altered." in wrong) == (1, True)


def test_a_row_altered_in_the_database_is_named_and_a_word_in_it_is_not(newer, db, cast):
    db.session.execute(update(Obligation).where(Obligation.person_id == cast.finn.person.id).values(name="Somebody Else"))
    db.session.commit()
    status, said, wrong = newer[1]()
    assert (status, "words may read differently" in said) == (1, True)
    assert "not as in the database: Name." in wrong
    assert "Kind" not in wrong


def test_a_workbook_of_the_key_before_still_holds_against_the_database(make, filed, runner, app):
    book, file = make(), app.config["SETTINGS"].key_file
    before = file.read_bytes()
    try:
        assert runner.invoke(args=["audit", "new-key"]).exit_code == 0
        reply = runner.invoke(args=["audit", "verify", "--workbook", str(book.path)])
    finally:
        for kept in file.parent.glob(f"{file.name}.*.old"):
            kept.unlink()
        file.write_bytes(before)
    assert (reply.exit_code, reply.stderr) == (0, "")
