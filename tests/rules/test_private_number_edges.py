"""The edges of numbers that nobody needs: how short, how long, what stands before, and two that share digits."""

import pytest

from coi.rules.private_numbers import has_private_number, masked, private_numbers

HELD = [
    "account 1234567890123456789",
    "account number 1234567",
    "SSN 078-05-1120-1",
    "Anna,078-05-1120",
    "mine/078-05-1120",
    "#078-05-1120",
    ".078-05-1120",
    "on contract 078-05-1120 is my SSN",
    "411111111117",
    "4111111111111111110",
]
NOT_HELD = [
    "account 12345678901",
    "account 12345678901234567890",
    "account number 123456",
    "078-05-1120-1",
    "orden de compra 078-05-1120",
    "the account, 2025-07-01 2025-12-31",
    "the account: 717-555-1234 717-555-9876",
    "invoice 411111111117",
    "000000000000",
]


@pytest.mark.parametrize("text", HELD)
def test_it_is_found(text):
    assert has_private_number(text)


@pytest.mark.parametrize("text", NOT_HELD)
def test_it_is_not_taken_for_one(text):
    assert private_numbers(text) == []


def test_two_that_share_digits_are_one():
    text = "account 123 078-05-1120"
    assert private_numbers(text) == [(8, 23)]
    assert masked(text) == "account ••• •••-••-1120"
