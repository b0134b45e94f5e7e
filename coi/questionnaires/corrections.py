"""Which later version of a form corrects the one that was signed (U24), and which is the form of another year; reads only."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from coi.db import db
from coi.models import Campaign, Disclosure, DisclosureVersion, Questionnaire
from coi.questionnaires.queries import form_of

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
CONTENT = "content"


def newest_correction(signed: Questionnaire, reporting_year: int) -> Questionnaire:
    """The newest version on which a filing of this year is corrected: `signed` itself where nothing corrected it since.

    Locks the version against a next one: nobody publishes before the draft that begins on the answer is kept.
    """
    db.session.execute(select(Questionnaire.id).where(Questionnaire.id == signed.id).with_for_update(read=True)).all()
    for number in reversed(corrections(signed, reporting_year)):
        found = db.session.scalars(
            select(Questionnaire).where(Questionnaire.form_id == signed.form_id, Questionnaire.number == number)
        ).one()
        form = form_of(found)
        if all(form.row(name, reporting_year) is not None for name in form.used_thresholds):
            return found
    return signed


def corrections(signed: Questionnaire, reporting_year: int) -> list[int]:
    """The numbers of the versions that correct `signed` for a filing of this year, the oldest first.

    A version whose name says another year is that year's form. Where no year is named, one that was published after the
    campaign of a later year opened, one of other content that came after this year's campaign closed, and one that was
    only ever signed for other years are not this year's. What only rewords another year's form belongs to that year, too.
    """
    later = db.session.execute(
        select(Questionnaire.id, Questionnaire.number, Questionnaire.version, Questionnaire.change, Questionnaire.seq)
        .where(Questionnaire.form_id == signed.form_id, Questionnaire.number > signed.number)
        .order_by(Questionnaire.number)
    ).all()
    if not later:
        return []
    next_opened, closed = _ends_of(reporting_year)
    years = _signed_for([row.id for row in later])
    mine, same, found = year_named(signed.version), True, []
    for row in later:
        named = year_named(row.version)
        if mine is not None and named is not None:
            same = named == mine
        elif next_opened is not None and row.seq > next_opened:
            same = False
        elif row.change == CONTENT:
            told = years.get(row.id)
            same = same and (closed is None or row.seq < closed) and (told is None or reporting_year in told)
        if same:
            found.append(row.number)
    return found


def year_named(version: str) -> str | None:
    """The year that the name of a version begins with or holds, `2026 b`: 2026; None where it holds none or several."""
    years = set(YEAR.findall(version))
    return years.pop() if len(years) == 1 else None


def _ends_of(reporting_year: int) -> tuple[int | None, int | None]:
    """The entries with which the first later campaign opened, and this year's own closed; None for what has not been."""
    opened = select(func.min(Campaign.seq)).where(Campaign.reporting_year > reporting_year)
    closed = select(Campaign.closed_seq).where(Campaign.reporting_year == reporting_year)
    return db.session.scalar(opened), db.session.scalar(closed)


def _signed_for(ids: Sequence[int]) -> dict[int, set[int]]:
    """For which years each version was signed here; what a file brought says nothing of when its form was asked."""
    rows: Any = db.session.execute(
        select(DisclosureVersion.questionnaire_id, Disclosure.reporting_year)
        .join(Disclosure, Disclosure.id == DisclosureVersion.disclosure_id)
        .where(DisclosureVersion.questionnaire_id.in_(ids), DisclosureVersion.imported.is_(False))
        .distinct()
    )
    found: dict[int, set[int]] = {}
    for questionnaire_id, year in rows:
        found.setdefault(questionnaire_id, set()).add(year)
    return found
