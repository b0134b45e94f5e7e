"""One answer of each type: from what was sent to what is kept, or what is wrong with it; no answer, however odd, raises."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

LONGEST = {"text": 500, "address": 500, "longtext": 10_000}
DECIMALS = {"money": 2, "number": 4, "percent": 4}
MOST_ENTRIES = 200
DIGITS = 12
HIGHEST_PERCENT = Decimal(1000)
FIRST_YEAR, LAST_YEAR = 1900, 2100
ALONE = ("none", "none_of_these", "not_sure")
SAYS_NONE = frozenset({"none", "no", "na", "nada", "ninguno", "ninguna", "notapplicable"})

SPACES = " \t\r\n\u00a0\u200b\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u1680"
NEVER = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINES = re.compile(r"[\n\u2028\u2029]")
PLAIN_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,40})?")
PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an answer: a code, and the values that its words name."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


class Asked(Protocol):
    """What reading an answer needs to know of its question."""

    @property
    def type(self) -> str:
        """The type of the question."""
        ...

    @property
    def choices(self) -> tuple[str, ...]:
        """Its codes, in the order of the form."""
        ...

    @property
    def keeps_home(self) -> bool:
        """Whether the answer says if an address is a home."""
        ...


def is_blank(raw: Any) -> bool:
    """Left out, null, "", [], or only spaces."""
    return raw is None or raw == [] or raw == () or (isinstance(raw, str) and not raw.strip(SPACES))


def read(asked: Asked, raw: Any) -> Any:
    """What is kept of an answer: None when blank, Wrong when it is none of the form's; lists are read elsewhere."""
    if is_blank(raw):
        return None
    return READERS[asked.type](asked, raw)


def says_none(text: str) -> bool:
    """Whether a text says only none, no, n/a, nada …: only letters and digits are compared, without case."""
    plain = "".join(letter for letter in text.casefold() if letter.isalnum())
    return plain in SAYS_NONE


def tidy(raw: Any, longest: int, lines: bool) -> str | Wrong:
    """A text as it is kept: NFC, LF, trimmed."""
    if not isinstance(raw, str):
        return Wrong("not_text")
    if len(raw) > 20 * longest:
        return Wrong("too_long", {"most": longest, "count": len(raw)})
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip(SPACES)
    if NEVER.search(text):
        return Wrong("not_printable")
    text = unicodedata.normalize("NFC", text)
    if not lines and LINES.search(text):
        return Wrong("one_line")
    if len(text) > longest:
        return Wrong("too_long", {"most": longest, "count": len(text)})
    return text


def _text(asked: Asked, raw: Any) -> Any:
    return tidy(raw, LONGEST[asked.type], lines=asked.type != "text")


def _address(asked: Asked, raw: Any) -> Any:
    if not asked.keeps_home:
        return _text(asked, raw)
    home = "yes"
    if isinstance(raw, dict):
        if set(raw) != {"text", "home"} or raw["home"] not in ("yes", "no"):
            return Wrong("not_address")
        home, raw = raw["home"], raw["text"]
        if is_blank(raw):
            return None
    text = _text(asked, raw)
    return text if isinstance(text, Wrong) else {"text": text, "home": home}


def _yes_no(_asked: Asked, raw: Any) -> Any:
    return raw if isinstance(raw, str) and raw in ("yes", "no") else Wrong("not_yes_no")


def _attest(_asked: Asked, raw: Any) -> Any:
    return raw if isinstance(raw, str) and raw == "yes" else Wrong("not_agreed")


def _choice(asked: Asked, raw: Any) -> Any:
    return raw if isinstance(raw, str) and raw in asked.choices else Wrong("not_a_choice")


def _multi(asked: Asked, raw: Any) -> Any:
    if not isinstance(raw, list | tuple):
        return Wrong("not_a_choice")
    if not all(isinstance(code, str) and code in asked.choices for code in raw[: len(asked.choices) * 100]):
        return Wrong("not_a_choice")
    if len(raw) > len(asked.choices) * 100:
        return Wrong("not_a_choice")
    kept = [code for code in asked.choices if code in raw]
    alone = [code for code in kept if code in ALONE]
    if alone and len(kept) > 1:
        return Wrong("not_together", {"code": alone[0]})
    return kept


def _date(_asked: Asked, raw: Any) -> Any:
    if not isinstance(raw, str) or not PLAIN_DATE.fullmatch(raw):
        return Wrong("not_a_date")
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return Wrong("not_a_date")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Wrong("date_range", {"first": FIRST_YEAR, "last": LAST_YEAR})
    return raw


def _number(asked: Asked, raw: Any) -> Any:
    number = as_decimal(raw)
    if isinstance(number, Wrong):
        return number
    places = DECIMALS[asked.type]
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        return Wrong("decimals", {"places": places})
    if asked.type == "percent" and number > HIGHEST_PERCENT:
        return Wrong("percent_range", {"most": int(HIGHEST_PERCENT)})
    if asked.type == "money":
        return f"{number:.2f}"
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def as_decimal(raw: Any) -> Decimal | Wrong:
    """A JSON number or plain text as an exact number that is not negative and has at most twelve digits before the point."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return Wrong("not_a_number")
    if isinstance(raw, str):
        return Decimal(raw) if PLAIN_NUMBER.fullmatch(raw) else _why_not(raw[:100])
    if isinstance(raw, int):
        return _bounded(raw)
    try:
        number = Decimal(repr(raw)) if isinstance(raw, float) else raw
        return _bounded(number) if number.is_finite() else Wrong("not_a_number")
    except InvalidOperation:
        return Wrong("not_a_number")


def _why_not(text: str) -> Wrong:
    """What a text that is no plain number looks like, so that its fault says what to do."""
    if re.fullmatch(r"-[0-9]+(\.[0-9]*)?", text):
        return Wrong("negative")
    return Wrong("too_big" if re.fullmatch(r"[0-9]{13,}(\.[0-9]*)?", text) else "not_a_number")


def _bounded(number: int | Decimal) -> Decimal | Wrong:
    if number < 0:
        return Wrong("negative")
    if number >= 10**DIGITS:
        return Wrong("too_big")
    exact = Decimal(number)
    # 1250.0 is 1250: zeros at the end of a JSON number are the writer's, not the person's.
    return exact.normalize() if exact else Decimal(0)


READERS: dict[str, Callable[[Asked, Any], Any]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "multi": _multi,
    "text": _text,
    "longtext": _text,
    "address": _address,
    "date": _date,
    "money": _number,
    "number": _number,
    "percent": _number,
    "attest": _attest,
}
