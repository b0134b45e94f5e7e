"""Summary: three tables that foot, each with a native chart that has axes, title and words, and needs no colour."""

from datetime import date, timedelta
from xml.etree import ElementTree
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from coi.exports import verify
from coi.exports.counting import Summary, _ends
from coi.exports.registers.asof import Moment
from coi.exports.registers.columns import PLANS
from coi.exports.registers.words import ConditionState
from coi.exports.summary import PATTERNS
from coi.languages import speaking
from tests.exports.workbooks import blocks
from tests.plans.made import draft, managed

ZONE = ZoneInfo("America/New_York")
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def test_what_was_filed_stands_against_what_was_due(make, filed, campaign):
    book = make()
    _departments, time, _ages = blocks(book.sheets["Summary"])
    assert time[0] == ["Until the end of", "Due by then", "Filed in this time", "Filed by then"]
    rows = {row[0]: row[1:] for row in time[1:]}
    outcomes = book.table("Outcomes")
    due = next(iter({row["Due on"] for row in outcomes})).date()
    assert rows["2026-03-08"] == [0, 2, 2]
    assert list(rows)[-1] == (due + timedelta(days=6 - due.weekday())).isoformat()
    assert rows[list(rows)[-1]] == [len(outcomes), None, None], "of what is to come nobody can say how many filed"


def test_weeks_begin_on_monday_and_many_of_them_are_told_by_month():
    assert list(_ends(date(2026, 3, 4), date(2026, 3, 10))) == [
        (date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 9), date(2026, 3, 15)),
    ]
    months = list(_ends(date(2024, 1, 31), date(2026, 2, 1)))
    assert (months[0], months[-1], len(months)) == (
        *((date(2024, 1, 1), date(2024, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))),
        26,
    )


@pytest.mark.parametrize(("days", "age"), [(0, 0), (30, 0), (31, 1), (90, 1), (91, 2), (365, 2), (366, 3)])
def test_an_open_condition_has_its_age(app, days, age):
    summary = Summary(Moment("2026-03-02T15:04:05.000000Z", 1, ZONE))
    row = {spec.key: None for spec in PLANS}
    told = [row | {"open_days": days, "state": ConditionState.OVERDUE}, row | {"state": ConditionState.CONFIRMED}]
    assert len(list(summary.aged(tuple(one.values()) for one in told))) == 2
    with speaking("en"):
        (*_others, block) = summary.blocks()
    assert [row[1:] for row in block.rows] == [[int(place == age)] * 2 for place in range(4)] + [[1, 1]]


def test_conditions_are_counted_where_their_sheet_was_not_asked_for(make, db, cast, clock):
    managed(cast, draft("step_aside_party"), draft("report_change"))
    clock.shift(timedelta(days=40))
    book = make("--sheets", "audit")
    assert blocks(book.sheets["Summary"])[2][2] == ["31 to 90 days", 2, 0]
    assert verify.Check(verify.Workbook(book.path), None, "", []).found == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_chart_has_axes_a_title_and_words_and_needs_no_colour(make, filed, db, cast, language):
    book = make("--language", language)
    with ZipFile(book.path) as zipped:
        names = [name for name in zipped.namelist() if name.startswith("xl/charts/chart")]
        charts = [ElementTree.fromstring(zipped.read(name)) for name in names]
        drawing = ElementTree.fromstring(zipped.read("xl/drawings/drawing1.xml"))
    assert len(charts) == 2, "no condition is open, so there is nothing to show"
    for chart in charts:
        assert [axis.get("val") for axis in chart.iter(f"{CHART}delete")] in (["0", "0"], ["0", "0", "0"])
        assert len(list(chart.iter(f"{CHART}title"))) == 3, "the chart and both axes"
    told = list(drawing.iter(f"{DRAWING}cNvPr"))
    titles = [row[0] for row in book.sheets[verify.TABS["summary"][language == "es"]]]
    for one in told:
        assert one.get("name") in titles
        assert one.get("descr").startswith(f"{one.get('name')}. ")
    fills = [[fill.get("prst") for fill in chart.iter() if fill.tag.endswith("pattFill")] for chart in charts]
    assert len(set(fills[0])) == len(fills[0]) > 0
    lines = [
        next(one.get("val") for one in line.iter() if one.tag.endswith("prstDash")) for line in charts[1].iter(f"{CHART}ser")
    ]
    assert lines == ["dash", "solid"]


def test_no_two_outcomes_look_the_same():
    assert len({name for name, _colour in PATTERNS if name != "solid"}) == len(PATTERNS) - 2
    assert len({colour for _name, colour in PATTERNS}) == len(PATTERNS)


def test_charts_widths_and_print_set_up_are_there_after_openpyxl_saved_it(make, filed, db, cast, tmp_path):
    book, saved = make(), tmp_path / "again.xlsx"
    load_workbook(book.path).save(saved)
    again = load_workbook(saved)
    assert len(again["Summary"]._charts) == 2
    outcomes = again["Outcomes"]
    assert (outcomes.freeze_panes, outcomes.print_title_rows, outcomes.print_title_cols) == ("C2", "$1:$1", "$A:$B")
    assert (outcomes.page_setup.orientation, outcomes.page_setup.fitToWidth > 1) == ("landscape", True)
    assert not any(sheet.merged_cells.ranges for sheet in again)
    assert all(sheet.oddFooter.center.text.startswith("Register of disclosures") for sheet in again)
    assert (again.properties.title[:24], again.properties.language) == ("Register of disclosures:", "en")
