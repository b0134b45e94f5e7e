"""Everything on the page of a signed filing and on its receipt, as its filer reads it; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_babel import ngettext

from coi.appeals.queries import Stands
from coi.appeals.shown import of_my_filing
from coi.campaigns.event_words import waits_in_words
from coi.campaigns.trouble import facts_of, last_day_of
from coi.db import db
from coi.disclosures import comparing, official, queries
from coi.disclosures.carried import carry_of
from coi.disclosures.clocks import clock_of
from coi.disclosures.home import awaits_answer, person_of, policy_address
from coi.disclosures.proof import Proof, proof_of
from coi.disclosures.record import read
from coi.disclosures.recording import Signature
from coi.disclosures.shown import Section, papers_in, shown_version
from coi.exports.stood_in import stood_in
from coi.languages import day, language
from coi.models import Decision, Disclosure, DisclosureVersion, Obligation, Person
from coi.plans import queries as plans
from coi.profiles.current import current_profile
from coi.questionnaires.queries import form_of
from coi.review import queries as office
from coi.review.referring import heard
from coi.review.told import pins_of, spots_of
from coi.rules.form import in_language
from coi.rules.lifecycle import VOLUNTARY, possible
from coi.rules.permissions import Actor
from coi.team import queries as team
from coi.vocabulary import Action, Level, MessageKind, Outcome, Receipt, State
from forms.base import tidy


def act(name: str, agreed: bool, posted: Mapping[str, str], revision: int | None = None) -> Signature:
    """The act of signing as this request shows it (access.md 4)."""
    return Signature(
        signed_name=name,
        agreed=agreed,
        idempotency_key=posted.get("key", ""),
        language=language(),
        method=getattr(g, "sign_in_method", ""),
        signed_in_at=getattr(g, "sign_in_at", None),
        address=request.remote_addr or "",
        agent=(request.user_agent.string or "")[:300],
        button=_("Sign and file"),
        request_id=request.headers.get("X-Request-ID", "")[:80],
        revision=revision,
    )


def everything_of(disclosure: Disclosure) -> dict[str, Any]:
    """My filing."""
    signed = queries.version_of(disclosure)
    appeals = of_my_filing(disclosure)
    appealed = appeals["appeal"].stands is Stands.APPEALED
    decision = _standing(disclosure, appealed)
    allowed = possible(disclosure.state)
    before = comparing.since_last(disclosure, language()) if signed else None
    sections = shown_version(signed, language()) if signed else []
    paper = official.is_official(disclosure.form_id) and not disclosure.imported
    asks = {
        "returned": why_returned(disclosure),
        "asked": awaits_answer(disclosure),
        "draft": queries.draft_of(disclosure),
        "unconfirmed": queries.is_unconfirmed(disclosure),
        "to_hand_in": official.waits_for_paper(disclosure),
    }
    return {
        **asks,
        **appeals,
        "asks": any(asks.values()) or disclosure.state is State.RETURNED,
        "on_paper": official_in_words(disclosure) if paper else "",
        "stages": stages_of(disclosure, decision, appealed),
        "since_last": (before[0], comparing.in_short(before[1])) if before else None,
        "read_by": read_by(queries.readers_for_filer(disclosure, g.today)),
        "stood_in": stood_in(disclosure, g.today),
        "disclosure": disclosure,
        "title": title_of(signed) if signed else disclosure.form_id,
        "signed": signed,
        "sections": sections,
        "carry": carry_of(signed),
        "versions": queries.versions_of(disclosure),
        "receipts": queries.receipts_until(signed) if signed else [],
        **asked_about(disclosure, sections),
        "decision": decision,
        "heard": heard(decision) if decision else None,
        "plan": plans.of_decision(decision),
        "has_it": who_has_it(disclosure),
        "may_correct": Action.CORRECT in allowed or disclosure.state is State.RETURNED,
        "may_withdraw": disclosure.kind.value in VOLUNTARY and Action.WITHDRAW in allowed,
    }


def asked_about(disclosure: Disclosure, sections: list[Section]) -> dict[str, Any]:
    """What was asked and answered, each at its place, what a supervisor was asked, and whose turn it is until when."""
    thread = office.thread(disclosure, with_notes=False)
    return {
        "thread": thread,
        "pins": pins_of(one for one in thread if one.kind is MessageKind.QUESTION),
        "spots": spots_of(sections),
        "put_to_supervisor": team.asked_of(disclosure),
        "clock_now": clock_of(disclosure, g.now),
        "question_line": current_profile().questions.line_in(language()),
    }


@dataclass(frozen=True)
class Stage:
    """One step of the way: its name, its day where it has one, and `done`, `now` or `next`."""

    name: str
    status: str
    on: datetime | None = None


def stages_of(disclosure: Disclosure, decision: Decision | None, appealed: bool = False) -> list[Stage]:
    """The way of a filing in three steps, as its filer reads it."""
    signed = Stage(_("Signed"), "done", disclosure.first_submitted_at)
    if disclosure.state is State.WITHDRAWN:
        return [signed, Stage(_("Withdrawn"), "now")]
    if disclosure.state is State.DECIDED:
        on = decision.at if decision is not None else disclosure.decided_at
        return [signed, Stage(_("Looked at"), "done"), Stage(_("Outcome"), "done", on)]
    if disclosure.state is State.RETURNED:
        return [signed, Stage(_("With you, to correct"), "now"), Stage(_("Outcome"), "next")]
    if awaits_answer(disclosure):
        return [signed, Stage(_("With you, to answer"), "now"), Stage(_("Outcome"), "next")]
    if appealed:
        return [signed, Stage(_("Your appeal is looked at"), "now"), Stage(_("Outcome of your appeal"), "next")]
    waits = disclosure.state is State.SUBMITTED
    return [signed, Stage(_("Waits for a reviewer") if waits else _("With a reviewer"), "now"), Stage(_("Outcome"), "next")]


def read_by(readers: Sequence[queries.Reader]) -> list[tuple[str, list[queries.Reader]]]:
    """Who has read it, each person once, with the days."""
    told: dict[str, list[queries.Reader]] = {}
    for one in readers:
        told.setdefault(one.who, []).append(one)
    return list(told.items())


def _standing(disclosure: Disclosure, appealed: bool) -> Decision | None:
    """The decision that stands; one on an older version, or one that was appealed, stands until the new one is decided."""
    found = next((one for one in office.decisions(disclosure) if one.undone_seq is None), None)
    if found is not None and not appealed and disclosure.state is State.ESCALATED and found.outcome is not Outcome.NOT_PERMITTED:
        return None
    return found


def title_of(version: DisclosureVersion) -> str:
    """The form's title in the reader's language."""
    return in_language(form_of(version.questionnaire).title, language())


def who_has_it(disclosure: Disclosure) -> str:
    """Who looks at the filing now: a name, a desk, or nobody."""
    if disclosure.state is State.RETURNED:
        return _("You")
    if disclosure.state not in (State.SUBMITTED, State.IN_REVIEW, State.ESCALATED):
        return ""
    if disclosure.reviewer is not None:
        return disclosure.reviewer.name
    desk = current_profile().desks.get(disclosure.desk)
    return in_language(desk.label, language()) if desk else _("The ethics office")


def why_returned(disclosure: Disclosure) -> str:
    """What the office asks to correct, while it is with the filer."""
    if disclosure.state is not State.RETURNED:
        return ""
    moves = [one for one in queries.history(disclosure) if one.action == Action.RETURN]
    return moves[-1].because if moves else ""


def official_in_words(disclosure: Disclosure) -> str:
    """Where the printed form of another body is: not filed until the office records that it has it (U29)."""
    has = official.received(disclosure)
    if has is None:
        return _(
            "Not filed with the City yet. Print it, sign it and give it to the office. It is filed when the office records it."
        )
    told = _("The office recorded that it received this form on paper on %(day)s.", day=day(has.received_on))
    if has.version == disclosure.version:
        return told
    return f"{told} " + _("You corrected it since: print it again, sign it and give it to the office.")


def proof_in_words(proof: Proof) -> str:
    """How a person proves what was signed."""
    return _(
        "Your signature is entry %(seq)s of the audit log. Anybody who may read the log finds there the fingerprint (SHA-256) of "
        "what you signed, and the hash of the entry. If both are the same as here, nothing was changed since.",
        seq=proof.seq,
    )


def version_of(disclosure: Disclosure, signed: DisclosureVersion) -> dict[str, Any]:
    """One signed version, perhaps an earlier one."""
    return {
        "disclosure": disclosure,
        "title": title_of(signed),
        "signed": signed,
        "sections": shown_version(signed, language()),
        "carry": carry_of(signed),
        "newest": signed.number == disclosure.version,
    }


def receipt_of(disclosure: Disclosure) -> dict[str, Any]:
    """The receipt: counts, never answers (U30)."""
    signed = queries.version_of(disclosure)
    sections = shown_version(signed, language()) if signed else []
    level = str((signed.filer if signed else {}).get("level", ""))
    return {
        "disclosure": disclosure,
        "title": title_of(signed) if signed else "",
        "signed": signed,
        "by_whom": by_whom(disclosure),
        "level": str(Level(level).label) if level in set(Level) else "",
        "how_much": how_much(signed, sections) if signed else "",
        "receipts": queries.receipts_until(signed) if signed else [],
        "first": disclosure.first_submitted_at,
        "due": due_in_words(disclosure),
        "on_time": facts_of(disclosure.id),
        "Receipt": Receipt,
        "proof": proof_of(signed) if signed else None,
        "proof_in_words": proof_in_words,
        "on_paper": official_in_words(disclosure) if official.is_official(disclosure.form_id) and not disclosure.imported else "",
    }


def due_in_words(disclosure: Disclosure) -> str:
    """When a filing was due, extension and leave counted, or for what its due date waits; empty where nothing told one."""
    owed = db.session.get(Obligation, disclosure.obligation_id) if disclosure.obligation_id is not None else None
    if owed is None:
        return ""
    due = last_day_of(owed)
    return day(due) if due is not None else waits_in_words(owed)


def by_whom(disclosure: Disclosure) -> str:
    """How a receipt calls its person: of a form that is filed on paper nothing here says that it was filed (U29)."""
    on_paper = official.is_official(disclosure.form_id) and not disclosure.imported
    return str(_("Filled in by") if on_paper else _("Filed by"))


def how_much(signed: DisclosureVersion, sections: list[Section]) -> str:
    """The counts that stand on a receipt: answers, entries, papers."""
    told = [answers_in_words(sections), entries_in_words(sections)]
    papers = sum(len(rows) for rows in papers_in(read(signed.record)).values())
    return ", ".join([*told, *([ngettext("%(num)s paper", "%(num)s papers", papers)] if papers else [])])


def answers_in_words(sections: list[Section]) -> str:
    """How many questions were answered."""
    count = sum(1 for section in sections for one in section.answers if one.status in ("answered", "none"))
    return ngettext("%(num)s answer", "%(num)s answers", count)


def entries_in_words(sections: list[Section]) -> str:
    """How many entries the lists hold, and how many need not be reported."""
    entries = [entry for section in sections for one in section.answers for entry in one.entries]
    under = sum(1 for entry in entries if not entry.reported)
    if not entries:
        return _("nothing to report")
    told = ngettext("%(num)s entry", "%(num)s entries", len(entries))
    if not under:
        return told
    below = ngettext("%(num)s of them under the reporting line", "%(num)s of them under the reporting line", under)
    return f"{told}, {below}"


def confirmation_of(disclosure: Disclosure, posted: Mapping[str, str]) -> dict[str, Any]:
    """An imported filing for its person to look at, with the policies that stayed open."""
    signed = queries.version_of(disclosure)
    due = queries.policies_due(disclosure, signed.filer, g.today) if signed else []
    said = said_about_policies(disclosure, posted)
    return {
        "disclosure": disclosure,
        "title": title_of(signed) if signed else "",
        "signed": signed,
        "sections": shown_version(signed, language()) if signed else [],
        "policies": [
            {
                "anchor": f"policy.{one.id}",
                "version": one,
                "title": in_language(one.title, language()),
                "receipt": said.get(str(one.id), {}).get("receipt") or Receipt.RECEIVED.value,
                "objection": said.get(str(one.id), {}).get("objection", ""),
                "errors": [],
                "address": policy_address(one),
            }
            for one in due
        ],
        "Receipt": Receipt,
    }


def said_about_policies(disclosure: Disclosure, posted: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the page says about each open policy."""
    signed = queries.version_of(disclosure)
    due = queries.policies_due(disclosure, signed.filer, g.today) if signed else []
    return {str(one.id): _said(posted, one.id) for one in due}


def _said(posted: Mapping[str, str], version_id: int) -> dict[str, str]:
    return {"receipt": posted.get(f"policy.{version_id}", "")[:40], "objection": tidy(posted.get(f"objection.{version_id}", ""))}


def me(actor: Actor) -> Person | None:
    """The person's own record."""
    return person_of(actor)
