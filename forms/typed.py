"""What people type for amounts and dates, evened out to what is kept; anything else stays as typed for the rules to judge."""

import re
from datetime import date

MONEY = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(?:USD|dollars|dólares)?", re.ASCII | re.IGNORECASE)
NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*%?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
WORDS = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:de\s+|del\s+)?(\d{4})", re.IGNORECASE)
DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|º|°)?\s+(?:of\s+|de\s+)?([^\W\d]+)\.?,?\s+(?:de\s+|del\s+)?(\d{4})", re.IGNORECASE
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}


def as_typed(kind: str, text: str) -> str:
    """The text as it is kept for a question of this type: `$1,250` becomes `1250`, `7/1/2025` becomes `2025-07-01`."""
    if kind == "money":
        return _plain(MONEY, text)
    if kind in ("number", "percent"):
        return _plain(NUMBER, text) if kind == "percent" or "%" not in text else text
    return _day(text) if kind == "date" else text


def _plain(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.fullmatch(text.strip())
    return found[1].replace(",", "") + (found[2] or "") if found else text


def _day(text: str) -> str:
    """A day as year-month-day; of two small numbers the first is the month, as on every form in the United States."""
    told = " ".join(text.split())
    if found := YEAR_FIRST.fullmatch(told):
        return _written(int(found[1]), int(found[2]), int(found[3])) or text
    if found := YEAR_LAST.fullmatch(told):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        month, day = (second, first) if first > 12 else (first, second)
        return _written(year, month, day) or text
    if found := WORDS.fullmatch(told):
        return _written(int(found[3]), MONTHS.get(found[1].casefold(), 0), int(found[2])) or text
    if found := DAY_FIRST.fullmatch(told):
        return _written(int(found[3]), MONTHS.get(found[2].casefold(), 0), int(found[1])) or text
    return text


def _written(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
