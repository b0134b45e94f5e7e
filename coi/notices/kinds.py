"""What a kind of letter is, and the reasons why one comes; each ends the letter that it explains."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Words:
    """One kind of letter; `arguments` name the values that the link needs.

    `reminder`: about something due to its reader, stopped by filing. `mass`: leaves in work hours, at the city's pace, after
    the desk had it sent to itself. `spelled`: its address is for typing only, nothing in it can be pressed.
    """

    subject: Any
    paragraphs: tuple[Any, ...]
    why: Any
    endpoint: str = ""
    arguments: tuple[str, ...] = ()
    link_text: Any = ""
    reminder: bool = False
    mass: bool = False
    spelled: bool = False


FILED = _l("You get this letter because you filed a form.")
OFFICE = _l("You get this letter because you work for the ethics office.")
DUE = _l("You get this letter because the City asks you for a form each year.")
ROLE = _l("You get this letter because you watch over roles in this system.")
AUDITS = _l("You get this letter because you are an auditor in this system.")
ASIDE = _l("You get this letter because somebody whose work you lead or share stepped aside from a matter.")
CONDITION = _l("You get this letter because you keep or confirm a condition that the City laid down.")
HEAD = _l("You get this letter because you lead a department of the City.")
DESK = _l("You get this letter because you keep the yearly campaign going.")
ACCOUNT = _l("You get this letter because it is about your own account.")
LEADS = _l("You get this letter because somebody reports to you, or did.")
