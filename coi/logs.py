"""What a log line may hold: one line for each event, as JSON, without a number of a person's; refuses values of statements."""

import logging
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from coi.rules.private_numbers import masked

LONGEST = 8_000  # a line must hold a traceback, and nobody's essay


def init_app() -> None:
    """Sets how lines are written by us, and by the libraries that log in Python's own way."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_numbers,
            structlog.processors.JSONRenderer(),
        ]
    )
    logging.setLogRecordFactory(_Record)


def without_numbers(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Every value of a line as text, masked and bounded; numbers, yes and no stay as they are."""
    for key, value in line.items():
        if not isinstance(value, bool | int | float | None):
            line[key] = masked(str(value))[:LONGEST]
    return line


class _Record(logging.LogRecord):
    """A line of a library's (the web server's, the worker's), with what was filled in, and why something broke, masked."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.exc_info and self.exc_info[0] is not None:
            # A formatter takes this text where there is one, and makes its own only where there is none.
            self.exc_text = masked("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802  # the name that Python's logging calls
        return masked(super().getMessage())
