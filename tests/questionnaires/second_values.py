"""The table of answers in FORMAT.md a second time, for tests alone: what is kept of one answer, and what conditions see of it."""

import math
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

LENGTHS = {"text": 500, "address": 500, "longtext": 10_000}
PLACES = {"money": 2, "number": 4, "percent": 4}
EXCLUDING = {"none", "none_of_these", "not_sure"}
NONES = {"none", "no", "na", "nada", "ninguno", "ninguna", "notapplicable"}
SPACE = " \t\r\n\u00a0\u200b\u3000\u2003"
WRONG = (None, None)


def blank(ask: dict, raw: Any) -> bool:
    """Left out, null, "", [], or only spaces; of an address with its home, a blank text."""
    if isinstance(raw, dict) and at_home(ask) and set(raw) == {"text", "home"} and raw["home"] in ("yes", "no"):
        raw = raw["text"]
    return raw is None or (isinstance(raw, str | list) and len(raw) == 0) or (isinstance(raw, str) and raw.strip(SPACE) == "")


def at_home(ask: dict) -> bool:
    """An address that is itself marked redact_if_home."""
    return bool(ask["type"] == "address" and ask.get("visibility") == "redact_if_home")


def says_none(text: str) -> bool:
    """Only none, no, n/a and the like."""
    return re.sub(r"[\W_]+", "", text).casefold() in NONES


def kept_and_seen(ask: dict, raw: Any, codes: list[str]) -> tuple[Any, Any]:
    """What is kept, and what conditions see; two times None for a wrong value."""
    kind = ask["type"]
    if kind in ("yes_no", "attest", "choice"):
        allowed = {"yes_no": ["yes", "no"], "attest": ["yes"]}.get(kind, codes)
        return (raw, raw) if isinstance(raw, str) and raw in allowed else WRONG
    if kind == "multi":
        return _multi(raw, codes)
    if kind == "date":
        return _date(raw)
    if kind in PLACES:
        return _number(kind, raw)
    if at_home(ask):
        home = "yes"
        if isinstance(raw, dict):
            if set(raw) != {"text", "home"} or raw["home"] not in ("yes", "no"):
                return WRONG
            raw, home = raw["text"], raw["home"]
        text = _text(kind, raw)
        return WRONG if text is None else ({"text": text, "home": home}, text)
    text = _text(kind, raw)
    return text, text


def _multi(raw: Any, codes: list[str]) -> tuple[Any, Any]:
    if not isinstance(raw, list) or any(not isinstance(one, str) or one not in codes for one in raw):
        return WRONG
    kept = sorted(set(raw), key=codes.index)
    if len(kept) > 1 and EXCLUDING & set(kept):
        return WRONG
    return kept, kept


def _date(raw: Any) -> tuple[Any, Any]:
    if not isinstance(raw, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        return WRONG
    year, month, day = map(int, raw.split("-"))
    try:
        date(year, month, day)
    except ValueError:
        return WRONG
    return (raw, raw) if 1900 <= year <= 2100 else WRONG


def _number(kind: str, raw: Any) -> tuple[Any, Any]:
    if isinstance(raw, str):
        found = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]+))?", raw)
        if found is None or len(found[2] or "") > PLACES[kind]:
            return WRONG
    elif isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or not 0 <= raw < 10**12:
        return WRONG
    number = Decimal(str(raw))
    scaled = number.scaleb(PLACES[kind])
    if scaled != scaled.to_integral_value() or (kind == "percent" and number > 1000):
        return WRONG
    if kind == "money":
        return f"{number:.2f}", number
    whole, _point, rest = f"{number:f}".partition(".")
    rest = rest.rstrip("0")
    return f"{int(whole)}{'.' + rest if rest else ''}", number


def _text(kind: str, raw: Any) -> Any:
    if not isinstance(raw, str):
        return None
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip(SPACE)
    for one in text:
        if one == "\n" and kind == "text":
            return None
        if one != "\n" and (unicodedata.category(one) in ("Cc", "Cs") or one in "\ufffe\uffff"):
            return None
    return text if len(text) <= LENGTHS[kind] else None
