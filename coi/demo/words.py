"""What changes in the made-up city while its year goes on: a policy's new words, a form put right, and one half written."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

# What is said at the end of a policy from this year on, and what somebody proposes to say from next year on.
ADDED = {
    "en": "## Gift cards and discounts\n\n- A gift card is cash: do not take one from who wants something from the City.\n"
    "- A discount that everybody gets is fine. One that is only for you is a gift.\n",
    "es": "## Tarjetas de regalo y descuentos\n\n- Una tarjeta de regalo es efectivo: no acepte ninguna de quien quiere algo de "
    "la Ciudad.\n- Un descuento que recibe todo el mundo está bien. Uno que es solo para usted es un regalo.\n",
}
PROPOSED = {
    "en": "## Programs that write\n\n- Check what a program wrote before it leaves your desk: it is your work.\n"
    "- Give no private data of the City to a program that the City has not approved.\n",
    "es": "## Programas que escriben\n\n- Revise lo que escribió un programa antes de entregarlo: es trabajo suyo.\n"
    "- No dé datos privados de la Ciudad a un programa que la Ciudad no haya aprobado.\n",
}
PUT_OTHERWISE = {
    "en": ("Asking first is always right.", "Ask before you accept, not after."),
    "es": ("Preguntar antes siempre está bien.", "Pregunte antes de aceptar, no después."),
}
HELP_OF_GIFTS = {
    "en": "Count a gift card that came by e-mail, too.",
    "es": "Cuente también una tarjeta de regalo que llegó por correo electrónico.",
}

# A form of the City's own that somebody has begun to write: the check finds what is missing.
HALF_WRITTEN = """\
form:
  id: volunteer-leave
  version: "1"
  title: {en: Leave to volunteer, es: Permiso para ser voluntario}
  visibility: restricted
  reporting_period: previous_calendar_year
  filer_attributes: {kind: [annual]}
sections:
  - id: work
    title: {en: Where you help, es: Dónde ayuda}
    questions:
      - id: helps
        title: {en: Do you want to help a group on City time?}
        type: yes_no
        required: true
      - id: groups
        title: {en: Tell us about each group, es: Cuéntenos de cada grupo}
        type: entries
        show_if: {q: help, is: "yes"}
        entries:
          item: {en: group, es: grupo}
          min: 1
          fields:
            - {id: org, title: {en: What is its name?, es: ¿Cómo se llama?}, type: text, required: true}
            - {id: hours, title: {en: How many hours a month?, es: ¿Cuántas horas al mes?}, type: choice, required: true}
"""


def said_newly(text: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """A policy's words in each language that it has, one sentence put otherwise and one part more."""
    said = {code: words.replace(*PUT_OTHERWISE[code]).rstrip() for code, words in text.items() if code in added}
    return {code: f"{words}\n\n{added[code]}" for code, words in said.items()}


def asks_about_gifts(content: Mapping[str, Any]) -> bool:
    """Whether a form has the question whose help is put right; a city's own form may not."""
    return any(one["id"] == "has_gifts" and "help" in one for section in content["sections"] for one in section["questions"])


def put_right(content: Mapping[str, Any]) -> dict[str, Any]:
    """A form with the help of one question made clearer, as the next version: nothing but words."""
    made = deepcopy(dict(content))
    made["form"]["version"] = f"{made['form']['version']}.1"
    asked = next(one for section in made["sections"] for one in section["questions"] if one["id"] == "has_gifts")
    asked["help"] = {code: f"{words} {HELP_OF_GIFTS[code]}" for code, words in asked["help"].items() if code in HELP_OF_GIFTS}
    return made
