"""A signed version as people read it: sections, questions, answers and entries in words, from the record that was signed; writes nothing."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shown:
    """One field of an entry, in words."""

    field_id: str
    title: str
    text: str
    visibility: str


@dataclass(frozen=True)
class Entry:
    """One entry of a list; `reported` is False for one under the reporting line."""

    key: str
    number: int
    title: str
    fields: tuple[Shown, ...]
    reported: bool = True


@dataclass(frozen=True)
class Answer:
    """One question with its answer: `text` in words, or `entries` for a list; empty text and no entries: not answered."""

    question_id: str
    anchor: str
    title: str
    text: str
    visibility: str
    entries: tuple[Entry, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Section:
    """One section of the form as it was shown."""

    section_id: str
    title: str
    answers: tuple[Answer, ...]
