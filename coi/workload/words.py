"""The words of ages and of counts, in the reader's language; counts nothing."""

from flask_babel import gettext as _


def age_in_words(band: str) -> str:
    """A band of age: `0-5` in words, in business days."""
    first, _dash, last = band.partition("-")
    return _("%(first)s to %(last)s", first=first, last=last) if last else _("more than %(days)s", days=int(first) - 1)
