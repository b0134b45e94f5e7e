"""What changed between two texts of a policy, paragraph by paragraph and word by word; knows no table and no page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from markdown_it import MarkdownIt

SAME, NEW, GONE, CHANGED = "same", "new", "gone", "changed"
# Two paragraphs with less than this in common are one taken out and one put in, not one that was changed.
ALIKE = 0.4
# Texts of policies have some hundred paragraphs; what is longer than this is compared paragraph by paragraph only.
MOST_WORDS = 2_000


@dataclass(frozen=True)
class Piece:
    """Some words in a row: they stayed (`same`), were put in (`new`) or taken out (`gone`)."""

    what: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, heading or point of a list: what became of it, and its words."""

    what: str
    heading: bool
    pieces: tuple[Piece, ...]


@lru_cache(maxsize=64)
def paragraphs(markdown: str) -> tuple[tuple[bool, str], ...]:
    """The text as a reader sees it, without marks of Markdown: (whether it is a heading, the words)."""
    found: list[tuple[bool, str]] = []
    heading = False
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown):
        if token.type == "heading_open":
            heading = True
        elif token.type in ("fence", "code_block"):
            found.append((False, " ".join(token.content.split())))
        elif token.type == "inline":
            words = "".join(_plain(child) for child in token.children or [])
            found.append((heading, " ".join(words.split())))
            heading = False
    return tuple((is_heading, words) for is_heading, words in found if words)


def _plain(token: object) -> str:
    kind, content = getattr(token, "type", ""), str(getattr(token, "content", ""))
    return " " if kind in ("softbreak", "hardbreak") else "" if kind == "image" else content


def compare(old: str, new: str) -> list[Paragraph]:
    """Every paragraph of both texts in reading order, each with what became of it."""
    before, after = paragraphs(old), paragraphs(new)
    made: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            made += [Paragraph(SAME, heading, (Piece(SAME, words),)) for heading, words in after[j1:j2]]
        else:
            made += _between(before[i1:i2], after[j1:j2])
    return made


def is_changed(told: Sequence[Paragraph]) -> bool:
    """Whether anything differs that a reader sees."""
    return any(one.what != SAME for one in told)


def worth_reading(told: Sequence[Paragraph]) -> list[Paragraph]:
    """What differs, each under the heading that it stands below; a heading with nothing new below it is left out."""
    kept: list[Paragraph] = []
    above: Paragraph | None = None
    for one in told:
        if one.what == SAME:
            above = one if one.heading else above
            continue
        if above is not None and not one.heading:
            kept.append(above)
        above = None
        kept.append(one)
    return kept


def _between(gone: Sequence[tuple[bool, str]], new: Sequence[tuple[bool, str]]) -> Iterator[Paragraph]:
    """A stretch that differs: paragraphs that are alike are paired in order, the others were taken out or put in."""
    at = 0
    for heading, words in new:
        twin = next(
            (place for place in range(at, len(gone)) if gone[place][0] == heading and _alike(gone[place][1], words)), None
        )
        if twin is None:
            yield Paragraph(NEW, heading, (Piece(NEW, words),))
            continue
        yield from (Paragraph(GONE, was_heading, (Piece(GONE, was),)) for was_heading, was in gone[at:twin])
        yield Paragraph(CHANGED, heading, tuple(pieces(gone[twin][1], words)))
        at = twin + 1
    yield from (Paragraph(GONE, was_heading, (Piece(GONE, was),)) for was_heading, was in gone[at:])


def _alike(one: str, other: str) -> bool:
    a, b = one.split(), other.split()
    if len(a) + len(b) > MOST_WORDS:
        return False
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def pieces(old: str, new: str) -> Iterator[Piece]:
    """The words of both texts in reading order: what stayed, what was taken out, what was put in."""
    before, after = _tokens(old), _tokens(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(SAME, "".join(after[j1:j2]))
            continue
        if i2 > i1:
            yield Piece(GONE, "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece(NEW, "".join(after[j1:j2]))


def _tokens(text: str) -> list[str]:
    """Words with the blank that follows them, so that pieces put together give the sentence again."""
    return re.findall(r"\S+\s*", text)
