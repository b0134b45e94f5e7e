"""What each kind of workbook shows, sheet by sheet and column by column; what stands in no line of it is shown to nobody (U62).

Standard is for auditors and officers, full for two persons who state a purpose, public for a records request. A public workbook
holds what may stand in copies that are released (FORMAT, visibility `public`) and who filed when; it is made without anybody
looking at its words, so whatever only a person can judge (a reason in words, a plan, a leave) is not in it.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from coi.exports.registers.columns import CODES, SHEETS, Spec
from coi.vocabulary import ExportKind, Outcome, Word

Row = tuple[Any, ...]


class How(Enum):
    """How a column is shown, with the words that the Columns sheet has for it."""

    SHOWN = "shown", ""
    LEFT_OUT = "left_out", ""
    # An answer by the visibility of its field: public in words, restricted and confidential as given, internal not at all.
    BY_FIELD = "by_field", _l("restricted, given · given · left out of copies")
    # Every answer in words but what is internal, which stands in no copy (FORMAT).
    IN_WORDS = "in_words", _l("left out of copies")
    # Only what may stand in copies that are released.
    RELEASED = "released", _l("not public")
    # Words that name an outside party, without the name.
    NAMELESS = "nameless", _l("the outside party: restricted, given")
    GIVEN = "given", _l("given")
    COARSE = "coarse", _l("Filed, Not filed")
    ENDED = "ended", _l("Review ended; empty where it is kept back for a time")
    KEPT_BACK = "kept_back", _l("empty where it is kept back for a time")

    def __init__(self, code: str, words: Any) -> None:
        self.code, self.words = code, words


class Released(Word):
    """What stands in a public workbook where the office knows more: why nobody filed, to whom a review was handed on."""

    FILED = "filed", _l("Filed")
    NOT_FILED = "not_filed", _l("Not filed")
    ENDED = "ended", _l("Review ended")


FILED_OR_NOT = (Released.FILED, Released.NOT_FILED)


class Mask(NamedTuple):
    """One column in each kind, and why the kinds differ."""

    standard: How
    full: How
    public: How
    because: str = ""


OPEN = Mask(How.SHOWN, How.SHOWN, How.SHOWN)


def office(because: str) -> Mask:
    """A column for the City's own people, not for the public."""
    return Mask(How.SHOWN, How.SHOWN, How.LEFT_OUT, because)


def two_persons(because: str) -> Mask:
    """A column of the full workbook alone."""
    return Mask(How.LEFT_OUT, How.SHOWN, How.LEFT_OUT, because)


# Why a column is not public; said once, named below.
NUMBER = "an employee number identifies a person elsewhere: 65 P.S. 67.708(b)(6)"
GROUP = "a bargaining unit tells to which union somebody may belong, which nobody is asked"
LEAVE = "leave, an excuse or more time may come from health or family"
REVIEW = "how the office works on a filing is no finding, and would be read as one"
COUNTS = "tells that there are answers which are not public"
LOG = "the log is not in this kind, so its numbers lead nowhere"
WORDS = "words to the filer may name a party or a relative: released one by one, after the solicitor looked"
NOBODY_LOOKED = "released one by one, after the solicitor looked"
RIGHTS = "who can open what is part of the system's security: 65 P.S. 67.708(b)(2)-(4)"
SEALED = "a seal means an open inquiry: while it stands the filing looks like one that is not decided"
ANSWERED = Mask(How.BY_FIELD, How.IN_WORDS, How.RELEASED, "by the visibility of each field; a relative's name is confidential")
NAMELESS = Mask(How.NAMELESS, How.SHOWN, How.LEFT_OUT, NOBODY_LOOKED)
STATE = Mask(How.SHOWN, How.SHOWN, How.COARSE, LEAVE)
OUTCOME = Mask(How.SHOWN, How.SHOWN, How.ENDED, f"the same words for closed and referred, so that no referral is told; {SEALED}")
REVIEWED = Mask(How.SHOWN, How.SHOWN, How.KEPT_BACK, SEALED)

MASKS: dict[str, dict[str, Mask]] = {
    "population": {
        "number": office(NUMBER),
        **dict.fromkeys(("name", "department", "title"), OPEN),
        "group": office(GROUP),
        **dict.fromkeys(("active", "obliged", "kinds"), OPEN),
        **dict.fromkeys(("why_not", "excused_by"), office(LEAVE)),
        **dict.fromkeys(("import", "form"), office(REVIEW)),
    },
    "outcomes": {
        **dict.fromkeys(("reference", "campaign"), OPEN),
        "number": office(NUMBER),
        **dict.fromkeys(("name", "department", "title"), OPEN),
        "group": office(GROUP),
        **dict.fromkeys(("kind", "due_on"), OPEN),
        "extended_to": office(LEAVE),
        "submitted_at": OPEN,
        "days_late": office(LEAVE),
        "version": OPEN,
        "state": STATE,
        "outcome": OUTCOME,
        "priority": office(REVIEW),
        **dict.fromkeys(("nil", "interests"), office(COUNTS)),
        "flags": office(REVIEW),
        "reviewer": REVIEWED,
        "assigned_at": office(REVIEW),
        "decided_at": REVIEWED,
        **dict.fromkeys(("days_in_review", "days_waiting", "because", "rule", "escalated", "conditions"), office(REVIEW)),
        **dict.fromkeys(("reminders", "excused"), office(LEAVE)),
    },
    "interests": {
        **dict.fromkeys(("reference", "campaign"), OPEN),
        "number": office(NUMBER),
        **dict.fromkeys(("name", "department", "question"), OPEN),
        "entry": office(COUNTS),
        **dict.fromkeys(("party", "answers"), ANSWERED),
        "priority": office(REVIEW),
        "outcome": OUTCOME,
        "decided_at": REVIEWED,
    },
    "decisions": {
        **dict.fromkeys(("decision", "reference", "version"), OPEN),
        "outcome": OUTCOME,
        "reason": office(WORDS),
        "conditions": office(NOBODY_LOOKED),
        "reasoning": two_persons("auditors see what was decided and what the filer was told, not what the office thought"),
        "notes": two_persons("how many notes there are, never their words; legal advice is not even counted"),
        **dict.fromkeys(("decided_by", "decided_at"), OPEN),
        **dict.fromkeys(("recommended_by", "rule", "undone"), office(REVIEW)),
        "seq": office(LOG),
    },
    "plans": {
        **dict.fromkeys(("reference", "plan", "number", "name", "department"), office(NOBODY_LOOKED)),
        **dict.fromkeys(("condition", "condition_reference", "code"), office(NOBODY_LOOKED)),
        **dict.fromkeys(("text", "shown_by"), NAMELESS),
        **dict.fromkeys(("owner", "owner_name", "due_rule", "due_on", "confirms", "confirmer"), office(NOBODY_LOOKED)),
        **dict.fromkeys(("plan_state", "since", "answer", "answered_at", "state"), office(REVIEW)),
        **dict.fromkeys(("last_step", "last_step_at", "said_at", "confirmed_by", "confirmed_at"), office(REVIEW)),
        **dict.fromkeys(("open_days", "replaced_by"), office(REVIEW)),
        "seq": office(LOG),
    },
    "policies": {
        **dict.fromkeys(("policy", "title", "version"), OPEN),
        "number": office(NUMBER),
        **dict.fromkeys(("name", "department"), OPEN),
        "receipt": office("an objection, or declining, is speech of the employee; that it was answered is enough"),
        "objection": Mask(How.GIVEN, How.GIVEN, How.LEFT_OUT, "the words are read by senior officers alone (U20)"),
        "language": office("tells where somebody may come from"),
        "signed_at": OPEN,
        "seq": office(LOG),
    },
    "not_filed": dict.fromkeys(
        ("number", "name", "department", "title", "group", "kind", "due_on", "extended_to", "days_late", "standing"),
        office(f"a list of names without the reason beside it reads as a charge, and the reason is not public: {LEAVE}"),
    )
    | dict.fromkeys(("excused", "reminders"), office(LEAVE)),
    "access": dict.fromkeys(
        (
            *("number", "name", "department", "right", "over", "given", "from", "until", "asked_by", "approved_by", "given_at"),
            *("holding", "ended_at", "end_asked_by", "end_approved_by", "request", "seq", "ended_seq"),
        ),
        office(RIGHTS),
    ),
    "changes": dict.fromkeys(
        ("seq", "at", "kind", "what", "by", "about", "event", "actor", "subject", "details"),
        office(f"from the log, with who was excused and got more time: {LEAVE}"),
    ),
    "audit": dict.fromkeys(
        ("seq", "at", "local", "actor", "event", "subject", "details", "prev", "hash"), office("PROOF 3: no Audit sheet")
    ),
    "sample": dict.fromkeys(
        (
            *("place", "reference", "number", "name", "department", "kind", "state", "outcome", "priority", "decided_at"),
            *("checked_on", "found", "question", "answer"),
        ),
        office("a sample is an auditor's tool"),
    ),
    "columns": dict.fromkeys(("sheet", "heading", "type", "means", "masked", "code", "label"), OPEN),
}


def how(kind: str, sheet: str, column: str) -> How:
    """How a kind shows a column; one that nobody thought about is left out."""
    mask = MASKS.get(sheet, {}).get(column)
    told: How = getattr(mask, ExportKind(kind).value) if mask is not None else How.LEFT_OUT
    return told


@cache
def columns_of(kind: str, sheet: str) -> tuple[Spec, ...]:
    """The columns that a sheet has in this kind, in order; none where the sheet is not in it."""
    return tuple(spec for spec in SHEETS[sheet] if how(kind, sheet, spec.key) is not How.LEFT_OUT)


@cache
def sheets_of(kind: str) -> tuple[str, ...]:
    """The sheets of this kind, in order."""
    return tuple(sheet for sheet in SHEETS if columns_of(kind, sheet))


def without(kind: str, sheet: str) -> tuple[Spec, ...]:
    """The columns of a sheet that this kind leaves out."""
    return tuple(spec for spec in SHEETS[sheet] if how(kind, sheet, spec.key) is How.LEFT_OUT)


def words_of(kind: str, sheet: str, column: str) -> tuple[Word, ...]:
    """The words that may stand in a column, for the Columns sheet and for whoever counts them."""
    told = how(kind, sheet, column)
    if told is How.COARSE:
        return FILED_OR_NOT
    words: tuple[Word, ...] = tuple(word for kind_of in CODES.get((sheet, column), ()) for word in kind_of)
    if told is How.ENDED:
        return (*(word for word in words if word not in ENDS), Released.ENDED)
    return words


def narrowed(kind: str, sheet: str, rows: Iterable[Row]) -> Iterable[Row]:
    """Rows of all columns, with those alone that this kind shows."""
    kept = [place for place, spec in enumerate(SHEETS[sheet]) if how(kind, sheet, spec.key) is not How.LEFT_OUT]
    if len(kept) == len(SHEETS[sheet]):
        return rows
    return map(itemgetter(*kept), rows) if len(kept) > 1 else (tuple(row[place] for place in kept) for row in rows)


ENDS = frozenset({Outcome.CLOSED, Outcome.REFERRED})


def veiled(kind: str, sheet: str, rows: Iterable[Row], sealed: frozenset[str]) -> Iterable[Row]:
    """Rows with the values that this kind may show, all columns still there; `sealed` are filings that look undecided."""
    at = {spec.key: place for place, spec in enumerate(SHEETS[sheet])}
    changed = {key: place for key, place in at.items() if how(kind, sheet, key) in (How.COARSE, How.ENDED, How.KEPT_BACK)}
    return _veiled(rows, changed, at, sealed) if changed else rows


def _veiled(rows: Iterable[Row], changed: dict[str, int], at: dict[str, int], sealed: frozenset[str]) -> Iterator[Row]:
    reference, undone, version = at["reference"], at.get("undone"), at.get("version")
    for row in rows:
        told, kept_back = list(row), row[reference] in sealed
        if undone is not None and (kept_back or row[undone] == "yes"):
            continue  # a decision taken back before any letter left was told to nobody
        for key, place in changed.items():
            if key == "state":
                told[place] = Released.NOT_FILED if version is None or row[version] is None else Released.FILED
            elif kept_back:
                told[place] = None
            elif row[place] in ENDS:
                told[place] = Released.ENDED
        yield tuple(told)
