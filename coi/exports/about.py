"""The rows of About: who, when, as of which moment, what was left out, counts that foot, what is masked, how to verify."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from coi.db import db
from coi.exports import filters
from coi.exports.cells import Repairs
from coi.exports.counting import People
from coi.exports.masked import masked_lines
from coi.exports.registers.columns import title_of
from coi.exports.registers.population import end_of
from coi.exports.registers.sample import how_it_was_drawn
from coi.exports.seal import fingerprint
from coi.languages import LANGUAGES
from coi.models import RosterImport
from coi.profiles.current import current_profile
from coi.vocabulary import ExportKind

if TYPE_CHECKING:
    from coi.exports.making import Asked

Line = list[str]


def about_rows(
    asked: "Asked", rows: dict[str, int], people: People | None, repairs: Repairs, key: str, now: datetime
) -> tuple[list[Line], set[int]]:
    """Everything above the seal, and which rows are headings."""
    parts = (
        (str(_("Register of conflict of interest disclosures and their outcomes")), list(_what(asked, now))),
        (str(_("Rows")), [[title_of(sheet, asked.at.language), str(count)] for sheet, count in rows.items()]),
        (str(_("Population and roster imports")), list(_population(asked, people)) if people else []),
        (str(_("What is masked")), list(masked_lines(asked.kind, asked.at.language))),
        (str(_("What a spreadsheet can't hold")), list(_repaired(repairs))),
        (str(_("How to verify")), list(_how(asked, key))),
    )
    told: list[Line] = []
    titles: set[int] = set()
    for title, lines in parts:
        if lines:
            told.append([title])
            titles.add(len(told))
            told.extend(lines)
    return told, titles


def _what(asked: "Asked", now: datetime) -> Iterator[Line]:
    at, profile = asked.at, current_profile()
    yield [str(_("City")), profile.city.name]
    yield [str(_("Workbook")), asked.reference]
    yield [str(_("Kind")), str(ExportKind(asked.kind).label)]
    yield [str(_("Language")), LANGUAGES[at.language]]
    yield [str(_("Campaign")), str(asked.campaign.year) if asked.campaign else str(_("All campaigns"))]
    yield from (list(line) for line in filters.lines(asked.filters))
    yield from (list(line) for line in filters.reach(asked.narrow))
    yield [str(_("Sheets")), ", ".join(title_of(sheet, at.language) for sheet in asked.sheets)]
    if asked.sample:
        yield [str(_("Sample drawn")), how_it_was_drawn(asked.sample)]
    yield [str(_("Asked by")), asked.asked_by]
    if asked.kind == ExportKind.FULL:
        yield [str(_("Approved by")), asked.approved_by or str(_("nobody: in this city one person may ask alone"))]
        yield [str(_("What for")), asked.purpose]
    yield [str(_("Asked at")), f"{asked.asked_at.astimezone(at.zone):%Y-%m-%d %H:%M:%S} {at.zone}"]
    yield [str(_("Made at")), f"{now.astimezone(at.zone):%Y-%m-%d %H:%M:%S} {at.zone}"]
    yield [str(_("As of")), f"{at.at.astimezone(at.zone):%Y-%m-%d %H:%M:%S} {at.zone}"]
    yield [str(_("As of, as the log writes it")), at.as_of]
    yield [str(_("Entries of the log until then")), str(at.n)]
    yield [str(_("Hash of the last of them")), asked.head]
    yield [str(_("Software")), asked.release]
    yield [str(_("Installation")), asked.origin]


def _population(asked: "Asked", people: People) -> Iterator[Line]:
    yield [str(_("People on the sheet Population")), str(people.all)]
    yield [str(_("Of them active at the end")), str(people.active)]
    yield [str(_("Of them left meanwhile")), str(people.all - people.active)]
    yield [str(_("Of them obliged")), str(people.obliged)]
    yield [str(_("Of them not obliged")), str(people.all - people.obliged)]
    end = end_of(asked.at, asked.campaign)
    imports = db.session.scalars(select(RosterImport).where(RosterImport.seq <= end).order_by(RosterImport.seq)).all()
    active_after = 0
    for one in imports:
        undone = one.undone_seq is not None and one.undone_seq <= end
        told = _(
            "%(rows)s rows in; %(added)s added, %(changed)s changed, %(left)s left, %(same)s unchanged, %(refused)s refused; "
            "%(active)s active after it; SHA-256 of the file %(sha)s",
            rows=one.rows,
            added=one.added,
            changed=one.changed,
            left=one.left,
            same=one.unchanged,
            refused=one.refused,
            active=one.active_after,
            sha=one.sha256,
        )
        yield [str(_("Roster import %(reference)s", reference=one.reference)), f"{told} {_('(undone)')}" if undone else str(told)]
        active_after = active_after if undone else one.active_after
    if imports and not asked.narrow.by_who:
        since = {"active": people.active, "after": active_after, "since": people.active - active_after}
        told = _("%(active)s active at the end, %(after)s after the last import: %(since)s by changes since", **since)
        yield [str(_("Foots to the last import")), str(told)]
    elif not imports:
        yield [str(_("Roster imports")), str(_("none"))]


def _repaired(repairs: Repairs) -> Iterator[Line]:
    yield [str(_("Characters replaced by U+FFFD")), str(repairs.replaced)]
    yield [str(_("Texts cut at 32,767 characters, marked […]")), str(repairs.cut)]


def _how(asked: "Asked", key: str) -> Iterator[Line]:
    yield [
        str(_("With verify.html")),
        str(_("open it in any browser, choose this workbook and its seal file, type the key from your first letter")),
    ]
    yield [
        str(_("With verify.py")),
        f"python verify.py {asked.reference}.xlsx --key KEY --seal {asked.reference}.seal.json --checkpoint KEPT.json",
    ]
    yield [
        str(_("The key")),
        str(_("Take it from your first letter, not from this file: a forger would print another one here.")),
    ]
    yield [str(_("Key that sealed this workbook")), key]
    yield [str(_("Its SHA-256 fingerprint")), fingerprint(key)]
    yield [
        str(_("Row proof")),
        str(
            _(
                "the first 32 hex digits of SHA-256 over coi-row-v1, the sheet's key and the row's texts as JSON; a root is "
                "SHA-256 over its row proofs, a line each; the roots stand in the seal, and the seal is signed (Ed25519)"
            )
        ),
    ]
    yield [str(_("The log")), str(_("each entry's hash covers the entry before it: one changed entry breaks every later one"))]
