"""Reads the text of a form that is being written: its data, the compiled form, everything wrong with it; gives its text back."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from threading import Lock
from typing import Any

from ruamel.yaml import YAML

from coi.audit.chain import canonical_json, sha256
from coi.profiles.check import from_group
from coi.profiles.current import current_profile
from coi.profiles.forms import faults as profile_faults
from coi.questionnaires.check import check
from coi.questionnaires.loading import FormFileFault, parse_form
from coi.questionnaires.problems import Problem
from coi.rules.form import Form

# A form of two hundred questions in two languages is a tenth of this; reading goes by some hundred thousand letters a second.
LONGEST = 500_000
MOST_KEPT = 16
_kept: "OrderedDict[str, Any]" = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Written:
    """What a text says: `content` when it could be read, `form` when it has no error; every problem in any case."""

    problems: tuple[Problem, ...]
    content: dict[str, Any] | None = None
    form: Form | None = None

    @property
    def errors(self) -> list[Problem]:
        """What forbids publishing."""
        return [problem for problem in self.problems if problem.is_error]

    @property
    def warnings(self) -> list[Problem]:
        """What to look at."""
        return [problem for problem in self.problems if not problem.is_error]

    @property
    def form_id(self) -> str:
        """The form's id as far as it can be read, else nothing."""
        return self._head("id")[:80]

    @property
    def version(self) -> str:
        """The name that the form gives its version."""
        return self._head("version")[:200]

    def _head(self, name: str) -> str:
        head = self.content.get("form") if self.content else None
        told = head.get(name) if isinstance(head, Mapping) else None
        return str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""


def read(text: str) -> Written:
    """Everything that a text says; the same text again is found, not worked out."""
    found: Written = _once(f"text\n{text}", lambda: _read(text))
    return found


def errors_of(content: Mapping[str, Any]) -> list[Problem]:
    """What forbids publishing a form's data; asked when somebody asks for it and again when a second person lets it go."""
    found: list[Problem] = _once(
        f"data\n{canonical_json(dict(content))}", lambda: [problem for problem in judged(content) if problem.is_error]
    )
    return found


def _once(what: str, work_out: Callable[[], Any]) -> Any:
    """What was worked out for the same words under the same profile, or is now; the newest few are kept."""
    profile = current_profile()
    key = sha256(f"{sorted(profile.desks)} {sorted(from_group(profile))}\n{what}")
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = work_out()
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _read(text: str) -> Written:
    try:
        content = parse_form(text)
    except FormFileFault as fault:
        return Written((Problem("", "file", str(fault)),))
    problems = judged(content)
    sound = not any(problem.is_error for problem in problems)
    return Written(tuple(problems), content, Form.from_content(content) if sound else None)


def judged(content: Mapping[str, Any]) -> list[Problem]:
    """The check, and where it finds no error also what the city's profile lacks for this form."""
    problems = check(content)
    if any(problem.is_error for problem in problems):
        return problems
    return [*(Problem("", "profile", told) for told in profile_faults(current_profile(), content)), *problems]


def digest(content: Mapping[str, Any]) -> str:
    """The hash under which a form's data is published."""
    return sha256(canonical_json(dict(content)))


def as_text(content: Mapping[str, Any]) -> str:
    """A form's data as YAML 1.2, to be edited and read again; the words keep their letters, the keys their order."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 140
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # ruamel types it as always True
    out = StringIO()
    yaml.dump(dict(content), out)
    return out.getvalue()
