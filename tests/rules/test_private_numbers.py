"""Which texts hold a number that nobody here needs, which only look so, and what a masked one shows."""

import pytest

from coi.rules.private_numbers import has_private_number, masked, private_numbers

CARD = "4111 1111 1111 1111"

HOLD = [
    ("078-05-1120", "•••-••-1120"),
    ("078 05 1120", "••• •• 1120"),
    ("078\u201105\u20111120", "•••\u2011••\u20111120"),
    ("078\u00a005\u00a01120.", "•••\u00a0••\u00a01120."),
    ("My number is 078-05-1120, please use it.", "My number is •••-••-1120, please use it."),
    ("(078-05-1120)", "(•••-••-1120)"),
    ("SSN:078-05-1120", "SSN:•••-••-1120"),
    ("SSN-078-05-1120", "SSN-•••-••-1120"),
    ("SSN 078051120", "SSN •••••1120"),
    ("social security number: 078051120", "social security number: •••••1120"),
    ("mi número de Seguro Social es 078051120", "mi número de Seguro Social es •••••1120"),
    ("078051120 is my S.S.N.", "•••••1120 is my S.S.N."),
    (CARD, "•••• •••• •••• 1111"),
    ("card 4111111111111111", "card ••••••••••••1111"),
    ("4111-1111-1111-1111 and 078-05-1120", "••••-••••-••••-1111 and •••-••-1120"),
    ("3782 822463 10005", "•••• •••••• •0005"),
    ("378282246310005", "•••••••••••0005"),
    ("my account 123456789013", "my account ••••••••9013"),
    ("mi cuenta bancaria 1234 5678 9013", "mi cuenta bancaria •••• •••• 9013"),
    ("Cuenta n.º 12345678", "Cuenta n.º ••••5678"),
    ("account number: 000123456", "account number: •••••3456"),
    ("número de cuenta 12345678901234", "número de cuenta ••••••••••1234"),
    ("on contract C-12 I gave my SSN 078-05-1120", "on contract C-12 I gave my SSN •••-••-1120"),
]
HOLD_NONE = [
    "",
    "2025-07-01",
    "2025-07-01 2025-12-31",
    "07/01/2025 to 12-31-2025",
    "20250701 20251231",
    "20250701123000",
    "717-555-1234",
    "(717) 555-1234",
    "717 555 1234 or 717 555 9876",
    "+1 717 555 1234, +52 55 1234 5678",
    "17601-1234",
    "EIN 12-3456789",
    "078051120",
    "employee number 078051120",
    "$123,456,789.00",
    "$1250000000 and 1250000000.50",
    "$4111111111111111",
    "Contract C-2025-00118",
    "Contract 078-05-1120",
    "contrato núm. 078-05-1120",
    "PO-078-05-1120",
    "C078-05-1120",
    "078-05-1120-A",
    "12078-05-11203",
    "purchase order 4111111111111111",
    "4111111111111112",
    "0000 0000 0000 0000",
    "A bank account at M&T since 2025-07-01",
    "Call about the account: 717-555-1234",
    "account manager, phone 7175551234",
    "the account of 2019 and the account of 2020",
    "parcel 336-12345-0-0000",
    "Social Security benefits of $12,345.67 since 2025",
    "COI-2026-7K3F9Q",
    "40.0379, -76.3055",
    "1.2.3.4 and 192.168.100.1",
]


@pytest.mark.parametrize(("text", "shown"), HOLD)
def test_a_number_that_nobody_needs_is_found_and_its_last_four_digits_stay(text, shown):
    assert has_private_number(text)
    assert masked(text) == shown


@pytest.mark.parametrize("text", HOLD_NONE)
def test_days_phones_contracts_and_money_raise_no_alarm(text):
    assert private_numbers(text) == []
    assert masked(text) == text


@pytest.mark.parametrize("odd", [None, 78051120, ["078-05-1120"], {"text": "078-05-1120"}])
def test_what_is_no_text_holds_none(odd):
    assert not has_private_number(odd)


def test_a_masked_text_holds_none_any_more():
    for text, _shown in HOLD:
        assert private_numbers(masked(text)) == [], text
