"""One line of a file of filings: read, judged, filed by the actions of the pages; accepted whole or refused with every error."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from coi.audit.chain import canonical_json, sha256
from coi.campaigns.obligations import as_listed
from coi.db import db
from coi.disclosures import queries
from coi.disclosures.actions import filer_of, save_draft, start, start_unasked
from coi.disclosures.recording import Signature
from coi.disclosures.signing import BLANKS, LONGEST_NAME, FaultsRemain, sign
from coi.errors import Refused
from coi.models import Disclosure, DisclosureVersion, Draft, Obligation, Person, Questionnaire
from coi.profiles.current import current_profile, today, zone
from coi.questionnaires.queries import form_of, newest
from coi.questionnaires.words import fault_text
from coi.rules.answers import NEVER
from coi.rules.completeness import Evaluation, Fault, Setting, evaluate, printable
from coi.rules.form import Form
from coi.rules.lifecycle import VOLUNTARY
from coi.rules.permissions import Actor
from coi.vocabulary import Kind

LONGEST_LINE = 2_000_000
KEYS = {"employee", "form", "kind", "language", "reporting_year", "filer", "answers", "signed_name", "signed_at"}
NEEDED = ("employee", "form", "kind", "answers", "signed_name")


class NotReadable(ValueError):
    """A line that is no JSON object; says why."""


@dataclass
class Result:
    """What became of one line; `new` is False for one that was filed before."""

    line: int
    accepted: bool = False
    new: bool = False
    errors: list[dict[str, str]] = field(default_factory=list)
    signed: dict[str, Any] | None = None
    flags: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, path: str, message: str) -> None:
        """Adds one error; the line will not be filed."""
        if all(known["path"] != path for known in self.errors):
            self.errors.append({"path": path, "message": message})

    def report(self) -> str:
        """The line of the report, as JSON."""
        told = {
            "line": self.line,
            "accepted": self.accepted,
            "errors": self.errors,
            "signed": self.signed if self.accepted else None,
            "flags": self.flags if self.accepted else [],
        }
        return json.dumps(told, ensure_ascii=False, default=str)


@dataclass
class _Known:
    """What a line names, as far as the city knows it."""

    person: Person | None = None
    kind: Kind | None = None
    form: Form | None = None
    questionnaire: Questionnaire | None = None
    obligation: Obligation | None = None
    reporting_year: int = 0
    signed_at: datetime | None = None
    language: str = "en"
    filer: dict[str, Any] = field(default_factory=dict)


def import_line(number: int, raw: bytes, actor: Actor, now: datetime) -> Result:
    """Files one line, or says everything that is wrong with it; a line that was filed before changes nothing."""
    result = Result(number)
    try:
        line = read(raw)
    except NotReadable as refusal:
        result.refuse("", str(refusal))
        return result
    key = f"import:{sha256(canonical_json(line))[:48]}"
    before = db.session.scalar(select(DisclosureVersion).where(DisclosureVersion.idempotency_key == key))
    if before is not None:
        return _as_before(result, before)
    known = _look_up(line, result, now)
    found = _judge(line, known, result, now)
    if result.errors or found is None:
        return result
    try:
        with db.session.begin_nested():
            _file(line, known, key, actor, now)
    except FaultsRemain as refusal:
        _say_faults(refusal.evaluation.faults if refusal.evaluation else (), known, result)
    except Refused as refusal:
        result.refuse(refusal.field or "employee", str(refusal.message))
    if not result.errors:
        result.accepted = result.new = True
        result.signed = without_keys(found.signed)
        result.flags = [_flag(one.risk, one.reason, one.question, one.entry, one.matched) for one in found.flags]
    return result


def read(raw: bytes) -> dict[str, Any]:
    """The object on a line; raises NotReadable for anything else, also for a key twice and for numbers that are none."""
    if len(raw) > LONGEST_LINE:
        raise NotReadable("This line is longer than 2 million characters.")
    try:
        line = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
        # A lone half of a character can't be kept or hashed.
        canonical_json(line).encode()
    except NotReadable:
        raise
    except UnicodeDecodeError as fault:
        raise NotReadable("This line is not UTF-8 text.") from fault
    except UnicodeEncodeError as fault:
        raise NotReadable("This line holds half a character (a lone surrogate).") from fault
    except (ValueError, RecursionError) as fault:
        raise NotReadable(f"This line is not JSON: {str(fault)[:120]}.") from fault
    if not isinstance(line, dict):
        raise NotReadable("This line is not a JSON object.")
    return line


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotReadable("An object on this line has a key twice.")
    return made


def _no_number(text: str) -> Any:
    raise NotReadable(f"{text} is not a number.")


def _look_up(line: Mapping[str, Any], result: Result, now: datetime) -> _Known:
    """Everything that a line names but its answers; what is wrong goes to the result."""
    known = _Known()
    for name in line:
        if name not in KEYS:
            result.refuse(printable(name), "This key is not known. Take it out.")
    for name in NEEDED:
        if line.get(name) in (None, ""):
            result.refuse(name, "This is missing.")
    known.person = _person(line, result)
    known.kind = _kind(line, result)
    known.language = _language(line, result)
    known.questionnaire = _questionnaire(line, result)
    known.form = form_of(known.questionnaire) if known.questionnaire else None
    known.signed_at = _signed_at(line, result, now)
    known.reporting_year = _reporting_year(line, result, known, now)
    _check_name(line, result)
    if known.person is not None and known.kind is not None:
        known.obligation = _obligation(known, str(line.get("form")))
        known.filer = _as_listed(known, _record_of(known), now)
    if "filer" in line:
        known.filer = _filer(line["filer"], result)
    return known


def _person(line: Mapping[str, Any], result: Result) -> Person | None:
    number = line.get("employee")
    if number in (None, ""):
        return None
    if not isinstance(number, str):
        result.refuse("employee", "Write the employee number as text, so that zeros at its start are kept.")
        return None
    person = None if NEVER.search(number) else db.session.scalar(select(Person).where(Person.number == number.strip()))
    if person is None:
        result.refuse("employee", "Nobody on the roster has this number. Import the roster first.")
    return person


def _kind(line: Mapping[str, Any], result: Result) -> Kind | None:
    told = line.get("kind")
    if isinstance(told, str) and told in set(Kind):
        return Kind(told)
    if told not in (None, ""):
        result.refuse("kind", f"Write one of: {', '.join(Kind)}.")
    return None


def _language(line: Mapping[str, Any], result: Result) -> str:
    told, offered = line.get("language", "en"), current_profile().city.languages
    if told in offered:
        return str(told)
    result.refuse("language", f"Write one of: {', '.join(offered)}.")
    return "en"


def _questionnaire(line: Mapping[str, Any], result: Result) -> Questionnaire | None:
    told = line.get("form")
    questionnaire = newest(told) if isinstance(told, str) and told and not NEVER.search(told) else None
    if questionnaire is None and told not in (None, ""):
        result.refuse("form", "No form of this name is published. Publish it first: flask questionnaires publish.")
    return questionnaire


def _signed_at(line: Mapping[str, Any], result: Result, now: datetime) -> datetime | None:
    told = line.get("signed_at")
    if told is None:
        return now
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        at = None
    if at is None or not 1990 <= at.year <= 2100:
        result.refuse("signed_at", "Write a day or a moment, like 2026-03-02 or 2026-03-02T10:04:05-05:00.")
        return None
    at = at.replace(tzinfo=zone()) if at.tzinfo is None else at
    if today(at) > today(now):
        result.refuse("signed_at", "This day lies in the future.")
        return None
    return min(at, now)


def _reporting_year(line: Mapping[str, Any], result: Result, known: _Known, now: datetime) -> int:
    told = line.get("reporting_year")
    if told is None:
        campaign = queries.latest_campaign()
        return campaign.reporting_year if campaign else today(known.signed_at or now).year - 1
    if isinstance(told, bool) or not isinstance(told, int) or not 1990 <= told <= 2100:
        result.refuse("reporting_year", "Write the year that is reported, like 2025.")
        return today(now).year - 1
    return told


def _check_name(line: Mapping[str, Any], result: Result) -> None:
    name = line.get("signed_name")
    if name in (None, ""):
        return
    if not isinstance(name, str) or not name.strip(BLANKS) or len(name) > LONGEST_NAME or NEVER.search(name) or "\n" in name:
        result.refuse("signed_name", "Write the name as it was signed, on one line of at most 200 characters.")


def _filer(told: Any, result: Result) -> dict[str, Any]:
    """What the line says about the filer, and that alone."""
    if not isinstance(told, Mapping):
        result.refuse("filer", "Write an object: attribute and value.")
        return {}
    kept: dict[str, Any] = {}
    for name, value in told.items():
        texts = value if isinstance(value, list) else [value]
        if value is None:
            continue
        if len(texts) > 50 or not all(
            isinstance(one, str) and len(one) <= 200 and not NEVER.search(one) for one in [name, *texts]
        ):
            result.refuse(f"filer.{printable(name)}", "Write text or a list of texts of at most 200 characters.")
        else:
            kept[str(name)] = value
    return kept


def _obligation(known: _Known, form_id: str) -> Obligation | None:
    """What this line answers: the oldest that still stands open, else the newest; a gift or a change answers nothing asked."""
    if known.person is None or known.kind is None or known.kind.value in VOLUNTARY:
        return None
    rows = select(Obligation).where(
        Obligation.person_id == known.person.id,
        Obligation.form_id == form_id,
        Obligation.kind == known.kind,
        Obligation.reporting_year == known.reporting_year,
        Obligation.ended_seq.is_(None),
    )
    return db.session.scalar(rows.order_by(Obligation.settled_on.is_not(None), Obligation.id).limit(1))


def _record_of(known: _Known) -> dict[str, Any]:
    """What the record knows of the filer: the snapshot of what is owed, else the roster's today."""
    if known.obligation is not None and known.obligation.filer:
        filer = dict(known.obligation.filer)
        return filer if filer.get("level") or not known.obligation.level else {**filer, "level": known.obligation.level}
    return filer_of(known.person, known.kind) if known.person and known.kind else {}


def _as_listed(known: _Known, filer: dict[str, Any], now: datetime) -> dict[str, Any]:
    """With the jobs of the first campaign taken as held before it (U23), unless the line itself says who the filer is."""
    codes = (known.form.filer_attributes.get("job_approval") or ()) if known.form is not None else ()
    campaign = known.obligation.campaign if known.obligation is not None else None
    return as_listed(filer, codes, known.obligation, campaign, today(known.signed_at or now))


def _judge(line: Mapping[str, Any], known: _Known, result: Result, now: datetime) -> Evaluation | None:
    """What the form says about the answers; also of a line that is refused for something else, so that all is said at once."""
    answers = line.get("answers")
    if not isinstance(answers, Mapping):
        if answers is not None:
            result.refuse("answers", "Write an object: question and answer.")
        return None
    if known.form is None:
        return None
    found = evaluate(known.form, answers, _setting(known, now))
    _say_faults(found.faults, known, result)
    return found


def _setting(known: _Known, now: datetime) -> Setting:
    return queries.setting_for(known.filer, known.reporting_year, today(known.signed_at or now))


def _say_faults(faults: tuple[Fault, ...], known: _Known, result: Result) -> None:
    for fault in faults:
        if known.form is not None:
            result.refuse(fault.path, str(fault_text(fault, known.form, "en")))


def _file(line: Mapping[str, Any], known: _Known, key: str, actor: Actor, now: datetime) -> DisclosureVersion:
    """Start, save, sign: what a person does on the pages; policies stay open until the person confirms."""
    if known.person is None or known.kind is None:
        raise Refused("This line names nobody.", "employee")
    if known.obligation is not None:
        disclosure = start(known.obligation, actor, now)
    else:
        disclosure = start_unasked(known.person, str(line["form"]), known.kind, known.reporting_year, known.filer, now)
    draft = _unbegun(disclosure)
    # What the record would prefill on a page is not what stands on the line.
    draft.filer, draft.answers = known.filer, {}
    save_draft(disclosure, line["answers"], {}, actor, now, draft.revision)
    signature = Signature(
        signed_name=line["signed_name"],
        agreed=True,
        idempotency_key=key,
        language=known.language,
        method="imported",
        signed_at=known.signed_at,
        imported=True,
    )
    return sign(disclosure, signature, actor, now)


def _unbegun(disclosure: Disclosure) -> Draft:
    """The empty draft that the line fills; raises Refused where the person filed or typed something already."""
    draft = queries.draft_of(disclosure)
    if disclosure.version or draft is None:
        raise Refused(
            f"This person has already filed this form ({disclosure.reference}). Changes are made by the person, as a correction.",
            "employee",
        )
    if draft.revision:
        raise Refused("This person has begun this form here. What was typed is not written over.", "employee")
    return draft


def _as_before(result: Result, version: DisclosureVersion) -> Result:
    result.accepted = True
    result.signed = without_keys(version.answers)
    result.flags = [_flag(one.risk.value, one.reason, one.question_id, one.entry_number, one.matched) for one in version.flags]
    return result


def _flag(risk: Any, reason: str, question: str, entry: int | None, matched: Any) -> dict[str, Any]:
    return {"risk": str(risk), "reason": reason, "question": question, "entry": entry, "matched": [dict(one) for one in matched]}


def without_keys(value: Any) -> Any:
    """Answers as they are told to the outside: without the keys of entries."""
    if isinstance(value, Mapping):
        return {name: without_keys(one) for name, one in value.items() if name != "_key"}
    if isinstance(value, list | tuple):
        return [without_keys(one) for one in value]
    return value
