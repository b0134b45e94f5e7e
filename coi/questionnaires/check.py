"""The check of a form: every fault at once, each with its place and what to do; a form that passes can be published and filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One fault or warning: file, place in the file, and a sentence that says what to do."""

    file: str
    path: str
    text: str
    is_error: bool = True

    def __str__(self) -> str:
        kind = "" if self.is_error else "warning: "
        return f"{self.file}: {kind}{self.path}: {self.text}" if self.file else f"{kind}{self.path}: {self.text}"


def check(content: Mapping[str, Any], path: str = "") -> list[Problem]:
    """Everything that is wrong with a form, errors first."""
    return [] if content.get("form") else [Problem(path, "form", "is missing.")]
