"""The lists of these tests, loaded whole as the commands load them."""

from coi.db import db
from coi.models import ListLoad
from coi.sheets import read_sheet
from coi.vendors import actions
from coi.vendors.jobs import match_anew
from coi.vendors.reading import CONTRACTS, VENDORS, read_contracts, read_vendors
from tests.disclosures.steps import now
from tests.factories import OPERATOR

JOB = "José Ñuñez-O'Brien, Jr. Catering"  # whom Finn's side job is with (tests.disclosures.steps)
VENDOR_HEAD = "vendor_id,vendor,aliases,departments"
CONTRACT_HEAD = "number,vendor,department,description,start,end,amount"
JOSE = f'V1,"{JOB}",,Parks'
LIKE_JOSE = "V2,Jose Nunez Catering,,Parks"
OLD_DEAL = f'C1,"{JOB}",Parks,Lunches,2024-01-01,,1000'
NEW_DEAL = f'C2,"{JOB}",Public Works,Dinners,2026-01-01,,"25,000.50"'


def load_vendors(*lines: str) -> ListLoad:
    """Loads these vendors and no others; the worker comes by."""
    made = actions.load_vendors(read_vendors(read_sheet(_file(VENDOR_HEAD, lines), "v.csv", VENDORS)), "a" * 64, OPERATOR, now())
    db.session.commit()
    match_anew(now())
    return made


def load_contracts(*lines: str, sweep: bool = True) -> ListLoad:
    """Loads these contracts and no others; the worker comes by unless it is told not to."""
    sheet = read_sheet(_file(CONTRACT_HEAD, lines), "c.csv", CONTRACTS)
    made = actions.load_contracts(read_contracts(sheet), "b" * 64, OPERATOR, now())
    db.session.commit()
    if sweep:
        match_anew(now())
    return made


def _file(head: str, lines: tuple[str, ...]) -> bytes:
    return "\n".join((head, *lines)).encode()
