"""How a text is compared when people search or name a column: without case, accents and odd spaces; pure."""

import unicodedata
from collections.abc import Iterable

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


def marks_of(name: str, parties: Iterable[str], department: str, kind: str, flags: Iterable[str]) -> set[str]:
    """By what the queue finds a filing: `name:` and `party:` for each word, `department:`, `kind:`, `flag:` whole."""
    found = {f"name:{word}" for word in words_of(name)}
    found |= {f"party:{word}" for party in parties for word in words_of(party)}
    found |= {department_mark(department), f"kind:{kind}"} | {f"flag:{question}" for question in flags}
    return found


def department_mark(department: str) -> str:
    """The mark of a department, as it is written, cut where the column ends."""
    return f"department:{department}"[:120]


def recommended_mark(person_id: int) -> str:
    """The mark of the filings whose recommendation by this person stands."""
    return f"~recommended:{person_id}"
