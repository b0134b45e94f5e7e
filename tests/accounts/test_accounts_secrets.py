"""Passphrases: long enough, not what anybody tries first, not oneself; kept as argon2id, as costly as a city can bear."""

import unicodedata
from types import SimpleNamespace

import pytest

from coi.accounts.secrets import hash_fits, hash_passphrase, judge
from coi.errors import Refused


@pytest.fixture
def account(app):
    """Maria's account, as far as a passphrase is judged by it."""
    person = SimpleNamespace(
        name="María Fernández", number="0047110815", email="maria.fernandez@city.example", department="Parks"
    )
    return SimpleNamespace(person=person, email="maria.fernandez@city.example")


@pytest.mark.parametrize(
    "text",
    [
        "x" * 14,
        "short",
        "password1234567",
        "passwordpassword",
        "Correct horse battery staple",
        "123456789012345",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "Lancaster2026Lancaster",
        "CityOfLancaster2026!",
        "maria.fernandez@",
        "0047110815 0047110815",
        "María Fernández 2026",
        "x" * 201,
    ],
)
def test_what_anybody_would_try_is_refused_at_its_field(account, text):
    with pytest.raises(Refused) as refusal:
        judge(text, account)
    assert refusal.value.field == "passphrase"


@pytest.mark.parametrize(
    "text",
    [
        "granite lantern harbor",
        "tres gatos en la luna",
        "🐈 purple cats dance",
        "ni ni no no si si la lo le",
        "q" + "wz" * 4 + "kelpmora",
        "a" * 8 + "granite lantern" + "b" * 170,
    ],
)
def test_words_that_only_one_would_put_together_are_fine(account, text):
    assert judge(text, account) is None


def test_what_is_kept_is_argon2id_and_says_nothing():
    kept = hash_passphrase("granite lantern harbor 7")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "granite" not in kept


def test_two_keyboards_that_compose_letters_differently_type_the_same():
    kept = hash_passphrase(unicodedata.normalize("NFC", "canción de otoño 12"))
    assert hash_fits(kept, unicodedata.normalize("NFD", "canción de otoño 12"))


def test_the_end_of_a_long_passphrase_counts():
    kept = hash_passphrase("granite lantern " * 10 + "a")
    assert not hash_fits(kept, "granite lantern " * 10 + "b")


@pytest.mark.parametrize(("kept", "text"), [(None, "granite lantern"), ("no hash", "granite lantern"), (None, "x" * 10_000)])
def test_nothing_fits_nobody(kept, text):
    assert not hash_fits(kept, text)
