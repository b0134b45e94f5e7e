"""What a word of this house is: a stable code for the database, a free label for people; no list of them."""

from enum import StrEnum
from typing import Any, Self


class Word(StrEnum):
    """A code with the label that people read; the label is looked up in the reader's language when it is shown."""

    label: Any

    def __new__(cls, code: str, label: Any = "") -> Self:
        word = str.__new__(cls, code)
        word._value_ = code
        word.label = label or code
        return word

    @property
    def rank(self) -> int:
        """The place in the order of this list, from 0."""
        return list(type(self)).index(self)
