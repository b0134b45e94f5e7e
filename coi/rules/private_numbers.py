"""Numbers that nobody here needs: a Social Security number, an account or card number in a text; finds and masks them, pure."""

import re
from collections.abc import Iterator

MARK = "•"
# Hyphens and blanks as word processors and phones write them.
SEPARATOR = "[-\u2010-\u2015 \u00a0\u202f]"
SAYS_SOCIAL = re.compile(
    r"(?<!\w)(?:ssn|ss\s?#|s\.\s?s\.\s?n\.?|itin|social\s+sec(?:urity)?|n[uú]mero\s+social|seguro\s+social)(?!\w)", re.IGNORECASE
)
THREE_TWO_FOUR = re.compile(rf"(?<!\d)\d{{3}}{SEPARATOR}\d{{2}}{SEPARATOR}\d{{4}}(?!\d)", re.ASCII)
NINE = re.compile(r"(?<![\d.,$-])\d{9}(?![\d-]|[.,]\d)", re.ASCII)
# As cards print them: 4-4-4-4 and longer, 4-6-5, 4-6-4, or without a gap.
CARD = re.compile(
    r"(?<![\w.,$-])(?:\d{12,19}"
    rf"|\d{{4}}({SEPARATOR})\d{{4}}\1\d{{4}}(?:\1\d{{1,4}}){{0,2}}"
    rf"|\d{{4}}({SEPARATOR})\d{{6}}\2\d{{4,5}})(?![\w-]|[.,]\d)",
    re.ASCII,
)
OF_AN_ACCOUNT = re.compile(
    rf"(?<!\w)(?:account|acct|cuenta|cta)(?!\w)[^\d\n$]{{0,40}}?(\d{{2,}}(?:{SEPARATOR}\d{{2,}})*)(?![\w-]|[.,]\d)",
    re.IGNORECASE | re.ASCII,
)
# Said to be the account's number, a shorter one is one, too; a phone number has 10 digits and is no such thing without the word.
NUMBER_OF_AN_ACCOUNT = re.compile(
    r"(?<!\w)(?:(?:account|acct\.?|cuenta|cta\.?)\s*(?:number|no\.?|num\.?|n[uú]mero|n\.?\s?[º°]|#)"
    r"|n[uú]mero\s+de\s+(?:la\s+|mi\s+)?cuenta)[\s:=]*(?:(?:is|es)\s+)?(\d{7,19})(?![\w-]|[.,]\d)",
    re.IGNORECASE | re.ASCII,
)
# What such a number stands beside when it is a paper's and nobody's own.
OF_A_PAPER = re.compile(
    r"(?<!\w)(?:contract|contrato|agreement|convenio|purchase\s+order|orden\s+de\s+compra|p\.?o\.?|invoice|factura|permit|permiso"
    r"|parcel|parcela|case|caso|bid|rfp|docket|expediente|tracking|reference|referencia)(?!\w)"
    r"(?:\s*(?:no|num|n[uú]m|n)\.)?[^\d.;\n]{0,20}$",
    re.IGNORECASE,
)
PHONE_OR_DAY = re.compile(rf"(?:19|20)\d\d{SEPARATOR}[01]\d{SEPARATOR}[0-3]\d|\d{{3}}{SEPARATOR}\d{{3}}{SEPARATOR}\d{{4}}")
SHORTEST, LONGEST = 12, 19


def private_numbers(text: str) -> list[tuple[int, int]]:
    """Where such numbers stand in a text, as (start, end), in order and apart from each other; odd values have none."""
    found: list[tuple[int, int]] = []
    for start, end in sorted({*_social(text), *_accounts(text)}) if isinstance(text, str) else ():
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def has_private_number(text: object) -> bool:
    """Whether a text holds one; anything but text holds none."""
    return isinstance(text, str) and bool(private_numbers(text))


def masked(text: str) -> str:
    """The text with every digit of such a number but the last four as •; everything else as it was."""
    for start, end in reversed(private_numbers(text)):
        told = text[start:end]
        last = len(told) - 4
        text = text[:start] + re.sub(r"\d", MARK, told[:last]) + told[last:] + text[end:]
    return text


def _social(text: str) -> Iterator[tuple[int, int]]:
    says = SAYS_SOCIAL.search(text) is not None
    for hit in THREE_TWO_FOUR.finditer(text):
        before, after = _before(text, hit), text[hit.end() : hit.end() + 2]
        word = re.search(r"[\w.,$/#-]+$", before)
        own = word is None or SAYS_SOCIAL.search(word[0].rstrip("-#:,./")) is not None or word[0][-1] in ",#/" or word[0] == "."
        longer = re.match(rf"{SEPARATOR}?\d|-\w|[.,]\d", after) is not None
        if own and not (longer and not says) and (says or not OF_A_PAPER.search(before)):
            yield hit.span()
    if says:
        yield from (hit.span() for hit in NINE.finditer(text))


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    for hit in CARD.finditer(text):
        digits = re.sub(r"\D", "", hit[0])
        if _check_digit_fits(digits) and not OF_A_PAPER.search(_before(text, hit)):
            yield hit.span()
    for hit in OF_AN_ACCOUNT.finditer(text):
        if SHORTEST <= len(re.sub(r"\D", "", hit[1])) <= LONGEST and not PHONE_OR_DAY.search(hit[1]):
            yield hit.span(1)
    yield from (hit.span(1) for hit in NUMBER_OF_AN_ACCOUNT.finditer(text))


def _before(text: str, hit: re.Match[str]) -> str:
    """The words just before a number; far ones say nothing about it."""
    return text[max(0, hit.start() - 60) : hit.start()]


def _check_digit_fits(digits: str) -> bool:
    """Luhn's sum, which every card number carries."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return set(digits) != {"0"} and sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
