"""All reads of the people room: the list with its search, one person, roster imports, notes; changes nothing."""

from coi.rules.searching import search_text

__all__ = ["search_text"]
