"""Outside lists: loaded whole, ended when gone, tied by name, and answered to the form engine and the case page."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from coi.errors import Refused
from coi.models import AuditEntry, Contract, ListLoad, ListRecord
from coi.sheets import read_sheet
from coi.vendors import actions
from coi.vendors.lists import city_lists
from coi.vendors.queries import known, loads
from coi.vendors.reading import CONTRACTS, VENDORS, ListRefused, read_contracts, read_list, read_vendors
from tests.city import CLOCK
from tests.factories import OPERATOR, PersonFactory, an_entry

VENDOR_FILE = """vendor_id,vendor,aliases,departments
V1,"Acme Paving, Inc.",Acme Road Works|Acme Asphalt,PUBLIC WORKS|PARKS
V2,Borough Catering LLC,,
"""
CONTRACT_FILE = """original_contract_id,vendor,department,description,start_date,end_date,amount
C1,ACME PAVING INC,PUBLIC WORKS,Potholes,2025-07-01,2026-06-30,"$20,000.50"
C1,Acme Asphalt,FLEET,Yard,7/1/2024,,1000
C2,Nobody On The List & Sons,PARKS,,,,
"""


def vendors(text: str = VENDOR_FILE) -> ListLoad:
    """Loads a vendor list."""
    return actions.load_vendors(read_vendors(read_sheet(text.encode(), "v.csv", VENDORS)), "a" * 64, OPERATOR, CLOCK)


def contracts(text: str = CONTRACT_FILE) -> ListLoad:
    """Loads contracts."""
    return actions.load_contracts(read_contracts(read_sheet(text.encode(), "c.csv", CONTRACTS)), "b" * 64, OPERATOR, CLOCK)


def standing(db, model) -> int:
    """How many rows are not ended."""
    return db.session.scalar(select(func.count(model.id)).where(model.ended_seq.is_(None)))


def test_a_list_that_was_never_loaded_is_not_checked(db):
    lists = city_lists()
    assert [lists.loaded(name) for name in ("city_vendors", "parcels", "city_employees", "departments")] == [False] * 4
    assert lists.find("city_vendors", "Acme Paving") == []
    assert known("Acme Paving") == []


def test_vendors_and_contracts_answer_with_their_departments(db):
    vendors()
    contracts()
    found = city_lists().find("city_vendors", "acme paving")
    assert [(one.level, one.record["name"], one.record["number"]) for one in found[:1]] == [("exact", "Acme Paving, Inc.", "V1")]
    assert found[0].record["departments"] == ["PUBLIC WORKS", "PARKS", "FLEET"]
    assert city_lists().find("city_vendors", "ACME ROAD WORKS")[0].level == "exact"


def test_the_case_page_learns_contracts_amounts_and_departments(db):
    vendors()
    contracts()
    record, level, deals = next(iter(known("Acme Asphalt LLC")))
    assert (record["number"], level) == ("V1", "exact")
    assert [(one.department, one.starts_on, one.ends_on) for one in deals] == [
        ("PUBLIC WORKS", date(2025, 7, 1), date(2026, 6, 30)),
        ("FLEET", date(2024, 7, 1), None),
    ]
    assert known("Acme Paving")[0].amount == Decimal("21000.50")
    assert known("nobody on the list and sons")[0].departments == ["PARKS"]


def test_contracts_alone_make_vendors(db):
    contracts()
    assert city_lists().loaded("city_vendors")
    assert city_lists().find("city_vendors", "Acme Paving")[0].level == "exact"
    vendors()
    assert {one.vendor: one.vendor_id is not None for one in db.session.scalars(select(Contract))} == {
        "ACME PAVING INC": True,
        "Acme Asphalt": True,
        "Nobody On The List & Sons": False,
    }


def test_a_later_load_ends_what_is_gone_and_keeps_the_rest(db):
    vendors()
    kept = db.session.scalar(select(ListRecord.id).where(ListRecord.number == "V2"))
    made = vendors("vendor_id,vendor,aliases,departments\nV2,Borough Catering LLC,,\nV3,New Firm,,\n")
    rows = {row.number: row for row in db.session.scalars(select(ListRecord))}
    assert (rows["V1"].ended_seq, rows["V2"].ended_seq, rows["V3"].seq) == (made.seq, None, made.seq)
    assert rows["V2"].id == kept
    assert city_lists().find("city_vendors", "Acme Paving") == []
    assert city_lists().find("city_vendors", "New Firm")[0].level == "exact"


def test_a_changed_record_is_ended_and_written_anew(db):
    vendors()
    vendors(VENDOR_FILE.replace("PUBLIC WORKS|PARKS", "FIRE"))
    assert (standing(db, ListRecord), db.session.scalar(select(func.count(ListRecord.id)))) == (2, 3)
    contracts()
    again = contracts()
    assert (standing(db, Contract), db.session.scalar(select(func.count(Contract.id)))) == (3, 3)
    assert db.session.get(AuditEntry, again.seq).event == "list:loaded"
    assert [(one.name, one.rows) for one in loads()] == [("city_vendors", 2), ("contracts", 3)]


def test_contracts_follow_their_vendor_to_its_new_record(db):
    vendors()
    contracts()
    vendors(VENDOR_FILE.replace("PUBLIC WORKS|PARKS", "FIRE"))
    assert len(known("Acme Paving")[0].contracts) == 2


def test_employees_and_departments_come_from_the_roster(db):
    PersonFactory(name="José Ñuñez", department="Parks", number="000900", version=an_entry(CLOCK))
    lists = city_lists()
    assert lists.find("city_employees", "jose nunez")[0].record["department"] == "Parks"
    assert lists.find("departments", "PARKS")[0].level == "exact"
    PersonFactory(name="Ann Lee", department="Fire", version=an_entry(CLOCK))
    assert city_lists().find("departments", "fire")[0].record == {"name": "Fire"}


def test_any_other_list_keeps_its_columns_as_attributes(db):
    text = "Organization,ID,Kind,Also known as\nLancaster Food Hub,7,non profit|charity,The Hub\n"
    actions.load_list("organisations", read_list(read_sheet(text.encode(), "o.csv")), "c" * 64, OPERATOR, CLOCK)
    found = city_lists().find("organisations", "the hub")[0]
    assert (found.level, found.record) == (
        "exact",
        {"kind": ["non profit", "charity"], "name": "Lancaster Food Hub", "number": "7"},
    )


@pytest.mark.parametrize("name", ["contracts", "city_employees", "departments", "Bad Name", "", "x" * 61, "../x"])
def test_a_list_that_is_made_here_or_has_no_name_is_not_loaded(db, name):
    with pytest.raises(Refused):
        actions.load_list(name, [], "d" * 64, OPERATOR, CLOCK)
    assert loads() == []


def test_what_can_only_be_guessed_is_refused_by_row(db):
    with pytest.raises(ListRefused) as refusal:
        vendors("vendor_id,vendor\nV1,Acme\nV1,Other\n,---\nV4,Fine\n")
    assert [row for row, _why in refusal.value.rows] == [2, 3, 4]
    rows = ["1,,,,", "2,A,31/1/2020,,", "3,B,,2020-02-30,", "4,C,,,NaN", "5,D,,,1e5", "6,E,,,1_000", "7,F,,,٣", "8,G,,,-5"]
    with pytest.raises(ListRefused) as refusal:
        contracts("\n".join(["number,vendor,start,end,amount", *rows]))
    assert [row for row, _why in refusal.value.rows] == [2, 3, 4, 5, 6, 7, 8]
    assert loads() == []


def test_the_commands_load_and_say_how_many(runner, db, tmp_path):
    (tmp_path / "v.csv").write_text(VENDOR_FILE)
    (tmp_path / "c.csv").write_text(CONTRACT_FILE.replace("vendor,", "who,", 1))
    (tmp_path / "o.csv").write_text("what\nFood Hub\n")
    told = [
        runner.invoke(args=["vendors", "import", str(tmp_path / "v.csv")]),
        runner.invoke(args=["contracts", "import", str(tmp_path / "c.csv"), "--map", "vendor=who"]),
        runner.invoke(args=["lists", "import", "organisations", str(tmp_path / "o.csv"), "--map", "name=what"]),
    ]
    assert [one.exit_code for one in told] == [0, 0, 0], [one.output for one in told]
    assert [one.stdout.split()[0] for one in told] == ["2", "3", "1"]
    assert runner.invoke(args=["vendors", "import", str(tmp_path / "o.csv")]).exit_code == 1
    (tmp_path / "bad.csv").write_text("vendor\n---\n")
    refused = runner.invoke(args=["vendors", "import", str(tmp_path / "bad.csv")])
    assert (refused.exit_code, "row 2" in refused.stderr) == (1, True)


def test_two_databases_of_one_process_do_not_share_an_index(db):
    vendors(VENDOR_FILE.replace("Acme Paving, Inc.", "Only Here Ltd"))
    assert city_lists().find("city_vendors", "Only Here")[0].level == "exact"
    assert city_lists().find("city_vendors", "Acme Paving") == []
