"""The whole workbook as another program reads it: calamine, which pandas uses, sees every cell that openpyxl sees (TRAPS)."""

from datetime import date, datetime, timedelta
from itertools import zip_longest

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from coi.accounts import roles
from coi.exports.verify import ESCAPED
from coi.vocabulary import Role
from tests.disclosures.steps import now
from tests.exports.test_workbook import HOSTILE
from tests.factories import OPERATOR
from tests.plans.made import answered, draft, managed


def plain(value, escaped=False):
    """A cell as any reader should see it; openpyxl leaves the escape of `_x0041_`, and calamine tells 3 as 3.0."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return ESCAPED.sub("_", value) if escaped else value
    if isinstance(value, datetime):
        at = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return at.date() if at.time() == datetime.min.time() else at
    return value if isinstance(value, date) else int(value) if value == int(value) else value


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_cell_is_read_alike(make, db, cast, language):
    answered(managed(cast, *(draft(own_words=text) for text in HOSTILE if "\uffff" not in text)), cast)
    roles.grant_in_setup(cast.kit.account, Role.REVIEWER, OPERATOR, now())
    db.session.commit()
    book = make("--language", language)
    theirs = CalamineWorkbook.from_path(str(book.path))
    ours = load_workbook(book.path)
    assert theirs.sheet_names == ours.sheetnames
    told = 0
    for name in theirs.sheet_names:
        there = theirs.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for row, other in zip_longest(ours[name].iter_rows(values_only=True), there, fillvalue=()):
            one, two = [plain(cell, escaped=True) for cell in row], [plain(cell) for cell in other]
            assert [*one, *(None,) * (len(two) - len(one))] == [*two, *(None,) * (len(one) - len(two))], name
            told += sum(cell is not None for cell in one)
    assert told > 2000
    shown = {row[8] for row in theirs.get_sheet_by_name(ours.sheetnames[6]).to_python()}
    assert set(HOSTILE[:3]) <= shown
