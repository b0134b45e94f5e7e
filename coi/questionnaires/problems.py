"""What a check finds: faults and warnings, each with file, place and what to do; and the plain questions about a node of data."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True)
class Problem:
    """One fault or warning: file, place in the file, and a sentence that says what to do."""

    file: str
    path: str
    text: str
    is_error: bool = True

    def __str__(self) -> str:
        place = f"{self.file}: {self.path}" if self.file else self.path
        return f"{place}: {'' if self.is_error else 'warning: '}{self.text}"


class Findings:
    """Collects problems; its questions about a node answer and write down what is wrong in one go."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    @property
    def has_errors(self) -> bool:
        """Whether anything found forbids publishing."""
        return any(problem.is_error for problem in self.found)

    def error(self, path: str, text: str) -> None:
        """Something that forbids publishing."""
        self.found.append(Problem(self.file, path, text))

    def warn(self, path: str, text: str) -> None:
        """Something to look at."""
        self.found.append(Problem(self.file, path, text, is_error=False))

    def mapping(self, node: Any, path: str, required: Collection[str], optional: Collection[str] = ()) -> bool:
        """A mapping with these keys and no others; what it has is looked at even where a key is missing."""
        if not isinstance(node, Mapping):
            self.error(path, f"must be a mapping with the keys {', '.join(required)}.")
            return False
        for key in node:
            if key not in required and key not in optional:
                known = ", ".join([*required, *optional])
                self.error(f"{path}.{key}" if path else str(key), f"this key is not known here. Use one of: {known}.")
        for key in required:
            if key not in node:
                self.error(path or "file", f"the key {key} is missing. Add it.")
        return True

    def items(self, node: Any, path: str, what: str, at_least: int = 1) -> Iterator[tuple[str, Any]]:
        """The items of a list with their paths, named by their id where they have one."""
        if not isinstance(node, list) or len(node) < at_least:
            self.error(path, f"must be a list of {what}{', with at least one' if at_least else ''}.")
            return
        for number, item in enumerate(node):
            name = item.get("id") if isinstance(item, Mapping) else None
            yield (f"{path}.{name}" if isinstance(name, str) and ID.fullmatch(name) else f"{path}[{number}]"), item

    def one_of(self, value: Any, path: str, allowed: Collection[str]) -> bool:
        """One of some words."""
        if isinstance(value, str) and value in allowed:
            return True
        self.error(path, f"{shown(value)} is not possible here. Use one of: {', '.join(allowed)}.")
        return False

    def flag(self, value: Any, path: str) -> bool:
        """true or false."""
        if not isinstance(value, bool):
            self.error(path, f"must be true or false, not {shown(value)}.")
        return value is True

    def id(self, value: Any, path: str) -> bool:
        """An id: letters, digits, _ and -."""
        if isinstance(value, str) and ID.fullmatch(value):
            return True
        self.error(path, f"{shown(value)} is no id. Use letters, digits, _ and -, at most 80, and quotes around a number.")
        return False

    def text(self, value: Any, path: str) -> bool:
        """A text that says something."""
        if isinstance(value, str) and value.strip():
            return True
        self.error(path, f"must be a text, not {shown(value)}. Put it in quotes.")
        return False

    def whole(self, value: Any, path: str, least: int, most: int) -> bool:
        """A whole number within bounds."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return True
        self.error(path, f"must be a whole number from {least} to {most}, not {shown(value)}.")
        return False

    def codes(self, node: Any, path: str) -> tuple[str, ...]:
        """A list of codes, each a text and none twice."""
        if not isinstance(node, list) or not node:
            self.error(path, "must be a list of codes, with at least one.")
            return ()
        kept: list[str] = []
        for number, code in enumerate(node):
            if not isinstance(code, str) or not code.strip():
                self.error(f"{path}[{number}]", f"a code is a text, not {shown(code)}. Put it in quotes.")
            elif code in kept:
                self.error(f"{path}[{number}]", f"the code {code} stands twice. Take one away.")
            else:
                kept.append(code)
        return tuple(kept)


def is_number(value: Any) -> bool:
    """A finite number that is no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value - value == 0


def shown(value: Any) -> str:
    """A value as an error says it, bounded."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else ("a mapping" if isinstance(value, Mapping) else str(value))
    return text if len(text) <= 60 else text[:57] + "…"
