"""Turns a name as a payroll system writes it ("SMITH JR, JOHN M") into one that a person would sign; pure."""

SUFFIXES = {
    "jr": "Jr.",
    "sr": "Sr.",
    "ii": "II",
    "iii": "III",
    "iv": "IV",
    "v": "V",
    "md": "MD",
    "phd": "PhD",
    "esq": "Esq.",
    "cpa": "CPA",
}
SMALL_WORDS = {"de", "del", "la", "las", "los", "y", "van", "von", "der", "den", "da", "dos", "di", "bin", "al"}
NOT_MC = {"mcas", "mccabee"}


def friendly_name(text: str) -> str:
    """A name in the order and case that people use; a name in mixed case keeps its case."""
    parts = [" ".join(part.split()) for part in text.split(",")]
    parts = [part for part in parts if part]
    suffixes: list[str] = []
    while len(parts) > 1 and _is_suffix(parts[-1]):
        suffixes.insert(0, parts.pop())
    if len(parts) == 1:
        name, comma = parts[0], ", " if suffixes else ""
        return _cased(name) + comma + " ".join(_suffix(one) for one in suffixes)
    if not parts:
        return ""
    return joined_name(" ".join(parts[1:]), " ".join([parts[0], *suffixes]))


def joined_name(first: str, last: str) -> str:
    """First and last name as one, with a suffix of the last name at its end."""
    words = last.replace(",", " ").split()
    suffixes: list[str] = []
    while len(words) > 1 and _is_suffix(words[-1]):
        suffixes.insert(0, words.pop())
    given = first.replace(",", " ").split()
    while len(given) > 1 and _is_suffix(given[-1]) and len(given[-1].rstrip(".")) > 1:
        suffixes.insert(0, given.pop())
    parts = [_cased(" ".join(given)), _cased(" ".join(words), follows=bool(given)), *(_suffix(one) for one in suffixes)]
    return " ".join(part for part in parts if part)


def _is_suffix(word: str) -> bool:
    return word.replace(".", "").casefold() in SUFFIXES


def _suffix(word: str) -> str:
    plain = word.replace(".", "")
    return SUFFIXES[plain.casefold()] if plain.isupper() or plain.islower() else word


def _cased(name: str, follows: bool = False) -> str:
    """Title case for a name that is all capitals or all small, as people with such names write them."""
    if not (name.isupper() or name.islower()):
        return name
    words = name.split(" ")
    small_in_the_middle = [
        word.casefold() in SMALL_WORDS and (follows or place > 0) and place < len(words) - 1 for place, word in enumerate(words)
    ]
    return " ".join(word.lower() if small else _word(word) for word, small in zip(words, small_in_the_middle, strict=True))


def _word(word: str) -> str:
    for mark in ("-", ".", "'", "’"):
        if mark in word:
            head, _mark, tail = word.partition(mark)
            return _word(head) + mark + (tail.lower() if mark in "'’" and len(tail) == 1 else _word(tail))
    low = word.lower()
    if low.startswith("mc") and len(low) > 4 and low not in NOT_MC:
        return "Mc" + low[2:].capitalize()
    if _is_suffix(word) and len(word) > 1:
        return _suffix(word)
    return low.capitalize()
