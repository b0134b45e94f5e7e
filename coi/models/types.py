"""Column kinds of this house: aware moments, words of the vocabulary, the number of an audit entry; refuses naive times."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from coi.rules.searching import UNMISTAKABLE as UNMISTAKABLE
from coi.vocabulary import Word


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], datetime | None] | None:
        """Straight from SQLite's text: this is called for every moment of a workbook."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class _Known(dict[str | None, Any]):
    """Each code's word."""

    def __missing__(self, code: str | None) -> Any:
        """Raises ValueError: a code that the vocabulary does not know."""
        raise ValueError(f"{code!r} is no word of this vocabulary")


class Code(TypeDecorator[Any]):
    """A word of the vocabulary, kept as its code; an unknown code on the way out raises ValueError."""

    impl = String(30)
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words
        self.known = _Known({None: None} | {word.value: word for word in words})

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        return self.known[value]

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any]:
        """One look-up and nothing around it: this is called for every word of a workbook."""
        return self.known.__getitem__


Id = Annotated[int, mapped_column(primary_key=True)]
Seq = Annotated[int, mapped_column(ForeignKey("audit_entries.seq"), index=True)]
MaybeSeq = Annotated[int | None, mapped_column(ForeignKey("audit_entries.seq"), index=True)]


def codes(words: type[Word], column: str) -> str:
    """The text of a CHECK that lets only the codes of `words` into `column`."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return f"{column} IN ({listed})"


def new_reference(prefix: str) -> str:
    """A random reference such as `COI-2026-7K3F9Q`: says nothing about how many there are."""
    return f"{prefix}-" + "".join(secrets.choice(UNMISTAKABLE) for _ in range(6))
