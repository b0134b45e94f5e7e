"""Names of organisations and people: when two are the same, how alike two are, and an index that finds a name among many."""

import re
import unicodedata

LEGAL = frozenset(
    ("inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "lp", "llp", "pc", "plc")
)
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
INITIALS = re.compile(r"\b(?:\w\.){1,}\w\b\.?")
APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
WORD = re.compile(r"\w+")


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
