"""The row protocol: a register yields plain values, and the word itself where a column is coded; the writer says its label."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from coi.audit.queries import head
from coi.exports.cells import Cells
from coi.exports.counting import People, Summary
from coi.exports.making import Asked, sources
from coi.exports.registers.asof import Moment
from coi.exports.registers.columns import CODES, SHEETS
from coi.exports.registers.dictionary import PLAIN
from coi.exports.registers.rows import Answered
from coi.languages import speaking
from coi.vocabulary import Kind, Outcome, Standing, Word
from tests.city import CLOCK

KINDS = {"text": (str, tuple), "whole": int, "money": Decimal, "date": date, "instant": datetime}
CODED = {**CODES, **dict.fromkeys(PLAIN, (Answered,))}


@pytest.fixture
def rows(db, filed, campaign):
    """Every sheet's rows, as its register yields them."""
    at = Moment("2026-03-02T15:04:05.000000Z", head()[0], ZoneInfo("America/New_York"))
    asked = Asked("EXP", "standard", campaign, tuple(SHEETS), at, "", "x", CLOCK, "1", "coi:1", {})
    return {key: list(read()) for key, read in sources(asked, Summary(at), People(at)).items()}


def test_a_coded_column_holds_words_and_every_other_one_plain_values(rows):
    assert [key for key, found in rows.items() if not found] == ["decisions", "plans", "policies", "access", "sample"]
    for key, found in rows.items():
        for row in found:
            for spec, value in zip(SHEETS[key], row, strict=True):
                words = value if isinstance(value, tuple) else (value,)
                if (key, spec.key) in CODED:
                    assert all(isinstance(one, (*CODED[key, spec.key], type(None))) for one in words), (key, spec.key, value)
                else:
                    assert value is None or (isinstance(value, KINDS[spec.type]) and not isinstance(value, Word)), (key, spec.key)


def test_the_writer_says_the_label_in_the_language_that_is_spoken(app):
    with speaking("es"):
        cells = Cells(ZoneInfo("America/New_York"), dict.fromkeys(("text",), 0))
        assert [cells.text(one)[0] for one in (Answered.YES, Standing.EXCUSED, "excused")] == ["Sí", "Dispensado", "excused"]
        assert cells.text((Kind.ANNUAL, Kind.GIFT))[0] == "Formulario anual, Regalo"
        assert [cells.text(one)[0] for one in (None, "", ())] == ["", "", ""]
    assert Cells(ZoneInfo("America/New_York"), {"text": 0}).text(Outcome.NOTED)[0] == str(Outcome.NOTED.label)
