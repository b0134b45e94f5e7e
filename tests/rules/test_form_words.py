"""Titles with their placeholders, labels, visibility that is handed down."""

import pytest

from coi.rules.completeness import period, say
from coi.rules.form import day_in_words, humanised
from tests.rules.small_forms import HEAD, form, setting

SMALL = form("""
- id: a
  title: {en: "Over {line} or {share} since {since} in {city}?", es: "¿Más de {line} o {share} desde el {since} en {city}?"}
  type: yes_no
- id: l
  title: T
  type: entries
  visibility: confidential
  entries: {item: i, fields: [{id: x, title: T, type: text}, {id: y, title: T, type: text, visibility: internal}]}
- {id: open, title: T, type: text, visibility: public}
""")


def test_placeholders_say_the_amounts_and_the_first_day():
    title = SMALL.question("a").title
    assert say(title, "en", SMALL, setting()) == "Over $50 or 5% since January 1, 2025 in Smallville?"
    assert say(title, "es", SMALL, setting(year=2024)) == "¿Más de $100 o 5% desde el 1 de enero de 2024 en Smallville?"
    assert say("Plain", "es", SMALL, setting()) == "Plain"


@pytest.mark.parametrize(("amount", "words"), [("6500", "$6,500"), ("1299.5", "$1,299.50"), ("0", "$0")])
def test_money_is_said_as_in_the_united_states(amount, words):
    head = HEAD.replace("op: gte, amount: 50", f"op: gte, amount: {amount}")
    small = form('- {id: a, title: "{line}", type: yes_no}', head)
    assert say(small.question("a").title, "en", small, setting()) == words


def test_the_period_follows_the_kind_of_filing():
    from datetime import date

    head = HEAD.replace(
        "reporting_period: previous_calendar_year",
        "reporting_period:\n"
        "    - {for: {filer: kind, is: annual}, period: previous_calendar_year}\n"
        "    - {for: {not: {filer: kind, is: annual}}, period: last_12_months}",
    )
    small = form("- {id: a, title: T, type: yes_no}", head)
    assert period(small, setting(kind="annual")) == (date(2025, 1, 1), date(2025, 12, 31))
    assert period(small, setting(kind="gift")) == (date(2025, 3, 3), date(2026, 3, 2))
    assert day_in_words(period(small, setting())[0], "es") == "3 de marzo de 2025"


def test_visibility_is_handed_down():
    entries = SMALL.question("l").entries
    assert entries is not None
    assert (SMALL.question("a").visibility, SMALL.question("open").visibility) == ("restricted", "public")
    assert [field.visibility for field in entries.fields] == ["confidential", "internal"]


def test_a_code_without_label_shows_humanised():
    assert humanised("not_sure") == "Not sure"
    assert SMALL.label("not_sure", "es") == "Not sure"
