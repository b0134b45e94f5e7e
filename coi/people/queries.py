"""All reads of the people room: the list with its search, one person, roster imports, notes; changes nothing."""

import unicodedata

LONGEST_SEARCH = 200


def search_text(text: str) -> str:
    """`text` as it is searched for: no accents, no case, single spaces, at most as long as the column."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())[:LONGEST_SEARCH]
