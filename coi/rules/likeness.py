"""Names of organisations and people: when two are the same, and how surely two mean the same: exact, likely, possible."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cleanco.termdata import terms_by_type
from rapidfuzz.distance import OSA

# The legal forms of "same name" (FORMAT.md): these and no others make two names exactly the same.
LEGAL = frozenset(
    ("inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "lp", "llp", "pc", "plc")
)
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
INITIALS = re.compile(r"\b(?:\w\.)+\w\b\.?")
APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
WORD = re.compile(r"\w+")
BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
ALSO = re.compile(
    r"\b(?:d/b/a|dba|t/a|f/k/a|fka|a/k/a|aka|trading as|doing business as|formerly(?: known as)?)\b|\s/\s", re.IGNORECASE
)

# cleanco knows the short forms of the world, not the spelled-out ones (TRAPS: "Limited Liability Company").
SPELLED_OUT = (
    "limited liability company", "limited liability partnership", "limited partnership", "professional corporation",
    "public limited company", "aktiengesellschaft", "joint stock company", "open joint stock company", "attorneys at law",
)  # fmt: skip
SAME_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "fc": "football club", "us": "united states", "usa": "united states", "dept": "department",
    "assn": "association", "assoc": "association", "bros": "brothers", "intl": "international", "mfg": "manufacturing",
    "ctr": "center", "centre": "center", "svcs": "services", "st": "street", "ave": "avenue", "rd": "road", "univ": "university",
}  # fmt: skip
ROMAN = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"))
FILLERS = frozenset(("the", "and", "of", "for", "in", "at", "de", "la", "el", "y", "a", "an"))
# Words that many names share: they say less than the others.
COMMON = frozenset(
    (
        "group", "holdings", "holding", "services", "service", "international", "global", "uk", "america", "american",
        "national", "systems", "system", "solutions", "solution", "management", "consulting", "consultants", "consultancy",
        "partners", "partnership", "association", "associates", "foundation", "society", "institute", "center", "centre", "club",
        "football", "city", "united", "company", "corporation", "industries", "industry", "enterprises", "enterprise", "capital",
        "bank", "trust", "fund", "insurance", "energy", "media", "research", "development", "education", "technologies",
        "technology", "construction", "contracting", "properties", "property", "investments", "investment", "ventures",
        "department", "university", "school", "church", "health", "medical", "care", "financial", "business", "general", "first",
        "community", "public", "new", "great", "britain", "england", "british", "philadelphia", "pennsylvania", "events",
        "trading", "operations", "asset", "assets", "brands", "products", "supply", "networks", "network", "communications",
        "states",
        "security", "safety", "equipment", "housing", "council", "office", "state", "county", "street", "avenue", "road",
    )
)  # fmt: skip
LEVEL_ORDER = ("exact", "likely", "possible")
Graded = tuple[str | None, float]
LIKELY, POSSIBLE = 0.88, 0.69
# How alike two words are when one may be a slip of the pen; below it they may be two names (Keystone, Bluestone).
A_SLIP = 0.75


def words_of(name: str) -> list[str]:
    """The words of a name without case, accents and punctuation, `&` as "and", initials joined (L.L.C. is llc)."""
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).translate(LETTERS)
    text = APOSTROPHES.sub("", text).replace("&", " and ").replace("_", " ")
    text = INITIALS.sub(lambda hit: hit[0].replace(".", ""), text)
    return WORD.findall(text)


def normal(name: str) -> str:
    """What two same names have in common (FORMAT.md, "same name"): sorted words without a legal form at the end."""
    words = words_of(name)
    while len(words) > 1 and words[-1] in LEGAL:
        words.pop()
    return " ".join(sorted(words)) or name.strip().casefold()


def _legal_forms() -> frozenset[tuple[str, ...]]:
    forms = {tuple(words_of(form)) for forms in terms_by_type.values() for form in forms} | {(word,) for word in LEGAL}
    return frozenset(form for form in forms if form) | {tuple(form.split()) for form in SPELLED_OUT}


FORMS = _legal_forms()
LONGEST_FORM = 4


@dataclass(frozen=True)
class Part:
    """One way a name may be read: whole, without its brackets, or one side of a d/b/a."""

    words: tuple[str, ...]
    joined: str
    weight: float
    sure: bool


@dataclass(frozen=True)
class Name:
    """A name made ready for comparing; `short` are the initials that it may go by."""

    same: str
    parts: tuple[Part, ...]
    short: frozenset[str]
    bracketed: bool


def _stripped(words: Sequence[str]) -> list[str]:
    """Without legal forms at either end and without fillers; something always stays."""
    kept = list(words)
    while len(kept) > 1 and (end := _form_at(kept, at_end=True)):
        del kept[-end:]
    while len(kept) > 1 and (start := _form_at(kept, at_end=False)):
        del kept[:start]
    plain = [word for word in kept if word not in FILLERS] or kept
    return " ".join(SAME_WORDS.get(word, word) for word in plain).split()


def _form_at(words: Sequence[str], at_end: bool) -> int:
    for length in range(min(LONGEST_FORM, len(words) - 1), 0, -1):
        form = tuple(words[-length:] if at_end else words[:length])
        if form in FORMS and (at_end or form[0] not in LEGAL or length > 1):
            return length
    return 0


def _weight(word: str) -> float:
    if word in COMMON:
        return 0.35
    return 0.6 if len(word) <= 2 else 1.0


def _part(text: str, sure: bool) -> Part | None:
    words = _stripped(words_of(text))
    if not words:
        return None
    return Part(tuple(words), "".join(words), sum(_weight(word) for word in words), sure)


def _initials(text: str) -> Iterator[str]:
    words = words_of(text)
    for these in (words, [word for word in words if word not in FILLERS], _stripped(words)):
        if len(these) > 1:
            yield "".join(word[0] for word in these)


def prepared_anew(name: str) -> Name:
    """A name made ready for comparing."""
    inside = [piece for piece in BRACKETS.findall(name) if piece.strip()]
    outside = BRACKETS.sub(" ", name)
    short = frozenset(_initials(outside))
    # (BPI) behind a name is the name again; (Sweden) is another company than (Finland).
    names_itself = all("".join(words_of(piece)) in short for piece in inside)
    texts = [(name, True), (outside, names_itself)]
    texts += [(piece, True) for piece in ALSO.split(outside)] + [(piece, False) for piece in inside]
    parts: dict[tuple[str, ...], Part] = {}
    for text, sure in texts:
        part = _part(text, sure)
        if part is not None:
            parts.setdefault(part.words, part)
    return Name(normal(name), tuple(parts.values()), short, bracketed=bool(inside) and not names_itself)


prepared = lru_cache(maxsize=8192)(prepared_anew)


def grade(a: str, b: str) -> str | None:
    """How surely two names mean the same: exact, likely, possible, or None."""
    return graded(prepared(a), prepared(b))[0]


def graded(a: Name, b: Name) -> Graded:
    """The level and a score from 0 to 1 for two prepared names."""
    if a.same == b.same:
        return "exact", 1.0
    best: Graded = (None, 0.0)
    both = a.bracketed and b.bracketed
    for one in a.parts:
        for other in b.parts:
            if both and not (one.sure and other.sure):
                continue
            found = _compare(one, other)
            best = max(best, found if one.sure and other.sure else _unsure(found), key=_rank)
    if best[0] is None and _goes_by(a, b):
        return "possible", 0.7
    return best


def _rank(found: Graded) -> tuple[int, float]:
    return (3 - LEVEL_ORDER.index(found[0]) if found[0] else 0, found[1])


def _unsure(found: Graded) -> Graded:
    return ("possible", min(found[1], 0.89)) if found[0] == "likely" else found


def _goes_by(a: Name, b: Name) -> bool:
    """Whether one is the initials of the other: LTA, Lawn Tennis Association."""
    return any(
        3 <= len(part.joined) <= 6 and len(part.words) == 1 and part.joined in other.short
        for name, other in ((a, b), (b, a))
        for part in name.parts
    )


def _may_slip(word: str) -> bool:
    """Whether a word may be written a little differently; a short one or a number is the same or another."""
    return len(word) >= 4 and not word.isdigit()


def _aligned(one: Part, other: Part) -> tuple[float, float, list[str], list[str]]:
    """The weight of the words that have a partner, the least likeness of a pair, and the words left over on each side."""
    left, right = list(one.words), list(other.words)
    matched, least = 0.0, 1.0
    for word in one.words:
        if word in right:
            right.remove(word)
            left.remove(word)
            matched += _weight(word)
    for word in [each for each in left if _may_slip(each)] if right else ():
        likeness, partner = 0.0, ""
        for there in right:
            # Two words whose lengths lie so far apart can't be alike enough: nothing to count.
            if _may_slip(there) and min(len(word), len(there)) >= 0.65 * max(len(word), len(there)):
                told = OSA.normalized_similarity(word, there, score_cutoff=max(0.65, likeness))
                likeness, partner = max((likeness, partner), (told, there))
        if likeness > 0:
            left.remove(word)
            right.remove(partner)
            matched += likeness * min(_weight(word), _weight(partner))
            least = min(least, likeness)
    return matched, least, left, right


def _compare(one: Part, other: Part) -> Graded:
    if one.joined == other.joined or sorted(one.words) == sorted(other.words):
        return "likely", 0.99
    matched, least, left, right = _aligned(one, other)
    score = 2 * matched / (one.weight + other.weight)
    together = OSA.normalized_similarity(one.joined, other.joined, score_cutoff=0.8)
    if not left and not right and least >= A_SLIP and score >= LIKELY:
        return "likely", min(score, 0.98)
    if together >= LIKELY and len(one.words) != len(other.words) and not _numbers_differ(left, right):
        return "likely", together
    # SBA Communications and CBG Communications: what tells them apart is a short word, not a slip in a long one.
    if score >= POSSIBLE or (together >= 0.85 and not (_short(left) and _short(right))) or _begins(one, other):
        return "possible", max(min(score, 0.89), 0.6)
    return None, score


def _short(words: Iterable[str]) -> bool:
    return any(not _may_slip(word) for word in words)


def _numbers_differ(left: Iterable[str], right: Iterable[str]) -> bool:
    return any(word.isdigit() or word in ROMAN for word in (*left, *right))


def _begins(one: Part, other: Part) -> bool:
    """Whether the shorter name is how the longer one begins, by a word that says something: Silverstone, Silverstone Circuits."""
    short, long = sorted((one.words, other.words), key=len)
    return long[: len(short)] == short and any(len(word) >= 5 and word not in COMMON for word in short)
