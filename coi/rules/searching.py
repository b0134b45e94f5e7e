"""How a text is compared when people search or name a column: without case, accents and odd spaces; pure."""

import unicodedata
from collections.abc import Iterable

# No 0/O, 1/I/L, 5/S, 8/B, 2/Z: a reference is read aloud on the telephone.
UNMISTAKABLE = "34679ACDEFGHJKMNPQRTUVWXY"
# Of the last part of a reference, as people say it on the phone, so much must be typed; six are the whole of it.
LEAST_ENDING, WHOLE_ENDING, WHOLE_YEAR = 4, 6, 4
LONGEST_SEARCH = 200
LONGEST_WORD = 60
# What comes and goes while a filing stands, unlike what was signed; these marks come after all others.
STANDING = "~"
SUPERVISOR = "~supervisor"
NEW_CONTRACT = "~contract"


def search_text(text: str) -> str:
    """`text` as it is searched for: no accents, no case, single spaces, at most as long as the column."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())[:LONGEST_SEARCH]


def heading_key(text: str) -> str:
    """A heading as it is compared: besides case and accents, punctuation does not count."""
    return " ".join("".join(mark if mark.isalnum() else " " for mark in search_text(text)).split())


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched for: letters and digits, each at most LONGEST_WORD long."""
    return [word[:LONGEST_WORD] for word in heading_key(text).split()]


def typed_words(text: str) -> list[str]:
    """The words of what was typed into a search; of "COI 2026-7k3f9q", a reference said in pieces, only its last part."""
    words = words_of(text)
    first = [word for word in words[:-1] if word != "coi" and not (word.isdigit() and len(word) == WHOLE_YEAR)]
    return words if first or not words or not may_end_a_reference(words[-1]) else words[-1:]


def may_end_a_reference(word: str) -> bool:
    """Whether a word can be the last part of a reference, or the first letters of that part."""
    return LEAST_ENDING <= len(word) <= WHOLE_ENDING and set(word.upper()) <= set(UNMISTAKABLE)


def is_no_name(word: str) -> bool:
    """Whether a word that may end a reference is looked for as one even where names begin so: it has a digit, or is whole."""
    return len(word) == WHOLE_ENDING or any(one.isdigit() for one in word)


def marks_of(name: str, parties: Iterable[str], department: str, kind: str, flags: Iterable[str], reference: str) -> set[str]:
    """By what the queue finds a filing: `name:` and `party:` for each word, `department:`, `kind:`, `flag:` whole.

    `reference:` has the last part of its reference, in small letters.
    """
    found = {f"name:{word}" for word in words_of(name)} | {f"reference:{reference.rpartition('-')[2].lower()}"}
    found |= {f"party:{word}" for party in parties for word in words_of(party)}
    found |= {department_mark(department), f"kind:{kind}"} | {f"flag:{question}" for question in flags}
    return found


def department_mark(department: str) -> str:
    """The mark of a department, as it is written, cut where the column ends."""
    return f"department:{department}"[:120]


def recommended_mark(person_id: int) -> str:
    """The mark of the filings whose recommendation by this person stands."""
    return f"~recommended:{person_id}"
