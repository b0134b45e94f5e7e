"""Reads a form's file: YAML 1.2 (yes and no are text) where a key twice is an error; knows files, judges no form."""

from copy import deepcopy
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import YAMLError

from forms.base import unwritable

FORMS = Path(__file__).resolve().parent / "forms"
LARGEST = 2_000_000
MOST_NODES = 200_000
DEEPEST = 60
# What is larger is no number of a form, and no JSON: it stays as a text, which the check refuses where it stands.
LARGEST_NUMBER = 10**60


class FormFileFault(Exception):
    """A file that cannot be read as a form: the sentence says why and what to do."""


def read_form(path: Path) -> dict[str, Any]:
    """What a form's file holds, as plain data; raises FormFileFault for anything that is no YAML mapping."""
    try:
        if path.stat().st_size > LARGEST:
            raise FormFileFault(f"The file is larger than {LARGEST // 1_000_000} MB. A form is a text of some thousand lines.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FormFileFault(f"The file cannot be opened ({error.strerror}). Check its name.") from error
    except UnicodeDecodeError as error:
        raise FormFileFault(f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    return parse_form(text)


def parse_form(text: str) -> dict[str, Any]:
    """A form's text as plain data; raises FormFileFault."""
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Constructor = _Constructor
        content = yaml.load(StringIO(text))
    except DuplicateKeyError as error:
        raise FormFileFault(f"{_where(error)}A key stands twice ({error.problem}). Take one away.") from error
    except RecursionError as error:
        raise FormFileFault("The file nests itself too deeply. Write it flatter.") from error
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        # The parser trips over a tag on a value of another kind in its own ways.
        raise FormFileFault(f"{_where(error)}This is not YAML ({_problem(error)}). Correct the line.") from error
    if not isinstance(content, dict):
        raise FormFileFault("The file holds no form. It must be a mapping with the keys form and sections.")
    plain: dict[str, Any] = _Plain().made(content, 0)
    return plain


def shipped(name: str) -> dict[str, Any]:
    """A form that ships with the app, by its id (city-coi) or the name of its file; raises FormFileFault."""
    return deepcopy(_shipped(shipped_path(name)))


@lru_cache(maxsize=16)
def _shipped(path: Path) -> dict[str, Any]:
    """Read once: what ships with the app changes with the app alone."""
    return read_form(path)


def shipped_path(name: str) -> Path:
    """Where a shipped form lies: ids and file names differ in - and _ only."""
    for path in sorted(FORMS.glob("*.yaml")):
        if _letters(path.stem) == _letters(name):
            return path
    return FORMS / f"{name}.yaml"


def _letters(name: str) -> str:
    return name.replace("-", "").replace("_", "")


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"Line {mark.line + 1}: " if mark is not None else ""


def _problem(error: Exception) -> str:
    if not isinstance(error, YAMLError):
        return "a value is not what its tag or its letters say"
    return " ".join(str(getattr(error, "problem", None) or error).split())[:200]


class _Constructor(SafeConstructor):
    """Makes plain data; merges nothing: `<<` in `<<` in `<<` makes a small file take for ever."""

    def flatten_mapping(self, node: Any) -> Any:
        """A mapping as it stands; raises ConstructorError for one that merges another."""
        for key, _value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise ConstructorError(None, None, "<< merges are not part of the format: write the keys out", key.start_mark)
        return super().flatten_mapping(node)


class _Plain:
    """Turns what the parser made into JSON's own types; bounded, so that no alias blows a small file up."""

    def __init__(self) -> None:
        self.nodes = 0

    def made(self, node: Any, depth: int) -> Any:
        """The node as plain data."""
        self.nodes += 1
        if self.nodes > MOST_NODES or depth > DEEPEST:
            raise FormFileFault("The file repeats or nests itself too often. Write it without aliases.")
        if isinstance(node, dict):
            return {self.key(name): self.made(value, depth + 1) for name, value in node.items()}
        if isinstance(node, list | tuple):
            return [self.made(value, depth + 1) for value in node]
        if isinstance(node, date):
            return node.isoformat()
        if isinstance(node, str) and unwritable(node):
            raise FormFileFault(f"The text {node[:40]!r} holds a character that can't be kept. Type it anew.")
        if isinstance(node, int) and abs(node) >= LARGEST_NUMBER:
            return f"{node:#x}"
        if isinstance(node, set):
            # A set has no order, and the order of codes is that of the form.
            raise FormFileFault("The file holds a !!set, which has no order. Write a list.")
        if isinstance(node, bytes | float) and (isinstance(node, bytes) or node - node != 0):
            return str(node)
        return node

    @staticmethod
    def key(name: Any) -> str:
        """A key is text; another kind is refused, because its quotes were forgotten."""
        if not isinstance(name, str):
            raise FormFileFault(f"The key {name!r} is not text. Put it in quotes.")
        if unwritable(name, lines=False):
            raise FormFileFault(f"The key {name[:40]!r} holds a character that can't be kept. Type it anew.")
        return name
