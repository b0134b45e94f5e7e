"""Reads the house's own files: every check takes text and answers with what is wrong, so that a bad text can prove it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".venv",
    ".git",
    "node_modules",
    "var",
    "built",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}
LONGEST = 400
# Opened by double click on an auditor's own computer: one file by its nature, in parts that are numbered.
ONE_FILE = {"coi/exports/verify.html"}
# The gate for requests; commands and jobs through coi.db.transaction; nobody else.
MAY_COMMIT = {"coi/gate.py", "coi/db.py"}
MAY_OPEN_TRANSACTIONS = {
    "coi/cli.py",
    "coi/db.py",
    "coi/gate.py",
    "coi/setting_up.py",
    "coi/worker.py",
    "coi/notices/sweep.py",
    "coi/campaigns/reminders.py",
    "coi/audit/actions.py",
    "coi/review/sweep.py",
    "coi/workload/digests.py",
    "coi/workload/reminders.py",
    "coi/duties/sweep.py",
    "coi/records/sweep.py",
    "coi/plans/sweep.py",
    "coi/serve.py",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_utils", "stuff"}


def files(*suffixes: str, under: str = "") -> Iterator[Path]:
    """Every file of ours with one of these suffixes."""
    for path in sorted((ROOT / under).rglob("*") if (ROOT / under).is_dir() else []):
        if path.suffix in suffixes and path.is_file() and not NOT_OURS & set(path.relative_to(ROOT).parts):
            yield path


def inside(path: Path) -> str:
    """The path as the house says it."""
    return path.relative_to(ROOT).as_posix()


def commits(text: str) -> list[int]:
    """Lines that commit a session or a connection."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def opens_transactions(text: str) -> list[int]:
    """Lines that open a writing transaction of their own."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "transaction"
    ]


def _is_other_word(value: ast.AST | None) -> bool:
    """`RequestState.APPROVED` and `JobState.DONE` are the state of other things than filings."""
    return (
        isinstance(value, ast.Attribute)
        and isinstance(value.value, ast.Name)
        and value.value.id in ("RequestState", "JobState", "ExportState")
    )


def moves_by_hand(text: str) -> list[int]:
    """Lines that give a filing a state: an assignment, setattr, a bulk update, or a row born in another state than draft."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            plain = [one for target in targets for one in (target.elts if isinstance(target, ast.Tuple) else [target])]
            values = node.value.elts if isinstance(node.value, ast.Tuple) and len(plain) > 1 else [node.value] * len(plain)
            for target, value in zip(plain, values, strict=False):
                if isinstance(target, ast.Attribute) and target.attr == "state" and not _is_other_word(value):
                    found.append(node.lineno)
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if (
                name == "setattr"
                and len(node.args) > 1
                and isinstance(node.args[1], ast.Constant)
                and node.args[1].value == "state"
            ):
                found.append(node.lineno)
            for word in node.keywords:
                born_a_draft = isinstance(word.value, ast.Attribute) and word.value.attr == "DRAFT"
                if (
                    word.arg == "state"
                    and name in ("values", "Disclosure")
                    and not _is_other_word(word.value)
                    and not born_a_draft
                ):
                    found.append(node.lineno)
    return found


def asks_the_clock(text: str) -> list[int]:
    """Lines that take the time from the air."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            (
                node.func.attr in ("now", "today", "utcnow")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("datetime", "date")
            )
            or (node.func.attr == "time" and isinstance(node.func.value, ast.Name) and node.func.value.id == "time")
        )
    ]


def no_opening_sentence(text: str) -> bool:
    """Whether a module that holds anything does not open with a sentence."""
    tree = ast.parse(text)
    opening = ast.get_docstring(tree) or ""
    return bool(tree.body) and not opening.split("\n\n")[0].rstrip().endswith((".", ":"))


def bare_exemptions(text: str) -> list[int]:
    """Lines that switch a check off without a reason on the line."""
    mark = re.compile(r"#\s*(noqa|type:\s*ignore|nosec)\b(?P<rest>.*)$")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        hit = mark.search(line)
        if hit and not re.search(r"#\s*\w+(\W+\w+)+|:\s+\w+(\W+\w+){2,}|\s\w+\d+: \w+", hit["rest"]):
            found.append(number)
    return found


def unfinished(text: str) -> list[int]:
    """Lines that promise instead of doing."""
    mark = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b")
    return [number for number, line in enumerate(text.splitlines(), 1) if mark.search(line)]


def machine_paths(text: str) -> list[int]:
    """Lines that name a folder of somebody's machine."""
    mark = re.compile(r"(?<![\w.])/(work|farm|home|root|Users|tmp/bash_jobs)/")
    return [number for number, line in enumerate(text.splitlines(), 1) if mark.search(line)]


def skipped(text: str) -> list[int]:
    """Lines of a test that skip it, or expect it to fail."""
    mark = re.compile(r"pytest\.(skip|mark\.skip|mark\.xfail|importor" r"skip)")
    return [number for number, line in enumerate(text.splitlines(), 1) if mark.search(line)]


def asserts_nothing(text: str) -> list[str]:
    """Tests that hold nothing up."""
    words = ("assert", "raises", "expect", "check", "refuse", "should", "fail")
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not any(word in ast.unparse(node) for word in words)
    ]


def inline_in(template: str) -> list[str]:
    """Script, style and handlers inside a page: a strict policy would not run them."""
    plain = re.sub(r"\{#.*?#\}|<!--.*?-->", "", template, flags=re.S)
    marks = {
        "inline script": r"<script\b(?![^>]*\bsrc=)",
        "inline style": r"<style\b|<[a-z][^>]*\sstyle\s*=",
        "inline handler": r"<[a-z][^>]*\son[a-z]+\s*=",
        "script url": r"javascript:",
        "other site": r"""(?:src|action)\s*=\s*["']https?:""",
    }
    return [name for name, mark in marks.items() if re.search(mark, plain, flags=re.I)]


def unescaped_in(template: str) -> list[int]:
    """Lines of a template that let text through as markup."""
    mark = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    return [number for number, line in enumerate(template.splitlines(), 1) if mark.search(line)]
