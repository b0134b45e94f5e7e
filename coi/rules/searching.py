"""How a text is compared when people search or name a column: without case, accents and odd spaces; pure."""

import unicodedata

LONGEST_SEARCH = 200


def search_text(text: str) -> str:
    """`text` as it is searched for: no accents, no case, single spaces, at most as long as the column."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())[:LONGEST_SEARCH]


def heading_key(text: str) -> str:
    """A heading as it is compared: besides case and accents, punctuation does not count."""
    return " ".join("".join(mark if mark.isalnum() else " " for mark in search_text(text)).split())
