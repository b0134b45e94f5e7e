"""The Sample sheet: what an auditor drew, in the order of the drawing, with room for notes; no proof and no root (PROOF 3)."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select

from coi.db import db
from coi.exports.registers.asof import Moment
from coi.exports.registers.columns import OUTCOMES
from coi.exports.registers.rows import Row, outcomes
from coi.models import AuditSample, AuditSampleRow, Campaign

AT = {spec.key: place for place, spec in enumerate(OUTCOMES)}
SHOWN = ("reference", "number", "name", "department", "kind", "state", "outcome", "priority", "decided_at")
NOTES = (None,) * 4


def sample(at: Moment, campaign: Campaign | None, reference: str) -> Iterator[Row]:
    """One row per filing drawn, as it stood at the moment of the workbook; what is not there then has its reference alone."""
    wanted = select(AuditSampleRow.reference).join(AuditSample, AuditSample.id == AuditSampleRow.sample_id)
    drawn = list(db.session.scalars(wanted.where(AuditSample.reference == reference).order_by(AuditSampleRow.place)))
    if not drawn:
        return
    left, found = set(drawn), dict[str, Row]()
    for row in outcomes(at, campaign):
        if row[AT["reference"]] in left:
            found[row[AT["reference"]]] = row
            left.discard(row[AT["reference"]])
            if not left:
                break
    for place, one in enumerate(drawn, 1):
        there = found.get(one)
        yield (place, *([there[AT[key]] for key in SHOWN] if there else (one, *(None,) * (len(SHOWN) - 1))), *NOTES)


def how_it_was_drawn(reference: str) -> str:
    """A line of About: how many of how many, in which way, by which seed, and that no proof covers the sheet."""
    one = db.session.scalars(select(AuditSample).where(AuditSample.reference == reference)).one()
    told = {"reference": reference, "size": one.size, "many": one.drawn_from, "way": one.way, "seed": one.seed}
    return str(_("%(reference)s: %(size)s of %(many)s, %(way)s, seed %(seed)s. For notes: no proof covers that sheet.", **told))
