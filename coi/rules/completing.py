"""Names among many, found by how their words begin while somebody types: an index, never a scan; blind to accents and case."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

LEAST = 2
MOST = 10
# How many names are looked at when a word begins like very many others.
MOST_LOOKED_AT = 4000
LAST = "\U0010ffff"


def folded(text: str) -> str:
    """The text without case, accents and punctuation, its words apart by one space."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(mark))
    return " ".join("".join(mark if mark.isalnum() else "" if mark in "'’" else " " for mark in bare).split())


class Beginnings:
    """Names, ready to be found by the beginnings of their words."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names: list[str] = list(names)
        self.folded = [folded(name) for name in self.names]
        whole = sorted((text, place) for place, text in enumerate(self.folded) if text)
        words = sorted((word, place) for place, text in enumerate(self.folded) for word in set(text.split()))
        self._whole, self._whole_at = [text for text, _place in whole], [place for _text, place in whole]
        self._words, self._words_at = [word for word, _place in words], [place for _word, place in words]

    def __len__(self) -> int:
        return len(self.names)

    def find(self, typed: str, most: int = MOST) -> list[int]:
        """The places of names with a word that begins like each typed word: first those that begin like the whole."""
        wanted = folded(typed)
        if len(wanted.replace(" ", "")) < LEAST:
            return []
        first, last = _between(self._whole, wanted)
        found = dict.fromkeys(self._whole_at[first : min(last, first + most)])
        if len(found) < most:
            found.update(dict.fromkeys(self._by_words(wanted.split(), most)))
        return list(found)[:most]

    def _by_words(self, wanted: Sequence[str], most: int) -> list[int]:
        spans = sorted((_between(self._words, word) for word in set(wanted)), key=lambda span: span[1] - span[0])
        first, last = spans[0]
        near = self._words_at[first : min(last, first + MOST_LOOKED_AT)]
        fits = [place for place in near if all(_has(self.folded[place], word) for word in wanted)]
        return sorted(dict.fromkeys(fits), key=lambda place: (len(self.folded[place]), self.folded[place]))[:most]


def _between(ordered: Sequence[str], beginning: str) -> tuple[int, int]:
    return bisect_left(ordered, beginning), bisect_right(ordered, beginning + LAST)


def _has(text: str, beginning: str) -> bool:
    return text.startswith(beginning) or f" {beginning}" in text
