"""Holds what stands beside the log against it: signed versions, decisions, receipts, messages; names each row that differs.

An entry keeps SHA-256 and codes of the row that was written with it. A row changed behind the log, added without an entry, or
taken away while its entry stays, is told; what no entry holds can't be.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from coi.audit.chain import canonical_json, sha256
from coi.db import db
from coi.models import (
    AuditEntry,
    Decision,
    Disclosure,
    DisclosureVersion,
    Export,
    Message,
    PolicyReceipt,
    PolicyVersion,
    Questionnaire,
)
from coi.vocabulary import Event

AT_A_TIME = 500
Row = Any
Details = dict[str, Any]


class Kept(NamedTuple):
    """One kind of row: where it stands, how it is called, its entry's events and subject, and what that entry must say of it."""

    rows: Any
    seq: Any
    name: Callable[[Row], str]
    events: tuple[Event, ...]
    subject: Callable[[Row], str]
    holds: Callable[[Row, Details], dict[str, bool]]


def _version(row: Row, told: Details) -> dict[str, bool]:
    signed = row.DisclosureVersion
    return {
        "number": signed.number == told["version"],
        "what was signed": sha256(signed.record) == told["sha256"],
        "SHA-256": signed.sha256 == told["sha256"],
    }


def _decision(row: Row, told: Details) -> dict[str, bool]:
    decision = row.Decision
    held = {
        "version": row.number == told["version"],
        "outcome": decision.outcome.value == told["outcome"],
        "rule": decision.rule == told["rule"],
    }
    if not decision.rule:  # a decision by rule gives the rule's own words, which no entry holds
        held["reason for the filer"] = sha256(decision.reason_for_filer) == told["because"]
        internal = decision.internal_reasoning
        held["internal reasoning"] = (sha256(internal) if internal else "") == told["internal"]
    return held


def _receipt(row: Row, told: Details) -> dict[str, bool]:
    return {
        "policy": row.policy_id == told["policy"] and row.version == told["version"],
        "receipt": row.PolicyReceipt.receipt.value == told["receipt"],
    }


def _message(row: Row, told: Details) -> dict[str, bool]:
    message = row.Message
    return {
        "number": message.number == told["number"],
        "kind": message.kind.value == told["kind"],
        "words": sha256(message.text) == told["sha256"],
    }


def _policy(row: Row, told: Details) -> dict[str, bool]:
    version = row.PolicyVersion
    return {"version": version.version == told["version"], "SHA-256": version.sha256 == told["sha256"]}


def _form(row: Row, told: Details) -> dict[str, bool]:
    form = row.Questionnaire
    return {
        "version": form.version == told["version"],
        "questions": sha256(canonical_json(form.content)) == told["sha256"],
        "SHA-256": form.sha256 == told["sha256"],
    }


def _export(row: Row, told: Details) -> dict[str, bool]:
    export = row.Export
    return {"SHA-256": export.sha256 == told["sha256"], "number of rows": export.rows == told["rows"]}


def _kept() -> tuple[Kept, ...]:
    of_case = Disclosure.id
    return (
        Kept(
            select(DisclosureVersion, Disclosure.reference).join(Disclosure, of_case == DisclosureVersion.disclosure_id),
            DisclosureVersion.seq,
            lambda row: f"Signed version {row.DisclosureVersion.number} of {row.reference}",
            (Event.DISCLOSURE_SUBMITTED, Event.DISCLOSURE_CORRECTED),
            lambda row: f"disclosure:{row.reference}",
            _version,
        ),
        Kept(
            select(Decision, Disclosure.reference.label("of"), DisclosureVersion.number)
            .join(Disclosure, of_case == Decision.disclosure_id)
            .join(DisclosureVersion, DisclosureVersion.id == Decision.version_id),
            Decision.seq,
            lambda row: f"Decision {row.Decision.reference} of {row.of}",
            (Event.DECIDED,),
            lambda row: f"disclosure:{row.of}",
            _decision,
        ),
        Kept(
            select(PolicyReceipt, PolicyVersion.policy_id, PolicyVersion.version).join(
                PolicyVersion, PolicyVersion.id == PolicyReceipt.policy_version_id
            ),
            PolicyReceipt.seq,
            lambda row: f"The receipt of policy {row.policy_id} {row.version} by person {row.PolicyReceipt.person_id}",
            (Event.POLICY_SIGNED,),
            lambda row: f"person:{row.PolicyReceipt.person_id}",
            _receipt,
        ),
        Kept(
            select(Message, Disclosure.reference).join(Disclosure, of_case == Message.disclosure_id),
            Message.seq,
            lambda row: f"Message {row.Message.number} of {row.reference}",
            (Event.MESSAGE_SENT,),
            lambda row: f"disclosure:{row.reference}",
            _message,
        ),
        Kept(
            select(PolicyVersion),
            PolicyVersion.seq,
            lambda row: f"Version {row.PolicyVersion.version} of policy {row.PolicyVersion.policy_id}",
            (Event.POLICY_PUBLISHED, Event.POLICY_PUT_IN, Event.POLICY_APPROVED),
            lambda row: f"policy:{row.PolicyVersion.policy_id}",
            _policy,
        ),
        Kept(
            select(Questionnaire),
            Questionnaire.seq,
            lambda row: f"Version {row.Questionnaire.version} of form {row.Questionnaire.form_id}",
            (Event.QUESTIONNAIRE_PUBLISHED,),
            lambda row: f"form:{row.Questionnaire.form_id}",
            _form,
        ),
        Kept(
            select(Export).where(Export.done_seq.is_not(None)),
            Export.done_seq,
            lambda row: f"Workbook {row.Export.reference}",
            (Event.REGISTER_EXPORTED,),
            lambda row: f"export:{row.Export.reference}",
            _export,
        ),
    )


def rows_behind_the_log() -> Iterator[str]:
    """What stands in a table otherwise than the log tells, a sentence for each row; reads a batch at a time."""
    for kept in _kept():
        yield from _against(kept)
        yield from _lost(kept)


def _against(kept: Kept) -> Iterator[str]:
    entry = (AuditEntry.event, AuditEntry.subject, AuditEntry.details)
    joined = kept.rows.add_columns(*(column.label(f"entry_{column.key}") for column in entry), kept.seq.label("entry_seq"))
    wanted = joined.outerjoin(AuditEntry, AuditEntry.seq == kept.seq).order_by(kept.seq)
    with db.session.execute(wanted.execution_options(yield_per=AT_A_TIME)) as rows:
        for batch in rows.partitions():
            for row in batch:
                fault = _fault(kept, row)
                if fault:
                    yield f"{kept.name(row)}: {fault}."
            db.session.expunge_all()


def _fault(kept: Kept, row: Row) -> str:
    if row.entry_event is None:
        return f"its entry {row.entry_seq} is not in the log"
    if row.entry_event not in {event.code for event in kept.events} or row.entry_subject != kept.subject(row):
        return f"entry {row.entry_seq} tells of something else"
    wrong = [what for what, holds in kept.holds(row, json.loads(row.entry_details)).items() if not holds]
    return f"not as entry {row.entry_seq} tells: {', '.join(wrong)}" if wrong else ""


def _lost(kept: Kept) -> Iterator[str]:
    """Entries whose row is gone."""
    there = select(kept.seq).where(kept.seq == AuditEntry.seq).exists()
    codes = [event.code for event in kept.events if event is not Event.POLICY_PUT_IN]
    lost = select(AuditEntry.seq, AuditEntry.event, AuditEntry.subject).where(AuditEntry.event.in_(codes), ~there)
    for seq, event, subject in db.session.execute(lost.order_by(AuditEntry.seq)):
        yield f"Entry {seq} ({event}, {subject}): what it tells of is gone from its table."
