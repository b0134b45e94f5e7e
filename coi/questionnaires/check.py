"""The check of a form: every fault at once, each with its place and what to do; a form that passes can be published and filed."""

from collections.abc import Mapping
from typing import Any

from coi.questionnaires.judging import judge
from coi.questionnaires.problems import Findings, Problem
from coi.questionnaires.sense import Sense
from coi.questionnaires.sound import sound_part
from coi.questionnaires.structure import outline
from coi.questionnaires.wording import look_at_words
from coi.rules.form import Form


def check(content: Mapping[str, Any], path: str = "") -> list[Problem]:
    """Everything that is wrong with a form, errors first; `path` is the file's name."""
    findings = Findings(path)
    found = outline(content, findings)
    if found.questions:
        Sense(found, findings).judge(content)
    if findings.has_errors:
        findings.found += _never(content, findings)
    else:
        form = Form.from_content(content)
        judge(form, findings)
        look_at_words(form, findings)
    return sorted(findings.found, key=lambda problem: not problem.is_error)


def _never(content: Mapping[str, Any], before: Findings) -> list[Problem]:
    """What can never be in a form that has other faults, too: every fault is named in one run."""
    left = sound_part(content, before.found)
    if left is None:
        return []
    findings = Findings(before.file)
    judge(Form.from_content(left), findings)
    return [problem for problem in findings.found if problem.is_error]
