"""What the table of access points to in papers: files on entries, a paper form being typed, one typed in, one confirmed."""

from typing import Any

from sqlalchemy import select

from coi.attachments import keeping
from coi.audit.chain import sha256
from coi.db import db
from coi.models import Attachment, Disclosure, DisclosureVersion, Draft, PaperForm, Person, Questionnaire, SignedAttachment
from coi.vocabulary import Kind, Outcome, Role, State
from tests.city import CLOCK
from tests.factories import AccountFactory, Cast, DisclosureFactory, PersonFactory, RoleGrantFactory, an_entry, filing

FILE = b"%PDF-1.4\n%%EOF\n"
KEY = "entry0of0the0draft"


def on_paper(cast: Cast) -> dict[str, str]:
    """Pat, who types in paper forms, and everything that the addresses of papers name."""
    seq = an_entry(CLOCK)
    pat = PersonFactory(number="001099", name="Pat Paper", email="pat@city.example", department="City Clerk", version=seq)
    RoleGrantFactory(account=AccountFactory(person=pat, seq=seq), role=Role.PAPER_ENTRY, seq=seq)
    made = {"with_entry": _draft_with_entry(cast), "signed_paper": _paper(_signed(cast), "ATT-SIGNED"), "new_paper": "ATT-NEW"}
    draft = db.session.scalars(select(Disclosure).where(Disclosure.reference == made["with_entry"])).one()
    _paper(draft, "ATT-NEW", entry_key=KEY)
    typing = _form(pat, cast.kit.person, "PAP-2026-TYPING")
    _paper(None, "ATT-SCAN", paper=typing.reference)
    made |= {"kits_paper": typing.reference, "scan": "ATT-SCAN"}
    made["finns_proof"] = _paper(None, "ATT-PROOF", paper="CND-WORLD1", entry_key="0", in_draft=False)
    for name, confirmed in (("typed_paper", None), ("confirmed_paper", seq)):
        form = _form(pat, cast.finn.person, f"PAP-2026-{name[:5].upper()}", filed_seq=seq)
        form.disclosure_id = _typed_in(cast.finn.person, f"COI-2026-{name[:5].upper()}", confirmed).id
        made[name] = form.reference
    db.session.flush()
    return made


def _draft_with_entry(cast: Cast) -> str:
    made = DisclosureFactory(filer=cast.finn.person, reference="COI-2026-ENTRY1", form_id="city-coi", kind=Kind.CHANGE)
    form = db.session.scalars(select(Questionnaire).where(Questionnaire.form_id == "city-coi")).one()
    answers = {"has_outside_work": "yes", "outside_work": [{"_key": KEY, "org": "Acme"}]}
    filer = {"kind": "change", "level": "short"}
    db.session.add(Draft(disclosure_id=made.id, questionnaire_id=form.id, filer=filer, answers=answers, saved_at=CLOCK))
    db.session.flush()
    return str(made.reference)


def _signed(cast: Cast) -> Disclosure:
    return filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, reference="COI-2026-PAPERS", kind=Kind.GIFT)


def _paper(disclosure: Disclosure | None, reference: str, **columns: Any) -> str:
    """A file with its row; signed with the newest version where there is one."""
    seq = an_entry(CLOCK)
    told = {"filename": "paper.pdf", "kind": "pdf", "stored": keeping.write(FILE), "sha256": sha256(FILE.decode())}
    row = Attachment(reference=reference, size=len(FILE), added_by="account:1", added_at=CLOCK, seq=seq, **told, **columns)
    row.disclosure_id = disclosure.id if disclosure is not None else None
    db.session.add(row)
    db.session.flush()
    if disclosure is not None and disclosure.version:
        version = db.session.scalars(select(DisclosureVersion).where(DisclosureVersion.disclosure_id == disclosure.id)).one()
        db.session.add(SignedAttachment(version_id=version.id, attachment_id=row.id, seq=seq))
        db.session.flush()
    return reference


def _form(clerk: Person, person: Person, reference: str, **columns: Any) -> PaperForm:
    form = db.session.scalars(select(Questionnaire).where(Questionnaire.form_id == "tests_small")).first()
    assert form is not None
    told = {"kind": Kind.CHANGE, "reporting_year": 2025, "language": "en", "received_on": CLOCK.date(), "signed_on": CLOCK.date()}
    made = PaperForm(
        reference=reference,
        person_id=person.id,
        clerk_id=clerk.id,
        questionnaire_id=form.id,
        begun_at=CLOCK,
        saved_at=CLOCK,
        seq=an_entry(CLOCK),
        **told,
        **columns,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _typed_in(filer: Person, reference: str, confirmed: int | None) -> Disclosure:
    form = db.session.scalars(select(Questionnaire).where(Questionnaire.form_id == "tests_small")).first()
    assert form is not None
    made: Disclosure = DisclosureFactory(
        filer=filer, reference=reference, kind=Kind.CHANGE, state=State.DECIDED, version=1, outcome=Outcome.NO_CONFLICT,
        due_at=CLOCK, first_submitted_at=CLOCK, imported=True,
    )  # fmt: skip
    told = {"record": "{}", "sha256": sha256("{}"), "answers": {"has_job": "no"}, "filer": {}, "language": "en", "nil": True}
    db.session.add(
        DisclosureVersion(
            disclosure_id=made.id,
            number=1,
            questionnaire_id=form.id,
            signed_at=CLOCK,
            signed_name=filer.name,
            imported=True,
            confirmed_seq=confirmed,
            idempotency_key=reference,
            seq=an_entry(CLOCK),
            **told,
        )
    )
    db.session.flush()
    return made
