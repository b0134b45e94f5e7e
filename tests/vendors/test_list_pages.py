"""Vendors and contracts loaded on the pages: rows refused by number, exactly what was shown; a wrong file is asked about."""

import io
import re

import pytest
from sqlalchemy import func, select

from coi.models import AuditEntry, Contract, ContractAlert, ListLoad, ListRecord
from coi.vendors.jobs import match_anew
from tests.disclosures.steps import now
from tests.review.cases import case_of
from tests.vendors.lists_of_tests import CONTRACT_HEAD, JOB, NEW_DEAL, load_vendors

VENDORS = f'vendor,vendor_id,aliases\n"{JOB}",V1,\nBo <b>Ray</b> Paving,V2,Ray|Bo\n'


@pytest.fixture
def dee(sign_in):
    """The administrator's browser."""
    return sign_in("dee")


def upload(client, text: str | bytes, of: str = "vendors", name: str = "list.csv"):
    """Sends a file."""
    data = text if isinstance(text, bytes) else text.encode()
    return client.post("/vendors/lists", data={"file": (io.BytesIO(data), name), "of": of})


def marks(page: str) -> dict[str, str]:
    """The marks that a preview carries."""
    return {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in ("mark", "state")}


def standing(db, kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind).where(kind.ended_seq.is_(None)))


def test_from_upload_to_a_new_contract_on_a_form(db, cast, dee):
    made = case_of(cast)
    place = upload(dee, VENDORS).location
    page = dee.get(place).text
    assert ("Bo &lt;b&gt;Ray&lt;/b&gt; Paving" in page, "Ray, Bo" in page) == (True, True)
    assert standing(db, ListRecord) == 0
    assert [dee.post(f"{place}/load", data=marks(page)).status_code for _click in range(2)] == [303, 404]
    assert standing(db, ListRecord) == 2
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "list:loaded")).one()
    assert entry.actor.startswith("account:")
    match_anew(now())
    place = upload(dee, f"{CONTRACT_HEAD}\n{NEW_DEAL}\n", "contracts").location
    page = dee.get(place).text
    assert ("25,000.50" in page, "Dinners" in page) == (True, True)
    dee.post(f"{place}/load", data=marks(page))
    match_anew(now())
    assert db.session.scalars(select(ContractAlert.disclosure_id)).all() == [made.id]
    shown = dee.get("/vendors/lists").text
    assert "2 records, loaded on" in shown
    assert "1 record, loaded on" in shown


@pytest.mark.parametrize(
    ("of", "text", "told"),
    [
        ("vendors", "vendor,vendor_id\n,V1\nAcme,V2\nAcme,V2\n", "<th scope=\"row\" data-label=\"Row\">2</th>"),
        ("contracts", f"{CONTRACT_HEAD}\nC1,Acme,,,31/31/2026,,1\nC2,Acme,,,,,NaN\n", "31/31/2026 is no date"),
        ("contracts", f"{CONTRACT_HEAD}\nC1,Acme,,,,,1E+999999\n", "1E+999999 is no amount"),
        ("contracts", f"{CONTRACT_HEAD}\nC1,Acme,,,,,1,2,3\n", "data-label=\"Row\">2</th>"),
    ],
)  # fmt: skip
def test_rows_that_are_refused_are_named_by_number_and_nothing_can_be_loaded(db, dee, of, text, told):
    place = upload(dee, text, of).location
    page = dee.get(place).text
    assert told in page
    assert "/load" not in page
    assert dee.post(f"{place}/load", data={"mark": "x", "state": "0"}).status_code == 422
    assert db.session.scalars(select(ListLoad)).all() == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"\x00\x01\x02", "a.csv"),
        (b'vendor\n"never closed\n' + b"x\n" * 50, "a.csv"),
        (b"PK\x03\x04no", "a.xlsx"),
    ],
)
def test_a_file_that_cant_be_read_says_why_beside_the_field(dee, data, name):
    reply = upload(dee, data, name=name)
    if reply.status_code == 303:  # it has headings; what is wrong stands by its row
        assert "/load" not in dee.get(reply.location).text
    else:
        assert (reply.status_code, "file-error" in reply.text) == (422, True)


def test_headings_that_say_nothing_are_chosen_on_the_page(db, dee):
    place = upload(dee, "who,nr\nAcme,7\n").location
    page = dee.get(place).text
    assert "No column holds “Name”." in page
    assert dee.post(f"{place}/headings", data={"map-name": "nonsense"}).status_code == 422
    assert dee.post(f"{place}/headings", data={"map-name": "who", "map-number": "nr"}).status_code == 303
    dee.post(f"{place}/load", data=marks(dee.get(place).text))
    assert db.session.execute(select(ListRecord.number, ListRecord.name)).one() == ("7", "Acme")


def test_a_list_that_was_loaded_meanwhile_is_not_overrun(db, dee):
    place = upload(dee, VENDORS).location
    seen = marks(dee.get(place).text)
    load_vendors("V9,Somebody Else,,Parks")
    reply = dee.post(f"{place}/load", data=seen)
    assert (reply.status_code, "Look at it again" in reply.text) == (409, True)
    assert db.session.scalars(select(ListRecord.name).where(ListRecord.ended_seq.is_(None))).all() == ["Somebody Else"]


def test_a_file_that_would_end_most_of_a_list_asks_for_the_number(db, dee):
    load_vendors(*(f"V{number},Vendor {number},,Parks" for number in range(20)))
    place = upload(dee, "vendor,vendor_id,departments\nVendor 0,V0,Parks\n").location
    page = dee.get(place).text
    assert "19 of 20 records would end" in page
    for typed, code in (("", 422), ("20", 422), ("19", 303)):
        assert dee.post(f"{place}/load", data={**marks(page), "confirm": typed}).status_code == code
    assert standing(db, ListRecord) == 1


def test_the_file_of_one_list_is_not_opened_as_another_nor_as_a_roster(dee):
    token = upload(dee, VENDORS).location.rpartition("/")[2]
    for path in (f"/vendors/lists/contracts/{token}", f"/vendors/lists/people/{token}", f"/people/roster/preview/{token}"):
        assert dee.get(path).status_code == 404
    assert dee.post(f"/vendors/lists/vendors/{token}/drop").status_code == 303
    assert dee.get(f"/vendors/lists/vendors/{token}").status_code == 404
    assert Contract.query.count() == 0
