"""Each interest of a case as a card: what it is, the filer's part, what the City knows, what changed, what came out before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from coi.db import db
from coi.disclosures.carried import rows_of, sentence
from coi.disclosures.comparing import CHANGED, Change, within
from coi.disclosures.copies import leaves_out
from coi.disclosures.shown import NOT_ASKED, Answer, Entry, Section, Shown, shown_version
from coi.languages import language
from coi.models import CarriedEntry, Contract, Disclosure, DisclosureVersion, Flag, Interest, StepAside
from coi.profiles.current import today
from coi.questionnaires.queries import form_of
from coi.review.opened import Case
from coi.review.related import Alike, Other, Related
from coi.rules.form import Ask, Form
from coi.rules.matching import normal
from coi.vendors.on_case import KnownVendor, known_of
from coi.vocabulary import Carried, Risk

UNFOLDED = 2  # a longer case shows its most urgent cards open, the rest folded
CONTRACTS = 4  # of one vendor, before the rest is folded
NEW, SAME, ENDED, FIRST = "new", "same", "ended", ""
DUTIES = "duties"  # the filer's attribute, and the question that asks whether it is right


@dataclass(frozen=True)
class Task:
    """One flag as a task: what to do, about which answer, and what the City's lists hold of it; `internal`: not on paper."""

    risk: Risk
    reason: str
    about: str
    anchor: str
    matched: list[Any]
    internal: bool = False
    place: tuple[str, int | None] = ("", None)
    trigger: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Vendor:
    """One record of the City's lists with its contracts: the filer's department and what still runs come first."""

    name: str
    level: str
    shown: Sequence[Contract]
    folded: Sequence[Contract]
    amount: Any
    departments: Sequence[str]
    own: bool
    known: KnownVendor


@dataclass(frozen=True)
class Part:
    """Whether the filer has a part in the City's dealings with a party: what was said, where they work, what they left."""

    said: Sequence[tuple[str, str, bool]] = ()
    duties: str = ""
    department: str = ""
    own: bool = False
    aside: Sequence[StepAside] = ()


@dataclass(frozen=True)
class Since:
    """What became of an entry since an earlier form: the word, the sentence, the answers; `hidden`: not to read."""

    what: str
    told: str = ""
    changes: Sequence[Change] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Card:
    """One interest as the officer reads it."""

    interest: Interest
    title: str
    item: str
    answer: Answer | None
    entry: Entry | None
    fields: Sequence[Shown]
    tasks: Sequence[Task]
    part: Part
    vendors: Sequence[Vendor]
    since: Since
    before: Sequence[Other]
    party: Alike
    precedents: Sequence[tuple[str, Alike]]
    unfolded: bool = True

    @property
    def anchor(self) -> str:
        """Where the card stands on the page."""
        return f"interest-{self.interest.id}"


@dataclass(frozen=True)
class Left:
    """An entry of an earlier form that stands on this one no more, and why; its old answers if they may be read."""

    what: str
    title: str
    named: str
    told: str
    fields: Sequence[Shown] = ()
    internal: bool = False


@dataclass(frozen=True)
class Earlier:
    """What a version says of the entries of earlier forms, and those forms as far as this reader may read them."""

    rows: Sequence[CarriedEntry] = ()
    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict)
    read: Sequence[Disclosure] = ()

    @property
    def by_key(self) -> dict[tuple[str, str], CarriedEntry]:
        """What is said, by question and entry."""
        return {(row.question_id, row.entry_key): row for row in self.rows}


def earlier_of(version: DisclosureVersion, readable: frozenset[int]) -> Earlier:
    """The earlier forms that a version speaks of; the words of one are taken only where its case may be read (U43)."""
    rows = rows_of(version)
    sources = {row.source_id: row.source for row in rows if row.source.disclosure_id in readable}
    entries = {
        (source.id, answer.question_id, entry.key): entry
        for source in sources.values()
        for section in shown_version(source, language())
        for answer in section.answers
        for entry in answer.entries
    }
    told = {
        (row.question_id, row.entry_key): entries[row.source_id, row.question_id, row.entry_key]
        for row in rows
        if (row.source_id, row.question_id, row.entry_key) in entries
    }
    return Earlier(rows, told, [one.disclosure for one in sources.values()])


def tasks_of(version: DisclosureVersion, sections: list[Section]) -> list[Task]:
    """The flags of a version, the most urgent first, each beside the words of the answer that raised it."""
    answers = {answer.question_id: answer for section in sections for answer in section.answers}
    named = {(one.question_id, one.entry_number): one for one in version.interests}

    def task(flag: Flag) -> Task:
        answer, place = answers.get(flag.question_id), (flag.question_id, flag.entry_number)
        about = answer.title if answer else flag.question_id
        interest = named.get(place)
        anchor = f"interest-{interest.id}" if interest else answer.anchor if answer else ""
        if answer and flag.entry_number is not None and flag.entry_number < len(answer.entries):
            about = answer.entries[flag.entry_number].title
            about = f"{about}: {interest.party}" if interest and interest.party else about
        # What a list holds of a name would tell the name that only the rules use.
        internal = leaves_out([Section("", "", (answer,))] if answer else [])
        return Task(flag.risk, flag.reason, about, anchor, flag.matched, internal, place, (flag.question_id, flag.reason))

    return [task(flag) for flag in sorted(version.flags, key=lambda one: (-one.risk.rank, one.id))]


def cards_of(case: Case, tasks: Sequence[Task], beside: Related, earlier: Earlier) -> list[Card]:
    """A card for every interest of the version, the most urgent first; nothing is looked up once per card."""
    version = case.version
    if version is None:
        return []
    form, filed_before = form_of(version.questionnaire), bool(beside.person)
    interests = sorted(version.interests, key=lambda one: (-one.risk.rank, one.id))
    known = known_of(case.disclosure, interests, case.today, alerts=case.has("alerts"))
    aside = _stepped_aside(case.disclosure.filer_id) if case.has("asides") and any(one.party for one in interests) else []
    cards = []
    for interest in interests:
        answer = case.answers.get(interest.question_id)
        entry = _entry(answer, interest)
        vendors = [_vendor(one, case.department) for one in known.get(interest.id, [])]
        asked = _about_the_part(form.by_id.get(interest.question_id))
        own = [task for task in tasks if task.place == (interest.question_id, interest.entry_number)]
        cards.append(
            Card(
                interest=interest,
                title=interest.party or (entry.title if entry else answer.title if answer else interest.question_id),
                item=entry.title if entry and interest.party else "",
                answer=answer,
                entry=entry,
                fields=[one for one in entry.fields if one.status != NOT_ASKED and one.field_id not in asked] if entry else [],
                tasks=own,
                part=_part(case, form, interest, entry, vendors, aside, asked),
                vendors=vendors,
                since=_since(interest, entry, earlier, filed_before),
                before=beside.before.get(interest.party_normal, []),
                party=beside.parties.get(interest.party_normal, Alike()),
                precedents=[
                    (one.reason, beside.precedents[one.trigger]) for one in _once(own) if beside.precedents.get(one.trigger)
                ],
            )
        )
    top = interests[0].risk if interests else Risk.NONE
    return [
        replace(card, unfolded=len(cards) <= UNFOLDED or (place < UNFOLDED and card.interest.risk is top))
        for place, card in enumerate(cards)
    ]


def left_of(version: DisclosureVersion | None, earlier: Earlier, gone: Iterable[Any]) -> list[Left]:
    """Last year's entries that are gone; `gone` is what carried.carry_of says of them, in the same order."""
    here = version.answers if version is not None else {}
    missing = [row for row in earlier.rows if row.entry_key not in _keys(here.get(row.question_id))]
    told = []
    for row, one in zip(missing, gone, strict=False):
        entry = earlier.entries.get((row.question_id, row.entry_key))
        fields = [each for each in entry.fields if each.text] if entry else []
        told.append(Left(row.said.value, one.title, one.what, one.told, fields, one.internal))
    return told


def _keys(rows: Any) -> set[str]:
    return {str(one.get("_key")) for one in rows if isinstance(one, Mapping)} if isinstance(rows, list) else set()


def _entry(answer: Answer | None, interest: Interest) -> Entry | None:
    if answer is None or interest.entry_number is None or interest.entry_number >= len(answer.entries):
        return None
    return answer.entries[interest.entry_number]


def _once(tasks: Sequence[Task]) -> list[Task]:
    return list({one.trigger: one for one in tasks}.values())


def _since(interest: Interest, entry: Entry | None, earlier: Earlier, filed_before: bool) -> Since:
    """New, changed with old and new side by side, the same, ended; nothing for who never filed before."""
    place = (interest.question_id, interest.entry_key)
    row = earlier.by_key.get(place) if interest.entry_key else None
    if row is None:
        return Since(NEW if filed_before and entry is not None else FIRST)
    told = sentence(row.said, row.ended_on, today(row.source.signed_at))
    if row.said is Carried.ENDED:
        return Since(ENDED, told)
    old = earlier.entries.get(place)
    changes = within(old, entry) if old is not None and entry is not None else ()
    what = CHANGED if row.said is Carried.CHANGED else SAME
    return Since(what, told, changes, hidden=old is None and what == CHANGED)


def _part(
    case: Case,
    form: Form,
    interest: Interest,
    entry: Entry | None,
    vendors: Sequence[Vendor],
    aside: Sequence[StepAside],
    asked: frozenset[str],
) -> Part:
    raw = _raw(case.version, interest)
    said = (
        [(one.title, one.text, raw.get(one.field_id) == "yes") for one in entry.fields if one.field_id in asked and one.text]
        if entry
        else []
    )
    mine = [one for one in aside if interest.party_normal and normal(one.party) == interest.party_normal]
    if not interest.party and not said:
        return Part(aside=mine)
    return Part(said, _duties(case, form), case.department if vendors else "", any(one.own for one in vendors), mine)


def _raw(version: DisclosureVersion | None, interest: Interest) -> Mapping[str, Any]:
    rows = version.answers.get(interest.question_id) if version is not None else None
    found = rows[interest.entry_number] if isinstance(rows, list) and interest.entry_number is not None else {}
    return found if isinstance(found, Mapping) else {}


def _about_the_part(ask: Ask | None) -> frozenset[str]:
    """The yes-or-no fields of a list whose "yes" raises a flag: what the form itself asks about the filer's part."""
    if ask is None or ask.entries is None:
        return frozenset()
    yes_no = {one.id for one in ask.entries.fields if one.type == "yes_no"}
    return frozenset(name for trigger in ask.triggers for name in _said_yes(trigger.when) if name in yes_no)


def _said_yes(when: Any) -> Iterable[str]:
    if isinstance(when, Mapping):
        if when.get("is") == "yes" and isinstance(when.get("f"), str):
            yield when["f"]
        for key, inner in when.items():
            if key != "not":
                yield from _said_yes(inner)
    elif isinstance(when, list):
        for inner in when:
            yield from _said_yes(inner)


def _duties(case: Case, form: Form) -> str:
    """The filer's work for the City, as the form asked it or as the position gives it."""
    answer = case.answers.get(DUTIES)
    if answer is not None and answer.text:
        return answer.text
    codes = case.version.filer.get(DUTIES) if case.version is not None else None
    named = [str(code) for code in codes if code != "none_of_these"] if isinstance(codes, list) else []
    return ", ".join(form.label(code, language()) for code in named)


def _stepped_aside(person_id: int) -> list[StepAside]:
    return list(db.session.scalars(select(StepAside).where(StepAside.person_id == person_id).order_by(StepAside.id.desc())))


def _vendor(known: KnownVendor, department: str) -> Vendor:
    def own(one: Contract) -> bool:
        return same_place(one.department, department)

    rows = sorted(known.deals.shown, key=lambda one: not own(one))
    return Vendor(
        known.name,
        known.level,
        rows[:CONTRACTS],
        rows[CONTRACTS:],
        known.deals.amount,
        known.departments,
        not known.dismissed and any(same_place(one, department) for one in known.departments),
        known,
    )


def same_place(one: str, other: str) -> bool:
    """Whether two names of departments mean the same one, as the form's own conditions compare them."""
    return bool(one.strip()) and normal(one) == normal(other)
