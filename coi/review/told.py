"""What was written about a case beside its timeline: what is pinned to answers, legal advice, questions to a supervisor."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from coi.advice import queries as advice
from coi.disclosures.clocks import clock_of
from coi.disclosures.shown import Section
from coi.languages import language
from coi.models import Message
from coi.profiles.current import current_profile
from coi.review.opened import Case
from coi.rules.permissions import Permission


def written_about(case: Case) -> dict[str, Any]:
    """What the templates written.html, pinned.html, clock.html and ask_hint.html read for this officer."""
    disclosure = case.disclosure
    pieces = advice.of(disclosure, case.stood) if case.has("advice") and case.may(Permission.READ_ADVICE) else []
    standing = [piece.message for piece in pieces if piece.release is None]
    return {
        "advice": pieces,
        "put_to_supervisor": case.put_to_supervisor,
        "pins": pins_of([*case.thread, *standing]),
        "spots": spots_of(case.sections),
        "clock_now": clock_of(disclosure, case.now),
        "question_line": current_profile().questions.line_in(language()),
    }


def pins_of(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """The messages at each answer, by the question's id, and at each entry, by its key."""
    pinned: dict[str, list[Message]] = defaultdict(list)
    for one in messages:
        place = one.entry_key or one.question_id
        if place:
            pinned[place].append(one)
    return dict(pinned)


def spots_of(sections: Iterable[Section]) -> dict[str, tuple[str, str]]:
    """What an answer or an entry is called and where it stands: question id or entry key to (anchor, words)."""
    found: dict[str, tuple[str, str]] = {}
    for section in sections:
        for one in section.answers:
            found[one.question_id] = (one.anchor, one.title)
            for entry in one.entries:
                found[entry.key] = (one.anchor, f"{one.title}: {entry.title}")
    return found
